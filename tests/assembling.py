"""Pieces as they come out of LibreOffice, for tests and benchmarks of what comes after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import people

from pipeline.core.decisions import Decisions
from pipeline.core.models import Record
from pipeline.core.programme import Programme
from pipeline.core.workspace import Workspace
from pipeline.documents.binding.assembly import settle_piece
from pipeline.documents.binding.code_places import code_places
from pipeline.documents.binding.pieces import Document
from pipeline.documents.binding.signatures import find_boxes
from pipeline.documents.drafts import draft_pieces, packet_pieces
from pipeline.documents.libreoffice import convert
from pipeline.documents.opened import Opened
from pipeline.documents.sources import source_of

ROOT = Path(__file__).parent.parent
NUMBER = "0badcafe"


@dataclass(frozen=True)
class Raw:
    """One piece fresh from LibreOffice: its PDF, what was printed in it, the marks of who signs it."""

    code: str
    title: str
    template: str
    pdf: bytes
    printed: tuple[str, ...]
    anchors: tuple[str, ...]


def raw_pieces(record: Record, programme: Programme, workspace: Workspace, *, pdfa: bool = False) -> tuple[Raw, ...]:
    """Every piece of the record's packet, filled and converted for real."""
    pieces = packet_pieces(record, programme)
    sources = [source_of(piece, workspace, Decisions()) for piece in pieces]
    drafts = tuple(draft_pieces(pieces, sources, record, programme, number=NUMBER, on=people.TODAY)[1])
    pdfs = convert({str(draft.number): draft.filled.docx for draft in drafts if draft.filled}, pdfa=pdfa)
    return tuple(
        Raw(
            code=draft.code,
            title=draft.title,
            template=draft.template,
            pdf=pdfs[str(draft.number)],
            printed=tuple(draft.filled.printed),
            anchors=tuple(party["ancre"] for party in draft.signing),
        )
        for draft in drafts
        if draft.filled
    )


def finished(raws: Sequence[Raw], *, pdfa: bool = False) -> tuple[Document, ...]:
    """The same pieces, measured and settled: what ``assemble`` is given."""
    return tuple(document(raw.pdf, raw.title, raw.anchors, code=raw.code, pdfa=pdfa) for raw in raws)


def document(
    pdf: bytes, title: str, anchors: Sequence[str] = (), *, code: str = "piece", pdfa: bool = False
) -> Document:
    """A PDF as a piece of a packet."""
    with Opened(pdf) as opened:
        boxes = find_boxes(opened, anchors, title)
        codes = code_places(opened)
        pages = len(opened)
    settled = settle_piece(pdf, title=title, on=people.TODAY, pdfa=pdfa, boxes=boxes)
    return Document(code, title, None, settled, pages, title, "0" * 64, boxes, codes)
