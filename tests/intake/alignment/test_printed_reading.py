"""PDF forms read with a layout: printed copies, form fields by their map, and copies printed from form fields."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence

import pytest
from reportlab.pdfgen.canvas import Canvas
from word_blank import INTRO

from pipeline.blanks.compiling import compile_layout
from pipeline.core.errors import FormRejected
from pipeline.core.fields import Dictionary
from pipeline.forms.layouts import Layout
from pipeline.reading.alignment import (
    LayoutReading,
    read_layout,
    receive,
    recognise_layout,
    slot_zones,
    template_tokens,
)
from pipeline.reading.digital import summary_of

Read = Callable[..., LayoutReading]
MAP = """[acroform]
"Texte1" = "stagiaire.nom"
"Texte2" = "stage.activites"
"Case1" = "stage.obligatoire = oui"
"Case2" = "stage.obligatoire = non"
"Choix=Choix1" = "gratification.modalite = virement"
"Choix=Choix2" = "gratification.modalite = cheque"
"""


def pages(*contents: Sequence[tuple[float, float, str]], foot: str = "") -> bytes:
    """A PDF of these texts at (x, y), a page each, with a frame of two cells at 480 to 520 and a foot."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(500, 600), invariant=True)
    for number, content in enumerate(contents, start=1):
        canvas.setFont("Helvetica", 9)
        canvas.grid([40, 140, 300], [480, 520])
        for x, y, text in content:
            canvas.drawString(x, y, text)
        canvas.drawString(40, 20, f"{foot} {number}/{len(contents)}" if foot else "")
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def introduction(top: float = 590) -> list[tuple[float, float, str]]:
    """The fixed words of the form, on lines."""
    words = INTRO.split()
    return [(40, top - 9 * row, " ".join(words[8 * row : 8 * row + 8])) for row in range(5)]


def form(answer: Sequence[str], *more: tuple[float, float, str]) -> list[tuple[float, float, str]]:
    """A page whose cell « Courriel » holds these lines."""
    lines = [(145.0, 508.0 - 11 * row, text) for row, text in enumerate(answer)]
    return [*introduction(), (45, 508, "Courriel"), *lines, *more]


def test_lines_broken_by_the_printer(read: Read) -> None:
    """An e-mail address over two lines is one word again; no space is made up."""
    blank = pages(form(["{{ stagiaire.courriel }}"]))

    reading = read(blank, pages(form(["anne-charlotte.de.la.motte@", "etu.universite-de-exemple.example.org"])))

    candidate = reading.candidates["stagiaire.courriel"]
    assert candidate.text == "anne-charlotte.de.la.motte@etu.universite-de-exemple.example.org"
    assert (candidate.page, candidate.sure, summary_of(reading).exact) == (1, True, True)
    assert candidate.box is not None
    assert 140 <= candidate.box[0] <= candidate.box[2] <= 310


def test_second_line_that_nobody_asked(read: Read) -> None:
    """A line that the printer had no reason to break is an addition."""
    reading = read(pages(form(["{{ stagiaire.courriel }}"])), pages(form(["a@example.org", "b@example.org"])))

    assert reading.candidates["stagiaire.courriel"].doubt.code == "TEXTE_NON_RATTACHE"


@pytest.mark.parametrize(
    ("answer", "expected", "sure"),
    [("Marie", ["DUPONT", "Marie"], True), ("", ["DUPONT", ""], True)],
)
def test_answers_under_headings_without_ruling(read: Read, answer: str, expected: list[str], *, sure: bool) -> None:
    """Side by side with nothing between, answers are told apart by where their columns begin."""
    heads = ((40.0, 440.0, "Nom"), (240.0, 440.0, "Prénom"))
    blank = pages(form([], *heads, (40, 425, "{{ stagiaire.nom }}"), (240, 425, "{{ stagiaire.prenom }}")))
    filled = pages(form([], *heads, (40, 425, "DUPONT"), (240, 425, answer)))

    reading = read(blank, filled)

    names = [reading.candidates[path] for path in ("stagiaire.nom", "stagiaire.prenom")]
    assert [name.text for name in names] == expected
    assert [name.sure for name in names] == [sure, sure]


def test_pages_in_another_order(read: Read) -> None:
    """Pages sent in the wrong order are put back by what is printed on them."""
    second = [(40.0, 590.0 - 12 * row, f"Article {name} du règlement des stages") for row, name in enumerate("ABCDE")]
    blank = pages(form(["{{ stagiaire.courriel }}"]), [*second, (40, 400, "Lieu : {{ signatures.lieu }}")])
    filled = pages([*second, (40, 400, "Lieu : Vannes")], form(["a@example.org"]))

    reading = read(blank, filled)

    assert {path: candidate.text for path, candidate in reading.candidates.items()} == {
        "stagiaire.courriel": "a@example.org",
        "signatures.lieu": "Vannes",
    }
    assert reading.candidates["signatures.lieu"].page == 1


def test_foot_of_more_pages(read: Read) -> None:
    """What each page repeats at its foot is neither missing nor added when an answer takes one page more."""
    blank = pages(form(["{{ stagiaire.courriel }}"]), introduction(), foot="École de l’Exemple, page")
    filled = pages(form(["a@example.org"]), introduction(), [], foot="École de l’Exemple, page")

    reading = read(blank, filled)

    assert (reading.missing, reading.unexplained) == ((), ())


def test_page_missing(make_layout: Callable[..., Layout], dictionary: Dictionary) -> None:
    """With one page of two, the layout is still told, and the page that lacks is named."""
    second = [
        (40.0, 590.0 - 12 * row, f"Article {name} du règlement des stages") for row, name in enumerate("ABCDEFG")
    ]
    compiled = compile_layout(make_layout(pages(form(["{{ stagiaire.courriel }}"]), second)), dictionary)
    received = receive(pages(form(["a@example.org"])))

    found = recognise_layout(received, [compiled])

    assert found.match is not None
    assert read_layout(received, compiled, dictionary, found.match.context).absent_pages == (2,)


def test_two_forms_in_one_file(read: Read) -> None:
    """A file that holds the form twice is sent back."""
    blank = pages(form(["{{ stagiaire.courriel }}"]))
    both = pages(form(["a@example.org"]), form(["b@example.org"]))

    with pytest.raises(FormRejected) as refused:
        read(blank, both)

    assert refused.value.reason == "PLUSIEURS_FORMULAIRES"


def test_zones_of_a_printed_blank(make_layout: Callable[..., Layout], dictionary: Dictionary) -> None:
    """The zone of an answer is its cell; the fixed words come with their places, without placeholders."""
    compiled = compile_layout(make_layout(pages(form(["{{ stagiaire.courriel }}"]))), dictionary)

    assert slot_zones(compiled) == {"stagiaire.courriel": (1, pytest.approx((140, 80, 300, 120)))}
    words = [token.text for token in template_tokens(compiled) if token.text]
    assert words == [*INTRO.split(), "Courriel"]


def _paper(canvas: Canvas) -> None:
    """What is printed on the form with fields, apart from them."""
    canvas.setFont("Helvetica", 9)
    labels = [
        (40, 500, "Nom"),
        (40, 440, "Activités"),
        (40, 400, "Obligatoire"),
        (130, 400, "oui"),
        (190, 400, "non"),
        (40, 370, "Virement"),
        (140, 370, "Chèque"),
        (40, 340, "Lieu"),
    ]
    for x, y, text in [*introduction(), *labels]:
        canvas.drawString(x, y, text)


def fields(values: Mapping[str, str], *, extra: str = "") -> bytes:
    """A PDF form: two texts, two boxes, two radio buttons, and a field that the map does not know."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(500, 600), invariant=True)
    _paper(canvas)
    make = canvas.acroForm
    make.textfield(name="Texte1", x=100, y=495, width=200, height=16, value=values.get("Texte1", ""))
    make.textfield(name="Texte2", x=100, y=430, width=300, height=40, value=values.get("Texte2", ""))
    for name, x in (("Case1", 110), ("Case2", 170)):
        make.checkbox(name=name, x=x, y=398, size=12, checked=name in values)
    for state, x in (("Choix1", 100), ("Choix2", 190)):
        make.radio(name="Choix", value=state, x=x, y=368, size=12, selected=values.get("Choix") == state)
    make.textfield(name="Autre", x=100, y=335, width=100, height=16, value=extra)
    canvas.showPage()
    canvas.save()
    return made.getvalue()


FILLED = {"Texte1": "DUPONT", "Texte2": "accueillir", "Case2": "x", "Choix": "Choix2"}


def test_fields_by_their_map(read: Read) -> None:
    """Names and export values that mean nothing are read by the map of the layout."""
    reading = read(fields({}), fields(FILLED), MAP)

    found = {path: (seen.text, seen.option, seen.sure) for path, seen in reading.candidates.items()}
    assert found == {
        "stagiaire.nom": ("DUPONT", None, True),
        "stage.activites": ("accueillir", None, True),
        "stage.obligatoire": ("Non", "non", True),
        "gratification.modalite": ("chèque", "cheque", True),
    }
    assert summary_of(reading).exact


def test_field_outside_the_map(read: Read) -> None:
    """What is written in a field that nobody mapped is unexplained."""
    reading = read(fields({}), fields(FILLED, extra="Paris"), MAP)

    assert [token.text for token in reading.unexplained] == ["Paris"]


def test_printed_copy_of_a_pdf_form(read: Read) -> None:
    """Without its fields, the form is read by what stands in their rectangles."""
    printed = io.BytesIO()
    canvas = Canvas(printed, pagesize=(500, 600), invariant=True)
    canvas.translate(3, -2)  # printers move the page a little
    _paper(canvas)
    canvas.drawString(103, 500, "DUPONT")
    canvas.drawString(103, 455, "accueillir")
    for x in (110, 170):
        canvas.rect(x, 398, 12, 12)
    canvas.line(171, 399, 181, 409)
    canvas.showPage()
    canvas.save()

    reading = read(fields({}), printed.getvalue(), MAP)

    assert {path: seen.text for path, seen in reading.candidates.items() if seen.sure} == {
        "stagiaire.nom": "DUPONT",
        "stage.activites": "accueillir",
        "stage.obligatoire": "Non",
    }
