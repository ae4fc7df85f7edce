"""Forms that were delivered with papers that contradict them, or the law: what is found, and who settles it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from case_kit import Case

# Sample 1's hours do not fit in its days; until 4 August they do.
MENDED = {"stage.date_fin": "2025-08-04"}
CASES = {
    "c-fi-admin-droitprive": ("L-23", "organisme.droit_public", "organisme"),
    "d-de-dimanche-gratif": ("L-11", "stage.presence_exceptionnelle", "stagiaire"),
    "g-individuel-essms": ("L-24", "employeur.raison_sociale", "stagiaire"),
    "m-exp24-oblig": ("S1-02", "stage.obligatoire", "stagiaire"),
    "n-sans-modalite": ("L-02", "gratification.modalite", "organisme"),
}
ANSWERED = {
    "c-fi-admin-droitprive": {"organisme.droit_public": True, "gratification.montant": 4.35},
    "d-de-dimanche-gratif": {"stage.presence_exceptionnelle": None},
    "g-individuel-essms": {"stagiaire.regime": "FPC_SALARIE_EMPLOYEUR"},
    "m-exp24-oblig": {"stage.obligatoire": False},
    "n-sans-modalite": {"gratification.modalite": "virement"},
}


def _dates(name: str) -> dict[str, object]:
    return {} if name.startswith("g-") else dict(MENDED)


@pytest.mark.parametrize("name", list(CASES))
def test_the_contradiction_is_found_and_asked_of_who_can_settle_it(case: Callable[[str], Case], name: str) -> None:
    """On the form as it came, beside whatever else is found there; and alone, once its dates are mended."""
    opened = case(f"papers/{name}.pdf")

    assert CASES[name] in opened.blocking()
    assert opened.blocking(_dates(name)) == {CASES[name]}


@pytest.mark.parametrize("name", list(CASES))
def test_once_answered_nothing_stops_the_packet(case: Callable[[str], Case], name: str) -> None:
    """The same form, dates mended and the contradiction settled as a person would."""
    assert case(f"papers/{name}.pdf").blocking(_dates(name) | ANSWERED[name]) == set()


def test_a_hospital_under_private_law_would_escape_the_cap(case: Callable[[str], Case]) -> None:
    """Ticked « droit public : oui », 5 € an hour are more than the rate (L-05)."""
    found = case("papers/c-fi-admin-droitprive.pdf").blocking(MENDED | {"organisme.droit_public": True})

    assert found == {("L-05", "gratification.montant", "organisme")}


def test_the_amount_of_a_jobseeker_is_shown_and_can_be_printed(case: Callable[[str], Case]) -> None:
    """200 € a month: a warning that the scolarité reads, and no unit or answer that is missing to print it."""
    problems = case("papers/d-de-dimanche-gratif.pdf").problems(MENDED)
    (shown,) = [problem for problem in problems if problem.rule == "L-06"]

    assert (shown.severity.value, shown.who.value) == ("warning", "scolarite")
    assert not [problem for problem in problems if problem.rule == "L-28"]


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"gratification.prevue": False}, "gratification.montant"),
        ({"gratification.unite": None}, "gratification.unite"),
        ({"gratification.montant": None}, "gratification.montant"),
    ],
)
def test_an_amount_that_could_not_be_printed_stops(
    case: Callable[[str], Case], answers: dict[str, object], field: str
) -> None:
    """« Non » beside 200 €, no unit, no amount: asked of the organisme."""
    found = case("papers/d-de-dimanche-gratif.pdf").blocking(MENDED | answers)

    assert ("L-28", field, "organisme") in found
