"""Squares in the ink of a page: the outlines of tick boxes, free or crossed by a pen, and what is inked inside."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.intake.ocr.pages import Grey
from pipeline.intake.ocr.scan import ScannedPage
from pipeline.models import Box

REACH = (11.0, 8.0)  # points around the place foreseen
_SIDE = (4.5, 16.0)  # points
_UNLIKE = 0.28  # by which width and height may differ
_NEARBY = 2.5  # points around the place that the other boxes of a question point to
_DRAWN = 0.8  # of each side that must be inked, for a square hidden under a pen stroke


@dataclass(frozen=True)
class Square:
    """One outline: its box in points, the share of its inside that is inked, its shift from the place foreseen."""

    box: Box
    ink: float
    shift: tuple[float, float]

    @property
    def side(self) -> tuple[float, float]:
        """Width and height in points."""
        return self.box[2] - self.box[0], self.box[3] - self.box[1]


def free_square(page: ScannedPage, foreseen: Box) -> Square | None:
    """The square nearest to the place foreseen whose outline nothing crosses, if any is near enough."""
    scale = page.image.scale
    x, y = (foreseen[0] + foreseen[2]) / 2, (foreseen[1] + foreseen[3]) / 2
    around = (x - REACH[0] - _SIDE[1], y - REACH[1] - _SIDE[1], x + REACH[0] + _SIDE[1], y + REACH[1] + _SIDE[1])
    left, top, part = cut(page, around)
    found = []
    for bx, by, width, height in _outlines(part, scale):
        box = ((bx + left) / scale, (by + top) / scale, (bx + left + width) / scale, (by + top + height) / scale)
        shift = ((box[0] + box[2]) / 2 - x, (box[1] + box[3]) / 2 - y)
        if abs(shift[0]) <= REACH[0] and abs(shift[1]) <= REACH[1]:
            found.append(Square(box, _inside(part[by : by + height, bx : bx + width]), shift))
    return min(found, key=lambda square: hypot(*square.shift), default=None)


def crossed_square(
    page: ScannedPage, foreseen: Box, side: tuple[float, float], shift: tuple[float, float]
) -> Square | None:
    """The square of this ``side`` whose four sides are best drawn near the place foreseen moved by ``shift``.

    For boxes that a pen stroke joins to something else, once the other boxes have told size and shift.
    """
    scale = page.image.scale
    x, y = (foreseen[0] + foreseen[2]) / 2 + shift[0], (foreseen[1] + foreseen[3]) / 2 + shift[1]
    wide, high = round(side[0] * scale), round(side[1] * scale)
    reach = max(2, round(_NEARBY * scale))
    left, top = round(x * scale - wide / 2) - reach, round(y * scale - high / 2) - reach
    if left < 0 or top < 0:
        return None
    part = page.ink[top : top + high + 2 * reach, left : left + wide + 2 * reach] > 0
    if part.shape != (high + 2 * reach, wide + 2 * reach):
        return None
    spots = [(dx, dy) for dx in range(2 * reach + 1) for dy in range(2 * reach + 1)]
    drawn = {(dx, dy): _drawn(part[dy : dy + high, dx : dx + wide]) for dx, dy in spots}
    dx, dy = max(spots, key=lambda spot: drawn[spot])
    if drawn[dx, dy] < _DRAWN:
        return None
    box = ((left + dx) / scale, (top + dy) / scale, (left + dx + wide) / scale, (top + dy + high) / scale)
    moved = ((box[0] + box[2]) / 2 - x + shift[0], (box[1] + box[3]) / 2 - y + shift[1])
    inked = _inside(np.where(part[dy : dy + high, dx : dx + wide], 255, 0).astype(np.uint8))
    return Square(box, inked, moved)


def cut(page: ScannedPage, box: Box) -> tuple[int, int, Grey]:
    """Left and top in pixels, and the ink, of a box in points."""
    scale = page.image.scale
    left, top, right, bottom = (max(0, round(value * scale)) for value in box)
    return left, top, page.ink[top:bottom, left:right]


def _outlines(part: Grey, scale: float) -> list[tuple[int, int, int, int]]:
    """The boxes (x, y, width, height in pixels) of what is drawn as a square, empty or not."""
    if part.size == 0:
        return []
    closed = cv2.morphologyEx(part, cv2.MORPH_CLOSE, np.ones((2, 2), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(closed.astype(np.uint8))
    found = []
    for index, (x, y, width, height, _) in enumerate(stats.tolist()):
        sides_fit = all(_SIDE[0] * scale <= side <= _SIDE[1] * scale for side in (width, height))
        if index == 0 or not sides_fit or abs(width - height) > _UNLIKE * max(width, height):
            continue
        if _is_square(np.asarray(labels[y : y + height, x : x + width] == index)):
            found.append((x, y, width, height))
    return found


def _is_square(shape: npt.NDArray[np.bool_]) -> bool:
    """Whether all four sides are drawn, right into the corners: an O or a D has round ones."""
    edge = max(2, round(0.16 * min(shape.shape)))
    corners = (shape[:edge, :edge], shape[:edge, -edge:], shape[-edge:, :edge], shape[-edge:, -edge:])
    return _drawn(shape, edge) >= 0.85 and all(corner.any() for corner in corners)


def _drawn(shape: npt.NDArray[np.bool_], edge: int = 2) -> float:
    """The share inked of the least inked side, within ``edge`` pixels of it."""
    sides = (
        shape[:edge].any(axis=0), shape[-edge:].any(axis=0), shape[:, :edge].any(axis=1), shape[:, -edge:].any(axis=1)
    )  # fmt: skip
    return min(float(side.mean()) for side in sides)


def _inside(square: Grey) -> float:
    height, width = square.shape
    rim = max(2, round(0.24 * min(height, width)))
    core = square[rim : height - rim, rim : width - rim]
    return float(np.count_nonzero(core) / core.size) if core.size else 1.0
