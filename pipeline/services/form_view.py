"""View of one form: state, decisions, problems, doubts with their pictures, changes, values.

Plain values, for whoever draws them. A NIR is never among them: where one stands, ``HIDDEN`` is shown.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pipeline.blanks.layout_cache import open_forms
from pipeline.core.decisions import Confirmation, Decisions
from pipeline.core.doubts import Doubt, Reason
from pipeline.core.errors import FormRejected
from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.identity import Difference, differences
from pipeline.core.law import Law, as_date
from pipeline.core.models import (
    JSON,
    FieldReading,
    Form,
    Problem,
    Reading,
    Record,
    Refused,
    Severity,
    Who,
    rejected,
)
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context, check, programme_for, understand, without_formation
from pipeline.dossier.versions import history_of, hold
from pipeline.ledger.entries import Entry, State
from pipeline.pictures.crops import crop_doubts
from pipeline.reading.reader import read
from pipeline.services.approvals import checked_now
from pipeline.services.confirmation import doubtful
from pipeline.services.lookup import find_form

HIDDEN = "•••"
_Change = TypeVar("_Change", Difference, Confirmation)


@dataclass(frozen=True)
class Mark:
    """A problem of a form, and whether a person lifted its rule."""

    problem: Problem
    lifted: bool


@dataclass(frozen=True)
class DoubtView:
    """A doubt to settle: field, code, why (French), by whom, what each reader saw, what is proposed, its place."""

    path: str
    code: Reason
    why: str
    who: Who
    seen: tuple[str, ...]
    proposed: JSON
    page: int | None
    picture: Path | None


@dataclass(frozen=True)
class ValueView:
    """A value of a form: its label, the value or its doubt, the text that was read, where, and how sure (0 to 1)."""

    label: str
    value: JSON
    doubt: str | None
    raw: str
    place: str
    confidence: float


@dataclass(frozen=True)
class StrayView:
    """What was added to a page and speaks of no answer in particular: words, page, the picture of its place."""

    text: str
    page: int
    picture: Path


@dataclass(frozen=True)
class FormView:
    """All that is shown of one form. ``refusal``: why it cannot be read; ``unplaced``: its formation is unknown.

    ``judged_on`` is the day on which its rules were asked: that of its papers, once it has them.
    """

    entry: Entry
    decisions: Decisions
    refusal: str = ""
    unplaced: str = ""
    marks: tuple[Mark, ...] = ()
    held: Problem | None = None
    changes: tuple[Difference, ...] | None = None
    doubts: tuple[DoubtView, ...] = ()
    values: tuple[ValueView, ...] = ()
    strays: tuple[StrayView, ...] = ()
    judged_on: dt.date | None = None


def show_form(context: Context, word: str) -> FormView:
    """One form as it would be walked today, or as it was when its packet was made; raises NotFound or Ambiguous."""
    entry = find_form(context.ledger, word)
    context = replace(context, today=_day_of(entry, context))
    decisions = context.ledger.decisions(entry.form)
    shown = replace(
        decisions, confirmations=tuple(_concealed(one, context.dictionary) for one in decisions.confirmations)
    )
    if not entry.form.path.exists():
        return FormView(entry, shown, refusal="Son fichier et ses valeurs ont été purgés ou effacés.")
    try:
        reading = understand(entry.form, decisions, context)
    except FormRejected as rejection:
        return FormView(entry, shown, refusal=f"{rejection.reason} : {rejection.message}")
    added = _added(reading)
    pictures = crop_doubts(entry.form, (*doubtful(reading), *added), context.workspace)
    doubts, values = tuple(_doubts(reading, pictures, context)), tuple(_values(reading, context.dictionary))
    strays = tuple(StrayView(one.raw, one.page or 1, pictures[one.path]) for one in added if one.path in pictures)
    unplaced = without_formation(reading, context.workspace)
    if unplaced:
        return FormView(entry, shown, unplaced=unplaced.message, doubts=doubts, values=values, strays=strays)
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
        changes=changes,
        doubts=doubts,
        values=values,
        strays=strays,
        judged_on=context.today,
    )


def _day_of(entry: Entry, context: Context) -> dt.date:
    """The day of edition of its packet; today while it has none, or one of a release that did not note the day."""
    packet = context.ledger.packets.get(entry.packet) if entry.packet and entry.state is State.DELIVERED else None
    return (as_date(packet.day) if packet else None) or context.today


def _versions(
    entry: Entry, checked: Record | Refused, decisions: Decisions, context: Context
) -> tuple[Problem | None, tuple[Difference, ...] | None]:
    """What must be decided of a new version, and what it changes of the one before; ``None`` for a first version."""
    past = history_of(entry, checked.data, context.ledger)
    before = context.ledger.readings.record(entry.replaces) if entry.replaces else past.last and past.last.data
    if not before:
        return hold(past, decisions), None
    changes = differences(before, checked.data, context.dictionary)
    return hold(past, decisions), tuple(_concealed(one, context.dictionary) for one in changes)


def _concealed(change: _Change, dictionary: Dictionary) -> _Change:
    """What was settled or changed of a field, without its values if they are private."""
    return replace(change, before=HIDDEN, after=HIDDEN) if dictionary.kind(change.field) is FieldKind.NIR else change


def _added(reading: Reading) -> tuple[FieldReading, ...]:
    """What was added to the pages, where its place is known, as the doubts that are drawn."""
    doubt = Doubt(Reason.STRAY_TEXT)
    found = zip(reading.strays, reading.stray_places, strict=False)  # kept readings of before have no places
    return tuple(
        FieldReading(f"hors_case.{number}", None, text, "", 0.0, *place, doubt)
        for number, (text, place) in enumerate(found, start=1)
        if place is not None
    )


def _doubts(reading: Reading, pictures: Mapping[str, Path], context: Context) -> Iterator[DoubtView]:
    for one in doubtful(reading):
        if one.doubt is None:
            continue
        secret = context.dictionary.fields[one.path].kind is FieldKind.NIR
        seen = tuple(text.strip() for text in one.raw.split(" ≠ ") if text.strip())
        yield DoubtView(
            path=one.path,
            code=one.doubt.code,
            why="à vérifier" if secret else one.doubt.why,
            who=one.doubt.who_settles,
            seen=(HIDDEN,) if secret else seen,
            proposed=None if secret else one.value,
            page=one.page,
            picture=pictures.get(one.path),
        )


def _values(reading: Reading, dictionary: Dictionary) -> Iterator[ValueView]:
    for entry in reading.fields:
        if not entry.combined and (entry.value is not None or entry.doubt is not None):
            secret = dictionary.fields[entry.path].kind is FieldKind.NIR
            yield ValueView(
                label=dictionary.label(entry.path),
                value=HIDDEN if secret else entry.value,
                doubt=None if entry.doubt is None else HIDDEN if secret else str(entry.doubt),
                raw=HIDDEN if secret else entry.raw,
                place=f"p. {entry.page}" if entry.page else entry.method,
                confidence=entry.confidence,
            )


def read_file(file: Path, workspace: Workspace, today: dt.date) -> dict[str, Any]:
    """The contract of ``liasse read --json``: what the reader stands behind, every field, every problem."""
    form = Form(hashlib.sha256(file.read_bytes()).hexdigest(), file, file.name, today)
    dictionary = Dictionary.load(workspace)
    try:
        reading = read(form, open_forms(workspace, dictionary))
    except FormRejected as rejection:
        return _contract(form, None, (rejected(rejection.reason, rejection.message),))
    unplaced = without_formation(reading, workspace)
    if unplaced:
        return _contract(form, reading, (unplaced,))
    programme = programme_for(reading, workspace, dictionary, Law.load(workspace))
    checked = check(reading, programme, Decisions(), received_on=today, today=today)
    return _contract(form, reading, tuple(problem for one in checked.verdicts for problem in one.problems))


def _contract(form: Form, reading: Reading | None, problems: tuple[Problem, ...]) -> dict[str, Any]:
    return {
        "form": {
            "sha256": form.sha256,
            "kind": reading.kind.value if reading else None,
            "layout": reading.layout if reading else None,
        },
        "formation": reading.formation if reading else None,
        "record": reading.values if reading else {},
        "fields": [entry.as_json() for entry in reading.fields] if reading else [],
        "problems": [problem.as_json() for problem in problems],
    }
