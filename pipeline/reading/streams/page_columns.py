"""Newspaper columns of a PDF page, told by the order in which the page was written: one down, then up and beside it.

Across such a page the lines of two columns stand level, as in a table without rules: only the order of writing tells
them apart. A word processor writes the left column whole and goes on at the top of the next.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pdfplumber
from pdfplumber.page import Page

from pipeline.core.models import Box
from pipeline.reading.streams.drawn import MAX_SIDE, box_of
from pipeline.reading.streams.order import grids_of

_LEVEL, _SPACE = 0.5, 3.0  # of a letter's size: up or down, and aside, that letters of one stretch stand apart
_UP = 1.5  # of a letter's size: farther up the page than a line
_TALL = 0.25  # share of the page's height that the first of two columns takes at least
_FEWEST = 5  # stretches of letters in it
_OVERFLOW = 0.1  # share of them that may end in the next column: titles that are wider than theirs
_WIDE = 10.0  # points: what is drawn wider than this is a side of a frame that lies along the lines
_NARROWEST = 0.5  # of the width of the widest column


@dataclass(frozen=True)
class _Stretch:
    """Letters written one after the other on one line: their box, and the indices of the first and the last one."""

    box: Box
    first: int
    last: int

    @property
    def size(self) -> float:
        """The height of its letters."""
        return self.box[3] - self.box[1]


@dataclass(frozen=True)
class _Columns:
    """Two columns: the stretches of each, between which places from the left they part, and from top to bottom."""

    left: Sequence[_Stretch]
    right: Sequence[_Stretch]
    gutter: tuple[float, float]
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
    found = _bands(list(_stretches(page.chars)), page)
    if not found:
        return whole(page)
    written = {
        index: 3 * n + side
        for n, band in enumerate(found)
        for side, column in ((1, band.left), (2, band.right))
        for one in column
        for index in range(one.first, one.last + 1)
    }
    letters = {id(char): written[index] for index, char in enumerate(page.chars) if index in written}
    return [(page.filter(_picks(found, letters, n)), _holds(found, n)) for n in range(3 * len(found) + 1)]


def _picks(found: Sequence[_Columns], letters: dict[int, int], piece: int) -> Callable[[dict[str, Any]], bool]:
    def pick(item: dict[str, Any]) -> bool:
        return letters.get(id(item), _piece(found, box_of(item))) == piece

    return pick


def _holds(found: Sequence[_Columns], piece: int) -> Callable[[Box], bool]:
    return lambda box: _piece(found, box) == piece


def _piece(found: Sequence[_Columns], box: Box) -> int:
    """Of the n-th band of columns 3 n + 1 and 3 n + 2, from 0; what stands above it 3 n, below the last 3 n + 3."""
    high = (box[1] + box[3]) / 2
    for n, one in enumerate(found):
        if high < one.band[0]:
            return 3 * n
        if high <= one.band[1]:
            return 3 * n + (1 if box[0] < sum(one.gutter) / 2 else 2)
    return 3 * len(found)


def _stretches(chars: Sequence[dict[str, Any]]) -> Iterator[_Stretch]:
    held: _Stretch | None = None
    for index, char in enumerate(chars):
        if not char["text"].strip():
            continue
        box = box_of(char)
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


def _bands(stretches: Sequence[_Stretch], page: Page) -> list[_Columns]:
    """The places where one column ends and another begins at its right, from the top of the page down."""
    width, height = float(page.width), float(page.height)
    found: list[_Columns] = []
    begin, index = 0, _FEWEST
    while index < len(stretches):
        box, last = stretches[index].box, stretches[index - 1].box
        jumps = last[1] - box[1] > _UP * (box[3] - box[1])
        columns = _beside(stretches[begin:index], stretches[index:], width, height) if jumps else None
        columns = _between_frames(page, columns) if columns else None
        if columns and all(one.band[1] <= columns.band[0] for one in found) and not _ruled_across(page, columns):
            found.append(columns)
            begin = index = index + len(columns.right)
        index += 1
    return found


def _beside(before: Sequence[_Stretch], after: Sequence[_Stretch], width: float, height: float) -> _Columns | None:
    start = after[0].box
    left = [one for one in _down_to(before, height) if one.box[3] > start[1]]
    if len(left) < _FEWEST:
        return None
    edge = _edge(left)
    right = _while_right_of(after, edge)
    if not right or max(one.box[0] for one in left) >= edge:
        return None
    begins, margin = _margin(right), _margin(left)
    narrow, wide = sorted((edge - margin, width - margin - begins))
    if narrow < _NARROWEST * wide or not _side_by_side(left, right, height):
        return None
    return _Columns(left, right, (edge, begins), _band(left, right, (*before, *after), height))


def _margin(column: Sequence[_Stretch]) -> float:
    return min(one.box[0] for one in column)


def _edge(column: Sequence[_Stretch]) -> float:
    """Where most lines of a column end at most."""
    ends = sorted(one.box[2] for one in column)
    return ends[-1 - int(_OVERFLOW * len(ends))]


def _side_by_side(left: Sequence[_Stretch], right: Sequence[_Stretch], height: float) -> bool:
    """Whether the first column is tall; or both have some lines, the first ones level."""
    top = right[0].box[1]
    level = left[0].box[1] - top < right[0].size and len(right) >= _FEWEST
    return level or left[-1].box[3] - top >= _TALL * height


def _band(
    left: Sequence[_Stretch], right: Sequence[_Stretch], others: Sequence[_Stretch], height: float
) -> tuple[float, float]:
    """From where down to where columns go: half way to the next words, a line at most."""
    top, bottom = min(left[0].box[1], right[0].box[1]), max(one.box[3] for one in (*left, *right))
    above = max((one.box[3] for one in others if one.box[3] <= top), default=0.0)
    below = min((one.box[1] for one in others if one.box[1] >= bottom), default=height)
    return max(top - left[0].size, (above + top) / 2), min(bottom + left[0].size, (bottom + below) / 2)


def _between_frames(page: Page, columns: _Columns) -> _Columns:
    """The same, parted between the frames that are drawn around the words of each."""
    edge, begins = columns.gutter
    top, bottom = columns.band
    drawn = [
        (float(item["x0"]), float(item["x1"]))
        for kind in ("rect", "line", "curve")
        for item in page.objects.get(kind, ())
        if item["x1"] - item["x0"] > _WIDE and top <= (item["top"] + item["bottom"]) / 2 <= bottom
    ]
    left = max((right for start, right in drawn if start < edge and right <= begins), default=edge)
    right = min((start for start, _ in drawn if edge <= start <= begins), default=begins)
    return replace(columns, gutter=(max(edge, left), right) if left < right else columns.gutter)


def _ruled_across(page: Page, columns: _Columns) -> bool:
    """Whether a table stands on both sides: its rows are read, unless it is the titles of tall columns that touch."""
    top, bottom = columns.band
    if bottom - top >= _TALL * float(page.height):
        return False
    near = columns.left[0].size
    return any(
        grid.box[0] < columns.gutter[0] - near
        and columns.gutter[1] + near < grid.box[2]
        and grid.box[1] < bottom
        and top < grid.box[3]
        for grid in grids_of(page, MAX_SIDE)
    )


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
