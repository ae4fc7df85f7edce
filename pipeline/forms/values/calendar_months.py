"""Months as people write them: « avril 2025 », « 04/2025 », and as they are kept: « 2025-04 »."""

from __future__ import annotations

import re

from pipeline.core.folding import fold
from pipeline.core.french import MONTHS

_FIGURES = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{4})")
_KEPT = re.compile(r"(\d{4})-(\d{1,2})")
_WORDS = re.compile(r"([a-z]{3,9})\.?\s+(\d{4})")
_NAMES = {fold(name): number for number, name in enumerate(MONTHS, 1)}


def month_of(text: str) -> str | None:
    """The month that a text says, « 2025-04 »; ``None`` for anything else."""
    plain = fold(text).strip()
    if found := _KEPT.fullmatch(plain):
        return _month(int(found[1]), int(found[2]))
    if found := _FIGURES.fullmatch(plain):
        return _month(int(found[2]), int(found[1]))
    found = _WORDS.fullmatch(plain)
    return _month(int(found[2]), _NAMES.get(found[1], 0)) if found else None


def month_text(month: str) -> str:
    """« avril 2025 »."""
    year, number = month.split("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def _month(year: int, number: int) -> str | None:
    return f"{year}-{number:02d}" if 1 <= number <= 12 else None
