"""Word files of a packet: the pieces that a record calls for, filled one by one when they are wanted."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.core.decisions import Joined
from pipeline.core.models import Record, Refused, Severity, Who, get
from pipeline.core.programme import Programme
from pipeline.core.units import ONLY_UNIT, Piece
from pipeline.core.workspace import Workspace
from pipeline.documents.annexes import listings
from pipeline.documents.filling import Filled, fill
from pipeline.documents.filling.composing import template_sha256
from pipeline.documents.own_pdfs import inert_pdf
from pipeline.documents.sources import Source
from pipeline.documents.template_context import Context, build_context, signing_parties

CONTROL = "commun/controle.docx"


@dataclass(frozen=True)
class Draft:
    """A paper before it is a PDF: the Word file that was filled, or a PDF as it was given; who signs it, where."""

    code: str
    title: str
    number: int
    template: str
    template_sha256: str
    filled: Filled | None = None
    own_pdf: bytes | None = None
    signing: tuple[Context, ...] = ()
    unit: str | None = ONLY_UNIT
    joined: Joined | None = None


def packet_pieces(record: Record | Refused, programme: Programme) -> tuple[Piece, ...]:
    """The pieces that this record calls for, in order; in a projet, without those whose PDF is missing.

    A piece of a rule (``si_regle``) is made where the rule found something; of remarks, one to the stagiaire calls
    for what they are handed, any other for a joined file only.
    """
    spoken = {verdict.rule for verdict in record.verdicts if verdict.problems}
    asked = {
        verdict.rule
        for verdict in record.verdicts
        if any(one.severity is not Severity.INFO or one.who is Who.STAGIAIRE for one in verdict.problems)
    }
    regime = get(record.data, "stagiaire.regime")
    return tuple(
        piece
        for piece in programme.formation.pieces()
        if piece.belongs_to(regime)
        and (piece.only_if_rule is None or piece.only_if_rule in (spoken if piece.joined else asked))
        and piece.pdf not in programme.formation.absent
    )


def draft_pieces(
    pieces: Sequence[Piece],
    sources: Sequence[Source],
    record: Record,
    programme: Programme,
    *,
    number: str,
    on: dt.date,
) -> tuple[Context, Iterator[Draft]]:
    """What pieces print, and the drafts in order, each filled when it is asked for, which raises TemplateError."""
    context = build_context(record, programme, number=number, on=on, pieces=pieces)
    return context, _drafts(tuple(zip(pieces, sources, strict=True)), context, programme)


def draft_control(context: Context, workspace: Workspace, *, number: str) -> Iterator[Draft]:
    """The control sheet alone, filled when it is asked for."""
    title = f"Feuille de contrôle {number}"
    template = workspace.model(CONTROL)
    filled = fill(template, context, title=title, beside=workspace.beside(template))
    yield Draft("controle", title, 0, CONTROL, control_sha256(workspace), filled)


def control_sha256(workspace: Workspace) -> str:
    """What the template of the control sheet is known by, with the files that it names; raises TemplateError."""
    template = workspace.model(CONTROL)
    return template_sha256(template.read_bytes(), workspace.beside(template))


def _drafts(pieces: Sequence[tuple[Piece, Source]], context: Context, programme: Programme) -> Iterator[Draft]:
    minor = context["statut"]["mineur"]
    parties = programme.formation.signataires(context["stagiaire"]["regime"], minor=minor)
    told = listings([piece for piece, _ in pieces], programme.formation.units)
    signed: Counter[str | None] = Counter()  # papers that are signed, by unit
    for number, (piece, source) in enumerate(pieces, 1):
        about: dict[str, Any] = {"unit": piece.unit, "joined": source.joined}
        if not source.is_word:
            own = inert_pdf(source.read(), piece.title)
            yield Draft(piece.code, piece.title, number, source.name, source.sha256, own_pdf=own, **about)
            continue
        signed[piece.unit] += bool(piece.signataires)
        prefix = "" if signed[piece.unit] <= 1 else f"d{signed[piece.unit]}-"
        signing = tuple(signing_parties(piece, parties, context, prefix=prefix))
        values = {"piece": {"code": piece.code, "titre": piece.title, "numero": number}, "signataires": signing}
        filled = fill(source.path, context | values | told[number - 1], title=piece.title, beside=source.beside)
        yield Draft(piece.code, piece.title, number, source.name, source.sha256, filled, signing=signing, **about)
