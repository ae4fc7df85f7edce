"""Why a scanned page is held back; no engine is needed here."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.reading.ocr.page_images import PageImage
from pipeline.reading.ocr.rulings import Rulings
from pipeline.reading.ocr.scan_reading import ScannedPage
from pipeline.reading.ocr.scanned_zones import ZoneText, lined, page_reason
from pipeline.reading.tokens import Source, Token, TokenKind

WORDS = tuple(
    Token(TokenKind.WORD, f"mot{index}", 1, (50.0, 20.0 * index, 90.0, 20.0 * index + 10), Source.RAPIDOCR)
    for index in range(30)
)


def page(legible: float) -> ScannedPage:
    """An empty page that reads so well."""
    white = np.full((400, 300), 255, np.uint8)
    return ScannedPage(PageImage(1, white, 1.0, np.eye(3)), white * 0, Rulings((), ()), legible, 0)


def zone(text: str, confidence: float, *, inked: bool = False) -> ZoneText:
    """One slot as the engines saw it."""
    return ZoneText(text, confidence, "", 1.0, 1, (0.0, 0.0, 10.0, 10.0), inked=inked)


@pytest.mark.parametrize(
    ("legible", "confidences", "inked", "code"),
    [
        (0.98, (0.99, 0.97, 1.0, 0.95), False, None),
        (0.90, (0.55, 0.61, 0.97, 0.70), False, "MANUSCRIT"),
        (0.95, (1.0, 1.0, 1.0, 1.0), True, "MANUSCRIT"),
        (0.30, (0.99, 0.97, 1.0, 0.95), False, "ILLISIBLE"),
    ],
    ids=["typed", "unsure letters", "ink no engine reads", "blurred"],
)
def test_page_is_held_back_with_its_reason(
    legible: float,
    confidences: tuple[float, ...],
    inked: bool,  # noqa: FBT001 -- a table
    code: str | None,
) -> None:
    """Handwriting is unsure answers among sure labels; a blurred page is unsure everywhere."""
    texts = {str(index): zone("" if inked else "mot", sure, inked=inked) for index, sure in enumerate(confidences)}
    reason = page_reason(page(legible), WORDS, texts)

    assert (reason and reason.code) == code


def test_page_without_words_is_illegible() -> None:
    """Nothing could be read at all."""
    assert str(page_reason(page(1.0), WORDS[:2], {})).startswith("ILLISIBLE : la page 1")


def test_words_come_line_by_line() -> None:
    """A word a little lower is on the same line; the line break of the form is kept."""
    spots = {"Marie": (60, 101), "DUPONT": (10, 100), "ou": (40, 121), "Durand": (10, 120)}
    words = [Token(TokenKind.WORD, text, 1, (x, y, x + 25, y + 10.0)) for text, (x, y) in spots.items()]

    assert lined(words) == "DUPONT Marie\nDurand ou"
