"""The same packet by the functions that ``liasse batch`` calls: filled, converted, proved, measured, put together."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.documents.binding.assembly import assemble, settle_piece
from pipeline.documents.binding.marks import code_places
from pipeline.documents.binding.pieces import Document
from pipeline.documents.binding.signatures import find_boxes
from pipeline.documents.filling import Filled, fill
from pipeline.documents.libreoffice import convert_each
from pipeline.documents.opened import Opened
from pipeline.documents.proof import require_printed
from pipeline.ledger.spool import publish

DAY = dt.date(2025, 3, 17)
SIGNED = "convention"


def make(
    templates: Mapping[str, Path], context: Mapping[str, Any], anchors: Sequence[str], number: str, place: Path
) -> Path:
    """The packet and its pieces written in ``place``, on the disk for good; returns the packet's path."""
    filled: dict[str, Filled] = {}

    def word_files() -> Iterator[tuple[str, bytes]]:
        for name, template in templates.items():
            filled[name] = fill(template, context, title=name.capitalize())
            yield name, filled[name].docx

    documents = [
        _document(name, filled[name], pdf, anchors if name == SIGNED else (), templates[name])
        for name, pdf in convert_each(word_files())
    ]
    packet = assemble(documents, title=f"Liasse {number}", packet_id=number, on=DAY)
    files = {"liasse.pdf": packet, "manifest.json": hashlib.sha256(packet).hexdigest().encode()}
    for document in documents:
        files[f"pieces/{document.code}.pdf"] = document.pdf
        files[f"pieces/{document.code}.docx"] = document.docx or b""
    publish(place, files, manifest="manifest.json")
    return place / "liasse.pdf"


def _document(name: str, filled: Filled, pdf: bytes, anchors: Sequence[str], template: Path) -> Document:
    with Opened(pdf) as opened:
        require_printed(filled.printed, opened, name)
        boxes = find_boxes(opened, anchors, name) if anchors else ()
        codes = code_places(opened, boxes)
        pages = len(opened)
    title = name.capitalize()
    settled = settle_piece(pdf, title=title, on=DAY)
    sha256 = hashlib.sha256(template.read_bytes()).hexdigest()
    return Document(name, title, filled.docx, settled, pages, name, sha256, boxes, codes)
