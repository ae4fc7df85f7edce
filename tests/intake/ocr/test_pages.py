"""Files to page images, and page images made fit to be read; no engine is needed here."""

from __future__ import annotations

import io

import cv2
import numpy as np
import paper_form as paper
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from pipeline.core.errors import FormRejected
from pipeline.reading import ocr
from pipeline.reading.ocr import missing, require
from pipeline.reading.ocr.page_images import (
    MAX_PAGES,
    flat,
    pdf_images,
    photo_image,
    photo_images,
    sheet,
    skew,
    turned,
)
from pipeline.reading.ocr.rulings import MANY, ink_of, leaders_of, rulings_of, without_leaders, without_rulings


def test_scan_without_the_extra_is_sent_back_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sender is told what to send instead."""
    monkeypatch.setattr(ocr.importlib.util, "find_spec", lambda name: None if name == "rapidocr" else object())

    with pytest.raises(FormRejected, match="rempli à l’ordinateur") as caught:
        require()
    assert (caught.value.reason, missing()) == ("OCR_ABSENT", ("rapidocr",))


def test_pdf_page_is_rendered_at_200_dpi() -> None:
    """One page, its size in points kept."""
    (page,) = pdf_images(paper.filled())

    assert (page.number, page.size) == (1, pytest.approx((paper.WIDTH, paper.HEIGHT), abs=0.6))


def test_huge_page_is_refused() -> None:
    """A page of four metres would fill the memory."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(12_000, 12_000))
    canvas.showPage()
    canvas.save()

    with pytest.raises(FormRejected, match="c’est trop") as caught:
        pdf_images(made.getvalue())
    assert caught.value.reason == "IMAGE_TROP_GRANDE"


def test_too_many_image_pages_are_refused() -> None:
    """A form has a few pages."""
    made = io.BytesIO()
    canvas = Canvas(made)
    for _ in range(MAX_PAGES + 1):
        canvas.showPage()
    canvas.save()

    with pytest.raises(FormRejected, match=f"{MAX_PAGES + 1} pages"):
        pdf_images(made.getvalue())


@pytest.mark.parametrize(("size", "text"), [((300, 400), "trop petite"), ((7000, 5000), "c’est trop")])
def test_photo_out_of_limits_is_refused(size: tuple[int, int], text: str) -> None:
    """Before its pixels are decoded, if they are too many."""
    made = io.BytesIO()
    Image.new("L", size, 255).save(made, "PNG")

    with pytest.raises(FormRejected, match=text):
        photo_image(made.getvalue())


def test_cut_photo_is_refused() -> None:
    """An image that stops before its end."""
    with pytest.raises(FormRejected, match="endommagée"):
        photo_image(paper.photographed(paper.picture(paper.filled()))[:5_000])


def test_slope_of_the_lines_is_measured() -> None:
    """Within a tenth of a degree or two."""
    (page,) = pdf_images(paper.scanned(paper.picture(paper.filled()), angle=2.3))

    assert skew(flat(page.pixels)) == pytest.approx(-2.3, abs=0.2)


def test_sheet_is_cut_out_of_its_photograph() -> None:
    """The corners of the page come to the corners of the image; the table is gone."""
    found = sheet(photo_image(paper.photographed(paper.picture(paper.filled()))))
    blank = flat(found.pixels)

    assert found.size == pytest.approx((595.28, 841.89), abs=0.5)
    assert [int(np.median(blank[rows, 20:-20])) > 200 for rows in (slice(15, 40), slice(-40, -15))] == [True, True]


def test_turning_keeps_the_way_back() -> None:
    """A box on the turned page is where it was on the page received."""
    (page,) = pdf_images(paper.filled())
    side = turned(page, 1)

    assert side.size == pytest.approx((paper.HEIGHT, paper.WIDTH), abs=0.6)
    assert side.as_received((0, 0, 10, 20)) == pytest.approx((0, paper.HEIGHT - 10, 20, paper.HEIGHT), abs=1.0)


def test_rulings_are_found_and_removed_but_not_the_words() -> None:
    """A cell's sides bound the zones; tesseract sees words only."""
    (page,) = pdf_images(paper.filled(ticked=None))
    ink = ink_of(page.pixels)
    clean = without_rulings(page.pixels, ink, page.scale)
    found = rulings_of(page, ink)

    assert len(found.level) == len(paper.ROWS) + 1
    assert rulings_of(page, ink_of(clean)).level == ()
    name = tuple(round(value * page.scale) for value in (paper.ANSWER_X + 4, paper.FIRST + 4, 330, paper.FIRST + 22))
    part = np.s_[name[1] : name[3], name[0] : name[2]]
    assert np.count_nonzero(clean[part] < 128) > 0.97 * np.count_nonzero(page.pixels[part] < 128)


def dotted(*, from_x: int, to_x: int, step: int = 9) -> np.ndarray:
    """A word, then dots four pixels wide."""
    page = np.full((300, 1200), 245, np.uint8)
    cv2.putText(page, "Nom", (40, 160), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (0,), 3)
    for x in range(from_x, to_x, step):
        page[156:160, x : x + 4] = 0
    return page


def test_leaders_are_removed_but_not_the_full_stops() -> None:
    """Five dots in a row or more are a leader; those of « M. A. B. » are not."""
    page = dotted(from_x=160, to_x=900)
    for x in (940, 1000, 1060):
        page[156:160, x : x + 4] = 0
    leaders = leaders_of(ink_of(page), 200 / 72)
    clean = without_leaders(page, leaders)

    assert leaders.dots > MANY
    assert (int(np.count_nonzero(clean[:, 150:920] < 128)), int(np.count_nonzero(clean[:, 930:] < 128))) == (0, 48)
    assert np.array_equal(clean[:, :140], page[:, :140])


def test_dot_of_an_address_typed_on_leaders_stays() -> None:
    """« x.fr » followed by dots: the full stop is farther from them than they are from each other."""
    page = dotted(from_x=400, to_x=700)
    page[156:160, 370:374] = 0  # ten points before: a letter stood between
    clean = without_leaders(page, leaders_of(ink_of(page), 200 / 72))

    assert int(np.count_nonzero(clean[150:165, 360:380] < 128)) == 16


@pytest.mark.parametrize("count", [3, 4], ids=["ellipsis", "four dots"])
def test_few_dots_are_no_leader(count: int) -> None:
    """An ellipsis is part of the answer."""
    assert leaders_of(ink_of(dotted(from_x=400, to_x=400 + 9 * count)), 200 / 72).dots == 0


def test_each_page_of_a_tiff_is_a_page() -> None:
    """Scanners put all pages into one; the page of a photograph is one."""
    sheets = [Image.new("L", (700, 900 + number), 255) for number in range(3)]
    made = io.BytesIO()
    sheets[0].save(made, "TIFF", save_all=True, append_images=sheets[1:])
    found = [(page.number, page.pixels.shape) for page in photo_images(made.getvalue())]
    assert found == [(1, (900, 700)), (2, (901, 700)), (3, (902, 700))]
    assert [page.number for page in photo_images(paper.photographed(paper.picture(paper.filled())))] == [1]
