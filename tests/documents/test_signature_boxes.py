"""Where people sign: measured as pdfplumber measures, in a hundredth of the time, with the same refusals."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import ordinary_assembly
import people
import pytest
from assembling import Raw, document, raw_pieces
from reportlab.pdfgen.canvas import Canvas

from pipeline.core.errors import ConversionError, TemplateError
from pipeline.core.models import Record
from pipeline.core.programme import Programme
from pipeline.core.workspace import Workspace
from pipeline.documents.binding.signatures import find_boxes
from pipeline.documents.opened import Opened
from pipeline.documents.proof import page_texts

ANCHOR = "sign1-stagiaire"
Draw = Callable[[Canvas], None]


@pytest.fixture(scope="module")
def raws(
    workspace: Workspace, programme: Callable[[str], Programme], checked: Callable[[str, dict[str, Any]], Record]
) -> tuple[Raw, ...]:
    """Every template that someone signs: the two conventions and the contract."""
    pieces = raw_pieces(
        checked(people.COORDINATION, people.coordination()), programme(people.COORDINATION), workspace
    )
    return pieces + raw_pieces(checked(people.CNAM, people.cnam()), programme(people.CNAM), workspace)


def drawn(*pages: Draw) -> bytes:
    """A PDF of A4 pages, each drawn by one function."""
    out = io.BytesIO()
    canvas = Canvas(out)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def cell(x: float, y: float, width: float, height: float, mark: str = ANCHOR) -> Draw:
    """A page with one bordered cell and a mark in it."""

    def draw(canvas: Canvas) -> None:
        canvas.rect(x, y, width, height)
        canvas.setFontSize(5)
        canvas.drawString(x + 5, y + 5, mark)

    return draw


def ours(pdf: bytes, *anchors: str) -> list[tuple[float, ...]]:
    """The pages and boxes of those marks, as we measure them."""
    with Opened(pdf) as opened:
        return [(box.page, *box.box) for box in find_boxes(opened, anchors, "essai.docx")]


def test_every_template_is_measured_as_pdfplumber_does(raws: tuple[Raw, ...]) -> None:
    """Each box of each template within half a point of the reference, on the same page, in the order asked."""
    signed = [raw for raw in raws if raw.anchors]

    assert {raw.template.rpartition("/")[2] for raw in signed} == {
        "convention-fi.docx",
        "convention-fc.docx",
        "contrat-pedagogique.docx",
    }
    for raw in signed:
        reference = ordinary_assembly.measured_cells(raw.pdf, raw.anchors)
        expected = [pytest.approx(reference[anchor][0], abs=0.5) for anchor in raw.anchors]
        assert ours(raw.pdf, *raw.anchors) == expected


@pytest.mark.parametrize(
    "draw",
    [
        pytest.param(
            lambda c: (c.rect(100, 500, 200, 80), c.rect(300, 500, 200, 80), c.drawString(110, 520, ANCHOR)),
            id="two rectangles",
        ),
        pytest.param(
            lambda c: (c.rect(100, 500, 199, 80), c.rect(300.5, 500, 200, 80), c.drawString(320, 520, ANCHOR)),
            id="borders side by side",
        ),
        pytest.param(lambda c: (c.grid([50, 250, 450], [300, 400, 500]), c.drawString(260, 420, ANCHOR)), id="grid"),
        pytest.param(
            lambda c: (
                c.translate(40, 60),
                c.scale(0.5, 0.5),
                c.grid([100, 500, 900], [500, 660]),
                c.drawString(120, 520, ANCHOR),
            ),
            id="scaled page",
        ),
        pytest.param(
            lambda c: (
                c.grid([50, 250, 450], [300, 400, 500]),
                c.line(260, 440, 300, 440),
                c.drawString(260, 420, ANCHOR),
            ),
            id="stray line in the cell",
        ),
        pytest.param(
            lambda c: (
                c.grid([50, 250, 450], [300, 400]),
                c.grid([50, 150, 350, 450], [400, 500]),
                c.drawString(160, 420, ANCHOR),
            ),
            id="merged cells below",
        ),
    ],
)
def test_cells_however_drawn(draw: Draw) -> None:
    """Rectangles, grids, borders that nearly touch, scaled pages, stray lines: the same cell as pdfplumber's."""
    pdf = drawn(draw)
    (expected,) = ordinary_assembly.measured_cells(pdf, [ANCHOR])[ANCHOR]

    assert ours(pdf, ANCHOR) == [pytest.approx(expected, abs=0.5)]


@pytest.mark.parametrize(
    "draw",
    [
        pytest.param(lambda c: (c.rect(100, 500, 200, 80), c.drawString(110, 520, ANCHOR)), id="alone"),
        pytest.param(
            lambda c: (c.rect(50, 400, 500, 300), c.rect(100, 500, 200, 80), c.drawString(110, 520, ANCHOR)),
            id="in a bigger one",
        ),
        pytest.param(
            lambda c: (
                c.lines([(100, 500, 300, 500), (300, 580, 100, 580)]),
                c.lines([(100, 500, 100, 580), (300, 580, 300, 500)]),
                c.drawString(110, 520, ANCHOR),
            ),
            id="four lines",
        ),
    ],
)
def test_a_box_needs_no_table_around_it(draw: Draw) -> None:
    """A single closed box is a cell to sign in, where pdfplumber asks for a table of two cells at least."""
    pdf = drawn(draw)

    assert ordinary_assembly.measured_cells(pdf, [ANCHOR]) == {ANCHOR: [None]}
    assert ours(pdf, ANCHOR) == [(1, 102, 502, 298, 578)]


@pytest.mark.parametrize(
    "draw",
    [
        pytest.param(lambda c: c.drawString(110, 520, ANCHOR), id="no line"),
        pytest.param(
            lambda c: (
                c.lines([(100, 500, 300, 500), (100, 580, 300, 580), (100, 500, 100, 580)]),
                c.drawString(110, 520, ANCHOR),
            ),
            id="three sides",
        ),
        pytest.param(
            lambda c: (
                c.lines([(100, 500, 300, 500), (100, 580, 300, 580)]),
                c.lines([(100, 500, 100, 580), (300, 540, 300, 580)]),
                c.drawString(110, 550, ANCHOR),
            ),
            id="a side that stops half-way",
        ),
    ],
)
def test_a_cell_that_is_not_closed_is_refused(draw: Draw) -> None:
    """Pdfplumber sees no cell there, and neither do we."""
    pdf = drawn(draw)

    assert ordinary_assembly.measured_cells(pdf, [ANCHOR]) == {ANCHOR: [None]}
    with pytest.raises(TemplateError, match=r"essai\.docx : la case de sign1-stagiaire n’a pas de bordure"):
        ours(pdf, ANCHOR)


@pytest.mark.parametrize("second", [cell(100, 300, 200, 80), cell(100, 500, 200, 80)])
def test_a_mark_printed_twice_is_refused(second: Draw) -> None:
    """On another page too."""
    with pytest.raises(TemplateError, match=r"imprime deux fois la marque de signature sign1-stagiaire"):
        ours(drawn(cell(100, 500, 200, 80), second), ANCHOR)


def test_a_cell_too_small_is_refused() -> None:
    """A signature needs its room, and the message says how much there is."""
    with pytest.raises(TemplateError, match=r"la case de sign1-stagiaire fait 71 × 11 mm, trop peu"):
        ours(drawn(cell(100, 500, 200, 30)), ANCHOR)


@pytest.mark.parametrize("text", ["rien", f"d2-{ANCHOR}", f"{ANCHOR}s", f"x{ANCHOR}"])
def test_a_mark_is_a_word_of_its_own(text: str) -> None:
    """A longer word that holds the mark is another mark."""
    pdf = drawn(cell(100, 500, 200, 80, text))

    assert ordinary_assembly.measured_cells(pdf, [ANCHOR]) == {}
    with pytest.raises(TemplateError, match=r"n’a pas de case de signature pour sign1-stagiaire"):
        ours(pdf, ANCHOR)


def test_marks_of_two_pieces_are_told_apart() -> None:
    """``sign1-stagiaire`` and ``d2-sign1-stagiaire`` on one page each have their own box, in the order asked."""
    pdf = drawn(lambda c: (cell(100, 500, 200, 80)(c), cell(100, 300, 200, 80, f"d2-{ANCHOR}")(c)))

    assert ours(pdf, f"d2-{ANCHOR}", ANCHOR) == [(1, 102, 302, 298, 378), (1, 102, 502, 298, 578)]


def test_the_code_goes_where_nothing_is_drawn() -> None:
    """In the left corner of the foot; beside what stands there; up the right margin; smaller; or nowhere."""
    free = drawn(cell(100, 500, 200, 80))
    corner = drawn(lambda c: (cell(100, 500, 200, 80)(c), c.drawString(20, 20, "pied de page")))
    margin = drawn(lambda c: (cell(100, 500, 200, 80)(c), c.line(30, 0, 30, 842)))
    foot = drawn(lambda c: (cell(100, 500, 200, 80)(c), c.line(0, 20, 595, 20), c.line(30, 0, 30, 842)))
    narrow = drawn(lambda c: (cell(100, 500, 200, 80)(c), c.line(0, 50, 595, 50), c.line(52, 50, 545, 842)))
    full = drawn(lambda c: (cell(100, 500, 200, 80)(c), c.rect(5, 5, 585, 830)))

    places = [document(pdf, "essai", [ANCHOR]).codes for pdf in (free, corner, margin, foot, narrow, full)]

    assert [[(one.page, round(one.x), round(one.y), round(one.side)) for one in found] for found in places] == [
        [(1, 8, 8, 46)],
        [(1, 56, 8, 46)],
        [(1, 32, 8, 46)],
        [(1, 541, 32, 46)],
        [(1, 8, 8, 38)],
        [],
    ]


def test_texts_are_those_of_the_pages_and_a_bad_file_is_named() -> None:
    """One open file gives the texts and the number of pages; what is no PDF is a ConversionError."""
    pdf = drawn(lambda c: c.drawString(50, 50, "un"), lambda c: c.drawString(50, 50, "deux"))

    with Opened(pdf) as opened:
        assert (len(opened), list(opened.texts)) == (2, ["un", "deux"])
    assert page_texts(pdf) == ["un", "deux"]
    with pytest.raises(ConversionError, match="not a readable PDF"):
        Opened(b"%PDF-1.7 rien")
