"""Accent check in the ink: the strokes above letters are those of the accents and dots that an engine read."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.core.folding import plain_signs, without_accents
from pipeline.core.models import Box
from pipeline.reading.ocr.page_images import Grey

_TORN = 0.08  # of a line's height: narrower than what parts two dots
_CAPITALS = "ÄÖÜ"
_HAT = "\u0302"
_PAIR = "\u0308"
_MARKS = {"\u0300": 1, "\u0301": 1, _HAT: 1, "\u0303": 1, _PAIR: 2}  # accents, and the strokes each is made of


def is_hatted(text: str) -> bool:
    """Whether a letter has a circumflex or a diaeresis that could be taken for the other: both exist on capitals.

    Of the small letters, « ä », « ö » and « ü » are rare enough in French to be asked for; the others are not.
    """
    letters = unicodedata.normalize("NFD", text)
    return any(
        mark in (_HAT, _PAIR) and (letter.isupper() or (mark == _PAIR and letter in "aou"))
        for letter, mark in pairwise(letters)
    )


def has_expected_marks(ink: Grey, scale: float, box: Box, text: str) -> bool:
    """Whether the ink above a word shows the strokes that its accents and dots are made of: no more, no fewer.

    « Ä », « Ö » and « Ü » are never believed: both engines read the circumflex of « HÛRÉ » as a diaeresis.
    """
    if any(letter in _CAPITALS for letter in unicodedata.normalize("NFC", text)):
        return False
    return _above(_around(ink, box, scale), scale) == _expected(text)


def marks_shown(ink: Grey, scale: float, box: Box, text: str) -> bool:
    """The same, for one line by itself whose ink just fills its ``box``.

    A circumflex that the scan tore in two is one stroke once its halves are joined, the dots of a diaeresis are not:
    so « Ü » may be believed.
    """
    part = _around(ink, box, scale)
    mended = cv2.morphologyEx(part, cv2.MORPH_CLOSE, np.ones((1, max(1, round(_TORN * (box[3] - box[1]) * scale)))))
    return _above(part, scale) == _above(np.asarray(mended, np.uint8), scale) == _expected(text)


def differ_by_dots(text: str, other: str) -> bool:
    """Whether a text is another one with a diaeresis on letters that have another accent there, or none."""
    one, two = plain_signs(text), plain_signs(other)
    return (
        one != two
        and len(one) == len(two)
        and all(
            a == b or (_PAIR in unicodedata.normalize("NFD", a) and without_accents(a) == without_accents(b))
            for a, b in zip(one, two, strict=True)
        )
    )


def _expected(text: str) -> int:
    """How many small strokes its accents, and the dots of its « i » and « j », are made of."""
    letters = unicodedata.normalize("NFD", text)
    wanted = sum(_MARKS.get(letter, 0) for letter in letters)
    return wanted + sum(letter in "ij" and after not in _MARKS for letter, after in pairwise(f"{letters} "))


def _around(ink: Grey, box: Box, scale: float) -> Grey:
    x0, y0, x1, y1 = box
    left, top, right, bottom = (max(0, round(v * scale)) for v in (x0 - 1, y0 - 2, x1 + 1, y1))
    return ink[top:bottom, left:right]


def _above(part: npt.NDArray[np.uint8], scale: float) -> int:
    """How many separate small strokes stand over others, in the upper half."""
    if part.size == 0:
        return 0
    stats = cv2.connectedComponentsWithStats(part)[2][1:].tolist()
    large = [one for one in stats if one[3] >= 3.4 * scale]
    small = [
        (x, y, width, height)
        for x, y, width, height, area in stats
        if y > 0 and height < 3.4 * scale and area >= 3 and y + height < 0.55 * part.shape[0]
    ]
    return sum(
        any(big[0] - 2 <= x + width / 2 <= big[0] + big[2] + 2 and big[1] + big[3] > y + height for big in large)
        for x, y, width, height in small
    )
