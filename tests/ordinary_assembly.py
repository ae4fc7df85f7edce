"""The ordinary way to a packet, as a reference for tests and benchmarks: pdfplumber, pypdf, reportlab, pyHanko.

It was this project's own way at first: cells found with pdfplumber, pages merged with pypdf, page numbers drawn by
reportlab and laid over, fields appended by pyHanko, and every file rewritten at the end.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Sequence

import pdfplumber
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, ByteStringObject, NameObject, NumberObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from pipeline.documents.binding.assembly import packet_boxes
from pipeline.documents.binding.pieces import Document, SignatureBox
from pipeline.forms.fonts import register_font


def measured_cells(
    pdf: bytes, anchors: Sequence[str], pages: list[int] | None = None
) -> dict[str, list[tuple[float, ...] | None]]:
    """For each mark, the page and the inset box of each cell that holds it; None where pdfplumber sees no cell."""
    found: dict[str, list[tuple[float, ...] | None]] = {}
    with pdfplumber.open(io.BytesIO(pdf), pages=pages) as document:
        for page in document.pages:
            words = [word for word in page.extract_words() if word["text"] in anchors]
            cells = [cell for table in page.find_tables() for cell in table.cells] if words else []
            for word in words:
                x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
                around = [cell for cell in cells if cell[0] <= x <= cell[2] and cell[1] <= y <= cell[3]]
                box = None
                if around:
                    x0, top, x1, bottom = min(around, key=lambda cell: (cell[2] - cell[0]) * (cell[3] - cell[1]))
                    height = float(page.height)
                    box = (page.page_number, x0 + 2, height - bottom + 2, x1 - 2, height - top - 2)
                found.setdefault(word["text"], []).append(box)
    return found


def assemble(documents: Sequence[Document], *, title: str, packet_id: str, on: dt.date) -> bytes:
    """The packet, without QR code, as several libraries make it one after the other."""
    writer = PdfWriter()
    for document in documents:
        start = len(writer.pages)
        writer.append(PdfReader(io.BytesIO(document.pdf)), import_outline=False)
        writer.add_outline_item(title=document.title, page_number=start)
    _number_pages(writer, packet_id)
    merged = _write(writer, title=title, on=on)
    boxes = packet_boxes(documents)
    return settle(add_fields(merged, boxes), title=title, on=on) if boxes else merged


def settle(pdf: bytes, *, title: str, on: dt.date) -> bytes:
    """The PDF rewritten with fixed dates and a fixed identifier."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    form = writer.root_object.get("/AcroForm")
    if form is not None:
        form.get_object()[NameObject("/SigFlags")] = NumberObject(3)
    return _write(writer, title=title, on=on)


def add_fields(pdf: bytes, boxes: Sequence[SignatureBox]) -> bytes:
    """The PDF with pyHanko's empty fields appended."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    for box in boxes:
        x0, y0, x1, y1 = map(round, box.box)
        append_signature_field(writer, SigFieldSpec(box.name, on_page=box.page - 1, box=(x0, y0, x1, y1)))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _number_pages(writer: PdfWriter, packet_id: str) -> None:
    total = len(writer.pages)
    font = register_font()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=True, initialFontName=font)
    for number, page in enumerate(writer.pages, 1):
        width = float(page.mediabox.width)
        canvas.setPageSize((width, float(page.mediabox.height)))
        canvas.setFont(font, 6.5)
        canvas.setFillGray(0.45)
        canvas.drawRightString(width - 28, 14, f"Liasse {packet_id} · p. {number}/{total}")
        canvas.showPage()
    canvas.save()
    for page, overlay in zip(writer.pages, PdfReader(buffer).pages, strict=True):
        page.merge_page(overlay)


def _write(writer: PdfWriter, *, title: str, on: dt.date) -> bytes:
    stamp = f"D:{on:%Y%m%d}000000Z"
    writer.metadata = {"/Title": title, "/Producer": "liasse", "/CreationDate": stamp, "/ModDate": stamp}
    writer.root_object[NameObject("/Lang")] = TextStringObject("fr-FR")
    writer.pdf_header = "%PDF-1.7"
    digest = hashlib.sha256(f"{title}|{stamp}".encode()).digest()[:16]
    writer._ID = ArrayObject([ByteStringObject(digest), ByteStringObject(digest)])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
