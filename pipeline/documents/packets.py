"""Record → Packet: the pieces in order, filled, converted, proved and assembled."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict
from itertools import chain, islice
from pathlib import Path

from pipeline import __version__
from pipeline.decisions import Decisions
from pipeline.documents.assembly import assemble, packet_boxes, settle_piece
from pipeline.documents.context import House
from pipeline.documents.control import control_context
from pipeline.documents.drafts import CONTROL, Draft, draft_control, draft_pieces, packet_pieces, sha256
from pipeline.documents.libreoffice import convert_each
from pipeline.documents.manifest import as_json, manifest, signature_plan
from pipeline.documents.marks import code_places
from pipeline.documents.opened import Opened
from pipeline.documents.pieces import Document, Packet
from pipeline.documents.proof import require_printed
from pipeline.documents.signatures import find_boxes
from pipeline.dossier import Comparison
from pipeline.models import Form, Record
from pipeline.workspace import Workspace

_SLUG = re.compile(r"[^\w-]+")


def packet_id(
    record: Record, *, house: House, workspace: Workspace, decisions: Decisions, on: dt.date, since: Comparison | None
) -> str:
    """Sixteen digits that stand for all that decides the packet's bytes: form, decisions, settings, templates."""
    templates = [piece.template for piece in packet_pieces(record, house)] + [CONTROL]
    identity = {
        "form": record.reading.sha256,
        "record": record.data,
        "decisions": asdict(decisions),
        "verdicts": [asdict(verdict) for verdict in record.verdicts],
        "on": on,
        "since": asdict(since) if since else None,
        "formation": house.formation.sha256,
        "schema": house.dictionary.version,
        "templates": [sha256((workspace.templates / name).read_bytes()) for name in templates],
        "liasse": __version__,
    }
    return sha256(json.dumps(identity, sort_keys=True, default=str, ensure_ascii=False).encode())[:16]


def make_packet(
    record: Record, form: Form, *, house: House, workspace: Workspace, decisions: Decisions, on: dt.date,
    since: Comparison | None = None,
) -> Packet:  # fmt: skip
    """Make every file of a packet, in memory; ``on`` is the day of edition, ``since`` what a new version changes.

    Raises TemplateError (a template, or a printed value that is not on the paper), ConversionError, ToolMissing.
    """
    identity = packet_id(record, house=house, workspace=workspace, decisions=decisions, on=on, since=since)
    number = identity[:8]
    context, drafts = draft_pieces(record, house, workspace, number=number, on=on)
    about = control_context(record, form, house=house, number=number, on=on, since=since)
    sheet = draft_control(context | {"controle": about}, workspace, number=number)
    pdfa = house.formation.pdfa
    with closing(_converted(chain(drafts, sheet), pdfa=pdfa)) as papers:
        pieces = [
            (draft, _document(draft, pdf, on, pdfa=pdfa))
            for draft, pdf in islice(papers, len(packet_pieces(record, house)))
        ]
        documents = [document for _, document in pieces]
        packet = assemble(documents, title=f"Liasse de stage {number}", packet_id=number, on=on, pdfa=pdfa)
        control = _document(*next(papers), on, pdfa=pdfa)  # LibreOffice made it meanwhile
    people = {party["role"]: party for draft, _ in pieces for party in draft.signing}
    files: dict[str, bytes] = {
        "liasse.pdf": packet,
        "controle.pdf": control.pdf,
        "record.json": as_json(record.data),
        "signature.json": as_json(signature_plan(documents, people)),
    }
    for draft, document in pieces:
        name = f"pieces/{draft.number:02d}-{document.code}"
        files[f"{name}.pdf"] = document.pdf
        if document.docx is not None:
            files[f"{name}.docx"] = document.docx
    files["manifest.json"] = as_json(
        manifest(identity, record, form, house=house, documents=documents, files=files, on=on)
    )
    return Packet(
        id=identity,
        folder=packet_folder(record, number),
        files=files,
        pages=sum(document.pages for document in documents),
        signature_names=tuple(box.name for box in packet_boxes(documents)),
    )


def packet_folder(record: Record, number: str) -> Path:
    """``<formation>/<annee>/<NOM-Prenom_id8>``: the only path that holds a name, and the name is made safe."""
    name = f"{_slug(record.get('stagiaire.nom')).upper()}-{_slug(record.get('stagiaire.prenom'))}"
    return Path(str(record.get("formation.code")), str(record.get("formation.annee")), f"{name[:60]}_{number}")


def _slug(text: str) -> str:
    return _SLUG.sub("-", unicodedata.normalize("NFC", text)).strip("-_") or "X"


def _converted(drafts: Iterable[Draft], *, pdfa: bool) -> Generator[tuple[Draft, bytes], None, None]:
    """Each draft with its PDF, in order: one is filled and another looked at while LibreOffice has a third."""
    begun: deque[Draft] = deque()

    def word_files() -> Iterator[tuple[str, bytes]]:
        for draft in drafts:
            begun.append(draft)
            if draft.filled:
                yield f"{draft.number} ({draft.template})", draft.filled.docx

    def own_pdfs() -> Iterator[tuple[Draft, bytes]]:
        while begun and begun[0].own_pdf is not None:
            draft = begun.popleft()
            yield draft, draft.own_pdf or b""

    with closing(convert_each(word_files(), pdfa=pdfa)) as pdfs:
        for _, pdf in pdfs:
            yield from own_pdfs()
            yield begun.popleft(), pdf
    yield from own_pdfs()


def _document(draft: Draft, pdf: bytes, on: dt.date, *, pdfa: bool) -> Document:
    """A paper proved, measured and settled."""
    anchors = [party["ancre"] for party in draft.signing]
    with Opened(pdf) as opened:
        if draft.filled:
            require_printed(draft.filled.printed, opened, draft.template)
        boxes = find_boxes(opened, anchors, draft.template) if anchors else ()
        codes = code_places(opened, boxes)
        pages = len(opened)
    return Document(
        code=draft.code,
        title=draft.title,
        docx=draft.filled.docx if draft.filled else None,
        pdf=settle_piece(pdf, title=draft.title, on=on, pdfa=pdfa),
        pages=pages,
        template=draft.template,
        template_sha256=draft.template_sha256,
        boxes=boxes,
        codes=codes,
    )
