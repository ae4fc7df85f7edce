"""Messages of services as a page says them: the commands and options that they name are buttons and fields there."""

from __future__ import annotations

import re

# What follows the word « liasse » in a command; the liasse itself is what most sentences speak of.
COMMANDS = (
    "amend|approve|archive|attest|backup|batch|bilan|blank|check|close|confirm|discard|doctor|dossier|due|"
    "erase|evaluate|export|fetch|formation|forms|init|invite|join|note|override|presence|purge|read|recover|regenerate|"
    "reopen|restore|retry|review|run|serve|setup|show|signed|status|templates|user|watch|worker"
)
_NAMED = rf"liasse (?:{COMMANDS})\b"
_COMMAND = re.compile(rf"\s*(?:\(?{_NAMED}[^().»]*\)?)[.,]?")
_EMPTY = re.compile(r" ?«\s*»")
_WITHIN = re.compile(rf"\s*\({_NAMED}[^()]*\)")
_QUOTED = re.compile(rf"\s*« {_NAMED}[^»]*»(?: (?:dit|donne|nomme) [^.\n]*\.)?")
_WHOLE = re.compile(rf"\s*{_NAMED} [^»\n]*?--by NOM(?: --reason MOTIF)?\.?")
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


def without_command(message: str) -> str:
    """A message without the command that it names: on the page a button stands for it."""
    return _EMPTY.sub("", _COMMAND.sub("", message)).replace(" ()", "").strip()


def for_page(message: str) -> str:
    """A message without commands, and with the names of the page's fields where it names options of the command."""
    said = message
    for one in (_WITHIN, _QUOTED, _WHOLE):
        said = one.sub("", said)
    said = _LED.sub(" voyez les formulaires de cette page.", without_command(said))
    return _OPTION.sub(lambda found: _OPTIONS[found[0]], said)
