"""What a person types of a day of presence: « 2025-04-14=M », « 2025-04-15=P/M », « 2025-04-15=3h30/J »."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.core.done_days import HALF_DAY, DoneDay, Mark
from pipeline.core.errors import InvalidRequest
from pipeline.core.text import visible_line

HOW = (
    "écrivez JOUR=CODE, par exemple 2025-04-14=M (P présence, A absence, J absence justifiée, M maladie, C congé, F "
    "férié, - rien ; P/M : le matin, puis l’après-midi) ou 2025-04-15=3h30 (les heures faites, puis /CODE pour le "
    "reste)"
)
_CODE = "[PAJMCF-]"
_HALVES = re.compile(rf"({_CODE})(?:/({_CODE}))?")
_HOURS = re.compile(rf"(\d{{1,2}})(?:h([0-5]\d)?|[.,](\d{{1,2}}))(?:/({_CODE}))?", re.IGNORECASE)


@dataclass(frozen=True)
class DayWord:
    """One day as it was typed; ``hours`` are ``None`` where the marks alone say them."""

    day: dt.date
    morning: Mark
    afternoon: Mark
    hours: Decimal | None

    def present(self, planned: Decimal) -> Decimal:
        """Hours of presence where so many are planned."""
        if self.hours is not None:
            return self.hours
        halves = (self.morning, self.afternoon)
        if planned <= HALF_DAY and Mark.NONE in halves and Mark.PRESENT in halves:
            return planned  # the other half was not of the stage
        return planned * halves.count(Mark.PRESENT) / len(halves)


def day_words(words: Sequence[str]) -> tuple[DayWord, ...]:
    """The days that were typed, each once; raises InvalidRequest for a word that says none, or two for one day."""
    found: dict[dt.date, DayWord] = {}
    for word in words:
        one = _day_word(word)
        if found.setdefault(one.day, one) != one:
            raise InvalidRequest(f"Rien n’est noté : {one.day} est dit deux fois, de deux façons.")
    return tuple(found[day] for day in sorted(found))


def word_of(one: DoneDay) -> str:
    """What a person types for what a day was, « P/M » or « 3h30/M »; empty while nobody said it."""
    if one.present is None or one.morning is None or one.afternoon is None:
        return ""
    same = one.morning is one.afternoon
    marks = one.morning.value if same else f"{one.morning.value}/{one.afternoon.value}"
    if DayWord(one.day, one.morning, one.afternoon, None).present(one.planned) == one.present:
        return marks
    hours, minutes = divmod(round(one.present * 60), 60)
    rest = "" if one.afternoon is Mark.PRESENT else f"/{one.afternoon.value}"
    return f"{hours}h{minutes:02d}{rest}"


def _day_word(word: str) -> DayWord:
    day, _, said = word.strip().partition("=")
    try:
        on = dt.date.fromisoformat(day)
    except ValueError:
        raise _no_day(word) from None
    if halves := _HALVES.fullmatch(said.strip().upper()):
        morning = Mark(halves[1])
        return DayWord(on, morning, Mark(halves[2]) if halves[2] else morning, None)
    if typed := _HOURS.fullmatch(said.strip()):
        whole, minutes, decimals, rest = typed.groups()
        hours = Decimal(f"{whole}.{decimals}") if decimals else Decimal(whole) + Decimal(minutes or 0) / 60
        return DayWord(on, Mark.PRESENT, Mark(rest.upper()) if rest else Mark.PRESENT, hours)
    raise _no_day(word)


def _no_day(word: str) -> InvalidRequest:
    return InvalidRequest(f"Rien n’est noté : « {visible_line(word)} » ne dit pas un jour. Que faire : {HOW}.")
