"""The week's timetable: half days down and weekdays across, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.core.fields import WEEKDAYS
from pipeline.reading.boxes import middle
from pipeline.reading.labels.items import Item, Row

_HALVES = {
    ("matin",): "matin",
    ("matinee",): "matin",
    ("apres", "midi"): "apres_midi",
    ("am",): "matin",
    ("pm",): "apres_midi",
}


def timetable_of(rows: Sequence[Row]) -> Iterator[tuple[str, Item, Row]]:
    """Path, item and row of each half day, empty ones included; nothing if two grids could be meant."""
    heads = [(number, kind) for number, row in enumerate(rows) if (kind := _kind(row))]
    if len(heads) != 1:
        return
    number, kind = heads[0]
    head = rows[number]
    for row in rows[number + 1 :]:
        name = _name(row.items[0], "matin" if kind == "days" else "days")
        if name is None:
            return
        for item, column in _aligned(row, head):
            across = _name(column, kind)
            if across:
                day, half = (across, name) if kind == "days" else (name, across)
                yield f"stage.horaires.{day}.{half}", item, row


def _kind(row: Row) -> str | None:
    halves = sum(item.words in _HALVES for item in row.items)
    days = sum(_name(item, "days") is not None for item in row.items)
    return "halves" if halves == 2 else "days" if days >= 4 else None


def _name(item: Item, kind: str) -> str | None:
    if kind == "days":
        return item.words[0] if len(item.words) == 1 and item.words[0] in WEEKDAYS[:6] else None
    return _HALVES.get(item.words)


def _aligned(row: Row, head: Row) -> Iterator[tuple[Item, Item]]:
    """The cells of a row under those of the head: by number in a table, by place on a page."""
    if row.table and len(row.items) == len(head.items):
        yield from zip(row.items[1:], head.items[1:], strict=True)
        return
    columns = [(item, item.box) for item in head.items if item.box is not None]
    for item in row.items[1:]:
        if item.box is None or not columns:
            return
        x = middle(item.box)[0]
        near = min(columns, key=lambda column: abs(middle(column[1])[0] - x))
        if min(abs(near[1][0] - item.box[0]), abs(middle(near[1])[0] - x)) < 30:
            yield item, near[0]
