"""Record → Packet: the pieces in order, filled, converted, proved and assembled."""

from __future__ import annotations

import datetime as dt
import json
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from itertools import chain, islice

from pipeline import __version__
from pipeline.decisions import Decisions
from pipeline.documents.binding.pieces import Packet
from pipeline.documents.context import House
from pipeline.documents.control import control_context
from pipeline.documents.drafts import (
    CONTROL,
    Draft,
    draft_control,
    draft_pieces,
    packet_pieces,
    sha256,
    source_of,
)
from pipeline.documents.libreoffice import convert_each
from pipeline.dossier import Comparison
from pipeline.errors import ConfigError, ConversionError, Transient
from pipeline.models import Form, Record
from pipeline.workspace import Workspace

_MAKING = 2  # raised when the same input makes other bytes


def packet_id(
    record: Record, *, house: House, templates: Sequence[str], decisions: Decisions, on: dt.date,
    since: Comparison | None,
) -> str:  # fmt: skip
    """Sixteen digits that stand for all that decides the packet's bytes: form, decisions, settings, templates."""
    identity = {
        "form": record.reading.sha256,
        "record": record.data,
        "decisions": asdict(decisions),
        "verdicts": [asdict(verdict) for verdict in record.verdicts],
        "on": on,
        "since": asdict(since) if since else None,
        "formation": house.formation.sha256,
        "schema": house.dictionary.version,
        "templates": templates,
        "liasse": f"{__version__} {_MAKING}",
    }
    return sha256(json.dumps(identity, sort_keys=True, default=str, ensure_ascii=False).encode())[:16]


def make_packet(
    record: Record, form: Form, *, house: House, workspace: Workspace, decisions: Decisions, on: dt.date,
    since: Comparison | None = None,
) -> Packet:  # fmt: skip
    """Make every file of a packet, in memory; ``on`` is the day of edition, ``since`` what a new version changes.

    Raises TemplateError (a template, or a printed value that is not on the paper), ConversionError, ToolMissing;
    ConfigError if the formation has no document for this stagiaire; Transient if a template is changed meanwhile.
    """
    pieces = packet_pieces(record, house)
    if not pieces:
        raise ConfigError(
            f"formation {house.formation.code} has no document for {record.get('stagiaire.regime')}: "
            "see its [[documents]] in formation.toml."
        )
    templates = [
        sha256((workspace.templates / name).read_bytes())
        for name in (*(source_of(piece, workspace) for piece in pieces), CONTROL)
    ]
    identity = packet_id(record, house=house, templates=templates, decisions=decisions, on=on, since=since)
    number = identity[:8]
    context, drafts = draft_pieces(pieces, record, house, workspace, number=number, on=on)
    about = control_context(record, form, house=house, number=number, on=on, since=since)
    sheet = draft_control(context | {"controle": about}, workspace, number=number)
    pdfa = house.formation.pdfa
    with closing(_converted(chain(drafts, sheet), pdfa=pdfa)) as pdfs:
        first = next(pdfs)
        from pipeline.documents import finishing  # noqa: PLC0415 -- heavy: LibreOffice is at work on the next ones

        made = islice(chain([first], pdfs), len(pieces))
        papers = [finishing.finish(draft, pdf, on, pdfa=pdfa) for draft, pdf in made]
        bound = finishing.bind(papers, number, on, pdfa=pdfa)
        control = finishing.finish(*next(pdfs), on, pdfa=pdfa)  # LibreOffice made it meanwhile
    if [draft.template_sha256 for draft, _ in (*papers, control)] != templates:
        raise Transient("a template was changed while a packet was made from it: the packet is made again.")
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
                yield _name(draft), draft.filled.docx

    def own_pdfs() -> Iterator[tuple[Draft, bytes]]:
        while begun and begun[0].own_pdf is not None:
            yield begun[0], begun.popleft().own_pdf or b""

    with closing(convert_each(word_files(), pdfa=pdfa)) as pdfs:
        for name, pdf in pdfs:
            yield from own_pdfs()
            draft = begun.popleft()
            if name != _name(draft):
                raise ConversionError(f"the PDF of {name} was given for {_name(draft)}: nothing is delivered.")
            yield draft, pdf
    yield from own_pdfs()


def _name(draft: Draft) -> str:
    return f"{draft.number} ({draft.template})"
