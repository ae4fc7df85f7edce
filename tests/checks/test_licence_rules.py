"""The rules of the licence (seed 1), on each side of their boundary."""

from __future__ import annotations

import datetime as dt

import pytest
from checks_bench import Bench

from pipeline.core.models import Severity

_APRIL = {"debut": "2026-04-06", "fin": "2026-04-26"}


@pytest.mark.parametrize(
    ("hours", "expected"), [(559, ["blocking"]), (560, []), (561, ["blocking"]), (559.5, ["blocking"])]
)
def test_exactly_560_hours(cnam: Bench, hours: float, expected: list[str]) -> None:
    """S1-03: not an hour less, not an hour more."""
    assert cnam.having({"stage.duree_heures": hours}).severities("S1-03") == expected


def test_the_message_of_the_total_gives_the_figures(cnam: Bench) -> None:
    """« 559 h au lieu de 560 h », and by how much."""
    (problem,) = cnam.having({"stage.duree_heures": 559}).problems("S1-03")
    assert "559 h au lieu de 560 h (il manque 1 h)" in problem.message.replace("\u00a0", " ")
    assert problem.overridable


def test_a_facultative_stage_may_be_shorter(cnam: Bench) -> None:
    """S1-03 is a warning when the curriculum does not require the stage."""
    form = cnam.having({"stage.duree_heures": 300, "stage.obligatoire": False})
    assert form.severities("S1-03") == ["warning"]


@pytest.mark.parametrize(("start", "expected"), [("2026-01-26", ["blocking"]), ("2026-01-27", [])])
def test_twelve_days_before_the_start(cnam: Bench, start: str, expected: list[str]) -> None:
    """S1-23: edited on 15 January, 11 days are too few and 12 are enough; it can be lifted."""
    form = cnam.having({"stage.date_debut": start})
    assert form.severities("S1-23") == expected
    assert all(problem.overridable for problem in form.problems("S1-23"))


@pytest.mark.parametrize(("start", "expected"), [("2026-01-30", ["blocking"]), ("2026-02-02", [])])
def test_the_delay_can_be_counted_in_working_days(cnam: Bench, start: str, expected: list[str]) -> None:
    """A setting counts Monday to Friday: from 15 January, 2 February is the twelfth."""
    assert cnam.ruled("S1-23", jours_ouvres=True).having({"stage.date_debut": start}).severities("S1-23") == expected


@pytest.mark.parametrize(
    ("months", "compulsory", "expected"), [(11, False, ["warning"]), (12, False, []), (11, True, [])]
)
def test_experience_or_stage(cnam: Bench, months: int, compulsory: bool, expected: list[str]) -> None:  # noqa: FBT001
    """S1-02: under a year of experience the stage is compulsory."""
    answers = {"stagiaire.experience_insertion_mois": months, "stage.obligatoire": compulsory}
    assert cnam.having(answers).severities("S1-02") == expected


def test_unknown_experience_blocks(cnam: Bench) -> None:
    """S1-02 unknown: the answer is required by the formation."""
    form = cnam.having({"stagiaire.experience_insertion_mois": None})
    blocking = [p.field for p in form.problems("F-01") if p.severity.value == "blocking"]
    assert blocking == ["stagiaire.experience_insertion_mois"]


def test_the_sector_is_insertion(cnam: Bench) -> None:
    """S1-04: another sector is a warning for the responsable."""
    assert cnam.severities("S1-04") == []
    assert cnam.having({"organisme.secteur": "sanitaire"}).severities("S1-04") == ["warning"]


@pytest.mark.parametrize(("letters", "expected"), [(29, ["blocking"]), (30, [])])
def test_a_collective_project_is_described(cnam: Bench, letters: int, expected: list[str]) -> None:
    """S1-06: thirty characters at least, spaces aside."""
    assert cnam.having({"stage.projet_collectif": "a " * letters}).severities("S1-06") == expected


def test_one_structure(cnam: Bench) -> None:
    """S1-07: two SIRET in the box are two structures, the same one written twice is not."""
    two = "732 829 320 00074 et 197 534 712 00017"
    assert cnam.having({"organisme.siret": two}).severities("S1-07") == ["blocking"]
    assert cnam.doubting("organisme.siret", two, "deux numéros").severities("S1-07") == ["blocking"]
    assert cnam.having({"organisme.siret": "73282932000074 73282932000074"}).severities("S1-07") == []


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, []),
        ({"stage.heures_hebdo": 34}, ["warning"]),
        ({"stage.date_fin": "2026-05-17"}, []),  # fifteen weeks exactly
        ({"stage.date_fin": "2026-05-16"}, ["warning"]),
        ({"stage.date_fin": "2026-06-07"}, []),  # eighteen weeks exactly
        ({"stage.date_fin": "2026-06-08"}, ["warning"]),
        ({"stage.date_fin": "2026-06-08", "stage.quotite": "partiel"}, []),
        (
            {"stage.date_fin": "2026-06-28", "stage.interruptions": [_APRIL]},
            [],
        ),  # twenty-one weeks, three of them off
        ({"stage.date_fin": "2026-05-24", "stage.interruptions": [_APRIL]}, ["warning"]),
        ({"stage.date_fin": "2026-06-08", "stage.obligatoire": False, "stage.duree_heures": 161}, []),
        ({"stage.date_fin": "2026-06-08", "stage.obligatoire": False}, ["warning"]),
    ],
)
def test_full_time_is_four_months(cnam: Bench, answers: dict[str, object], expected: list[str]) -> None:
    """S1-08: 35 hours a week over 15 to 18 weeks of presence; not part time, nor a free stage of other hours."""
    assert cnam.having(answers).severities("S1-08") == expected


@pytest.mark.parametrize(("end", "expected"), [("2026-06-21", []), ("2026-06-20", ["info"])])
def test_a_spread_presence_is_recommended(cnam: Bench, end: str, expected: list[str]) -> None:
    """S1-09: twenty weeks exactly, and a day less."""
    assert cnam.having({"stage.date_fin": end}).severities("S1-09") == expected


@pytest.mark.parametrize(("days", "expected"), [(None, ["info"]), (["lundi"], ["info"]), (["mardi"], [])])
def test_weeks_without_presence_are_no_spread(cnam: Bench, days: list[str] | None, expected: list[str]) -> None:
    """S1-09: a month of absence is not counted; of weekdays ticked, the weeks in which one of them is."""
    off = {"debut": "2026-04-07", "fin": "2026-05-01"} if days else _APRIL
    end = {"stage.date_fin": "2026-07-28" if days == ["mardi"] else "2026-06-28"}
    form = cnam.having(end | {"stage.interruptions": [off], "stage.jours_semaine": days})
    assert form.severities("S1-09") == expected


def test_the_tuteur_is_someone_else(cnam: Bench) -> None:
    """S1-10: same name, accents and case aside, or same address; another domain is a remark."""
    assert cnam.severities("S1-10") == []
    assert cnam.having({"tuteur.nom": "Le Goff", "tuteur.prenom": "Maelle"}).severities("S1-10") == ["blocking"]
    assert cnam.having({"tuteur.courriel": "Maelle.LeGoff@example.org"}).severities("S1-10") == ["blocking"]
    assert cnam.having({"tuteur.courriel": "ines@example.com"}).severities("S1-10") == ["info"]


def test_the_double_objective(cnam: Bench) -> None:
    """S1-11: without a word on the project's method, a warning names what is absent."""
    form = cnam.having({"stage.objectifs": "Découvrir le public accueilli"})
    assert form.severities("S1-11") == ["warning"]
    assert "méthodologie de projet" in form.problems("S1-11")[0].message
    assert "découverte" not in form.problems("S1-11")[0].message


def test_the_two_groups_of_activities(cnam: Bench) -> None:
    """S1-13 warns and S1-14 blocks when no activity speaks of its group; S1-14 can be lifted."""
    form = cnam.having({"stage.activites": ["Classer des dossiers"]})
    assert form.severities("S1-13") == ["warning"]
    assert form.severities("S1-14") == ["blocking"]
    assert form.problems("S1-14")[0].overridable
    assert cnam.having({"stage.activites": ["Évaluer les ateliers"]}).severities("S1-14") == []


def test_words_are_found_at_their_beginning_only(cnam: Bench) -> None:
    """« transaction » holds « action » and says nothing of a collective action."""
    assert cnam.having({"stage.activites": ["Saisir des transactions"]}).severities("S1-14") == ["blocking"]


def test_the_immersion_phase(cnam: Bench) -> None:
    """S1-12: fifteen days are within ten and twenty; the stage must be as long."""
    assert cnam.severities("S1-12") == []
    assert cnam.ruled("S1-12", jours_max=14).severities("S1-12") == ["warning"]
    assert cnam.having({"stage.date_fin": "2026-02-15"}).severities("S1-12") == ["warning"]
    assert cnam.having({"stage.date_fin": "2026-02-16"}).severities("S1-12") == []


@pytest.mark.parametrize("rule", ["S1-15", "S1-17", "S1-18", "S1-19"])
def test_the_packet_holds_its_pieces(cnam: Bench, rule: str) -> None:
    """Each piece is there; a piece that the formation lacks is seen, and named."""
    assert cnam.severities(rule) == []
    expected = next(line["gravite"] for line in cnam.formation.rules if line["id"] == rule)
    (problem,) = cnam.ruled(rule, documents=["convention", "inconnue"]).problems(rule)
    assert problem.severity is {"bloquante": Severity.BLOCKING, "avertissement": Severity.WARNING}[expected]
    assert "inconnue" in problem.message


def test_the_contract_is_signed_by_the_tuteur_and_the_responsable(cnam: Bench) -> None:
    """S1-16 holds; a role that does not sign the contract is named."""
    assert cnam.severities("S1-16") == []
    (problem,) = cnam.ruled("S1-16", roles=["tuteur", "organisme"]).problems("S1-16")
    assert "organisme" in problem.message


def test_the_form_is_filled_with_the_tuteur(cnam: Bench) -> None:
    """S1-20: an incomplete tuteur blocks, a missing date of signature warns."""
    assert cnam.severities("S1-20") == []
    assert cnam.having({"signatures.tuteur_le": None}).severities("S1-20") == ["warning"]
    assert cnam.having({"tuteur.telephone": None}).severities("S1-20") == ["blocking"]


def test_the_steps_come_in_order(cnam: Bench) -> None:
    """S1-25: the form is signed on the day of the accord at the latest."""
    assert cnam.having({"signatures.tuteur_le": "2026-01-12"}).severities("S1-25") == []
    assert cnam.having({"signatures.tuteur_le": "2026-01-13"}).severities("S1-25") == ["blocking"]


def test_a_form_of_another_formation_is_refused(cnam: Bench, coord: Bench) -> None:
    """S1-01: the mark of the form says which formation it is for."""
    assert cnam.severities("S1-01") == []
    assert cnam.having(reading=coord.reading).severities("S1-01") == ["blocking"]


def test_the_delay_is_measured_from_the_edition(cnam: Bench) -> None:
    """S1-23: a form received in time and edited late is late."""
    late = cnam.having(today=dt.date(2026, 1, 22))
    assert late.severities("S1-23") == ["blocking"]
    assert "15 janvier 2026" in late.problems("S1-23")[0].message.replace("\u00a0", " ")
