"""Rules about the calendar: the session's window, days a week, hours a day, Sundays and holidays, feasibility."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal

from pipeline.checks.case import (
    CALENDAR,
    DAILY,
    WEEKDAYS_TICKED,
    WEEKLY,
    Case,
    Finding,
    Findings,
    NotApplicable,
    known,
)
from pipeline.checks.phrasing import and_list, day_name, day_names, monday
from pipeline.checks.registry import control
from pipeline.core.days import calendar_lines, training_days
from pipeline.core.french import hours, long_date
from pipeline.core.models import Severity, Who
from pipeline.core.timetable import Timetable, timetable_of

_SUNDAY = 7


@control("Dates dans la session")
def dans_la_session(case: Case) -> Findings:
    """First day, last day and every day of the calendar lie within the dates of the session, if it has any."""
    first, last = case.session.start, case.session.end
    if first is None or last is None or (case.start is None and case.end is None and not case.calendar):
        raise NotApplicable
    window = f"la session va du {long_date(first)} au {long_date(last)}"
    for path in ("stage.date_debut", "stage.date_fin"):
        day = case.date(path)
        if day is not None and not first <= day <= last:
            yield case.finding(path, f"{day_name(day)}, or {window}. Changez cette date.")
    outside = [day for day in case.calendar if not first <= day <= last]
    if outside:
        yield case.finding(CALENDAR, f"{day_names(outside)} hors session, or {window}. Déplacez ces jours.")


@control("Jours de stage par semaine")
def jours_par_semaine(case: Case, *, minimum: int, maximum: int) -> Findings:
    """Each ISO week with stage has from ``minimum`` to ``maximum`` days; without a calendar, the weekdays given."""
    if not case.calendar:
        table = timetable_of(case.data)
        if table is None or table.assumed:
            raise NotApplicable
        if not minimum <= len(table.week) <= maximum:
            yield case.finding(WEEKDAYS_TICKED, f"{_days_text(len(table.week), minimum, maximum)}.")
    for week, days in case.by_week.items():
        if not minimum <= len(days) <= maximum:
            yield case.finding(
                CALENDAR,
                f"semaine du {long_date(monday(week))}, {_days_text(len(days), minimum, maximum)}. "
                "Déplacez les jours en trop ou ajoutez ceux qui manquent.",
            )


@control("Heures de stage par jour")
def heures_par_jour_exactes(case: Case, *, heures: Decimal) -> Findings:
    """Each day of the calendar has exactly ``heures`` hours; so have the hours a day of the form, if given."""
    daily = case.number(DAILY)
    if daily is None and not case.calendar:
        raise NotApplicable
    if daily is not None and daily != heures:
        yield case.finding(DAILY, f"{hours(daily)} au lieu de {hours(heures)}. Corrigez les heures.")
    wrong = {day: found for day, found in case.calendar.items() if found != heures}
    for found in sorted(set(wrong.values())):
        days = [day for day, value in wrong.items() if value == found]
        yield case.finding(
            CALENDAR,
            f"{hours(found)} au lieu de {hours(heures)} le {day_names(days)}. "
            f"Écrivez {hours(heures)} pour chaque jour de stage.",
        )


@control("Calendrier du stage")
def calendrier_coherent(case: Case, *, piece: str | None = None) -> Findings:
    """The calendar has each day once, no Sunday and no day in the training centre.

    A public holiday is a warning. ``piece`` is the document that must carry the calendar in the packet.
    """
    if not case.calendar:
        raise NotApplicable
    yield from _missing_piece(case, piece)
    yield from _misplaced(case)
    yield from _holidays(case)


@control("Calendrier réalisable")
def faisabilite(case: Case, *, heures: Decimal, jours_max: int = 5) -> Findings:
    """The hours fit in the period at the rhythm announced: the calendar's busiest week, or the hours a week.

    Says how many hours at most that rhythm gives (seven hours a day: the formation's setting).
    """
    if case.days and case.days.is_calendar and case.days.total >= heures:
        return
    rhythm, window = known(_rhythm(case, jours_max)), known(_window(case))
    daily = Decimal(str(case.formation.settings["stage"]["heures_jour"]))
    open_days = Counter(day.isocalendar()[:2] for day in _open_days(case, window))
    fitting = sum(min(rhythm, count) for count in open_days.values())
    if fitting * daily < heures:
        needed = int((heures / daily).to_integral_value(ROUND_CEILING))
        yield Finding(
            CALENDAR,
            f"Rythme du stage : à {rhythm} jour{'s' if rhythm > 1 else ''} par semaine, {len(open_days)} semaines "
            f"ne donnent que {fitting} jours, soit {hours(fitting * daily)} au plus, "
            f"or il en faut {hours(heures)} ({needed} jours). "
            "Prévoyez plus de jours certaines semaines.",
        )


@control("Réunion des référents de stage")
def reunion_de_session(case: Case) -> Findings:
    """Recalls the session's meeting when it falls on a day of stage; one that is over is printed nowhere."""
    meeting = case.session.settings.get("reunion")
    if meeting is None or case.start is None:
        raise NotApplicable
    day = meeting["date"]
    if day < case.today:
        yield Finding(
            None,
            f"La réunion des référents a eu lieu le {day_name(day)} : les pièces n’y convoquent plus. Donnez-en les "
            "éléments à qui n’y était pas.",
            who=Who.SCOLARITE,
        )
        return
    when = f"la réunion des référents a lieu le {day_name(day)}, de {meeting['debut']} à {meeting['fin']}"
    if case.days and not case.days.is_assumed and day in case.days.hours:
        yield case.finding(
            CALENDAR, f"{when}, {meeting['lieu']} : ce jour est aussi un jour de stage, prévoyez ce temps."
        )


def _missing_piece(case: Case, piece: str | None) -> Findings:
    if piece is not None and piece not in {found.code for found in case.pieces}:
        yield Finding(
            None,
            f"Dossier : le document « {piece} », qui porte le calendrier, n’est pas dans la formation. "
            "Ajoutez-le à [[documents]].",
            who=Who.SCOLARITE,
        )


def _misplaced(case: Case) -> Findings:
    lines = calendar_lines(case.data, case.today)
    twice = [day for day, count in Counter(day for day, _ in lines).items() if count > 1]
    sundays = [day for day in case.calendar if day.isoweekday() == _SUNDAY]
    training = training_days(case.session)
    in_centre = [day for day in case.calendar if day in training]
    for days, what in (
        (twice, "écrit deux fois ; gardez une seule ligne"),
        (sundays, "un dimanche n’est pas un jour de stage ; déplacez-le"),
        (in_centre, "jour de formation au centre ; déplacez le jour de stage"),
    ):
        if days:
            yield case.finding(CALENDAR, f"{day_names(days)} : {what}.")


def _holidays(case: Case) -> Findings:
    found = [f"{day_name(day)} ({name})" for day in case.calendar if (name := case.place.holiday(day))]
    if found:
        yield case.finding(
            CALENDAR,
            f"{and_list(found)} : jour férié. Vérifiez que l’organisme accueille ce jour-là, ou déplacez-le.",
            Severity.WARNING,
        )


def _rhythm(case: Case, most: int) -> int | None:
    if case.calendar:
        return max(len(days) for days in case.by_week.values())
    weekly = case.number(WEEKLY)
    daily = case.number(DAILY) or Decimal(str(case.formation.settings["stage"]["heures_jour"]))
    if not weekly or not daily:
        return None
    return min(most, int((weekly / daily).to_integral_value(ROUND_CEILING)))


def _window(case: Case) -> tuple[dt.date, dt.date] | None:
    if case.session.start and case.session.end:
        return case.session.start, case.session.end
    return (case.start, case.end) if case.start and case.end and case.start <= case.end else None


def _open_days(case: Case, window: tuple[dt.date, dt.date]) -> Iterable[dt.date]:
    first, last = window
    every_day = dict.fromkeys(range(1, _SUNDAY), Decimal(1))
    open_days = Timetable(every_day, case.place, training=frozenset(training_days(case.session)))
    return (day for day, _ in open_days.walk(first, last))


def _days_text(count: int, minimum: int, maximum: int) -> str:
    limit = f"{maximum} au plus" if count > maximum else f"{minimum} au moins"
    return f"{count} jour{'s' if count > 1 else ''} de stage au lieu de {limit}"
