"""Check-box detection in the ink of a page, free or crossed by a pen, and what is inked inside.

They are squares, or the rings of a PDF form's radio buttons; rings are also letters, so they must be where foreseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.core.models import Box
from pipeline.reading.ocr.page_images import Grey
from pipeline.reading.ocr.scan_reading import ScannedPage
from pipeline.reading.ocr.strokes import pale_ink

# Points, chosen over the scans of tests/layouts: a registration misses by as much, whatever the size of the box.
REACH = (11.0, 8.0)  # around the place foreseen
_SIDE = (4.5, 16.0)  # of a tick box in print, as a pen must be able to tick it
_UNLIKE = 0.28  # by which width and height may differ
_NEARBY = 2.5  # around the place that the other boxes of a question point to
_RIM, _HEART = (
    0.24,
    0.36,
)  # of the sides left aside: a square's outline; all but the heart of a ring, where its dot is
_DOT = 0.85  # the most that a ring's dot is said to ink: a blot would have hidden the ring
_NEAR_RING = 6.0  # points, around the place foreseen where a ring may be: an O of the label is farther
_RING = (0.34, 0.56)  # of its side: how far from its middle a ring is drawn
_AROUND = 0.9  # of the directions in which a ring must be drawn
_DRAWN = 0.8  # of each side that must be inked, for a square hidden under a pen stroke


@dataclass(frozen=True)
class Square:
    """One outline: its box in points, the share of its inside that is inked, its shift from the place foreseen.

    ``crossed``: both its diagonals are drawn, however thin.
    """

    box: Box
    ink: float
    shift: tuple[float, float]
    crossed: bool = False

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
    for bx, by, width, height, ring in _outlines(part, scale):
        box = ((bx + left) / scale, (by + top) / scale, (bx + left + width) / scale, (by + top + height) / scale)
        shift = ((box[0] + box[2]) / 2 - x, (box[1] + box[3]) / 2 - y)
        reach = (_NEAR_RING, _NEAR_RING) if ring else REACH
        if abs(shift[0]) <= reach[0] and abs(shift[1]) <= reach[1]:
            inside = part[by : by + height, bx : bx + width]
            inked = min(_inside(inside, _HEART), _DOT) if ring else _inside(inside)  # a ring's dot may fill its heart
            found.append(Square(box, inked, shift, not ring and _crossed(pale_ink(page.image, box))))
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


def _outlines(part: Grey, scale: float) -> list[tuple[int, int, int, int, bool]]:
    """The boxes (x, y, width, height in pixels) of what is drawn as a square, or as a ring; empty or not."""
    if part.size == 0:
        return []
    closed = cv2.morphologyEx(part, cv2.MORPH_CLOSE, np.ones((2, 2), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(closed.astype(np.uint8))
    found = []
    for index, (x, y, width, height, _) in enumerate(stats.tolist()):
        sides_fit = all(_SIDE[0] * scale <= side <= _SIDE[1] * scale for side in (width, height))
        if index == 0 or not sides_fit or abs(width - height) > _UNLIKE * max(width, height):
            continue
        shape = np.asarray(labels[y : y + height, x : x + width] == index)
        if (square := _is_square(shape)) or _is_ring(shape):
            found.append((x, y, width, height, not square))
    return found


def _is_square(shape: npt.NDArray[np.bool_]) -> bool:
    """Whether all four sides are drawn, right into the corners: an O or a D has round ones."""
    edge = max(2, round(0.16 * min(shape.shape)))
    corners = (shape[:edge, :edge], shape[:edge, -edge:], shape[-edge:, :edge], shape[-edge:, -edge:])
    return _drawn(shape, edge) >= 0.85 and all(corner.any() for corner in corners)


def _is_ring(shape: npt.NDArray[np.bool_]) -> bool:
    """Whether the outline is round and closed, with nothing joined to it inside, and nothing in its corners."""
    height, width = shape.shape
    edge = max(1, round(0.1 * min(shape.shape)))
    if any(
        corner.any()
        for corner in (shape[:edge, :edge], shape[:edge, -edge:], shape[-edge:, :edge], shape[-edge:, -edge:])
    ):
        return False
    ys, xs = np.nonzero(shape)
    right, down = (xs + 0.5) / width - 0.5, (ys + 0.5) / height - 0.5
    far = np.hypot(right, down)
    directions = np.unique(np.floor((np.arctan2(down, right) + np.pi) / (2 * np.pi) * 24)[far >= _RING[0]])
    return bool(far.min() >= _RING[0] - 0.1 and far.max() <= _RING[1] and len(directions) >= _AROUND * 24)


def _crossed(square: Grey) -> bool:
    """Whether both diagonals are drawn: a thin printed cross inks little of the inside."""
    height, width = square.shape
    rim = max(2, round(0.2 * min(height, width)))
    core = cv2.dilate(square[rim : height - rim, rim : width - rim], np.ones((5, 5), np.uint8)) > 0
    if min(core.shape) < 5:
        return False
    steps = np.linspace(0, 1, 2 * max(core.shape))
    down, right = (np.round(steps * (side - 1)).astype(int) for side in core.shape)
    return min(float(core[down, right].mean()), float(core[down, right[::-1]].mean())) >= _DRAWN


def _drawn(shape: npt.NDArray[np.bool_], edge: int = 2) -> float:
    """The share inked of the least inked side, within ``edge`` pixels of it."""
    sides = (
        shape[:edge].any(axis=0),
        shape[-edge:].any(axis=0),
        shape[:, :edge].any(axis=1),
        shape[:, -edge:].any(axis=1),
    )
    return min(float(side.mean()) for side in sides)


def _inside(square: Grey, share: float = _RIM) -> float:
    """The share inked of what is left without a rim of this share of its sides."""
    height, width = square.shape
    rim = max(2, round(share * min(height, width)))
    core = square[rim : height - rim, rim : width - rim]
    return float(np.count_nonzero(core) / core.size) if core.size else 1.0
