"""Leave against the days of presence (L-32), and the reading of its dates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from checks_bench import Bench

from pipeline.core.models import Who
from pipeline.core.moments import days_off, night_hours, stays_of

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
        ("Fermeture la semaine du 14 juillet", 7),
        ("la semaine du lundi 12/05", 7),
        ("les semaines du 14 et du 21 juillet 2025", 14),
        ("pas de fermeture la semaine du 14 juillet", 0),
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
        ("Fermeture du 12 mai au 12 septembre 2025", None, ["blocking"]),
        ("Le samedi 17 mai 2025", None, []),
        ("Fermeture la semaine du lundi 12 mai", None, ["blocking"]),
        ("Fermeture la semaine du lundi 12 mai", ("2025-05-12", "2025-05-16"), []),
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
        message = form.problems("L-32")[0].message
        assert "lundi 12 mai" in message.replace("\u00a0", " ")
        assert (
            "Ôtez ces jours : écrivez-les à « Stage, Jours ou périodes sans présence » (à durée égale, la fin"
            in message
        )


@pytest.mark.parametrize(
    ("text", "absent", "vague"),
    [
        ("Deux jours par mois ; fermeture de l’association l’été", None, "fermeture"),
        ("Une quinzaine, à fixer ensemble", None, "une quinzaine"),
        ("Absente une semaine en juillet", None, "en juillet"),
        ("Tout le mois d’août", None, "mois d'aout"),
        ("Les vacances scolaires", None, "vacances"),
        ("Tout le mois d’août", ("2025-08-01", "2025-08-04"), ""),
        ("Fermeture annuelle", ("2025-07-28", "2025-08-04"), ""),
        ("Fermeture annuelle, du 18 au 29 août 2025", None, ""),
        ("Fermeture en octobre", ("2025-07-28", "2025-08-04"), ""),
        ("Deux jours par mois, demandés une semaine avant", None, ""),
        ("Un jour par semaine ; préavis d’une semaine, deux semaines à l’avance en été", None, ""),
        ("Deux jours en mai, sur demande écrite la semaine précédente", None, ""),
        ("Pas de fermeture en août", None, ""),
    ],
)
def test_a_closure_without_dates_is_shown(
    sample: Bench, text: str, absent: tuple[str, str] | None, vague: str
) -> None:
    """L-32: a closure, a week or a month away that no date explains is a warning; notice and days a month are not."""
    closed = [dict(zip(("debut", "fin"), absent, strict=True))] if absent else None
    problems = sample.having({PATH: text, "stage.interruptions": closed}).problems("L-32")

    assert [(one.severity.value, one.who) for one in problems] == ([("warning", Who.SCOLARITE)] if vague else [])
    assert all(f"« {vague} » est dit sans dates" in one.message for one in problems)


def test_a_day_of_the_calendar_is_no_leave(salaried: Bench) -> None:
    """L-32 where the form gives each day itself."""
    (problem,) = salaried.having({PATH: "Absente le 15/04/2025"}).problems("L-32")
    assert (problem.severity.value, "Ôtez-en les heures à « Stage, Calendrier" in problem.message) == (
        "blocking",
        True,
    )
    assert salaried.having({PATH: "Absente le 16/04/2025"}).severities("L-32") == []


def test_counted_leave_is_a_students(salaried: Bench, student: Bench) -> None:
    """L-32: « comptés comme présence » is what the law says of a student; of the others it waits for a person."""
    said = {PATH: "Cinq jours de congés, comptés comme présence"}

    (problem,) = salaried.having(said).problems("L-32")
    assert (problem.severity.value, problem.waits, problem.overridable) == ("blocking", True, True)
    assert problem.who is Who.SCOLARITE
    assert salaried.having({PATH: "Cinq jours de congés"}).severities("L-32") == []
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
        ("Une nuit par mois", None, ["warning", "blocking"]),
        ("Une nuit par mois, de 22 h à 5 h.", None, ["warning", "blocking"]),
        ("La nuit ; pas le 15 mai", None, ["warning", "blocking"]),
        ("De 16 h à 23 h, un vendredi par mois", None, ["warning", "blocking"]),
        ("De 16 h à 23 h le samedi", None, ["warning", "blocking"]),
        ("De 16 h à 23 h tous les vendredis", None, ["warning"]),
        ("Le jeudi 15 mai 2025, de 22 h à 5 h", None, ["warning"]),
        ("Ni la nuit ni le dimanche", None, ["info"]),
    ],
)
def test_a_night_is_within_the_hours_of_a_day(
    sample: Bench, text: str, hours: int | None, expected: list[str]
) -> None:
    """L-26: a night of ten hours is in no day of seven; one on days that nothing tells is asked for."""
    longer = [{"date": "2025-05-15", "heures": hours}] if hours else None
    form = sample.having({"stage.presence_exceptionnelle": text, "stage.exceptions": longer})
    assert form.severities("L-26") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le dimanche 15 juin 2025, de 8 h à 20 h", 12),
        ("de 8h-12h et 13h-20h30 le 15 juin", "11.5"),
        ("Le 15 juin, de 8 h à 20 h, soit 9 h 30", "9.5"),
        ("Le 15 juin de 22 h à 5 h ; le 22 juin, de 9 h à 12 h", 7),
        ("Les dimanches 15 et 22 juin, de 9 h à 17 h", 8),
        ("Le dimanche 15 juin ; jamais de 8 h à 20 h", None),
        ("Le dimanche 15 juin", None),
    ],
)
def test_hours_beside_a_date(text: str, expected: float | str | None) -> None:
    """The sum of the spans, or what is said to last; nothing of what is denied."""
    found = {day: stay.hours for stay in stays_of(text, FIRST, LAST) for day in stay.days}
    assert found.get(dt.date(2025, 6, 15)) == (None if expected is None else Decimal(expected))
    assert (dt.date(2025, 6, 22) in found) is ("22 juin" in text)


@pytest.mark.parametrize(
    ("text", "hours", "asked", "too_long"),
    [
        ("Le dimanche 15 juin 2025, de 8 h à 20 h", 7, ["warning"], ["blocking"]),
        ("Le lundi 14 juillet 2025, de 7 h à 21 h", 7, ["warning"], ["blocking"]),
        ("Le dimanche 15 juin 2025, de 9 h à 17 h", 7, ["warning"], []),
        ("Le dimanche 15 juin 2025, de 8 h à 18 h", 7, ["warning", "blocking"], []),
        ("Le dimanche 15 juin 2025, de 8 h à 18 h", 10, ["warning"], []),
        ("Le dimanche 15 juin 2025, de 8 h à 20 h, soit 9 h", 7, ["warning"], []),
    ],
)
def test_hours_of_a_sunday_are_those_of_the_day(
    sample: Bench, text: str, hours: int, asked: list[str], too_long: list[str]
) -> None:
    """L-26 asks of hours that the day does not have, two of break aside; L-10 of more than ten."""
    day = "2025-07-14" if "14 juillet" in text else "2025-06-15"
    form = sample.having(
        {"stage.presence_exceptionnelle": text, "stage.exceptions": [{"date": day, "heures": hours}]}
    )
    assert form.severities("L-26") == asked
    assert form.severities("L-10") == too_long


def test_a_holiday_abroad_is_not_asked_of_the_calendar(sample: Bench) -> None:
    """L-26: « le 1er mai » in Brussels is a day of presence or is none; its holidays are not known."""
    abroad = sample.having({"organisme.lieu_stage.pays": "Belgique"})

    assert abroad.having({"stage.presence_exceptionnelle": "Le jeudi 1er mai 2025"}).severities("L-26") == ["warning"]
    gone = abroad.having({"stage.presence_exceptionnelle": "Le samedi 3 mai 2025, jour férié"})
    assert gone.severities("L-26") == ["warning", "blocking"]
