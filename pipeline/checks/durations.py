"""Rules about how long a stage is: its total, its share of time, its spread, the law's maximum, the arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from pipeline.checks.case import CALENDAR, DAILY, WEEKLY, Case, Finding, Findings, NotApplicable, known
from pipeline.checks.registry import control, legal
from pipeline.core.french import duration, hours, number
from pipeline.core.law import CONTINUING, STUDENTS, as_date
from pipeline.core.models import Severity

_TOTAL = "stage.duree_heures"
_TOLERANCE = Decimal("0.1")


@control("Durée totale du stage")
def duree_exacte(case: Case, *, heures: Decimal, si_facultatif: Severity | None = None) -> Findings:
    """The declared total, and the sum of the calendar if there is one, are exactly ``heures`` hours.

    ``si_facultatif`` is the severity for a stage that the curriculum does not require.
    """
    if case.hours is None and not case.calendar:
        raise NotApplicable
    severity = si_facultatif if case.get("stage.obligatoire") is False else None
    if case.hours is not None and case.hours != heures:
        yield case.finding(
            _TOTAL,
            f"{hours(case.hours)} au lieu de {hours(heures)} ({_gap(case.hours, heures)}). "
            "Corrigez la durée, et les dates ou les heures par semaine s’il le faut.",
            severity,
        )
    if case.calendar and case.planned != heures:
        yield case.finding(
            CALENDAR,
            f"le total fait {hours(case.planned)} en {len(case.calendar)} jours "
            f"au lieu de {hours(heures)} ({_gap(case.planned, heures)}). Ajoutez ou retirez des jours.",
            severity,
        )


@control("Temps plein sur la durée prévue")
def plein_temps(case: Case, *, heures_hebdo: Decimal, semaines_min: int, semaines_max: int) -> Findings:
    """A full-time stage has ``heures_hebdo`` hours a week and lasts between the two numbers of weeks.

    Does not apply part time.
    """
    weekly = case.number(WEEKLY)
    if case.get("stage.quotite") != "plein" or weekly is None or case.weeks is None:
        raise NotApplicable
    if weekly != heures_hebdo:
        yield case.finding(
            WEEKLY,
            f"à temps plein, {hours(heures_hebdo)} par semaine sont attendues "
            f"au lieu de {hours(weekly)}. Corrigez les heures, ou cochez « Temps partiel ».",
        )
    if not semaines_min <= case.weeks <= semaines_max:
        yield Finding(
            "stage.date_fin",
            f"Dates du stage : à temps plein il dure de {semaines_min} à {semaines_max} semaines, la période "
            f"en compte {_weeks(case.weeks)}. Vérifiez les dates, ou cochez « Temps partiel ».",
        )


@control("Présence étalée dans le temps")
def etalement(case: Case, *, semaines: int) -> Findings:
    """A period shorter than ``semaines`` weeks gets a remark: a presence spread over time is recommended."""
    weeks = known(case.weeks)
    if weeks < semaines:
        yield Finding(
            "stage.date_fin",
            f"Dates du stage : {_weeks(weeks)} semaines. Une présence étalée sur {semaines} semaines ou plus "
            "est recommandée quand elle est possible.",
        )


@legal(
    "L-03",
    "Durée maximale dans un même organisme",
    Severity.BLOCKING,
    "C. éduc., L124-5 et D124-6",
    regimes=STUDENTS | CONTINUING,
)
def longest_stage(case: Case) -> Findings:
    """At most 924 hours (six months) in one organisme and teaching year; a remark only outside formation initiale."""
    total = known(case.hours)
    if total > case.law.longest:
        yield case.finding(
            _TOTAL,
            f"{hours(total)} ({duration(total)}), alors qu’un stage ne peut dépasser "
            f"{hours(case.law.longest)} (six mois) dans un même organisme par année d’enseignement. "
            "Réduisez la durée.",
            None if case.regime in STUDENTS else Severity.WARNING,
        )


@legal(
    "L-08",
    "Congés et absences prévus au-delà de deux mois",
    Severity.BLOCKING,
    "C. éduc., L124-13 et D124-4 (10°)",
    regimes=STUDENTS,
)
def leave_clause(case: Case) -> Findings:
    """Beyond 308 hours, the convention provides for leave and authorised absences."""
    path = "stage.conges_modalites"
    if case.hours is None or case.hours <= case.law.threshold:
        raise NotApplicable
    if not case.text(path) and not any(entry.path == path for entry in case.reading.doubts):
        yield case.finding(
            path,
            f"la réponse manque. Elle est obligatoire au-delà de {hours(case.law.threshold)} "
            f"(ici {hours(case.hours)}) : écrivez combien de jours d’absence sont permis et comment les demander.",
        )


@legal("L-20", "Durées qui s’accordent entre elles", Severity.WARNING, "C. éduc., D124-6 (calcul)")
def arithmetic(case: Case) -> Findings:
    """Total, hours a week, hours a day and period agree: exactly with a calendar, within 10 % without."""
    total = known(case.hours)
    yield from _with_calendar(case, total) if case.calendar else _with_weeks(case, total)


def _with_calendar(case: Case, total: Decimal) -> Findings:
    daily, days = case.number(DAILY), len(case.calendar)
    if case.planned != total:
        yield case.finding(
            CALENDAR,
            f"le calendrier totalise {hours(case.planned)}, la durée déclarée est de {hours(total)}. "
            "Accordez les deux.",
        )
    if daily is not None and daily * days != total:
        yield case.finding(
            DAILY,
            f"{days} jours de {hours(daily)} font {hours(daily * days)}, la durée déclarée est de {hours(total)}. "
            "Vérifiez les heures de chaque jour.",
        )


def _with_weeks(case: Case, total: Decimal) -> Findings:
    weekly = case.number(WEEKLY)
    if weekly is None or case.weeks is None or case.start is None or case.end is None:
        return
    touched = (case.end - case.start).days // 7 + 1
    least = weekly * max(case.weeks - _interrupted(case), Decimal()) * (1 - _TOLERANCE)
    most = weekly * touched * (1 + _TOLERANCE)
    if not least <= total <= most:
        yield case.finding(
            WEEKLY,
            f"{hours(weekly)} par semaine pendant {_weeks(case.weeks)} semaines font environ "
            f"{number((weekly * case.weeks).quantize(Decimal(1)))} h, la durée déclarée est de {hours(total)}. "
            "Vérifiez les dates, la durée et les heures.",
        )


def _interrupted(case: Case) -> Decimal:
    found = case.get("stage.interruptions")
    lines = [line for line in found if isinstance(line, Mapping)] if isinstance(found, list) else []
    periods = ((as_date(line.get("debut")), as_date(line.get("fin"))) for line in lines)
    return Decimal(sum((last - first).days + 1 for first, last in periods if first and last and first <= last)) / 7


def _gap(found: Decimal, expected: Decimal) -> str:
    return f"{hours(found - expected)} de trop" if found > expected else f"il manque {hours(expected - found)}"


def _weeks(weeks: Decimal) -> str:
    return number(weeks.quantize(Decimal("0.1")))
