"""Level strokes through letters, told by their ink: of any font and size, through one figure or a whole line."""

from __future__ import annotations

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.reading.seen.sheets import Sheets
from pipeline.reading.seen.strikes import is_struck

TEXTS = (
    *(
        "7",
        "560",
        "4,35",
        "24/06/2025",
        "35600000009075",
        "Villejuif",
        "HEFF TTTA",
        "effet fft ttt",
        "LE GOFF-KERVELLA",
    ),
    *("marie.durand@example.org", "12 – 14", "—", "— 7", "1 m à 2 m", "Offert : ŒUVRE", "« etc. »"),
)
FONTS = ("Helvetica", "Times-Roman", "Courier", "Helvetica-Bold", "Times-Italic")


def struck(text: str, font: str, size: float, line: tuple[float, float] | None) -> bool:
    """Whether a text is seen as struck that has a line from one share of its width to another; ``None``: has none."""
    made = io.BytesIO()
    canvas = Canvas(made)
    canvas.setFont(font, size)
    canvas.drawString(60, 700, text)
    if line:
        wide, high = canvas.stringWidth(text, font, size), 700 + 0.3 * size
        canvas.setLineWidth(size / 12)
        canvas.line(60 + line[0] * wide - 1.5, high, 60 + line[1] * wide + 1.5, high)
    canvas.save()
    with Sheets(made.getvalue()) as sheets:
        sheet = sheets.sheet(1)
        assert sheet is not None
        return is_struck(sheet.letters((0, 0, 595, 842)), sheet)


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("size", [6.0, 9.0, 12.0])
def test_what_is_written_without_a_stroke_is_not_struck(font: str, size: float) -> None:
    """Bars of letters that touch, dashes and slashes are no strokes."""
    assert [text for text in TEXTS if struck(text, font, size, None)] == []


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("size", [6.0, 9.0, 12.0])
def test_what_a_stroke_goes_through_is_struck(font: str, size: float) -> None:
    """The whole line, or half of one that has three letters or figures there."""
    written = [text for text in TEXTS if any(sign.isalnum() for sign in text) and "—" not in text]
    assert [text for text in written if not struck(text, font, size, (0.0, 1.0))] == []
    longer = [text for text in written if sum(sign.isalnum() for sign in text) > 6]
    assert [text for text in longer if not struck(text, font, size, (0.0, 0.5))] == []
    assert [text for text in longer if not struck(text, font, size, (0.5, 1.0))] == []
