"""Comparison of two readings: the same exactly, but for signs, but for accents, or not."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum

from pipeline.core.folding import plain_signs, without_accents
from pipeline.core.models import JSON

_LIGATURES = str.maketrans({"œ": "o\u0361e", "Œ": "O\u0361E", "æ": "a\u0361e", "Æ": "A\u0361E"})  # a tie is an accent


class Likeness(Enum):
    """Similarity level of two readings."""

    SAME = "same"
    SIGNS = "signs"  # the same letters and figures, other punctuation or spaces
    ACCENTS = "accents"  # one of them lost accents that the other has
    OTHER = "other"


def likeness(left: JSON, right: JSON) -> Likeness:
    """Compare two canonical values: numbers and lists exactly, texts by their letters."""
    if isinstance(left, list) and isinstance(right, list):
        return _worst(left, right)
    if not isinstance(left, str) or not isinstance(right, str):
        same = left == right and isinstance(left, bool) == isinstance(right, bool)
        return Likeness.SAME if same else Likeness.OTHER
    one, two = plain_signs(left), plain_signs(right)
    if one == two:
        return Likeness.SAME
    if _letters(one) == _letters(two):
        return Likeness.SIGNS
    bare = [_letters(without_accents(text.translate(_LIGATURES))) for text in (one, two)]
    return Likeness.ACCENTS if bare[0] == bare[1] else Likeness.OTHER


def accented(left: str, right: str) -> str | None:
    """The text of the two that has every accent of the other and more; ``None`` if each has its own."""
    one, two = _marks(left), _marks(right)
    if len(one) != len(two):
        return None
    more = all(not b or a == b for a, b in zip(one, two, strict=True))
    less = all(not a or a == b for a, b in zip(one, two, strict=True))
    return left if more else right if less else None


def _worst(left: list[JSON], right: list[JSON]) -> Likeness:
    if len(left) != len(right):
        joined = [_letters(plain_signs(" ".join(map(str, items)))) for items in (left, right)]
        return (
            Likeness.SIGNS
            if joined[0] == joined[1] and all(isinstance(item, str) for item in left)
            else Likeness.OTHER
        )
    order = list(Likeness)
    found = [likeness(one, two) for one, two in zip(left, right, strict=True)]
    return max(found, key=order.index, default=Likeness.SAME)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _marks(text: str) -> list[str]:
    """The accents on each letter in turn."""
    marks: list[str] = []
    for char in unicodedata.normalize("NFKD", text.translate(_LIGATURES)):
        if unicodedata.combining(char):
            marks[-1:] = [marks[-1] + char] if marks else []
        elif char.isalnum():
            marks.append("")
    return marks
