"""Reading order: the ruled cells of a page row by row, and the lines between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from pdfplumber.page import Page
from pdfplumber.table import Table

from pipeline.core.boxes import inside
from pipeline.core.models import Box
from pipeline.core.sequences import grouped, runs
from pipeline.reading.tokens import Token

_SAME_LINE = 0.5  # of a word's height: words whose middles are nearer stand on one line
_LEANS = 0.75  # and of a line that leans, or has a number between two lines beside it, the first and the last word
# Shares of the type's size.
_LEVEL = 0.4  # blocks that begin nearer than this are side by side, read from the left
_LINE, _ONE_LINE = 0.9, 3.4  # half a line and its margin, and a whole frame to write one answer in
_HAIR = 1.0  # points: half the thickness of what a tick box is drawn with
# Points: how exactly programs draw the lines of a table, whatever its type; pdfplumber's own, but for edges, as short
# as the sides of a cell. Chosen over tests/layouts.
_RULES = {"snap_tolerance": 3, "join_tolerance": 3, "edge_min_length": 6, "intersection_tolerance": 3}


@dataclass(frozen=True)
class Line:
    """Words side by side, left to right."""

    words: tuple[Token, ...]

    @property
    def size(self) -> float:
        """The height of its first word."""
        return self.words[0].spot[3] - self.words[0].spot[1]

    @property
    def start(self) -> tuple[float, float]:
        """Where it begins: the height of its middle and its left edge."""
        return self.words[0].middle[1], self.words[0].spot[0]


@dataclass(frozen=True)
class Cell:
    """One ruled cell and the words whose middle is in it."""

    box: Box
    words: tuple[Token, ...]


@dataclass(frozen=True)
class Grid:
    """One ruled table; ``size`` is that of its page's type."""

    box: Box
    rows: tuple[tuple[Cell, ...], ...]
    size: float

    @property
    def start(self) -> tuple[float, float]:
        """Where it begins: the height of the middle of its first row, or of a first line, and its left edge."""
        first = self.rows[0][0].box
        return first[1] + min((first[3] - first[1]) / 2, _LINE * self.size), self.box[0]


def grids_of(page: Page, smallest: float, boxes: Sequence[Box] = ()) -> list[Grid]:
    """The ruled tables of a page, without words yet; cells that are tick boxes and frames of one cell are none.

    The sides of the tick ``boxes`` rule nothing, though they may touch the lines of the cell that they stand in.
    """
    if boxes:
        page = page.filter(lambda item: item["object_type"] == "char" or not _is_of_box(item, boxes))
    drawn = any(page.objects.get(kind) for kind in ("rect", "line", "curve"))
    tables = page.find_tables(_RULES) if drawn else ()
    size = type_size(page)
    return [grid for table in tables if (grid := _grid(table, smallest, size)) and _is_table(grid)]


def _is_of_box(item: Mapping[str, float], boxes: Sequence[Box]) -> bool:
    """Whether something drawn lies wholly in a tick box."""
    corners = (item["x0"], item["top"]), (item["x1"], item["bottom"])
    return any(all(inside(corner, box, _HAIR) for corner in corners) for box in boxes)


def type_size(page: Page) -> float:
    """The usual height of a page's letters; 0 without any."""
    return float(median([char["size"] for char in page.chars] or [0.0]))


def _is_table(grid: Grid) -> bool:
    """Frames one under the other, a line high, are the boxes of single answers: their words are read as lines."""
    tall = len(grid.rows) > 1 and any(row[0].box[3] - row[0].box[1] > _ONE_LINE * grid.size for row in grid.rows)
    return tall or any(len(row) > 1 for row in grid.rows)


def _grid(table: Table, smallest: float, size: float) -> Grid | None:
    found = (
        tuple(Cell(box, ()) for box in row.cells if box and max(box[2] - box[0], box[3] - box[1]) > smallest)
        for row in table.rows
    )
    rows = tuple(row for row in found if row)
    x0, top, x1, bottom = map(float, table.bbox)
    return Grid((x0, top, x1, bottom), rows, size) if rows else None


def reading_order(words: Iterable[Token], grids: Sequence[Grid]) -> Iterator[Grid | Line]:
    """The lines outside tables and the tables with their words, from the top of the page down."""
    cells = [cell for grid in grids for row in grid.rows for cell in row]
    held = grouped((_cell_around(word, cells), word) for word in words)
    full = (replace(grid, rows=tuple(_filled(row, held) for row in grid.rows)) for grid in grids)
    blocks: list[Grid | Line] = [*full, *lines_of(held.get(None, ()))]
    blocks.sort(key=lambda block: block.start[0])
    for level in runs(blocks, lambda level, block: block.start[0] - level[0].start[0] <= _LEVEL * level[0].size):
        yield from sorted(level, key=lambda item: item.start[1])


def _filled(row: tuple[Cell, ...], held: Mapping[int | None, Sequence[Token]]) -> tuple[Cell, ...]:
    return tuple(replace(cell, words=tuple(held.get(id(cell), ()))) for cell in row)


def lines_of(words: Iterable[Token]) -> list[Line]:
    """Words as lines, top to bottom: those whose middles are level are on one line."""
    falling = sorted(words, key=lambda word: word.middle[1])
    lines = runs(falling, lambda line, word: _level(word, line[-1], _SAME_LINE) and _level(word, line[0], _LEANS))
    return [Line(tuple(sorted(line, key=lambda word: word.spot[0]))) for line in lines]


def _level(word: Token, other: Token, share: float) -> bool:
    height = max(word.spot[3] - word.spot[1], other.spot[3] - other.spot[1])
    return abs(word.middle[1] - other.middle[1]) <= share * height


def _cell_around(word: Token, cells: Sequence[Cell]) -> int | None:
    """The identity of the smallest cell that holds the middle of a word; ``None`` outside of all."""
    around = [cell for cell in cells if inside(word.middle, cell.box)]
    smallest = min(around, key=lambda cell: (cell.box[2] - cell.box[0]) * (cell.box[3] - cell.box[1]), default=None)
    return id(smallest) if smallest else None
