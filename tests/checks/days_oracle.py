"""A second opinion on the days of an internship, which shares no code with the product: its own Easter, its own walk.

Holidays are written here by hand from the Code du travail (L3133-1, L3134-13, L3422-2): custom is none.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

DAY = dt.timedelta(days=1)
NAMES = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"]
# Postcodes, and what is closed there beside the eleven national days: (month, day), or days after Easter.
_FIXED = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]
_MOVING = [1, 39, 50]
PLACES: dict[str, tuple[list[tuple[int, int]], list[int]]] = {
    "29200": ([], []),
    "75011": ([], []),
    "20000": ([], []),
    "57000": ([(12, 26)], [-2]),
    "67000": ([(12, 26)], [-2]),
    "68100": ([(12, 26)], [-2]),
    "97110": ([(5, 27)], []),
    "97200": ([(5, 22)], []),
    "97300": ([(6, 10)], []),
    "97400": ([(12, 20)], []),
    "97600": ([(4, 27)], []),
    "97133": ([(10, 9)], []),
    "97150": ([(5, 28)], []),
    "97500": ([], []),
}


def easter(year: int) -> dt.date:
    """Easter Sunday by the method of Gauss, with Lichtenberg's corrections."""
    century = year // 100
    moon = 15 + (3 * century + 3) // 4 - (8 * century + 13) // 25
    sun = 2 - (3 * century + 3) // 4
    cycle = year % 19
    seed = (19 * cycle + moon) % 30
    full = seed // 29 + (seed // 28 - seed // 29) * (cycle // 11)
    limit = 21 + seed - full
    first = 7 - (year + year // 4 + sun) % 7
    return dt.date(year, 3, 1) + (limit + (7 - (limit - first) % 7) - 1) * DAY


def is_closed(day: dt.date, postcode: str | None) -> bool:
    """Whether a day is a public holiday at a postcode; ``None`` is abroad."""
    if postcode is None:
        return False
    fixed, moving = PLACES[postcode]
    after = (day - easter(day.year)).days
    return (day.month, day.day) in _FIXED + fixed or after in _MOVING + moving


@dataclass
class Internship:
    """One made-up internship: what its record says, and the presence that this file reckons for it, in hours."""

    data: dict[str, Any]
    training: list[dt.date]
    hours: dict[dt.date, Fraction] = field(default_factory=dict)
    declared: Fraction | None = None
    shared: int = 0  # most minutes by which a day differs from an ordinary one, to make the total declared

    @property
    def total(self) -> Fraction:
        """Hours in all: those declared, where no day is out by more than what its minutes hide."""
        return self.declared if self.declared and self.shared else sum(self.hours.values(), Fraction())

    def split(self, letters: str) -> dict[str, Fraction]:
        """Hours by a part of the date, as ``strftime`` writes it."""
        found: dict[str, Fraction] = {}
        for day in self.hours:
            found[day.strftime(letters)] = found.get(day.strftime(letters), Fraction()) + self.hours[day]
        return found


def invent(chance: random.Random) -> Internship:
    """An internship somewhere, some weekdays, perhaps interrupted, with days in the centre, or day by day."""
    postcode = chance.choice([*PLACES, None])
    start = dt.date(2024, 9, 1) + chance.randrange(700) * DAY
    end = start + chance.randrange(8, 260) * DAY
    place = {"code_postal": postcode or "1000", "pays": "France" if postcode else "Belgique"}
    seat = {"code_postal": chance.choice(list(PLACES)), "pays": "France"}
    elsewhere = chance.random() < 0.5
    organisme = {"adresse": seat if elsewhere else place} | ({"lieu_stage": place} if elsewhere else {})
    stage: dict[str, Any] = {"date_debut": start.isoformat(), "date_fin": end.isoformat()}
    made = Internship({"organisme": organisme, "stage": stage}, [])
    if chance.random() < 0.2:
        for day in chance.sample(range((end - start).days + 1), 8):
            made.hours[start + day * DAY] = Fraction(chance.choice([7, 3.5, 6.25]))
        stage["calendrier"] = [{"date": day.isoformat(), "heures": float(hours)} for day, hours in made.hours.items()]
        stage["jours_semaine"] = ["lundi"]  # the calendar wins
        return made
    week = _week(chance, stage)
    made.training = [start + chance.randrange(250) * DAY for _ in range(chance.randrange(6))]
    breaks = [
        (first, first + chance.randrange(20) * DAY)
        for first in (start + chance.randrange(-10, 200) * DAY for _ in range(chance.randrange(3)))
    ]
    stage["interruptions"] = [{"debut": a.isoformat(), "fin": b.isoformat()} for a, b in breaks]
    changed = {start + chance.randrange(5, 60) * DAY: chance.choice([0, 4]) for _ in range(chance.randrange(3))}
    stage["exceptions"] = [{"date": day.isoformat(), "heures": hours} for day, hours in changed.items()]
    day = start
    while day <= end:
        off = is_closed(day, postcode) or day in made.training or any(a <= day <= b for a, b in breaks)
        hours = changed.get(day, 0 if off else week.get(day.weekday(), 0))
        if hours:
            made.hours[day] = Fraction(hours)
        day += DAY
    _declare(chance, made)
    return made


def _declare(chance: random.Random, made: Internship) -> None:
    """Perhaps a total: what the days make, or minutes beside it."""
    inexact = sum((hours * 4).denominator > 1 for hours in made.hours.values())
    if not made.hours or chance.random() < 0.3:
        return
    minutes = chance.choice([0, 1, -1, inexact // 2, -(inexact // 2), inexact, -inexact, chance.randrange(-90, 90)])
    made.declared = made.total + Fraction(minutes, 60)
    made.data["stage"]["duree_heures"] = round(float(made.declared), 4)
    clocked = "horaires" in made.data["stage"]
    made.shared = int(0 < abs(minutes) * 2 <= inexact and not clocked)


def _week(chance: random.Random, stage: dict[str, Any]) -> dict[int, Fraction]:
    """Hours by Python weekday, told the record as weekdays ticked or as half-days."""
    weekdays = sorted(chance.sample(range(6), chance.randrange(1, 7)))
    if chance.random() < 0.3:
        stage["horaires"] = {
            NAMES[day]: {"matin": "9h-12h30", "apres_midi": chance.choice(["14 h à 17 h", "repos", "3h15"])}
            for day in weekdays
        }
        afternoon = {"14 h à 17 h": Fraction(3), "repos": Fraction(), "3h15": Fraction(13, 4)}
        cells = stage["horaires"]
        return {day: Fraction(7, 2) + afternoon[cells[NAMES[day]]["apres_midi"]] for day in weekdays}
    if chance.random() < 0.3:
        minutes = {day: chance.choice([30, 420, 440, 454, 209]) for day in weekdays}
        stage["semaine"] = {NAMES[day]: round(found / 60, 4) for day, found in minutes.items()}
        return {day: Fraction(found, 60) for day, found in minutes.items()}
    hours = Fraction(chance.choice([420, 210, 435, 480, 440, 454, 509]), 60)
    stage |= {"jours_semaine": [NAMES[day] for day in weekdays], "heures_jour": round(float(hours), 4)}
    return dict.fromkeys(weekdays, hours)
