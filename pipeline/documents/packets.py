"""Record → Packet: the pieces in order, filled, converted, proved and assembled."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline import __version__
from pipeline.decisions import Decisions
from pipeline.documents.assembly import assemble, packet_boxes, settle_piece
from pipeline.documents.context import Context, House, build_context, signing_parties
from pipeline.documents.control import control_context
from pipeline.documents.filling import Filled, fill
from pipeline.documents.libreoffice import convert_each
from pipeline.documents.manifest import as_json, manifest, signature_plan
from pipeline.documents.marks import code_places
from pipeline.documents.opened import Opened
from pipeline.documents.pieces import Document, Packet
from pipeline.documents.proof import require_printed
from pipeline.documents.signatures import find_boxes
from pipeline.dossier import Comparison
from pipeline.formation import Piece
from pipeline.models import Form, Record
from pipeline.workspace import Workspace

CONTROL = "commun/controle.docx"
_SLUG = re.compile(r"[^\w-]+")


@dataclass(frozen=True)
class Draft:
    """A piece that was filled, not yet converted."""

    piece: Piece
    number: int
    filled: Filled | None
    own_pdf: bytes | None
    signing: tuple[Context, ...]
    template: str
    template_sha256: str


def packet_pieces(record: Record, house: House) -> tuple[Piece, ...]:
    """The pieces that this record calls for, in the formation's order."""
    spoken = {verdict.rule for verdict in record.verdicts if verdict.problems}
    regime = record.get("stagiaire.regime")
    return tuple(
        piece
        for piece in house.formation.pieces()
        if piece.belongs_to(regime) and (piece.only_if_rule is None or piece.only_if_rule in spoken)
    )


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
        "templates": [_sha256((workspace.templates / name).read_bytes()) for name in templates],
        "liasse": __version__,
    }
    return _sha256(json.dumps(identity, sort_keys=True, default=str, ensure_ascii=False).encode())[:16]


def make_packet(
    record: Record, form: Form, *, house: House, workspace: Workspace, decisions: Decisions, on: dt.date,
    since: Comparison | None = None,
) -> Packet:  # fmt: skip
    """Make every file of a packet, in memory; ``on`` is the day of edition, ``since`` what a new version changes.

    Raises TemplateError (a template, or a printed value that is not on the paper), ConversionError, ToolMissing.
    """
    identity = packet_id(record, house=house, workspace=workspace, decisions=decisions, on=on, since=since)
    number = identity[:8]
    pieces = packet_pieces(record, house)
    context = build_context(record, house, number=number, on=on, pieces=pieces)
    control = fill(
        workspace.templates / CONTROL,
        context | {"controle": control_context(record, form, house=house, number=number, on=on, since=since)},
        title=f"Feuille de contrôle {number}",
    )
    pdfa = house.formation.pdfa
    sheet, made = _converted(control, _fill_pieces(pieces, context, house, workspace), on, pdfa=pdfa)
    documents = [document for _, document in made]
    people = {party["role"]: party for draft, _ in made for party in draft.signing}
    files: dict[str, bytes] = {
        "liasse.pdf": assemble(documents, title=f"Liasse de stage {number}", packet_id=number, on=on, pdfa=pdfa),
        "controle.pdf": settle_piece(sheet, title=f"Feuille de contrôle {number}", on=on, pdfa=pdfa),
        "record.json": as_json(record.data),
        "signature.json": as_json(signature_plan(documents, people)),
    }
    for draft, document in made:
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


def draft_pieces(
    record: Record, house: House, workspace: Workspace, *, number: str, on: dt.date
) -> tuple[Context, tuple[Draft, ...]]:
    """Fill every piece and convert none: what they print, and the drafts in order; raises TemplateError."""
    pieces = packet_pieces(record, house)
    context = build_context(record, house, number=number, on=on, pieces=pieces)
    return context, tuple(_fill_pieces(pieces, context, house, workspace))


def packet_folder(record: Record, number: str) -> Path:
    """``<formation>/<annee>/<NOM-Prenom_id8>``: the only path that holds a name, and the name is made safe."""
    name = f"{_slug(record.get('stagiaire.nom')).upper()}-{_slug(record.get('stagiaire.prenom'))}"
    return Path(str(record.get("formation.code")), str(record.get("formation.annee")), f"{name[:60]}_{number}")


def _slug(text: str) -> str:
    return _SLUG.sub("-", unicodedata.normalize("NFC", text)).strip("-_") or "X"


def _fill_pieces(pieces: Sequence[Piece], context: Context, house: House, workspace: Workspace) -> Iterator[Draft]:
    """The drafts in order, each filled when it is wanted."""
    parties = house.formation.signataires(context["stagiaire"]["regime"])
    signed = 0
    for number, piece in enumerate(pieces, 1):
        signed += bool(piece.signataires)
        prefix = "" if signed <= 1 else f"d{signed}-"
        signing = tuple(signing_parties(piece, parties, context, prefix=prefix))
        template = workspace.templates / piece.template
        own_pdf = workspace.templates / piece.pdf if piece.pdf else None
        if own_pdf and own_pdf.is_file():
            data = own_pdf.read_bytes()
            yield Draft(piece, number, None, data, (), piece.pdf or "", _sha256(data))
            continue
        values = {"piece": {"code": piece.code, "titre": piece.title, "numero": number}, "signataires": signing}
        filled = fill(template, context | values, title=piece.title)
        yield Draft(piece, number, filled, None, signing, piece.template, _sha256(template.read_bytes()))


def _converted(
    control: Filled, drafts: Iterable[Draft], on: dt.date, *, pdfa: bool
) -> tuple[bytes, list[tuple[Draft, Document]]]:
    """The control sheet as PDF, and the pieces: one is filled and another proved while LibreOffice has a third."""
    begun: dict[str, Draft] = {}

    def word_files() -> Iterator[tuple[str, bytes]]:
        yield CONTROL, control.docx
        for draft in drafts:
            name = f"{draft.number} {draft.template}"
            begun[name] = draft
            if draft.filled:
                yield name, draft.filled.docx

    made: dict[str, Document] = {}
    with closing(convert_each(word_files(), pdfa=pdfa)) as pdfs:
        _, sheet = next(pdfs)
        with Opened(sheet) as opened:
            require_printed(control.printed, opened, CONTROL)
        for name, pdf in pdfs:
            made[name] = _document(begun[name], pdf, on, pdfa=pdfa)
    return sheet, [
        (draft, made.get(name) or _document(draft, draft.own_pdf or b"", on, pdfa=pdfa))
        for name, draft in begun.items()
    ]


def _document(draft: Draft, pdf: bytes, on: dt.date, *, pdfa: bool) -> Document:
    anchors = [party["ancre"] for party in draft.signing]
    with Opened(pdf) as opened:
        if draft.filled:
            require_printed(draft.filled.printed, opened, draft.template)
        boxes = find_boxes(opened, anchors, draft.template) if anchors else ()
        codes = code_places(opened, boxes)
        pages = len(opened)
    return Document(
        code=draft.piece.code,
        title=draft.piece.title,
        docx=draft.filled.docx if draft.filled else None,
        pdf=settle_piece(pdf, title=draft.piece.title, on=on, pdfa=pdfa),
        pages=pages,
        template=draft.template,
        template_sha256=draft.template_sha256,
        boxes=boxes,
        codes=codes,
    )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
