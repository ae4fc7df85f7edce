"""Parser of dates, hours, euros and whole numbers as people write them in France: a value, or why a person must look.

Dates are day first, in figures or letters, and become ISO; the others become JSON numbers.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pipeline.core.fields import WEEKDAYS
from pipeline.core.folding import fold
from pipeline.core.french import MONTHS


@dataclass(frozen=True)
class Parsed:
    """A canonical value (or ``None``) and, if a person must look, why in French.

    ``contradicts``: it says two things that cannot both be true, and the value is one of them.
    """

    value: object
    doubt: str | None = None
    contradicts: bool = False


def excerpt(text: str, most: int = 60) -> str:
    """The text, or its beginning and « … »: at most so many letters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def unreadable(text: str, why: str) -> Parsed:
    """No value, and the doubt « text » why."""
    return Parsed(None, f"« {excerpt(text)} » {why}")


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
    found = list(_eight(text)) if _EIGHT.fullmatch(text) else []
    return found[0] if len(found) == 1 else None


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
        why = f"« {excerpt(text)} » : ce jour-là est un {named}, et non un {weekday}"
        return Parsed(date.isoformat(), why, contradicts=True)
    return Parsed(date.isoformat())


_NUMBER = r"\d{1,3}(?:[ .]\d{3})+(?:,\d{1,4})?|\d+(?:[.,]\d{1,4})?"
_HOURS = re.compile(rf"({_NUMBER})\s*(?:h|hs|hr|hrs|heure|heures)?")
_CLOCK = re.compile(r"(\d{1,3}(?: \d{3})+|\d{1,4})\s*(?:h|:|heures?)\s*([0-9]{2})\s*(?:min|mn|minutes?|m)?")
_EITHER = re.compile(
    r"(\d{1,3})[.,](05|1[05]|20|3[05]|4[05]|55)\s*(?:h|hs|hr|hrs|heure|heures)?"
)  # minutes, or hundredths
_MINUTES = re.compile(r"(\d{1,3})\s*(?:min|mn|minutes?)")
_RANGE = re.compile(r"(\d{1,2})\s*(?:h|:)?\s*(\d{2})?\s*(?:-|–|a|au)\s*(\d{1,2})\s*(?:h|:)\s*(\d{2})?")
_RATES = (
    ("semaine", r"(?:/|par|la)\s*(?:semaine|sem)\.?|hebdo(?:madaires?)?"),
    ("jour", r"(?:/|par)\s*(?:jour|j)\.?|quotidien(?:nes)?"),
    ("mois", r"(?:/|par)\s*mois|mensuel(?:le)?s?"),
)
_NO_HOURS = frozenset({"repos", "ferie", "conge", "conges", "absent", "absence", "off", "formation", "-", "/"})
_EUROS = re.compile(rf"({_NUMBER})(?:\s*(?:€|e|eur|euros?)(?:\s*(\d{{2}}))?)?")
_NOTHING_PAID = frozenset({"neant", "sans objet", "aucun", "aucune", "non gratifie", "pas de gratification", "non"})
_UNITS = (
    ("heure", r"(?:/|par|de l'|l')\s*(?:h|heure)"),
    ("jour", r"(?:/|par)\s*(?:j|jour)"),
    ("mois", r"(?:/|par|le)\s*mois|mensuel(?:s|le|les)?"),
    ("total", r"(?:au|en)\s*total"),
)
_WHOLE = re.compile(r"(\d{1,3}(?: \d{3})+|\d+)\s*([a-z ()]*)")
_COUNTED = frozenset(
    {
        "",
        "salarie",
        "salaries",
        "salarie(e)s",
        "personne",
        "personnes",
        "agent",
        "agents",
        "etp",
        "stagiaire",
        "stagiaires",
    }
)
_NONE_OF_THEM = frozenset({"aucun", "aucune", "zero"})


_TWO_NUMBERS = "est peut-être deux nombres, là où un seul est attendu"
_MOST_HOURS, _MOST_EUROS, _MOST_COUNTED = (
    3_000,
    10_000,
    10_000,
)  # from which two groups of figures are rather two numbers


def _may_be_two(number: str, most: int) -> bool:
    """Whether « 600 650 » is rather two numbers: a large one, written with a space, that is not round (250 000)."""
    _, *groups = number.split(" ")
    whole = number.replace(" ", "")
    return bool(groups) and whole.isdigit() and int(whole) >= most and groups[-1] != "000"


def parse_hours(text: str, *, per: str | None = None) -> Parsed:
    """Hours as a number: « 7 h 30 » is 7.5, « 140 heures » 140. ``per`` is the unit of time the field speaks of.

    « 35 h par semaine » answers a weekly field only: elsewhere it is a doubt,
    as are days, months and minutes over 59.
    """
    words = fold(text)
    for unit, pattern in _RATES:
        words, found = re.subn(rf"\s*(?:{pattern})$", "", words)
        if found and unit != per:
            return unreadable(text, f"parle d’heures par {unit}, ce qui n’est pas demandé ici")
    if match := _EITHER.fullmatch(words):
        why = f"peut se lire {match[1]} h {match[2]} ou {match[1]},{match[2]} heures : écrire l’un ou l’autre"
        return unreadable(text, why)
    if match := _CLOCK.fullmatch(words):
        return _clock(match[1], match[2], text)
    if match := _MINUTES.fullmatch(words):
        return Parsed(as_number(Decimal(match[1]) / 60))
    match = _HOURS.fullmatch(words)
    if match and _may_be_two(match[1], _MOST_HOURS):
        return unreadable(text, _TWO_NUMBERS)
    value = _decimal(match[1]) if match else None
    return Parsed(as_number(value)) if value is not None else unreadable(text, "n’est pas un nombre d’heures lisible")


def parse_day_hours(text: str) -> Parsed:
    """Hours of one day of a calendar: a number, « 9h-12h, 14h-18h » (added up), or « repos » (nothing)."""
    words = fold(text)
    if words in _NO_HOURS:
        return Parsed(None)
    pieces = [piece for piece in re.split(r"[,;/+]|\bet\b", words) if piece.strip()]
    ranges = [_RANGE.fullmatch(piece.strip()) for piece in pieces]
    if ranges and all(ranges):
        spans = [_span(match) for match in ranges if match]
        if all(span > 0 for span in spans):
            return Parsed(as_number(sum(spans, Decimal())))
        return unreadable(text, "n’est pas un horaire possible")
    parsed = parse_hours(text, per="jour")
    if isinstance(parsed.value, int | float) and parsed.value > 24:
        return unreadable(text, "dépasse vingt-quatre heures pour un jour")
    return parsed


def parse_euros(text: str) -> Parsed:
    """Euros as a number: « 1 234,56 € » is 1234.56; « néant » or « non gratifié » is 0. A share (15 %) is a doubt."""
    words = fold(text)
    if words in _NOTHING_PAID:
        return Parsed(0)
    words = re.sub(r"\b(?:nets?|bruts?)\b", " ", words)
    for _unit, pattern in _UNITS:
        words = re.sub(rf"\s*(?:{pattern})\s*$", "", words)
    match = _EUROS.fullmatch(" ".join(words.split()))
    whole, cents = (match[1], match[2]) if match else ("", None)
    if not cents and _may_be_two(whole, _MOST_EUROS):
        return unreadable(text, _TWO_NUMBERS)
    value = _decimal(f"{whole},{cents}" if cents else whole)
    exponent = value.as_tuple().exponent if value is not None else 0
    if value is None or (isinstance(exponent, int) and exponent < -2):
        return unreadable(text, "n’est pas un montant en euros lisible")
    return Parsed(as_number(value))


def euros_unit(text: str) -> str | None:
    """The unit that follows an amount: « 4,50 €/h » says ``heure``; ``None`` if it says none."""
    words = fold(text)
    return next((unit for unit, pattern in _UNITS if re.search(rf"(?:{pattern})\s*(?:nets?|bruts?)?$", words)), None)


def parse_whole(text: str, *, months: bool) -> Parsed:
    """A whole number, alone or with what it counts (« 48 salariés », « 18 mois » where months are asked)."""
    words = fold(text)
    if words in _NONE_OF_THEM:
        return Parsed(0)
    match = _WHOLE.fullmatch(words)
    if match is None or match[2].strip() not in ({"", "mois"} if months else _COUNTED):
        return unreadable(text, "n’est pas un nombre entier" + (" de mois" if months else ""))
    if _may_be_two(match[1], _MOST_COUNTED):
        return unreadable(text, _TWO_NUMBERS)
    return Parsed(int(match[1].replace(" ", "")))


def as_number(value: Decimal) -> int | float:
    """A JSON number: whole when it is whole, otherwise to four decimals."""
    return int(value) if value == value.to_integral_value() else round(float(value), 4)


def _decimal(text: str) -> Decimal | None:
    """A number in French writing; « 1.234 » may be a thousand or a fraction, so it is neither."""
    if not re.fullmatch(_NUMBER, text) or re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", text):
        return None
    grouped = re.fullmatch(r"(\d{1,3}(?:[ .]\d{3})+)(?:,(\d+))?", text)
    if grouped:
        return Decimal(f"{re.sub(r'[ .]', '', grouped[1])}.{grouped[2] or 0}")
    return Decimal(text.replace(",", "."))


def _clock(hours: str, minutes: str, text: str) -> Parsed:
    if int(minutes) > 59:
        return unreadable(text, "compte plus de 59 minutes")
    return Parsed(as_number(int(hours.replace(" ", "")) + Decimal(minutes) / 60))


def _span(match: re.Match[str]) -> Decimal:
    start = int(match[1]) + Decimal(match[2] or 0) / 60
    end = int(match[3]) + Decimal(match[4] or 0) / 60
    return end - start if end <= 24 else Decimal()
