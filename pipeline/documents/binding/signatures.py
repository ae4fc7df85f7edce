"""Signature fields: the boxes that a template marks, measured in the PDF, and the AcroForm fields put on them.

A template prints the name of the field (``sign1-stagiaire``) in small type inside the cell; the cell's drawn
borders are the box. Fields are top-level and empty, so that any signing tool, or a pen, can fill them. Borders that
lie within three points of each other are one, at their mean: a shaded cell and its line are drawn side by side.
Positions are PDF points from the bottom left.
"""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import pikepdf
import pypdfium2.raw as pdfium

from pipeline.core.errors import TemplateError
from pipeline.core.models import Box
from pipeline.core.timing import step
from pipeline.documents.binding.pieces import SignatureBox
from pipeline.documents.opened import Opened

_INSET = 2.0  # points between the drawn border and the field
_A_MM = 72 / 25.4  # points
_SMALLEST = (90.0, 40.0)  # a signature needs about 32 × 14 mm
_PRINT_AND_LOCKED = 132  # /F: on paper too, and nobody moves the box
SIGNATURES_EXIST_APPEND_ONLY = 3  # /SigFlags: what a reader must keep when someone signs


@step("proof")
def find_boxes(opened: Opened, anchors: Sequence[str], template: str) -> tuple[SignatureBox, ...]:
    """The measured box of each anchor, in the order asked; raises TemplateError if one is missing or twice there."""
    found: dict[str, SignatureBox] = {}
    for number, text in enumerate(opened.texts):
        here = [anchor for anchor in anchors if anchor in text]
        edges = drawn_edges(opened.pages[number]) if here else None
        for anchor in here:
            for x, y, tag in _places(opened.layers[number], anchor):
                if anchor in found:
                    raise TemplateError(
                        f"{template} imprime deux fois la marque de signature {anchor} : gardez-en une."
                    )
                box = _measure(edges, anchor, x, y, template)
                found[anchor] = SignatureBox(anchor, anchor.rsplit("-", maxsplit=1)[-1], number + 1, box, tag)
    for anchor in anchors:
        if anchor not in found:
            raise TemplateError(
                f"{template} n’a pas de case de signature pour {anchor} : mettez {{{{ s.ancre }}}} dans la case, "
                "dans la boucle sur signataires."
            )
    return tuple(found[anchor] for anchor in anchors)


def _places(layer: Any, anchor: str) -> Iterator[tuple[float, float, int | None]]:  # noqa: ANN401 -- pypdfium2's
    """The middle of the mark and the marked content it is in, wherever it stands as a word of its own."""
    search = layer.search(anchor, match_case=True)
    try:
        while (hit := search.get_next()) is not None:
            start, length = hit
            if not (_in_word(layer, start - 1) or _in_word(layer, start + length)):
                boxes = [layer.get_charbox(start), layer.get_charbox(start + length - 1)]
                shown = pdfium.FPDFText_GetTextObject(layer.raw, start)
                tag = pdfium.FPDFPageObj_GetMarkedContentID(shown)
                yield (boxes[0][0] + boxes[1][2]) / 2, (boxes[0][1] + boxes[0][3]) / 2, tag if tag >= 0 else None
    finally:
        search.close()


def _in_word(layer: Any, index: int) -> bool:  # noqa: ANN401 -- a pypdfium2 text layer
    """Whether a character that can be seen stands there: ``d2-sign1-stagiaire`` is not ``sign1-stagiaire``."""
    if not 0 <= index < layer.count_chars():
        return False
    return not chr(pdfium.FPDFText_GetUnicode(layer.raw, index)).isspace()


def _measure(edges: Edges | None, name: str, x: float, y: float, template: str) -> Box:
    cell = edges.cell_around(x, y) if edges else None
    if cell is None:
        raise TemplateError(
            f"{template} : la case de {name} n’a pas de bordure sur ses quatre côtés : tracez-les dans Word."
        )
    x0, bottom, x1, top = cell
    if x1 - x0 < _SMALLEST[0] or top - bottom < _SMALLEST[1]:
        raise TemplateError(
            f"{template} : la case de {name} fait {_mm(x1 - x0, top - bottom)}, trop peu pour signer (au moins "
            f"{_mm(*_SMALLEST)}) : agrandissez-la dans Word."
        )
    inside = (x0 + _INSET, bottom + _INSET, x1 - _INSET, top - _INSET)
    return round(inside[0], 1), round(inside[1], 1), round(inside[2], 1), round(inside[3], 1)


def _mm(width: float, height: float) -> str:
    return f"{width / _A_MM:.0f} × {height / _A_MM:.0f} mm"


def add_fields(pdf: pikepdf.Pdf, boxes: Sequence[SignatureBox]) -> list[pikepdf.Object]:
    """Put one empty signature field for each box into an open packet, in that order; returns them.

    Field and widget are one object, on its page's /Annots and in the form's /Fields, with an appearance that shows
    nothing (PDF/A wants one). A tool that signs appends to the file, and the other fields stay as they are.
    """
    fields = pikepdf.Array()
    for box in boxes:
        page = pdf.pages[box.page - 1].obj
        x0, y0, x1, y1 = map(round, box.box)
        nothing = pdf.make_stream(
            b"q\nQ\n",  # Ghostscript takes an empty stream for a damaged one
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Form,
            BBox=[0, 0, x1 - x0, y1 - y0],
            Resources=pikepdf.Dictionary(),
        )
        field = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Sig,
                T=box.name,
                TU=box.label or box.name,
                F=_PRINT_AND_LOCKED,
                P=page,
                Rect=[x0, y0, x1, y1],
                AP=pikepdf.Dictionary(N=nothing),
            )
        )
        page.Annots = pikepdf.Array([*page.get("/Annots", ()), field])
        fields.append(field)
    pdf.Root.AcroForm = pdf.make_indirect(pikepdf.Dictionary(Fields=fields, SigFlags=SIGNATURES_EXIST_APPEND_ONLY))
    return list(fields.as_list())


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


def meet(one: Box, other: Box) -> bool:
    """Whether two boxes have a place in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


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
