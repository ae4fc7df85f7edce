"""Rule L-29: days without presence and days added to an ordinary week are those of the stage, each said once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from pipeline.checks.case import CHANGES, Case, Findings, NotApplicable
from pipeline.checks.phrasing import day_name, day_names
from pipeline.checks.registry import legal
from pipeline.core.french import long_date
from pipeline.core.law import as_date, as_number
from pipeline.core.models import JSON, Severity
from pipeline.core.timetable import lines

Lines = Sequence[Mapping[str, JSON]]
_ABSENCES = "stage.interruptions"
_MEND = "Corrigez la ligne, ou les dates du stage."


@legal("L-29", "Absences et jours ajoutés au calendrier", Severity.BLOCKING, "C. éduc., D124-4 (5° et 6°)")
def changes_of_calendar(case: Case) -> Findings:
    """Lines of absences and of days added: within the dates, in order, no day twice, none both absent and present.

    Beside a calendar day by day no day is added: it gives them all, and none of them is an absence.
    """
    absences, changes = lines(case.data, _ABSENCES), lines(case.data, CHANGES)
    if not absences and not changes:
        raise NotApplicable
    for line in absences:
        yield from _absence(case, line)
    yield from _added(case, absences, changes)
    if case.calendar:
        yield from _beside_calendar(case, absences, changes)


def _added(case: Case, absences: Lines, changes: Lines) -> Findings:
    days = [day for line in changes if (day := as_date(line.get("date")))]
    present = {day for line in changes if as_number(line.get("heures")) and (day := as_date(line.get("date")))}
    for found, what in (
        ({day for day in days if not _within(case, day)}, f"hors des dates du stage{_dates(case)}. {_MEND}"),
        ({day for day in days if days.count(day) > 1}, "plusieurs lignes pour un même jour. Gardez-en une."),
        (_both(present, absences), "jour sans présence et jour ajouté à la fois. Effacez une des deux lignes."),
    ):
        if found:
            yield case.finding(CHANGES, f"{day_names(found)}, {what}")


def _beside_calendar(case: Case, absences: Lines, changes: Lines) -> Findings:
    absent = _both(case.calendar, absences)
    if absent:
        yield case.finding(
            _ABSENCES,
            f"{day_names(absent)}, jour sans présence que le calendrier compte. Corrigez l’absence ou le calendrier.",
        )
    if changes:
        yield case.finding(
            CHANGES,
            "le calendrier donne déjà chaque jour, ces lignes n’y changeraient rien. Portez-les au calendrier, et "
            "effacez-les ici.",
        )


def _both(present: Iterable[dt.date], absences: Lines) -> set[dt.date]:
    return {day for day in present if any(_covers(line, day) for line in absences)}


def _absence(case: Case, line: Mapping[str, JSON]) -> Findings:
    first, last = as_date(line.get("debut")), as_date(line.get("fin"))
    if first is None or last is None:
        return
    if last < first:
        yield case.finding(
            _ABSENCES,
            f"du {long_date(first)} au {long_date(last)} : le dernier jour est avant le premier. Corrigez.",
        )
    elif case.since and case.since.shortened:  # it may go on beyond the last day that is left
        return
    elif (case.end and first > case.end) or (case.start and last < case.start):
        which = f"le {day_name(first)}" if first == last else f"du {long_date(first)} au {long_date(last)}"
        yield case.finding(_ABSENCES, f"{which}, hors des dates du stage{_dates(case)}. {_MEND}")


def _covers(line: Mapping[str, JSON], day: dt.date) -> bool:
    first, last = as_date(line.get("debut")), as_date(line.get("fin"))
    return first is not None and last is not None and first <= day <= last


def _within(case: Case, day: dt.date) -> bool:
    return (case.start is None or day >= case.start) and (case.end is None or day <= case.end)


def _dates(case: Case) -> str:
    return f" (du {long_date(case.start)} au {long_date(case.end)})" if case.start and case.end else ""
