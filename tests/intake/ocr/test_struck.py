"""Words struck out on an image: pen strokes through print are told, rulings, underlines and dark bars are not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline.core.doubts import Reason
from pipeline.core.models import Box
from pipeline.forms.fonts import font_file
from pipeline.reading.ocr.page_images import Grey, PageImage
from pipeline.reading.ocr.rulings import ink_of
from pipeline.reading.ocr.scan_reading import with_strokes
from pipeline.reading.ocr.scanned_zones import unstruck
from pipeline.reading.ocr.struck import is_struck
from pipeline.reading.tokens import Source, Token, TokenKind

pytestmark = pytest.mark.sampled(3)

SCALE = 200 / 72
WORDS = ("Orléans", "DUPONT", "14/04/2025", "48", "732 829 320 00074", "contact@example.org", "PEÑA", "L’HÉRITIER")
X, Y = 60, 80


def paper() -> Image.Image:
    """A white strip of paper, 200 dpi."""
    return Image.new("L", (700, 160), 250)


def written(paper: Image.Image, text: str, at: tuple[int, int] = (X, Y), shade: int = 30) -> Box:
    """A word typed on it; its box in points, a little larger than its letters."""
    font = ImageFont.truetype(str(font_file()), 26)
    draw = ImageDraw.Draw(paper)
    draw.text(at, text, font=font, fill=shade)
    x0, top, x1, bottom = draw.textbbox(at, text, font=font)
    return (x0 / SCALE, (top - 3) / SCALE, x1 / SCALE, (bottom + 3) / SCALE)


def stroke(paper: Image.Image, box: Box, kind: str) -> None:
    """A line through a word as people draw it."""
    x0, y0, x1, y1 = (value * SCALE for value in box)
    middle, across = (y0 + y1) / 2 + 2, np.linspace(x0 - 6, x1 + 6, 60)
    lean = {"leaning down": 0.05, "leaning up": -0.05}.get(kind, 0.0)
    wave = 2.0 if kind == "wavering" else 0.0
    points = [(x, middle + lean * (x - (x0 + x1) / 2) + wave * math.sin(n / 3)) for n, x in enumerate(across)]
    ImageDraw.Draw(paper).line(points, fill=60, width=1 if kind == "thin" else 3)


def inked(paper: Image.Image) -> Grey:
    """Its ink."""
    return ink_of(np.asarray(paper, np.uint8))


@pytest.mark.parametrize("text", WORDS)
@pytest.mark.parametrize("kind", ["level", "thin", "leaning down", "leaning up", "wavering"])
def test_a_stroke_through_a_word_is_told(text: str, kind: str) -> None:
    """Short or long, in figures or letters: the stroke goes from end to end."""
    sheet = paper()
    box = written(sheet, text)
    assert not is_struck(inked(sheet), SCALE, box)

    stroke(sheet, box, kind)

    assert is_struck(inked(sheet), SCALE, box)


@pytest.mark.parametrize("text", WORDS)
@pytest.mark.parametrize("what", ["underline", "ruling above", "ruling through the page", "bar", "cell"])
def test_lines_that_are_no_strokes_are_not(text: str, what: str) -> None:
    """Underlines, the sides of a cell, a ruling that goes on, white letters on a bar of colour."""
    sheet = paper()
    draw = ImageDraw.Draw(sheet)
    if what == "bar":
        draw.rectangle((0, Y - 8, 700, Y + 40), fill=40)
    box = written(sheet, text, shade=250 if what == "bar" else 30)
    x0, y0, x1, y1 = (round(value * SCALE) for value in box)
    if what == "underline":
        draw.line((x0, y1 - 3, x1, y1 - 3), fill=30, width=2)
    elif what == "ruling above":
        draw.line((0, y0 + 1, 700, y0 + 1), fill=30, width=2)
    elif what == "ruling through the page":
        draw.line((0, (y0 + y1) // 2, 700, (y0 + y1) // 2), fill=30, width=2)
    elif what == "cell":
        draw.rectangle((x0 - 8, y0 - 6, x1 + 8, y1 + 6), outline=30, width=2)

    assert not is_struck(inked(sheet), SCALE, box)


def test_the_new_word_behind_a_struck_one_is_not_struck() -> None:
    """« Orléans » struck, « Alves » behind it: the first has a doubt that quotes it, and is no part of the answer."""
    sheet = paper()
    old, new = written(sheet, "Orléans"), written(sheet, "Alves", (X + 170, Y))
    stroke(sheet, old, "wavering")
    page = PageImage(1, np.asarray(sheet, np.uint8), SCALE, np.eye(3))
    words = [
        with_strokes(Token(TokenKind.WORD, text, 1, box, Source.RAPIDOCR), inked(sheet), page)
        for text, box in (("Orléans", old), ("Alves", new))
    ]

    assert [word.text for word in unstruck(words)] == ["Alves"]
    assert [word.text for word in words if word.struck] == ["Orléans"]
    assert words[0].doubt is not None
    assert (words[0].doubt.code, words[0].doubt.why) == (Reason.CROSSED_OUT, "« Orléans » est barré sur l’image")
