"""Rules about presence: minors, adult students, people in formation continue without a contract of employment."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipeline.checks.case import (
    DAILY,
    EXCEPTIONAL,
    TOTAL,
    WEEK,
    WEEKDAYS_TICKED,
    WEEKLY,
    Case,
    Findings,
    NotApplicable,
    known,
)
from pipeline.checks.phrasing import and_list, day_name, day_names, monday
from pipeline.checks.registry import legal
from pipeline.core.days import is_same
from pipeline.core.fields import WEEKDAYS
from pipeline.core.french import hours, long_date
from pipeline.core.law import STUDENTS, WITHOUT_CONTRACT, Presence, is_minor, last_day_under_age
from pipeline.core.models import Severity
from pipeline.core.moments import SUNDAY, moments_of
from pipeline.core.timetable import Timetable

_GUARDIAN = "stagiaire.representant_legal"
_SUNDAY = WEEKDAYS[-1]


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
        yield from _beyond(case, case.law.minors, f"un stagiaire de {age} ans")
        yield from _no_rest(case)
        yield from _exceptional(case)
    if signs:
        yield from _guardian(case)


@legal("L-10", "Durées de présence", Severity.BLOCKING, "C. éduc., L124-14", regimes=STUDENTS)
def adult(case: Case) -> Findings:
    """An adult student follows the rules of employees: 10 h a day, 48 h a week, six days. Sundays, holidays: L-26."""
    if case.age is not None and case.age < case.law.majority:
        raise NotApplicable
    yield from _beyond(case, case.law.adults, "un stagiaire majeur")


@legal(
    "L-11",
    "Présence en formation continue sans contrat de travail",
    Severity.BLOCKING,
    "C. trav., L6343-2 à L6343-4",
    regimes=WITHOUT_CONTRACT,
)
def without_contract(case: Case) -> Findings:
    """At most 35 h a week and 10 h a day, no overtime, and Sunday is a day of rest.

    Sundays and holidays are looked for in the calendar and in words, nights in words: the convention does not
    provide for them without a contract.
    """
    yield from _beyond(case, case.law.without_contract, "un stagiaire en formation continue sans contrat de travail")
    exceptional = case.days.exceptional if case.days else {}
    sundays = [day for day in exceptional if WEEKDAYS[day.weekday()] == _SUNDAY]
    holidays = [f"{day_name(day)} ({name})" for day, name in exceptional.items() if name != _SUNDAY]
    if sundays:
        yield case.finding(case.named_path, f"{day_names(sundays)} : le repos du dimanche est dû. Déplacez ce jour.")
    if holidays:
        yield case.finding(
            case.named_path,
            f"{and_list(holidays)} : jour férié ; rien ne prévoit qu’un stagiaire en formation continue sans contrat "
            "de travail y vienne. Déplacez ce jour.",
        )
    said = moments_of(case.text(EXCEPTIONAL))
    if said:
        due = "le repos du dimanche lui est dû (L6343-4)" if SUNDAY in said else "rien ne les prévoit sans contrat"
        yield case.finding(
            EXCEPTIONAL,
            f"« {case.text(EXCEPTIONAL)} » : un stagiaire en formation continue sans contrat de travail ne vient pas "
            f"{and_list(said)} ; {due}. Effacez cette réponse et ces heures, ou voyez la scolarité.",
        )


def _beyond(case: Case, limit: Presence, whom: str) -> Findings:
    limits: dict[str, tuple[Decimal | int, str]] = {
        DAILY: (limit.hours_a_day, f"{hours(limit.hours_a_day)} par jour"),
        WEEKLY: (limit.hours_a_week, f"{hours(limit.hours_a_week)} par semaine"),
        WEEKDAYS_TICKED: (limit.days_a_week, f"{limit.days_a_week} jours par semaine"),
    }
    for path, found, amount, limited_by in _amounts(case):
        most, allowed = limits[limited_by]
        if found > most:
            yield case.finding(path, f"{amount}, or {whom} est limité à {allowed}. Réduisez la présence.")


def _amounts(case: Case) -> Iterator[tuple[str, Decimal | int, str, str]]:
    """Each amount of presence on the form: its field, the number, the same in French, the field of the same limit."""
    daily, weekly, ticked = case.number(DAILY), case.number(WEEKLY), case.get(WEEKDAYS_TICKED)
    if daily is not None:
        yield DAILY, daily, f"{hours(daily)} par jour", DAILY
    if weekly is not None:
        yield WEEKLY, weekly, f"{hours(weekly)} par semaine", WEEKLY
    if isinstance(ticked, list):
        yield WEEKDAYS_TICKED, len(ticked), f"{len(ticked)} jours par semaine", WEEKDAYS_TICKED
    yield from _by_weekday(case)
    for day, found in sorted(case.named.items()):
        yield case.named_path, found, f"{hours(found)} le {day_name(day)}", DAILY
    for week, days in case.weeks_named.items():
        total = case.hours_in(week)
        begins = f"la semaine du {long_date(monday(week))}"
        yield case.named_path, total, f"{hours(total)} {begins}", WEEKLY
        yield case.named_path, len(days), f"{len(days)} jours {begins}", WEEKDAYS_TICKED


def _by_weekday(case: Case) -> Iterator[tuple[str, Decimal | int, str, str]]:
    """What the weekday's hours give where they are not said by the answers above: another week, another day."""
    table = case.days.timetable if case.days else None
    if case.days is None or table is None:
        return
    if case.days.rounded > 0 and not table.exceptions:  # the minutes shared among the days are presence too
        yield TOTAL, case.days.busiest, f"{hours(case.days.busiest)} la semaine la plus remplie", WEEKLY
    if not is_same(table.weekly, case.number(WEEKLY) or Decimal(), minutes=len(table.week)):
        yield _week_path(case, table), table.weekly, f"{hours(table.weekly)} par semaine, jours ajoutés", WEEKLY
    for name, (_, found) in zip(table.names, sorted(table.week.items()), strict=True):
        if case.number(DAILY) is None:
            path = WEEK if case.get(WEEK) else f"stage.horaires.{name}.matin"
            yield path, found, f"{hours(found)} le {name}", DAILY
    if case.get(WEEK) or table.exact:
        yield _week_path(case, table), len(table.week), f"{len(table.week)} jours par semaine", WEEKDAYS_TICKED


def _week_path(case: Case, table: Timetable) -> str:
    """The answer that says the weekdays: hours a day, ticks, or the first half-day of the table of half-days."""
    return f"stage.horaires.{table.names[0]}.matin" if table.exact else case.week_path


def _no_rest(case: Case) -> Findings:
    rest = "un mineur a droit à deux jours de repos qui se suivent. Libérez-les"
    present = case.days.hours if case.days else {}
    last = last_day_under_age(case.data, case.law.majority)
    for week in case.weeks_named:
        first = monday(week)
        if last is not None and first > last:
            break
        # The next Monday too: it follows a Sunday.
        if not _has_rest([first + dt.timedelta(days=n) not in present for n in range(8)]):
            yield case.finding(case.named_path, f"semaine du {long_date(first)}, {rest}.")
    table, ticked = case.days.timetable if case.days else None, case.get(WEEKDAYS_TICKED)
    names = table.names if table else ticked if isinstance(ticked, list) and not case.calendar else None
    if names is not None and not _has_rest([day not in names for day in (*WEEKDAYS, "lundi")]):
        yield case.finding(_week_path(case, table) if table else WEEKDAYS_TICKED, f"{rest}.")


def _has_rest(free: Sequence[bool]) -> bool:
    """Whether two days that follow each other are free."""
    return any(map(all, itertools.pairwise(free)))


def _exceptional(case: Case) -> Findings:
    last = last_day_under_age(case.data, case.law.majority)
    off = [day for day in case.named if case.place.holiday(day) and (last is None or day <= last)]
    if off:
        said = f"{day_names(off)} : un mineur ne vient pas un jour férié. Déplacez ce jour."
        yield case.finding(case.named_path, said)
    if moments_of(case.text(EXCEPTIONAL)):
        yield case.finding(
            EXCEPTIONAL,
            "un mineur ne vient ni la nuit, ni un jour férié. Effacez cette réponse, ou voyez la scolarité.",
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
