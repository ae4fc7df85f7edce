"""Calendar of a stage for templates: months of weeks, for annexe 1 and the conventions."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import holidays

from pipeline.core import french
from pipeline.core.formation import Session
from pipeline.core.models import JSON
from pipeline.documents.printable import Hidden, Hours

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


def draw_months(entries: list[Mapping[str, JSON]] | None, session: Session) -> MonthsCalendar | None:
    """The months from the first to the last day of stage, or ``None`` if the form has no calendar."""
    if not entries:
        return None
    hours = {dt.date.fromisoformat(entry["date"]): Decimal(str(entry["heures"])) for entry in entries}
    first, last = min(hours), max(hours)
    months = []
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        months.append(_month(year, month, hours, session))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return MonthsCalendar(tuple(months), Hours(sum(hours.values())), len(hours))


def _month(year: int, month: int, hours: Mapping[dt.date, Decimal], session: Session) -> Month:
    marks = _marks(year, session)
    weeks = tuple(
        tuple(_cell(day, month, hours, marks) for day in week)
        for week in calendar.Calendar().monthdatescalendar(year, month)
    )
    inside = [value for day, value in hours.items() if (day.year, day.month) == (year, month)]
    return Month(f"{french.MONTHS[month - 1]} {year}", weeks, Hours(sum(inside)), len(inside))


def _marks(year: int, session: Session) -> dict[dt.date, tuple[str, str]]:
    marks = dict.fromkeys(holidays.country_holidays("FR", years=year), ("ferie", "férié"))
    marks |= dict.fromkeys(session.settings.get("jours_formation", ()), ("formation", "centre"))
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
