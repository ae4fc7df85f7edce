"""Drafts and their PDFs → the files of a packet: each paper proved, measured and settled, then all put together."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.core.models import Edition, Form, Record, packet_number
from pipeline.core.programme import Programme
from pipeline.documents.binding.assembly import assemble, packet_boxes, settle_piece
from pipeline.documents.binding.code_places import code_places
from pipeline.documents.binding.manifest import as_json, manifest, signature_plan
from pipeline.documents.binding.pieces import Document, Packet
from pipeline.documents.binding.signatures import find_boxes
from pipeline.documents.drafts import Draft
from pipeline.documents.filling.unmarked import without_words
from pipeline.documents.opened import Opened
from pipeline.documents.proof import require_printed

Paper = tuple[Draft, Document]
_SLUG = re.compile(r"[^\w-]+")


def finish(draft: Draft, pdf: bytes, on: dt.date, *, pdfa: bool) -> Paper:
    """A paper on which every printed value was found, its boxes measured; raises TemplateError where one is not."""
    labels = {party["ancre"]: f"Signature : {party['titre']} ({draft.title})" for party in draft.signing}
    with Opened(pdf) as opened:
        if draft.filled:
            require_printed(draft.filled.printed, opened, draft.template)
        found = find_boxes(opened, tuple(labels), draft.template) if labels else ()
        codes = code_places(opened)
        pages = len(opened)
    boxes = tuple(replace(box, label=labels[box.name]) for box in found)
    return draft, Document(
        code=draft.code,
        title=draft.title,
        docx=without_words(draft.filled.docx, labels) if draft.filled else None,
        pdf=settle_piece(pdf, title=draft.title, on=on, pdfa=pdfa, boxes=boxes),
        pages=pages,
        template=draft.template,
        template_sha256=draft.template_sha256,
        boxes=boxes,
        codes=codes,
    )


def bind(papers: Sequence[Paper], number: str, on: dt.date, *, pdfa: bool, edition: Edition | None = None) -> bytes:
    """``liasse.pdf``: the pieces in order, with page numbers, codes, bookmarks and signature fields."""
    documents = [document for _, document in papers]
    title = f"Liasse de stage {number}"
    return assemble(documents, title=title, packet_id=number, on=on, edition=edition, pdfa=pdfa)


def packet_of(
    papers: Sequence[Paper],
    bound: bytes,
    control: Paper,
    *,
    identity: str,
    edition: Edition,
    record: Record,
    form: Form,
    programme: Programme,
    on: dt.date,
) -> Packet:
    """Every file by name: the bound packet, the control sheet, the pieces alone, what was read and who signs."""
    documents = [document for _, document in papers]
    people = {party["role"]: party for draft, _ in papers for party in draft.signing}
    files: dict[str, bytes] = {
        "liasse.pdf": bound,
        "controle.pdf": control[1].pdf,
        "record.json": as_json(record.data),
        "signature.json": as_json(signature_plan(documents, people)),
    }
    for draft, document in papers:
        name = f"pieces/{draft.number:02d}-{document.code}"
        files[f"{name}.pdf"] = document.pdf
        if document.docx is not None:
            files[f"{name}.docx"] = document.docx
    files["manifest.json"] = as_json(
        manifest(identity, edition, record, form, programme=programme, documents=documents, files=files, on=on)
    )
    return Packet(
        id=identity,
        folder=packet_folder(record, packet_number(identity)),
        files=files,
        pages=sum(document.pages for document in documents),
        signature_names=tuple(box.name for box in packet_boxes(documents)),
    )


def packet_folder(record: Record, number: str) -> Path:
    """``<formation>/<annee>/<NOM-Prenom_id12>``: the only path that holds a name, and the name is made safe."""
    name = f"{_slug(record.get('stagiaire.nom')).upper()}-{_slug(record.get('stagiaire.prenom'))}"
    return Path(str(record.get("formation.code")), str(record.get("formation.annee")), f"{name[:60]}_{number}")


def _slug(text: str) -> str:
    return _SLUG.sub("-", unicodedata.normalize("NFC", text)).strip("-_") or "X"
