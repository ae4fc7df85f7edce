"""Answers put together: one reading a field, and a doubt where the slots contradict each other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import people
import pytest
from own_answers import RECEIVED, dictionary

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.formation import load_formation
from pipeline.core.models import FieldReading
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import Blank, plan_blank
from pipeline.forms.layouts import parse_placeholder
from pipeline.reading.alignment.harvest import Mention, put_together
from pipeline.reading.decision.ballots import Summary
from pipeline.reading.decision.decide import decide
from pipeline.reading.tokens import Source

TICKED = "x"


@pytest.fixture(scope="module")
def blanks(workspace: Workspace) -> dict[str, Blank]:
    """The forms of both formations, with the weekdays to tick that they asked before."""
    found = {}
    for code in (people.CNAM, people.COORDINATION):
        formation = load_formation(workspace, code)
        asked = {"avec": [*formation.settings["formulaire"]["avec"], "stage.jours_semaine"]}
        settings = {**formation.settings, "formulaire": formation.settings["formulaire"] | asked}
        formation = replace(formation, settings=settings)
        found[code] = plan_blank(dictionary(), formation, formation.session("2024-2025"))
    return found


def read(blank: Blank, written: dict[str, str], **extra: Any) -> dict[str, FieldReading]:
    """Path to reading, for a form on which only this is written."""
    seen = [
        Mention(
            parse_placeholder(slot.name, dictionary()),
            "" if slot.option else written.get(slot.name, ""),
            slot.name in written if slot.option else None,
            certain=True,
            **extra,
        )
        for slot in blank.slots()
    ]
    candidates = put_together(seen, dictionary(), Source.ACROFORM)
    decided = decide(candidates, {}, summary=Summary(), dictionary=dictionary(), received_on=RECEIVED, digital=True)
    return {reading.path: reading for reading in decided}


def test_every_field_of_the_plan_has_a_reading_in_order(blanks: dict[str, Blank]) -> None:
    """A blank form is read as blank, with full confidence and no doubt."""
    blank = blanks[people.COORDINATION]
    readings = read(blank, {})
    asked = {cell.field.path for cell in blank.cells()}
    assert list(readings) == [path for path in dictionary().fields if path in asked]
    assert {(r.value, r.confidence, r.doubt) for r in readings.values()} == {(None, 1.0, None)}


@pytest.mark.parametrize(
    ("written", "path", "value"),
    [
        ({"stage.quotite=partiel": TICKED}, "stage.quotite", "partiel"),
        ({"stage.obligatoire=oui": TICKED}, "stage.obligatoire", True),
        ({"stage.obligatoire=non": TICKED}, "stage.obligatoire", False),
        ({"stage.activites.1": "- Lire", "stage.activites.4": "Écrire"}, "stage.activites", ["Lire", "Écrire"]),
        ({"stage.activites.1": "…", "stage.activites.2": "néant"}, "stage.activites", None),
        (
            {
                "stage.calendrier.2025-04-10": "3h30",
                "stage.calendrier.2025-04-08": "7",
                "stage.calendrier.2025-04-09": "0",
            },
            "stage.calendrier",
            [{"date": "2025-04-08", "heures": 7}, {"date": "2025-04-10", "heures": 3.5}],
        ),
        ({"stage.calendrier.2025-04-08": "repos"}, "stage.calendrier", None),
        ({"stagiaire.date_naissance": "17/03/1988"}, "stagiaire.date_naissance", "1988-03-17"),
    ],
)
def test_slots_make_one_value(blanks: dict[str, Blank], written: dict[str, str], path: str, value: Any) -> None:
    """Choices, yes or no, lists without their blanks, days in order without their zeros."""
    reading = read(blanks[people.COORDINATION], written)[path]
    assert (reading.value, reading.doubt) == (value, None)


def test_days_of_the_week_are_a_list_in_their_order(blanks: dict[str, Blank]) -> None:
    """Several ticks are what is asked there."""
    written = {"stage.jours_semaine=jeudi": TICKED, "stage.jours_semaine=lundi": TICKED}
    reading = read(blanks[people.CNAM], written)["stage.jours_semaine"]
    assert (reading.value, reading.doubt) == (["lundi", "jeudi"], None)


@pytest.mark.parametrize("path", ["stage.quotite", "stage.obligatoire"])
def test_two_boxes_ticked_where_one_was_asked_are_a_doubt(blanks: dict[str, Blank], path: str) -> None:
    """Neither is believed."""
    blank = blanks[people.COORDINATION]
    both = {slot.name: TICKED for slot in blank.slots() if slot.path == path}
    reading = read(blank, both)[path]
    assert (reading.value, reading.doubt and reading.doubt.code) == (None, "CASE_AMBIGUE")


def test_one_unreadable_day_makes_the_calendar_doubtful_and_keeps_the_others(blanks: dict[str, Blank]) -> None:
    """The doubt says which day; the proposal holds what could be read."""
    written = {"stage.calendrier.2025-04-08": "7", "stage.calendrier.2025-04-10": "x"}
    reading = read(blanks[people.COORDINATION], written)["stage.calendrier"]
    assert reading.value == [{"date": "2025-04-08", "heures": 7}]
    assert str(reading.doubt).startswith("VALEUR_INVALIDE : « 10/04/2025 : x »")


def test_people_are_told_labels_and_french_days(blanks: dict[str, Blank]) -> None:
    """No code of the schema and no ISO day in what was read, nor in why it is doubted."""
    blank = blanks[people.COORDINATION]
    regime = [slot.name for slot in blank.slots() if slot.path == "stagiaire.regime"]
    labels = list(dictionary().fields["stagiaire.regime"].choices.values())
    two = read(blank, dict.fromkeys(regime[:2], TICKED))["stagiaire.regime"]
    assert two.doubt
    assert [label in two.doubt.why for label in labels[:2]] == [True, True]
    assert not any(code in two.doubt.why for code in dictionary().fields["stagiaire.regime"].choices)
    one = read(blank, {regime[0]: TICKED}, doubt=Doubt(Reason.CROSSED_OUT, "un trait"))["stagiaire.regime"]
    assert one.raw == labels[0]
    days = read(blank, {"stage.calendrier.2025-04-08": "matin"})["stage.calendrier"]
    assert days.raw == "08/04/2025 : matin"


def test_a_doubt_of_the_file_reaches_the_field(blanks: dict[str, Blank]) -> None:
    """What the adapter saw (a stroke, a hidden value) is not lost when the value itself is fine."""
    crossed = Doubt(Reason.CROSSED_OUT, "un trait")
    readings = read(blanks[people.COORDINATION], {"stagiaire.nom": "LE GOFF"}, doubt=crossed)
    assert (readings["stagiaire.nom"].value, readings["stagiaire.nom"].doubt) == ("LE GOFF", crossed)


@pytest.mark.parametrize(
    ("written", "value", "code"),
    [
        ({"gratification.montant": "4,50 €/h"}, "heure", None),
        ({"gratification.montant": "600 € par mois", "gratification.unite=mois": TICKED}, "mois", None),
        ({"gratification.montant": "600 € par mois", "gratification.unite=heure": TICKED}, "heure", "INCOHERENCE"),
        ({"gratification.montant": "4,50 €"}, None, None),
    ],
)
def test_the_unit_written_after_the_amount_counts(
    blanks: dict[str, Blank], written: dict[str, str], value: str | None, code: str | None
) -> None:
    """It fills the unit left blank, and contradicts another one."""
    reading = read(blanks[people.COORDINATION], written)["gratification.unite"]
    assert (reading.value, reading.doubt and reading.doubt.code) == (value, code)
