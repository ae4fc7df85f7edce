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
_WAVER = 0.17  # up or down that a stroke may waver
_RULING = 3.0  # to both sides where only a ruling goes on
_THROUGH, _SHORT_THROUGH = 0.97, 1.08  # of the word's width that the stroke covers; of a short word
_LONG = 2.0
_PART = 4.5  # that a stroke covers of two words read as one: the one struck out and the one behind it


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
    start = max(0, left - round(_RULING * high))
    band = ink[top:bottom, start : right + round(_RULING * high)]
    long = np.ones((1, wide + round(4 * _BEYOND * high)), np.uint8)
    if band.shape[1] > long.shape[1]:
        rulings = cv2.dilate(cv2.morphologyEx(band, cv2.MORPH_OPEN, long), np.ones((3, 1), np.uint8))
        band = np.where(rulings > 0, 0, band).astype(np.uint8)
    found = max((_stroke(band, slope, left - start, wide) for slope in _SLOPES), default=0.0)
    return found >= wide * (_THROUGH if wide >= _LONG * high else _SHORT_THROUGH) or found >= _PART * high


def _stroke(band: Grey, slope: float, left: int, wide: int) -> float:
    """How many pixels of a word a line of this slope covers; none where it goes on far beyond the word."""
    high = band.shape[0]
    shear = np.array([[1.0, 0.0, 0.0], [-slope, 1.0, slope * (left + wide / 2)]], np.float32)
    level = cv2.warpAffine(band, shear, (band.shape[1], high), flags=cv2.INTER_NEAREST)
    thick = cv2.dilate(level, np.ones((max(1, round(_WAVER * high)), 1), np.uint8))
    reach = round(_BEYOND * high)
    best = 0.0
    for row in thick[round(_TOP * high) : round(_FOOT * high)] > 0:
        ends = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(np.int8), [0]])))
        for first, last in zip(ends[::2].tolist(), ends[1::2].tolist(), strict=True):
            ruling = first < left - 2 * reach and last > left + wide + 2 * reach
            covered = min(last, left + wide + reach) - max(first, left - reach)
            best = best if ruling else max(best, covered)
    return best
