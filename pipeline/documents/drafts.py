"""Word files of a packet: the pieces that a record calls for, filled one by one when they are wanted."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.formation import Piece, source_file
from pipeline.core.models import Record
from pipeline.core.programme import Programme
from pipeline.core.workspace import Workspace
from pipeline.documents.filling import Filled, fill
from pipeline.documents.template_context import Context, build_context, signing_parties

CONTROL = "commun/controle.docx"


@dataclass(frozen=True)
class Draft:
    """A paper before it is a PDF: the Word file that was filled, or the formation's own PDF; who signs it."""

    code: str
    title: str
    number: int
    template: str
    template_sha256: str
    filled: Filled | None = None
    own_pdf: bytes | None = None
    signing: tuple[Context, ...] = ()


def packet_pieces(record: Record, programme: Programme) -> tuple[Piece, ...]:
    """The pieces that this record calls for, in order; in a projet, without those whose PDF is missing."""
    spoken = {verdict.rule for verdict in record.verdicts if verdict.problems}
    regime = record.get("stagiaire.regime")
    return tuple(
        piece
        for piece in programme.formation.pieces()
        if piece.belongs_to(regime)
        and (piece.only_if_rule is None or piece.only_if_rule in spoken)
        and piece.pdf not in programme.formation.absent
    )


def source_of(piece: Piece) -> str:
    """The name of what a piece is made of: a PDF of the school or the formation, or a Word template."""
    return piece.pdf or piece.template


def path_of(name: str, workspace: Workspace) -> Path:
    """Where that file is: Word templates are those of ``templates/``, a PDF may be the school's own."""
    return source_file(workspace, name) if name.endswith(".pdf") else workspace.templates / name


def draft_pieces(
    pieces: Sequence[Piece], record: Record, programme: Programme, workspace: Workspace, *, number: str, on: dt.date
) -> tuple[Context, Iterator[Draft]]:
    """What pieces print, and the drafts in order, each filled when it is asked for, which raises TemplateError."""
    context = build_context(record, programme, number=number, on=on, pieces=pieces)
    return context, _drafts(pieces, context, programme, workspace)


def draft_control(context: Context, workspace: Workspace, *, number: str) -> Iterator[Draft]:
    """The control sheet alone, filled when it is asked for."""
    title = f"Feuille de contrôle {number}"
    template = workspace.templates / CONTROL
    filled = fill(template, context, title=title)
    yield Draft("controle", title, 0, CONTROL, sha256(template.read_bytes()), filled)


def _drafts(pieces: Sequence[Piece], context: Context, programme: Programme, workspace: Workspace) -> Iterator[Draft]:
    parties = programme.formation.signataires(context["stagiaire"]["regime"])
    signed = 0
    for number, piece in enumerate(pieces, 1):
        signed += bool(piece.signataires)
        source = source_of(piece)
        template = path_of(source, workspace)
        if source == piece.pdf:
            data = template.read_bytes()
            yield Draft(piece.code, piece.title, number, source, sha256(data), own_pdf=data)
            continue
        prefix = "" if signed <= 1 else f"d{signed}-"
        signing = tuple(signing_parties(piece, parties, context, prefix=prefix))
        values = {"piece": {"code": piece.code, "titre": piece.title, "numero": number}, "signataires": signing}
        filled = fill(template, context | values, title=piece.title)
        yield Draft(piece.code, piece.title, number, source, sha256(template.read_bytes()), filled, signing=signing)


def sha256(data: bytes) -> str:
    """What these bytes are known by."""
    return hashlib.sha256(data).hexdigest()
