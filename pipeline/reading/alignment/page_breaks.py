"""Table rows cut by a page break: the two pieces of each cell put together, and heading rows printed again left out.

A page is walked cell by cell, so that what is left of a row on the next page reads like a row of its own: the rest
of its first cell would be taken for the answer of the second. Only the blank says whether a row was cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.core.folding import fold
from pipeline.reading.alignment.align import Aligned
from pipeline.reading.alignment.atoms import Mark
from pipeline.reading.alignment.margins import margin_lines
from pipeline.reading.alignment.surroundings import Context
from pipeline.reading.tokens import Stream, Token, TokenKind

_SAME_COLUMN = 3.0  # points: how exactly programs draw the cells of one column on two pages
_BORDERS = (Mark.CELL, Mark.ROW)


@dataclass(frozen=True)
class _Row:
    """A row of a table: the indices of its cells’ borders, and of its end."""

    cells: tuple[int, ...]
    end: int


def across_pages(context: Context, again: Callable[[Stream], Context]) -> Context:
    """The alignment ``again`` made, with each row put together that the blank shows to be one; else the same."""
    for page in range(len(context.stream) - 1, 0, -1):  # from the end: what is changed lies behind what is to come
        if context.stream[page].kind is TokenKind.PAGE:
            for stream in _without_break(context.stream, page):
                other = again(stream)
                if _misfit(other) < _misfit(context):
                    context = other
    return context


def _without_break(stream: Stream, page: int) -> Iterator[Stream]:
    """The stream without the break before a page: a heading repeated left out, two pieces of a row made one."""
    margins = {index for line in margin_lines(stream) for index in line.tokens}
    above = _row_before(stream, page, margins)
    below = _row_after(stream, page, margins)
    if above is None or below is None or not _same_columns(stream, above, below):
        return
    if _words(stream, below) in {_words(stream, row) for row in _rows_on(stream, above)} and any(
        _words(stream, below)
    ):
        stream = (*stream[: below.cells[0]], *stream[below.end + 1 :])
        yield stream
        rest = _row_after(stream, page, margins)
        if rest is None or not _same_columns(stream, above, rest):
            return
        below = rest
    yield _joined(stream, above, below)


def _row_before(stream: Stream, page: int, margins: set[int]) -> _Row | None:
    """The row that ends a page, but for what is printed in its margin."""
    end = page - 1
    while end > 0 and (end in margins or stream[end].kind is TokenKind.PARAGRAPH):
        end -= 1
    return _row_ending(stream, end) if stream[end].kind is TokenKind.ROW else None


def _row_ending(stream: Stream, end: int) -> _Row:
    start = end
    while start > 0 and stream[start - 1].kind not in (TokenKind.ROW, TokenKind.PAGE):
        start -= 1
    return _Row(tuple(index for index in range(start, end) if stream[index].kind is TokenKind.CELL), end)


def _row_after(stream: Stream, page: int, margins: set[int]) -> _Row | None:
    """The row that begins a page, but for what is printed in its margin."""
    start = page + 1
    while start < len(stream) and (start in margins or stream[start].kind is TokenKind.PARAGRAPH):
        start += 1
    if start >= len(stream) or stream[start].kind is not TokenKind.CELL:
        return None
    return _row_ending(stream, next(i for i in range(start, len(stream)) if stream[i].kind is TokenKind.ROW))


def _rows_on(stream: Stream, row: _Row) -> Iterator[_Row]:
    """The rows of the same page before a row."""
    index = row.cells[0] - 1
    while index >= 0 and stream[index].kind is not TokenKind.PAGE:
        if stream[index].kind is TokenKind.ROW:
            yield _row_ending(stream, index)
        index -= 1


def _same_columns(stream: Stream, one: _Row, other: _Row) -> bool:
    """Whether each cell of the upper row goes on in the lower one; a cell over several rows may go on empty."""
    columns = [stream[index] for index in one.cells]
    beyond = [held for held in _cells(stream, other) if not any(_aligned(held[0], column) for column in columns)]
    return len(other.cells) - len(beyond) == len(one.cells) > 0 and not any(
        token.text for held in beyond for token in held
    )


def _aligned(one: Token, other: Token) -> bool:
    return all(abs(one.spot[side] - other.spot[side]) <= _SAME_COLUMN for side in (0, 2))


def _words(stream: Stream, row: _Row) -> tuple[str, ...]:
    return tuple(fold(token.text) for token in stream[row.cells[0] : row.end] if token.kind is TokenKind.WORD)


def _joined(stream: Stream, above: _Row, below: _Row) -> Stream:
    """The stream with what stands in each cell of the lower row behind what stands in that of the upper one."""
    kept = list(stream[: above.cells[0]])
    rest = list(_cells(stream, below))
    for upper in _cells(stream, above):
        kept += [*upper, *(token for lower in rest if _aligned(upper[0], lower[0]) for token in lower[1:])]
    return (*kept, *stream[above.end : below.cells[0]], *stream[below.end + 1 :])


def _cells(stream: Stream, row: _Row) -> Iterator[Sequence[Token]]:
    for start, end in zip(row.cells, (*row.cells[1:], row.end), strict=True):
        yield stream[start:end]


def _misfit(context: Context) -> int:
    """How much of a form and of its blank has nothing to answer to: words, borders, and borders inside answers."""
    aligned: Aligned = context.aligned
    fallen = sum(context.atoms[atom].mark in _BORDERS for held in aligned.fallen.values() for atom in held)
    extra = sum(context.atoms[atom].mark in _BORDERS for atom in aligned.extra)
    missing = sum(
        item.placeholder is None and item.atom.mark in _BORDERS and index not in aligned.pairs
        for index, item in enumerate(context.template.items)
    )
    return len(context.lost) + len(context.strangers) + fallen + extra + missing
