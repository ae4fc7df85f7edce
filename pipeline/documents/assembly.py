"""One PDF out of many: pages in order, bookmarks, continuous numbers, signature fields, nothing left to chance.

What LibreOffice writes from the clock (dates, identifiers) is replaced, so that the same input gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Sequence
from dataclasses import replace

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, ByteStringObject, NameObject, NumberObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from pipeline.documents.fonts import register_font
from pipeline.documents.pieces import Document, SignatureBox
from pipeline.documents.signatures import add_fields
from pipeline.errors import ConversionError

_HEADER = "%PDF-1.7"
_SIGNATURES_EXIST_APPEND_ONLY = 3  # /SigFlags: what a reader must keep when someone signs
_NUMBER_SIZE = 6.5
_FOOT = 14.0  # points between the page's edge and the continuous number


def assemble(documents: Sequence[Document], *, title: str, packet_id: str, on: dt.date) -> bytes:
    """The packet's ``liasse.pdf``: every piece, one bookmark each, « Liasse p. 5/17 », and the signature fields."""
    writer = PdfWriter()
    for document in documents:
        start = len(writer.pages)
        writer.append(PdfReader(io.BytesIO(document.pdf)), import_outline=False)
        writer.add_outline_item(title=document.title, page_number=start)
    _number_pages(writer, packet_id)
    merged = _write(writer, title=title, identity=packet_id, on=on)
    boxes = packet_boxes(documents)
    if not boxes:
        return merged
    return _settle(add_fields(merged, boxes), title=title, identity=packet_id, on=on)


def packet_boxes(documents: Sequence[Document]) -> tuple[SignatureBox, ...]:
    """The signature boxes of all the pieces, with their page numbers in the packet, in signing order."""
    boxes: list[SignatureBox] = []
    before = 0
    for document in documents:
        boxes.extend(replace(box, page=box.page + before) for box in document.boxes)
        before += document.pages
    return tuple(boxes)


def settle_piece(pdf: bytes, *, title: str, on: dt.date) -> bytes:
    """One piece on its own, with a fixed date and identifier instead of the clock's."""
    return _settle(pdf, title=title, identity=title, on=on)


def _settle(pdf: bytes, *, title: str, identity: str, on: dt.date) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    form = writer.root_object.get("/AcroForm")
    if form is not None:
        form.get_object()[NameObject("/SigFlags")] = NumberObject(_SIGNATURES_EXIST_APPEND_ONLY)
    return _write(writer, title=title, identity=identity, on=on)


def _write(writer: PdfWriter, *, title: str, identity: str, on: dt.date) -> bytes:
    stamp = f"D:{on:%Y%m%d}000000Z"
    writer.metadata = {
        "/Title": title, "/Producer": "liasse", "/Creator": "liasse", "/CreationDate": stamp, "/ModDate": stamp,
    }  # fmt: skip
    writer.root_object[NameObject("/Lang")] = TextStringObject("fr-FR")
    writer.pdf_header = _HEADER
    digest = hashlib.sha256(f"{identity}|{title}|{stamp}".encode()).digest()[:16]
    # pypdf can only make random identifiers; ours must come from the content.
    writer._ID = ArrayObject([ByteStringObject(digest), ByteStringObject(digest)])  # noqa: SLF001
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _number_pages(writer: PdfWriter, packet_id: str) -> None:
    total = len(writer.pages)
    font = register_font()
    buffer = io.BytesIO()
    # The default, Helvetica, would stand in the packet without being embedded.
    canvas = Canvas(buffer, invariant=True, initialFontName=font)  # type: ignore[arg-type]
    for number, page in enumerate(writer.pages, 1):
        width = float(page.mediabox.width)
        canvas.setPageSize((width, float(page.mediabox.height)))
        canvas.setFont(font, _NUMBER_SIZE)
        canvas.setFillGray(0.45)
        canvas.drawRightString(width - 28, _FOOT, f"Liasse {packet_id} · p. {number}/{total}")
        canvas.showPage()
    canvas.save()
    overlay = PdfReader(buffer)
    if len(overlay.pages) != total:
        raise ConversionError(f"{total} pages to number, {len(overlay.pages)} numbers drawn.")
    for page, number_page in zip(writer.pages, overlay.pages, strict=True):
        page.merge_page(number_page)
