"""Table-cell detection on a PDF page: the cell around a point, by the lines and rectangles that are drawn.

Borders that lie within three points of each other are one border, at their mean: a shaded cell and its line are
drawn side by side. Positions are PDF points from the bottom left.
"""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from pipeline.core.models import Box

_NEAR = 3.0  # points: borders this close are one border, and their ends meet
_LEVEL = 0.05  # points: what a stored line may deviate from the vertical or horizontal


class Edge(NamedTuple):
    """A border: where it lies (x of an upright one, y of a level one), and from where to where it goes."""

    at: float
    start: float
    end: float

    def spans(self, start: float, end: float) -> bool:
        """Whether it goes all the way, within three points."""
        return self.start <= start + _NEAR and self.end >= end - _NEAR


class Edges(NamedTuple):
    """The borders drawn on one page."""

    upright: tuple[Edge, ...]
    level: tuple[Edge, ...]

    def cell_around(self, x: float, y: float) -> Box | None:
        """The smallest cell, closed on its four sides, that holds the point."""
        left, right = _beside(self.upright, x, y)
        below, above = _beside(self.level, y, x)
        best: Box | None = None
        for west, east, south, north in itertools.product(left, right, below, above):
            if best is not None and _area((west.at, south.at, east.at, north.at)) >= _area(best):
                continue
            upright = west.spans(south.at, north.at) and east.spans(south.at, north.at)
            if upright and south.spans(west.at, east.at) and north.spans(west.at, east.at):
                best = (west.at, south.at, east.at, north.at)
        return best


def drawn_edges(page: Any) -> Edges:  # noqa: ANN401 -- a pypdfium2 page: it ships no types
    """The borders that a page draws, by line or by rectangle."""
    upright: list[Edge] = []
    level: list[Edge] = []
    for (x0, y0), (x1, y1) in _segments(page.raw):
        if abs(x0 - x1) <= _LEVEL:
            upright.append(Edge(x0, min(y0, y1), max(y0, y1)))
        elif abs(y0 - y1) <= _LEVEL:
            level.append(Edge(y0, min(x0, x1), max(x0, x1)))
    return Edges(tuple(_joined(upright)), tuple(_joined(level)))


def occupied(page: Any) -> tuple[Box, ...]:  # noqa: ANN401 -- a pypdfium2 page
    """The boxes of all that a page draws: texts, lines, pictures."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    return tuple(
        (left.value, bottom.value, right.value, top.value)
        for item in _objects(page.raw)
        if pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    )


def _objects(page: Any) -> Iterator[Any]:  # noqa: ANN401 -- a raw handle of pdfium
    for number in range(pdfium.FPDFPage_CountObjects(page)):
        yield pdfium.FPDFPage_GetObject(page, number)


def _segments(page: Any) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:  # noqa: ANN401 -- a raw handle
    """Each straight piece of each painted path: clipping paths are not among a page's objects."""
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    for item in _objects(page):
        if pdfium.FPDFPageObj_GetType(item) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        pdfium.FPDFPath_GetDrawMode(item, filled, stroked)
        if filled.value or stroked.value:
            yield from _straight(item)


def _straight(path: Any) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:  # noqa: ANN401 -- a raw handle
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(path, matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for number in range(pdfium.FPDFPath_CountSegments(path)):
        segment = pdfium.FPDFPath_GetPathSegment(path, number)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield last, point
        last = point
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield last, start


def _joined(edges: Iterable[Edge]) -> Iterator[Edge]:
    """Borders that lie together as one, those that touch end to end as one, and no crumbs."""
    for group in _together(sorted(edges)):
        at = sum(edge.at for edge in group) / len(group)
        start, end = group[0].start, group[0].end
        for edge in sorted(group, key=lambda edge: edge.start):
            if edge.start > end + _NEAR:
                yield Edge(at, start, end)
                start = edge.start
                end = edge.end
            start, end = min(start, edge.start), max(end, edge.end)
        yield Edge(at, start, end)


def _together(edges: Sequence[Edge]) -> Iterator[list[Edge]]:
    group: list[Edge] = []
    for edge in edges:
        if group and edge.at - group[-1].at > _NEAR:
            yield group
            group = []
        group.append(edge)
    if group:
        yield group


def _beside(edges: Iterable[Edge], at: float, along: float) -> tuple[list[Edge], list[Edge]]:
    """The borders before and after a point that pass it, the nearest first."""
    passing = [edge for edge in edges if edge.start <= along <= edge.end and edge.end - edge.start >= _NEAR]
    before = sorted((edge for edge in passing if edge.at <= at), reverse=True)
    return before, sorted(edge for edge in passing if edge.at >= at)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
