"""Deceptive characters: those that print nothing, turn the order of letters, or look like letters of ours."""

from __future__ import annotations

import re
import unicodedata

from pipeline.core.doubts import Doubt, Reason

_UNPRINTED = re.compile("[\u200b-\u200f\u2060-\u2064\u206a-\u206f\ufeff\u00ad\u061c\u180e\ufe00-\ufe0f]")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_OVERLAID = re.compile("[\u0334-\u0338\u20d2\u20d3\u20d8-\u20da\u20e5\u20e6\u20eb]")
_FOREIGN = ("CYRILLIC", "GREEK", "CHEROKEE", "ARMENIAN", "COPTIC", "LISU", "MATHEMATICAL", "FULLWIDTH", "GEORGIAN")


def unprinted(text: str) -> str:
    """The text without the characters that print nothing (zero-width ones, soft hyphens)."""
    return text if text.isascii() else _UNPRINTED.sub("", text)


def odd_letters(word: str) -> Doubt | None:
    """Why a word may not be what it looks like: turned, struck by its own characters, or of other alphabets."""
    if word.isascii():
        return None
    if _TURNING.search(word):
        return Doubt(
            Reason.HIDDEN, f"« {_TURNING.sub('', word)} » contient des signes qui retournent l’ordre des lettres"
        )
    if _OVERLAID.search(word):
        return Doubt(Reason.CROSSED_OUT, f"« {_OVERLAID.sub('', word)} » est barré")
    odd = [char for char in word if not char.isascii() and _is_foreign(char)]
    if odd:
        name = unicodedata.name(odd[0], "").split()[0].lower()
        return Doubt(Reason.HIDDEN, f"« {word} » contient « {odd[0]} », d’un autre alphabet ({name})")
    return None


def _is_foreign(char: str) -> bool:
    """Whether a letter or a figure belongs to no alphabet of French forms; « µ » and « º » do."""
    if char in "µΩ":
        return False
    category = unicodedata.category(char)
    if category == "Nd":
        return True
    return category[0] == "L" and unicodedata.name(char, "").startswith(_FOREIGN)
