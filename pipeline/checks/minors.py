"""Rule about minors (L-09): hours, rest, nights and holidays while they are under age, and who signs for them."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence

from pipeline.checks.case import EXCEPTIONAL, WEEKDAYS_TICKED, Case, Findings, NotApplicable, known
from pipeline.checks.phrasing import day_name, day_names, monday
from pipeline.checks.presence import beyond, week_path
from pipeline.checks.registry import legal
from pipeline.core.fields import WEEKDAYS
from pipeline.core.french import hours, long_date
from pipeline.core.law import is_minor, last_day_under_age
from pipeline.core.minutes import sum_of
from pipeline.core.models import Severity
from pipeline.core.moments import days_said, moments_of

_GUARDIAN = "stagiaire.representant_legal"


@legal(
    "L-09",
    "Stagiaire mineur",
    Severity.BLOCKING,
    "C. trav., L3161-1, L3162-1, L3163-2, L3164-2 et L3164-6 ; C. éduc., D124-4",
)
def minor(case: Case) -> Findings:
    """Under eighteen: 8 h a day, 35 h a week, two days of rest together, no night nor holiday, a guardian who signs.

    Presence is that of one under age on the first day of the stage; who signs is decided on the day of edition.
    """
    age, majority = known(case.age), case.law.majority
    signs = is_minor(case.data, case.today, majority)
    if age >= majority and not signs:
        raise NotApplicable
    if age < majority:
        yield from _beyond_while_minor(case, age)
        yield from _no_rest(case)
        yield from _exceptional(case)
    if signs:
        yield from _guardian(case)


def _beyond_while_minor(case: Case, age: int) -> Findings:
    """The limits of a minor: over the whole stage, or on the days before the birthday."""
    last, limit = last_day_under_age(case.data, case.law.majority), case.law.minors
    if last is None or case.days is None:
        yield from beyond(case, limit, f"un stagiaire de {age} ans")
        return
    whom = f"le stagiaire, mineur jusqu’au {long_date(last)}, est limité à"
    present = {day: found for day, found in case.days.hours.items() if day <= last}
    path = case.named_path if case.days.is_calendar or case.days.timetable is None else case.week_path
    longest = max(present, key=lambda day: present[day], default=None)
    if longest is not None and present[longest] > limit.hours_a_day:
        found = f"{hours(present[longest])} le {day_name(longest)}"
        yield case.finding(path, f"{found}, or {whom} {hours(limit.hours_a_day)} par jour. Réduisez la présence.")
    for week, days in itertools.groupby(sorted(present), key=lambda day: day.isocalendar()[:2]):
        total = sum_of(present[day] for day in days)
        if total > limit.hours_a_week:
            found = f"{hours(total)} la semaine du {long_date(monday(week))}"
            yield case.finding(path, f"{found}, or {whom} {hours(limit.hours_a_week)} par semaine. Réduisez-la.")
            break


_REST = "un mineur a droit à deux jours de repos qui se suivent. Libérez-les"


def _no_rest(case: Case) -> Findings:
    present = case.days.hours if case.days else {}
    last = last_day_under_age(case.data, case.law.majority)
    for week in case.weeks_named:
        first = monday(week)
        if last is not None and first > last:
            break
        # The next Monday too: it follows a Sunday.
        if not _has_rest([first + dt.timedelta(days=n) not in present for n in range(8)]):
            yield case.finding(case.named_path, f"semaine du {long_date(first)}, {_REST}.")
    if last is None or (case.start is not None and (last - case.start).days >= len(WEEKDAYS)):
        yield from _no_rest_in_ordinary_week(case)


def _no_rest_in_ordinary_week(case: Case) -> Findings:
    table, ticked = case.days.timetable if case.days else None, case.get(WEEKDAYS_TICKED)
    names = table.names if table else ticked if isinstance(ticked, list) and not case.calendar else None
    if names is not None and not _has_rest([day not in names for day in (*WEEKDAYS, "lundi")]):
        yield case.finding(week_path(case, table) if table else WEEKDAYS_TICKED, f"{_REST}.")


def _has_rest(free: Sequence[bool]) -> bool:
    """Whether two days that follow each other are free."""
    return any(map(all, itertools.pairwise(free)))


def _exceptional(case: Case) -> Findings:
    last = last_day_under_age(case.data, case.law.majority)
    off = [day for day in case.named if case.place.holiday(day) and (last is None or day <= last)]
    if off:
        said = f"{day_names(off)} : un mineur ne vient pas un jour férié. Déplacez ce jour."
        yield case.finding(case.named_path, said)
    if not moments_of(case.text(EXCEPTIONAL)):
        return
    dated = days_said(case.text(EXCEPTIONAL), case.start, case.end) if case.start and case.end else []
    if last is None or any(day <= last for day in dated):
        yield case.finding(
            EXCEPTIONAL,
            "un mineur ne vient ni la nuit, ni un jour férié. Effacez cette réponse, ou voyez la scolarité.",
        )
    elif not dated:
        yield case.finding(
            EXCEPTIONAL,
            f"un mineur ne vient ni la nuit, ni un jour férié, et le stagiaire l’est jusqu’au {long_date(last)}. "
            "Écrivez à quelles dates il vient.",
        )


def _guardian(case: Case) -> Findings:
    """Names and the e-mail of whoever signs for a minor: as of every signatory (F-05), a telephone is not enough."""
    later = "" if known(case.age) < case.law.majority else ", même s’il devient majeur avant le début du stage"
    for name in ("nom", "prenom", "courriel"):
        path = f"{_GUARDIAN}.{name}"
        if not case.text(path) and not case.is_doubted(path):
            yield case.finding(
                path,
                "la réponse manque. Le représentant légal signe la convention du stagiaire, mineur le jour où elle "
                f"est établie ({long_date(case.today)}){later} ; son courriel sert à la lui envoyer.",
            )
