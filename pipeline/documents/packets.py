"""Record → Packet: the pieces in order, filled, converted, proved and assembled."""

from __future__ import annotations

import datetime as dt
import json
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict
from itertools import chain, islice

from pipeline import __version__
from pipeline.decisions import Decisions
from pipeline.documents.context import House
from pipeline.documents.control import control_context
from pipeline.documents.drafts import CONTROL, Draft, draft_control, draft_pieces, packet_pieces, sha256
from pipeline.documents.libreoffice import convert_each
from pipeline.documents.pieces import Packet
from pipeline.dossier import Comparison
from pipeline.models import Form, Record
from pipeline.workspace import Workspace


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
    with closing(_converted(chain(drafts, sheet), pdfa=pdfa)) as pdfs:
        first = next(pdfs)
        from pipeline.documents import finishing  # noqa: PLC0415 -- heavy: LibreOffice is at work on the next ones

        pieces = islice(chain([first], pdfs), len(packet_pieces(record, house)))
        papers = [finishing.finish(draft, pdf, on, pdfa=pdfa) for draft, pdf in pieces]
        bound = finishing.bind(papers, number, on, pdfa=pdfa)
        control = finishing.finish(*next(pdfs), on, pdfa=pdfa)  # LibreOffice made it meanwhile
    return finishing.packet_of(
        papers, bound, control, identity=identity, record=record, form=form, house=house, on=on
    )


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
