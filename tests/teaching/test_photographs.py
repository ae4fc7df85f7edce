"""Photographs drawn for whoever decides: as large as a phone takes them, and no larger than a picture may be."""

from __future__ import annotations

from PIL import Image

from pipeline.pictures import page_drawings, pixels


def test_a_photograph_of_twelve_megapixels_can_be_shown() -> None:
    """It is shrunk as a page is, and its scale follows: with its list beside it still makes a picture."""
    page, scale = page_drawings._photographed(Image.new("RGB", (4032, 3024), "white"), 1)

    assert page is not None
    assert page.width * page.height <= page_drawings._MOST_PIXELS
    assert abs(page.width / page.height - 4 / 3) < 0.01
    assert scale == min(page.size) / page_drawings._A4_WIDTH
    wide = Image.new("RGB", (page.width + int(300 * scale), page.height))
    assert pixels.size_of(pixels.png_of(page_drawings.packed(wide))) == wide.size
