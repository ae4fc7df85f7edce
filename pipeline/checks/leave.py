"""Rules on leave: provided for beyond two months (L-08), and agreeing with the days of presence (L-32)."""

from __future__ import annotations

import re

from pipeline.checks.case import CALENDAR, Case, Findings, NotApplicable
from pipeline.checks.messages import quote
from pipeline.checks.phrasing import day_names
from pipeline.checks.registry import legal
from pipeline.core.folding import fold
from pipeline.core.french import MONTHS, hours
from pipeline.core.law import CONTINUING, STUDENTS
from pipeline.core.models import Severity, Who
from pipeline.core.moments import days_off, short, without_dates
from pipeline.core.timetable import closed_periods

_ABSENCES = "stage.interruptions"
_PATH = "stage.conges_modalites"
_PARTS = re.compile(r"[.;:,\n()]|\bmais\b")
_REFUSAL = re.compile(
    r"\b(?:aucune?s?|pas|ni|jamais|non|neant|nulle?s?|zero|0|refuse\w*|interdit\w*|"
    r"sans (?:objet|conges?|absences?))\b"
)
_GRANTS = re.compile(
    r"[1-9]|\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|quinze|quelques|plusieurs|demi\w*|sauf|hormis|"
    r"hors|excepte\w*|sans (?!objet|conges?\b|absences?\b)\w+|(?:non|pas) (?:pay|remuner|gratifi|indemnis)\w*)\b"
)
_SUBJECT = re.compile(
    r"\b(?:conges?|absences?|autori\w*|jours?|modalites?|pendant|durant|le|la|les|l'|d'|de|du|des|un|et|ou|stage)(?:\b|(?<='))"
)
_MONTHS = [fold(month) for month in MONTHS]
_MONTH = re.compile(
    rf"\b(?:en|mois de|mois d'|debut|fin|courant|mi|tout|pendant|durant)[ -]?(?:le )?({'|'.join(_MONTHS)})\b"
)
_SOME_DAYS = re.compile(r"\bjours?(?: \w+){0,3} $")  # « deux jours en mai »: as undated as « deux jours par mois »
_CLOSURE = re.compile(
    r"\bfermetures?\b|\bfermee?s?\b|\bvacances\b|\bla (?:\w+ )?(?:semaine|quinzaine) (?:du?|des?|d'|entre)\b|"
    r"(?<!d')(?<!sous )(?<!par )(?<!les )\b(?:une|deux|trois|quatre|\d) (?:semaines?|quinzaines?)\b"
    r"(?!(?: \w+){0,3} (?:avant|a l'avance|en avance|d'avance|auparavant|plus tot|apres|preavis|delai)\b)"
)
_COUNTED = re.compile(r"\bcompte\w*\b|\b(?:conges?|absences?|jours?) (?:pay|remuner|gratifi)\w*")


@legal(
    "L-08",
    "Congés et absences prévus au-delà de deux mois",
    Severity.BLOCKING,
    "C. éduc., L124-13 et D124-4 (10°)",
    regimes=STUDENTS,
)
def leave_clause(case: Case) -> Findings:
    """Beyond 308 hours, the convention provides for leave and authorised absences: an answer that refuses is none."""
    total = case.presence
    if total is None or total <= case.law.threshold:
        raise NotApplicable
    if case.is_doubted(_PATH):
        return
    if not case.text(_PATH):
        yield case.finding(
            _PATH,
            f"la réponse manque. Elle est obligatoire au-delà de {hours(case.law.threshold)} "
            f"(ici {hours(total)}) : écrivez combien de jours d’absence sont permis et comment les demander.",
        )
    elif refuses_leave(case.text(_PATH)):
        yield case.finding(
            _PATH,
            f"{quote(short(case.text(_PATH)))} n’en prévoit pas, or la loi l’impose au-delà de "
            f"{hours(case.law.threshold)} (ici {hours(total)}) : écrivez combien de jours d’absence sont permis et "
            "comment les demander.",
        )


def refuses_leave(text: str) -> bool:
    """Whether a text on leave grants none: all it says is a denial (« aucun », « pas de congés »), or nothing.

    A number, a condition (« sauf », « sans accord ») or anything else beside the denial is left for a person to read.
    """
    said = [part for part in _PARTS.split(fold(text)) if re.search(r"\w", part)]
    if any(_GRANTS.search(part) for part in said):
        return False
    denied = [part for part in said if _REFUSAL.search(part)]
    return all(part in denied or not _SUBJECT.sub("", part).strip() for part in said) and (bool(denied) or not said)


@legal("L-32", "Congés et jours de présence", Severity.BLOCKING, "C. éduc., L124-13 et L124-18", overridable=True)
def leave_within_the_days(case: Case) -> Findings:
    """A leave whose dates are written is none of the days of presence, which are drawn, paid and attested.

    A closure or a week whose dates are not understood is shown to a person. Outside formation initiale the
    convention says that leave is not presence: other words wait for a person.
    """
    text = case.text(_PATH)
    if not text:
        raise NotApplicable
    days = case.days if case.days is not None and not case.days.is_assumed else None
    start, end = (days.first, days.last) if days else (case.start, case.end)
    off = days_off(text, start, end) if start and end else []
    present = [day for day in off if days and day in days.hours]
    if present:
        yield case.finding(
            _PATH,
            f"« {short(text)} », or {day_names(present)} {'sont' if present[1:] else 'est'} de présence. "
            f"{_take_them_out(case)}, ou retirez ces dates.",
        )
    if vague := _undated(case, text, dated=bool(off)):
        yield case.finding(
            _PATH,
            f"« {short(text)} » : « {vague} » est dit sans dates qui se comprennent, et n’a ôté aucun jour de "
            "présence. Demandez les dates.",
            Severity.WARNING,
            Who.SCOLARITE,
        )
    if case.regime in CONTINUING and _COUNTED.search(fold(text)):
        yield case.finding(
            _PATH,
            f"« {short(text)} », or en formation continue la convention dit qu’une absence ne compte pas dans la "
            "durée et que ses heures sont faites un autre jour : elle imprimerait les deux. Voyez ce qui est "
            "convenu, puis faites corriger ou levez cette règle.",
            who=Who.SCOLARITE,
            waits=True,
        )


def _take_them_out(case: Case) -> str:
    if case.days is not None and case.days.is_calendar:
        return f"Ôtez-en les heures à « {case.label(CALENDAR)} » (à durée égale, d’autres jours les remplacent)"
    return (
        f"Ôtez ces jours : écrivez-les à « {case.label(_ABSENCES)} » (à durée égale, la fin du stage est alors plus "
        "tard)"
    )


def _undated(case: Case, text: str, *, dated: bool) -> str:
    """The words of a closure, a week or a month away that no date explains; nothing if an interruption does."""
    words = without_dates(text)
    closed = closed_periods(case.data)
    for match in _MONTH.finditer(words):
        month = _MONTHS.index(match[1]) + 1
        told = any(first.month <= month <= last.month or last.year > first.year for first, last in closed)
        held = case.days.by_month if case.days else {(0, month): 0}
        some = _SOME_DAYS.search(words[: match.start()])
        if not told and not some and any(month == found for _, found in held):
            return match[0]
    found = None if dated or closed else _CLOSURE.search(words)
    return found[0] if found else ""
