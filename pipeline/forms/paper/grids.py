"""Tables of our own papers on a page: a row for each criterion or day, boxes under the titles of columns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.core.fields import FieldKind
from pipeline.forms.blank import Block, Cell, Row, Slot
from pipeline.forms.paper.metrics import text_width
from pipeline.forms.paper.placement import INNER, MARGIN, SQUARE, Frame, Role, Strip, Style, Text, Tone, Zone

_HEAD, _TICKED, _WRITTEN = 13.0, 15.4, 18.4  # heights of the titles, of a row of ticks, of a row to write in
_BETWEEN = 10.0  # two halves of a table
_TITLES, _NUMBERS = 0.56, 0.1  # share of a half that the titles of its rows take: criteria, days
_TITLE, _COLUMN = 8.2, 7.2  # sizes of type
DAY = "Jour"  # above the numbers of rows
_SHARES = {FieldKind.CODE: 5, FieldKind.HOURS: 4}


@dataclass(frozen=True)
class Column:
    """One column of boxes: the title above it, the share of the width that it takes."""

    title: str
    share: int


def columns_of_row(row: Row) -> tuple[Column, ...]:
    """The columns of a row's boxes: one for each option to tick, or for each answer to write."""
    return tuple(Column(title, _SHARES.get(cell.field.kind, 4)) for cell in row.cells for title in _titles(cell))


def slots_of_row(row: Row) -> tuple[Slot, ...]:
    """The slots of a row, one for each of its columns."""
    return tuple(slot for cell in row.cells for slot in cell.slots)


def is_ticked(row: Row) -> bool:
    """Whether a row is one of ticks."""
    return row.cells[0].slots[0].option is not None


def halves_of(block: Block) -> tuple[tuple[Row, ...], ...]:
    """The rows of a table in its columns side by side, the first ones longer by one if need be."""
    length = math.ceil(len(block.rows) / block.columns)
    return tuple(block.rows[start : start + length] for start in range(0, len(block.rows), length))


def _titles(cell: Cell) -> Iterator[str]:
    if cell.slots[0].option is None:
        yield cell.field.title
        return
    yield from (slot.label for slot in cell.slots)


def grid_strip(block: Block) -> Strip:
    """The whole table in one piece."""
    halves = halves_of(block)
    width = (INNER - _BETWEEN * (len(halves) - 1)) / len(halves)
    parts = [_half(rows, MARGIN + n * (width + _BETWEEN), width) for n, rows in enumerate(halves)]
    return Strip(
        max(part.height for part in parts),
        tuple(text for part in parts for text in part.texts),
        tuple(frame for part in parts for frame in part.frames),
        tuple(zone for part in parts for zone in part.zones),
    )


def _half(rows: Sequence[Row], left: float, width: float) -> Strip:
    columns = columns_of_row(rows[0])
    ticked = is_ticked(rows[0])
    first = left + width * (_TITLES if ticked else _NUMBERS)
    unit = (left + width - first) / sum(column.share for column in columns)
    edges = [first + unit * sum(column.share for column in columns[:n]) for n in range(len(columns) + 1)]
    texts: list[Text] = []
    frames = [Frame((left, 0.0, left + width, _HEAD), Role.PART)]
    if not ticked:
        texts.append(Text(left + 4.0, 9.2, DAY, _COLUMN, Style.BOLD, Tone.TITLE))
    for column, start, end in zip(columns, edges, edges[1:], strict=False):
        x = (start + end - text_width(column.title, _COLUMN, bold=True)) / 2
        texts.append(Text(x, 9.2, column.title, _COLUMN, Style.BOLD, Tone.TITLE))
    zones: list[Zone] = []
    height = _TICKED if ticked else _WRITTEN
    for number, row in enumerate(rows):
        top = _HEAD + number * height
        frames.append(Frame((left, top, left + width, top + height), Role.CELL))
        size = _TITLE if ticked else _TITLE - 0.4
        texts.append(Text(left + 4.0, top + height / 2 + 0.34 * size, row.title, size))
        for slot, start, end in zip(slots_of_row(row), edges, edges[1:], strict=False):
            zone = _zone(slot, start, end, top, height)
            zones.append(zone)
            frames.append(Frame(zone.box, Role.TICK if ticked else Role.FIELD, slot.path))
    return Strip(_HEAD + len(rows) * height, tuple(texts), tuple(frames), tuple(zones))


def _zone(slot: Slot, start: float, end: float, top: float, height: float) -> Zone:
    if slot.option is None:
        return Zone(slot, (start + 1.5, top + 1.7, end - 1.5, top + height - 1.7), 1, slot.path)
    left, above = (start + end - SQUARE) / 2, top + (height - SQUARE) / 2
    return Zone(slot, (left, above, left + SQUARE, above + SQUARE), 0, slot.path)
