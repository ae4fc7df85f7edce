"""Nasty inputs 26 to 29: what is hidden in a PDF, and files that are not what they seem."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import bad_files
import pytest
import school
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject
from school import LAYOUTS, MARIE, outcome, rewritten

from pipeline.core.errors import FormRejected
from pipeline.core.models import Kind, Reading

Read = Callable[..., Reading]
MUTATIONS = LAYOUTS / "mutations"
TYPED = ("stagiaire.nom", "organisme.siret", "stage.date_debut", "gratification.montant")  # changed in that layer


@pytest.fixture
def fields(tmp_path: Path) -> bytes:
    """The PDF form of Marie DUPONT, with its fields."""
    return school.fields(MARIE, tmp_path)


@pytest.fixture
def printed(fields: bytes, tmp_path: Path) -> bytes:
    """The same, printed to a PDF."""
    source, target = tmp_path / "champs.pdf", tmp_path / "imprime.pdf"
    source.write_bytes(fields)
    subprocess.run(["pdftocairo", "-pdf", source, target], check=True, timeout=60)
    return target.read_bytes()


def refusal(read: Read, data: bytes) -> str:
    """The code with which a file is sent back."""
    with pytest.raises(FormRejected) as caught:
        read(data)
    assert len(caught.value.message) > 60
    return caught.value.reason


def typed_right(reading: Reading) -> bool:
    """Whether every accepted value that the truth knows is the truth's."""
    seen = school.accepted(reading)
    return all(seen[path] == MARIE.truth[path] for path in seen if path in MARIE.truth and path != "stage.activites")


@pytest.mark.long
def test_n26_value_that_is_not_shown(read: Read) -> None:
    """26. The value of a field is not the one its appearance shows: VALEUR_CACHEE."""
    reading = read((MUTATIONS / "champs-valeur-cachee.pdf").read_bytes())

    assert outcome(reading, "organisme.siret")[1] == "VALEUR_CACHEE"


@pytest.mark.parametrize("name", ["/Yes", "/Oui", "/1", "/Choix2"])
def test_n27_states_of_boxes(read: Read, fields: bytes, name: str) -> None:
    """27. Whatever the state of a ticked box is called in the file: accepted by the map."""

    def renamed(writer: PdfWriter) -> None:
        for page in writer.pages:
            for annotation in page.annotations or ():
                widget = annotation.get_object()
                if str(widget.get("/T", "")).startswith("Case"):
                    _rename(widget, name)

    assert outcome(read(rewritten(fields, renamed)), "gratification.modalite") == ("virement", None)


def _rename(widget: DictionaryObject, name: str) -> None:
    states = widget["/AP"]["/N"]
    old = next(state for state in states if state != "/Off")
    states[NameObject(name)] = states.pop(old)
    for key in ("/AS", "/V"):
        if widget.get(key) == old:
            widget[NameObject(key)] = NameObject(name)


def test_n27_radio_group(read: Read, fields: bytes) -> None:
    """27. A radio group of « Choix1 » and « Choix2 »: accepted by the map."""
    reading = read(fields)

    assert [outcome(reading, path) for path in ("stagiaire.civilite", "stage.teletravail")] == [
        ("Mme", None),
        (False, None),
    ]


def test_n28_dynamic_form(read: Read) -> None:
    """28. A form that one program only can show: sent back."""
    assert refusal(read, bad_files.pdf_dynamic()) == "PDF_XFA"


def test_n28_password_to_open(read: Read, fields: bytes) -> None:
    """28. A password to open the file: sent back."""
    assert refusal(read, bad_files.pdf_encrypted(fields, user="a", owner="b")) == "PDF_CHIFFRE"


def test_n28_password_to_change(read: Read, fields: bytes) -> None:
    """28. A password that only forbids changes: accepted."""
    reading = read(bad_files.pdf_encrypted(fields, user="", owner="b"))

    assert outcome(reading, "organisme.siret") == (MARIE.truth["organisme.siret"], None)


def test_n28_many_pages_without_words(read: Read) -> None:
    """28. 179 pages without a word: sent back, before any engine reads them."""
    assert refusal(read, bad_files.pdf((), pages=179)) == "PDF_TROP_DE_PAGES"


def test_n28_pages_without_words(read: Read) -> None:
    """28. Two pages of drawings without a word: ILLISIBLE."""
    assert refusal(read, bad_files.pdf_scan()) == "ILLISIBLE"


def test_n28_page_missing(read: Read, printed: bytes) -> None:
    """28. The second page is missing: nothing of it is made up, all of it is asked for."""

    def cut(writer: PdfWriter) -> None:
        writer.remove_page(1)

    reading = read(rewritten(printed, cut))

    assert typed_right(reading)
    assert outcome(reading, "tuteur.nom_prenom") == (None, "PAGE_MANQUANTE")


def test_n28_pages_in_another_order(read: Read, printed: bytes) -> None:
    """28. Pages the other way round: put back by the words printed on them, accepted."""

    def turn(writer: PdfWriter) -> None:
        last = PdfReader(io.BytesIO(printed)).pages[0]
        writer.remove_page(0)
        writer.add_page(last)

    reading = read(rewritten(printed, turn))

    assert typed_right(reading)
    assert outcome(reading, "stagiaire.nom") == ("DUPONT", None)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_n28_turned_pages(read: Read, printed: bytes, degrees: int) -> None:
    """28. Pages turned by a quarter or a half: accepted."""

    def turn(writer: PdfWriter) -> None:
        for page in writer.pages:
            page.rotate(degrees)
            page.transfer_rotation_to_content()

    reading = read(rewritten(printed, turn))

    assert typed_right(reading)
    assert outcome(reading, "organisme.siret") == (MARIE.truth["organisme.siret"], None)


def test_n28_two_forms_in_one_file(read: Read) -> None:
    """28. Two people's forms in one file: split, each to be read for itself."""
    assert refusal(read, (MUTATIONS / "tableau-deux-formulaires.pdf").read_bytes()) == "PLUSIEURS_FICHIERS"


def test_n29_hidden_layer_of_a_scanner(read: Read, printed: bytes) -> None:
    """29. The text that a scanner hid behind its image says something else: nothing is accepted from it."""
    reading = read(school.under_picture(printed, {"DUPONT": "DUPOND", "02/02/2026": "02/03/2026"}))

    assert school.accepted(reading) == {}
    assert outcome(reading, "stage.date_debut") == ("2026-03-02", "LECTURES_DIVERGENTES")


@pytest.mark.long
def test_n29_hidden_layer_that_is_no_form(read_image: Read) -> None:
    """29. A hidden layer of which nothing is recognised: the image is read instead, and nothing of it is wrong."""
    reading = read_image((MUTATIONS / "tableau-couche-cachee.pdf").read_bytes())
    seen = school.accepted(reading)

    assert reading.kind is Kind.PDF_SCAN
    assert {path: seen[path] for path in TYPED if path in seen and seen[path] != MARIE.truth[path]} == {}
