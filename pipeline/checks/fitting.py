"""Hours against days (L-20): what the form declares is what its days make; else the figures and the nearest mends."""

from __future__ import annotations

from decimal import Decimal

from pipeline.checks.case import (
    CALENDAR,
    DAILY,
    TOTAL,
    WEEK,
    WEEKDAYS_TICKED,
    WEEKLY,
    Case,
    Findings,
    known,
)
from pipeline.checks.mends import counted, mend_calendar, nearest
from pipeline.checks.phrasing import and_list, day_name, gap_of
from pipeline.checks.registry import legal
from pipeline.core.days import Days, is_same
from pipeline.core.french import hours, long_date, number
from pipeline.core.law import FULL_TIME_WEEK
from pipeline.core.models import Severity
from pipeline.core.timetable import Timetable

_QUOTITY = "stage.quotite"
_ANY_OF_THEM = "les heures par semaine, les heures par jour ou les jours cochés"
_TOLERANCE = Decimal("0.1")


@legal("L-20", "Heures et jours qui s’accordent", Severity.BLOCKING, "C. éduc., D124-4 (5° et 6°) et D124-6 (calcul)")
def arithmetic(case: Case) -> Findings:
    """Total, hours a week, hours a day and share of time are those of the days of presence, to the minute.

    Hours a day that are no quarters of an hour may be rounded, by half a minute: a remark says what that makes.

    The days are the calendar's, or the weekdays between the two dates less holidays of the place, interruptions and
    days in the centre. With neither, hours a week times weeks make the total within 10 %, and a remark says so.
    """
    total, days = known(case.hours), case.days
    if days is None:
        yield from _without_days(case, total)
    elif days.timetable is None:
        yield from _with_calendar(case, days, total)
    else:
        yield from _with_timetable(case, days, days.timetable, total)
    yield from _full_time(case, days)


def _with_calendar(case: Case, days: Days, total: Decimal) -> Findings:
    if not is_same(days.total, total) and not _told_already(case, total):
        yield case.finding(
            CALENDAR,
            f"les jours du calendrier font {hours(days.total)} ({counted(days.count)}), la durée déclarée est de "
            f"{hours(total)} ({gap_of(days.total, total)}). {mend_calendar(case, days, total)}",
        )
    daily = case.number(DAILY)
    other = [day for day, found in days.hours.items() if daily is not None and not is_same(found, daily)]
    if daily is not None and other:
        yield case.finding(
            DAILY,
            f"{hours(daily)}, or le calendrier donne un autre nombre d’heures pour {counted(len(other))}, dont le "
            f"{day_name(other[0])} ({hours(days.hours[other[0]])}). Accordez les deux, ou videz la case.",
            Severity.WARNING,
        )
    weekly = case.number(WEEKLY)
    if weekly is None:
        return
    if not (days.average <= weekly <= days.busiest or is_same(weekly, days.average)):
        yield case.finding(
            WEEKLY,
            f"{hours(weekly)}, or le calendrier donne {hours(days.average)} par semaine en moyenne et "
            f"{hours(days.busiest)} au plus. Écrivez {hours(days.average)}, ou corrigez le calendrier.",
        )
    elif not is_same(weekly, days.average):
        yield case.finding(
            WEEKLY,
            f"{hours(weekly)} annoncées pour une semaine pleine ; les documents portent la moyenne du calendrier, "
            f"{hours(days.average)} par semaine.",
            Severity.INFO,
        )


def _with_timetable(case: Case, days: Days, table: Timetable, total: Decimal) -> Findings:
    weekly, daily = case.number(WEEKLY), case.number(DAILY)
    if weekly is not None and not is_same(weekly, table.weekly, minutes=_rounding(table, weekly)):
        yield case.finding(
            WEEKLY,
            f"{hours(weekly)}, or les jours de présence ({_week(table)}) font {hours(table.weekly)} par semaine. "
            f"Corrigez {'l’une des deux réponses' if case.get(WEEK) else _ANY_OF_THEM}.",
        )
    if daily is not None and any(not is_same(daily, found) for found in table.week.values()):
        yield case.finding(
            DAILY, f"{hours(daily)}, or l’emploi du temps dit {_week(table)}. Accordez les deux, ou videz la case."
        )
    if days.rounded:
        yield case.finding(TOTAL, _shared(days, total), Severity.INFO)
    if not is_same(days.total, total):
        yield case.finding(TOTAL, f"{_figures(case, days, table, total)} {nearest(case, days, table, total)}")


def _figures(case: Case, days: Days, table: Timetable, total: Decimal) -> str:
    """« 560 h déclarées, or du 7 avril au 25 juillet 2025 … sont 74, soit 518 h (il manque 42 h). »."""
    first, last = known(case.start), known(case.end)
    lost = [
        day
        for day, name in case.place.holidays(range(first.year, last.year + 1)).items()
        if first <= day <= last and day.isoweekday() in table.week and name
    ]
    many = "s" if len(lost) > 1 else ""
    closed = f", hors {len(lost)} jour{many} férié{many}" if lost else ""
    unsaid = " (aucun n’est coché : du lundi au vendredi a été supposé)" if table.assumed else ""
    return (
        f"{hours(total)} déclarées, or du {long_date(first)} au {long_date(last)} les jours de présence "
        f"({and_list(table.names)}{closed}{_changed(table)}) sont {days.count}{unsaid}, soit {hours(days.total)} "
        f"({gap_of(days.total, total)})."
    )


def _shared(days: Days, total: Decimal) -> str:
    """What was done with the minutes that hours a day, rounded to the minute, leave."""
    gap = (abs(days.rounded) * 60).to_integral_value() / 60
    return (
        f"{hours(total)} déclarées, or les {counted(days.count)} de présence en font "
        f"{hours(days.total - days.rounded)} : l’écart ({hours(gap)}) vient d’heures par jour arrondies à la minute. "
        f"Il est réparti sur les jours, une minute {'de plus' if days.rounded > 0 else 'de moins'} au plus chacun."
    )


def _changed(table: Timetable) -> str:
    """What an ordinary week is not all of."""
    said = (("les absences", table.closed), ("les jours ajoutés ou changés", table.exceptions))
    found = [what for what, those in said if those]
    return f", avec {and_list(found)}" if found else ""


def _told_already(case: Case, total: Decimal) -> bool:
    """Whether a rule of the formation that nobody can lift asks the calendar for this very total."""
    return any(
        line["controle"] == "duree_exacte"
        and Decimal(str(line["heures"])) == total
        and line["gravite"] == "bloquante"
        and not line.get("derogeable")
        and not line.get("si_facultatif")
        for line in case.formation.rules
    )


def _full_time(case: Case, days: Days | None) -> Findings:
    """« Temps plein » is thirty-five hours in a full week at least (C. trav., L3121-27)."""
    if case.since and case.since.shortened:  # what is left of its weeks says nothing of its share of time
        return
    declared = case.number(WEEKLY)
    fullest = declared if days is None else days.busiest if days.is_calendar else days.weekly
    rounding = days.timetable.rounding if days and days.timetable else 0
    if (
        case.get(_QUOTITY) == "plein"
        and fullest is not None
        and not is_same(min(fullest, Decimal(FULL_TIME_WEEK)), Decimal(FULL_TIME_WEEK), minutes=rounding)
    ):
        yield case.finding(
            _QUOTITY,
            f"« Temps plein », or la semaine la plus remplie fait {hours(fullest)} (temps plein : "
            f"{FULL_TIME_WEEK} h). Cochez « Temps partiel », ou corrigez les jours et les heures.",
        )


def _without_days(case: Case, total: Decimal) -> Findings:
    weekly, weeks, open_weeks = known(case.number(WEEKLY)), known(case.weeks), known(case.open_weeks)
    touched = (known(case.end) - known(case.start)).days // 7 + 1
    least = weekly * open_weeks * (1 - _TOLERANCE)
    most = weekly * touched * (1 + _TOLERANCE)
    if not least <= total <= most:
        yield case.finding(
            WEEKLY,
            f"{hours(weekly)} par semaine pendant {number(weeks.quantize(Decimal('0.1')))} semaines font "
            f"environ {number((weekly * weeks).quantize(Decimal(1)))} h, la durée déclarée est de {hours(total)}. "
            "Vérifiez les dates, la durée et les heures.",
        )
    yield case.finding(
        WEEKDAYS_TICKED,
        "ils ne sont pas donnés : les heures n’ont pu être comparées qu’à la longueur du stage, à 10 % près.",
        Severity.INFO,
    )


def _rounding(table: Timetable, weekly: Decimal) -> int:
    return len(table.week) if weekly * 4 % 1 else table.rounding


def _week(table: Timetable) -> str:
    """« 2 jours de 7 h », or the hours of each weekday."""
    if table.daily is not None:
        return f"{counted(len(table.week))} de {hours(table.daily)}"
    return and_list(table.in_words)
