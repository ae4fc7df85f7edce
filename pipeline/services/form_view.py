"""View of one form: state, decisions, problems, doubts with their pictures, changes, values.

Plain values, for whoever draws them. A NIR is never among them: where one stands, ``HIDDEN`` is shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from pipeline.core import doubts as doubt_codes
from pipeline.core.addressees import Contact, contacts_of
from pipeline.core.decisions import Confirmation, Decisions
from pipeline.core.errors import FormRejected
from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.identity import Difference, differences
from pipeline.core.law import as_date
from pipeline.core.models import Box, Data, FieldReading, Problem, Reading, Record, Refused, Severity, Who
from pipeline.core.paper_kinds import PaperForm
from pipeline.dossier.context import (
    Context,
    draft_problem,
    is_draft,
    understand,
    without_formation,
)
from pipeline.dossier.versions import history_of, hold
from pipeline.forms.spelling import written
from pipeline.ledger.entries import Entry, State
from pipeline.pictures.crops import crop_doubts
from pipeline.pictures.extra_pages import extra_pages
from pipeline.services.approvals import checked_now
from pipeline.services.confirmation import doubtful
from pipeline.services.lookup import find_form
from pipeline.services.next_step import next_step

HIDDEN = "•••"
_Change = TypeVar("_Change", Difference, Confirmation)


@dataclass(frozen=True)
class Mark:
    """A problem of a form, and whether a person lifted its rule."""

    problem: Problem
    lifted: bool


@dataclass(frozen=True)
class DoubtView:
    """A doubt to settle: field, code, why (French), by whom, what each reader saw, what is proposed, its place.

    ``file`` is the PDF of a page that is none of the form's.
    """

    path: str
    code: doubt_codes.Reason
    why: str
    who: Who
    seen: tuple[str, ...]
    proposed: str | None
    page: int | None
    picture: Path | None
    file: Path | None = None


@dataclass(frozen=True)
class ValueView:
    """A value of a form: its label, what is kept of it as people write it, one line an item, or its doubt.

    Then the evidence: the text that was read, where, and how sure (0 to 1).
    """

    label: str
    lines: tuple[str, ...]
    doubt: str | None
    raw: str
    place: str
    confidence: float
    path: str = ""
    page: int | None = None
    box: Box | None = None
    secret: bool = False


@dataclass(frozen=True)
class FormView:
    """All that is shown of one form. ``refusal``: why it cannot be read; ``unplaced``: its formation is unknown.

    ``draft``: it is of an unknown form, and what was proposed of it waits for a person. ``judged_on`` is the day on
    which its rules were asked: that of its papers, once it has them. ``contacts`` are whom to write to, of those who
    must act.
    """

    entry: Entry
    decisions: Decisions
    refusal: str = ""
    unplaced: str = ""
    marks: tuple[Mark, ...] = ()
    held: Problem | None = None
    draft: Problem | None = None
    changes: tuple[Difference, ...] | None = None
    doubts: tuple[DoubtView, ...] = ()
    remarks: tuple[DoubtView, ...] = ()
    values: tuple[ValueView, ...] = ()
    judged_on: dt.date | None = None
    next_step: str = ""
    contacts: tuple[Contact, ...] = ()
    reading: Reading | None = None
    data: Data = field(default_factory=dict)


def show_form(context: Context, word: str, *, pictures: bool = True) -> FormView:
    """One form as it would be walked today, or as it was when its packet was made; raises NotFound or Ambiguous.

    ``pictures``: with that of each doubt, drawn now.
    """
    view = _view(find_form(context.ledger, word), context, pictures=pictures)
    step = next_step(view.entry, _in_the_way(view), context, unplaced=view.unplaced, unread=not view.values)
    return replace(view, next_step=step)


def _in_the_way(view: FormView) -> tuple[Problem, ...]:
    """What keeps a form that was not delivered from its packet."""
    blocking = [mark.problem for mark in view.marks if not mark.lifted and mark.problem.severity is Severity.BLOCKING]
    return (view.draft,) if view.draft else (*blocking, *([view.held] if view.held else []))


def _view(entry: Entry, context: Context, *, pictures: bool) -> FormView:
    context = replace(context, today=_day_of(entry, context))
    decisions = context.ledger.decisions(entry.form)
    shown = replace(
        decisions,
        confirmations=tuple(_spelled(one, context.dictionary.of_field(one.field)) for one in decisions.confirmations),
    )
    if not entry.form.path.exists():
        return FormView(entry, shown, refusal="Son fichier et ses valeurs ont été purgés ou effacés.")
    try:
        reading = understand(entry.form, decisions, context)
    except FormRejected as rejection:
        return FormView(entry, shown, refusal=f"{rejection.reason} : {rejection.message}")
    fields = context.dictionary.on(reading.paper)
    told = tuple(_doubts(entry, reading, context, pictures=pictures))
    values = tuple(_values(reading, fields))
    doubts = tuple(one for one in told if one.path in fields.fields)
    remarks = told[len(doubts) :]
    unplaced = without_formation(reading, context.workspace)
    if unplaced:
        return FormView(
            entry, shown, unplaced=unplaced.message, doubts=doubts, remarks=remarks, values=values, reading=reading
        )
    checked = checked_now(entry, reading, decisions, context)
    made = entry.state is State.DELIVERED  # nothing was missing that day: what is missing today is of other packets
    marks = tuple(
        Mark(problem, bool(one.lifted))
        for one in checked.verdicts
        for problem in one.problems
        if not (made and problem.severity is Severity.DRAFT)
    )
    held, changes = _versions(entry, checked, decisions, context)
    return FormView(
        entry,
        shown,
        marks=marks,
        held=held,
        draft=draft_problem(reading) if is_draft(reading) and isinstance(checked, Refused) else None,
        changes=changes,
        doubts=doubts,
        remarks=remarks,
        values=values,
        reading=reading,
        data=checked.data,
        judged_on=context.today,
        contacts=contacts_of(
            checked.data, (one.who for one in checked.blocking) if isinstance(checked, Refused) else ()
        ),
    )


def _day_of(entry: Entry, context: Context) -> dt.date:
    """The day of edition of its packet; today while it has none, or one of a release that did not note the day."""
    packet = context.ledger.packets.get(entry.packet) if entry.packet and entry.state is State.DELIVERED else None
    return (as_date(packet.day) if packet else None) or context.today


def _versions(
    entry: Entry, checked: Record | Refused, decisions: Decisions, context: Context
) -> tuple[Problem | None, tuple[Difference, ...] | None]:
    """What must be decided of a new version, and what it changes of the one before; ``None`` for a first version.

    A paper is a version of nothing.
    """
    if checked.reading.paper is not PaperForm.FORMULAIRE:
        return None, None
    past = history_of(entry, checked.data, context.ledger)
    before = context.ledger.readings.record(entry.replaces) if entry.replaces else past.last and past.last.data
    if not before:
        return hold(past, decisions), None
    changes = differences(before, checked.data, context.dictionary)
    return hold(past, decisions), tuple(_spelled(one, context.dictionary) for one in changes)


def _spelled(change: _Change, dictionary: Dictionary) -> _Change:
    """What was settled or changed of a field, its values as people write them, ``HIDDEN`` if they are private."""
    if dictionary.kind(change.field) is FieldKind.NIR:
        return replace(change, before=HIDDEN, after=HIDDEN)
    field = dictionary.fields.get(change.field)
    if field is None:  # the code of a formation
        return change
    before, after = (" ; ".join(written(field, one)) or None for one in (change.before, change.after))
    return replace(change, before=before, after=after)


def _doubts(entry: Entry, reading: Reading, context: Context, *, pictures: bool) -> Iterator[DoubtView]:
    found = (*doubtful(reading), *page_doubts(reading))
    crops = crop_doubts(entry.form, found, context.workspace) if pictures else {}
    pages = extra_pages(entry.form, reading.remarks, context.workspace) if pictures else {}
    for one in found:
        if one.doubt is None:
            continue
        secret = context.dictionary.kind(one.path) is FieldKind.NIR
        yield DoubtView(
            path=one.path,
            code=one.doubt.code,
            why="à vérifier" if secret else one.doubt.why,
            who=one.doubt.who_settles,
            seen=(HIDDEN,) if secret else seen_by_readers(one),
            proposed=None if secret else _shown(one, context.dictionary.on(reading.paper)),
            page=one.page,
            picture=crops.get(one.path),
            file=pages.get(one.page or 0) if one.doubt.code is doubt_codes.Reason.EXTRA_PAGE else None,
        )


def _shown(entry: FieldReading, dictionary: Dictionary) -> str | None:
    """The value that is proposed, as people write it, on one line; ``None`` for nothing."""
    return " ; ".join(proposed_lines(entry, dictionary)) or None


def proposed_lines(entry: FieldReading, dictionary: Dictionary) -> tuple[str, ...]:
    """The value that is proposed, as people write it, one line an item."""
    field = dictionary.fields.get(entry.path)
    return () if entry.value is None or field is None else written(field, entry.value)


def seen_by_readers(entry: FieldReading) -> tuple[str, ...]:
    """What each reader saw of a value, where they do not agree; else the one text."""
    return tuple(text.strip() for text in entry.raw.split(" ≠ ") if text.strip())


def page_doubts(reading: Reading) -> Iterator[FieldReading]:
    """The doubts of pages, numbered, as those of fields are: each has its picture."""
    for number, one in enumerate(reading.remarks, start=1):
        path = f"remarque.{number}"
        yield FieldReading(path, None, one.text, "remarque", 0.0, one.page, one.box, one.doubt)


def _values(reading: Reading, dictionary: Dictionary) -> Iterator[ValueView]:
    for entry in reading.fields:
        if not entry.combined and (entry.value is not None or entry.doubt is not None):
            secret = dictionary.fields[entry.path].kind is FieldKind.NIR
            yield ValueView(
                label=dictionary.label(entry.path),
                lines=(HIDDEN,) if secret else written(dictionary.fields[entry.path], entry.value),
                doubt=None if entry.doubt is None else HIDDEN if secret else str(entry.doubt),
                raw=HIDDEN if secret else entry.raw,
                place=f"p. {entry.page}" if entry.page else entry.method,
                confidence=entry.confidence,
                path=entry.path,
                page=entry.page,
                box=entry.box,
                secret=secret,
            )
