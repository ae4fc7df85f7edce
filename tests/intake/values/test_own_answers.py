"""Our own form, and names in each other’s place: told by capitals, common given names, e-mail, the file’s name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import people
import pytest
from forms_filler import fill_acroform, fill_word
from own_answers import doubted

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import Dictionary
from pipeline.core.formation import load_formation
from pipeline.core.models import FieldReading
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import Blank, plan_blank
from pipeline.forms.drawing.blank_docx import draw_docx
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.forms.prefill import slot_texts
from pipeline.reading.decision.swapped import with_swaps

Names = tuple[str, str, str]


def named(person: str, nom: str, prenom: str, courriel: str) -> dict[str, FieldReading]:
    """What was read of somebody, each part in its place."""
    parts = {"nom": nom, "prenom": prenom, "courriel": courriel}
    return {
        path: FieldReading(path, text or None, text, "champ", 0.99)
        for part, text in parts.items()
        if (path := f"{person}.{part}")
    }


@pytest.mark.parametrize("person", ["stagiaire", "tuteur", "organisme.signataire", "stagiaire.representant_legal"])
@pytest.mark.parametrize(
    "seen",
    [
        ("Noël", "D’ASSIGNIES", "noel.dassignies@example.org"),
        ("Marie", "DURAND", ""),
        ("Jean-Luc", "LE GOFF", "contact@example.org"),
        ("Léa", "Durand", "lea.durand@example.org"),
        ("LÉA", "DURAND", ""),
        ("CHLOÉ", "Martin", "chloe.martin@example.org"),
    ],
)
def test_names_that_seem_exchanged_are_a_doubt_of_both(dictionary: Dictionary, person: str, seen: Names) -> None:
    """The school settles it by a look; nothing else is doubted."""
    checked = with_swaps(named(person, *seen), dictionary)

    doubts = {path: one.doubt for path, one in checked.items() if one.doubt}
    assert set(doubts) == {f"{person}.nom", f"{person}.prenom"}
    assert {(one.code.value, one.settled_here) for one in doubts.values() if one} == {("INCOHERENCE", True)}


def test_one_of_two_that_is_doubted_already_keeps_its_doubt(dictionary: Dictionary) -> None:
    """The other one gets this one."""
    seen = named("referent", "Chloé", "EL AMRANI", "chloe.elamrani@example.org")
    seen["referent.prenom"] = replace(seen["referent.prenom"], doubt=Doubt(Reason.CHANGED))

    checked = with_swaps(seen, dictionary)

    codes = [one.doubt and one.doubt.code.value for path, one in checked.items() if path != "referent.courriel"]
    assert codes == ["INCOHERENCE", "VERSION_MODIFIEE"]


@pytest.mark.parametrize(
    "seen",
    [
        ("D’ASSIGNIES", "Noël", "noel.dassignies@example.org"),
        ("DURAND", "Marie", "durand.marie@example.org"),
        ("MARIE", "Aïssatou", "marie.aissatou@example.org"),
        ("CAMILLE", "Aïssatou", ""),
        ("Martin", "Thomas", ""),
        ("Martin", "THOMAS", "thomas.martin@example.org"),
        ("Dupont", "JULIE", ""),
        ("Martin", "JP", ""),
        ("McDONALD", "Anne", "anne.mcdonald@example.org"),
        ("NGUYEN VAN", "ANH", ""),
        ("DE LA TOUR", "Françoise", "f.delatour@example.org"),
    ],
)
def test_honest_names_gain_no_doubt(dictionary: Dictionary, seen: Names) -> None:
    """Surnames that are given names too, an e-mail with the surname first, initials, all in capitals."""
    assert not [one for one in with_swaps(named("stagiaire", *seen), dictionary).values() if one.doubt]


@pytest.mark.parametrize(
    ("file", "doubted"),
    [
        ("formulaire MARTIN Thomas.pdf", True),
        ("2025_thomas-MARTIN", True),
        ("THOMAS Martin.docx", False),
        ("Thomas_Martin.docx", False),
        ("formulaire.docx", False),
    ],
)
def test_the_name_of_the_file_may_say_so(dictionary: Dictionary, file: str, *, doubted: bool) -> None:
    """« MARTIN Thomas » sent by somebody whose surname would be Thomas; of the stagiaire only."""
    seen = named("stagiaire", "Thomas", "Martin", "") | named("tuteur", "Thomas", "Martin", "")

    found = {path for path, one in with_swaps(seen, dictionary, file).items() if one.doubt}
    assert found == ({"stagiaire.nom", "stagiaire.prenom"} if doubted else set())


def test_nobody_of_the_invented_people_is_doubted(dictionary: Dictionary) -> None:
    """Those of the samples, in every part that they play."""
    for data in (people.coordination(), people.cnam()):
        for person, said in (("stagiaire", data["stagiaire"]), ("tuteur", data["tuteur"])):
            seen = named(person, said["nom"], said["prenom"], said["courriel"])
            assert with_swaps(seen, dictionary) == seen


@pytest.fixture(scope="module")
def blank(workspace: Workspace, dictionary: Dictionary) -> Blank:
    """The form of the coordination formation."""
    formation = load_formation(workspace, people.COORDINATION)
    return plan_blank(dictionary, formation, formation.session("2024-2025"))


def _word(blank: Blank, texts: dict[str, str]) -> bytes:
    return fill_word(draw_docx(blank), texts)


def _fillable(blank: Blank, texts: dict[str, str]) -> bytes:
    return fill_acroform(draw_pdf(blank), blank, texts)


@pytest.mark.parametrize("filled", [_word, _fillable])
def test_our_own_form_says_so_too(blank: Blank, filled: Callable[[Blank, dict[str, str]], bytes]) -> None:
    """Each answer has its own control there; the words around it, non-answers and leaders go by the same gate."""
    data = people.coordination(
        stagiaire__nom="Maëlle",
        stagiaire__prenom="LE GOFF",
        organisme__raison_sociale="voir au dos",
        organisme__service="...Accueil de jour....",
        tuteur__fonction="Cheffe de service (à confirmer)",
    )

    codes = doubted(filled(blank, slot_texts(blank, data)), blank)

    assert codes == {
        "stagiaire.nom": "INCOHERENCE",
        "stagiaire.prenom": "INCOHERENCE",
        "organisme.raison_sociale": "VALEUR_INVALIDE",
        "tuteur.fonction": "VALEUR_INVALIDE",
    }


@pytest.mark.parametrize("filled", [_word, _fillable])
def test_a_line_break_joins_nothing_on_our_own_form(
    blank: Blank, filled: Callable[[Blank, dict[str, str]], bytes]
) -> None:
    """Two numbers, an address with a word below it, an amount and another: each is asked."""
    typed = {
        "organisme.effectif": "48\n150",
        "tuteur.courriel": "paul.martin@example.org\nperso",
        "gratification.montant": "600 650",
    }

    codes = doubted(filled(blank, slot_texts(blank, people.coordination()) | typed), blank)

    assert codes == dict.fromkeys(typed, "VALEUR_INVALIDE")
