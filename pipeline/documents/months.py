"""Calendar and figures of a stage for templates: months of weeks, for annexe 1 and the conventions."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipeline.core import french
from pipeline.core.days import Days, training_days
from pipeline.core.formation import Session
from pipeline.core.minutes import sum_of
from pipeline.documents.printable import Euros, Hidden, Hours

_COLOURS = {
    "stage": "CFE2F3",
    "formation": "FCE5CD",
    "ferie": "E7E6E6",
    "reunion": "D9EAD3",
    "repos": "F5F5F5",
    "vide": "FFFFFF",
}


@dataclass(frozen=True)
class DayCell:
    """One square of a month: the day's number, a word under it, its kind and its colour."""

    numero: str
    texte: str
    genre: Hidden
    couleur: Hidden


@dataclass(frozen=True)
class Month:
    """One month, Monday to Sunday, with the hours and days of stage in it."""

    titre: str
    semaines: tuple[tuple[DayCell, ...], ...]
    total: Hours
    jours: int


@dataclass(frozen=True)
class MonthsCalendar:
    """All the months of a stage, with the total of hours and days."""

    mois: tuple[Month, ...]
    total: Hours
    jours: int


@dataclass(frozen=True)
class MonthOfPresence:
    """What one month has of the stage: its hours and days, and the gratification for them if there is one."""

    titre: str
    heures: Hours
    jours: int
    gratification: Euros | None


@dataclass(frozen=True)
class Presence:
    """The days of a stage in figures; ``hebdo`` is computed, ``rythme`` says it in words.

    ``semaine`` has each weekday with its hours (« lundi 7 h »), where the form gives weekdays.
    """

    jours: int
    total: Hours
    hebdo: Hours
    rythme: str
    premier: dt.date
    dernier: dt.date
    semaine: tuple[str, ...]
    mois: tuple[MonthOfPresence, ...]


def draw_months(days: Days, session: Session) -> MonthsCalendar:
    """The months from the first to the last day of stage, with the public holidays of its place."""
    months = []
    marks = _marks(days, session)
    year, month = days.first.year, days.first.month
    while (year, month) <= (days.last.year, days.last.month):
        months.append(_month(year, month, days.hours, marks))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return MonthsCalendar(tuple(months), Hours(days.total), days.count)


def presence_of(days: Days, paid: Mapping[tuple[int, int], Decimal]) -> Presence:
    """The figures of a stage; ``paid`` is the gratification of each month, if there is one."""
    return Presence(
        jours=days.count,
        total=Hours(days.total),
        hebdo=Hours(days.weekly),
        rythme=f"{french.hours(days.weekly)} {_weekly(days)}",
        premier=days.first,
        dernier=days.last,
        semaine=tuple(days.timetable.in_words) if days.timetable else (),
        mois=tuple(
            MonthOfPresence(
                _title(*month),
                Hours(hours),
                sum((day.year, day.month) == month for day in days.hours),
                Euros(paid[month]) if month in paid else None,
            )
            for month, hours in days.by_month.items()
        ),
    )


def _weekly(days: Days) -> str:
    """Of which weeks the hours are: the mean of those with presence, or every week but for its public holidays."""
    if not days.is_calendar:
        return "par semaine" if days.place.abroad else "par semaine, hors jours fériés"
    weeks = (_monday(days.last) - _monday(days.first)).days // 7 + 1
    return "par semaine en moyenne" if weeks == len(days.by_week) else "en moyenne par semaine de stage"


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def _month(
    year: int, month: int, hours: Mapping[dt.date, Decimal], marks: Mapping[dt.date, tuple[str, str]]
) -> Month:
    weeks = tuple(
        tuple(_cell(day, month, hours, marks) for day in week)
        for week in calendar.Calendar().monthdatescalendar(year, month)
    )
    inside = [value for day, value in hours.items() if (day.year, day.month) == (year, month)]
    return Month(_title(year, month), weeks, Hours(sum_of(inside)), len(inside))


def _title(year: int, month: int) -> str:
    return f"{french.MONTHS[month - 1]} {year}"


def _marks(days: Days, session: Session) -> dict[dt.date, tuple[str, str]]:
    marks = dict.fromkeys(days.holidays, ("ferie", "férié"))
    marks |= dict.fromkeys(training_days(session), ("formation", "centre"))
    meeting: Mapping[str, Any] | None = session.settings.get("reunion")
    if meeting:
        marks[meeting["date"]] = ("reunion", "réunion")
    return marks


def _cell(
    day: dt.date, month: int, hours: Mapping[dt.date, Decimal], marks: Mapping[dt.date, tuple[str, str]]
) -> DayCell:
    kind, word = marks.get(day, ("repos" if day.isoweekday() > 5 else "vide", ""))
    if day.month != month:
        kind, word = "vide", ""
    elif day in hours:
        kind, word = "stage", " · ".join(part for part in (french.hours(hours[day]), word) if part)
    return DayCell(str(day.day) if day.month == month else "", word, Hidden(kind), Hidden(_COLOURS[kind]))
