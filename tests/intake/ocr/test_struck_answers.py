"""A school's form that was printed, corrected by hand and scanned."""

from __future__ import annotations

import io
import math
from dataclasses import replace
from pathlib import Path

import people
import pypdfium2
import pytest
from PIL import ImageDraw, ImageFont

from pipeline.blanks.layout_cache import compile_layouts
from pipeline.core.doubts import Reason
from pipeline.core.fields import Dictionary
from pipeline.forms.fonts import font_file
from pipeline.forms.layouts import load_layout
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.scans import read_scanned_form

LAYOUTS = Path(__file__).parents[2] / "layouts"
SCALE = 200 / 72
NAME = (178.1, 142.4, 213.8, 156.3)  # points: where « DUPONT » is on the scan


@pytest.mark.long
def test_a_corrected_scan_is_doubted_where_it_was_corrected(
    given_out: KnownForms, dictionary: Dictionary, tmp_path: Path
) -> None:
    """The old name is quoted and no part of the new one; other answers are read as ever."""
    document = pypdfium2.PdfDocument(LAYOUTS / "tableau" / "00.scan.pdf")
    pages = [page.render(scale=SCALE).to_pil().convert("L") for page in document]
    draw, font = ImageDraw.Draw(pages[0]), ImageFont.truetype(str(font_file()), 24)
    x0, top, x1, foot = (value * SCALE for value in NAME)
    waves = [(x0 - 5 + n * (x1 - x0 + 10) / 30, (top + foot) / 2 + 2 * math.sin(n / 2)) for n in range(31)]
    draw.line(waves, fill=60, width=3)
    draw.text((x1 + 16, top), "MARTIN", font=font, fill=40)
    made = io.BytesIO()
    pages[0].save(made, "PDF", save_all=True, append_images=pages[1:], resolution=200)
    layouts = compile_layouts([load_layout(LAYOUTS / "tableau")], dictionary, tmp_path)

    reading = read_scanned_form(made.getvalue(), replace(given_out, layouts=layouts), people.TODAY, photo=False)
    found = {field.path: field for field in reading.fields}

    assert found["stagiaire.nom"].doubt is not None
    assert found["stagiaire.nom"].doubt.code is Reason.CROSSED_OUT
    assert "DUPONT" in found["stagiaire.nom"].doubt.why
    assert found["stagiaire.nom"].value == "MARTIN"
    assert not [path for path, field in found.items() if field.doubt and path.startswith("stage.")]
    assert reading.strays == ()
