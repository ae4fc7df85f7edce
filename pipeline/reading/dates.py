"""Date parser, as people write in France: day first, in figures or letters, to an ISO date or a doubt."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from pipeline.core.fields import WEEKDAYS
from pipeline.core.folding import fold
from pipeline.core.french import MONTHS
from pipeline.reading.parsed import Parsed, excerpt, unreadable

_WEEKDAY = re.compile(rf"^(?:le\s+)?(?:({'|'.join(WEEKDAYS)}|lun|mar|mer|jeu|ven|sam|dim)\b\.?,?\s+)?(?:le\s+)?")
_FIGURES = re.compile(r"(\d{1,2})\s*[/.\-–\s]\s*(\d{1,2})\s*[/.\-–\s]\s*(\d{4}|\d{2})")
_LETTERS = re.compile(r"(\d{1,2})\s*(?:er)?\s*[-\s]?\s*([a-z]{3,9})\.?\s*[-\s,]?\s*(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_EIGHT = re.compile(r"\d{8}")
_SPACED = re.compile(r"^\d \d ?[/.\- ] ?\d \d ?[/.\- ] ?(?:\d \d \d \d|\d \d)$")  # one digit to a box
FIRST_YEAR, LAST_YEAR = 1900, 2100
YOUNGEST = 14  # nobody does a stage before: it decides the century of a birth date written with two digits

_MONTHS = tuple(fold(month) for month in MONTHS)
_SHORT_MONTHS = ("jan janv", "fev fevr", "mar", "avr", "", "", "juil jul", "aou", "sep sept", "oct", "nov", "dec")
_SHORT = {word: number for number, words in enumerate(_SHORT_MONTHS, start=1) for word in words.split()}


def parse_date(text: str, received_on: dt.date, *, birth: bool, month_first: bool = False) -> Parsed:
    """The ISO date that a text says, day first; ``month_first`` for a form that asks for the month before the day.

    A year of two digits is of this century, except for a birth: then 1900 to 1999 when the person would
    otherwise be under 14, and a doubt when the figures could be read in another order. A weekday that
    contradicts the date, a month above twelve (American order) or a day that does not exist is a doubt.
    """
    words = fold(text).rstrip(".")
    start = _WEEKDAY.match(words)
    weekday, rest = (start.group(1), words[start.end() :]) if start else (None, words)
    numbers = _numbers(_SPACED.sub(lambda match: match[0].replace(" ", ""), rest))
    if numbers is None:
        return unreadable(text, "n’est pas une date lisible (jour, mois, année : 17/03/1988)")
    day, month, year = numbers
    if month_first and month.isdigit() and not _ISO.fullmatch(rest):
        day, month = int(month), f"{day:02d}"
    if len(year) == 2 and birth and int(year) <= 31 and month.isdigit():
        return Parsed(
            None, f"l’année de « {excerpt(text)} » est écrite sur deux chiffres et peut se lire de deux façons"
        )
    return _real(day, month, _year(year, received_on, birth=birth), weekday, text)


def _numbers(text: str) -> tuple[int, str, str] | None:
    """Day, month (in figures) and year as written; ``None`` if no date, or several, can be read."""
    if match := _ISO.fullmatch(text):
        return int(match[3]), match[2], match[1]
    if match := _FIGURES.fullmatch(text):
        return int(match[1]), match[2], match[3]
    if (match := _LETTERS.fullmatch(text)) and (month := _month(match[2])):
        return int(match[1]), f"{month:02d}*", match[3]
    if _EIGHT.fullmatch(text):
        found = list(_eight(text))
        return found[0] if len(found) == 1 else None
    return None


def _month(word: str) -> int | None:
    return _MONTHS.index(word) + 1 if word in _MONTHS else _SHORT.get(word)


def _eight(text: str) -> Iterator[tuple[int, str, str]]:
    """Eight digits in a row are day-month-year or year-month-day, whichever exists."""
    for day, month, year in ((text[:2], text[2:4], text[4:]), (text[6:], text[4:6], text[:4])):
        if FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
            yield int(day), month, year


def _year(text: str, received_on: dt.date, *, birth: bool) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return year + 1900 if birth and year + 2000 > received_on.year - YOUNGEST else year + 2000


def _real(day: int, month: str, year: int, weekday: str | None, text: str) -> Parsed:
    number = int(month.rstrip("*"))
    if number > 12 and day <= 12:
        return unreadable(text, "met le mois avant le jour : la date est à écrire jour, mois, année")
    try:
        date = dt.date(year, number, day)
    except ValueError:
        return unreadable(text, "n’existe pas au calendrier")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Parsed(None, f"l’année de « {excerpt(text)} » n’est pas vraisemblable")
    named = WEEKDAYS[date.weekday()]
    if weekday and not named.startswith(weekday):
        return Parsed(date.isoformat(), f"« {excerpt(text)} » : ce jour-là est un {named}, et non un {weekday}")
    return Parsed(date.isoformat())
