"""Rules on leave: provided for beyond two months (L-08), and agreeing with the days of presence (L-32)."""

from __future__ import annotations

import re

from pipeline.checks.case import Case, Findings, NotApplicable
from pipeline.checks.messages import quote
from pipeline.checks.phrasing import day_names
from pipeline.checks.registry import legal
from pipeline.core.folding import fold
from pipeline.core.french import hours
from pipeline.core.law import CONTINUING, STUDENTS
from pipeline.core.models import Severity, Who
from pipeline.core.moments import days_off, short

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


@legal("L-32", "Congés et jours de présence", Severity.BLOCKING, "C. éduc., L124-13 et L124-18")
def leave_within_the_days(case: Case) -> Findings:
    """A leave whose dates are written is none of the days of presence, which are drawn, paid and attested.

    Outside formation initiale the convention says that leave is not presence: other words are shown to a person.
    """
    text = case.text(_PATH)
    if not text:
        raise NotApplicable
    days = case.days
    if days is not None and not days.is_assumed:
        present = [day for day in days_off(text, days.first, days.last) if day in days.hours]
        if present:
            yield case.finding(
                _PATH,
                f"« {short(text)} », or {day_names(present)} {'sont' if present[1:] else 'est'} de présence. Otez-en "
                f"les heures à « {case.label(case.named_path)} », ou retirez ces dates.",
            )
    if case.regime in CONTINUING and _COUNTED.search(fold(text)):
        yield case.finding(
            _PATH,
            f"« {short(text)} », or en formation continue la convention dit qu’une absence ne compte pas dans la "
            "durée et que ses heures sont faites un autre jour. Vérifiez ce qui est convenu.",
            Severity.WARNING,
            Who.SCOLARITE,
        )
