"""Drafts and their PDFs → the files of a packet: each paper proved, measured and settled, then all put together."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.core.models import Edition, Form, Record
from pipeline.core.programme import Programme
from pipeline.core.units import Unit
from pipeline.documents.binding.assembly import assemble, code_places, packet_boxes, settle_piece
from pipeline.documents.binding.manifest import as_json, manifest, signature_plan
from pipeline.documents.binding.pieces import BoundUnit, Document, Packet
from pipeline.documents.binding.signatures import find_boxes
from pipeline.documents.binding.watermark import watermarked
from pipeline.documents.drafts import Draft
from pipeline.documents.filed import folder_of
from pipeline.documents.opened import Opened
from pipeline.documents.proof import require_printed

Paper = tuple[Draft, Document]
_SLUG = re.compile(r"[^\w-]+")


def finish(draft: Draft, pdf: bytes, on: dt.date, *, pdfa: bool, unsigned: bool = False) -> Paper:
    """A paper on which every printed value was found, its boxes measured; raises TemplateError where one is not.

    ``unsigned``: a paper of a projet, with its watermark and without a box.
    """
    if draft.joined:  # a stranger's: no more is done with it here than to bind it
        return draft, _document(draft, pdf, draft.joined.pages, on, pdfa=pdfa, unsigned=unsigned)
    anchors = [] if unsigned else [party["ancre"] for party in draft.signing]
    with Opened(pdf) as opened:
        if draft.filled:
            require_printed(draft.filled.printed, opened, draft.template)
        boxes = find_boxes(opened, anchors, draft.template) if anchors else ()
        codes = code_places(opened, boxes)
        pages = len(opened)
    return draft, replace(_document(draft, pdf, pages, on, pdfa=pdfa, unsigned=unsigned), boxes=boxes, codes=codes)


def _document(draft: Draft, pdf: bytes, pages: int, on: dt.date, *, pdfa: bool, unsigned: bool) -> Document:
    return Document(
        code=draft.code,
        title=draft.title,
        docx=draft.filled.docx if draft.filled and not unsigned else None,
        pdf=settle_piece(watermarked(pdf, draft.title) if unsigned else pdf, title=draft.title, on=on, pdfa=pdfa),
        pages=pages,
        template=draft.template,
        template_sha256=draft.template_sha256,
        unit=draft.unit,
        joined=draft.joined,
    )


def bind(
    papers: Sequence[Paper], units: Sequence[Unit], number: str, on: dt.date, *, pdfa: bool, unsigned: bool = False
) -> tuple[BoundUnit, ...]:
    """Each signing unit that has a piece in this packet: its pieces in order, with page numbers, codes and fields."""
    bound = []
    for unit in units:
        documents = tuple(document for _, document in papers if document.unit == unit.code)
        title = f"{'Projet : ' if unsigned else ''}{unit.title} {number}"
        if documents:
            pdf = assemble(documents, title=title, packet_id=number, on=on, pdfa=pdfa)
            bound.append(BoundUnit(unit, documents, pdf))
    return tuple(bound)


def packet_of(
    papers: Sequence[Paper],
    units: Sequence[BoundUnit],
    control: Paper,
    *,
    identity: str,
    edition: Edition,
    record: Record,
    form: Form,
    programme: Programme,
    on: dt.date,
) -> Packet:
    """Every file by name: the bound units, the control sheet, the pieces alone, what was read and who signs."""
    documents = [document for _, document in papers]
    people = {party["role"]: party for draft, _ in papers for party in draft.signing}
    files: dict[str, bytes] = {
        **{bound.unit.file: bound.pdf for bound in units},
        "controle.pdf": control[1].pdf,
        "record.json": as_json(record.data),
        "signature.json": as_json(signature_plan(units, people, draft=bool(record.lacks))),
    }
    for draft, document in papers:
        name = f"{folder_of(document.unit)}/{draft.number:02d}-{document.code}"
        files[f"{name}.pdf"] = document.pdf
        if document.docx is not None:
            files[f"{name}.docx"] = document.docx
    files["manifest.json"] = as_json(
        manifest(
            identity,
            edition,
            record,
            form,
            programme=programme,
            documents=documents,
            units=units,
            files=files,
            on=on,
        )
    )
    return Packet(
        id=identity,
        folder=packet_folder(record, identity[:8]),
        files=files,
        pages=sum(bound.pages for bound in units),
        signature_names=tuple(box.name for bound in units for box in packet_boxes(bound.documents)),
        missing=tuple(problem.message for problem in record.lacks),
    )


def packet_folder(record: Record, number: str) -> Path:
    """``<formation>/<annee>/<NOM-Prenom_id8>``: the only path that holds a name, and the name is made safe."""
    name = f"{_slug(record.get('stagiaire.nom')).upper()}-{_slug(record.get('stagiaire.prenom'))}"
    return Path(str(record.get("formation.code")), str(record.get("formation.annee")), f"{name[:60]}_{number}")


def _slug(text: str) -> str:
    return _SLUG.sub("-", unicodedata.normalize("NFC", text)).strip("-_") or "X"
