"""Page imposition: a sheet on which a printer put several pages of our form, each told by the mark at its foot."""

from __future__ import annotations

import re

from pdfplumber.page import Page

from pipeline.core.sequences import runs
from pipeline.forms.blank import MARK

_APART = 0.25  # of a sheet's side, between the marks of two pages


def tiles_of(page: Page) -> list[Page]:
    """The pages that a sheet shows, in the order in which they are read; the sheet itself, of one page."""
    said = "".join(char["text"][:1] or " " for char in page.chars)
    places = [page.chars[one.start()] for one in re.finditer(f"{MARK}/", said)]
    columns = _bands([char["x0"] for char in places], page.width)
    rows = _bands([char["bottom"] for char in places], page.height)
    if len(places) < 2 or len(places) > columns * rows:
        return [page]
    wide, high = page.width / columns, page.height / rows
    return [
        page.within_bbox((column * wide, row * high, (column + 1) * wide, (row + 1) * high), strict=False)
        for row in range(rows)
        for column in range(columns)
    ]


def _bands(places: list[float], side: float) -> int:
    """How many columns, or rows, of pages there are."""
    return len(runs(sorted(places), lambda run, place: place - run[-1] < _APART * side))
