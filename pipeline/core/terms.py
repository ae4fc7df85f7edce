"""Terms of an internship over time: the convention, then each avenant from the day on which it takes effect.

Days already done stay those of the terms that held then. Hours and euros are ``Decimal``.
"""

from __future__ import annotations

import copy
import datetime as dt
import functools
import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.core.days import Days, days_of
from pipeline.core.formation import Session
from pipeline.core.law import as_number
from pipeline.core.models import JSON, Data, get, put
from pipeline.core.places import MovedPlace, Place, place_of


@dataclass(frozen=True)
class Change:
    """One field that an avenant changes: what it was, what it becomes (``None``: nothing)."""

    field: str
    before: JSON
    after: JSON


@dataclass(frozen=True)
class Avenant:
    """A change of the convention that was accepted: ``effect_on`` is the first day on which it holds."""

    number: int
    effect_on: dt.date
    changes: Sequence[Change]

    def applied_to(self, data: Data) -> Data:
        """The terms before it, changed."""
        after = copy.deepcopy(dict(data))
        for change in self.changes:
            put(after, change.field, change.after)
            if change.after is None:
                *parents, last = change.field.split(".")
                functools.reduce(operator.getitem, parents, after).pop(last)
        return after


@dataclass(frozen=True)
class Span:
    """Terms that hold from a day until the day before the next; the first begins with the convention."""

    since: dt.date
    until: dt.date
    data: Data


@dataclass(frozen=True)
class Terms:
    """The convention and its avenants, in the order of their numbers."""

    convention: Data
    avenants: Sequence[Avenant] = ()

    @property
    def current(self) -> Data:
        """What holds once every avenant has taken effect: the dossier's truth for every later paper."""
        data = self.convention
        for one in self.avenants:
            data = one.applied_to(data)
        return data

    def on(self, day: dt.date) -> Data:
        """What holds on a day."""
        return next(span.data for span in reversed(tuple(self.spans())) if span.since <= day)

    def spans(self) -> Iterator[Span]:
        """The terms in the order of time: a later avenant holds over an earlier one that takes effect after it."""
        starts = sorted({dt.date.min, *(one.effect_on for one in self.avenants)})
        ends = [*(day - dt.timedelta(days=1) for day in starts[1:]), dt.date.max]
        for since, until in zip(starts, ends, strict=True):
            data = self.convention
            for one in self.avenants:
                if one.effect_on <= since:
                    data = one.applied_to(data)
            yield Span(since, until, data)

    def days(self, session: Session | None = None) -> Days | None:
        """The planned days over all spans; ``None`` where the convention says neither a calendar nor weekdays."""
        if not self.avenants:
            return days_of(self.convention, session)
        if days_of(self.convention, session) is None:
            return None
        hours: dict[dt.date, Decimal] = {}
        for span in self.spans():
            found = days_of(span.data, session)
            if found is not None:  # no day is left where it ended on its first one
                hours |= {day: one for day, one in found.hours.items() if span.since <= day <= span.until}
        return Days(dict(sorted(hours.items())), self.place) if hours else None

    @property
    def place(self) -> Place:
        """Where it takes place, which an avenant may change from a day on: holidays are those of the day's place."""
        stays = tuple((span.since, place_of(span.data)) for span in self.spans())
        last = stays[-1][1]
        return last if len({place for _, place in stays}) == 1 else MovedPlace(last.abroad, last.part, stays)

    def until(self, day: dt.date) -> Terms:
        """The terms as they are when only avenants that hold by that day are known."""
        return Terms(self.convention, tuple(one for one in self.avenants if one.effect_on <= day))

    def whole(self, session: Session | None = None) -> Data:
        """The terms as one record, for rules and papers: day by day where an avenant changed its days on the way.

        Hours a week are the average of the days where what the terms say is that of no week of theirs.
        """
        data, days = self.current, self.days(session)
        if not self.avenants or days is None:
            return data
        last = days_of(data, session)
        if last is not None and last.hours == days.hours and not last.is_calendar:
            return data
        after = copy.deepcopy(dict(data))
        lines = [{"date": day.isoformat(), "heures": plain_number(hours)} for day, hours in days.hours.items()]
        put(after, "stage.calendrier", lines)
        if not get(data, "stage.calendrier"):
            put(after, "stage.date_debut", days.first.isoformat())
            put(after, "stage.date_fin", days.last.isoformat())
        after["stage"].pop("exceptions", None)  # beside a calendar they would change nothing
        weekly = as_number(get(data, "stage.heures_hebdo"))
        if weekly is not None and not days.average <= weekly <= days.busiest:
            put(after, "stage.heures_hebdo", plain_number(days.average))
        return after


def plain_number(value: Decimal) -> int | float:
    """A number of hours as a record keeps it: to four decimals, whole where it is."""
    return int(value) if value == value.to_integral_value() else round(float(value), 4)
