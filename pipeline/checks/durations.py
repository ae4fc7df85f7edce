"""Rules about how long a stage is: its total, its share of time, its spread."""

from __future__ import annotations

from decimal import Decimal

from pipeline.checks.case import CALENDAR, TOTAL, WEEKLY, Case, Finding, Findings, NotApplicable, known
from pipeline.checks.phrasing import gap_of
from pipeline.checks.registry import control
from pipeline.core.days import is_same
from pipeline.core.french import hours, number
from pipeline.core.law import STUDENTS
from pipeline.core.models import Severity, Who
from pipeline.core.stage_length import StageLength

_DECIDED = "L’établissement le valide malgré sa durée réduite, ou propose une autre modalité (C. éduc., L124-15)"
_COMPLETED = "L’établissement dit s’il est validé ou comment il peut être complété"  # as the convention FC does
_NO_LIMIT = Decimal(10**6)  # hours: more than any form can mean


@control("Durée totale du stage")
def duree_exacte(case: Case, *, heures: Decimal, si_facultatif: Severity | None = None) -> Findings:
    """The declared total, and the sum of the calendar if there is one, are exactly ``heures`` hours.

    ``si_facultatif`` is the severity for a stage that the curriculum does not require.
    """
    if case.hours is None and not case.calendar:
        raise NotApplicable
    if case.since and case.since.shortened:
        yield from _shortened(case, heures)
        return
    severity = si_facultatif if case.get("stage.obligatoire") is False else None
    if case.hours is not None and case.hours != heures:
        yield case.finding(
            TOTAL,
            f"{hours(case.hours)} au lieu de {hours(heures)} ({gap_of(case.hours, heures)}). "
            "Corrigez la durée, et les dates ou les heures par semaine s’il le faut.",
            severity,
        )
    planned = case.days.total if case.days and case.days.is_calendar else heures
    if not is_same(planned, heures):
        yield case.finding(
            CALENDAR,
            f"le total fait {hours(planned)} en {len(case.calendar)} jours "
            f"au lieu de {hours(heures)} ({gap_of(planned, heures)}). Ajoutez ou retirez des jours.",
            severity,
        )


@control("Durée du stage, entre deux nombres d’heures")
def duree_entre(case: Case, *, heures_min: Decimal = Decimal(0), heures_max: Decimal = _NO_LIMIT) -> Findings:
    """The declared total, and the sum of the calendar if there is one, are between ``heures_min`` and ``heures_max``.

    Either may be left out.
    """
    planned = case.days.total if case.days and case.days.is_calendar else None
    if case.hours is None and planned is None:
        raise NotApplicable
    most = None if heures_max == _NO_LIMIT else heures_max
    allowed = StageLength(heures_min or None, most)
    if case.since and case.since.shortened:
        yield from _shortened(case, heures_min)
        return
    for path, total in ((TOTAL, case.hours), (CALENDAR, planned)):
        if total is not None and not allowed.admits(total):
            limit = heures_min if total < heures_min else heures_max
            yield case.finding(
                path,
                f"{hours(total)}, or un stage de cette formation dure {allowed.told()} ({gap_of(total, limit)}). "
                "Corrigez la durée, et les dates ou les heures par semaine s’il le faut.",
            )


@control("Temps plein sur la durée prévue")
def plein_temps(case: Case, *, heures_hebdo: Decimal, semaines_min: int, semaines_max: int) -> Findings:
    """A full-time stage has ``heures_hebdo`` hours a week and lasts between the two numbers of weeks.

    Weeks of an interruption are not counted. Does not apply part time, nor to a stage that the curriculum does not
    require and whose total is another than the formation's.
    """
    if case.since and case.since.shortened:
        raise NotApplicable
    usual = case.hours is not None and case.formation.length.admits(case.hours)
    if case.get("stage.obligatoire") is False and not usual:
        raise NotApplicable
    weeks = known(case.open_weeks)
    weekly = case.days.weekly if case.days and not case.days.is_calendar else case.number(WEEKLY)
    if case.get("stage.quotite") != "plein" or weekly is None:
        raise NotApplicable
    if not is_same(weekly, heures_hebdo):
        yield case.finding(
            WEEKLY,
            f"à temps plein, {hours(heures_hebdo)} par semaine sont attendues "
            f"au lieu de {hours(weekly)}. Corrigez les heures, ou cochez « Temps partiel ».",
        )
    if not semaines_min <= weeks <= semaines_max:
        yield Finding(
            "stage.date_fin",
            f"Dates du stage : à temps plein il dure de {semaines_min} à {semaines_max} semaines, la période "
            f"en compte {_weeks(weeks)}{_closed(case)}. Vérifiez les dates, ou cochez « Temps partiel ».",
        )


@control("Présence étalée dans le temps")
def etalement(case: Case, *, semaines: int) -> Findings:
    """Presence in fewer than ``semaines`` weeks gets a remark: a presence spread over time is recommended.

    Weeks are those of the period less its interruptions, and of days that are known no more than have one of them.
    """
    named = case.days if case.days and not case.days.is_assumed else None
    weeks = known(case.open_weeks)
    weeks = min(weeks, Decimal(len(named.by_week))) if named else weeks
    if weeks < semaines:
        yield Finding(
            "stage.date_fin",
            f"Dates du stage : {_weeks(weeks)} semaines de présence. Une présence étalée sur {semaines} semaines "
            "ou plus est recommandée quand elle est possible.",
        )


def _shortened(case: Case, least: Decimal) -> Findings:
    """An interrupted stage, or one that ends before its term, may lack hours: whether it is valid is decided."""
    total = case.presence
    if total is not None and total < least:
        yield case.finding(
            TOTAL,
            f"{hours(total)} au lieu de {hours(least)} ({gap_of(total, least)}) : le stage est interrompu ou prend "
            f"fin avant son terme. {_DECIDED if case.regime in STUDENTS else _COMPLETED} : dites-le au stagiaire.",
            Severity.WARNING,
            Who.SCOLARITE,
        )


def _closed(case: Case) -> str:
    return " hors interruptions" if case.open_weeks != case.weeks else ""


def _weeks(weeks: Decimal) -> str:
    return number(weeks.quantize(Decimal("0.1")))
