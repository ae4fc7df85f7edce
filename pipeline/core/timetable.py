"""Weekly timetable of an internship: which weekdays, how many hours each, and the days on which nobody comes.

A record says it by the hours of each weekday, by weekdays ticked and hours a day, or by those of each half-day;
lines of ``stage.exceptions`` change single days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from pipeline.core import french
from pipeline.core.fields import WEEKDAYS
from pipeline.core.half_days import MOST_HOURS, hours_of_half_days
from pipeline.core.law import as_date, as_number
from pipeline.core.minutes import settled, sum_of
from pipeline.core.models import JSON, Data, get
from pipeline.core.places import Place, place_of

_WORKING_WEEK = 5  # Monday to Friday: what is taken where hours say five days a week and none is ticked


class Period(NamedTuple):
    """First and last day, both counted."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Timetable:
    """An ordinary week, by ISO weekday in hours, and what changes it: closed periods, holidays, single days.

    ``assumed``: no weekday is ticked, Monday to Friday is what the hours say. ``exact``: its hours are said by the
    clock, half-day by half-day.
    """

    week: Mapping[int, Decimal]
    place: Place = field(default_factory=Place)
    closed: Sequence[Period] = ()
    training: frozenset[dt.date] = frozenset()
    exceptions: Mapping[dt.date, Decimal] = field(default_factory=dict)
    assumed: bool = False
    exact: bool = False

    @property
    def weekly(self) -> Decimal:
        """Hours of an ordinary week."""
        return sum_of(self.week.values())

    @property
    def daily(self) -> Decimal | None:
        """Hours of every day of the week, if they are the same."""
        found = set(self.week.values())
        return found.pop() if len(found) == 1 else None

    @property
    def rounding(self) -> int:
        """How many minutes a week its hours may be off: one a day, unless they are quarters of an hour, or exact."""
        return len(self.week) if not self.exact and any(hours * 4 % 1 for hours in self.week.values()) else 0

    @property
    def names(self) -> list[str]:
        """The weekdays in French, in order."""
        return [WEEKDAYS[day - 1] for day in sorted(self.week)]

    @property
    def in_words(self) -> list[str]:
        """Each weekday with its hours, in French: « lundi 7 h »."""
        return [f"{WEEKDAYS[day - 1]} {french.hours(found)}" for day, found in sorted(self.week.items())]

    def hours_on(self, day: dt.date) -> Decimal:
        """Hours of presence on that day; nought where it is closed."""
        if day in self.exceptions:
            return self.exceptions[day]
        hours = self.week.get(day.isoweekday())
        if hours is None or day in self.training or any(first <= day <= last for first, last in self.closed):
            return Decimal()
        return Decimal() if self.place.holiday(day) else hours

    def walk(self, first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, Decimal]]:
        """The days of presence from the first to the last day, with their hours."""
        for number in range(first.toordinal(), last.toordinal() + 1):
            day = dt.date.fromordinal(number)
            hours = self.hours_on(day)
            if hours > 0:
                yield day, hours


def timetable_of(data: Data, training: Sequence[dt.date] = ()) -> Timetable | None:
    """The timetable of a record, ``training`` being the session's days in the centre; ``None`` if it says none."""
    said = _by_weekday(data)
    clocked = {} if said else hours_of_half_days(data)
    named = said or clocked or _ticked(data)
    week = named or _assumed(data)
    if not week:
        return None
    return Timetable(
        {day: settled(hours) for day, hours in week.items()},
        place_of(data),
        closed_periods(data),
        frozenset(training),
        _exceptions(data),
        assumed=not named,
        exact=bool(clocked),
    )


def _by_weekday(data: Data) -> dict[int, Decimal]:
    """Hours of each weekday as they are asked on our own form."""
    found = get(data, "stage.semaine")
    if not isinstance(found, Mapping):
        return {}
    pairs = ((number, as_number(found.get(name))) for number, name in enumerate(WEEKDAYS, 1))
    return {number: hours for number, hours in pairs if hours is not None and 0 < hours <= MOST_HOURS}


def _ticked(data: Data) -> dict[int, Decimal]:
    found = get(data, "stage.jours_semaine")
    ticked = {day for day in found if isinstance(day, str)} if isinstance(found, list) else set()
    days = [number for number, name in enumerate(WEEKDAYS, 1) if name in ticked]
    daily, weekly = as_number(get(data, "stage.heures_jour")), as_number(get(data, "stage.heures_hebdo"))
    hours = daily or (weekly / len(days) if weekly and days else None)
    return dict.fromkeys(days, hours) if hours and 0 < hours <= MOST_HOURS else {}


def _assumed(data: Data) -> dict[int, Decimal]:
    daily, weekly = as_number(get(data, "stage.heures_jour")), as_number(get(data, "stage.heures_hebdo"))
    if not daily or not weekly or not 0 < daily <= MOST_HOURS or weekly != daily * _WORKING_WEEK:
        return {}
    return dict.fromkeys(range(1, _WORKING_WEEK + 1), daily)


def closed_periods(data: Data) -> tuple[Period, ...]:
    """The interruptions of a record, those that are periods."""
    pairs = ((as_date(line.get("debut")), as_date(line.get("fin"))) for line in lines(data, "stage.interruptions"))
    return tuple(Period(first, last) for first, last in pairs if first and last and first <= last)


def _exceptions(data: Data) -> dict[dt.date, Decimal]:
    pairs = ((as_date(line.get("date")), as_number(line.get("heures"))) for line in lines(data, "stage.exceptions"))
    return {day: settled(hours) for day, hours in pairs if day and hours is not None and 0 <= hours <= MOST_HOURS}


def lines(data: Data, path: str) -> list[Mapping[str, JSON]]:
    """The lines of a list of the record that are lines at all."""
    found = get(data, path)
    return [line for line in found if isinstance(line, Mapping)] if isinstance(found, list) else []
