"""Night, Sunday and public holidays in the words of a form: what is said to happen, and what is denied.

What is said not to happen (« aucun dimanche », « ni la nuit ») is not found; what cannot be told apart is: a person
looks.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from pipeline.core.denials import affirmed, is_denial
from pipeline.core.folding import fold
from pipeline.core.french import MONTHS
from pipeline.core.half_days import Span, span_of

NIGHT, SUNDAY, HOLIDAY = "la nuit", "le dimanche", "un jour férié"
_WORDS = {
    NIGHT: re.compile(r"\b(?:nuits?|nuitees?|nocturnes?|minuit)\b"),
    SUNDAY: re.compile(r"\b(?:dimanches?|dominica\w*|week-?\s?ends?|fins? de semaine)\b"),
    HOLIDAY: re.compile(r"\bferies?\b"),
}
_NAMED = re.compile(
    r"\b(?:1er mai|1er janvier|8 mai|14 juillet|15 aout|1er novembre|11 novembre|25 decembre|noel|paques|ascension|"
    r"pentecote|toussaint|assomption|jour de l'an)\b"
)
_SPANS = re.compile(r"(?:de\s*)?\d{1,2}\s*(?:h|:)\s*\d{0,2}\s*(?:-|–|—|a|/|jusqu'a)\s*\d{1,2}\s*(?:h|:)\s*\d{0,2}")
_LIST = re.compile(
    r"\b(?:de|des|du|le|la|les|en|ou|tous|jours?|soirs?|lundis?|mardis?|mercredis?|jeudis?|vendredis?|samedis?)\b|"
    r"\b[dl]'|[:\s]"
)  # the words between moments that are only named: « le samedi, la nuit ou les jours fériés »
_SENTENCES = re.compile(r"[.;\n]")
_BREAKS = re.compile(r"[.;()]|\b(?:mais|puis)\b")
_BUT = re.compile(
    r"\b(?:sauf|hormis|hors|excepte)\b"
)  # turns what is said round: « tous les jours sauf le dimanche »
_MONTHS = [fold(month) for month in MONTHS]
_DATES = re.compile(
    r"\b(?P<days>\d{1,2}(?:er)?(?:\s*(?:et|ou|&)\s*(?:(?:le|du)\s*)?\d{1,2}(?:er)?)*)\s+"
    rf"(?P<name>{'|'.join(_MONTHS)})\b(?:\s+(?P<long_year>20\d\d))?"
    r"|\b(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>(?:20)?\d\d))?\b"
)
_WEEK_OF = re.compile(r"\bsemaines? (?:du|des|de) (?:[a-z]+ )?$")
_PERIOD = re.compile(r"\b(?:au|jusqu\w*|entre|partir|depuis|apres|avant)\b")
_FROM_TO = re.compile(r"\bdu\b.*\bau\b")
_IN_MONTH = re.compile(
    rf"\bdu (?:[a-z]+ )?(\d{{1,2}}(?:er)?) au ((?:[a-z]+ )?\d{{1,2}}(?:er)? ({'|'.join(_MONTHS)}))\b"
)
_LASTS = re.compile(r"\b(?:soit|pendant|durant|duree de|total de) (\d{1,2})\s*(?:h|heures?)\b\s*(\d\d)?")
_EACH_WEEK = re.compile(
    r"(?<!\bun )(?<!\bune )\b(lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?\b(?!.*\b(?:par mois|sur)\b)"
)
_EVENING, _MORNING = Decimal(22), Decimal(6)  # C. trav., L3163-1: night for a minor; an adult's is no shorter


def moments_of(text: str, *, prose: bool = False) -> list[str]:
    """Which of night, Sunday and holidays a text says will happen, in this order; spans of hours count.

    ``prose``: words about something else, in which a feast by its name (« Noël ») is no day of presence.
    """
    found: set[str] = set()
    for clause in _BREAKS.split(fold(";".join(text.splitlines()))):
        for part in _said(clause):
            found |= set(_moments(part, prose=prose))
    return [moment for moment in (NIGHT, SUNDAY, HOLIDAY) if moment in found]


def days_said(text: str, first: dt.date, last: dt.date) -> list[dt.date]:
    """The days that a text names by their date as days of presence, in order; a period (« du … au ») names none.

    A date without a year is that of the stage, which lasts from ``first`` to ``last``.
    """
    parts = (part for clause in _BREAKS.split(fold(text)) for part in _said(clause) if not _PERIOD.search(part))
    return sorted({day for part in parts for match in _DATES.finditer(part) for day in _days(match, first, last)})


def days_off(text: str, first: dt.date, last: dt.date) -> list[dt.date]:
    """The days that a text on leave names, in order.

    By their dates, from one date to another (« du … au … »), or by the week of a date, from Monday to Sunday.
    """
    found: set[dt.date] = set()
    words = _IN_MONTH.sub(r"du \1 \3 au \2", fold(text))
    for part in (part for clause in _BREAKS.split(words) for part in _said(clause)):
        named = [day for match in _DATES.finditer(part) for day in _days(match, first, last)]
        if len(named) == 2 and _FROM_TO.search(part) and named[0] <= named[1]:
            within = (min(named[1], last) - named[0]).days + 1  # what is after the stage need not be walked
            found |= {*named, *(named[0] + dt.timedelta(days=n) for n in range(within))}
        elif not _PERIOD.search(part):
            found |= set(named)
            found |= {day for match in _DATES.finditer(part) for day in _weeks_of(part, match, first, last)}
    return sorted(found)


def _weeks_of(part: str, match: re.Match[str], first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """The days of the weeks of a date: « la semaine du 14 juillet »."""
    for day in _days(match, first, last) if _WEEK_OF.search(part[: match.start()]) else ():
        monday = day - dt.timedelta(days=day.weekday())
        yield from (monday + dt.timedelta(days=n) for n in range(7))


def without_dates(text: str) -> str:
    """The folded words of a text that say what will happen, less its dates (« fermeture du » ; « en aout »)."""
    words = _IN_MONTH.sub(r"du \1 \3 au \2", fold(text))
    return " ; ".join(_DATES.sub(" ", part) for clause in _BREAKS.split(words) for part in _said(clause))


@dataclass(frozen=True)
class Stay:
    """A presence that a text describes by its hours: on those days, or on days that it does not name."""

    days: tuple[dt.date, ...]
    hours: Decimal


def stays_of(text: str, first: dt.date | None, last: dt.date | None) -> list[Stay]:
    """The hours written beside each date of a text, or before any: the sum of their spans, or what it says they last.

    « Le dimanche 15 juin, de 8 h à 20 h » is twelve hours; « de 8 h à 20 h, soit 10 h » ten.
    """
    found: list[Stay] = []
    for clause in _SENTENCES.split(fold(text)):
        words = " , ".join(_said(clause))
        dates = list(_DATES.finditer(words)) if first and last else []
        edges = [0, *(edge for match in dates for edge in match.span()), len(words)]
        beside = [_lasting(words[start:end]) for start, end in zip(edges[::2], edges[1::2], strict=True)]
        if first is None or last is None or not dates:
            found += [Stay((), hours) for hours in beside if hours]
            continue
        beside[1] += beside[0]  # « de 8 h à 20 h le dimanche 15 juin »
        hours = Decimal()
        for match, said in zip(reversed(dates), reversed(beside[1:]), strict=True):
            hours = said or hours  # « les dimanches 15 juin et 22 juin, de 8 h à 20 h »
            found += [Stay(tuple(_days(match, first, last)), hours)] if hours else []
    return found


def _lasting(words: str) -> Decimal:
    if match := _LASTS.search(words):
        return Decimal(match[1]) + Decimal(match[2] or 0) / 60
    return sum((_length(span) for found in _SPANS.findall(words) if (span := span_of(found))), Decimal())


def _length(span: Span) -> Decimal:
    return span.ends - span.begins + (0 if span.ends > span.begins else 24)


def has_undated_night(text: str, weekdays: Collection[str]) -> bool:
    """Whether a text promises a night and does not say when: no date beside it, none of ``weekdays`` every week."""
    for clause in _SENTENCES.split(fold(text)):
        words = ", ".join(_said(clause))
        told = _DATES.search(words) or any(match[1] in weekdays for match in _EACH_WEEK.finditer(words))
        if NIGHT in _moments(words) and not told:
            return True
    return False


def night_hours(text: str) -> list[Decimal]:
    """How many hours each span of a text lasts that is partly at night (« de 21 h à 7 h » lasts ten)."""
    spans = (span_of(words) for words in _SPANS.findall(fold(text)) if is_night(words))
    return [_length(span) for span in spans if span is not None]


def _days(match: re.Match[str], first: dt.date, last: dt.date) -> Iterator[dt.date]:
    month = _MONTHS.index(match["name"]) + 1 if match["name"] else int(match["month"])
    for number in re.findall(r"\d+", match["days"] or match["day"]):
        written = match["year"] or match["long_year"]
        years = [int(written) % 100 + 2000] if written else range(first.year, last.year + 1)
        found = [day for year in years if (day := _day(year, month, int(number)))]
        within = [day for day in found if first <= day <= last]
        yield from (within or found)[:1]


def _day(year: int, month: int, number: int) -> dt.date | None:
    try:
        return dt.date(year, month, number)
    except ValueError:
        return None


def _said(clause: str) -> Iterator[str]:
    """The parts of a clause that say what will happen: those between commas that deny nothing.

    A denial goes on to a part that adds to its list (« pas de nuit, de dimanche »), and to no other (« pas de nuit,
    le dimanche si besoin »); « sauf » turns it round.
    """
    yield from affirmed(_BUT.split(clause), _is_list)


def _is_list(part: str) -> bool:
    """Whether folded words but name moments."""
    bare = part
    for words in (*_WORDS.values(), _NAMED, _LIST):
        bare = words.sub("", bare)
    return not bare


def _moments(part: str, *, prose: bool = False) -> Iterator[str]:
    """The moments that folded words name, whatever is said of them."""
    yield from (moment for moment, words in _WORDS.items() if words.search(part))
    if _NAMED.search(part) and not prose:
        yield HOLIDAY
    if any(is_night(span) for span in _SPANS.findall(part)):
        yield NIGHT


def is_night(words: str) -> bool:
    """Whether a span of hours (« 20h-23h ») is partly at night; ``False`` for other words."""
    span = span_of(words)
    if span is None:
        return False
    return span.ends <= span.begins or span.begins < _MORNING or span.ends > _EVENING


def denies(text: str) -> bool:
    """Whether a text but denies (« aucune ») and names no moment; one that does is read by a person."""
    words = fold(text)
    return is_denial(words) and not any(_moments(words))


def around(text: str, moment: str) -> str:
    """The words around the first place of a text that speaks of a moment."""
    plain = " ".join(text.split())
    match = _WORDS[moment].search(fold(plain))
    at = match.start() if match else 0
    return short(plain[max(at - 40, 0) : at + 40].strip())


def short(text: str) -> str:
    """The text on one line, cut at a hundred signs."""
    plain = " ".join(text.split())
    return plain if len(plain) <= 100 else f"{plain[:99]}…"
