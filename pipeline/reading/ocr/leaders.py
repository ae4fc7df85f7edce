"""Dotted leaders: removed from a page's picture before it is read, because engines take them for letters.

An answer typed over leaders touches them: what is left of the dots is a row of specks, even and close, on the foot
of the line. The full stop of an address or of a sentence stands alone, and stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.reading.ocr.page_images import Grey

MANY = (
    80  # dots of a page on which answers are written over leaders; a table of contents has more, a form's note fewer
)
_DOT = 2.0  # points: no higher, nor wider unless two dots ran together
_GAP = 3.6  # points of paper between two dots of one leader
_LEVEL = 0.9  # points by which neighbouring dots may stand higher or lower
_RUN = 5  # dots that make a leader; an ellipsis has three
_LONG = 13.0  # points of dots run together that make one too


@dataclass(frozen=True)
class Leaders:
    """The leaders of a page: ``mask`` is 255 on their dots, ``dots`` how many there are."""

    mask: Grey
    dots: int


@dataclass(frozen=True)
class _Dot:
    label: int
    x0: float
    x1: float
    y: float


def leaders_of(ink: Grey, scale: float) -> Leaders:
    """The dots in rows of five or more, evenly close; ``ink`` is 255 on ink, ``scale`` pixels to the point."""
    _, labels, stats, centres = cv2.connectedComponentsWithStats(ink)
    doomed = np.zeros(len(stats), bool)
    dots = 0
    for run in _runs(_dots(np.asarray(stats), np.asarray(centres), scale), scale):
        if len(run) >= _RUN or run[-1].x1 - run[0].x0 >= _LONG * scale:
            doomed[[dot.label for dot in run]] = True
            dots += max(len(run), round((run[-1].x1 - run[0].x0) / (3 * scale)))
    return Leaders(np.asarray(doomed[labels] * np.uint8(255), np.uint8), dots)


def without_leaders(pixels: Grey, leaders: Leaders) -> Grey:
    """The picture (evenly lit: its paper is white) with the dots painted over."""
    wide = cv2.dilate(leaders.mask, np.ones((5, 5), np.uint8))
    return np.asarray(np.where(wide > 0, np.uint8(245), pixels), np.uint8)


def _dots(stats: npt.NDArray[Any], centres: npt.NDArray[Any], scale: float) -> list[_Dot]:
    """The specks low enough, from left to right; those of one dot's height may be several run together."""
    found = []
    for label in range(1, len(stats)):
        x, _, width, height, area = stats[label].tolist()
        low = height <= _DOT * scale
        if low and area >= 2 and (width <= _DOT * scale or width >= 2.2 * height):
            found.append(_Dot(label, x, x + width, float(centres[label][1])))
    return sorted(found, key=lambda dot: dot.x0)


def _runs(dots: Sequence[_Dot], scale: float) -> list[list[_Dot]]:
    """The dots dealt into rows: each follows the row whose last dot is just before it, on its level."""
    runs: list[list[_Dot]] = []
    open_runs: list[list[_Dot]] = []
    for dot in dots:
        open_runs = [run for run in open_runs if dot.x0 - run[-1].x1 <= _GAP * scale]
        near = [run for run in open_runs if abs(run[-1].y - dot.y) <= _LEVEL * scale and run[-1].x1 <= dot.x0 + 1]
        if near:
            min(near, key=lambda run: abs(run[-1].y - dot.y)).append(dot)
        else:
            open_runs.append([dot])
            runs.append(open_runs[-1])
    return runs
