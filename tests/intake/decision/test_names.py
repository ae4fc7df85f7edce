"""Names, addresses, lists and choices written in one place: taken apart where it is sure, doubted elsewhere."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.fields import Dictionary
from pipeline.core.words import Lexicon
from pipeline.forms.values.canonical import parse
from pipeline.forms.values.choices import parse_choice
from pipeline.forms.values.list_items import split_items
from pipeline.forms.values.names import split_name
from pipeline.reading.decision.combined import split_address

LEXICON = Lexicon()


@pytest.mark.parametrize(
    ("text", "title", "surname", "given_name"),
    [
        ("DUPONT Marie", None, "DUPONT", "Marie"),
        ("Marie DUPONT", None, "DUPONT", "Marie"),
        ("NGUYEN VAN Anh", None, "NGUYEN VAN", "Anh"),
        ("Laurence LE GALL", None, "LE GALL", "Laurence"),
        ("BESSON Grégoire", None, "BESSON", "Grégoire"),
        ("Mme DE OLIVEIRA Christelle", "Mme", "DE OLIVEIRA", "Christelle"),
        ("M. Jean-Paul de LA TOUR", "M.", "de LA TOUR", "Jean-Paul"),
        ("Monsieur D’ALMEIDA Rui", "M.", "D’ALMEIDA", "Rui"),
        ("DUPONT, Marie", None, "DUPONT", "Marie"),
        ("Ian McDONALD", None, "McDONALD", "Ian"),
        ("DUPONT-LEFÈVRE Anne Marie", None, "DUPONT-LEFÈVRE", "Anne Marie"),
    ],
)
def test_capitals_tell_the_surname(text: str, title: str | None, surname: str, given_name: str) -> None:
    """At either end, with particles and a title."""
    name = split_name(text, LEXICON)
    assert (name.civilite, name.nom, name.prenom, name.doubt) == (title, surname, given_name, None)


@pytest.mark.parametrize(
    "text",
    [
        "Marie Dupont",
        "DUPONT MARIE",
        "DUPONT",
        "J. DUPONT",
        "Dupont, Marie",
        "DUPONT Marie et MARTIN Paul",
        "M. et Mme DUPONT",
        "Marie DUPONT, Directrice",
        "Marie DUPONT Claire",
        "DUPONT Marie 2",
        "DUPONT (Marie)",
    ],
)
def test_a_name_that_capitals_do_not_tell_is_a_doubt(text: str) -> None:
    """No part is guessed."""
    name = split_name(text, LEXICON)
    assert (name.nom, name.prenom, bool(name.doubt)) == (None, None, True)


@given(
    st.sampled_from(["LE GALL", "O’CONNOR", "ÇELIK", "DUPONT-NOËL"]),
    st.sampled_from(["Zoé", "Anne-Marie", "Jean Paul"]),
)
def test_both_orders_of_a_name_say_the_same(surname: str, given_name: str) -> None:
    """NOM Prénom and Prénom NOM."""
    assert split_name(f"{surname} {given_name}", LEXICON) == split_name(f"{given_name} {surname}", LEXICON)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("12 rue de l’Église 29000 Quimper", ("12 rue de l’Église", None, "29000", "Quimper", None)),
        ("12 rue X – 29000 QUIMPER", ("12 rue X", None, "29000", "QUIMPER", None)),
        ("Bât. B, 12 rue de l’Église\n29000 Quimper", ("12 rue de l’Église", "Bât. B", "29000", "Quimper", None)),
        ("597, avenue de Lecomte, 14447 Gallet", ("597, avenue de Lecomte", None, "14447", "Gallet", None)),
        (
            "BP 12345\n3 place du Marché\n29200 Brest Cedex 9\nFrance",
            ("3 place du Marché", "BP 12345", "29200", "Brest Cedex 9", "France"),
        ),
        ("12 rue du 11 novembre 1918 29000 Quimper", ("12 rue du 11 novembre 1918", None, "29000", "Quimper", None)),
        ("12 rue X 29 000 Quimper (France)", ("12 rue X", None, "29000", "Quimper", "France")),
    ],
)
def test_an_address_is_taken_apart(text: str, parts: tuple[str | None, ...]) -> None:
    """Street, complement, postcode, town, country; on one line or several."""
    found = split_address(text, LEXICON)
    assert (found.voie, found.complement, found.code_postal, found.ville, found.pays) == parts
    assert found.doubt is None


@pytest.mark.parametrize(
    "text",
    [
        "12 rue X",
        "12 rue X 1000 Bruxelles",
        "45 rue A, 12 rue B, 29000 Quimper",
        "12 rue X 29000 Quimper 06 12 34 56 78",
        "12345 rue X 29000 Quimper",
        "idem ci-dessus",
    ],
)
def test_an_address_that_could_be_cut_in_two_ways_is_a_doubt(text: str) -> None:
    """No postcode, a foreign one, two streets, something after the town."""
    found = split_address(text, LEXICON)
    assert (found.voie, found.code_postal, bool(found.doubt)) == (None, None, True)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("- Un\n- Deux\nsuite\n- Trois", ("Un", "Deux suite", "Trois")),
        ("1. Un\n2. Deux", ("Un", "Deux")),
        ("• Un • Deux • Trois", ("Un", "Deux", "Trois")),
        ("Accueil ; suivi ; bilan", ("Accueil", "suivi", "bilan")),
        ("Accueil\nSuivi du projet\net bilan", ("Accueil", "Suivi du projet et bilan")),
        ("- Saisie- Rédaction- Veille", ("Saisie", "Rédaction", "Veille")),
        ("1) Un 2) Deux", ("Un", "Deux")),
        ("Suivi, bilan, etc.", ("Suivi, bilan, etc.",)),
        ("Campagne d’e-\nmailing", ("Campagne d’e-mailing",)),
        ("A- B- C", ("A", "B", "C")),
        ("A- Animer un atelier B- Suivre C- Rédiger", ("Animer un atelier", "Suivre", "Rédiger")),
        ("A- Animer un\natelier B- Suivre\nC- Rédiger", ("Animer un atelier", "Suivre", "Rédiger")),
        ("accueil- animation- bilan", ("accueil", "animation", "bilan")),
        ("Accueil - Animation - Bilan", ("Accueil", "Animation", "Bilan")),
        ("Accueil • Animation", ("Accueil", "Animation")),
        ("a) Accueil b) Animation", ("Accueil", "Animation")),
        ("1- Accueil 2- Animation", ("Accueil", "Animation")),
        ("accueil du public\nanimation\ntenue du registre", ("accueil du public", "animation", "tenue du registre")),
        ("Soins pré- et post-opératoires", ("Soins pré- et post-opératoires",)),
        ("C.A.F. : dossiers\nAide-soignante", ("C.A.F. : dossiers", "Aide-soignante")),
        ("Projet Prisme - phase 2", ("Projet Prisme - phase 2",)),
    ],
)
def test_a_list_is_taken_apart(text: str, items: tuple[str, ...]) -> None:
    """Bullets, numbers, lines and semicolons; never commas."""
    assert split_items(text) == items


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("stage.obligatoire", "oui", True),
        ("stage.obligatoire", "Facultatif", False),
        ("stage.teletravail", "N", False),
        ("gratification.modalite", "par virement bancaire", "virement"),
        ("stagiaire.civilite", "Madame", "Mme"),
        ("stagiaire.civilite", "F", "Mme"),
        ("gratification.unite", "de l’heure", "heure"),
        ("stage.jours_semaine", "du lundi au mercredi", ["lundi", "mardi", "mercredi"]),
        ("stage.jours_semaine", "jeudi et lundi", ["lundi", "jeudi"]),
    ],
)
def test_a_choice_written_out_is_read(dictionary: Dictionary, path: str, text: str, value: object) -> None:
    """« oui », « Madame », « par virement »."""
    assert (parse_choice(dictionary.fields[path], text).value, parse_choice(dictionary.fields[path], text).doubt) == (
        value,
        None,
    )


@pytest.mark.parametrize("text", ["oui et non", "peut-être", "oui sauf le lundi"])
def test_other_words_are_no_choice(dictionary: Dictionary, text: str) -> None:
    """A doubt, and no value."""
    parsed = parse_choice(dictionary.fields["stage.obligatoire"], text)
    assert (parsed.value, bool(parsed.doubt)) == (None, True)


def test_dates_in_the_order_that_the_form_asks(dictionary: Dictionary) -> None:
    """Month first only where the layout says so; one digit to a box; a French day overseas rings at home."""
    field, today = dictionary.fields["stage.date_debut"], dt.date(2026, 1, 15)
    assert parse(field, "05/27/2026", today, month_first=True).value == "2026-05-27"
    assert parse(field, "05/27/2026", today).value is None
    assert parse(field, "2 7 / 0 5 / 2 0 2 6", today).value == "2026-05-27"
    assert parse(field, "27/05/2026", today, month_first=True).value is None


def test_overseas_numbers_written_as_people_there_write_them(dictionary: Dictionary) -> None:
    """0692 is Réunion, 0690 Guadeloupe: one department each, so no guess."""
    field, today = dictionary.fields["stagiaire.telephone"], dt.date(2026, 1, 15)
    found = [parse(field, text, today).value for text in ("0692 12 34 56", "0690 12 34 56", "0594 25 12 34")]
    assert found == ["+262692123456", "+590690123456", "+594594251234"]
