"""Mends of hours that do not fit their days (L-20): the last day, the hours or the days that would make them fit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal

from pipeline.checks.case import Case, known
from pipeline.checks.phrasing import day_name
from pipeline.core.days import Days, is_same
from pipeline.core.french import hours
from pipeline.core.law import WITHOUT_CONTRACT, Presence
from pipeline.core.timetable import Timetable

_FURTHEST = dt.timedelta(days=183)  # an end more than half a year later is no correction any more
_QUARTER, _EXACT = 15, Decimal("0.001")  # minutes


def nearest(case: Case, days: Days, table: Timetable, total: Decimal) -> str:
    """The mends that make the hours fit, nearest first: another last day, other hours a week, another total."""
    ways = list(_ways(case, days, table, total))
    if not ways:
        return "Cochez d’autres jours de présence, ou changez les dates."
    return f"{ways[0][0].upper()}{ways[0][1:]}{''.join(f', ou {way}' for way in ways[1:])}."


def _ways(case: Case, days: Days, table: Timetable, total: Decimal) -> Iterator[str]:
    first, last = known(case.start), known(case.end)
    session_end = case.session.end or dt.date.max
    made, count = Decimal(), 0
    for day, found in table.walk(first, min(last + _FURTHEST, session_end)):
        made, count = made + found, count + 1
        if is_same(made, total):
            yield f"terminez le {day_name(day)} ({counted(count)}, {hours(made)})"
        if made >= total:
            break
    yield from _other_week(case, days, table, total)
    if _may_write(case, days, total):
        yield f"écrivez {hours(days.total)}"


def _other_week(case: Case, days: Days, table: Timetable, total: Decimal) -> Iterator[str]:
    """« prévoyez 37 h 51 par semaine, soit 7 h 34 par jour », where the law and the formation's rules let it."""
    fixed = any(line["controle"] == "heures_par_jour_exactes" for line in case.formation.rules)
    if table.daily is None or fixed or table.exceptions:
        return
    daily = total / days.count
    minutes = (daily * 60).to_integral_value()
    if not minutes % _QUARTER and abs(daily * 60 - minutes) > _EXACT:
        return  # a quarter of an hour for what is none would be taken as exact
    weekly = (daily * len(table.week) * 60).to_integral_value(ROUND_CEILING) / 60
    limit = _limit(case)
    if daily <= limit.hours_a_day and weekly <= limit.hours_a_week:
        yield f"prévoyez {hours(weekly)} par semaine, soit {hours(minutes / 60)} par jour"


def _limit(case: Case) -> Presence:
    if case.age is not None and case.age < case.law.majority:
        return case.law.minors
    return case.law.without_contract if case.regime in WITHOUT_CONTRACT else case.law.adults


def mend_calendar(case: Case, days: Days, total: Decimal) -> str:
    """How many days to add or take away, where each has the same hours."""
    whole = (total - days.total) / days.daily if days.daily else Decimal("0.5")
    other = _or_write(days.total) if _may_write(case, days, total) else ""
    if whole % 1:
        return f"Corrigez les heures ou les jours du calendrier{other}."
    verb, count = ("Ajoutez", whole) if whole > 0 else ("Retirez", -whole)
    return f"{verb} {counted(int(count))} de {hours(days.daily or total)}{other}."


def _may_write(case: Case, days: Days, total: Decimal) -> bool:
    """Whether the total may be what is wrong, and not the days: theirs may be the formation's."""
    length = case.formation.length
    return total != length.exact if length.exact is not None else length.admits(days.total)


def _or_write(total: Decimal) -> str:
    return f", ou écrivez {hours(total)}"


def counted(count: int) -> str:
    """« 1 jour », « 80 jours »."""
    return f"{count} jour{'s' if count > 1 else ''}"
