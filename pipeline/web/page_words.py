"""Messages of services as a page says them: the commands and options that they name are buttons and fields there."""

from __future__ import annotations

import re

_COMMAND = re.compile(r"\s*(?:\(?liasse [a-z]+[^().»]*\)?)[.,]?")
_WITHIN = re.compile(r"\s*\(liasse [^()]*\)")
_QUOTED = re.compile(r"\s*« liasse [^»]*»(?: (?:dit|donne|nomme) [^.\n]*\.)?")
_WHOLE = re.compile(r"\s*liasse [a-z]+ [^»\n]*?--by NOM(?: --reason MOTIF)?\.?")
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
    return _COMMAND.sub("", message).replace(" ()", "").strip()


def for_page(message: str) -> str:
    """A message without commands, and with the names of the page's fields where it names options of the command."""
    said = message
    for one in (_WITHIN, _QUOTED, _WHOLE):
        said = one.sub("", said)
    said = _LED.sub(" voyez les formulaires de cette page.", without_command(said))
    return _OPTION.sub(lambda found: _OPTIONS[found[0]], said)
