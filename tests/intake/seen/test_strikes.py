"""Strokes and letters on letters, told by ink and places: of any font and size, on one figure or a whole line."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.reading.seen.inked_text import Sight, sight_of
from pipeline.reading.seen.sheets import Letter, Sheet, Sheets
from pipeline.reading.seen.strikes import is_struck

TEXTS = (
    *("7", "560", "4,35", "24/06/2025", "35600000009075", "Villejuif", "HEFF TTTA", "effet fft ttt"),
    *("LE GOFF-KERVELLA", "marie.durand@example.org", "12 – 14", "—", "— 7", "1 m à 2 m", "Offert : ŒUVRE"),
    *("« etc. »", "fjord jf rj effilé officiel", "AVATAR LTA We To. il1I ÎÏ"),
)
WRITTEN = tuple(text for text in TEXTS if any(sign.isalnum() for sign in text) and "—" not in text)
LONGER = tuple(text for text in WRITTEN if sum(sign.isalnum() for sign in text) > 6)
STEP = 24  # points between two lines
Add = Callable[[Canvas, float, float, float], None]  # left, baseline and width of a text

in_every_font = pytest.mark.parametrize(
    "font", ["Helvetica", "Times-Roman", "Courier", "Helvetica-Bold", "Times-Italic", "Helvetica-Oblique"]
)
in_every_size = pytest.mark.parametrize("size", [6.0, 9.0, 12.0])


def told(
    texts: Sequence[str], font: str, size: float, add: Add | None, tell: Callable[[list[Letter], Sheet, str], bool]
) -> list[str]:
    """The texts, drawn one under the other with what is added on each, of which something is told."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(595, 842))
    for number, text in enumerate(texts):
        canvas.setFont(font, size)
        base = 800 - STEP * number
        canvas.drawString(60, base, text)
        if add:
            add(canvas, 60, base, canvas.stringWidth(text, font, size))
    canvas.save()
    with Sheets(made.getvalue()) as sheets:
        sheet = sheets.sheet(1)
        assert sheet is not None
        lines = [
            (text, (0, 42 + STEP * number - size, 595, 42 + STEP * number + 4)) for number, text in enumerate(texts)
        ]
        return [text for text, box in lines if tell(sheet.letters(box), sheet, text)]


def struck(letters: list[Letter], sheet: Sheet, _: str) -> bool:
    """Whether a stroke is seen through letters."""
    return is_struck(letters, sheet)


def doubled(letters: list[Letter], sheet: Sheet, text: str) -> bool:
    """Whether letters are seen on other ones."""
    return sight_of(text, letters, sheet, (0, 0, 595, 842)) is Sight.DOUBLED


@in_every_font
@in_every_size
def test_what_is_written_alone_has_nothing_on_it(font: str, size: float) -> None:
    """Bars of letters that touch, dashes and slashes are no strokes; what reaches over the next letter is none."""
    assert told(TEXTS, font, size, None, struck) == []
    assert told(TEXTS, font, size, None, doubled) == []


@in_every_font
@in_every_size
@pytest.mark.parametrize(("first", "last", "texts"), [(0.0, 1.0, WRITTEN), (0.0, 0.5, LONGER), (0.5, 1.0, LONGER)])
def test_what_a_stroke_goes_through_is_struck(
    font: str, size: float, first: float, last: float, texts: tuple[str, ...]
) -> None:
    """The whole line, or half of one that has three letters or figures there."""

    def strike(canvas: Canvas, left: float, base: float, wide: float) -> None:
        canvas.setLineWidth(size / 12)
        canvas.line(left + first * wide - 1.5, base + 0.3 * size, left + last * wide + 1.5, base + 0.3 * size)

    assert told(texts, font, size, strike, struck) == list(texts)


@in_every_font
@pytest.mark.parametrize("other", [6.0, 9.0, 13.0])
def test_what_is_written_on_other_letters_is_told(font: str, other: float) -> None:
    """Another value in the same place, smaller, as large or larger."""
    written = ("7", "560", "24/06/2025", "Villejuif")

    def write(canvas: Canvas, left: float, base: float, _: float) -> None:
        canvas.setFont("Helvetica", other)
        canvas.drawString(left, base + 0.2, "9810M")

    assert told(written, font, 9.0, write, doubled) == list(written)
