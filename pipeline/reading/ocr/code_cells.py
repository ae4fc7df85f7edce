"""Ink of a box of a feuille d’émargement: a dash, a trace, or what may be a signature; nothing says whose it is."""

from __future__ import annotations

from enum import Enum

import cv2

from pipeline.core.models import Box
from pipeline.reading.ocr.scan_reading import ScannedPage
from pipeline.reading.ocr.squares import cut

# Shares of a box that are ink: measured on simulated scans, where the emptiest of 45 signed boxes had 0.18 %, and
# none of 36 empty ones any.
_SIGNED, _TRACE = 0.003, 0.0002
DASH, INKED = "–", "S"
_EDGE = 1.6  # points left aside at the sides of a box: its border
_SPECK = 0.9  # points: the longer side of dust
_DASH = 2.0  # how much wider than high a dash is, at least
_LOWEST, _HIGHEST = 0.3, 0.75  # share of the height of the box between which a dash stands


class Ink(Enum):
    """What the ink of a box may be."""

    NONE = 0
    TRACE = 1
    DASH = 2
    SIGNED = 3


def ink_of(page: ScannedPage, box: Box) -> Ink:
    """What stands in a box, by its ink alone; ``box`` is in points of the straightened page."""
    x0, y0, x1, y1 = box
    part = cut(page, (x0 + _EDGE, y0 + _EDGE, x1 - _EDGE, y1 - _EDGE))[2]
    if not part.size:
        return Ink.NONE
    scale = page.image.scale
    stats = cv2.connectedComponentsWithStats(part)[2][1:].tolist()
    drawn = [one for one in stats if max(one[2], one[3]) > _SPECK * scale]
    share = sum(one[4] for one in drawn) / part.size
    if len(drawn) == 1 and _is_dash(drawn[0], part.shape[0]):
        return Ink.DASH
    return Ink.SIGNED if share >= _SIGNED else Ink.TRACE if share >= _TRACE else Ink.NONE


def _is_dash(stat: list[int], height: int) -> bool:
    _, y, wide, high, area = stat
    level = _LOWEST * height <= y + high / 2 <= _HIGHEST * height
    return level and wide >= _DASH * high and area >= 0.6 * wide * high
