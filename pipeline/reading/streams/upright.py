"""Pages that came turned: their text says which way is up."""

from __future__ import annotations

import io
import math
from collections import Counter
from collections.abc import Mapping

import pypdf
from pdfplumber.page import Page
from pypdf.errors import PyPdfError

_MOST = 0.6  # share of a page's letters that must agree on the direction


def turn_of(page: Page) -> int:
    """By how many degrees clockwise a page must be turned to be read: a multiple of 90, 0 for most."""
    ways = Counter(_direction(char["matrix"]) for char in page.chars if char["text"].strip())
    way, count = ways.most_common(1)[0] if ways else (0, 0)
    return way if count >= _MOST * ways.total() else 0


def turned(data: bytes, turns: Mapping[int, int]) -> bytes | None:
    """The same PDF with some pages (from 0) turned clockwise; ``None`` if it cannot be rewritten."""
    try:
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
        for index, turn in turns.items():
            writer.pages[index].rotate(turn)
        written = io.BytesIO()
        writer.write(written)
    except PyPdfError:
        return None
    return written.getvalue()


def _direction(matrix: tuple[float, ...]) -> int:
    """The direction of writing as seen on the page, in degrees counter-clockwise, to the nearest quarter turn."""
    return round(math.degrees(math.atan2(matrix[1], matrix[0])) / 90) * 90 % 360
