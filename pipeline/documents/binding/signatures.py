"""Signature fields: the boxes that a template marks, measured in the PDF, and the AcroForm fields put on them.

A template prints the name of the field (``sign1-stagiaire``) in small type inside the cell; the cell's drawn
borders are the box. Fields are top-level and empty, so that any signing tool, or a pen, can fill them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf
import pypdfium2.raw as pdfium

from pipeline.core.errors import TemplateError
from pipeline.core.models import Box
from pipeline.core.timing import step
from pipeline.documents.binding.drawn_cells import Edges, drawn_edges
from pipeline.documents.binding.pieces import SignatureBox
from pipeline.documents.opened import Opened

_INSET = 2.0  # points between the drawn border and the field
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
            for x, y in _places(opened.layers[number], anchor):
                if anchor in found:
                    raise TemplateError(f"{template} prints the signature mark {anchor} twice. Keep one.")
                box = _measure(edges, anchor, x, y, template)
                found[anchor] = SignatureBox(anchor, anchor.rsplit("-", maxsplit=1)[-1], number + 1, box)
    for anchor in anchors:
        if anchor not in found:
            raise TemplateError(
                f"{template} has no signature cell for {anchor}. Put {{{{ s.ancre }}}} in the cell, inside the loop "
                "over signataires."
            )
    return tuple(found[anchor] for anchor in anchors)


def _places(layer: Any, anchor: str) -> Iterator[tuple[float, float]]:  # noqa: ANN401 -- a pypdfium2 text layer
    """The middle of the mark, wherever it stands as a word of its own."""
    search = layer.search(anchor, match_case=True)
    try:
        while (hit := search.get_next()) is not None:
            start, length = hit
            if not (_in_word(layer, start - 1) or _in_word(layer, start + length)):
                boxes = [layer.get_charbox(start), layer.get_charbox(start + length - 1)]
                yield (boxes[0][0] + boxes[1][2]) / 2, (boxes[0][1] + boxes[0][3]) / 2
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
        raise TemplateError(f"{template}: the cell of {name} has no borders on its four sides. Draw them in Word.")
    x0, bottom, x1, top = cell
    if x1 - x0 < _SMALLEST[0] or top - bottom < _SMALLEST[1]:
        raise TemplateError(
            f"{template}: the cell of {name} is {x1 - x0:.0f} × {top - bottom:.0f} points, too small to sign in "
            f"(at least {_SMALLEST[0]:.0f} × {_SMALLEST[1]:.0f}). Make its row higher in Word."
        )
    inside = (x0 + _INSET, bottom + _INSET, x1 - _INSET, top - _INSET)
    return round(inside[0], 1), round(inside[1], 1), round(inside[2], 1), round(inside[3], 1)


def add_fields(pdf: pikepdf.Pdf, boxes: Sequence[SignatureBox]) -> None:
    """Put one empty signature field for each box into an open packet, in that order.

    Field and widget are one object, on its page's /Annots and in the form's /Fields, with an appearance that shows
    nothing (PDF/A wants one). A tool that signs appends to the file, and the other fields stay as they are.
    """
    fields = pikepdf.Array()
    for box in boxes:
        page = pdf.pages[box.page - 1].obj
        x0, y0, x1, y1 = map(round, box.box)
        nothing = pdf.make_stream(
            b"",
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
                F=_PRINT_AND_LOCKED,
                P=page,
                Rect=[x0, y0, x1, y1],
                AP=pikepdf.Dictionary(N=nothing),
            )
        )
        page.Annots = pikepdf.Array([*page.get("/Annots", ()), field])
        fields.append(field)
    pdf.Root.AcroForm = pdf.make_indirect(pikepdf.Dictionary(Fields=fields, SigFlags=SIGNATURES_EXIST_APPEND_ONLY))
