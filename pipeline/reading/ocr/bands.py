"""Page segmentation of a layout into bands: what is read in order, and what by its zones.

Sentences, leaders and tall columns move as they are filled: there an answer stands between the printed words before
and after it. The small cells of a table, and the fields of a PDF form, keep their places: there zones are better.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from pipeline.core.boxes import NOWHERE
from pipeline.core.folding import folded_letters
from pipeline.core.models import Box
from pipeline.core.sequences import grouped, runs
from pipeline.reading.alignment.atoms import Mark
from pipeline.reading.alignment.template import Template
from pipeline.reading.ocr.page_images import PageImage
from pipeline.reading.ocr.registration import Registration, across
from pipeline.reading.streams.order import lines_of
from pipeline.reading.tokens import Source, Stream, Token, TokenKind

_FIRST_LINE = 0.6  # of a word's height: how far below one another the words of a band's first line stand
_SEVERAL = 2  # answers in one cell: it is a column of its own


class Reading(Enum):
    """Reading mode of a band."""

    LINES = "lines"
    COLUMNS = "columns"
    ZONES = "zones"


@dataclass(frozen=True)
class Band:
    """Consecutive items of a template (their indices), read in one way; ``cells`` are the boxes of its columns."""

    reading: Reading
    items: tuple[int, ...]
    cells: tuple[Box, ...] = ()


Start = tuple[int, float]  # page as it was scanned, and points from its top


def bands_of(template: Template) -> tuple[Band, ...]:
    """The bands of a printed template, from its first page to its last; neighbours read alike are one."""
    return tuple(
        replace(alike[0], items=tuple(item for band in alike for item in band.items))
        for alike in runs(_rows(template), lambda run, band: run[-1].reading is band.reading is not Reading.COLUMNS)
    )


def _rows(template: Template) -> Iterator[Band]:
    """Each row of a table, and each stretch between tables; fields of a PDF form are read by their zones."""
    held: list[int] = []
    inside = False
    for index, item in enumerate(template.items):
        mark = item.atom.mark if item.placeholder is None else Mark.WORD
        if mark is Mark.CELL and not inside:
            if held:
                yield _stretch(template, held)
            held, inside = [], True
        held.append(index)
        if mark is Mark.ROW:
            yield _row(template, held)
            held, inside = [], False
    if held:
        yield _stretch(template, held)


def _stretch(template: Template, held: Sequence[int]) -> Band:
    fields = any(template.token(index).source is Source.ACROFORM for index in held)
    return Band(Reading.ZONES if fields else Reading.LINES, tuple(held))


def _row(template: Template, held: Sequence[int]) -> Band:
    cells: list[Box] = []
    answers: list[int] = []
    for index in held:
        item = template.items[index]
        if item.placeholder is None and item.atom.mark is Mark.CELL:
            cells.append(template.token(index).box or NOWHERE)
            answers.append(0)
        elif item.is_text:
            answers[-1] += 1
    if max(answers) >= _SEVERAL:
        return Band(Reading.COLUMNS, tuple(held), tuple(cells))
    return Band(Reading.ZONES, tuple(held))


def ordered(
    template: Template, bands: Sequence[Band], words: Stream, place: Registration, pages: Sequence[PageImage]
) -> Stream | None:
    """An engine's words of the bands that are read in order, as a stream with lines, columns and rows.

    ``None`` where the bands cannot be told apart on the scan: no printed word of one was found, or they come in
    another order than on the layout.
    """
    starts = _starts(template, bands, place)
    if starts is None:
        return None
    dealt = grouped(
        (sum(start <= (int(word.page or 0), word.middle[1]) for start in starts[1:]), word) for word in words
    )
    sizes = {page.number: page.size for page in pages}
    made: list[Token] = []
    for rank, band in enumerate(bands):
        if band.reading is Reading.LINES:
            made.extend(_lines(dealt.get(rank, ()), sizes))
        elif band.reading is Reading.COLUMNS:
            made.extend(_columns(band, dealt.get(rank, ()), place))
    return tuple(made)


def _starts(template: Template, bands: Sequence[Band], place: Registration) -> list[Start] | None:
    """Where each band begins on the scan."""
    if len(bands) == 1:
        return [(0, 0.0)]
    anchors = {id(anchor.literal): anchor.word for anchor in place.anchors}
    found: list[Start] = []
    for band in bands:
        printed = [template.token(index) for index in band.items if template.items[index].literal]
        start = _start([token for token in printed if token.box], anchors)
        if start is None or (found and start <= found[-1]):
            return None
        found.append(start)
    return found


def _start(printed: Sequence[Token], anchors: dict[int, Token]) -> Start | None:
    """The height of the band's first printed line, told by its first line that was found again."""
    if not printed:
        return None
    page = min(int(token.page or 0) for token in printed)
    here = [token for token in printed if token.page == page]
    top = min(token.middle[1] for token in here)
    for token in sorted(here, key=lambda token: token.middle[1]):
        high = token.spot[3] - token.spot[1]
        level = [other for other in here if abs(other.middle[1] - token.middle[1]) <= _FIRST_LINE * high]
        seen = [(anchors[id(other)], other.middle[1]) for other in level if id(other) in anchors]
        if seen:
            number = min(int(word.page or 0) for word, _ in seen)
            heights = [word.middle[1] - (y - top) for word, y in seen if word.page == number]
            return number, min(heights) - high / 2
    return None


def _lines(words: Sequence[Token], sizes: dict[int, tuple[float, float]]) -> Iterator[Token]:
    """Words as lines, page after page."""
    for page in sorted({int(word.page or 0) for word in words}):
        width, height = sizes.get(page, (0.0, 0.0))
        yield Token(TokenKind.PAGE, page=page, box=(0.0, 0.0, width, height))
        yield from _in_lines(page, words)


def _in_lines(page: int, words: Sequence[Token]) -> Iterator[Token]:
    """The lines of one page; a line without a letter or a figure is what is left of a ruling."""
    for line in lines_of([word for word in words if word.page == page]):
        if any(folded_letters(word.text) for word in line.words):
            yield from line.words
            yield Token(TokenKind.PARAGRAPH, page=page)


def _columns(band: Band, words: Sequence[Token], place: Registration) -> Iterator[Token]:
    """Words column by column; a column that goes on overleaf is read to its end."""
    edges = [cell[0] for cell in band.cells[1:]]
    held: list[list[Token]] = [[] for _ in band.cells]
    for word in words:
        rule = place.rules.get(int(word.page or 0), (1.0, 0.0, 0.0))
        x, y = word.middle
        held[sum(across(rule, edge, y) <= x for edge in edges)].append(word)
    for cell, mine in zip(band.cells, held, strict=True):
        yield Token(TokenKind.CELL, box=cell)
        for page in sorted({int(word.page or 0) for word in mine}):
            yield from _in_lines(page, mine)
    yield Token(TokenKind.ROW)
