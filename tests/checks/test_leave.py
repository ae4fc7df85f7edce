"""Leave against the days of presence (L-32), and the reading of its dates."""

from __future__ import annotations

import datetime as dt

import pytest
from checks_bench import Bench

from pipeline.core.moments import days_off, night_hours

PATH = "stage.conges_modalites"
FIRST, LAST = dt.date(2025, 4, 7), dt.date(2025, 8, 4)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Deux jours par mois", 0),
        ("Absent le jeudi 24 avril 2025", 1),
        ("Congé du lundi 12 mai au vendredi 16 mai 2025", 5),
        ("du 12 au 16 mai", 5),
        ("les 2 et 3 juin", 2),
        ("pas de congé le 24 avril", 0),
        ("jusqu’au 16 mai", 0),
        ("du 30/06 au 02/07/2025", 3),
    ],
)
def test_the_days_that_a_leave_names(text: str, days: int) -> None:
    """Dates and periods, with and without year and weekday; no denial, no open end."""
    assert len(days_off(text, FIRST, LAST)) == days


@pytest.mark.parametrize(
    ("text", "absent", "expected"),
    [
        ("Congé du lundi 12 mai au vendredi 16 mai 2025", None, ["blocking"]),
        ("Congé du lundi 12 mai au vendredi 16 mai 2025", ("2025-05-12", "2025-05-16"), []),
        ("Le samedi 17 mai 2025", None, []),
        ("Deux jours par mois, demandés une semaine avant", None, []),
    ],
)
def test_a_dated_leave_is_no_day_of_presence(
    sample: Bench, text: str, absent: tuple[str, str] | None, expected: list[str]
) -> None:
    """L-32: a week off that the calendar pays is asked about; one that it leaves out is not."""
    closed = [dict(zip(("debut", "fin"), absent, strict=True))] if absent else None
    form = sample.having({PATH: text, "stage.interruptions": closed})

    assert form.severities("L-32") == expected
    if expected:
        assert "lundi 12 mai" in form.problems("L-32")[0].message


def test_a_day_of_the_calendar_is_no_leave(salaried: Bench) -> None:
    """L-32 where the form gives each day itself."""
    assert salaried.having({PATH: "Absente le 15/04/2025"}).severities("L-32") == ["blocking"]
    assert salaried.having({PATH: "Absente le 16/04/2025"}).severities("L-32") == []


def test_counted_leave_is_a_students(salaried: Bench, student: Bench) -> None:
    """L-32: « comptés comme présence » is what the law says of a student, not of the others."""
    said = {PATH: "Cinq jours de congés, comptés comme présence"}

    assert salaried.having(said).severities("L-32") == ["warning"]
    assert student.having(said).severities("L-32") == []


@pytest.mark.parametrize(
    ("text", "expected"), [("de 21 h à 7 h", [10]), ("23h-6h", [7]), ("de 9 h à 17 h", []), ("une nuit", [])]
)
def test_how_long_a_night_lasts(text: str, expected: list[int]) -> None:
    """From the evening to the morning after."""
    assert night_hours(text) == expected


@pytest.mark.parametrize(
    ("text", "hours", "expected"),
    [
        ("Une nuit par semaine de 21 h à 7 h", None, ["warning", "blocking"]),
        ("Une nuit le 15 mai de 21 h à 7 h", 10, ["warning"]),
        ("Une nuit par mois", None, ["warning"]),
    ],
)
def test_a_night_is_within_the_hours_of_a_day(
    sample: Bench, text: str, hours: int | None, expected: list[str]
) -> None:
    """L-26: a night of ten hours is in no day of seven; one in a day of ten is only shown."""
    longer = [{"date": "2025-05-15", "heures": hours}] if hours else None
    form = sample.having({"stage.presence_exceptionnelle": text, "stage.exceptions": longer})
    assert form.severities("L-26") == expected


def test_a_holiday_abroad_is_not_asked_of_the_calendar(sample: Bench) -> None:
    """L-26: « le 1er mai » in Brussels is a day of presence or is none; its holidays are not known."""
    abroad = sample.having({"organisme.lieu_stage.pays": "Belgique"})

    assert abroad.having({"stage.presence_exceptionnelle": "Le jeudi 1er mai 2025"}).severities("L-26") == ["warning"]
    gone = abroad.having({"stage.presence_exceptionnelle": "Le samedi 3 mai 2025, jour férié"})
    assert gone.severities("L-26") == ["warning", "blocking"]
