"""Rules about when a stage begins and ends: its first and last day (L-25), its teaching year (L-27)."""

from __future__ import annotations

import datetime as dt

from pipeline.checks.case import END, START, Case, Finding, Findings, NotApplicable, known
from pipeline.checks.phrasing import and_list, day_name
from pipeline.checks.registry import legal
from pipeline.core.days import Days
from pipeline.core.fields import WEEKDAYS
from pipeline.core.formation import school_year
from pipeline.core.french import hours, long_date
from pipeline.core.law import STUDENTS
from pipeline.core.models import YEAR, Severity, Who

_SUNDAY, _TWO = 7, 2
_EARLY = (7, 8)  # July and August: a stage that begins then may belong to the year that follows


@legal("L-25", "Premier et dernier jour du stage", Severity.BLOCKING, "C. éduc., D124-4 (5°)")
def first_and_last_day(case: Case) -> Findings:
    """The dates of the stage are those of its calendar; it does not begin on a Sunday or a public holiday.

    Without a calendar, dates that are no days of presence are a remark.
    """
    start, end = case.start, case.end
    if start is None and end is None:
        raise NotApplicable
    days = case.days
    if days is not None and days.is_calendar:
        yield from _against_calendar(case, days, start, end)
        return
    closed = _closed(case, start) if start else None
    if start and closed:
        yield case.finding(START, f"{day_name(start)}, {closed}. {_begin(days, start)}")
    if days is None or days.is_assumed:
        return
    if start and not closed and days.first != start:
        yield _remark(case, START, start, f"le premier jour de présence est le {day_name(days.first)}")
    if end and days.last != end:
        yield _remark(case, END, end, f"le dernier jour de présence est le {day_name(days.last)}")


@legal("L-27", "Année d’enseignement du stage", Severity.BLOCKING, "C. éduc., L124-5 et L124-6", overridable=True)
def teaching_year(case: Case) -> Findings:
    """The stage begins in the school year of its session; one that goes on into the next year is said.

    From July on it may belong to the year to come. What is wrong, the dates or the year, is for the scolarité to say.
    """
    start = known(case.start)
    year = school_year(start)
    if case.session.begins not in (year, year + 1 if start.month in _EARLY else year):
        others = [one.annee for one in case.formation.sessions if one.begins == year]
        settled = (
            f"rangez-le dans cette année (liasse confirm {case.reading.sha256[:8]} {YEAR}={others[0]} --by NOM)"
            if others
            else "ajoutez d’abord cette session à la formation"
        )
        yield Finding(
            YEAR,
            f"Année : le formulaire est celui de {case.session.annee}, or le stage commence le {day_name(start)}, en "
            f"{year}-{year + 1}. Si les dates sont fausses, demandez un formulaire corrigé ; sinon, {settled}, "
            f"ou gardez-le en {case.session.annee} (liasse override {case.reading.sha256[:8]} L-27).",
            who=Who.SCOLARITE,
            waits=True,
        )
    yield from _two_years(case, start)


def _two_years(case: Case, start: dt.date) -> Findings:
    """The years are those of the days of presence, where these are known: the papers end on the last of them."""
    if case.end is None or case.end < start:
        return
    by_year = case.days.by_year if case.days and not case.days.is_assumed else {}
    years = sorted(by_year) or range(school_year(start), school_year(case.end) + 1)
    if len(years) == 1:
        return
    shares = and_list(f"{hours(found)} en {year}-{year + 1}" for year, found in sorted(by_year.items()))
    student = case.regime in STUDENTS
    counted = f"Les six mois ({hours(case.law.longest)}) dans un même organisme se comptent par année"
    if student:
        pay = f"les deux mois ({hours(case.law.threshold)}) de la gratification, à la suite ou par année (L-04)"
        counted = f"{counted} ; {pay}"
    yield Finding(
        END,
        f"Dates du stage : du {long_date(start)} au {long_date(case.end)}, sur {_how_many(len(years))} années "
        f"d’enseignement{f' ({shares})' if shares else ''}. {counted}. Voyez si l’inscription couvre "
        f"{'la seconde' if len(years) == _TWO else 'les suivantes'}.",
        Severity.WARNING if student else Severity.INFO,
        Who.SCOLARITE,
    )


def _how_many(count: int) -> str:
    return {2: "deux", 3: "trois"}.get(count, str(count))


def _against_calendar(case: Case, days: Days, start: dt.date | None, end: dt.date | None) -> Findings:
    for path, day, found, what in ((START, start, days.first, "commence"), (END, end, days.last, "finit")):
        if day is not None and day != found:
            yield case.finding(
                path,
                f"{day_name(day)}, or le calendrier {what} le {day_name(found)}. "
                f"Écrivez cette date, ou corrigez le calendrier.",
            )


def _remark(case: Case, path: str, day: dt.date, what: str) -> Finding:
    return case.finding(path, f"{day_name(day)} n’est pas un jour de présence : {what}.", Severity.INFO)


def _closed(case: Case, day: dt.date) -> str | None:
    if name := case.place.holiday(day):
        return f"jour férié ({name})"
    return f"un {WEEKDAYS[_SUNDAY - 1]}" if day.isoweekday() == _SUNDAY else None


def _begin(days: Days | None, start: dt.date) -> str:
    later = days is not None and days.first > start
    return f"Commencez le {day_name(days.first)}." if days is not None and later else "Changez cette date."
