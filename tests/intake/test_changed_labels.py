"""One edited label, one line cut out or added: doubts near it, not on the whole form, in Word and in print."""

from __future__ import annotations

import copy
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import people
import pytest
from docx import Document
from docx.document import Document as Word
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from forms_filler import fill_word

from pipeline.blanks.compiling import compile_layout
from pipeline.core.fields import Dictionary
from pipeline.core.formation import load_formation
from pipeline.core.models import FieldReading
from pipeline.core.workspace import Workspace
from pipeline.documents.libreoffice import convert
from pipeline.forms.blank import plan_blank
from pipeline.forms.drawing.blank_docx import draw_docx
from pipeline.forms.layouts import load_layout
from pipeline.forms.prefill import slot_texts
from pipeline.reading.digital import read_form
from pipeline.reading.known_forms import KnownForms

LAYOUTS = Path(__file__).parent.parent / "layouts"
Change = Callable[[Word], None]
NEAR = 11  # answers of 46 to 53 that one label may put in doubt, its own with them


def lines(document: Word, text: str) -> list[BaseOxmlElement]:
    """The paragraphs that begin with a text."""
    return [
        each
        for each in document.element.body.iter(qn("w:p"))
        if "".join(part.text or "" for part in each.iter(qn("w:t"))).strip().startswith(text)
    ]


def rewrite(line: BaseOxmlElement, old: str, new: str) -> None:
    """Other words in one piece of a paragraph's text."""
    piece = next(part for part in line.iter(qn("w:t")) if old in (part.text or ""))
    piece.text = (piece.text or "").replace(old, new)


def edited(old: str, new: str) -> Change:
    """A label in other words."""
    return lambda document: rewrite(lines(document, old)[0], old, new)


def row_of(line: BaseOxmlElement) -> BaseOxmlElement:
    """The row of a table around a paragraph."""
    return next(line.iterancestors(qn("w:tr")))


def cut_out(label: str) -> Change:
    """A row of a table that was deleted, or a paragraph where there is no table."""

    def change(document: Word) -> None:
        line = lines(document, label)[0]
        whole = next(line.iterancestors(qn("w:tr")), line)
        whole.getparent().remove(whole)

    return change


def added_after(label: str, text: str) -> Change:
    """A row more, without any control, in which somebody wrote."""

    def change(document: Word) -> None:
        row = copy.deepcopy(row_of(lines(document, label)[0]))
        for control in list(row.iter(qn("w:sdt"))):
            control.getparent().remove(control)
        for number, piece in enumerate(row.iter(qn("w:t"))):
            piece.text = "" if number else text
        row_of(lines(document, label)[0]).addnext(row)

    return change


def exchanged(one: str, other: str) -> Change:
    """Two labels that changed places, and not their answers."""

    def change(document: Word) -> None:
        first, second = lines(document, one)[0], lines(document, other)[0]
        rewrite(first, one, other)
        rewrite(second, other, one)

    return change


CHANGES: dict[str, tuple[Change, set[str]]] = {
    "nothing": (lambda _document: None, set()),
    "other words": (edited("Courriel", "Adresse électronique"), {"stagiaire.courriel"}),
    "more words": (edited("Service d’accueil", "Pôle, équipe ou service d’accueil"), {"organisme.service"}),
    "words in front": (edited("Date de début", "Premier jour ou date de début"), {"stage.date_debut"}),
    "no words": (edited("Lieu de naissance", ""), {"stagiaire.lieu_naissance"}),
    "heading": (edited("Adresse du siège", "Adresse postale"), {"organisme.adresse.voie"}),
    "row gone": (cut_out("Effectif"), {"organisme.effectif", "organisme.droit_public", "organisme.telephone"}),
    "row more": (added_after("Courriel", "Autre courriel autre@example.org"), {"stagiaire.numero"}),
    "exchanged": (exchanged("Nom", "Prénom"), {"stagiaire.nom", "stagiaire.prenom"}),
    "exchanged afar": (exchanged("Téléphone", "Compagnie"), {"stagiaire.telephone", "assurance_rc.compagnie"}),
}


@pytest.fixture(scope="module")
def forms(workspace: Workspace, dictionary: Dictionary) -> dict[str, bytes]:
    """Our own Word form, filled, then changed in each of these ways."""
    formation = load_formation(workspace, people.COORDINATION)
    blank = plan_blank(dictionary, formation, formation.session("2024-2025"))
    filled = fill_word(draw_docx(blank), slot_texts(blank, people.coordination()))
    return {name: changed(filled, change) for name, (change, _) in CHANGES.items()}


def changed(docx: bytes, change: Change) -> bytes:
    """A Word file that somebody changed."""
    document, made = Document(io.BytesIO(docx)), io.BytesIO()
    change(document)
    document.save(made)
    return made.getvalue()


def doubted(form: bytes, known: KnownForms) -> set[str]:
    """The fields in doubt."""
    return {field.path for field in read_form(form, known, people.TODAY).fields if field.doubt}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_word_form_of_ours_is_doubted_where_it_was_changed(
    name: str, forms: dict[str, bytes], given_out: KnownForms
) -> None:
    """On the field whose label it is, and on no other: its control says what each answer is."""
    assert doubted(forms[name], given_out) == CHANGES[name][1]


@pytest.mark.long
def test_its_print_is_doubted_near_the_change(forms: dict[str, bytes], given_out: KnownForms) -> None:
    """Printed, the words and the cells around say what each answer is: the neighbours too are shown to a person."""
    names = ("nothing", "other words", "no words", "row gone", "exchanged")
    prints = convert({name: forms[name] for name in names})

    for name in names:
        found, wanted = doubted(prints[name], given_out), CHANGES[name][1]
        assert wanted <= found, name
        assert len(found) <= len(wanted) + 9, name


# Layout, its line, the words that change, what they become, the field that is asked.
TAUGHT = [
    ("tableau", "N° SIRET", "N° SIRET (14 chiffres)", "Numéro national", "organisme.siret"),
    ("tableau", "Thème du stage", "Thème du stage", "", "stage.sujet"),
    ("pointilles", "Objet", "Objet", "Travail demandé", "stage.sujet"),
    ("pointilles", "Dénomination", "Dénomination", "Association", "organisme.raison_sociale"),
    ("colonnes", "Date de naissance", "Date de naissance", "Né(e) le", "stagiaire.date_naissance"),
    ("colonnes", "Matricule", "Matricule", "", "stagiaire.numero"),
]


def read_with(layout: str, forms: KnownForms, dictionary: Dictionary) -> KnownForms:
    """Our own blanks and one school's layout."""
    return replace(forms, layouts=(compile_layout(load_layout(LAYOUTS / layout), dictionary),))


def readings(form: bytes, known: KnownForms) -> dict[str, FieldReading]:
    """What was read, by field."""
    return {field.path: field for field in read_form(form, known, people.TODAY).fields}


@pytest.mark.parametrize("case", TAUGHT, ids=lambda case: f"{case[0]} {case[1]}")
def test_a_changed_form_of_a_school_is_doubted_near_the_change(
    case: tuple[str, str, str, str, str], given_out: KnownForms, dictionary: Dictionary
) -> None:
    """The field whose label it is, and its neighbours; all the others are read as on a form nobody changed."""
    layout, line, old, new, path = case
    known = read_with(layout, given_out, dictionary)
    form = (LAYOUTS / layout / "00.docx").read_bytes()
    before = readings(form, known)
    after = readings(changed(form, lambda document: rewrite(lines(document, line)[0], old, new)), known)

    found = {name for name, field in after.items() if field.doubt} - {
        name for name, field in before.items() if field.doubt
    }
    assert path in found
    assert len(found) <= NEAR
    assert {name: after[name].value for name in after.keys() - found} == {
        name: before[name].value for name in after.keys() - found
    }


@pytest.mark.parametrize(
    ("name", "layout", "most"),
    [
        ("convention-phrase-ajoutee.docx", "convention", 3),
        ("convention-paragraphe-retire.docx", "convention", 16),
        ("colonnes-libelle-retire.pdf", "colonnes", 11),
        ("colonnes-nom-prenom-permutes.pdf", "colonnes", 10),
        ("pointilles-ligne-retiree.pdf", "pointilles", 12),
        ("tableau-ligne-inseree.pdf", "tableau", 3),
    ],
)
def test_forms_that_drifted_in_one_place_are_doubted_there(
    name: str, layout: str, most: int, given_out: KnownForms, dictionary: Dictionary
) -> None:
    """A sentence added, a paragraph or a label gone, two labels exchanged: 44 fields of 46 were in doubt once."""
    form = (LAYOUTS / "mutations" / name).read_bytes()

    assert 1 <= len(doubted(form, read_with(layout, given_out, dictionary))) <= most


def test_a_form_that_changed_in_many_places_is_doubted_as_a_whole(
    given_out: KnownForms, dictionary: Dictionary
) -> None:
    """Another edition, its columns exchanged: words found here and there vouch for nothing."""
    form = (LAYOUTS / "mutations" / "colonnes-permutees.docx").read_bytes()
    fields = readings(form, read_with("colonnes", given_out, dictionary)).values()

    assert sum(field.doubt is not None for field in fields) > 0.8 * len(fields)
