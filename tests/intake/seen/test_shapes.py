"""Letters told by their ink, and texts by what OCR reads of them."""

from __future__ import annotations

import ctypes

import pypdfium2
import pytest
from PIL import Image
from pypdfium2 import raw

from pipeline.forms.fonts import font_file
from pipeline.reading.seen.eyesight import agrees
from pipeline.reading.seen.shapes import Shape, is_like, shape_of

SCALE = 2.5
FIGURES, LETTERS = "0123456789", "ABDEFGHKLMNPRTadeghmnrt"


def drawn(letters: str, size: float) -> dict[str, Shape]:
    """The shapes of letters of Carlito, which is none of the references, as the eye has them of a page."""
    data = font_file().read_bytes()
    pdf = pypdfium2.PdfDocument.new()
    font = raw.FPDFText_LoadFont(
        pdf.raw, (ctypes.c_ubyte * len(data)).from_buffer_copy(data), len(data), raw.FPDF_FONT_TRUETYPE, 1
    )
    page = pdf.new_page(40 * len(letters), 40)
    for place, letter in enumerate(letters):
        text = raw.FPDFPageObj_CreateTextObj(pdf.raw, font, size)
        units = ctypes.create_string_buffer(f"{letter}\0".encode("utf-16-le"))
        raw.FPDFText_SetText(text, ctypes.cast(units, ctypes.POINTER(ctypes.c_ushort)))
        raw.FPDFPageObj_Transform(text, 1, 0, 0, 1, place * 40 + 10.3, 10.4)
        raw.FPDFPage_InsertObject(page.raw, text)
    page.gen_content()
    picture: Image.Image = page.render(scale=SCALE, grayscale=True).to_pil()
    found, words = {}, page.get_textpage()
    for index in range(words.count_chars()):
        if not raw.FPDFText_IsGenerated(words.raw, index):
            left, bottom, right, top = words.get_charbox(index)
            box = (left * SCALE, (40 - top) * SCALE, right * SCALE, (40 - bottom) * SCALE)
            shape = shape_of(picture, box, (40 - 10.4) * SCALE, size * SCALE, 255)
            assert shape is not None
            found[letters[int(left // 40)]] = shape
    return found


@pytest.mark.parametrize("size", [8, 9.5, 12])
def test_each_figure_is_taken_for_itself_alone(size: float) -> None:
    """In a font that is none of the references, at the sizes of forms: no figure passes for another."""
    shapes = drawn(FIGURES, size)
    assert [figure for figure in FIGURES if not is_like(shapes[figure], figure)] == []
    assert [(one, two) for one in FIGURES for two in FIGURES if one != two and is_like(shapes[one], two)] == []


def test_letters_of_other_shapes_are_told_apart() -> None:
    """So are letters, but for a few that only an accent or a serif tells."""
    shapes = drawn(LETTERS, 9.5)
    assert [letter for letter in LETTERS if not is_like(shapes[letter], letter)] == []
    pairs = [(one, two) for one in LETTERS for two in LETTERS if one.casefold() != two.casefold()]
    assert sum(is_like(shapes[one], two) for one, two in pairs) <= len(pairs) / 100


@pytest.mark.parametrize(
    ("text", "seen", "same"),
    [
        ("4,35", "4.35", True),
        ("4,35", "435", False),
        ("1,40", "140", False),
        ("BENAÏSSA", "BENAISSA", True),
        ("BENAÏSSA", "BENAISSO", False),
        ("08/04/2025", "08/04/2025", True),
        ("08/04/2025", "08/04/2026", False),
        ("Rendre compte de l’action dans un bilan écrit", "Rendre compte de l'action dans un bilan ecrit.", True),
        ("Rendre compte de l’action dans un bilan oral", "Rendre compte de l'action dans un bilan écrit", False),
        ("Tél. 06 12 34 56 78", "Tel. 0612345678", True),
    ],
)
def test_what_ocr_reads_agrees_or_not(text: str, seen: str, *, same: bool) -> None:
    """Figures and what parts them must be the same; accents, case and spaces may be lost."""
    assert agrees(text, seen, text.split()) is same
