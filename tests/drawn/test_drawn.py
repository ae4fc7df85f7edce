"""Forms that nobody tuned to, in short: two schools, two people, Word and print; ``make drawn`` measures thirty."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest

from drawn import making, measure
from drawn.answers import fill
from drawn.chance import chance_of
from drawn.drafting import draw_plan
from drawn.measure import Verdict, judge, same
from drawn.people import draw_person
from drawn.report import written
from pipeline.core.models import FieldReading, Kind, Reading

SCHOOLS = (0, 1)
PEOPLE = 2


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> list[Verdict]:
    """What became of every answer of the short measure."""
    root = tmp_path_factory.mktemp("drawn")
    return list(measure.measured(list(SCHOOLS), PEOPLE, root / "prints", root / "espace"))


def test_no_accepted_value_is_wrong(verdicts: list[Verdict]) -> None:
    """Of what is accepted, Word or print, everything is what the person meant."""
    count = Counter(one.outcome for one in verdicts)

    assert count["right"] > 150
    assert [one for one in verdicts if one.outcome == "wrong"] == []


def test_the_same_school_is_drawn_the_same(tmp_path: Path) -> None:
    """A seed gives the same blank, annotated blank, copies and truths, byte for byte; another seed gives others."""

    def marks(seed: int, folder: Path) -> list[str]:
        making.make_layout(seed, folder)
        making.make_blank(seed, folder / "vierge.docx")
        making.make_copies(seed, 1, folder)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]

    once = marks(5, tmp_path / "once")

    assert once == marks(5, tmp_path / "twice")
    assert not set(once) & set(marks(6, tmp_path / "other"))


def test_schools_differ_and_ask_what_a_convention_needs() -> None:
    """Thirty schools: every one asks for the parties and the dates, no two lay out the same, words are many."""
    plans = [draw_plan(seed) for seed in range(30)]
    labels = {ask.label for plan in plans for ask in plan.asks}
    places = {ask.place for plan in plans for ask in plan.asks}

    assert len({(plan.look, plan.sections) for plan in plans}) == 30
    assert len(labels) > 250
    assert len(places) >= 12
    for plan in plans:
        paths = {ask.path for ask in plan.asks}
        assert {"stage.date_debut", "stage.date_fin", "organisme.raison_sociale"} <= paths
        assert paths & {"stagiaire.nom", "stagiaire.nom_prenom"}


def test_one_answer_in_ten_is_awkward() -> None:
    """The truth says which: the share is that of hurried people, and kinds are many."""
    people = [(draw_plan(seed), f"{seed}-{number}") for seed in range(12) for number in range(10)]
    copies = [fill(plan, draw_person(chance_of("person", mark)), mark) for plan, mark in people]
    told = [entry["kind"] for copy in copies for entry in copy.truth.values()]
    awkward = Counter(kind for kind in told if kind not in ("clear", "empty", "implied"))

    assert 0.08 < awkward.total() / (awkward.total() + told.count("clear")) < 0.14
    assert len(awkward) >= 20


def test_people_are_consistent() -> None:
    """Hours are weeks times hours a week, dates follow each other, a gratification has its unit."""
    for number in range(50):
        person = draw_person(chance_of("person", number))
        assert person["stage.date_debut"] < person["stage.date_fin"]
        assert person["signatures.stagiaire_le"] < person["stage.date_debut"]
        assert (person["stage.duree_heures"] / person["stage.heures_hebdo"]).is_integer()
        assert person["gratification.prevue"] == ("gratification.montant" in person)


def test_a_planted_error_is_found() -> None:
    """Another value, a value where nothing can be accepted, one that nobody gave: each is a silent error."""
    truth = {
        "stagiaire.nom": {"value": "LE GOFF", "clear": True, "kind": "clear"},
        "stagiaire.prenom": {"value": "Maëlle", "clear": True, "kind": "clear"},
        "organisme.siret": {"value": None, "clear": False, "kind": "two-values"},
        "stage.heures_hebdo": {"value": 35, "clear": True, "kind": "clear"},
    }
    read = {
        "stagiaire": {"nom": "LE GOF", "prenom": "Maëlle"},
        "organisme": {"siret": "73282932000074"},
        "tuteur": {"nom": "DUPOND"},
    }
    values = ((f"{group}.{name}", value) for group, some in read.items() for name, value in some.items())
    fields = tuple(FieldReading(path, value, value, "docx", 1.0) for path, value in values)
    reading = Reading("0" * 64, Kind.DOCX, "commun/ecole-000", None, None, fields)

    found = {one.path: one.outcome for one in judge("ecole-000-00.docx", truth, reading)}

    assert found == {
        "stagiaire.nom": "wrong",
        "stagiaire.prenom": "right",
        "organisme.siret": "wrong",
        "stage.heures_hebdo": "lost",
        "tuteur.nom": "wrong",
    }
    assert {one.outcome for one in judge("ecole-000-00.docx", truth, None)} == {"refused"}
    assert "**3 silent errors**" in written(list(judge("ecole-000-00.docx", truth, reading)), "essai", 1.0)


@pytest.mark.parametrize(
    ("expected", "value", "verdict"),
    [
        ("Maison d’accueil", "Maison d'accueil", True),
        ("LE GOFF", "Le Goff", False),
        (35, 35.0, True),
        (True, 1, False),
        (None, "?", False),
        (["a", "b"], ["a b"], False),
        ([{"debut": "2026-03-02", "fin": "2026-03-06"}], [{"debut": "2026-03-02", "fin": "2026-03-06"}], True),
        ("Brest", "Brest.", False),
    ],
)
def test_values_are_compared_strictly(expected: object, value: object, *, verdict: bool) -> None:
    """Letters, accents, case and signs count; the kind of an apostrophe does not."""
    assert same(expected, value) is verdict
