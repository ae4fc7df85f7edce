"""A packet as anyone would write it: docxtpl, one soffice a document, pypdf, reportlab, pyHanko; nothing is proved.

It is favoured: its profile is kept, the places of fields and codes are given to it instead of being searched for, and
its Python stays from one packet to the next.
"""

from __future__ import annotations

import io
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import segno
from docxtpl import DocxTemplate
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from pipeline.core.grammar import nobreak
from pipeline.documents.libreoffice.ligatures import without_ligatures

PROFILE = "profile"
_A4 = (595.3, 841.9)
_CODE = 46  # points, with a rim of four modules


def make(
    templates: Mapping[str, Path], context: Mapping[str, Any], anchors: Sequence[str], number: str, place: Path
) -> Path:
    """The packet written in ``place``; returns its path."""
    writer = PdfWriter()
    unmarked = spaced({**context, "signataires": [{**one, "ancre": ""} for one in context["signataires"]]})
    for name, template in templates.items():
        docx = fill(template, unmarked, place / f"{name}.docx")
        writer.append(PdfReader(convert(docx, place)), import_outline=False)
    number_pages(writer, number)
    buffer = io.BytesIO()
    writer.write(buffer)
    target = place / "liasse.pdf"
    target.write_bytes(with_fields(buffer, anchors))
    return target


def spaced(value: Any) -> Any:
    """The same values with French spaces, as ours prints them, so that lines break alike."""
    if isinstance(value, Mapping):
        return {name: spaced(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [spaced(one) for one in value]
    return nobreak(value) if isinstance(value, str) else value


def fill(template: Path, context: Mapping[str, Any], target: Path) -> Path:
    """The Word file, filled by docxtpl, and without ligatures as ours, so that the pages can be compared."""
    document = DocxTemplate(template)
    document.render(dict(context), autoescape=True)
    document.save(target)
    target.write_bytes(without_ligatures(target.read_bytes()))
    return target


def convert(source: Path, place: Path) -> Path:
    """The PDF of one Word file, by one soffice with the profile beside ``place``."""
    profile = f"-env:UserInstallation={(place.parent / PROFILE).as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(place), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return source.with_suffix(".pdf")


def number_pages(writer: PdfWriter, number: str) -> None:
    """Page numbers and the code at the foot of each page."""
    total = len(writer.pages)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=_A4)
    for page in range(1, total + 1):
        canvas.setFont("Helvetica", 6.5)
        words = f"Dossier 2024-001, version 1 - Liasse {number} - p. {page}/{total}"
        canvas.drawRightString(_A4[0] - 28, 14, words)
        _draw_code(canvas, f"LIASSE/2024-001/1/{number}/{page}/{total}".upper())
        canvas.showPage()
    canvas.save()
    for page, overlay in zip(writer.pages, PdfReader(buffer).pages, strict=True):
        page.merge_page(overlay)


def _draw_code(canvas: Canvas, text: str) -> None:
    rows = tuple(segno.make(text, error="m", micro=False).matrix)
    module = _CODE / (len(rows) + 8)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                x, y = 8 + (across + 4) * module, 8 + (len(rows) + 3 - down) * module
                canvas.rect(x, y, module, module, stroke=0, fill=1)


def with_fields(pdf: io.BytesIO, anchors: Sequence[str]) -> bytes:
    """The PDF with four empty signature fields on its fourth page."""
    writer = IncrementalPdfFileWriter(pdf)
    for row, anchor in enumerate(anchors):
        box = (300, 300 - 50 * row, 520, 346 - 50 * row)
        append_signature_field(writer, SigFieldSpec(anchor, on_page=3, box=box))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
