"""Field assembly for our own form: the answers of its slots put together as the reading of each field.

Every field of the plan gets one ``FieldReading``, in form order, also when it was left blank: then its value is
``None`` and there is no doubt about that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import FieldKind
from pipeline.core.models import JSON, Box, FieldReading
from pipeline.core.who import Who
from pipeline.forms.blank import Blank, Cell
from pipeline.reading.boxes import union
from pipeline.reading.candidates import Answer
from pipeline.reading.canonical import clean, parse
from pipeline.reading.figures import euros_unit
from pipeline.reading.sequences import grouped

CONFIDENCE = {"acroform": 0.99, "docx": 0.99, "pdf-zones": 0.97, "pdf-cells": 0.97}
_AMOUNT, _UNIT = "gratification.montant", "gratification.unite"


@dataclass(frozen=True)
class _Value:
    value: JSON
    raw: str
    doubt: Doubt | None = None


def read_fields(blank: Blank, answers: Sequence[Answer], received_on: dt.date) -> tuple[FieldReading, ...]:
    """The reading of every field of the plan, in form order, from the answers found in its slots."""
    by_path = grouped((answer.slot.path, answer) for answer in answers)
    readings = tuple(_read(cell, by_path.get(cell.field.path, []), received_on) for cell in blank.cells())
    return _with_unit(readings, {cell.field.path for cell in blank.cells()})


def _read(cell: Cell, answers: list[Answer], received_on: dt.date) -> FieldReading:
    filled = [answer for answer in answers if answer.text.strip()]
    found = _COMBINE.get(cell.field.kind, _single)(cell, filled, received_on)
    place = next(iter(filled), next(iter(answers), None))
    doubt = next((answer.doubt for answer in answers if answer.doubt), None) or found.doubt
    method = place.method if place else ""
    return FieldReading(
        path=cell.field.path,
        value=found.value,
        raw=found.raw,
        method=method,
        confidence=1.0 if found.value is None and doubt is None else CONFIDENCE[method],
        page=place.page if place else None,
        box=_around(filled) or (place.box if place else None),
        doubt=doubt,
    )


def _around(answers: Iterable[Answer]) -> Box | None:
    """The box that holds all the answers of the first one's page."""
    boxes = [answer.box for answer in answers if answer.box is not None]
    pages = {answer.page for answer in answers}
    return union(boxes if len(pages) == 1 else boxes[:1])


def _single(cell: Cell, filled: list[Answer], received_on: dt.date) -> _Value:
    if not filled:
        return _Value(None, "")
    raw = filled[0].text
    parsed = parse(cell.field, raw, received_on)
    return _Value(parsed.value, _quoted(raw), _invalid(parsed.doubt))


def _choice(cell: Cell, filled: list[Answer], received_on: dt.date) -> _Value:  # noqa: ARG001 -- one signature for all
    labels = [answer.slot.label for answer in filled]
    if len(filled) > 1:
        both = " et ".join(f"« {label} »" for label in labels[:4])
        why = f"plusieurs cases sont cochées, {both}"
        return _Value(None, ", ".join(labels), Doubt(Reason.AMBIGUOUS_TICK, why, Who.STAGIAIRE))
    return _Value(filled[0].slot.option if filled else None, "".join(labels))


def _boolean(cell: Cell, filled: list[Answer], received_on: dt.date) -> _Value:
    chosen = _choice(cell, filled, received_on)
    return replace(chosen, value=None if chosen.value is None else chosen.value == "oui")


def _days(cell: Cell, filled: list[Answer], received_on: dt.date) -> _Value:  # noqa: ARG001 -- one signature for all
    ticked = {answer.slot.option for answer in filled}
    days = [day for day in cell.field.choices if day in ticked]
    return _Value(days or None, ", ".join(days))


def _list(cell: Cell, filled: list[Answer], received_on: dt.date) -> _Value:
    parsed = [parse(cell.field, answer.text, received_on) for answer in filled]
    items = [item.value for item in parsed if item.value is not None]
    doubt = next((item.doubt for item in parsed if item.doubt), None)
    return _Value(items or None, "\n".join(_quoted(answer.text) for answer in filled), _invalid(doubt))


def _calendar(cell: Cell, filled: list[Answer], received_on: dt.date) -> _Value:
    days: list[dict[str, JSON]] = []
    doubts: list[str] = []
    dated = sorted((answer.slot.day, answer.text) for answer in filled if answer.slot.day is not None)
    for day, text in dated:
        parsed = parse(cell.field, text, received_on)
        if parsed.doubt:
            doubts.append(f"{day:%d/%m/%Y} : {parsed.doubt}")
        if parsed.value:
            days.append({"date": day.isoformat(), "heures": parsed.value})
    raw = "\n".join(f"{day:%d/%m/%Y} : {_quoted(text)}" for day, text in dated)
    return _Value(days or None, raw, _invalid("; ".join(doubts[:5]) or None))


_COMBINE: dict[FieldKind, Callable[[Cell, list[Answer], dt.date], _Value]] = {
    FieldKind.CHOICE: _choice,
    FieldKind.BOOLEAN: _boolean,
    FieldKind.DAYS: _days,
    FieldKind.LIST: _list,
    FieldKind.CALENDAR: _calendar,
}


def _invalid(why: str | None) -> Doubt | None:
    return Doubt(Reason.INVALID, why) if why else None


def _quoted(text: str) -> str:
    return clean(text, lines=True)[:4000]


def _with_unit(readings: tuple[FieldReading, ...], paths: set[str]) -> tuple[FieldReading, ...]:
    """« 4,50 € / heure » written as the amount also says the unit: it is taken, or it contradicts the box ticked."""
    amount = next((reading for reading in readings if reading.path == _AMOUNT), None)
    unit_written = euros_unit(amount.raw) if amount else None
    if amount is None or unit_written is None or _UNIT not in paths:
        return readings
    return tuple(_unit(reading, amount, unit_written) if reading.path == _UNIT else reading for reading in readings)


def _unit(unit: FieldReading, amount: FieldReading, unit_written: str) -> FieldReading:
    if unit.doubt or unit.value == unit_written:
        return unit
    if unit.value is None:
        return replace(amount, path=_UNIT, value=unit_written, doubt=amount.doubt)
    why = f"le montant est écrit « {amount.raw[:60]} », la case dit « {unit.raw} »"
    return replace(unit, doubt=Doubt(Reason.INCOHERENT, why))
