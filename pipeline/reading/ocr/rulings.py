"""Line and leader removal: found to bound a table’s cells, then taken off so that engines read between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.core.models import Box
from pipeline.reading.ocr.page_images import Grey, PageImage

MANY = (
    80  # dots of a page on which answers are written over leaders; a table of contents has more, a form's note fewer
)
# Points, chosen over the scans of tests/layouts: the dots of leaders, and lines, are printed alike in any type.
_DOT = 2.0  # no higher, nor wider unless two dots ran together
_GAP = 3.6  # of paper between two dots of one leader
_LEVEL = 0.9  # by which neighbouring dots may stand higher or lower
_RUN = 5  # dots that make a leader; an ellipsis has three
_LONG = 13.0  # of dots run together that make one too


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


_MIN_LEVEL = 45.0  # points: the feet of a word's letters, joined by noise, are shorter
_MIN_UPRIGHT = 22.0  # points: taller than any letter
_MIN_SIDE = 9.0  # points: of the upright sides of a field one line high
_THICK = 3.0  # points: the thickest line that bounds a cell; thicker ones are bars of colour
_PALE = 215  # grey, on paper evened to 245: faint ink, but not the grain of a clean page
_SPECK = 0.3  # square points: two pixels at 200 dpi; a pale full stop still has three


@dataclass(frozen=True)
class Rulings:
    """The straight lines of a page, as thin boxes in points."""

    level: tuple[Box, ...]
    upright: tuple[Box, ...]


def ink_of(pixels: Grey) -> Grey:
    """Where there is ink: 255 on dark pixels, 0 on paper, after the lighting was evened."""
    level, _ = cv2.threshold(pixels, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    cut = float(np.clip(level, 110, 205))  # a nearly blank page has no two levels to tell apart
    return np.asarray(cv2.threshold(pixels, cut, 255, cv2.THRESH_BINARY_INV)[1], np.uint8)


def _line_mask(ink: Grey, scale: float, *, level: bool) -> Grey:
    long, gap = round((_MIN_LEVEL if level else _MIN_UPRIGHT) * scale), 3
    kernel = np.ones((1, long) if level else (long, 1), np.uint8)
    bridge = np.ones((2, gap) if level else (gap, 2), np.uint8)  # a line that slopes a little is made of steps
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, bridge)
    return np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, kernel), np.uint8)


def rulings_of(page: PageImage, ink: Grey) -> Rulings:
    """The straight lines of at least 22 points (45 across) drawn on the page."""
    return Rulings(_boxes(page, ink, level=True), _boxes(page, ink, level=False))


def _boxes(page: PageImage, ink: Grey, *, level: bool) -> tuple[Box, ...]:
    mask = _line_mask(ink, page.scale, level=level)
    join = round(5 * page.scale)
    joined = cv2.dilate(mask, np.ones((3, join) if level else (join, 3), np.uint8))
    stats = cv2.connectedComponentsWithStats(joined)[2]
    return tuple(
        (x / page.scale, y / page.scale, (x + width) / page.scale, (y + height) / page.scale)
        for x, y, width, height, _ in stats[1:].tolist()
        if (height if level else width) / page.scale <= _THICK + 4
    )


def _sides(ink: Grey, level: Grey, scale: float) -> Grey:
    """The short uprights that join two level lines: the sides of a small field, which engines read as « [ »."""
    kernel = np.ones((round(_MIN_SIDE * scale), 1), np.uint8)
    strokes = np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel), np.uint8)
    near = cv2.dilate(level, np.ones((round(1.5 * scale) * 2 + 1, 3), np.uint8)) > 0
    _, labels, stats, _ = cv2.connectedComponentsWithStats(strokes)
    joined = np.zeros(len(stats), bool)
    for index, (x, y, width, height, _) in enumerate(stats.tolist()):
        if index and width <= _THICK * scale:
            span = slice(x, x + width)
            joined[index] = bool(near[y, span].any() and near[y + height - 1, span].any())
    return np.asarray(joined[labels] * np.uint8(255), np.uint8)


def without_rulings(pixels: Grey, ink: Grey, scale: float) -> Grey:
    """The picture with its ruling lines painted white, and the grain of its paper too."""
    level, upright = (_line_mask(ink, scale, level=kind) for kind in (True, False))
    upright = np.maximum(upright, _sides(ink, level, scale))
    wide = cv2.dilate(level, np.ones((7, 3), np.uint8)), cv2.dilate(upright, np.ones((3, 7), np.uint8))
    lines = np.maximum(*wide)
    paper = float(np.median(pixels))
    grain = 1.48 * float(np.median(np.abs(pixels.astype(np.float32) - paper)))  # a standard deviation, letters aside
    pale = (np.asarray(pixels < min(_PALE, paper - 4 * grain)) & np.asarray(lines == 0)).astype(
        np.uint8
    )  # a faint dot is still a dot
    _, labels, stats, _ = cv2.connectedComponentsWithStats(pale)
    kept = stats[:, cv2.CC_STAT_AREA] >= _SPECK * scale**2
    kept[0] = False
    near = cv2.dilate(kept[labels].astype(np.uint8), np.ones((5, 5), np.uint8))
    return np.asarray(np.where((near > 0) & (lines == 0), pixels, 255), np.uint8)
