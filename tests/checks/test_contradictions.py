"""Answers that contradict each other: each pair on both sides, and what is left alone."""

from __future__ import annotations

import pytest
from checks_bench import Bench


@pytest.mark.parametrize(
    ("kind", "public", "expected"),
    [
        ("etablissement_public", False, ["blocking"]),
        ("administration", False, ["blocking"]),
        ("collectivite", False, ["blocking"]),
        ("collectivite", True, []),
        ("association", True, ["blocking"]),
        ("mutuelle_cooperative", False, []),
        ("entreprise_publique", True, []),
        ("entreprise_publique", False, []),
        ("autre", True, []),
    ],
)
def test_the_kind_of_organisme_says_which_law(cnam: Bench, kind: str, public: bool, expected: list[str]) -> None:  # noqa: FBT001 -- a table
    """L-23: a hospital is of public law, an association is not, a public enterprise may be either."""
    assert cnam.having({"organisme.type": kind, "organisme.droit_public": public}).severities("L-23") == expected


def test_a_kind_that_says_nothing_is_not_decided(cnam: Bench) -> None:
    """L-23 does not call « autre » conforme: it does not apply."""
    assert not cnam.having({"organisme.type": "autre"}).verdict("L-23").applies
    assert not cnam.having({"organisme.type": None}).verdict("L-23").applies


@pytest.mark.parametrize("regime", ["FI_ETUDIANT", "FPC_SALARIE_INDIVIDUEL", "FPC_AUTOFINANCE"])
def test_an_employer_who_is_no_party_is_asked_about(cnam: Bench, regime: str) -> None:
    """L-24: nothing is printed of it nor sent to it; the stagiaire says which of the two is wrong."""
    form = cnam.having({"stagiaire.regime": regime, "employeur.raison_sociale": "Fondation Exemple"})
    (problem,) = form.problems("L-24")

    assert (problem.severity.value, problem.who.value) == ("blocking", "stagiaire")
    assert not cnam.having({"stagiaire.regime": regime}).verdict("L-24").applies


def test_an_employer_is_asked_about_once(jobless: Bench) -> None:
    """Where the formation's own rule asks a jobseeker (S2-07), the law's does not ask again."""
    form = jobless.having({"employeur.raison_sociale": "Fondation Exemple"})

    assert (form.severities("S2-07"), form.severities("L-24")) == (["blocking"], [])


@pytest.mark.parametrize(
    ("siret", "expected", "waits"),
    [("73282932000074", "blocking", True), ("73282932000082", "warning", False), ("35600000009075", None, False)],
)
def test_an_employer_who_is_the_organisme_waits_for_the_school(
    coord: Bench,
    siret: str,
    expected: str | None,
    waits: bool,  # noqa: FBT001 -- a table
) -> None:
    """L-24: one SIRET waits, one company is a warning, two companies are nothing."""
    found = coord.having({"employeur.siret": siret}).problems("L-24")

    assert [(problem.severity.value, problem.who.value, problem.waits) for problem in found] == (
        [(expected, "scolarite", waits)] if expected else []
    )


@pytest.mark.parametrize(
    ("months", "compulsory", "expected"),
    [(24, True, ["blocking"]), (12, True, ["blocking"]), (24, False, []), (11, True, []), (11, False, ["warning"])],
)
def test_experience_against_a_compulsory_stage(
    cnam: Bench,
    months: int,
    compulsory: bool,  # noqa: FBT001 -- a table
    expected: list[str],
) -> None:
    """S1-02: from a year of experience on the stage is no condition of the diploma."""
    answers = {"stagiaire.experience_insertion_mois": months, "stage.obligatoire": compulsory}

    assert cnam.having(answers).severities("S1-02") == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"gratification.modalite": None}, ["gratification.modalite"]),
        ({"gratification.modalite": None, "gratification.prevue": False, "gratification.montant": None}, []),
        ({}, []),
    ],
)
def test_how_a_gratification_is_paid_is_a_mention_of_the_law(
    student: Bench, answers: dict[str, object], expected: list[str]
) -> None:
    """L-02: D124-4 8° asks for it when there is one."""
    assert [problem.field for problem in student.having(answers).problems("L-02")] == expected


def test_a_doubt_is_not_asked_twice(student: Bench) -> None:
    """L-02 leaves to L-19 the way of payment that was read with a doubt."""
    form = student.doubting("gratification.modalite", "vir ?", "écriture douteuse")

    assert form.problems("L-02") == ()
    assert form.severities("L-19") == ["blocking"]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"gratification.prevue": False, "gratification.montant": 100}, ["gratification.montant"]),
        ({"gratification.prevue": True}, ["gratification.montant"]),
        ({"gratification.prevue": True, "gratification.montant": 100}, ["gratification.unite"]),
        ({"gratification.montant": 100}, ["gratification.prevue"]),
        ({"gratification.montant": 200, "gratification.unite": "mois"}, ["gratification.prevue"]),
        ({"gratification.prevue": True, "gratification.montant": 100, "gratification.unite": "mois"}, []),
        ({"gratification.prevue": False}, []),
    ],
)
def test_no_amount_is_left_out_of_the_papers(cnam: Bench, answers: dict[str, object], expected: list[str]) -> None:
    """L-28 in formation continue: what cannot be printed as it stands is asked of the organisme."""
    assert [problem.field for problem in cnam.having(answers).problems("L-28")] == expected


def test_a_students_amount_goes_with_yes(student: Bench) -> None:
    """L-28: « non » beside an amount; a missing amount is L-04's."""
    assert student.having({"gratification.prevue": False}).severities("L-28") == ["blocking"]
    assert student.having({"gratification.montant": None}).severities("L-28") == []
