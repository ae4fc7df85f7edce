"""The days as papers print and draw them: holidays of the place, averages that are computed, months that add up."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import people
import pytest

from pipeline.core.models import Record
from pipeline.core.programme import Programme
from pipeline.documents.printable import Hours, show
from pipeline.documents.template_context import build_context

Context = dict[str, Any]
GOOD_FRIDAY = {"date": "2025-04-18", "heures": 7}


@pytest.fixture
def context(
    programme: Callable[[str], Programme], checked: Callable[[str, dict[str, Any]], Record]
) -> Callable[..., Context]:
    """The context of the papers of one record."""

    def built(code: str, data: dict[str, Any]) -> Context:
        return build_context(checked(code, data), programme(code), number="2024-001", on=people.TODAY, pieces=())

    return built


def plain(value: object) -> str:
    """As printed, with ordinary spaces."""
    return show(value).replace("\u00a0", " ")


def drawn(context: Context, day: str, month: int) -> tuple[str, str]:
    """The word and kind of one square of the calendar."""
    weeks = context["calendrier"].mois[month].semaines
    (cell,) = [cell for week in weeks for cell in week if cell.numero == day]
    return cell.texte.replace("\u00a0", " "), str(cell.genre)


def test_annexe_1_draws_the_holidays_of_the_place(context: Callable[..., Context]) -> None:
    """Vendredi saint is closed in Strasbourg, at work or not; in Brest it is an ordinary day."""
    here = people.coordination()
    there = people.coordination(organisme__lieu_stage__code_postal="67000")
    at_work = people.coordination(
        organisme__lieu_stage__code_postal="67000", stage__calendrier=[*here["stage"]["calendrier"], GOOD_FRIDAY]
    )
    assert drawn(context(people.COORDINATION, here), "18", 0) == ("", "vide")
    assert drawn(context(people.COORDINATION, there), "18", 0) == ("férié", "ferie")
    assert drawn(context(people.COORDINATION, at_work), "18", 0) == ("7 h · férié", "stage")
    assert drawn(context(people.COORDINATION, here), "21", 0) == ("férié", "ferie")


def test_what_is_said_of_holidays_is_what_is_drawn(context: Callable[..., Context]) -> None:
    """A holiday in the calendar is printed where Sundays and holidays are announced, beside what was written."""
    days = people.coordination()["stage"]["calendrier"]
    data = people.coordination(
        organisme__lieu_stage__code_postal="67000", stage__calendrier=[*days[:4], GOOD_FRIDAY, *days[4:]]
    )
    said = context(people.COORDINATION, data)["stage"]["presence_exceptionnelle"]
    assert said.replace("\u00a0", " ") == "vendredi 18 avril 2025 (Vendredi saint)"
    data["stage"]["presence_exceptionnelle"] = "le Vendredi saint"
    both = context(people.COORDINATION, data)["stage"]["presence_exceptionnelle"]
    assert both.startswith("le Vendredi saint ; vendredi")
    assert context(people.COORDINATION, people.coordination())["stage"]["presence_exceptionnelle"] is None


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("le vendredi 18 avril 2025, de 9 h à 17 h", "le vendredi 18 avril 2025, de 9 h à 17 h"),
        ("18/04", "18/04"),
        ("les 18 et 25 avril", "les 18 et 25 avril ; dimanche 4 mai 2025"),
        ("le 18 avril et le 4 mai, en journée", "le 18 avril et le 4 mai, en journée"),
        ("le 8 mai, jamais le 18 avril", "le 8 mai, jamais le 18 avril ; vendredi 18 avril 2025 (Vendredi saint)"),
        ("tous les jours sauf le 18 avril", "tous les jours sauf le 18 avril ; vendredi 18 avril 2025"),
        ("du 17 au 18 avril", "du 17 au 18 avril ; vendredi 18 avril 2025 (Vendredi saint)"),
        ("certains dimanches", "certains dimanches ; vendredi 18 avril 2025 (Vendredi saint)"),
    ],
)
def test_a_day_that_the_words_name_is_not_named_again(
    context: Callable[..., Context], words: str, printed: str
) -> None:
    """Only a day that they say to be one of presence; one that they deny, or leave to be understood, is named."""
    sunday = [{"date": "2025-05-04", "heures": 7}] if "25 avril" in words or "4 mai" in words else []
    days = people.coordination()["stage"]["calendrier"]
    data = people.coordination(
        organisme__lieu_stage__code_postal="67000",
        stage__calendrier=[*days, GOOD_FRIDAY, *sunday],
        stage__presence_exceptionnelle=words,
    )
    said = plain(context(people.COORDINATION, data)["stage"]["presence_exceptionnelle"])
    assert said.startswith(printed)
    assert said == printed or " ; " in printed


def test_hours_a_week_are_computed(context: Callable[..., Context]) -> None:
    """14 h were typed, the calendar gives 11 h 40 on average; weekdays give an ordinary week."""
    salaried = context(people.COORDINATION, people.coordination())
    assert plain(salaried["stage"]["heures_hebdo"]) == "11 h 40"
    assert plain(salaried["presence"].rythme) == "11 h 40 par semaine en moyenne"
    student = context(people.CNAM, people.cnam(stage__heures_hebdo=39))
    assert plain(student["presence"].rythme) == "35 h par semaine, hors jours fériés"
    assert plain(student["stage"]["heures_hebdo"]) == "35 h"
    assert [plain(line) for line in student["presence"].semaine][:2] == ["lundi 7 h", "mardi 7 h"]
    assert salaried["presence"].semaine == ()
    assert student["jours_presence"] == ["lundi", "mardi", "mercredi", "jeudi", "vendredi"]


def test_hours_a_day_are_those_of_every_day(context: Callable[..., Context]) -> None:
    """7 h a day are printed while each day has 7 h, else nothing."""
    data = people.coordination()
    assert plain(context(people.COORDINATION, data)["stage"]["heures_jour"]) == "7 h"
    data["stage"]["calendrier"][3]["heures"] = 3.5
    assert context(people.COORDINATION, data)["stage"]["heures_jour"] is None


def test_the_gratification_by_month_makes_the_total(context: Callable[..., Context]) -> None:
    """560 h at 4,35 €: 2 436,00 € over the five months, each for its hours; even parts where it is smoothed."""
    made = context(people.CNAM, people.cnam())
    months = made["presence"].mois
    assert [(month.titre, month.jours, plain(month.gratification)) for month in months] == [
        ("avril 2025", 17, "517,65 €"),
        ("mai 2025", 19, "578,55 €"),
        ("juin 2025", 20, "609,00 €"),
        ("juillet 2025", 22, "669,90 €"),
        ("août 2025", 2, "60,90 €"),
    ]
    assert sum(month.gratification for month in months) == made["droit"]["gratification_totale"] == Decimal(2436)
    even = context(people.CNAM, people.cnam(gratification__base="lisse", gratification__montant=4.36))[
        "presence"
    ].mois
    assert [plain(month.gratification) for month in even] == ["488,32 €"] * 5
    assert sum(month.gratification for month in even) == Decimal("2441.60")


def test_unknown_days_leave_what_the_form_says(context: Callable[..., Context]) -> None:
    """Without weekdays nor calendar there is no presence to print; the hours are those declared."""
    made = context(people.CNAM, people.cnam(stage__semaine=None, stage__heures_hebdo=30))
    assert made["presence"] is None
    assert made["calendrier"] is None
    assert plain(made["stage"]["heures_hebdo"]) == "30 h"
    assert plain(made["droit"]["duree"]) == "3 mois et 14 jours"


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("140", "140 h"),
        ("7.5", "7 h 30"),
        ("7.5667", "7 h 34"),  # as a form's 7 h 34 is kept
        ("0.25", "15 min"),
        ("0", "0 h"),
        ("1234.5", "1 234 h 30"),
        ("7.333", "7,333 h"),
    ],
)
def test_hours_are_printed_in_whole_minutes(value: str, printed: str) -> None:
    """Four decimals are a minute, three that are none stay as they are."""
    assert plain(Hours(value)) == printed
