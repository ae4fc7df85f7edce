"""Provenance of a record's values for the control sheet: section by section, what was kept and where it was read."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from pipeline.core import french
from pipeline.core.fields import Field, FieldKind
from pipeline.core.folding import fold
from pipeline.core.grammar import closed
from pipeline.core.models import CONFIRMED, FieldReading, Record, get
from pipeline.core.programme import Programme
from pipeline.core.text import displayable
from pipeline.documents.printable import Hours, printable, show

_SURE = 0.9  # confidence from which a value needs no remark
_DEFAULT = "defaut"
_METHODS = {
    "acroform": "champ PDF",
    "docx": "champ Word",
    "pdf-zones": "zone imprimée",
    "pdf-cells": "case imprimée",
    "gabarit": "place sur le formulaire",
    "gabarit+libelles": "place et libellé",
    "libelles": "libellé",
    _DEFAULT: "réglage ou défaut",
    CONFIRMED: "confirmé par une personne",
}


_WORDS = frozenset({FieldKind.LINE, FieldKind.TEXT, FieldKind.LIST, FieldKind.EMAIL, FieldKind.POSTCODE})
_TICKED = frozenset(
    {
        FieldKind.CHOICE,
        FieldKind.BOOLEAN,
        FieldKind.DAYS,
        FieldKind.CALENDAR,
        FieldKind.WEEK,
        FieldKind.CHANGES,
        FieldKind.PERIODS,
    }
)


def provenance(record: Record, programme: Programme) -> dict[str, Any]:
    """``lecture``, how most values were read, and ``sections``: title, pages, and the values, one text a section.

    A value read otherwise, with less certainty or in other words than it is printed says so. A NIR is never shown.
    """
    readings = {entry.path: entry for entry in record.reading.fields if entry.value is not None}
    fields = [
        (field, value)
        for path, field in programme.dictionary.fields.items()
        if (value := get(record.data, path)) is not None and field.kind is not FieldKind.NIR
    ]
    usual = _usual(readings.get(field.path) for field, _ in fields)
    texts: defaultdict[str, list[str]] = defaultdict(list)
    pages: defaultdict[str, set[int]] = defaultdict(set)
    for field, value in fields:
        section, entry = field.section, readings.get(field.path)
        texts[section].append(_value(field, value, entry, usual, programme))
        if entry and entry.page:
            pages[section].add(entry.page)
    return {
        "lecture": f"Sauf mention contraire : {_METHODS.get(usual, usual)}, lu avec certitude.",
        "sections": [
            {"titre": _title(section, pages[section], programme), "texte": closed(" ; ".join(values))}
            for section, values in texts.items()
        ],
    }


def display(field: Field, value: Any) -> str:  # noqa: ANN401 -- JSON
    """A value as the control sheet writes it: days and periods short, lists on one line."""
    if field.kind is FieldKind.WEEK:
        return ", ".join(f"{day} : {show(hours)}" for day, hours in printable(field, value).items())
    if field.kind in (FieldKind.CALENDAR, FieldKind.CHANGES):
        return ", ".join(
            f"{french.short_date(dt.date.fromisoformat(e['date']))} : {show(Hours(str(e['heures'])))}" for e in value
        )
    if field.kind is FieldKind.PERIODS:
        return ", ".join(
            f"{french.short_date(period['debut'])} – {french.short_date(period['fin'])}"
            for period in printable(field, value)
        )
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return show(printable(field, value))


def _usual(entries: Iterable[FieldReading | None]) -> str:
    methods = Counter(entry.method for entry in entries if entry is not None)
    return methods.most_common(1)[0][0] if methods else _DEFAULT


def _title(section: str, pages: set[int], programme: Programme) -> str:
    where = f" (p. {', '.join(map(str, sorted(pages)))})" if pages else ""
    return programme.dictionary.label(section) + where


def _value(field: Field, value: Any, entry: FieldReading | None, usual: str, programme: Programme) -> str:  # noqa: ANN401 -- JSON
    section = programme.dictionary.label(field.section)
    label = programme.dictionary.label(field.path).removeprefix(f"{section}, ")
    remarks = ", ".join(_remarks(field, value, entry, usual))
    return f"{label} : {display(field, value)}" + (f" [{remarks}]" if remarks else "")


def _remarks(field: Field, value: Any, entry: FieldReading | None, usual: str) -> Iterator[str]:  # noqa: ANN401 -- JSON
    method = entry.method if entry else _DEFAULT
    if method != usual:
        yield _METHODS.get(method, method)
    if entry is None:
        return
    if entry.confidence < _SURE:
        yield f"confiance {entry.confidence:.0%}".replace("%", " %")
    if method == CONFIRMED or not _says(field, value, entry.raw):
        yield f"lu « {displayable(entry.raw)} »"


def _says(field: Field, value: Any, raw: str) -> bool:  # noqa: ANN401 -- JSON
    """Whether the text found on the form is the value as it is shown, spaces and the writing of figures aside."""
    if field.kind in _TICKED:
        return True
    if field.kind is FieldKind.DATE:
        return _digits(raw) == _digits(french.short_date(dt.date.fromisoformat(value)))
    shown = display(field, value)
    if field.kind in _WORDS:
        return "".join(filter(str.isalnum, fold(raw))) == "".join(filter(str.isalnum, fold(shown)))
    return _digits(raw) == _digits(shown)


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
