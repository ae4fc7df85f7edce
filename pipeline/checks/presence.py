"""Rules about presence: minors, adult students, people in formation continue without a contract of employment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from pipeline.checks.case import Case, Finding, Findings
from pipeline.checks.phrasing import day_name, day_names, monday
from pipeline.checks.registry import legal
from pipeline.core.fields import WEEKDAYS
from pipeline.core.french import hours, long_date
from pipeline.core.law import STUDENTS, WITHOUT_CONTRACT, Presence, age_on
from pipeline.core.models import Severity

_CALENDAR, _WEEKLY, _DAILY = "stage.calendrier", "stage.heures_hebdo", "stage.heures_jour"
_EXCEPTIONAL = "stage.presence_exceptionnelle"
_GUARDIAN = "stagiaire.representant_legal"


@legal("L-09", "Stagiaire mineur", Severity.BLOCKING, "C. trav., L3161-1, L3162-1, L3163-2, L3164-2 et L3164-6")
def minor(case: Case) -> Findings:
    """Under eighteen: 8 h a day, 35 h a week, two days of rest together, no night nor holiday, a guardian who signs.

    Counted on the first day of the stage; one who comes of age between edition and start gets a remark.
    """
    age = case.age
    if age is None:
        return None
    if age >= case.law.majority:
        return _of_age_by_the_start(case)
    return [
        *_beyond(case, case.law.minors, f"un stagiaire de {age} ans"),
        *_no_rest(case),
        *_exceptional(case),
        *_guardian(case),
    ]


@legal("L-10", "Durées de présence", Severity.BLOCKING, "C. éduc., L124-14", regimes=STUDENTS)
def adult(case: Case) -> Findings:
    """An adult student follows the rules of employees: 10 h a day, 48 h a week, six days.

    A Sunday or a public holiday that the form does not announce is a warning.
    """
    if case.age is not None and case.age < case.law.majority:
        return None
    findings = [*_beyond(case, case.law.adults, "un stagiaire majeur")]
    unsaid = [day for day in case.calendar if _is_exceptional(case, day)] if not case.text(_EXCEPTIONAL) else []
    if unsaid:
        findings.append(
            case.finding(
                _EXCEPTIONAL,
                f"rien n’est écrit, or le calendrier prévoit {day_names(unsaid)} "
                "(dimanche ou jour férié). Écrivez-le, ou déplacez ces jours.",
                Severity.WARNING,
            )
        )
    return findings


@legal(
    "L-11",
    "Présence en formation continue sans contrat de travail",
    Severity.BLOCKING,
    "C. trav., L6343-2 à L6343-4",
    regimes=WITHOUT_CONTRACT,
)
def without_contract(case: Case) -> Findings:
    """At most 35 h a week and 10 h a day, no overtime, and Sunday is a day of rest."""
    findings = [
        *_beyond(case, case.law.without_contract, "un stagiaire en formation continue sans contrat de travail")
    ]
    sundays = [day for day in case.calendar if WEEKDAYS[day.weekday()] == "dimanche"]
    if sundays:
        findings.append(
            case.finding(_CALENDAR, f"{day_names(sundays)} : le repos du dimanche est dû. Déplacez ce jour.")
        )
    return findings


def _beyond(case: Case, limit: Presence, whom: str) -> Iterator[Finding]:
    daily, weekly = case.number(_DAILY), case.number(_WEEKLY)
    if daily is not None and daily > limit.hours_a_day:
        yield _too_many(case, _DAILY, f"{hours(daily)} par jour", f"{hours(limit.hours_a_day)} par jour", whom)
    if weekly is not None and weekly > limit.hours_a_week:
        yield _too_many(
            case, _WEEKLY, f"{hours(weekly)} par semaine", f"{hours(limit.hours_a_week)} par semaine", whom
        )
    ticked = case.get("stage.jours_semaine")
    if isinstance(ticked, list) and len(ticked) > limit.days_a_week:
        yield _too_many(
            case,
            "stage.jours_semaine",
            f"{len(ticked)} jours par semaine",
            f"{limit.days_a_week} jours par semaine",
            whom,
        )
    for day, found in sorted(case.calendar.items()):
        if found > limit.hours_a_day:
            yield _too_many(
                case, _CALENDAR, f"{hours(found)} le {day_name(day)}", f"{hours(limit.hours_a_day)} par jour", whom
            )
    for week, days in case.by_week.items():
        total = sum((case.calendar[day] for day in days), Decimal())
        begins = f"la semaine du {long_date(monday(week))}"
        if total > limit.hours_a_week:
            yield _too_many(
                case, _CALENDAR, f"{hours(total)} {begins}", f"{hours(limit.hours_a_week)} par semaine", whom
            )
        if len(days) > limit.days_a_week:
            yield _too_many(
                case, _CALENDAR, f"{len(days)} jours {begins}", f"{limit.days_a_week} jours par semaine", whom
            )


def _too_many(case: Case, path: str, said: str, limit: str, whom: str) -> Finding:
    return case.finding(path, f"{said}, or {whom} est limité à {limit}. Réduisez la présence.")


def _no_rest(case: Case) -> Iterator[Finding]:
    rest = "un mineur a droit à deux jours de repos qui se suivent. Libérez-les"
    for week in case.by_week:
        first = monday(week)
        free = [
            first + dt.timedelta(days=n) not in case.calendar for n in range(8)
        ]  # the next Monday follows a Sunday
        if not any(free[n] and free[n + 1] for n in range(7)):
            yield case.finding(_CALENDAR, f"semaine du {long_date(first)}, {rest}.")
    ticked = case.get("stage.jours_semaine")
    if not case.calendar and isinstance(ticked, list):
        free = [day not in ticked for day in (*WEEKDAYS, "lundi")]
        if not any(free[n] and free[n + 1] for n in range(7)):
            yield case.finding("stage.jours_semaine", f"{rest}.")


def _exceptional(case: Case) -> Iterator[Finding]:
    off = [day for day in case.calendar if day in case.holidays]
    if off:
        yield case.finding(_CALENDAR, f"{day_names(off)} : un mineur ne vient pas un jour férié. Déplacez ce jour.")
    if case.text(_EXCEPTIONAL):
        yield case.finding(
            _EXCEPTIONAL,
            "un mineur ne vient ni la nuit, ni un jour férié. Effacez cette réponse, ou voyez la scolarité.",
        )


def _guardian(case: Case) -> Iterator[Finding]:
    for name in ("nom", "prenom"):
        if not case.text(f"{_GUARDIAN}.{name}"):
            path = f"{_GUARDIAN}.{name}"
            yield case.finding(
                path, "la réponse manque. Le représentant légal signe la convention d’un stagiaire mineur."
            )
    if not (case.text(f"{_GUARDIAN}.telephone") or case.text(f"{_GUARDIAN}.courriel")):
        path = f"{_GUARDIAN}.telephone"
        yield case.finding(path, "donnez un téléphone ou un courriel pour joindre le représentant légal.")


def _of_age_by_the_start(case: Case) -> Findings:
    now = age_on(case.data, case.today)
    if now is None or now >= case.law.majority:
        return None
    return [
        Finding(
            "stagiaire.date_naissance",
            "Signature : le stagiaire est majeur au début du stage mais encore mineur à la date d’édition. "
            "Faites signer aussi le représentant légal si la convention est signée avant son anniversaire.",
            Severity.WARNING,
        )
    ]


def _is_exceptional(case: Case, day: dt.date) -> bool:
    return WEEKDAYS[day.weekday()] == "dimanche" or day in case.holidays
