"""C-09: hours of one person in one organisme and teaching year, with the forms already known."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import people
import pytest
from cohort_kit import messages, record, someone, told

from pipeline.core.formation import Session
from pipeline.core.law import Law
from pipeline.core.models import Form
from pipeline.core.workspace import Workspace
from pipeline.ledger.store import Ledger

AUTUMN = {"stage__date_debut": "2024-10-01", "stage__date_fin": "2025-01-31"}
LATER = {"stage__date_debut": "2025-09-08", "stage__date_fin": "2025-12-19"}
ELSEWHERE = {"organisme__siret": "83282932000074", "organisme__raison_sociale": "Maison neuve"}
FPC = {"stagiaire__regime": "FPC_AUTOFINANCE"}


def nine(law: Law, first: dict[str, Any], second: dict[str, Any]) -> list[str]:
    """What C-09 says of the second of two forms."""
    return [line for line in told(law, first, second)[1] if line.startswith("C-09")]


@pytest.mark.parametrize(
    ("hours", "changes", "expected"),
    [
        (364, {}, []),
        (365, {}, ["C-09 blocking"]),
        (365, FPC, ["C-09 warning"]),
        (365, ELSEWHERE, []),
        (365, LATER, []),
        (365, {"stagiaire__date_naissance": "2001-01-02", "stagiaire__numero": "IDF999"}, []),
    ],
)
def test_six_months_with_what_is_known(law: Law, hours: int, changes: dict[str, Any], expected: list[str]) -> None:
    """560 h and 364 h are six months to the hour; another host, year or person is not counted with them."""
    assert nine(law, record(**AUTUMN), record(**{"stage__duree_heures": hours, **changes})) == expected


def test_a_stage_across_two_years_counts_in_each(law: Law) -> None:
    """Ten weeks before 1 September and ten after: half of the hours in each year."""
    across = {"stage__date_debut": "2025-06-23", "stage__date_fin": "2025-11-09", "stage__duree_heures": 700}
    unticked = {"stage__jours_semaine": None, "stage__heures_jour": None}
    assert nine(law, record(**AUTUMN), record(**across, **unticked)) == []
    assert nine(law, record(**AUTUMN), record(**{**across, "stage__duree_heures": 760}, **unticked)) == [
        "C-09 blocking"
    ]


def test_days_in_the_centre_are_hours_of_neither_year(own_workspace: Workspace) -> None:
    """Mondays on both sides of 1 September, one of them in the centre: the ledger shares the hours without it."""
    mondays = {"stage__semaine": {"lundi": 7}, "stage__duree_heures": 21}
    data = record(**mondays, stage__date_debut="2025-08-25", stage__date_fin="2025-09-14")
    form = Form("a" * 64, Path("x"), "a.pdf", people.TODAY)
    with Ledger.open(own_workspace) as ledger:
        ledger.arrive(form, source="a", day=people.TODAY)
        for days, expected in (([], ["7", "14"]), ([dt.date(2025, 9, 8)], ["10.50", "10.50"])):
            ledger.keep_values(form.sha256, data, Session("2024-2025", {"jours_formation": days}))
            (member,) = ledger.members.everybody("C-01")
            assert [hours for _, hours in member.hours] == [Decimal(one) for one in expected]


def test_two_short_stages_are_paid_together(law: Law) -> None:
    """200 h and 109 h make 309: the gratification is due for both; 108 h more do not."""
    short = {**AUTUMN, "stage__duree_heures": 200}
    assert nine(law, record(**short), record(stage__duree_heures=108)) == []
    assert nine(law, record(**short), record(stage__duree_heures=109)) == ["C-09 warning"]
    unpaid = record(stage__duree_heures=109, gratification={"prevue": False})
    assert nine(law, record(**short), unpaid) == ["C-09 blocking"]
    assert nine(law, record(**short), record(**FPC, stage__duree_heures=109)) == []


def test_what_a_cumul_says(law: Law) -> None:
    """The sum, the year, the other form, and what to do."""
    said = [one for one in messages(law, record(**AUTUMN), record()) if one.startswith("Durée cumulée")]
    (one,) = [text.replace("\u00a0", " ") for text in said]
    assert "en 2024-2025 : 1 120 h dans cet organisme, avec le formulaire 00000001" in one
    assert "liasse dossier join 00000002 00000001" in one


def test_a_version_of_the_same_stage_is_no_second_one(law: Law) -> None:
    """The corrected form of one internship is not added to itself."""
    assert told(law, record(), record(tuteur__telephone="+33611111119")) == [[], []]
    assert told(law, someone(1), someone(2), record(people.COORDINATION)) == [[], [], []]
