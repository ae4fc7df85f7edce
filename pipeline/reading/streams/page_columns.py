"""Newspaper columns of a PDF page, told by the order in which the page was written: one down, then up and beside it.

Across such a page the lines of two columns stand level, as in a table without rules: only the order of writing tells
them apart. A word processor writes the left column whole and goes on at the top of the next.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pdfplumber
from pdfplumber.page import Page

from pipeline.core.models import Box

_LEVEL, _SPACE = 0.5, 3.0  # of a letter's size: up or down, and aside, that letters of one stretch stand apart
_UP = 3.0  # of a letter's size: farther up the page than within a row of cells
_TALL = 0.25  # share of the page's height that the first of two columns takes at least
_FEWEST = 6  # stretches of letters in it
_OVERFLOW = 0.1  # share of them that may end in the next column: titles that are wider than theirs
_NARROWEST = 0.5  # of the width of the widest column


@dataclass(frozen=True)
class _Stretch:
    """Letters written one after the other on one line: their box, and the indices of the first and the last one."""

    box: Box
    first: int
    last: int


@dataclass(frozen=True)
class _Columns:
    """Two columns: the stretches of each, and from where on a place is of the right one."""

    left: Sequence[_Stretch]
    right: Sequence[_Stretch]
    gutter: float
    band: tuple[float, float]


Pieces = list[tuple[Page, Callable[[Box], bool]]]


def whole(page: Page) -> Pieces:
    """A page in one piece, that holds every box."""
    return [(page, lambda _: True)]


def in_columns(data: bytes) -> bool:
    """Whether a page of a PDF that can be read is set in columns."""
    with pdfplumber.open(io.BytesIO(data)) as document:
        return any(len(pieces_of(page)) > 1 for page in document.pages)


def pieces_of(page: Page) -> Pieces:
    """A page in the pieces that are read one after the other, and whether a box is in each.

    They are what stands above its columns, each column, and what stands below; the whole page, if it has none.
    """
    stretches = list(_stretches(page.chars))
    found = next(_found(stretches, float(page.width), float(page.height)), None)
    if found is None:
        return whole(page)
    written = {index: 1 for one in found.left for index in range(one.first, one.last + 1)}
    written |= {index: 2 for one in found.right for index in range(one.first, one.last + 1)}
    letters = {id(char): written[index] for index, char in enumerate(page.chars) if index in written}
    return [(page.filter(_picks(found, letters, piece)), _holds(found, piece)) for piece in range(4)]


def _picks(found: _Columns, letters: dict[int, int], piece: int) -> Callable[[dict[str, Any]], bool]:
    def pick(item: dict[str, Any]) -> bool:
        box = (item["x0"], item["top"], item["x1"], item["bottom"])
        return letters.get(id(item), _piece(found, box)) == piece

    return pick


def _holds(found: _Columns, piece: int) -> Callable[[Box], bool]:
    return lambda box: _piece(found, box) == piece


def _piece(found: _Columns, box: Box) -> int:
    """0 above the columns, 1 and 2 in them, 3 below."""
    high = (box[1] + box[3]) / 2
    if not found.band[0] <= high <= found.band[1]:
        return 0 if high < found.band[0] else 3
    return 1 if box[0] < found.gutter else 2


def _stretches(chars: Sequence[dict[str, Any]]) -> Iterator[_Stretch]:
    held: _Stretch | None = None
    for index, char in enumerate(chars):
        if not char["text"].strip():
            continue
        box = (char["x0"], char["top"], char["x1"], char["bottom"])
        if held is not None and _follows(box, held.box, char["size"]):
            held = _Stretch(_around(held.box, box), held.first, index)
            continue
        if held is not None:
            yield held
        held = _Stretch(box, index, index)
    if held is not None:
        yield held


def _around(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _follows(box: Box, held: Box, size: float) -> bool:
    level = abs((box[1] + box[3]) - (held[1] + held[3])) <= 2 * _LEVEL * size
    return level and -size <= box[0] - held[2] <= _SPACE * size


def _found(stretches: Sequence[_Stretch], width: float, height: float) -> Iterator[_Columns]:
    """Each place where a column ends and another begins at its right."""
    for index in range(_FEWEST, len(stretches)):
        box, last = stretches[index].box, stretches[index - 1].box
        size = box[3] - box[1]
        if last[1] - box[1] > _UP * size and (columns := _beside(stretches, index, width, height)):
            yield columns


def _beside(stretches: Sequence[_Stretch], index: int, width: float, height: float) -> _Columns | None:
    start = stretches[index].box
    left = [one for one in _down_to(stretches[:index], height) if one.box[3] > start[1]]
    if len(left) < _FEWEST or left[-1].box[3] - start[1] < _TALL * height:
        return None
    ends = sorted(one.box[2] for one in left)
    edge = ends[-1 - int(_OVERFLOW * len(ends))]
    right = _while_right_of(stretches[index:], edge)
    if not right or start[0] < edge:
        return None
    begins = min(one.box[0] for one in right)
    margin = min(one.box[0] for one in left)
    widths = edge - margin, width - margin - begins
    if any(one.box[0] >= edge for one in left) or min(widths) < _NARROWEST * max(widths):
        return None
    boxes = [one.box for one in (*left, *right)]
    band = min(box[1] for box in boxes), max(box[3] for box in boxes)
    return _Columns(left, right, (edge + begins) / 2, band)


def _down_to(stretches: Sequence[_Stretch], height: float) -> Sequence[_Stretch]:
    """The last of these that were written from the top down: what was written before is a head or a foot."""
    for index in range(len(stretches) - 1, 0, -1):
        if stretches[index - 1].box[1] - stretches[index].box[1] > _TALL * height:
            return stretches[index:]
    return stretches


def _while_right_of(stretches: Sequence[_Stretch], edge: float) -> list[_Stretch]:
    kept: list[_Stretch] = []
    for one in stretches:
        if one.box[0] < edge:
            break
        kept.append(one)
    return kept
