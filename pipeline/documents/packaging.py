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
from pipeline.core.decisions import Decisions
from pipeline.core.errors import ConfigError, ConversionError, Transient
from pipeline.core.identity import Comparison
from pipeline.core.models import Edition, Form, Record, packet_number
from pipeline.core.programme import Programme
from pipeline.core.workspace import Workspace
from pipeline.documents import finishing
from pipeline.documents.binding import logo as logos
from pipeline.documents.binding.marks import Stamp
from pipeline.documents.binding.pieces import Packet
from pipeline.documents.control import control_context
from pipeline.documents.drafts import (
    Draft,
    control_sha256,
    draft_control,
    draft_pieces,
    packet_pieces,
)
from pipeline.documents.libreoffice import convert_each
from pipeline.documents.sources import sha256, source_of

_MAKING = 6  # raised when the same input makes other bytes


def packet_id(
    record: Record,
    *,
    programme: Programme,
    templates: Sequence[str],
    decisions: Decisions,
    on: dt.date,
    edition: Edition,
    since: Comparison | None,
    logo: bytes | None = None,
) -> str:
    """Cache key of a packet: sixteen digits for all that decides its bytes."""
    identity = {
        "form": record.reading.sha256,
        "record": record.data,
        "decisions": asdict(decisions),
        "verdicts": [asdict(verdict) for verdict in record.verdicts],
        "on": on,
        "edition": edition,
        "since": asdict(since) if since else None,
        "formation": programme.formation.sha256,
        "schema": programme.dictionary.version,
        "templates": templates,
        "liasse": f"{__version__} {_MAKING}",
        **({"logo": sha256(logo)} if logo else {}),
    }
    return sha256(json.dumps(identity, sort_keys=True, default=str, ensure_ascii=False).encode())[:16]


def make_packet(
    record: Record,
    form: Form,
    *,
    programme: Programme,
    workspace: Workspace,
    decisions: Decisions,
    on: dt.date,
    edition: Edition,
    since: Comparison | None = None,
) -> Packet:
    """Make every file of a packet, in memory.

    ``on`` is the day of edition, ``edition`` which version of which dossier it is, ``since`` what that changes.
    Of a record that lacks something to be signed it is a projet.

    Raises TemplateError (a template, or a printed value that is not on the paper), ConversionError, ToolMissing;
    ConfigError if the formation has no document for this stagiaire; Transient if a template is changed meanwhile.
    """
    pieces = packet_pieces(record, programme)
    if not pieces:
        raise ConfigError(
            f"formation {programme.formation.code} has no document for {record.get('stagiaire.regime')}: "
            "see its [[documents]] in formation.toml."
        )
    sources = [source_of(piece, workspace, decisions) for piece in pieces]
    templates = [*(one.sha256 for one in sources), control_sha256(workspace)]
    logo = programme.formation.logo
    identity = packet_id(
        record,
        programme=programme,
        templates=templates,
        decisions=decisions,
        on=on,
        edition=edition,
        since=since,
        logo=logo,
    )
    number = packet_number(identity)
    context, drafts = draft_pieces(pieces, sources, record, programme, number=number, on=on)
    about = control_context(
        record, form, programme=programme, number=edition.number, packet=number, on=on, since=since
    )
    sheet = draft_control(context | {"controle": about}, workspace, number=edition.number)
    pdfa, unsigned = programme.formation.pdfa, bool(record.lacks)
    with closing(_converted(chain(drafts, sheet), pdfa=pdfa)) as pdfs:
        first = next(pdfs)
        made = islice(chain([first], pdfs), len(pieces))
        stamp = Stamp(number, edition)
        papers = [
            finishing.finish(draft, _headed(draft, pdf, logo), on, pdfa=pdfa, unsigned=unsigned, stamp=stamp)
            for draft, pdf in made
        ]
        units = finishing.bind(papers, programme.formation.units, stamp, on, pdfa=pdfa, unsigned=unsigned)
        control = finishing.finish(*next(pdfs), on, pdfa=pdfa)  # LibreOffice made it meanwhile
    if [draft.template_sha256 for draft, _ in (*papers, control)] != templates:
        raise Transient("a template was changed while a packet was made from it: the packet is made again.")
    return finishing.packet_of(
        papers,
        units,
        control,
        identity=identity,
        edition=edition,
        record=record,
        form=form,
        programme=programme,
        on=on,
    )


def _headed(draft: Draft, pdf: bytes, logo: bytes | None) -> bytes:
    """A paper with the school's logo, but for a PDF that comes whole and a template that has a place for it."""
    placed = draft.filled is None or draft.filled.own_logo
    return pdf if placed or not logo else logos.with_logo(pdf, logo, draft.title)


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
