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
    made = context(people.CNAM, people.cnam(stage__semaine=None, stage__heures_jour=None, stage__heures_hebdo=30))
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


def test_who_signs_is_a_minor_on_the_day_of_edition(context: Callable[..., Context]) -> None:
    """Eighteen on the first day, seventeen at the edition: the representative signs, hours are an adult's."""
    status = context(people.CNAM, people.cnam(stagiaire__date_naissance="2007-04-07"))["statut"]
    assert (status["mineur"], status["mineur_en_stage"]) == (True, False)
    younger = context(people.CNAM, people.cnam(stagiaire__date_naissance="2007-09-24"))["statut"]
    assert (younger["mineur"], younger["mineur_en_stage"]) == (True, True)
    adult = context(people.CNAM, people.cnam(stagiaire__date_naissance="2007-03-17"))["statut"]
    assert (adult["mineur"], adult["mineur_en_stage"]) == (False, False)


def test_the_hours_that_a_month_pays_are_said(context: Callable[..., Context]) -> None:
    """154 h a month at full time, in proportion under it (D124-6); another unit has no such base."""
    monthly = people.cnam(gratification__montant=669.9, gratification__unite="mois")
    assert plain(context(people.CNAM, monthly)["droit"]["base_mensuelle"]) == "154 h"
    monthly["stage"]["semaine"] = {"lundi": 7, "mardi": 7, "mercredi": 7}
    assert plain(context(people.CNAM, monthly)["droit"]["base_mensuelle"]) == "92 h 24"
    assert context(people.CNAM, people.cnam())["droit"]["base_mensuelle"] is None


def test_the_place_and_the_seat_are_two_things(context: Callable[..., Context]) -> None:
    """A French organisme may send someone to Brussels: only the place is abroad."""
    away = context(people.CNAM, people.cnam(organisme__lieu_stage={"pays": "Belgique"}))["statut"]
    assert (away["stage_a_l_etranger"], away["organisme_a_l_etranger"]) == (True, False)
    home = context(people.CNAM, people.cnam())["statut"]
    assert (home["stage_a_l_etranger"], home["organisme_a_l_etranger"]) == (False, False)
