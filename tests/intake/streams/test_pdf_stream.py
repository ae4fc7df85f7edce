"""Pages of PDFs: cells in order, boxes drawn in every way, pages turned, words struck, fields with hidden values."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdf
import pytest
from pypdf.annotations import FreeText
from pypdf.generic import NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.errors import FormRejected
from pipeline.reading.alignment import receive
from pipeline.reading.seen.eye import Eye
from pipeline.reading.seen.eyesight import blind
from pipeline.reading.streams.pdf import read_pages
from pipeline.reading.tokens import Stream, TokenKind

Draw = Callable[[Canvas], None]
Make = Callable[..., bytes]


def words(stream: Stream) -> list[str]:
    """The words of a stream, in order."""
    return [token.text for token in stream if token.kind is TokenKind.WORD]


def ticks(stream: Stream) -> list[bool | None]:
    """The states of its tick boxes, in order."""
    return [token.ticked for token in stream if token.kind is TokenKind.TICK]


def test_cells_are_read_one_after_the_other(pdf: Make) -> None:
    """A label of two lines and its answer stay whole, though their lines are level."""

    def draw(canvas: Canvas) -> None:
        canvas.grid([50, 150, 300], [500, 530])
        canvas.drawString(55, 520, "Durée")
        canvas.drawString(55, 506, "hebdomadaire")
        canvas.drawString(155, 520, "35 h")
        canvas.drawString(155, 506, "par semaine")

    stream = read_pages(pdf(draw))[0]

    assert words(stream) == ["Durée", "hebdomadaire", "35", "h", "par", "semaine"]
    assert [token.kind for token in stream if not token.text][:2] == [TokenKind.PAGE, TokenKind.CELL]


@pytest.mark.parametrize("crossed", [True, False])
def test_tick_boxes_that_touch_a_rule_are_no_cells(pdf: Make, crossed: bool) -> None:  # noqa: FBT001 -- a case
    """Boxes drawn on the very line of their cell, as print programs do: the words of the cell stay together."""

    def draw(canvas: Canvas) -> None:
        for x in (100, 250, 450):
            canvas.line(x, 660, x, 700)
        for y in (660, 680, 700):
            canvas.line(100, y, 450, y)
        canvas.drawString(110, 688, "Gratification")
        canvas.drawString(110, 668, "Montant")
        for x, word in ((255, "oui"), (300, "non")):
            canvas.rect(x, 690, 10, 10)
            canvas.drawString(x + 14, 688, word)
        if crossed:
            canvas.line(256, 691, 264, 699)
            canvas.line(256, 699, 264, 691)

    tokens = read_pages(pdf(draw))[0]
    kinds = [token.text or token.kind.name for token in tokens if token.kind is not TokenKind.PARAGRAPH]
    tick = "☒" if crossed else "☐"

    assert kinds == [
        *("PAGE", "CELL", "Gratification", "CELL", tick, "oui", "☐", "non", "ROW"),
        *("CELL", "Montant", "CELL", "ROW"),
    ]


def test_brackets_are_boxes_to_tick(pdf: Make) -> None:
    """« (x) oui ( ) non », « [X] », « [ ] » typed in place of a box; a remark in brackets is none."""

    def draw(canvas: Canvas) -> None:
        canvas.drawString(100, 700, "(X) oui ( ) non")
        canvas.drawString(100, 680, "[ ] heure [x] mois")
        canvas.drawString(100, 660, "Nom (en capitales) : (Xavier)")

    tokens = read_pages(pdf(draw))[0]

    assert ticks(tokens) == [True, False, False, True]
    assert words(tokens)[-4:] == ["(en", "capitales)", ":", "(Xavier)"]


def _cross_of_lines(canvas: Canvas) -> None:
    canvas.line(51, 501, 59, 509)
    canvas.line(51, 509, 59, 501)


def _cross_from_corner_to_corner(canvas: Canvas) -> None:
    canvas.line(50, 500, 60, 510)
    canvas.line(50, 510, 60, 500)


def _letter(canvas: Canvas) -> None:
    canvas.drawString(51.5, 501.5, "X")


def _blot(canvas: Canvas) -> None:
    canvas.rect(52, 502, 6, 6, stroke=0, fill=1)


def _check(canvas: Canvas) -> None:
    path = canvas.beginPath()
    path.moveTo(51.5, 505)
    path.lineTo(54, 501.5)
    path.lineTo(58.5, 509)
    canvas.drawPath(path)


@pytest.mark.parametrize("mark", [_cross_of_lines, _cross_from_corner_to_corner, _letter, _blot, _check])
def test_drawn_boxes(pdf: Make, mark: Draw) -> None:
    """A square with a mark in it is ticked, whatever drew the mark; an empty one is not."""

    def draw(canvas: Canvas) -> None:
        canvas.rect(50, 500, 10, 10)
        canvas.drawString(65, 501, "Oui")
        canvas.rect(120, 500, 10, 10)
        canvas.drawString(135, 501, "Non")
        mark(canvas)

    stream = read_pages(pdf(draw))[0]

    assert (ticks(stream), words(stream)) == ([True, False], ["Oui", "Non"])


def test_box_of_four_lines(pdf: Make) -> None:
    """A box drawn line by line is a box too."""

    def draw(canvas: Canvas) -> None:
        canvas.lines([(50, 500, 60, 500), (50, 510, 60, 510), (50, 500, 50, 510), (60, 500, 60, 510)])
        canvas.drawString(65, 501, "Oui")

    assert ticks(read_pages(pdf(draw))[0]) == [False]


def test_speck_in_a_box_is_a_doubt(pdf: Make) -> None:
    """A dot that may be dust is neither a tick nor nothing."""

    def draw(canvas: Canvas) -> None:
        canvas.rect(50, 500, 10, 10)
        canvas.rect(54, 504, 2, 2, stroke=0, fill=1)

    box = next(token for token in read_pages(pdf(draw))[0] if token.kind is TokenKind.TICK)

    assert (box.ticked, box.doubt and box.doubt.code) == (None, "CASE_AMBIGUE")


def test_zapf_dingbats(pdf: Make) -> None:
    """A tick of the font of pictures that every PDF has."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("ZapfDingbats", 10)
        canvas.drawString(50, 500, "4")
        canvas.setFont("Helvetica", 10)
        canvas.drawString(65, 500, "Oui")

    assert ticks(read_pages(pdf(draw))[0]) == [True]


@pytest.mark.parametrize(("height", "expected"), [(503, "barré"), (498.6, "souligné")])
def test_lines_through_and_under_words(pdf: Make, height: float, expected: str) -> None:
    """A line through a word strikes it, which is a doubt; one under it sets it apart."""

    def draw(canvas: Canvas) -> None:
        canvas.drawString(50, 500, "virement")
        canvas.line(49, height, 90, height)
        canvas.drawString(150, 500, "chèque")

    first, second = (token for token in read_pages(pdf(draw))[0] if token.kind is TokenKind.WORD)

    assert (first.emphasis, second.emphasis) == (expected, "")
    assert (first.doubt is not None) == (expected == "barré")


def test_ring_around_a_word(pdf: Make) -> None:
    """An option that somebody circled is set apart from the others."""

    def draw(canvas: Canvas) -> None:
        canvas.drawString(50, 500, "Oui")
        canvas.ellipse(45, 494, 72, 514)
        canvas.drawString(100, 500, "Non")

    assert [token.emphasis for token in read_pages(pdf(draw))[0] if token.text] == ["entouré", ""]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_turned_pages(pdf: Make, rotate: int) -> None:
    """A page turned by a quarter or a half is read upright."""

    def draw(canvas: Canvas) -> None:
        canvas.drawString(50, 500, "Nom de famille")
        canvas.drawString(50, 400, "Prénom usuel")

    assert words(read_pages(pdf(draw, rotate=rotate))[0]) == ["Nom", "de", "famille", "Prénom", "usuel"]


def test_page_that_is_a_picture(pdf: Make) -> None:
    """A page that holds a picture and no words is said to be one; a page of words is not."""
    picture = pypdf.PdfReader(io.BytesIO(pdf(_image))).pages[0]

    assert len(picture.images) == 1
    assert [note.image for note in read_pages(pdf(_image))[1]] == [True]
    assert [note.image for note in read_pages(pdf(lambda canvas: canvas.drawString(50, 500, "Nom")))[1]] == [False]


def _image(canvas: Canvas) -> None:
    from PIL import Image  # noqa: PLC0415 -- only this picture needs it
    from reportlab.lib.utils import ImageReader  # noqa: PLC0415

    canvas.drawImage(ImageReader(Image.new("RGB", (40, 60), "grey")), 0, 0, 400, 600)


def test_damaged_pages_are_refused() -> None:
    """Bytes that only look like a PDF are refused with a reason."""
    with pytest.raises(FormRejected) as refused:
        read_pages(b"%PDF-1.7\n%%EOF")

    assert refused.value.reason == "PDF_ENDOMMAGE"


def _fields(canvas: Canvas) -> None:
    canvas.drawString(50, 500, "SIRET")
    canvas.acroForm.textfield(name="Texte12", x=100, y=495, width=200, height=16, value="482 106 739")
    canvas.drawString(50, 470, "Oui")
    canvas.acroForm.checkbox(name="Case3", x=100, y=468, size=12, checked=True)


def test_fields_stand_where_they_are(pdf: Make) -> None:
    """The value of a field is read after its label, with the field's name; a box with its state."""
    stream = receive(pdf(_fields)).stream

    assert words(stream) == ["SIRET", "482", "106", "739", "Oui"]
    assert [(token.name, token.ticked) for token in stream if token.kind is TokenKind.TICK] == [("Case3", True)]


def test_hidden_value(pdf: Make) -> None:
    """A field that shows something else than it holds is a doubt."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(_fields)))
    for annotation in writer.pages[0]["/Annots"]:  # type: ignore[attr-defined]  # pypdf's own array
        field = annotation.get_object()
        if field["/T"] == "Texte12":
            field[NameObject("/V")] = TextStringObject("732 829 320")
    written = io.BytesIO()
    writer.write(written)

    with Eye(receive(written.getvalue()), blind) as eye:
        doubts = {token.doubt for token in eye.received.stream if token.name == "Texte12"}

    assert doubts == {Doubt(Reason.HIDDEN, "la case montre « 482 106 739 » et contient « 732 829 320 »")}


def test_free_text_is_a_note(pdf: Make) -> None:
    """A text laid over the page is a doubt of its own."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(_fields)))
    writer.add_annotation(0, FreeText(text="voir au dos", rect=(300, 300, 380, 320)))
    written = io.BytesIO()
    writer.write(written)

    notes = [token for token in receive(written.getvalue()).stream if token.name == "note"]

    assert [token.doubt and token.doubt.code for token in notes] == ["TEXTE_NON_RATTACHE"]


@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize(
    "strokes",
    [
        [(99, 505, 104, 499), (104, 499, 114, 515)],  # a tick that is larger than the box
        [(92, 497, 120, 512)],  # one stroke through it
        [(60, 505, 300, 505.5)],  # a line through the whole row
    ],
)
def test_a_stroke_that_passes_through_a_box_is_asked_about(
    pdf: Make,
    strokes: list[tuple[float, ...]],
    on: bool,  # noqa: FBT001 -- a case
) -> None:
    """Empty or ticked, nobody can tell what it means; the box beside it, which it does not reach, is as it was."""

    def draw(canvas: Canvas) -> None:
        for x in (100, 400):
            canvas.rect(x, 500, 9, 9)
            canvas.drawString(x + 14, 501, "Oui")
            if on:
                canvas.line(x + 2, 502, x + 7, 507)
        for stroke in strokes:
            canvas.line(*stroke)

    assert ticks(read_pages(pdf(draw))[0]) == [None, on]
