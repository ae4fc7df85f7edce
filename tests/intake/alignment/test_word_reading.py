"""Word forms read with an annotated blank: what falls into each slot, and what makes it unsure."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable

import pytest
from word_blank import Blank

from pipeline.core.doubts import Doubt, Reason
from pipeline.reading.alignment import LayoutReading
from pipeline.reading.digital import summary_of

Read = Callable[..., LayoutReading]


def texts(reading: LayoutReading) -> dict[str, str]:
    """The text of every candidate."""
    return {path: candidate.text for path, candidate in reading.candidates.items()}


def unsure(reading: LayoutReading) -> set[str]:
    """The paths that reader 1 does not vouch for."""
    return {path for path, candidate in reading.candidates.items() if not candidate.sure}


def test_every_slot_of_a_clean_form(read: Read, table: Blank, answers: dict[str, str]) -> None:
    """What was written is found whole, and everything is sure; what was left empty is seen empty."""
    reading = read(table.docx(), table.fill(**answers).docx())

    assert texts(reading) == {
        "stagiaire.nom": "DUPONT",
        "stagiaire.prenom": "Marie",
        "stagiaire.date_naissance": "17/03/2004",
        "stagiaire.courriel": "",
        "organisme.raison_sociale": "Les Pieds sur Terre",
        "organisme.siret": "482 106 739 00212",
        "tuteur.nom_prenom": "BENAÏSSA Inès",
        "tuteur.courriel": "",
        "stage.activites": "- accueillir\n- écrire",
        "stage.obligatoire": "Non",
        "signatures.lieu": "Vannes",
        "signatures.stagiaire_le": "12/01/2026",
    }
    assert (unsure(reading), summary_of(reading).exact, reading.share) == (set(), True, 1.0)


def test_row_added_by_the_student(read: Read, table: Blank, answers: dict[str, str]) -> None:
    """A row « Nom d’usage » is unexplained text; the rows around it are still sure, the form is not exact."""
    form = table.fill(**answers)
    form.rows.insert(1, ["Nom d’usage", "MARTIN", "", ""])

    reading = read(table.docx(), form.docx())

    assert [token.text for token in reading.unexplained] == ["Nom", "d’usage", "MARTIN"]
    assert (
        summary_of(reading).exact,
        texts(reading)["stagiaire.nom"],
        texts(reading)["stagiaire.date_naissance"],
    ) == (
        False,
        "DUPONT",
        "17/03/2004",
    )
    assert "organisme.siret" not in unsure(reading)


def test_label_renamed(read: Read, table: Blank, answers: dict[str, str]) -> None:
    """The answer beside a label that changed is not sure: it may be the answer to another question."""
    form = table.fill(**answers)
    form.rows[2][0] = "Établissement employeur"

    reading = read(table.docx(), form.docx())

    assert "organisme.raison_sociale" in unsure(reading)
    assert (reading.modified, reading.missing) == (True, ("Structure",))


@pytest.mark.parametrize(("one", "other"), [(0, 1), (1, 3), (2, 3)])
def test_rows_exchanged(read: Read, table: Blank, answers: dict[str, str], one: int, other: int) -> None:
    """Rows that changed places never put an answer surely into another slot."""
    blank = copy.deepcopy(table)
    table.rows[one], table.rows[other] = table.rows[other], table.rows[one]

    reading = read(blank.docx(), table.fill(**answers, courriel="a@example.org").docx())
    expected = {**said(blank, {**answers, "courriel": "a@example.org"}), "stage.activites": "- accueillir\n- écrire"}

    wrong = {path for path, text in texts(reading).items() if text and text != expected[path]}
    assert wrong <= unsure(reading)
    assert not summary_of(reading).exact


def said(blank: Blank, answers: dict[str, str]) -> dict[str, str]:
    """What was answered, by path."""
    cells = [*(cell for row in blank.rows for cell in row), *blank.lines]
    paths = [found.group(1) for cell in cells for found in re.finditer(r"\{\{ ([a-z_.]+)", cell)]
    return {path: answers.get(path.rpartition(".")[2], "") for path in paths}


def test_columns_exchanged(read: Read, table: Blank, answers: dict[str, str]) -> None:
    """Labels and answers that changed columns together: both are read unsure or right."""
    form = table.fill(**answers)
    form.rows[0] = form.rows[0][2:] + form.rows[0][:2]

    reading = read(table.docx(), form.docx())

    assert {"stagiaire.nom", "stagiaire.prenom"} <= unsure(reading)


def test_column_heading_exchanged(read: Read) -> None:
    """A timetable whose headings changed places: no cell of it is sure, though each row’s own label is right."""
    blank = Blank(
        [
            ["Jour", "Matin", "Après-midi"],
            ["Lundi", "{{ stage.horaires.lundi.matin }}", "{{ stage.horaires.lundi.apres_midi }}"],
            ["Mardi", "{{ stage.horaires.mardi.matin }}", "{{ stage.horaires.mardi.apres_midi }}"],
        ]
    )
    form = blank.fill(matin="9h-12h", apres_midi="14h-17h")
    form.rows[0] = ["Jour", "Après-midi", "Matin"]

    assert len(unsure(read(blank.docx(), form.docx()))) == 4


def test_both_boxes_ticked(read: Read, table: Blank, answers: dict[str, str]) -> None:
    """Two boxes ticked where one was asked are no answer."""
    form = table.fill(**answers)
    form.rows[4][3] = "☒ Oui ☒ Non"

    candidate = read(table.docx(), form.docx()).candidates["stage.obligatoire"]

    assert (candidate.option, candidate.doubt and candidate.doubt.code) == (None, "CASE_AMBIGUE")


@pytest.mark.parametrize("cross", ["X", "x", "[x]", "✓"])
def test_cross_in_place_of_the_box(read: Read, table: Blank, answers: dict[str, str], cross: str) -> None:
    """A cross typed over the box ticks it."""
    form = table.fill(**answers)
    form.rows[4][3] = f"{cross} Oui ☐ Non"

    candidate = read(table.docx(), form.docx()).candidates["stage.obligatoire"]

    assert (candidate.option, candidate.sure) == ("oui", True)


def test_option_underlined(read: Read, table: Blank, answers: dict[str, str]) -> None:
    """An option underlined instead of ticked is a doubt."""
    form = table.fill(**answers)
    underlined = '<w:p><w:r><w:t xml:space="preserve">☐ </w:t></w:r><w:r><w:rPr><w:u w:val="single"/></w:rPr>'
    form.rows[4][3] = f"{underlined}<w:t>Oui</w:t></w:r><w:r><w:t> ☐ Non</w:t></w:r></w:p>"

    candidate = read(table.docx(), form.docx()).candidates["stage.obligatoire"]

    assert (candidate.option, candidate.doubt and candidate.doubt.code, candidate.sure) == (
        None,
        "CASE_AMBIGUE",
        False,
    )


def test_value_struck_through(read: Read, table: Blank, answers: dict[str, str]) -> None:
    """Of a value struck through and its correction, the correction is shown, with a doubt."""
    form = table.fill(**answers)
    form.rows[0][1] = "<w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>DUPOND</w:t></w:r><w:r><w:t> DUPONT</w:t></w:r></w:p>"

    candidate = read(table.docx(), form.docx()).candidates["stagiaire.nom"]

    struck = Doubt(Reason.CROSSED_OUT, "« DUPOND » est barré")
    assert (candidate.text, candidate.doubt, candidate.sure) == ("DUPONT", struck, False)


@pytest.mark.parametrize("added", ["DUPONT|Nom d’usage : MARTIN", "DUPONT|MARTIN", "DUPONT Nom d’usage : MARTIN"])
def test_something_added_to_an_answer(read: Read, table: Blank, answers: dict[str, str], added: str) -> None:
    """A second line, or another label, in the place of one short answer."""
    reading = read(table.docx(), table.fill(**{**answers, "nom": added}).docx())

    assert reading.candidates["stagiaire.nom"].doubt.code == "TEXTE_NON_RATTACHE"


@pytest.mark.parametrize("prompt", ["Cliquez ou appuyez ici pour entrer du texte.", "jj/mm/aaaa", "………", "____"])
def test_prompts_and_leaders_are_nothing(read: Read, table: Blank, answers: dict[str, str], prompt: str) -> None:
    """A prompt left as it was, or the dots to write on, is an empty answer."""
    reading = read(table.docx(), table.fill(**{**answers, "date_naissance": prompt}).docx())

    assert texts(reading)["stagiaire.date_naissance"] == ""


def test_answers_over_dots_and_in_a_sentence(read: Read) -> None:
    """Two fields on a dotted line, dates in a sentence, a comma that touches an answer."""
    blank = Blank(
        [["Étudiant"]],
        [
            "Nom : {{ stagiaire.nom }}........... Prénom : {{ stagiaire.prenom }}...........",
            "Stage du {{ stage.date_debut }} au {{ stage.date_fin }}, soit {{ stage.duree_heures }} heures.",
            "Siège : {{ organisme.adresse.voie }}, {{ organisme.adresse.code_postal }} {{ organisme.adresse.ville }}",
        ],
    )
    form = Blank(
        [["Étudiant"]],
        [
            "Nom : ..DUPONT....Prénom : ..Marie-Claire ....",
            "Stage du 02/02/2026 au 22/05/2026, soit 308,5 heures.",
            "Siège : 3, place du Marché, 29200 Brest",
        ],
    )

    reading = read(blank.docx(), form.docx(), "pointilles = true")

    assert {path: text for path, text in texts(reading).items() if "adresse" not in path} == {
        "stagiaire.nom": "DUPONT",
        "stagiaire.prenom": "Marie-Claire",
        "stage.date_debut": "02/02/2026",
        "stage.date_fin": "22/05/2026",
        "stage.duree_heures": "308,5",
    }
    assert {path for path in unsure(reading) if "adresse" not in path} == set()
    assert {"organisme.adresse.code_postal", "organisme.adresse.ville"} <= unsure(reading)  # nothing parts them


def test_title_that_moved_into_an_answer(read: Read) -> None:
    """Fixed words missing from their place and found in an answer make it unsure."""
    blank = Blank([["Sujet"]], ["Objectifs visés", "{{ stage.objectifs }}", "Modalités d’encadrement", "Signatures"])
    form = Blank([["Sujet"]], ["Objectifs visés", "apprendre", "Signatures", "Modalités d’encadrement"])

    reading = read(blank.docx(), form.docx())

    assert unsure(reading) == {"stage.objectifs"}
