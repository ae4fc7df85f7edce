"""JSON protocol between a jailed child and its parent: the reading, checked before it is believed."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import Any

from pipeline.core.doubts import Doubt
from pipeline.core.errors import FormRejected
from pipeline.core.models import FieldReading, Form, Kind, Reading
from pipeline.core.page_places import PagePlace
from pipeline.forms.layouts import is_combined
from pipeline.reading.known_forms import KnownForms
from pipeline.sandbox.jail import REFUSED

# The word that a form must be read with OCR: a photograph, all its pages, or crops of answers.
SCANNED, PHOTO, PAGES, CROPS = "scanned", "photo", "pages", "crops"
STRAYS, STRAY_LENGTH = 30, 200  # texts outside the boxes that are kept, and letters of each


@dataclass(frozen=True)
class FormReading:
    """Parse result: ``layout`` is ``None`` for a form that no layout describes (a draft: every value in doubt)."""

    kind: Kind
    layout: str | None
    fields: tuple[FieldReading, ...]
    strays: tuple[str, ...] = ()
    stray_places: tuple[PagePlace | None, ...] = ()


def reading_as_json(reading: FormReading) -> dict[str, Any]:
    """The JSON of a reading, as a child answers it."""
    entries = [asdict(field) for field in reading.fields]
    strays = [text[:STRAY_LENGTH] for text in reading.strays[:STRAYS]]
    return {
        "kind": reading.kind.value,
        "layout": reading.layout,
        "fields": entries,
        "strays": strays,
        "stray_places": reading.stray_places[:STRAYS],
    }


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
            tuple(_field(entry, known) for entry in answer["fields"]),
            tuple(str(text)[:STRAY_LENGTH] for text in answer.get("strays", ()))[:STRAYS],
            tuple(_place(place) for place in answer.get("stray_places", ())[:STRAYS]),
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
    return FormRejected(
        REFUSED, "Le fichier n’a pas pu être lu de façon sûre. Envoyez le formulaire sous un autre format."
    )


def _field(entry: dict[str, Any], known: KnownForms) -> FieldReading:
    """One entry; raises ValueError, KeyError or TypeError for what cannot be one."""
    path, box, page, doubt = str(entry["path"]), entry["box"], entry["page"], entry["doubt"]
    confidence = float(entry["confidence"])
    combined = path not in known.dictionary.fields
    if not (math.isfinite(confidence) and 0 <= confidence <= 1) or (
        combined and not is_combined(path, known.dictionary)
    ):
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


def _place(parts: Any) -> PagePlace | None:  # noqa: ANN401 -- JSON of a child
    return None if parts is None else PagePlace(int(parts[0]), _box(*parts[1]))


def _box(x0: float, top: float, x1: float, bottom: float) -> tuple[float, float, float, float]:
    return (float(x0), float(top), float(x1), float(bottom))
