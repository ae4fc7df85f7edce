"""Other schools' forms: which layout a form follows, what two readers see in it, what is decided of each field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.fields import Dictionary
from pipeline.intake.alignment import Compiled, Received, receive, recognise_layout
from pipeline.intake.alignment.reading import LayoutReading, read_layout
from pipeline.intake.decision import Summary, decide
from pipeline.intake.labels.reader import read_labels
from pipeline.intake.recognise import unknown
from pipeline.intake.tokens import Source, Token
from pipeline.models import FieldReading, Kind

STRAYS, STRAY_LENGTH = 30, 200  # texts outside the boxes that are kept, and letters of each
_SAME_LINE = 4.0  # points
DRAFT = 8  # values found by their labels from which an unknown paper is taken for a form, and shown as a draft
_KINDS = {Source.DOCX: Kind.DOCX, Source.ACROFORM: Kind.ACROFORM, Source.PDF: Kind.PDF_TEXT}


@dataclass(frozen=True)
class SchoolReading:
    """What was read: ``layout`` is ``None`` for a form that no layout describes (a draft: every value in doubt)."""

    kind: Kind
    layout: str | None
    fields: tuple[FieldReading, ...]
    strays: tuple[str, ...] = ()


class PagesAreImages(Exception):
    """The words of a page are in a picture: the form must be read as a scan."""


def read_school_form(
    data: bytes, layouts: Sequence[Compiled], dictionary: Dictionary, received_on: dt.date
) -> SchoolReading:
    """Read a form that is not one of our own blanks.

    Raises PagesAreImages for a scan, FormRejected when the file cannot be opened or is no form at all.
    """
    received = receive(data)
    if received.scanned:
        raise PagesAreImages
    kind = _KINDS[received.source]
    match = recognise_layout(received, layouts).match
    if match is None:
        return SchoolReading(kind, None, draft(received, dictionary, received_on))
    layout = match.compiled.layout
    reading = read_layout(received, match.compiled, dictionary, match.context)
    fields = decide(
        reading.candidates,
        read_labels(received.stream, dictionary, layout.synonyms),
        summary=_summary(reading),
        dictionary=dictionary,
        received_on=received_on,
        digital=True,
        month_first=layout.month_first,
    )
    return SchoolReading(kind, layout.id, fields, _strays(reading))


def draft(received: Received, dictionary: Dictionary, received_on: dt.date) -> tuple[FieldReading, ...]:
    """What labels say of an unknown form, every value in doubt; raises FormRejected for what is no form at all."""
    labelled = read_labels(received.stream, dictionary)
    fields = decide(
        {}, labelled, summary=Summary(known=False), dictionary=dictionary, received_on=received_on, digital=True
    )
    if sum(field.value is not None for field in fields) < DRAFT:
        raise unknown()
    return fields


def _summary(reading: LayoutReading) -> Summary:
    extras = len(reading.unexplained) + len(reading.notes) + len(reading.absent_pages)
    return Summary(match=min(reading.share, reading.names), extras=extras, changed=reading.modified)


def _strays(reading: LayoutReading) -> tuple[str, ...]:
    """What stands in no slot, neighbouring words together, and the notes that were added."""
    texts: list[str] = []
    last: Token | None = None
    for token in reading.unexplained:
        if not token.text.strip():
            continue
        beside = last is not None and last.page == token.page and last.box and token.box and _level(last, token)
        if texts and (beside or (last is not None and token.box is None and last.place == token.place)):
            texts[-1] = f"{texts[-1]} {token.text}"
        else:
            texts.append(token.text)
        last = token
    texts.extend(note.text for note in reading.notes if note.text.strip())
    return tuple(dict.fromkeys(text[:STRAY_LENGTH] for text in texts))[:STRAYS]


def _level(first: Token, second: Token) -> bool:
    return first.box is not None and second.box is not None and abs(first.box[1] - second.box[1]) < _SAME_LINE
