"""Messages of the cohort's rules: a problem under its rule, other forms named by their ids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.cohort.rules import RULES
from pipeline.core.french import short_date
from pipeline.core.member import Member, Period
from pipeline.core.models import Problem, Severity

MOST_NAMED = 5  # other forms named in a message: a control sheet is read by people


def problem(rule: str, message: str, *, severity: Severity | None = None, field: str | None = None) -> Problem:
    """A problem of that rule; blocking ones wait for the scolarité, nothing is asked of the sender."""
    known = RULES[rule]
    level = severity or known.severity
    return Problem(
        rule,
        level,
        field or known.field,
        message,
        known.who,
        known.source,
        known.overridable,
        waits=level is Severity.BLOCKING,
    )


def named(others: Sequence[Member], *, when: bool = False) -> str:
    """« 1a2b3c4d, 5e6f7a8b et 3 autres »; with ``when``, the dates of each."""
    told = [f"{one.id}{f' ({dates(one.period)})' if when and one.period else ''}" for one in others[:MOST_NAMED]]
    left = len(others) - len(told)
    return enumerated([*told, f"{left} autre{'s' if left > 1 else ''}"] if left else told)


def enumerated(parts: Iterable[str]) -> str:
    """« a, b et c »."""
    *first, last = parts
    return f"{', '.join(first)} et {last}" if first else last


def dates(period: Period) -> str:
    """« du 07/04/2025 au 03/07/2025 »."""
    return f"du {short_date(period.start)} au {short_date(period.end)}"
