"""Which characters may be printed. A value that cannot be printed is refused with a reason, never dropped."""

from __future__ import annotations

import re
import unicodedata

_SCRIPTS = ("LATIN ", "GREEK ", "CYRILLIC ", "COMBINING ")
_SYMBOLS = frozenset("©®™°№")
# Text that templates or signing services would take for an instruction.
_INSTRUCTIONS = re.compile(r"\{\{|\}\}|\{%|%\}|\{_\{|\}_\}|\{#|#\}|\|\s*signature|/sn\d|\bsign\d+-", re.IGNORECASE)


def tidy(text: str) -> str:
    """The same words in composed characters (NFC), without spaces around."""
    return unicodedata.normalize("NFC", text).strip()


def refusal(text: str) -> str | None:
    """Why this text cannot be printed, in French, or ``None`` if it can."""
    instruction = _INSTRUCTIONS.search(text)
    if instruction:
        return f"contient « {instruction.group()} », réservé aux modèles et aux outils de signature"
    for char in text:
        if char not in "\n\t" and not _printable(char):
            name = unicodedata.name(char, f"U+{ord(char):04X}").lower()
            return f"contient un caractère qui ne s’imprime pas ({name}) : écrivez-le en lettres"
    return None


def _printable(char: str) -> bool:
    category = unicodedata.category(char)
    if category[0] in "LM":
        return unicodedata.name(char, "").startswith(_SCRIPTS) or char in "ªº"
    if category in ("Cc", "Cf", "Cs", "Co", "Cn"):
        return char == "\u00ad"
    return category != "So" or char in _SYMBOLS
