"""Page imposition: a sheet on which a printer put several pages of our form, each told by the mark at its foot."""

from __future__ import annotations

from pdfplumber.page import Page

from pipeline.core.sequences import runs
from pipeline.forms.blank import MARK

_APART = 0.25  # of a sheet's side, between the marks of two pages


def tiles_of(page: Page) -> list[Page]:
    """The pages that a sheet shows, in the order in which they are read; the sheet itself, of one page."""
    said = "".join(char["text"][:1] or " " for char in page.chars)
    places = [page.chars[at] for at in _found(said, f"{MARK}/")]
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


def _found(text: str, word: str) -> list[int]:
    found, at = [], text.find(word)
    while at >= 0:
        found.append(at)
        at = text.find(word, at + 1)
    return found


def _bands(places: list[float], side: float) -> int:
    """How many columns, or rows, of pages there are."""
    return len(runs(sorted(places), lambda run, place: place - run[-1] < _APART * side))
