"""Answer location: in the next cell, farther on the line, underneath in the same column, or in a timetable."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from pipeline.core.boxes import middle
from pipeline.core.fields import WEEKDAYS
from pipeline.reading.labels.items import Atom, Item, Row
from pipeline.reading.labels.matching import Label

Labels = tuple[tuple[Label, ...], ...]
Below = tuple[Row, Labels]  # a row under the label, and the labels in it; ``None`` where a heading stands
_MARKS = (":", "?", "*", "-", "–", "=", "→", "►")
_SAME_COLUMN = 0.9  # heights of a line between the left edges of a label and of the answer under it
_NEAR = 2.6  # heights of a line between a label and the answer under it
_NEXT = 1.7  # heights of a line between two lines of one answer
_TITLED = 3.0  # heights of a line between a half day and its title


def answer_part(atoms: Sequence[Atom]) -> tuple[Atom, ...]:
    """What follows a label, without its colon, its star and its advice in brackets."""
    rest = _after(atoms, _MARKS)
    advice = _advice(rest)
    return _after(rest[advice:], (":", "*")) if advice else rest


def _after(atoms: Sequence[Atom], marks: Sequence[str]) -> tuple[Atom, ...]:
    return tuple(itertools.dropwhile(lambda atom: atom.text in marks, atoms))


def _advice(atoms: Sequence[Atom]) -> int:
    """How many atoms are advice in brackets (« (en capitales) ») rather than an answer."""
    if not atoms or not atoms[0].text.startswith("("):
        return 0
    close = next((number for number, atom in enumerate(atoms) if atom.text.rstrip(" :").endswith(")")), None)
    if close is None or any(char.isdigit() for atom in atoms[:close] for char in atom.text):
        return 0
    alone = close == len(atoms) - 1 or atoms[close].colon or atoms[close + 1].text == ":"
    return close + 1 if alone else 0


def beside(row: Row, labels: Labels, index: int) -> tuple[Item, ...] | None:
    """The items after a label in its row that no other label takes; ``None`` when there is none."""
    if index + 1 >= len(row.items) or labels[index + 1]:
        return None
    found = [row.items[index + 1]]
    for other in range(index + 2, len(row.items)):
        item = row.items[other]
        more = item.has_tick == found[-1].has_tick and (item.has_tick or not row.table)
        if labels[other] or not more:
            break
        found.append(item)
    return tuple(found)


def below(row: Row, index: int, rest: Sequence[Below | None]) -> tuple[Item, ...]:
    """The items under a label, in its column, as far as the next label, heading or wide gap."""
    label = row.items[index]
    if row.table:
        return _cell_below(row, index, rest)
    if label.box is None:
        return _paragraph_below(row, rest)
    found: list[Item] = []
    bottom, height = label.box[3], label.box[3] - label.box[1]
    for entry in rest:
        if entry is None:
            break
        under, labels = entry
        first = under.items[0]
        if (
            first.box is None
            or first.page != label.page
            or first.box[1] - bottom > height * (_NEXT if found else _NEAR)
        ):
            break
        here = [number for number, item in enumerate(under.items) if item.box and _same_column(item, label)]
        if not here:
            continue
        if labels[here[0]]:
            break
        item = under.items[here[0]]
        found.append(item)
        bottom = item.box[3] if item.box else bottom
    return tuple(found)


def carried_on(item: Item, rest: Sequence[Below | None], *, alone: bool = False) -> tuple[Item, ...]:
    """The lines right under an answer that carry it on: same left edge, nothing at their left, no label.

    ``alone``: nothing at their right either, as for the lines of a sentence.
    """
    found: list[Item] = []
    last = item
    for entry in rest:
        if entry is None or last.box is None or item.box is None:
            break
        row, labels = entry
        first = row.items[0]
        other = row.table or labels[0] or first.has_tick or (alone and len(row.items) > 1)
        if other or first.box is None or first.page != last.page or not _same_column(first, item):
            break
        if first.box[1] - last.box[3] > (_NEXT - 1.0) * (last.box[3] - last.box[1]):
            break
        found.append(first)
        last = first
    return tuple(found)


def titles(row: Row, index: int, rest: Sequence[Below | None]) -> bool:
    """Whether a row of a page is a row of titles: what follows is no answer, answers stand under both."""
    entry = rest[0] if rest else None
    if entry is None or row.table or index + 1 >= len(row.items) or any(entry[1]) or len(entry[0].items) < 2:
        return False
    one, two = row.items[index : index + 2]
    if any(char.isdigit() for char in two.text) or len(two.words) > 4 or two.has_tick:
        return False
    under = entry[0].items
    return _is_near(one, under[0]) and all(any(_same_column(item, above) for item in under) for above in (one, two))


def _is_near(item: Item, under: Item) -> bool:
    """Whether an item is not far below another one."""
    if item.box is None or under.box is None or item.page != under.page:
        return False
    return under.box[1] - item.box[3] < _NEAR * (item.box[3] - item.box[1])


def _same_column(item: Item, label: Item) -> bool:
    return bool(item.box and label.box and abs(item.box[0] - label.box[0]) <= _SAME_COLUMN * label.line)


def _cell_below(row: Row, index: int, rest: Sequence[Below | None]) -> tuple[Item, ...]:
    entry = rest[0] if rest else None
    if entry is None or entry[0].table != row.table or len(entry[0].items) != len(row.items) or any(entry[1]):
        return ()
    return (entry[0].items[index],)


def _paragraph_below(row: Row, rest: Sequence[Below | None]) -> tuple[Item, ...]:
    entry = rest[0] if rest else None
    if entry is None or len(row.items) != 1 or entry[0].table or any(entry[1]):
        return ()
    return entry[0].items[:1]


_HALVES = {
    ("matin",): "matin",
    ("matinee",): "matin",
    ("apres", "midi"): "apres_midi",
    ("am",): "matin",
    ("pm",): "apres_midi",
}


def timetable_of(rows: Sequence[Row]) -> Iterator[tuple[str, Item, Row]]:
    """Path, item and row of each half day, empty ones included; nothing if two grids could be meant."""
    heads = [(number, kind) for number, row in enumerate(rows) if (kind := _headed_by(row))]
    if len(heads) != 1:
        return
    number, kind = heads[0]
    head = rows[number]
    for row in rows[number + 1 :]:
        name = _half_or_day(row.items[0], "matin" if kind == "days" else "days")
        if name is None:
            return
        for item, column in _aligned(row, head):
            across = _half_or_day(column, kind)
            if across:
                day, half = (across, name) if kind == "days" else (name, across)
                yield f"stage.horaires.{day}.{half}", item, row


def _headed_by(row: Row) -> str | None:
    halves = sum(item.words in _HALVES for item in row.items)
    days = sum(_half_or_day(item, "days") is not None for item in row.items)
    return "halves" if halves == 2 else "days" if days >= 4 else None


def _half_or_day(item: Item, kind: str) -> str | None:
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
        if min(abs(near[1][0] - item.box[0]), abs(middle(near[1])[0] - x)) < _TITLED * near[0].line:
            yield item, near[0]
