"""The days of an internship: one schedule of presence, from which all that is checked, printed, drawn or paid comes.

It is the calendar of the form, day by day, where there is one; else the weekdays and their hours (``timetable``)
between the first and the last day, less the public holidays of the place, interruptions and days in the centre.
Hours are ``Decimal``. C. éduc., D124-6: only hours of presence count.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TypeVar

from pipeline.core.fields import WEEKDAYS
from pipeline.core.formation import Session, school_year
from pipeline.core.law import as_date, as_number
from pipeline.core.minutes import settled, spread, sum_of, to_the_minute
from pipeline.core.models import Data, get
from pipeline.core.places import Place, place_of
from pipeline.core.timetable import Timetable, lines, timetable_of

Part = TypeVar("Part", bound=Hashable)
_SUNDAY = _WEEK = 7
_HALF, _HUNDREDTH = Decimal("0.5"), Decimal("0.01")
_YEARS_AROUND = 5  # a slip such as 2205 must not make anyone walk through two hundred years
_LONGEST = 366 * (2 * _YEARS_AROUND + 1)
_SLACK = Decimal("0.01")  # of a minute: what four decimals leave of the total


@dataclass(frozen=True)
class Days:
    """Hours of presence by day, in order of date; ``timetable`` is ``None`` where the form gives each day itself.

    ``rounded``: hours that were shared among the days, a minute each, to make the total declared; nought mostly.
    """

    hours: Mapping[dt.date, Decimal]
    place: Place
    timetable: Timetable | None = None
    rounded: Decimal = Decimal()

    @property
    def is_calendar(self) -> bool:
        """Whether the form gives each day itself."""
        return self.timetable is None

    @property
    def is_assumed(self) -> bool:
        """Whether no weekday is named, and Monday to Friday are taken as what the hours say."""
        return self.timetable is not None and self.timetable.assumed

    @property
    def count(self) -> int:
        """How many days."""
        return len(self.hours)

    @cached_property
    def total(self) -> Decimal:
        """Hours of presence in all."""
        return sum_of(self.hours.values())

    @property
    def first(self) -> dt.date:
        """First day of presence."""
        return min(self.hours)

    @property
    def last(self) -> dt.date:
        """Last day of presence."""
        return max(self.hours)

    @cached_property
    def by_week(self) -> Mapping[tuple[int, int], Mapping[dt.date, Decimal]]:
        """The days and their hours by ISO year and week."""
        weeks: defaultdict[tuple[int, int], dict[dt.date, Decimal]] = defaultdict(dict)
        for day, hours in self.hours.items():
            weeks[day.isocalendar()[:2]][day] = hours
        return dict(weeks)

    @cached_property
    def by_month(self) -> Mapping[tuple[int, int], Decimal]:
        """Hours by year and month."""
        return self._sums(lambda day: (day.year, day.month))

    @cached_property
    def by_year(self) -> Mapping[int, Decimal]:
        """Hours by teaching year, under the year in which it began (L124-5 counts by teaching year)."""
        return self._sums(school_year)

    @cached_property
    def longest_run(self) -> Decimal:
        """Most hours of weeks that follow one another, each with presence: « consécutifs », as we read L124-6."""
        most = run = Decimal()
        before = None
        for week, hours in sorted(self.by_week.items()):
            monday = dt.date.fromisocalendar(*week, 1)
            follows = before is not None and (monday - before).days == _WEEK
            run, before = (run if follows else Decimal()) + sum(hours.values(), Decimal()), monday
            most = max(most, run)
        return most

    @cached_property
    def average(self) -> Decimal:
        """Hours a week on average over the weeks with presence, to the minute."""
        return to_the_minute(self.total / len(self.by_week))

    @cached_property
    def busiest(self) -> Decimal:
        """Hours of the fullest week."""
        return max(sum_of(week.values()) for week in self.by_week.values())

    @property
    def weekly(self) -> Decimal:
        """Hours a week, as papers say it: of an ordinary week where weekdays are given, else the average."""
        return to_the_minute(self.timetable.weekly) if self.timetable else self.average

    @cached_property
    def daily(self) -> Decimal | None:
        """Hours a day, if every day has as many."""
        if self.timetable:
            return self.timetable.daily
        found = set(self.hours.values())
        return found.pop() if len(found) == 1 else None

    @property
    def exceptional(self) -> Mapping[dt.date, str]:
        """The days of presence that are Sundays or public holidays of the place, and which of the two."""
        sunday = {day: WEEKDAYS[-1] for day in self.hours if day.isoweekday() == _SUNDAY}
        named = {day: name for day in self.hours if (name := self.place.holiday(day))}
        return dict(sorted((sunday | named).items()))

    @cached_property
    def holidays(self) -> Mapping[dt.date, str]:
        """The public holidays of the place over the calendar years of the days, by date."""
        return self.place.holidays(range(self.first.year, self.last.year + 1))

    def _sums(self, part: Callable[[dt.date], Part]) -> dict[Part, Decimal]:
        parts: defaultdict[Part, list[Decimal]] = defaultdict(list)
        for day, hours in self.hours.items():
            parts[part(day)].append(hours)
        return {name: sum_of(found) for name, found in parts.items()}


def days_of(data: Data, session: Session | None = None, *, around: dt.date | None = None) -> Days | None:
    """The days of a record in its session; ``None`` if it gives neither a calendar nor weekdays with dates.

    ``around``: days more than five years away from that day are slips, and left out.
    """
    calendar: defaultdict[dt.date, Decimal] = defaultdict(Decimal)
    for day, hours in calendar_lines(data, around):
        calendar[day] += hours
    if calendar:
        return Days(dict(sorted(calendar.items())), place_of(data))
    timetable = timetable_of(data, training_days(session))
    first, last = (_near(as_date(get(data, f"stage.date_{end}")), around) for end in ("debut", "fin"))
    if timetable is None or first is None or last is None or not 0 <= (last - first).days <= _LONGEST:
        return None
    walked = dict(timetable.walk(first, last))
    if not walked:
        return None
    return _fitted(Days(walked, timetable.place, timetable), as_number(get(data, "stage.duree_heures")))


def calendar_lines(data: Data, around: dt.date | None = None) -> list[tuple[dt.date, Decimal]]:
    """The lines of the calendar that are whole and plausible, by date; a day written twice stands twice."""
    pairs = (
        (_near(as_date(line.get("date")), around), as_number(line.get("heures")))
        for line in lines(data, "stage.calendrier")
    )
    return sorted(
        (day, settled(hours)) for day, hours in pairs if day is not None and hours is not None and hours > 0
    )


def hours_by_year(data: Data, session: Session | None = None) -> dict[int, Decimal]:
    """The hours that a record declares, by teaching year: shared as its days are, or evenly over its dates.

    Its days in its session: nobody is on stage on the days in the centre.
    """
    declared = as_number(get(data, "stage.duree_heures"))
    days = days_of(data, session)
    first, last = (as_date(get(data, f"stage.date_{end}")) for end in ("debut", "fin"))
    weights = dict(days.by_year) if days and not days.is_assumed else {}
    if not weights and first and last and 0 <= (last - first).days <= _LONGEST:
        walked = (school_year(first + dt.timedelta(days=n)) for n in range((last - first).days + 1))
        weights = {year: Decimal(count) for year, count in Counter(walked).items()}
    whole = sum(weights.values(), Decimal())
    total = declared if declared is not None else days.total if days else Decimal()
    return {year: (total * weight / whole).quantize(_HUNDREDTH) for year, weight in weights.items()} if whole else {}


def training_days(session: Session | None) -> tuple[dt.date, ...]:
    """The session's days in the centre: nobody is on stage then."""
    return tuple(session.settings.get("jours_formation", ())) if session else ()


def is_near(day: dt.date, around: dt.date) -> bool:
    """Whether an internship may take place in that year: at most five years from the edition."""
    return abs(day.year - around.year) <= _YEARS_AROUND


def is_same(one: Decimal, other: Decimal, *, minutes: int = 0) -> bool:
    """Whether two amounts of hours are one, up to so many minutes of rounding (half a minute at least)."""
    return abs(one - other) * 60 <= minutes + _HALF


def _near(day: dt.date | None, around: dt.date | None) -> dt.date | None:
    return day if day is not None and (around is None or is_near(day, around)) else None


def _fitted(days: Days, declared: Decimal | None) -> Days:
    """The same days making the total declared, where only hours a day rounded to the minute keep them from it.

    That is half a minute for each day at most, and of no use where hours are quarters, or said by the clock.
    """
    table = days.timetable
    inexact = {day: hours for day, hours in days.hours.items() if hours * 4 % 1}
    if declared is None or table is None or not table.rounding or is_same(days.total, declared):
        return days
    gap = declared - days.total
    if abs(gap) * 60 > _HALF * len(inexact) + _SLACK:
        return days
    shared = spread(inexact, sum_of(inexact.values()) + gap)
    return Days({**days.hours, **shared}, days.place, table, settled(gap)) if shared else days
