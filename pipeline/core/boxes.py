"""Geometry of boxes: rectangles (x0, top, x1, bottom) in points from the top left of a page."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable

from pipeline.core.models import Box

NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)


def middle(box: Box) -> tuple[float, float]:
    """The point in the middle of a box."""
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def inside(point: tuple[float, float], box: Box, margin: float = 0.0) -> bool:
    """Whether the point is in the box, or at most ``margin`` points out of it."""
    return box[0] - margin <= point[0] <= box[2] + margin and box[1] - margin <= point[1] <= box[3] + margin


def any_holds(boxes: Iterable[Box], point: tuple[float, float]) -> bool:
    """Whether the point is in one of the boxes; for who asks it of every letter of a page."""
    x, y = point
    return any(box[0] <= x <= box[2] and box[1] <= y <= box[3] for box in boxes)


def gaps(one: Box, other: Box) -> tuple[float, float]:
    """How far apart two boxes are, across and down; 0 where they are level."""
    return max(other[0] - one[2], one[0] - other[2], 0), max(other[1] - one[3], one[1] - other[3], 0)


def union(boxes: Collection[Box]) -> Box | None:
    """The smallest box around them all; ``None`` without any."""
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def rounded(box: Box) -> Box:
    """The box to a hundredth of a point."""
    return round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2)


def length_within(one: tuple[float, float], other: tuple[float, float], box: Box) -> float:
    """How much of the straight line from one point to another lies in a box."""
    first, last = 0.0, 1.0
    for start, end, low, high in ((one[0], other[0], box[0], box[2]), (one[1], other[1], box[1], box[3])):
        if start == end:
            if not low <= start <= high:
                return 0.0
            continue
        enters, leaves = sorted(((low - start) / (end - start), (high - start) / (end - start)))
        first, last = max(first, enters), min(last, leaves)
    return max(last - first, 0.0) * math.dist(one, other)
