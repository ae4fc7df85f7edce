"""Fine-ink detection: the faintest print, the dot that engines lose, the figure they take for a letter."""

from __future__ import annotations

import re

import cv2
import numpy as np

from pipeline.core.models import Box
from pipeline.reading.ocr.page_images import Grey, PageImage

_PALE = 28  # grey levels darker than the paper: the faintest print
# Points, chosen over the scans of tests/layouts: engines draw boxes of one line higher or lower, so say no size.
_DOT = 2.4  # a dot or a hyphen is lower than any letter from 7 points on
_LAST = 14.0  # at a line's end in which its last letter is
_BEYOND = 5.0  # after it where a lost dot may be
_CODE = re.compile(r"\b(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z\d]+\b")  # letters and figures
_TALL, _WIDE = 0.6, 0.84  # of the ink's height; of its own height: a 0 has at most 0.78, an O at least 0.89


def dot_at_end(page: PageImage, box: Box) -> bool:
    """Whether a line whose last word has this ``box`` (points) ends with a dot or a hyphen, read or not."""
    x1 = box[2]
    mask = pale_ink(page, (max(box[0], x1 - _LAST), box[1] - 1, x1 + _BEYOND, box[3] + 1))
    if mask.size == 0:
        return True  # out of the page: nobody can tell
    stats = cv2.connectedComponentsWithStats(mask)[2][1:]
    tall, wide = stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH]
    border = (tall >= mask.shape[0]) | (wide >= 0.8 * mask.shape[1])  # a cell's sides are as long as the window
    seen = stats[(stats[:, cv2.CC_STAT_AREA] >= 3) & ~border]
    if len(seen) == 0:
        return True
    last = seen[np.argmax(seen[:, cv2.CC_STAT_LEFT] + seen[:, cv2.CC_STAT_WIDTH])]
    return bool(last[cv2.CC_STAT_HEIGHT] < _DOT * page.scale)


def pale_ink(page: PageImage, box: Box) -> Grey:
    """Where a box in points holds ink, however faint: 255, and 0 on the paper around it."""
    part = page.cut(box)
    if part.size == 0:
        return part
    paper = float(np.percentile(part, 80))
    return np.asarray((part < paper - _PALE) * np.uint8(255), np.uint8)


def is_told_round(ink: Grey, scale: float, box: Box, text: str) -> bool:
    """Whether each figure 0 of a code of one line is narrow in the ink, and each letter O is wide.

    Both engines read the one for the other alike. Where signs run together, two round ones side by side are not told.
    """
    codes = _CODE.findall(text)
    if not any(sign in code for code in codes for sign in "0O"):
        return True
    left, top, right, bottom = (max(0, round(v * scale)) for v in box)
    stats = cv2.connectedComponentsWithStats(ink[top:bottom, left:right])[2][1:]
    tall = sorted(stats[stats[:, cv2.CC_STAT_HEIGHT] >= _TALL * (bottom - top)].tolist())
    signs = [sign for sign in text if sign.isalnum() or sign == "/"]
    if len(signs) != len(tall):
        return not any(pair in code for code in codes for pair in ("00", "0O", "O0", "OO"))
    wide = [width > _WIDE * height for _, _, width, height, _ in tall]
    return all(broad == (sign == "O") for sign, broad in zip(signs, wide, strict=True) if sign in "0O")
