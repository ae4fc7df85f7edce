"""Parser of answers made of dates and hours: days of a calendar, a week, periods, single days with their hours.

A line is written « 07/04/2025 : 7 », « lundi : 7 h », « 14/07/2025 au 18/07/2025 ». Values are those of the schema;
a part that was left out is left out of its line, which the schema then finds incomplete.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from pipeline.core.fields import LINED, Field, FieldKind
from pipeline.core.folding import fold
from pipeline.forms.values.figures import Parsed, parse_date, parse_day_hours, unreadable

OF_DAY, UNTIL = " : ", " au "  # between a day and its hours; between the first and the last day of a period
DATED = (FieldKind.CALENDAR, FieldKind.WEEK, *LINED)
_MOST_SAID = 5  # doubts that one message tells
_NEXT_LINE = re.compile(r"[;\n]+|,\s+(?=(?:du|le)\s|\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]|[a-z]{3,5}di\b)", re.IGNORECASE)
_OPENING = re.compile(r"^(?:[-–—•*]\s*)?(?:du|le|les|l[’'])\s+", re.IGNORECASE)
_TO = re.compile(r"\s+(?:au|jusqu[’']au)\s+|\s+[–—-]\s+", re.IGNORECASE)
_OF = re.compile(r"\s*[:=]\s+|\s+[:=]\s*|(?<=[^\W\d_])[:=]|(?<=\d{4})[:=]")


def lines_of(text: str) -> list[str]:
    """The lines of an answer written in one place: « du 14/07/2025 au 18/07/2025 ; le 12/05/2025 »."""
    lines = (_OPENING.sub("", line.strip()).strip(" .") for line in _NEXT_LINE.split(text))
    return [line for line in lines if line]


def parse_lines(field: Field, lines: Iterable[str], received_on: dt.date) -> Parsed:
    """The value of an answer of such a kind, ``None`` when it is empty; every line that cannot be read is a doubt."""
    parsed = [(line, _line(field, line, received_on)) for line in lines]
    doubts = [f"« {line} » : {one.doubt}" for line, one in parsed if one.doubt]
    values = [one.value for _, one in parsed if one.value]
    if field.kind is FieldKind.WEEK:
        return _week(values, doubts)
    return Parsed(values or None, "; ".join(doubts[:_MOST_SAID]) or None)


def _week(values: list[object], doubts: list[str]) -> Parsed:
    """The weekdays put together; one that is written twice is a doubt."""
    days = [day for value in values if isinstance(value, dict) for day in value.items()]
    names = [name for name, _ in days]
    doubts += [f"« {name} » y est deux fois" for name in dict.fromkeys(names) if names.count(name) > 1]
    return Parsed(dict(days) or None, "; ".join(doubts[:_MOST_SAID]) or None)


def _line(field: Field, line: str, received_on: dt.date) -> Parsed:
    if field.kind is FieldKind.PERIODS:
        return _period(line, received_on)
    day, hours = _halves(_OF, line)
    if field.kind is FieldKind.WEEK:
        return _weekday(field, day, hours)
    return _hours_of_day(day, hours, received_on, absence=field.kind is FieldKind.CHANGES)


def _halves(between: re.Pattern[str], line: str) -> tuple[str, str]:
    """What stands before and after the first sign between; nothing after where there is none."""
    first, *rest = between.split(line, maxsplit=1)
    return first.strip(), "".join(rest).strip()


def _weekday(field: Field, day: str, hours: str) -> Parsed:
    name = fold(day).rstrip("s.")
    if name not in field.parts:
        return unreadable(day, "n’est pas un jour de la semaine du formulaire")
    parsed = parse_day_hours(hours)
    return Parsed({name: parsed.value} if parsed.value else None, parsed.doubt)


def _hours_of_day(day: str, hours: str, received_on: dt.date, *, absence: bool) -> Parsed:
    """A date and its hours; « repos » is no day of a calendar, and nought hours of a day that is changed."""
    when = parse_date(day, received_on, birth=False) if day else Parsed(None)
    parsed = parse_day_hours(hours) if hours else Parsed(None)
    length = 0 if absence and hours and parsed.value is None and not parsed.doubt else parsed.value
    if not absence and not length:
        return Parsed(None, when.doubt or parsed.doubt)
    parts = {"date": when.value, "heures": length}
    return Parsed(_said(parts), when.doubt or parsed.doubt)


def _period(line: str, received_on: dt.date) -> Parsed:
    """The first and the last day; one day alone is both."""
    first, last = _halves(_TO, f" {line}" if line.startswith("au ") else line)
    begins = parse_date(first, received_on, birth=False) if first else Parsed(None)
    ends = parse_date(last, received_on, birth=False) if last else begins
    return Parsed(_said({"debut": begins.value, "fin": ends.value}), begins.doubt or ends.doubt)


def _said(parts: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in parts.items() if value is not None}


def dated_lines(pairs: Iterable[tuple[str, str]], kind: FieldKind) -> Iterator[str]:
    """The lines that two boxes each give: « 14/07/2025 au 18/07/2025 », « 12/04/2025 : 4 »; empty ones left out."""
    for first, second in pairs:
        if kind is FieldKind.PERIODS and (first or second):
            yield f"{first}{UNTIL}{second}" if second else first
        elif first or second:
            yield f"{first}{OF_DAY}{second}"
