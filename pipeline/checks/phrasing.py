"""Text helpers of the rules: words found by their root, days named, lists joined."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal

from pipeline.core.fields import WEEKDAYS
from pipeline.core.folding import fold
from pipeline.core.french import hours, long_date

_MOST_DAYS_NAMED = 6


def first_root(text: str, roots: Iterable[str]) -> str | None:
    """The first of these roots that begins a word of the text, accents and case aside; ``None`` if none does."""
    plain = fold(text)
    return next((root for root in roots if re.search(rf"(?<![a-z0-9]){re.escape(fold(root))}", plain)), None)


def day_name(day: dt.date) -> str:
    """« vendredi 4 juillet 2025 »."""
    return f"{WEEKDAYS[day.weekday()]} {long_date(day)}"


def day_names(days: Iterable[dt.date]) -> str:
    """The days one after the other; beyond six, how many more there are."""
    ordered = sorted(days)
    named = [day_name(day) for day in ordered[:_MOST_DAYS_NAMED]]
    more = len(ordered) - len(named)
    return and_list([*named, f"{more} autre{'s' if more > 1 else ''}"] if more else named)


def and_list(parts: Iterable[str]) -> str:
    """« a, b et c »."""
    items = list(parts)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} et {items[-1]}" if items else ""


def gap_of(found: Decimal, expected: Decimal) -> str:
    """« 7 h de trop », « il manque 42 h »."""
    return f"{hours(found - expected)} de trop" if found > expected else f"il manque {hours(expected - found)}"


def monday(week: tuple[int, int]) -> dt.date:
    """The Monday of an ISO (year, week)."""
    return dt.date.fromisocalendar(*week, 1)
