"""Half-days of a weekly timetable, as forms write them: « 9h-12h30 », « 3 h 30 », « repos »."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from pipeline.core.fields import WEEKDAYS
from pipeline.core.folding import fold
from pipeline.core.models import Data, get

MOST_HOURS = 24  # a day has no more
_CLOCK = r"(\d{1,2})\s*(?:(?:h|:|heures?)\s*([0-5]\d)?)?"
_SPAN = re.compile(rf"(?:de\s*)?{_CLOCK}\s*(?:-|–|—|a|/|jusqu'a)\s*{_CLOCK}")
_ALONE = re.compile(r"(\d{1,2})(?:\s*(?:h|:|heures?)\s*([0-5]\d)?|[.,](\d{1,2}))?")
_NOBODY = frozenset({"", "-", "repos", "absent", "neant", "non", "ferme", "x", "/"})


class Span(NamedTuple):
    """From one hour of the day to another, in hours."""

    begins: Decimal
    ends: Decimal


def span_of(text: str) -> Span | None:
    """« 9h-12h30 », « de 14 h à 18 h »: when it begins and ends; ``None`` for other words."""
    match = _SPAN.fullmatch(fold(text).strip())
    if match is None:
        return None
    span = Span(_hour(match[1], match[2]), _hour(match[3], match[4]))
    return span if max(span) <= MOST_HOURS else None


def half_days(data: Data) -> Iterator[tuple[str, str, str]]:
    """The half-days written in the record: path, weekday, words."""
    table = get(data, "stage.horaires")
    for weekday in WEEKDAYS if isinstance(table, Mapping) else ():
        cells = table.get(weekday)
        for half, words in cells.items() if isinstance(cells, Mapping) else ():
            if isinstance(words, str):
                yield f"stage.horaires.{weekday}.{half}", weekday, words


def hours_of_half_days(data: Data) -> dict[int, Decimal]:
    """Hours of each weekday from its half-days; nothing if one of them cannot be understood."""
    week: dict[int, Decimal] = {}
    for _, weekday, words in half_days(data):
        hours = _length(words)
        if hours is None:
            return {}
        number = WEEKDAYS.index(weekday) + 1
        week[number] = week.get(number, Decimal()) + hours
    return {day: hours for day, hours in week.items() if 0 < hours <= MOST_HOURS}


def _length(words: str) -> Decimal | None:
    plain = fold(words).strip()
    if plain in _NOBODY:
        return Decimal()
    if span := span_of(plain):
        return span.ends - span.begins if span.ends > span.begins else None
    match = _ALONE.fullmatch(plain)
    if match is None:
        return None
    return Decimal(f"{match[1]}.{match[3]}") if match[3] else _hour(match[1], match[2])


def _hour(hours: str, minutes: str | None) -> Decimal:
    return Decimal(hours) + Decimal(minutes or 0) / 60
