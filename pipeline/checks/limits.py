"""Rules of the law on how long a stage is: its maximum in one organisme (L-03), leave beyond two months (L-08)."""

from __future__ import annotations

import re

from pipeline.checks.case import TOTAL, Case, Findings, NotApplicable, known
from pipeline.checks.messages import quote
from pipeline.checks.registry import legal
from pipeline.core.folding import fold
from pipeline.core.french import duration, hours
from pipeline.core.law import CONTINUING, STUDENTS
from pipeline.core.models import Severity
from pipeline.core.moments import short

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


@legal(
    "L-03",
    "Durée maximale dans un même organisme",
    Severity.BLOCKING,
    "C. éduc., L124-5 et D124-6",
    regimes=STUDENTS | CONTINUING,
)
def longest_stage(case: Case) -> Findings:
    """At most 924 hours (six months) in one organisme and teaching year; a remark only outside formation initiale.

    With what is already known of the same person there: C-09.
    """
    by_year = case.days.by_year if case.days and not case.days.is_assumed else {}
    total = max(by_year.values()) if by_year else known(case.hours)
    if total > case.law.longest:
        yield case.finding(
            TOTAL,
            f"{hours(total)} ({duration(total)}) la même année d’enseignement, alors qu’un stage ne peut dépasser "
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
    """Beyond 308 hours, the convention provides for leave and authorised absences: an answer that refuses is none."""
    path = "stage.conges_modalites"
    total = case.presence
    if total is None or total <= case.law.threshold:
        raise NotApplicable
    if case.is_doubted(path):
        return
    if not case.text(path):
        yield case.finding(
            path,
            f"la réponse manque. Elle est obligatoire au-delà de {hours(case.law.threshold)} "
            f"(ici {hours(total)}) : écrivez combien de jours d’absence sont permis et comment les demander.",
        )
    elif refuses_leave(case.text(path)):
        yield case.finding(
            path,
            f"{quote(short(case.text(path)))} n’en prévoit pas, or la loi l’impose au-delà de "
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
