"""A table that is ignored, drop-down lists as Word has them, and what a draft does not ask."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import people
import pytest
from docx import Document
from docx.document import Document as Word
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from pipeline.blanks.compiling import compile_layout
from pipeline.blanks.lint import lint
from pipeline.core.fields import Dictionary
from pipeline.forms.layouts import Layout, load_layout
from pipeline.reading.digital import read_form
from pipeline.reading.exchange import FormReading
from pipeline.reading.known_forms import KnownForms
from pipeline.teaching.word_annotation import annotate_docx

NATURES = (("Choisissez la nature.", ""), ("Stage obligatoire", "1"), ("Stage facultatif", "2"))
PAYMENTS = (("— mode de versement —", ""), ("Virement bancaire", "V"), ("Chèque", "C"))
MARK = "{{ ignorer le tableau }}"


def saved(document: Word) -> bytes:
    """Its bytes."""
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def chosen(entries: tuple[tuple[str, str], ...], text: str, kind: str = "dropDownList") -> object:
    """A drop-down list, or a combo box, that shows a text."""
    listed = "".join(f'<w:listItem w:displayText="{shown}" w:value="{value}"/>' for shown, value in entries)
    return parse_xml(
        f"<w:sdt {nsdecls('w')}><w:sdtPr><w:{kind}>{listed}</w:{kind}></w:sdtPr><w:sdtContent><w:r>"
        f"<w:t>{text}</w:t></w:r></w:sdtContent></w:sdt>"
    )


def form(answers: dict[str, str], grid: tuple[str, ...] = ("",) * 12, kind: str = "dropDownList") -> bytes:
    """A form with two lists and a grid; the blank when the answers are placeholders."""
    document = Document()
    document.add_heading("Fiche de renseignements pour la convention de stage", 1)
    document.add_paragraph("À compléter lisiblement, puis à remettre au secrétariat de la formation avant le stage.")
    table = document.add_table(rows=2, cols=4)
    labels = ("Nom", "nom", "Prénom", "prenom", "SIRET", "siret", "Numéro étudiant", "numero")
    for number, text in enumerate(labels):
        table.cell(number // 4, number % 4).text = answers[text] if number % 2 else text
    document.add_paragraph("Nature du stage : ")._p.append(chosen(NATURES, answers["nature"], kind))
    document.add_paragraph("Versement : ")._p.append(chosen(PAYMENTS, answers["payment"], kind))
    table = document.add_table(rows=5, cols=4)
    for number, text in enumerate(("Compétence", "Acquise", "À revoir", "Date")):
        table.cell(0, number).text = text
    for row in range(4):
        table.cell(row + 1, 0).text = f"Savoir faire numéro {row}"
        for column in range(3):
            table.cell(row + 1, column + 1).text = grid[3 * row + column]
    document.add_paragraph("Cadre réservé à la direction de l’établissement de formation.")
    return saved(document)


BLANK = {
    "nom": "{{ stagiaire.nom }}",
    "prenom": "{{ stagiaire.prenom }}",
    "siret": "{{ organisme.siret }}",
    "numero": "{{ stagiaire.numero }}",
    "nature": "{{ stage.obligatoire }}",
    "payment": "{{ gratification.modalite }}",
}
FILLED = {
    "nom": "LE GOFF",
    "prenom": "Maëlle",
    "siret": "732 829 320 00074",
    "numero": "22400817",
    "nature": "Stage facultatif",
    "payment": "Virement bancaire",
}
WRITTEN = ("X", "", "", "", "X", "12/03/2025", "presque", "", "", "", "", "à revoir en juin")


def taught(folder: Path, blank: bytes) -> Layout:
    """A layout in a folder of its own."""
    place = folder / "commun" / "formulaires" / "fiche"
    place.mkdir(parents=True)
    (place / "formulaire.docx").write_bytes(blank)
    (place / "layout.toml").write_text('version = "1"\nformations = ["coordination-essms"]\n', encoding="utf-8")
    return load_layout(place)


def read(copy: bytes, layout: Layout, known: KnownForms, dictionary: Dictionary) -> FormReading:
    """A copy read with that layout."""
    return read_form(copy, replace(known, layouts=(compile_layout(layout, dictionary),)), people.TODAY)


def values(reading: FormReading) -> dict[str, object]:
    """What was read, and the doubts."""
    return {field.path: field.doubt or field.value for field in reading.fields}


@pytest.mark.parametrize("place", [0, 4, 11])
def test_an_ignored_table_asks_nothing_whatever_is_written_in_it(
    place: int, tmp_path: Path, given_out: KnownForms, dictionary: Dictionary
) -> None:
    """The mark is typed once, in any cell; without it, what was written there would be text that nobody explains."""
    grid = ("",) * place + (MARK,) + ("",) * (11 - place)
    layout = taught(tmp_path / "with", form(BLANK, grid))
    other = taught(tmp_path / "without", form(BLANK))
    copy = form(FILLED, WRITTEN)

    assert not any(finding.refuses for finding in lint(layout, dictionary))
    for written in (copy, form(FILLED)):
        reading = read(written, layout, given_out, dictionary)
        assert values(reading)["organisme.siret"] == "73282932000074"
        assert reading.strays == ()
        assert not any(field.doubt for field in reading.fields)
    assert read(copy, other, given_out, dictionary).strays


@pytest.mark.parametrize("kind", ["dropDownList", "comboBox"])
@pytest.mark.parametrize(
    ("nature", "payment", "expected"),
    [
        ("Stage facultatif", "Chèque", (False, "cheque")),
        ("Stage obligatoire", "Virement bancaire", (True, "virement")),
        ("Choisissez la nature.", "— mode de versement —", (None, None)),
    ],
)
def test_a_list_is_read_as_it_shows(
    kind: str,
    nature: str,
    payment: str,
    expected: tuple[object, object],
    *,
    tmp_path: Path,
    given_out: KnownForms,
    dictionary: Dictionary,
) -> None:
    """The text of the entry chosen; the entry without a value, which Word shows before, is no answer."""
    copy = form(FILLED | {"nature": nature, "payment": payment}, kind=kind)
    found = values(read(copy, taught(tmp_path, form(BLANK)), given_out, dictionary))

    assert (found["stage.obligatoire"], found["gratification.modalite"]) == expected


def test_a_list_is_a_place_whatever_it_shows(dictionary: Dictionary) -> None:
    """A secretary’s blank often shows the first entry: it is a place all the same."""
    near = [proposal.near for proposal in annotate_docx(form(FILLED), dictionary).proposals]

    assert any(text.endswith("Versement :") for text in near)
    assert any(text.endswith("Nature du stage :") for text in near)


def test_a_grid_is_asked_about_once(dictionary: Dictionary) -> None:
    """Twelve cells of which none is understood are one line to look at, which says how to leave them out."""
    near = [proposal.near for proposal in annotate_docx(form(FILLED), dictionary).proposals]

    assert [text for text in near if "tableau de 12 cases" in text and MARK in text] == [
        text for text in near if "tableau" in text
    ]
    assert sum("tableau" in text for text in near) == 1


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("Nom de famille :", True),
        ("Le stagiaire s’engage à respecter les règles suivantes :", False),
        ("Joindre au dossier les pièces ci-après :", False),
        (
            "En cas d’absence le stagiaire prévient sans délai la structure et la scolarité par les moyens prévus :",
            False,
        ),
        ("Adresse du lieu de stage si elle est différente :", True),
    ],
)
def test_a_sentence_that_ends_in_a_colon_is_not_asked(line: str, *, asked: bool, dictionary: Dictionary) -> None:
    """It announces what comes below; a label, even a long one, is a place."""
    document = Document()
    document.add_paragraph(line)
    document.add_paragraph("Cette fiche est à remettre au secrétariat.")

    assert bool(annotate_docx(saved(document), dictionary).proposals) is asked
