"""The days of an internship against an oracle that shares no code with them, and the corners of the model."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from days_oracle import PLACES, invent, is_closed

from pipeline.core.days import Days, days_of, hours_by_year
from pipeline.core.formation import Session
from pipeline.core.french import hours
from pipeline.core.places import Place, place_of

MANY = 1000


def exact(sums: Mapping[Any, Decimal], letters: str = "") -> dict[str, Fraction]:
    """The product's sums with the keys of ``strftime``."""
    return {letters.format(*key): Fraction(hours) for key, hours in sums.items()}


def near(hours: Decimal | Fraction, expected: Fraction, *, minutes: int = 0) -> bool:
    """Whether they are the same to three seconds, or to so many minutes where these were shared among days."""
    return abs(Fraction(hours) - expected) * 3600 <= 3 + 60 * minutes


def alike(found: Mapping[str, Fraction], expected: Mapping[str, Fraction], *, minutes: int) -> bool:
    """Whether each sum is near the other."""
    return found.keys() == expected.keys() and all(near(found[at], expected[at], minutes=minutes) for at in found)


def test_a_thousand_internships_are_as_another_would_reckon_them() -> None:
    """Days, hours, first and last, by ISO week and month, average: Alsace, overseas, abroad, breaks, training."""
    chance = random.Random(20250407)  # noqa: S311 -- the same thousand each time
    known = shared = 0
    for _ in range(MANY):
        one = invent(chance)
        days = days_of(one.data, Session("2024-2025", {"jours_formation": one.training}))
        if days is None:
            assert one.hours == {}, one.data
            continue
        known += 1
        assert days.hours.keys() == one.hours.keys(), one.data
        assert all(near(hours, one.hours[day], minutes=one.shared) for day, hours in days.hours.items()), one.data
        assert bool(days.rounded) is bool(one.shared)
        shared += bool(one.shared)
        assert near(days.total, one.total), one.data
        assert (days.first, days.last) == (min(one.hours), max(one.hours))
        weeks = {week: sum(found.values(), Decimal()) for week, found in days.by_week.items()}
        assert alike(exact(weeks, "{:04d} {:02d}"), one.split("%G %V"), minutes=7 * one.shared)
        assert alike(exact(days.by_month, "{:04d} {:02d}"), one.split("%Y %m"), minutes=31 * one.shared)
        mean = one.total / len(one.split("%G %V"))
        assert abs(Fraction(days.average) - mean) <= Fraction(1, 119)
    assert known > MANY * 0.9
    assert shared > MANY * 0.05


def test_the_holidays_of_each_place() -> None:
    """Each day of four years at each postcode; none abroad."""
    day = dt.date(2024, 1, 1)
    places = {code: place_of({"organisme": {"adresse": {"code_postal": code}}}) for code in PLACES}
    while day < dt.date(2028, 1, 1):
        assert {code: bool(place.holiday(day)) for code, place in places.items()} == {
            code: is_closed(day, code) for code in places
        }
        assert Place(abroad=True).holiday(day) is None
        day += dt.timedelta(days=1)


CALENDAR = {"calendrier": [{"date": "2025-05-05", "heures": 7}, {"date": "2025-05-07", "heures": 3.5}]}
WEEK = {"date_debut": "2025-06-02", "date_fin": "2025-06-08"}


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        (CALENDAR, (2, "10.5", "10.5")),
        ({**WEEK, "jours_semaine": ["lundi", "mardi"], "heures_jour": 7}, (2, "14", "14")),
        ({**WEEK, "jours_semaine": ["lundi", "mardi"], "heures_hebdo": 15}, (2, "15", "15")),
        ({**WEEK, "heures_jour": 7, "heures_hebdo": 35}, (5, "35", "35")),
        (
            {**WEEK, "horaires": {"lundi": {"matin": "9h-12h"}, "mardi": {"apres_midi": "13:30 - 18:00"}}},
            (2, "7.5", "7.5"),
        ),
        ({**WEEK, "horaires": {"lundi": {"matin": "le matin"}}, "heures_jour": 7, "heures_hebdo": 20}, None),
        ({**WEEK, "heures_jour": 7, "heures_hebdo": 20}, None),
        ({**WEEK, "date_fin": "2025-06-01", "heures_jour": 7, "heures_hebdo": 35}, None),
        ({"jours_semaine": ["lundi"], "heures_jour": 7}, None),
        ({"date_debut": "0001-01-01", "date_fin": "9999-12-31", "jours_semaine": ["lundi"], "heures_jour": 7}, None),
    ],
)
def test_what_a_record_says_of_its_days(stage: dict[str, Any], expected: tuple[int, str, str] | None) -> None:
    """A calendar, weekdays ticked, half-days; Monday to Friday where five days are meant; else nothing is known."""
    days = days_of({"stage": stage})
    found = None if days is None else (days.count, days.total, days.weekly)
    assert found == (expected and (expected[0], Decimal(expected[1]), Decimal(expected[2])))
    assert days is None or days.is_assumed is (stage.keys() == {*WEEK, "heures_jour", "heures_hebdo"})


def test_hours_rounded_to_the_minute_make_the_total_declared() -> None:
    """560 h over 74 days are 7 h 34 a day; whole hours are not rounded, so an hour too much stays one."""
    table = {"date_debut": "2025-04-07", "date_fin": "2025-07-25", "duree_heures": 560}
    week = {"jours_semaine": ["lundi", "mardi", "mercredi", "jeudi", "vendredi"]}

    def total(hours: float, **changes: Any) -> Decimal:
        days = days_of({"stage": {**table, **week, "heures_jour": hours, **changes}})
        assert days is not None
        return days.total

    assert total(7.5667) == 560
    assert total(7) == 518
    assert total(7, duree_heures=519) == 518


def test_minutes_are_shared_among_the_days() -> None:
    """74 days of 7 h 34 for 560 h: four are a minute longer; a minute a day is no rounding; the clock is exact."""
    week = dict.fromkeys(["lundi", "mardi", "mercredi", "jeudi", "vendredi"], 7.5667)
    stage = {"date_debut": "2025-04-07", "date_fin": "2025-07-25", "duree_heures": 560, "semaine": week}
    days = days_of({"stage": stage})
    assert days is not None
    assert sorted(found * 60 for found in days.hours.values()) == [*[454] * 70, *[455] * 4]
    assert all("," not in hours(month) for month in days.by_month.values())
    assert (days.rounded * 60, days.daily) == (4, Decimal(454) / 60)
    too_much = days_of({"stage": stage | {"duree_heures": 561}})
    assert too_much is not None
    assert (too_much.rounded, too_much.total * 60) == (0, 74 * 454)
    clock = {day: {"matin": "9h-12h20"} for day in week}
    exact = days_of({"stage": {**stage, "duree_heures": 247, "semaine": None, "horaires": clock}})
    assert exact is not None
    assert (exact.rounded, exact.total * 60) == (0, 74 * 200)


def test_no_day_is_left_with_less_than_nothing() -> None:
    """Half an hour on Fridays stays half an hour, whatever total is declared; a day of a minute is not taken away."""
    long = dict.fromkeys(["lundi", "mardi", "mercredi", "jeudi"], 8.5667)
    stage = {"date_debut": "2026-02-02", "date_fin": "2026-05-29", "semaine": {**long, "vendredi": 0.5}}
    for declared in (563.43, 563.9, 564.8):
        days = days_of({"stage": stage | {"duree_heures": declared}})
        assert days is not None
        assert {hours for day, hours in days.hours.items() if day.isoweekday() == 5} == {Decimal("0.5")}
    short = days_of({"stage": {**stage, "semaine": {"lundi": 0.0167}, "duree_heures": 0.1333}})
    assert short is not None
    assert min(short.hours.values()) > 0


def test_days_far_away_are_slips() -> None:
    """A line of the calendar in 2205 is left out; so is a stage of two centuries."""
    data = {"stage": {"calendrier": [*CALENDAR["calendrier"], {"date": "2205-05-05", "heures": 7}]}}
    near = days_of(data, around=dt.date(2025, 3, 17))
    assert near is not None
    assert near.last == dt.date(2025, 5, 7)


def test_hours_by_teaching_year() -> None:
    """By the days where they are known, evenly over the dates where they are not; one year takes all."""
    ticked = {"jours_semaine": ["lundi"], "heures_jour": 7}
    across = {"date_debut": "2025-08-25", "date_fin": "2025-09-14", "duree_heures": 21}
    assert hours_by_year({"stage": across | ticked}) == {2024: Decimal(7), 2025: Decimal(14)}
    assert hours_by_year({"stage": across}) == {2024: Decimal(7), 2025: Decimal(14)}
    assert hours_by_year({"stage": {**WEEK, "duree_heures": 30}}) == {2024: Decimal(30)}
    assert hours_by_year({"stage": {"duree_heures": 30}}) == {}
    centre = Session("2024-2025", {"jours_formation": [dt.date(2025, 9, 8)]})
    assert hours_by_year({"stage": across | ticked}, centre) == {2024: Decimal("10.5"), 2025: Decimal("10.5")}


def test_sundays_and_holidays_are_known_by_the_place() -> None:
    """Good Friday is one in Strasbourg, by the place of the stage and not by the siège; a Sunday is one anywhere."""
    stage = {"calendrier": [{"date": day, "heures": 7} for day in ("2025-04-18", "2025-04-22", "2025-04-27")]}
    seat = {"adresse": {"code_postal": "29200"}}
    there = {**seat, "lieu_stage": {"code_postal": "67000"}}

    def named(organisme: dict[str, Any]) -> list[str]:
        days = days_of({"stage": stage, "organisme": organisme})
        assert isinstance(days, Days)
        return list(days.exceptional.values())

    assert named(seat) == ["dimanche"]
    assert named(there) == ["Vendredi saint", "dimanche"]
