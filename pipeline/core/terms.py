"""Terms of an internship over time: the convention, then each avenant from the day on which it takes effect.

Days already done stay those of the terms that held then. Hours and euros are ``Decimal``.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.core.days import Days, days_of
from pipeline.core.formation import Session
from pipeline.core.models import JSON, Data, put


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
        """The planned days over all spans; ``None`` where one of them says neither a calendar nor weekdays."""
        if not self.avenants:
            return days_of(self.convention, session)
        hours: dict[dt.date, Decimal] = {}
        found = None
        for span in self.spans():
            found = days_of(span.data, session)
            if found is None:
                return None
            hours |= {day: one for day, one in found.hours.items() if span.since <= day <= span.until}
        return Days(dict(sorted(hours.items())), found.place) if found and hours else None

    def hours_by_span(self, hours: Mapping[dt.date, Decimal]) -> Iterator[tuple[Span, Mapping[dt.date, Decimal]]]:
        """Hours by day, planned or done, with the terms under which they are."""
        for span in self.spans():
            yield span, {day: one for day, one in hours.items() if span.since <= day <= span.until}
