"""Words as a page says them: the commands and options that services name are fields there; names of papers."""

from __future__ import annotations

import re

from pipeline.core.done_days import Source
from pipeline.core.doubts import Reason
from pipeline.dossier.life.attestation_words import month_name

# What follows the word « liasse » in a command; the liasse itself is what most sentences speak of.
COMMANDS = (
    "amend|approve|archive|attest|backup|batch|bilan|blank|check|close|confirm|discard|doctor|dossier|due|"
    "erase|evaluate|export|fetch|formation|forms|init|invite|join|note|override|presence|purge|read|recover|regenerate|"
    "reopen|restore|retry|review|run|serve|setup|show|signed|status|templates|user|watch|worker"
)
_NAMED = rf"liasse (?:{COMMANDS})\b"
_COMMAND = re.compile(rf"\s*(?:\(?{_NAMED}[^().»]*\)?)[.,]?")
_CODE = re.compile(rf"\b(?:{'|'.join(Reason)})\s?: ")  # of a doubt, before the words that say the same
_EMPTY = re.compile(r" ?«\s*»")
_WITHIN = re.compile(rf"\s*\({_NAMED}[^()]*\)")
_QUOTED = re.compile(rf"\s*« {_NAMED}[^»]*»(?: (?:dit|donne|nomme) [^.\n]*\.)?")
_WHOLE = re.compile(rf"\s*{_NAMED} [^»\n]*?--by NOM(?: --reason MOTIF)?\.?")
# What is said otherwise where there are fields.
_HERE = (
    (
        re.compile(r"\s*liasse amend [^»\n]* le note, ou --refuse\."),
        " Il se donne sous « Modifications de la convention ».",
    ),
    (re.compile(r"Donnez son nom \(--by\), ou dites (.*?) \(--reason\)"), r"Dites sous « Motif » \1"),
    (re.compile(r"dans inbox/"), "sur la page « Dossiers »"),
    (re.compile(r" \(--(?:on|role)\)"), ""),  # the field stands there
)
_LED = re.compile(r"(?<=:)\.?[ \xa0\u202f]*$", re.MULTILINE)  # a command stood there
_OPTIONS = {
    "--accept": "l’avis favorable",
    "--by": "votre nom",
    "--completion": "le certificat de réalisation",
    "--correct": "« le jour noté avant était faux »",
    "--end": "celles de la fin",
    "--from": "le jour d’effet",
    "--lift": "« lever »",
    "--month": "le mois",
    "--motive": "la sorte de motif",
    "--on": "le jour",
    "--paid-as-agreed": "« versée comme convenu »",
    "--paid": "la gratification versée",
    "--present-as-planned": "« comme prévu »",
    "--reason": "le motif",
    "--role": "qui a signé",
    "--text": "ce qui fut dit",
}
_OPTION = re.compile("|".join(f"{one}(?![a-z-])" for one in _OPTIONS))
_PAPERS = {  # as their files are called; the longest first
    "attestation-de-presence": "attestation de présence",
    "certificat-de-realisation": "certificat de réalisation",
    "attestation-de-stage": "attestation de stage",
    "feuille-d-emargement": "feuille d’émargement",
    "questionnaire": "questionnaire",
    "evaluation": "évaluation",
    "annexe-1": "annexe 1",
    "avenant": "avenant",
}
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_SOURCES = {
    Source.TOLD.value: "une personne",
    Source.SHEET.value: "la feuille signée",
    Source.PLANNED.value: "comme prévu",
}


def paper_word(name: str) -> str:
    """The name of a paper in plain French: « attestation de présence, avril 2025 » for its code."""
    stem = next((one for one in _PAPERS if name == one or name.startswith(f"{one}-")), "")
    if not stem:
        return name
    key = name[len(stem) + 1 :]
    said = f", {month_name(key)}" if _MONTH.fullmatch(key) else f" {key}"
    return f"{_PAPERS[stem]}{said}".strip()


def source_word(source: str) -> str:
    """Who says what a day was."""
    return _SOURCES.get(source, source)


def without_command(message: str) -> str:
    """A message without the command that it names, for which a button stands, and without codes of doubts."""
    return _EMPTY.sub("", _CODE.sub("", _COMMAND.sub("", message))).replace(" ()", "").strip()


def for_page(message: str) -> str:
    """A message without commands, and with the names of the page's fields where it names options of the command."""
    said = message
    for found, instead in _HERE:
        said = found.sub(instead, said)
    for one in (_WITHIN, _QUOTED, _WHOLE):
        said = one.sub("", said)
    said = _LED.sub(" voyez les formulaires de cette page.", without_command(said))
    return _OPTION.sub(lambda found: _OPTIONS[found[0]], said)
