"""Drafts and their PDFs → the files of a packet: each paper proved, measured and settled, then all put together."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.core.models import Edition, Form, Record, packet_number
from pipeline.core.programme import Programme
from pipeline.core.units import Unit
from pipeline.documents.binding.assembly import assemble, packet_boxes, settle_piece
from pipeline.documents.binding.code_places import code_places
from pipeline.documents.binding.manifest import as_json, manifest, signature_plan
from pipeline.documents.binding.marks import Stamp
from pipeline.documents.binding.pieces import BoundUnit, CodePlace, Document, Packet, SignatureBox
from pipeline.documents.binding.signatures import find_boxes
from pipeline.documents.binding.watermark import watermarked
from pipeline.documents.drafts import Draft
from pipeline.documents.filed import folder_of
from pipeline.documents.filling.unmarked import without_words
from pipeline.documents.opened import Opened
from pipeline.documents.proof import require_printed

Paper = tuple[Draft, Document]
_SLUG = re.compile(r"[^\w-]+")


@dataclass(frozen=True)
class _Measured:
    """What was found on the pages of a paper: their count, its signature boxes, an empty place for each code."""

    pages: int
    boxes: tuple[SignatureBox, ...] = ()
    codes: tuple[CodePlace, ...] = ()


def finish(
    draft: Draft, pdf: bytes, on: dt.date, *, pdfa: bool, unsigned: bool = False, stamp: Stamp | None = None
) -> Paper:
    """A paper on which every printed value was found, its boxes measured; raises TemplateError where one is not.

    ``unsigned``: a paper of a projet, with its watermark and without a box. ``stamp`` marks the pages of a paper that
    is handed out apart, bound in no PDF of the packet.
    """
    measured = _Measured(draft.joined.pages) if draft.joined else _measured(draft, pdf)
    document = Document(
        code=draft.code,
        title=draft.title,
        docx=without_words(draft.filled.docx, _labels(draft)) if draft.filled and not unsigned else None,
        pdf=settle_piece(
            watermarked(pdf, draft.title) if unsigned else pdf,
            title=draft.title,
            on=on,
            pdfa=pdfa,
            boxes=measured.boxes,
            stamp=replace(stamp, packet=f"{stamp.packet}-{draft.number:02d}")
            if stamp and draft.unit is None
            else None,
            codes=measured.codes,
        ),
        pages=measured.pages,
        template=draft.template,
        template_sha256=draft.template_sha256,
        boxes=() if unsigned else measured.boxes,
        codes=measured.codes,
        unit=draft.unit,
        joined=draft.joined,
    )
    return draft, document


def _labels(draft: Draft) -> dict[str, str]:
    """The mark of each signature box, and what a screen reader says of its field."""
    return {party["ancre"]: f"Signature : {party['titre']} ({draft.title})" for party in draft.signing}


def _measured(draft: Draft, pdf: bytes) -> _Measured:
    """What stands on the pages of one of our papers; a stranger's is never opened here, only bound."""
    labels = _labels(draft)
    with Opened(pdf) as opened:
        if draft.filled:
            require_printed(draft.filled.printed, opened, draft.template)
        found = find_boxes(opened, tuple(labels), draft.template) if labels else ()
        boxes = tuple(replace(box, label=labels[box.name]) for box in found)
        return _Measured(len(opened), boxes, code_places(opened))


def bind(
    papers: Sequence[Paper], units: Sequence[Unit], stamp: Stamp, on: dt.date, *, pdfa: bool, unsigned: bool = False
) -> tuple[BoundUnit, ...]:
    """Each signing unit that has a piece in this packet: its pieces in order, with page numbers, codes and fields."""
    held = [(unit, tuple(document for _, document in papers if document.unit == unit.code)) for unit in units]
    bound = [(unit, documents) for unit, documents in held if documents]
    return tuple(
        BoundUnit(
            unit,
            documents,
            assemble(
                documents,
                title=f"{'Projet : ' if unsigned else ''}{unit.title} {stamp.packet}",
                packet_id=f"{stamp.packet}-{number}" if len(bound) > 1 else stamp.packet,
                on=on,
                edition=stamp.edition,
                pdfa=pdfa,
            ),
        )
        for number, (unit, documents) in enumerate(bound, 1)
    )


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
        folder=packet_folder(record, packet_number(identity)),
        files=files,
        pages=sum(bound.pages for bound in units),
        signature_names=tuple(box.name for bound in units for box in packet_boxes(bound.documents)),
        missing=tuple(problem.message for problem in record.lacks),
    )


def packet_folder(record: Record, number: str) -> Path:
    """``<formation>/<annee>/<NOM-Prenom_id12>``: the only path that holds a name, and the name is made safe."""
    name = f"{_slug(record.get('stagiaire.nom')).upper()}-{_slug(record.get('stagiaire.prenom'))}"
    return Path(str(record.get("formation.code")), str(record.get("formation.annee")), f"{name[:60]}_{number}")


def _slug(text: str) -> str:
    return _SLUG.sub("-", unicodedata.normalize("NFC", text)).strip("-_") or "X"
