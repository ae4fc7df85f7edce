"""A week with its hours, absences and days added (L-29, L-09, L-11, L-20): each on both sides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import people
import pytest
from checks_bench import Bench

from pipeline.core.days import days_of
from pipeline.core.french import NBSP, long_date
from pipeline.core.immersion import immersion_phase
from pipeline.core.models import Who

WEEK, ABSENCES, CHANGES = "stage.semaine", "stage.interruptions", "stage.exceptions"
HALF_FRIDAYS = {"lundi": 7, "mardi": 7, "mercredi": 7, "jeudi": 7, "vendredi": 3.5}


@pytest.fixture
def sample(bench: Callable[..., Bench]) -> Bench:
    """Sample 1: a student of the Cnam, Monday to Friday, eighty days from 7 April to 4 August 2025."""
    return bench("cnam-lp-insertion", people.cnam(), people.TODAY, "2024-2025")


def said(form: Bench, rule: str) -> list[str]:
    """What a rule says, with ordinary spaces."""
    return [problem.message.replace("\u00a0", " ") for problem in form.problems(rule)]


def absent(first: str, last: str) -> dict[str, Any]:
    """A line of absences."""
    return {"debut": first, "fin": last}


def added(day: str, hours: float) -> dict[str, Any]:
    """A line of days added."""
    return {"date": day, "heures": hours}


@pytest.mark.parametrize(
    ("absence", "expected"),
    [
        (None, []),
        (("2025-04-08", "2025-04-21"), ["warning"]),  # the first day and the last
        (("2025-04-14", "2025-04-18"), ["warning"]),  # six of them
        (("2025-04-17", "2025-04-18"), []),  # nine
        (("2025-04-22", "2025-04-30"), []),  # after the phase
    ],
)
def test_the_immersion_is_not_empty(sample: Bench, absence: tuple[str, str] | None, expected: list[str]) -> None:
    """S1-12: from 7 to 22 April there are eleven days without Easter Monday; absences leave two thirds of ten."""
    form = sample.having({ABSENCES: [absent(*absence)] if absence else None})
    assert form.severities("S1-12") == expected
    assert all("du 7 avril 2025 au 22 avril 2025" in message for message in said(form, "S1-12"))


@pytest.mark.parametrize(
    ("days", "absence", "last", "length", "expected"),
    [
        (("lundi", "mardi"), None, "22 avril", 16, False),  # the nearest to Easter Monday, the fifteenth day
        (("mercredi", "jeudi"), None, "23 avril", 15, False),
        (("lundi",), None, "14 avril", 8, True),  # one as near is the earlier: too short
        (("lundi", "mardi", "vendredi"), ("2025-04-19", "2025-04-30"), "18 avril", 12, False),
        (("lundi", "mardi"), ("2025-04-15", "2025-04-27"), "14 avril", 8, True),  # 28 April is as near
        (("lundi", "mardi"), ("2025-04-14", "2025-04-27"), "28 avril", 22, True),
    ],
)
def test_the_immersion_is_as_long_as_it_is_printed(
    sample: Bench, days: tuple[str, ...], absence: tuple[str, str] | None, last: str, length: int, *, expected: bool
) -> None:
    """S1-12 looks at the phase that the contract prints, from its first day of presence to its last."""
    form = sample.having(
        {
            WEEK: dict.fromkeys(days, 7),
            "stage.date_debut": "2025-04-07" if "lundi" in days else "2025-04-09",
            ABSENCES: [absent(*absence)] if absence else None,
        }
    )
    data = form.outcome().data
    first, end = immersion_phase(15, dt.date.fromisoformat(data["stage"]["date_debut"]), days_of(data))
    assert (long_date(end), (end - first).days + 1) == (f"{last} 2025".replace(" ", NBSP), length)
    found = [message for message in said(form, "S1-12") if "sont attendus" in message]
    assert bool(found) is expected
    assert all(f"au {last} 2025, soit {length} jours ; de 10 à 20" in message for message in found)


def test_a_week_alone_says_the_days(sample: Bench) -> None:
    """No line of changes: L-29 has nothing to look at, and the hours fit."""
    assert not sample.verdict("L-29").applies
    assert said(sample, "L-20") == []


def test_a_week_of_different_days_is_reckoned_day_by_day(sample: Bench) -> None:
    """Half a Friday: the week is 31 h 30; the hours of the stage are those of its days, changes included."""
    form = sample.having({WEEK: HALF_FRIDAYS, "stage.quotite": "partiel"})
    assert any("35 h, or les jours de présence (lundi 7 h" in message for message in said(form, "L-20"))
    days = {"stage.heures_hebdo": 31.5, "stage.duree_heures": 500.5, "stage.date_fin": "2025-08-04"}
    assert [message for message in said(form.having(days), "L-20") if "sont" in message] == []
    saturdays = [added(day, 7) for day in ("2025-04-12", "2025-04-19", "2025-04-26")]
    changed = days | {
        ABSENCES: [absent("2025-07-15", "2025-07-18")],
        CHANGES: [*saturdays, added("2025-05-10", 3.5)],
    }
    assert [message for message in said(form.having(changed), "L-20") if "sont" in message] == []
    (message,) = said(form.having(changed | {"stage.duree_heures": 520}), "L-20")
    assert "avec les absences et les jours ajoutés ou changés" in message


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({ABSENCES: [absent("2025-07-14", "2025-07-18")]}, []),
        ({ABSENCES: [absent("2025-08-01", "2025-08-31")]}, []),  # it goes on beyond the stage
        ({ABSENCES: [absent("2025-07-18", "2025-07-14")]}, ["le dernier jour est avant le premier"]),
        ({ABSENCES: [absent("2025-08-11", "2025-08-15")]}, ["du 11 août 2025 au 15 août 2025, hors des dates"]),
        ({ABSENCES: [absent("2025-03-31", "2025-03-31")]}, ["le lundi 31 mars 2025, hors des dates"]),
        ({CHANGES: [added("2025-04-12", 4), added("2025-04-07", 3)]}, []),
        ({CHANGES: [added("2025-08-05", 4)]}, ["mardi 5 août 2025, hors des dates du stage (du 7 avril 2025"]),
        ({CHANGES: [added("2025-04-12", 4), added("2025-04-12", 7)]}, ["plusieurs lignes pour un même jour"]),
        (
            {ABSENCES: [absent("2025-07-14", "2025-07-18")], CHANGES: [added("2025-07-16", 4)]},
            ["mercredi 16 juillet 2025, jour sans présence et jour ajouté à la fois"],
        ),
        ({ABSENCES: [absent("2025-07-14", "2025-07-18")], CHANGES: [added("2025-07-16", 0)]}, []),
    ],
)
def test_changes_that_cannot_be(sample: Bench, answers: dict[str, Any], expected: list[str]) -> None:
    """L-29: to the stagiaire, blocking; what would be left out of the days without a word is said."""
    found = said(sample.having(answers), "L-29")
    assert len(found) == len(expected)
    assert all(part in message for part, message in zip(expected, found, strict=True))
    assert all(
        (problem.severity.value, problem.who) == ("blocking", Who.STAGIAIRE)
        for problem in sample.having(answers).problems("L-29")
    )


@pytest.mark.parametrize(
    ("line", "rule", "part"),
    [
        (added("2025-04-13", 7), "L-11", "dimanche 13 avril 2025 : le repos du dimanche"),
        (added("2025-04-12", 7), "L-11", "42 h la semaine du 7 avril 2025"),
        (added("2025-04-07", 11), "L-11", "11 h le lundi 7 avril 2025"),
        (added("2025-05-01", 7), "L-26", "jeudi 1"),
    ],
)
def test_a_day_added_is_held_against_the_law(sample: Bench, line: dict[str, Any], rule: str, part: str) -> None:
    """Sundays, holidays, hours a day and a week: a day added counts as one of a calendar, an absence does not."""
    jobseeker = sample.having({"stagiaire.regime": "FPC_DEMANDEUR_EMPLOI"})
    assert said(jobseeker, "L-11") == []
    assert any(part in message for message in said(jobseeker.having({CHANGES: [line]}), rule))
    assert said(jobseeker.having({CHANGES: [line | {"heures": 0}]}), "L-11") == []


def test_a_minor_with_a_week_of_six_days(sample: Bench) -> None:
    """Two days of rest that follow each other are asked of the week, and of one with a day added."""
    young = sample.having({"stagiaire.date_naissance": "2008-01-05"})
    fields = {problem.field for problem in young.problems("L-09")}
    assert WEEK not in fields
    six = young.having({WEEK: HALF_FRIDAYS | {"samedi": 3.5}})
    assert WEEK in {problem.field for problem in six.problems("L-09")}
    saturday = young.having({CHANGES: [added("2025-04-12", 3)]})
    assert CHANGES in {problem.field for problem in saturday.problems("L-09")}


def test_a_minor_with_half_days_on_six_days(bench: Callable[..., Bench]) -> None:
    """A table of half-days is a week too: its days a week and its rest are looked at."""
    five = {day: {"matin": "9h-12h", "apres_midi": "13h-15h"} for day in HALF_FRIDAYS}
    data = people.cnam(stagiaire__date_naissance="2008-01-05", stage__heures_hebdo=25)
    del data["stage"]["semaine"]
    young = bench("cnam-lp-insertion", data, people.TODAY, "2024-2025").having({"stage.horaires": five})
    assert not [message for message in said(young, "L-09") if "Horaires" in message]
    six = young.having({"stage.horaires": five | {"samedi": {"matin": "9h-12h"}}})
    days, rest = [message for message in said(six, "L-09") if "Horaires" in message]
    assert "6 jours par semaine, or" in days
    assert "deux jours de repos" in rest


def test_full_time_is_thirty_five_hours(sample: Bench) -> None:
    """33 h 45 is none, however many days there are; five times 7 h is, and so is what minutes leave of it."""

    def share(a_day: float) -> list[str]:
        week = dict.fromkeys(HALF_FRIDAYS, a_day)
        form = sample.having({WEEK: week, "stage.heures_hebdo": a_day * 5, "stage.duree_heures": a_day * 80})
        return [message for message in said(form, "L-20") if "Temps plein" in message]

    assert len(share(6.75)) == 1
    assert share(7) == share(6.9833) == []


def test_minutes_shared_among_the_days_are_said(sample: Bench) -> None:
    """L-20: 80 days of 7 h 20 are 586 h 40; 587 h are a remark with the figures, 588 h block."""
    week = {WEEK: dict.fromkeys(HALF_FRIDAYS, 7.3333), "stage.heures_hebdo": 36.6667}
    assert said(sample.having(week | {"stage.duree_heures": 586.6667}), "L-20") == []
    form = sample.having(week | {"stage.duree_heures": 587})
    assert form.severities("L-20") == ["info"]
    (message,) = said(form, "L-20")
    assert "587 h déclarées, or les 80 jours de présence en font 586 h 40 : l’écart (20 min)" in message
    assert "une minute de plus au plus chacun" in message
    assert sample.having(week | {"stage.duree_heures": 588}).severities("L-20") == ["blocking"]


def test_minutes_shared_among_the_days_are_presence(sample: Bench) -> None:
    """L-11: 35 h made of 7 h 01 and 6 h 59 is the most: a minute more in a week is found, fewer are none."""
    week = {"lundi": 7.0167, "mardi": 6.9833, "mercredi": 7.0167, "jeudi": 6.9833, "vendredi": 7}
    form = sample.having({"stagiaire.regime": "FPC_DEMANDEUR_EMPLOI", WEEK: week})
    assert said(form, "L-11") == []
    (message,) = said(form.having({"stage.duree_heures": 560.25}), "L-11")
    assert "35 h 01 la semaine la plus remplie, or" in message
    assert said(form.having({"stage.duree_heures": 559.75}), "L-11") == []


def test_changes_beside_a_calendar(coord: Bench) -> None:
    """L-29: an absence over days of the calendar, days added beside it; an absence beside them passes."""
    over = coord.having({ABSENCES: [absent("2025-04-22", "2025-06-30")]})
    assert over.severities("L-29") == ["blocking"]
    (message,) = said(over, "L-29")
    assert "jour sans présence que le calendrier compte" in message
    beside = coord.having({CHANGES: [added("2025-05-03", 7)]})
    assert any("le calendrier donne déjà chaque jour" in message for message in said(beside, "L-29"))
    assert said(coord.having({ABSENCES: [absent("2025-05-03", "2025-05-04")]}), "L-29") == []
