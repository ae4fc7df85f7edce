"""Days of presence as they were: what was planned, what people and sheets tell, and what nobody has said yet.

A day that nobody confirmed stays unknown: no paper asserts it. What a sheet says and what a person says of the same
day must agree, until the person says it again with the sheet in hand. Hours are ``Decimal``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from pipeline.core.life import JSON, Fact, FactKind, Facts
from pipeline.core.minutes import settled, sum_of

HALF_DAY = 4  # hours: no more are planned where one half of the day is enough
AS_PLANNED = "comme_prevu"  # the person said « present as planned », not the hours: it holds for that plan only


class Mark(StrEnum):
    """What half a day was, as it is written on a sheet."""

    PRESENT = "P"
    ABSENT = "A"
    JUSTIFIED = "J"
    SICK = "M"
    LEAVE = "C"  # L124-13, or as the convention provides
    HOLIDAY = "F"
    NONE = "-"  # nothing took place


class Source(StrEnum):
    """Who says what a day was."""

    PLAN = "prévu"  # nobody yet
    PLANNED = "confirmé comme prévu"
    SHEET = "feuille signée"
    TOLD = "dit"


@dataclass(frozen=True)
class Said:
    """What was said of one day: its halves, the hours of presence, the hours of leave."""

    morning: Mark
    afternoon: Mark
    present: Decimal
    leave: Decimal

    @property
    def hours(self) -> tuple[Decimal, Decimal]:
        """What two tellings of one day must agree on: motives of an absence may differ."""
        return self.present, self.leave


@dataclass(frozen=True)
class DoneDay:
    """One planned day: hours planned, hours present, and hours that count (with a student's leave, L124-18).

    ``present`` and ``counted`` are ``None`` while nobody confirmed the day. Only ``present`` is paid by the hour.
    """

    day: dt.date
    planned: Decimal
    present: Decimal | None = None
    counted: Decimal | None = None
    morning: Mark | None = None
    afternoon: Mark | None = None
    source: Source = Source.PLAN

    @property
    def missed(self) -> Decimal:
        """Hours planned that were not there; nought of a day that is not known."""
        return Decimal() if self.present is None else self.planned - self.present

    @property
    def excused(self) -> Decimal:
        """Hours of leave that count all the same."""
        return Decimal() if self.present is None or self.counted is None else self.counted - self.present


@dataclass(frozen=True)
class Clash:
    """A day on which a sheet, a person and the plan do not agree, and why in French; a person settles it."""

    day: dt.date
    why: str
    beyond: bool = False  # there was more than the convention plans


@dataclass(frozen=True)
class Presence:
    """The planned days of an internship or of a part of it, as they were; ``clashes`` must be settled first."""

    days: tuple[DoneDay, ...]
    clashes: tuple[Clash, ...] = ()

    def between(self, first: dt.date, last: dt.date) -> Presence:
        """The same from one day to another, both counted."""
        return Presence(
            tuple(one for one in self.days if first <= one.day <= last),
            tuple(one for one in self.clashes if first <= one.day <= last),
        )

    @property
    def months(self) -> tuple[str, ...]:
        """The months with planned days, « 2025-04 », in order."""
        return tuple(dict.fromkeys(month_of(one.day) for one in self.days))

    def month(self, month: str) -> Presence:
        """The days of one month, « 2025-04 »."""
        return self.between(*bounds(month))

    @property
    def unknown(self) -> tuple[dt.date, ...]:
        """The days that nobody confirmed."""
        return tuple(one.day for one in self.days if one.present is None)

    @property
    def is_known(self) -> bool:
        """Whether every day was confirmed, and nothing contradicts it."""
        return not self.unknown and not self.clashes

    @cached_property
    def planned(self) -> Decimal:
        """Hours planned."""
        return sum_of(one.planned for one in self.days)

    @cached_property
    def present(self) -> Decimal:
        """Hours of presence, of the days that are known."""
        return sum_of(one.present for one in self.days if one.present is not None)

    @cached_property
    def counted(self) -> Decimal:
        """Hours that count for the duration, of the days that are known."""
        return sum_of(one.counted for one in self.days if one.counted is not None)

    @property
    def absences(self) -> tuple[DoneDay, ...]:
        """The days on which hours were missed."""
        return tuple(one for one in self.days if one.missed)

    @property
    def attended(self) -> int:
        """On how many days somebody was there."""
        return sum(1 for one in self.days if one.present)


def presence_from(planned: Mapping[dt.date, Decimal], facts: Facts, *, leave_counts: bool) -> Presence:
    """The planned days with what was told of them; ``leave_counts``: for a student (L124-18), not in continuing."""
    told = {one.key: one for one in facts.of(FactKind.PRESENCE)}
    sheets = {one.key: one for one in facts.of(FactKind.SHEET)}
    days: list[DoneDay] = []
    clashes: list[Clash] = []
    for day, hours in planned.items():
        found = _day(day, hours, told.get(day.isoformat()), sheets.get(month_of(day)), leave_counts=leave_counts)
        if isinstance(found, Clash):
            clashes.append(found)
        days.append(found if isinstance(found, DoneDay) else DoneDay(day, hours))
    clashes += _outside(planned, told, sheets)
    return Presence(tuple(days), tuple(sorted(clashes, key=lambda one: one.day)))


def month_of(day: dt.date) -> str:
    """« 2025-04 »."""
    return f"{day:%Y-%m}"


def bounds(month: str) -> tuple[dt.date, dt.date]:
    """The first and the last day of « 2025-04 »; raises ValueError for what is no month."""
    first = dt.datetime.strptime(month, "%Y-%m").date()  # noqa: DTZ007 -- a month has no zone
    after = dt.date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first, after - dt.timedelta(days=1)


def body_of(morning: Mark, afternoon: Mark, present: Decimal, *, as_planned: bool = False) -> dict[str, JSON]:
    """What is kept of a day that somebody tells."""
    body: dict[str, JSON] = {"matin": morning.value, "apres_midi": afternoon.value, "heures": str(present)}
    return {**body, AS_PLANNED: True} if as_planned else body


def told_of(body: Mapping[str, JSON], planned: Decimal) -> Said:
    """What a body says of a day on which so many hours are planned; half of them for half a day, unless it says."""
    morning, afternoon = Mark(body["matin"]), Mark(body["apres_midi"])
    halves = (morning, afternoon)
    there = halves.count(Mark.PRESENT)
    said = body.get("heures")
    present = planned * there / len(halves) if said in (None, "") else settled(Decimal(str(said)))
    away = len(halves) - there
    left = max(planned - present, Decimal())
    leave = left * halves.count(Mark.LEAVE) / away if away else Decimal()
    return Said(morning, afternoon, present, settled(leave))


def _day(
    day: dt.date, planned: Decimal, fact: Fact | None, sheet: Fact | None, *, leave_counts: bool
) -> DoneDay | Clash | None:
    fact = None if _is_of_another_plan(fact, planned) else fact
    line = _line(sheet, day)
    said = told_of(fact.body, planned) if fact else None
    written = told_of(line, planned) if line else None
    if said and written and said.hours != written.hours and _came_before(fact, sheet):
        return Clash(day, "la feuille d’émargement et ce qui a été dit ne donnent pas la même présence")
    if said is not None:  # by somebody who had the sheet, if there is one that says otherwise
        found, source = said, Source.PLANNED if _is_as_planned(fact) else Source.TOLD
    elif written is not None and _is_signed(sheet):
        found, source = written, Source.SHEET
    else:
        return None
    if found.present > planned:
        why = "plus d’heures de présence que la convention n’en prévoit : il y faut un avenant"
        return Clash(day, why, beyond=True)
    counted = found.present + found.leave if leave_counts else found.present
    return DoneDay(day, planned, found.present, counted, found.morning, found.afternoon, source)


def _is_as_planned(fact: Fact | None) -> bool:
    return fact is not None and bool(fact.body.get(AS_PLANNED))


def _is_of_another_plan(fact: Fact | None, planned: Decimal) -> bool:
    """Whether a day was confirmed as planned when something else was planned."""
    return fact is not None and _is_as_planned(fact) and told_of(fact.body, planned).present != planned


def _came_before(fact: Fact | None, sheet: Fact | None) -> bool:
    """Whether whoever told the day had not the sheet in hand."""
    return fact is not None and sheet is not None and (fact.number < sheet.number or _is_as_planned(fact))


def _line(sheet: Fact | None, day: dt.date) -> Mapping[str, JSON] | None:
    found = sheet.body.get("jours", {}).get(day.isoformat()) if sheet else None
    return found if isinstance(found, Mapping) else None


def _is_signed(sheet: Fact | None) -> bool:
    """Whether both signed it: else it confirms nothing."""
    return sheet is not None and bool(sheet.body.get("signe_stagiaire")) and bool(sheet.body.get("signe_tuteur"))


def _outside(
    planned: Mapping[dt.date, Decimal], told: Mapping[str, Fact], sheets: Mapping[str, Fact]
) -> Iterator[Clash]:
    """Presence that is told of days on which none is planned; « as planned » speaks of days of the plan only."""
    lines = {key: one for key, one in told.items() if not one.body.get(AS_PLANNED)}
    written = {key: body for sheet in sheets.values() for key, body in sheet.body.get("jours", {}).items()}
    for key in sorted({*lines, *written}):
        day = dt.date.fromisoformat(key)
        body = lines[key].body if key in lines else written[key]
        found = told_of(body, Decimal())
        if day not in planned and (found.present > 0 or Mark.PRESENT in (found.morning, found.afternoon)):
            why = "une présence est dite un jour où la convention n’en prévoit pas : il y faut un avenant"
            yield Clash(day, why, beyond=True)
