"""Input and output of a rule: the case it looks at, the findings it yields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TypeVar

from pipeline.checks.since import Since
from pipeline.core.agreed import presence_hours
from pipeline.core.days import Days, days_of, is_near
from pipeline.core.decisions import Decisions
from pipeline.core.fields import Dictionary
from pipeline.core.formation import Formation, Session
from pipeline.core.law import Law, age_on, as_date, as_number
from pipeline.core.minutes import sum_of
from pipeline.core.models import JSON, Data, Reading, Severity, Who, get
from pipeline.core.places import Place, place_of
from pipeline.core.timetable import closed_periods
from pipeline.core.units import Piece

T = TypeVar("T")
CALENDAR, WEEKDAYS_TICKED = "stage.calendrier", "stage.jours_semaine"
WEEK, CHANGES = "stage.semaine", "stage.exceptions"
TOTAL, WEEKLY, DAILY = "stage.duree_heures", "stage.heures_hebdo", "stage.heures_jour"
_DAYS = (CALENDAR, WEEKDAYS_TICKED, WEEK, CHANGES)
EXCEPTIONAL = "stage.presence_exceptionnelle"
START, END = "stage.date_debut", "stage.date_fin"
_WHO = {
    "stagiaire": Who.STAGIAIRE,
    "organisme": Who.ORGANISME,
    "tuteur": Who.TUTEUR,
    "employeur": Who.EMPLOYEUR,
    "stage": Who.STAGIAIRE,
    "dpp": Who.STAGIAIRE,
    "lettre_mission": Who.STAGIAIRE,
    "assurance_rc": Who.STAGIAIRE,
    "gratification": Who.ORGANISME,
    "accord_pedagogique": Who.RESPONSABLE,
    "signatures": Who.STAGIAIRE,
}


@dataclass(frozen=True)
class Finding:
    """One thing a rule found. ``severity`` and ``who``, when not given, are the rule's and the field's section's."""

    field: str | None
    message: str
    severity: Severity | None = None
    who: Who | None = None
    waits: bool = False


Findings = Iterator[Finding]


class NotApplicable(Exception):
    """What a rule raises that does not apply to this record, or cannot be decided yet."""


def known(value: T | None) -> T:
    """A value that a rule cannot do without; raises NotApplicable where there is none."""
    if value is None:
        raise NotApplicable
    return value


@dataclass(frozen=True)
class Shape:
    """Result of the schema: the paths that are missing, the wrong values, and the doubts of the reading."""

    missing: tuple[str, ...] = ()
    wrong: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Case:
    """One completed record before the rules, with all they may consult. Accessors give ``None`` for wrong values."""

    data: Data
    reading: Reading
    dictionary: Dictionary
    formation: Formation
    session: Session
    law: Law
    today: dt.date
    received_on: dt.date
    shape: Shape = field(default_factory=Shape)
    decisions: Decisions = field(default_factory=Decisions)
    since: Since | None = None  # once its convention is made

    def get(self, path: str) -> JSON:
        """The value at a dotted path, or ``None``."""
        return get(self.data, path)

    def text(self, path: str) -> str:
        """The words at a path; the items of a list one a line; nothing if there are none."""
        value = self.get(path)
        if isinstance(value, list):
            return "\n".join(item for item in value if isinstance(item, str))
        return value if isinstance(value, str) else ""

    def date(self, path: str) -> dt.date | None:
        """The date at a path, if it is one."""
        return as_date(self.get(path))

    def number(self, path: str) -> Decimal | None:
        """The number at a path, if it is one."""
        return as_number(self.get(path))

    def is_doubted(self, path: str) -> bool:
        """Whether the reader saw something at a path and does not stand behind it: L-19 asks for it already."""
        return any(entry.path == path for entry in self.reading.doubts)

    def label(self, path: str) -> str:
        """How the form names the field."""
        return self.dictionary.label(path)

    def finding(
        self, path: str, text: str, severity: Severity | None = None, who: Who | None = None, *, waits: bool = False
    ) -> Finding:
        """What is wrong at a field: its label, then the text."""
        return Finding(path, f"{self.label(path)} : {text}", severity, who, waits)

    @property
    def regime(self) -> str | None:
        """The stagiaire's régime, if it is one of the schema's."""
        value = self.get("stagiaire.regime")
        return value if isinstance(value, str) else None

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The pieces of the formation's packet for this régime."""
        return tuple(piece for piece in self.formation.pieces() if piece.belongs_to(self.regime or ""))

    @property
    def start(self) -> dt.date | None:
        """First day of the stage, if its year is plausible."""
        return self._near(self.date(START))

    @property
    def end(self) -> dt.date | None:
        """Last day of the stage, if its year is plausible."""
        return self._near(self.date(END))

    def is_near(self, day: dt.date) -> bool:
        """Whether a stage may take place in that year: at most five years from the edition."""
        return is_near(day, self.today)

    def _near(self, day: dt.date | None) -> dt.date | None:
        return day if day is not None and self.is_near(day) else None

    @property
    def hours(self) -> Decimal | None:
        """Total hours of presence as declared."""
        return self.number(TOTAL)

    @property
    def presence(self) -> Decimal | None:
        """Total hours of presence: of the days that the form names, else as declared."""
        return presence_hours(self.data, self.days)

    @property
    def age(self) -> int | None:
        """The stagiaire's age in whole years on the first day of the stage."""
        return age_on(self.data, self.start)

    @property
    def weeks(self) -> Decimal | None:
        """Length of the period in weeks, both ends counted; ``None`` if it has no sense."""
        if self.start is None or self.end is None or self.end < self.start:
            return None
        return Decimal((self.end - self.start).days + 1) / 7

    @property
    def open_weeks(self) -> Decimal | None:
        """Length of the period in weeks, less its interruptions; ``None`` if it has no sense."""
        if self.weeks is None:
            return None
        start, end = known(self.start), known(self.end)
        within = ((max(first, start), min(last, end)) for first, last in closed_periods(self.data))
        closed = {number for first, last in within for number in range(first.toordinal(), last.toordinal() + 1)}
        return self.weeks - Decimal(len(closed)) / 7

    @cached_property
    def days(self) -> Days | None:
        """The days of presence, of the calendar or of the weekdays; ``None`` where the form gives neither.

        Nothing is assumed in the place of an answer that is in doubt.
        """
        days = days_of(self.data, self.session, around=self.today)
        assumed = days is not None and days.is_assumed
        return None if assumed and any(map(self.is_doubted, _DAYS)) else days

    @property
    def calendar(self) -> Mapping[dt.date, Decimal]:
        """Hours of each day that the form gives by itself; empty if it has no calendar."""
        return self.days.hours if self.days and self.days.is_calendar else {}

    @property
    def by_week(self) -> Mapping[tuple[int, int], Mapping[dt.date, Decimal]]:
        """The days of the calendar with their hours, by ISO year and week."""
        return self.days.by_week if self.days and self.days.is_calendar else {}

    @property
    def week_path(self) -> str:
        """The answer that says the weekdays of presence."""
        return WEEK if self.get(WEEK) else WEEKDAYS_TICKED

    @property
    def named_path(self) -> str:
        """The answer that gives single days: a calendar, or what changes an ordinary week."""
        return CHANGES if self.days and not self.days.is_calendar else CALENDAR

    @property
    def named(self) -> Mapping[dt.date, Decimal]:
        """Hours of the days that the form gives one by one: the calendar's, or those added to an ordinary week."""
        if self.days is None or self.days.timetable is None:
            return self.calendar
        return {day: found for day, found in self.days.hours.items() if day in self.days.timetable.exceptions}

    @property
    def weeks_named(self) -> Mapping[tuple[int, int], Mapping[dt.date, Decimal]]:
        """The weeks that hold such days, with all their days and hours."""
        weeks = {day.isocalendar()[:2] for day in self.named}
        return {week: days for week, days in self.days.by_week.items() if week in weeks} if self.days else {}

    def hours_in(self, week: tuple[int, int]) -> Decimal:
        """Hours of one of the weeks that hold such days."""
        return sum_of(self.weeks_named[week].values())

    @cached_property
    def place(self) -> Place:
        """Where the stage takes place, with its public holidays."""
        return place_of(self.data)

    def who_mends(self, path: str | None) -> Who:
        """Who can mend a field: the stagiaire, for a référent whom the formation's own form asks for."""
        asked = path is not None and path.startswith("referent.") and self.formation.asks(path)
        return Who.STAGIAIRE if asked else who_mends(path)


def who_mends(path: str | None) -> Who:
    """Who can mend a field, from the part of the form it stands in; the scolarité for what no form asks."""
    if path and path.startswith("signatures.tuteur"):
        return Who.TUTEUR
    return _WHO.get(path.split(".")[0], Who.SCOLARITE) if path else Who.SCOLARITE
