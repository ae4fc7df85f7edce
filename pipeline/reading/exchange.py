"""JSON protocol between a jailed child and its parent: the reading, checked before it is believed."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import Any

from pipeline.core.doubts import Doubt
from pipeline.core.errors import FormRejected
from pipeline.core.fields import Dictionary
from pipeline.core.models import FieldReading, Form, Kind, Reading
from pipeline.core.refusals import Refusal, refused
from pipeline.core.remarks import LONGEST, Remark
from pipeline.forms.layouts import is_combined
from pipeline.reading.known_forms import KnownForms

# The word that a form must be read with OCR: a photograph, all its pages, or crops of answers.
SCANNED, PHOTO, PAGES, CROPS = "scanned", "photo", "pages", "crops"
STRAYS = 30  # remarks outside the boxes that are kept


@dataclass(frozen=True)
class FormReading:
    """Parse result: ``layout`` is ``None`` for a form that no layout describes (a draft: every value in doubt)."""

    kind: Kind
    layout: str | None
    fields: tuple[FieldReading, ...]
    strays: tuple[Remark, ...] = ()


def reading_as_json(reading: FormReading) -> dict[str, Any]:
    """The JSON of a reading, as a child answers it."""
    entries = [asdict(field) for field in reading.fields]
    strays = [{**asdict(one), "text": one.text[:LONGEST]} for one in reading.strays[:STRAYS]]
    return {"kind": reading.kind.value, "layout": reading.layout, "fields": entries, "strays": strays}


def believe(answer: Any, form: Form, known: KnownForms) -> Reading:  # noqa: ANN401 -- JSON of a child
    """The child's JSON as a Reading, if it has the form of one: it may have been taken over by what it read.

    Its layout must be known, its paths be those that our blank asks, and a draft be all in doubt; raises
    FormRejected otherwise.
    """
    try:
        reading = Reading(
            form.sha256,
            Kind(answer["kind"]),
            answer["layout"],
            None,
            None,
            tuple(_field(entry, known.fields_of(answer["layout"])) for entry in answer["fields"]),
            tuple(map(Remark.loaded, answer.get("strays", ())))[:STRAYS],
        )
        formation, session = known.belongs(reading.layout) if reading.layout is not None else (None, None)
    except (KeyError, TypeError, ValueError) as error:
        raise _unbelievable() from error
    paths = [field.path for field in reading.fields]
    if len(set(paths)) < max(len(paths), 1) or (
        not all(field.doubt for field in reading.fields)
        if reading.layout is None
        else not known.asks(reading.layout, paths)
    ):
        raise _unbelievable()
    return replace(reading, formation=formation, session=session)


def _unbelievable() -> FormRejected:
    return refused(Refusal.STOPPED)


def _field(entry: dict[str, Any], dictionary: Dictionary) -> FieldReading:
    """One entry; raises ValueError, KeyError or TypeError for what cannot be one."""
    path, box, page, doubt = str(entry["path"]), entry["box"], entry["page"], entry["doubt"]
    confidence = float(entry["confidence"])
    combined = path not in dictionary.fields
    if not (math.isfinite(confidence) and 0 <= confidence <= 1) or (combined and not is_combined(path, dictionary)):
        raise ValueError(path)
    return FieldReading(
        path=path,
        value=entry["value"],
        raw=str(entry["raw"]),
        method=str(entry["method"]),
        confidence=confidence,
        page=None if page is None else int(page),
        box=None if box is None else _box(*box),
        doubt=None if doubt is None else Doubt.loaded(doubt),
        combined=combined,
    )


def _box(x0: float, top: float, x1: float, bottom: float) -> tuple[float, float, float, float]:
    return (float(x0), float(top), float(x1), float(bottom))
