"""Where people sign: the boxes that a template marks, measured in the PDF, and the empty fields put on them.

A template prints the name of the field (``sign1-stagiaire``) in small type inside the cell; the cell's drawn
borders are the box. Fields are top-level and empty, so that any signing tool, or a pen, can fill them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import pdfplumber
from pdfplumber.page import Page
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from pipeline.documents.pieces import SignatureBox
from pipeline.documents.proof import page_texts
from pipeline.errors import TemplateError
from pipeline.models import Box

_ANCHOR = re.compile(r"(?:d\d+-)?sign\d+-[a-z]+")
_INSET = 2.0  # points between the drawn border and the field
_SMALLEST = (90.0, 40.0)  # a signature needs about 32 × 14 mm


def find_boxes(pdf: bytes, anchors: Sequence[str], template: str) -> tuple[SignatureBox, ...]:
    """The measured box of each anchor, in the order asked; raises TemplateError if one is missing or twice there."""
    found: dict[str, SignatureBox] = {}
    texts = page_texts(pdf)
    wanted = [number for number, text in enumerate(texts, 1) if _ANCHOR.search(text)]
    if wanted:
        with pdfplumber.open(io.BytesIO(pdf), pages=wanted) as document:
            for page in document.pages:
                for word in page.extract_words():
                    if word["text"] not in anchors:
                        continue
                    if word["text"] in found:
                        raise TemplateError(f"{template} prints the signature mark {word['text']} twice. Keep one.")
                    found[word["text"]] = _measure(page, word["text"], word, template)
    for anchor in anchors:
        if anchor not in found:
            raise TemplateError(
                f"{template} has no signature cell for {anchor}. Put {{{{ s.ancre }}}} in the cell, inside the loop "
                "over signataires."
            )
    return tuple(found[anchor] for anchor in anchors)


def _measure(page: Page, name: str, word: dict[str, float], template: str) -> SignatureBox:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    cells: list[Box] = [
        cell
        for table in page.find_tables()
        for cell in table.cells
        if cell[0] <= x <= cell[2] and cell[1] <= y <= cell[3]
    ]
    if not cells:
        raise TemplateError(f"{template}: the cell of {name} has no borders on its four sides. Draw them in Word.")
    x0, top, x1, bottom = min(cells, key=lambda cell: (cell[2] - cell[0]) * (cell[3] - cell[1]))
    if x1 - x0 < _SMALLEST[0] or bottom - top < _SMALLEST[1]:
        raise TemplateError(
            f"{template}: the cell of {name} is {x1 - x0:.0f} × {bottom - top:.0f} points, too small to sign in "
            f"(at least {_SMALLEST[0]:.0f} × {_SMALLEST[1]:.0f}). Make its row higher in Word."
        )
    height = float(page.height)
    box = (x0 + _INSET, height - bottom + _INSET, x1 - _INSET, height - top - _INSET)
    return SignatureBox(name, name.rsplit("-", maxsplit=1)[-1], page.page_number, _round(box))


def _round(box: Box) -> Box:
    x0, y0, x1, y1 = box
    return round(x0, 1), round(y0, 1), round(x1, 1), round(y1, 1)


def add_fields(pdf: bytes, boxes: Sequence[SignatureBox]) -> bytes:
    """The same PDF with one empty signature field for each box, in that order."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    for box in boxes:
        x0, y0, x1, y1 = map(round, box.box)
        append_signature_field(writer, SigFieldSpec(box.name, on_page=box.page - 1, box=(x0, y0, x1, y1)))
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()
