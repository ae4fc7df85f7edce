"""Rules about presence: adults, people in formation continue without a contract of employment. Minors: ``minors``."""

from __future__ import annotations

from collections.abc import Iterator
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
)
from pipeline.checks.phrasing import and_list, day_name, day_names, monday
from pipeline.checks.registry import legal
from pipeline.core.days import is_same
from pipeline.core.fields import WEEKDAYS
from pipeline.core.french import hours, long_date
from pipeline.core.law import (
    AGENTS,
    EMPLOYEES,
    STUDENTS,
    WITHOUT_CONTRACT,
    Presence,
    last_day_under_age,
)
from pipeline.core.models import Severity
from pipeline.core.moments import SUNDAY, moments_of, short, stays_of
from pipeline.core.timetable import Timetable

_SUNDAY = WEEKDAYS[-1]


@legal(
    "L-10",
    "Durées de présence",
    Severity.BLOCKING,
    "C. éduc., L124-14 ; C. trav., L3121-18 et L3121-20",
    regimes=STUDENTS | EMPLOYEES | AGENTS,
)
def adult(case: Case) -> Findings:
    """An adult follows the rules of employees: 10 h a day, 48 h a week, six days. Sundays, holidays: L-26.

    Hours written beside a night, a Sunday or a holiday are presence too. For whoever has a contract the hours worked
    come on top (L-30).
    """
    minor_throughout = last_day_under_age(case.data, case.law.majority) is None
    if case.age is not None and case.age < case.law.majority and minor_throughout:
        raise NotApplicable
    yield from beyond(case, case.law.adults, "un stagiaire majeur")
    most = case.law.adults.hours_a_day
    for stay in stays_of(case.text(EXCEPTIONAL), case.start, case.end):
        if stay.hours > most:
            on = f" le {day_names(stay.days)}" if stay.days else ""
            yield case.finding(
                EXCEPTIONAL,
                f"« {short(case.text(EXCEPTIONAL))} », soit {hours(stay.hours)}{on}, or un stagiaire majeur est "
                f"limité à {hours(most)} par jour. Réduisez la présence ; s’il y a une pause, "
                "ajoutez « soit … h ».",
            )


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
    yield from beyond(case, case.law.without_contract, "un stagiaire en formation continue sans contrat de travail")
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


def beyond(case: Case, limit: Presence, whom: str) -> Findings:
    """Each amount of presence on the form above a limit (hours a day or a week, days a week); ``whom`` it binds."""
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
        yield week_path(case, table), table.weekly, f"{hours(table.weekly)} par semaine, jours ajoutés", WEEKLY
    for name, (_, found) in zip(table.names, sorted(table.week.items()), strict=True):
        if case.number(DAILY) is None:
            path = WEEK if case.get(WEEK) else f"stage.horaires.{name}.matin"
            yield path, found, f"{hours(found)} le {name}", DAILY
    if case.get(WEEK) or table.exact:
        yield week_path(case, table), len(table.week), f"{len(table.week)} jours par semaine", WEEKDAYS_TICKED


def week_path(case: Case, table: Timetable) -> str:
    """The answer that says the weekdays: hours a day, ticks, or the first half-day of the table of half-days."""
    return f"stage.horaires.{table.names[0]}.matin" if table.exact else case.week_path
