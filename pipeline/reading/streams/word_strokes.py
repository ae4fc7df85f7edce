"""Strokes around words: those that a page strikes out, underlines or rings."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pdfplumber.page import Page

from pipeline.core.boxes import inside, middle
from pipeline.core.models import Box
from pipeline.reading.streams.drawn import box_of

_THIN = 1.6  # points: the thickest line that programs strike or underline with; chosen over tests/layouts
_WIDEST = 0.7  # of the page: longer lines are rules
_STRUCK = 0.3  # of a word's width that a line must cross
_SHORT, _RING, _BELOW = 0.2, 0.6, 0.15  # of a word's height: the shortest line and ring, how far under it a line is
_UNDER = 0.6  # of a word's width that a line must underline
_ROUND = 3.2  # how much larger than a word what is drawn around it may be


@dataclass(frozen=True)
class Strokes:
    """Stroke index of a page: its short level lines by height, and the rings drawn on it."""

    heights: tuple[float, ...]
    lines: tuple[Box, ...]
    rings: tuple[Box, ...]

    def on(self, word: Box) -> str:
        """« barré », « souligné », « entouré », or nothing."""
        height = word[3] - word[1]
        through = self._covered(word, word[1] + 0.3 * height, word[1] + 0.82 * height)
        if through >= _STRUCK:
            return "barré"
        if any(_around(ring, word) for ring in self.rings):
            return "entouré"
        return "souligné" if self._covered(word, word[1] + 0.82 * height, word[3] + _BELOW * height) >= _UNDER else ""

    def _covered(self, word: Box, top: float, bottom: float) -> float:
        """The largest share of a word's width under one line between two heights; a rule much wider is none."""
        wide = max(word[2] - word[0], 0.1)
        level = self.lines[bisect_left(self.heights, top) : bisect_left(self.heights, bottom)]
        lines = (line for line in level if line[2] - line[0] > _SHORT * (word[3] - word[1]))
        return max((0.0, *((min(line[2], word[2]) - max(line[0], word[0])) / wide for line in lines)))


def strokes_of(page: Page) -> Strokes:
    """What is drawn on a page that may be meant for a word."""
    lines = sorted(
        (
            box_of(item)
            for kind in ("line", "rect", "curve")
            for item in page.objects.get(kind, ())
            if item["height"] <= _THIN and item["width"] < _WIDEST * page.width
        ),
        key=lambda box: middle(box)[1],
    )
    rings = [box_of(item) for item in page.objects.get("curve", ()) if _is_ring(item)]
    return Strokes(tuple(middle(line)[1] for line in lines), tuple(lines), tuple(rings))


def _is_ring(item: dict[str, Any]) -> bool:
    points: Sequence[tuple[float, float]] = item.get("pts") or ()
    return bool(item["stroke"]) and len(points) >= 4


def _around(ring: Box, word: Box) -> bool:
    wide, high = word[2] - word[0], word[3] - word[1]
    return (
        inside(middle(word), ring)
        and min(ring[2] - ring[0], ring[3] - ring[1]) > _RING * high
        and ring[2] - ring[0] <= _ROUND * max(wide, high)
        and ring[3] - ring[1] <= _ROUND * high
    )
