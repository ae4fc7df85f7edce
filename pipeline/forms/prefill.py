"""Form values of a record, written the way people write on the form: slot by slot, in French.

It pre-fills a form that is sent back, and it is how the tests play the student.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from pipeline.core import french
from pipeline.core.fields import LINED, FieldKind
from pipeline.core.models import JSON, Data, get
from pipeline.core.timetable import timetable_of
from pipeline.forms.blank import Blank, Cell, Slot
from pipeline.forms.spelling import number_text, value_text
from pipeline.forms.values.figures import as_number
from pipeline.forms.values.lines import DATED

TICK = "x"
_SIGNED = ("signatures", "accord_pedagogique")


def slot_texts(blank: Blank, data: Data) -> dict[str, str]:
    """Slot name to what is written there, for the slots that hold something; a ticked box holds ``x``.

    ``data`` is a nested record (see ``formulaire.schema.json``). List items beyond the last slot are
    joined to it with « ; » so that none is lost. A calendar day outside the session has no slot, nor has a line of
    dates beyond the last.
    """
    texts: dict[str, str] = {}
    for cell in blank.cells():
        value = get(data, cell.field.path)
        if value is not None:
            texts.update(_of_cell(cell, value))
    return texts


def to_sign_again(values: Data) -> Data:
    """A record for a form that is sent back: without the dates of its signatures, nor the accord given to what was.

    The week that an older form says by weekdays and hours a day is written where it is asked today.
    """
    kept = {section: answers for section, answers in values.items() if section not in _SIGNED}
    table = timetable_of(values)
    if table is None or table.assumed or get(values, "stage.semaine"):
        return kept
    week = {name: as_number(hours) for name, (_, hours) in zip(table.names, sorted(table.week.items()), strict=True)}
    return kept | {"stage": {**values["stage"], "semaine": week}}


def _of_cell(cell: Cell, value: JSON) -> Iterator[tuple[str, str]]:
    if cell.slots and cell.slots[0].option is not None:
        chosen = _chosen_options(value)
        yield from ((slot.name, TICK) for slot in cell.slots if slot.option in chosen)
    elif cell.field.kind in DATED:
        yield from _dated(cell, value)
    elif cell.field.kind is FieldKind.LIST:
        yield from _list_items(cell.slots, [str(item) for item in value])
    else:
        yield from ((slot.name, value_text(cell.field, value)) for slot in cell.slots)


def _dated(cell: Cell, value: JSON) -> Iterator[tuple[str, str]]:
    """The hours of days and weekdays, the parts of lines."""
    if cell.field.kind in LINED:
        yield from _lines(cell.slots, value)
        return
    hours = value if cell.field.kind is FieldKind.WEEK else {item["date"]: item["heures"] for item in value}
    for slot in cell.slots:
        key = slot.day.isoformat() if slot.day else slot.part
        if hours.get(key):
            yield slot.name, number_text(hours[key])


def _chosen_options(value: JSON) -> frozenset[str]:
    if isinstance(value, bool):
        return frozenset({"oui" if value else "non"})
    return frozenset(value if isinstance(value, list | tuple) else [value])


def _list_items(slots: tuple[Slot, ...], items: list[str]) -> Iterator[tuple[str, str]]:
    kept = [*items[: len(slots) - 1], " ; ".join(items[len(slots) - 1 :])]
    yield from ((slot.name, text) for slot, text in zip(slots, kept, strict=False) if text)


def _lines(slots: tuple[Slot, ...], lines: list[Data]) -> Iterator[tuple[str, str]]:
    """Dates and hours of each line; a period of one day has its first day only."""
    for slot in slots:
        part = lines[slot.line - 1].get(slot.part) if slot.line <= len(lines) else None
        if isinstance(part, str) and not (slot.part == "fin" and part == lines[slot.line - 1].get("debut")):
            yield slot.name, french.short_date(dt.date.fromisoformat(part))
        elif isinstance(part, int | float):
            yield slot.name, number_text(part)
