"""Strike-through detection on an image: words through whose letters a stroke goes from end to end.

The stroke may lean and waver as a pen's does. A ruling goes on far beyond the word, an underline passes below its
letters: neither is one.
"""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.core.models import Box
from pipeline.reading.ocr.page_images import Grey

_SLOPES = (-0.12, -0.06, 0.0, 0.06, 0.12)  # of a stroke, down for across
_BAR = 0.6  # of a word's box that is inked: no letters on paper have so much
_EDGE = 0.95  # of a row of it: a ruling
_LOWEST = 6  # pixels: of lower letters nothing can be told
# Shares of the height of the word's own ink.
_TOP, _FOOT = 0.22, 0.7  # between which a stroke goes through the letters
_SHORTEST = 0.8  # a word is at least as wide: of one letter, its bar cannot be told from a stroke
_BEYOND = 0.4  # to each side where a stroke may begin or end
_WAVER = 0.12  # up or down that a stroke may waver
_RULING = 3.0  # to both sides where only a ruling goes on
_THROUGH, _SHORT_THROUGH = 0.97, 1.08  # of the word's width that the stroke covers; of a word shorter than it is high
_LONG = 2.0


def is_struck(ink: Grey, scale: float, box: Box) -> bool:
    """Whether a stroke goes through the word in a box (points) of a page's ink (255)."""
    left, top, right, bottom = (round(value * scale) for value in box)
    inked = np.count_nonzero(ink[max(0, top) : bottom, max(0, left) : right], axis=1)
    rows = np.flatnonzero((inked > 0) & (inked < _EDGE * (right - left)))  # without the sides of a cell
    if len(rows) == 0:
        return False
    top, bottom = max(0, top) + int(rows[0]), max(0, top) + int(rows[-1]) + 1
    wide, high = right - left, bottom - top
    white = inked.sum() > _BAR * wide * len(inked)  # letters left out of a bar of colour
    if high < _LOWEST or wide < _SHORTEST * high or white:
        return False
    reach = round(_RULING * high)
    start = max(0, left - reach)
    band = ink[top:bottom, start : right + reach]
    found = max((_stroke(band, slope, left - start, wide, high) for slope in _SLOPES), default=0.0)
    return found >= (_THROUGH if wide >= _LONG * high else _SHORT_THROUGH)


def _stroke(band: Grey, slope: float, left: int, wide: int, high: int) -> float:
    """The share of a word's width that a line of this slope covers; 0 for one that goes on far beyond the word."""
    shear = np.array([[1.0, 0.0, 0.0], [-slope, 1.0, slope * (left + wide / 2)]], np.float32)
    level = cv2.warpAffine(band, shear, (band.shape[1], band.shape[0]), flags=cv2.INTER_NEAREST)
    waver = max(1, round(_WAVER * high))
    thick = cv2.dilate(level, np.ones((waver, 1), np.uint8))
    rows = thick[round(_TOP * high) : round(_FOOT * high)] > 0
    reach = round(_BEYOND * high)
    best = 0.0
    for row in rows:
        first, last = _run(row, left + wide // 2)
        ruling = first < left - 2 * reach and last > left + wide + 2 * reach
        if not ruling:
            covered = min(last, left + wide + reach) - max(first, left - reach)
            best = max(best, covered / wide)
    return best


def _run(row: np.ndarray[tuple[int], np.dtype[np.bool_]], middle: int) -> tuple[int, int]:
    """The inked run around the middle of a row: where it begins, and where it ends."""
    if not row[middle]:
        return middle, middle
    before, after = np.flatnonzero(~row[:middle]), np.flatnonzero(~row[middle:])
    return (int(before[-1]) + 1 if len(before) else 0), (middle + int(after[0]) if len(after) else len(row))
