"""Rule of the law on how long a stage is: its maximum in one organisme (L-03)."""

from __future__ import annotations

from pipeline.checks.case import TOTAL, Case, Findings, known
from pipeline.checks.registry import legal
from pipeline.core.french import duration, hours
from pipeline.core.law import CONTINUING, STUDENTS
from pipeline.core.models import Severity


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
