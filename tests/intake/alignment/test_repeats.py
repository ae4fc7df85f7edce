"""Words of the blank in an answer, remarks behind boxes, a full stop at the end of a print: what is sure of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from test_printed_reading import introduction, pages
from word_blank import Blank

from pipeline.reading.alignment import LayoutReading

Read = Callable[..., LayoutReading]
LINES = [
    "Le tuteur exerce la fonction de {{ tuteur.fonction }}, joignable au {{ tuteur.telephone }}",
    "Volume : {{ stage.duree_heures }} Heures hebdomadaires : {{ stage.heures_hebdo }}",
    "Fait à {{ signatures.lieu }}, le {{ signatures.stagiaire_le }}.",
]
USUAL = {
    "fonction": "Directrice",
    "telephone": "02 98 00 00 00",
    "duree_heures": "360",
    "heures_hebdo": "35",
    "lieu": "Brest",
    "stagiaire_le": "12/01/2026",
}


@pytest.mark.parametrize(
    ("name", "answer", "sure"),
    [
        ("fonction", "Coordinatrice de parcours", True),
        ("fonction", "fonction de directrice", False),
        ("fonction", "directrice puis de secrétaire", False),
        ("fonction", "directrice, de l’école", False),
        ("duree_heures", "360 heures", True),
        ("duree_heures", "360 heures hebdomadaires", False),
        ("lieu", "Le Havre", True),
        ("lieu", "Brest, le matin", False),
        ("stagiaire_le", ". . . 12/01/2026 . . .", True),
    ],
)
def test_words_that_end_an_answer_within_it(read: Read, name: str, answer: str, *, sure: bool) -> None:
    """One word of the blank in an answer hides no end of it; all that parts it from its neighbour does."""
    blank = Blank([["Tuteur"]], LINES)
    reading = read(blank.docx(), blank.fill(**{**USUAL, name: answer}).docx(), "pointilles = true")

    (one,) = (found for path, found in reading.candidates.items() if path.endswith(f".{name}"))

    assert one.sure is sure
    assert not sure or one.text.strip(" .") == answer.strip(" .")


@pytest.mark.parametrize(("said", "sure"), [("non", True), ("stage prévu dans le cursus (oui ou non) : non", False)])
def test_label_of_two_lines_asked_again(read: Read, said: str, *, sure: bool) -> None:
    """« non », answered elsewhere, is not « … (oui ou | non) » asked again; the whole label with its colon is."""
    rows = [["Stage prévu dans le cursus (oui ou|non)", "{{ stage.obligatoire }}"], ["Autre", "{{ stage.sujet }}"]]
    blank = Blank(rows)

    reading = read(blank.docx(), blank.fill(obligatoire="oui", sujet=said).docx())

    assert reading.candidates["stage.obligatoire"].sure is sure


@pytest.mark.parametrize("written", ["", " le {{ stage.date_debut }}"])
def test_remark_behind_boxes_is_of_no_other_answer(read: Read, written: str) -> None:
    """What is added in a row where nothing is written changes no neighbour; with an answer in the row, it may."""
    boxes = f"{{{{ stage.obligatoire = oui }}}} oui {{{{ stage.obligatoire = non }}}} non{written}"
    blank = Blank([["Obligatoire", boxes], ["Sujet", "{{ stage.sujet }}"]])
    form = blank.fill(obligatoire="non", sujet="Le livret d’accueil", date_debut="2/2/2026")
    form.rows[0][0] = "Obligatoire voir RH"

    found = read(blank.docx(), form.docx()).candidates

    assert not found["stage.obligatoire"].sure
    assert (found["stage.sujet"].sure, found["stage.sujet"].apart) == (True, not written)


@pytest.mark.parametrize(("farther", "doubted"), [(0.0, True), (40.0, False)])
def test_full_stop_where_lines_of_dots_end(read: Read, farther: float, *, doubted: bool) -> None:
    """A sentence that ends with one dot just where lines of dots end: nobody sees whose dot it is."""
    labels, told = ("Objectifs : ", "Lieu : ", "Date : "), ("Mener un projet.", "Brest", "12/01/2026")
    places = ("{{ stage.objectifs }}", "{{ signatures.lieu }}", "{{ signatures.stagiaire_le }}")
    right = stringWidth(labels[0] + told[0], "Helvetica", 9) + farther
    dots = [
        round((right - stringWidth(f"{label}{said}", "Helvetica", 9)) / stringWidth(".", "Helvetica", 9))
        for label, said in zip(labels, told, strict=True)
    ]

    def printed(*answers: str) -> bytes:
        lines = [
            (40, 440 - 20 * row, f"{label}{said}")
            for row, (label, said) in enumerate(zip(labels, answers, strict=True))
        ]
        return pages([*introduction(), (45, 508, "Courriel"), *lines])

    form = printed(told[0], *(said + "." * count for said, count in zip(told[1:], dots[1:], strict=True)))
    found = read(printed(*places), form, "pointilles = true").candidates["stage.objectifs"]

    assert found.text == told[0]
    assert (found.doubt is not None) is doubted
