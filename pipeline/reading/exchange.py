"""JSON protocol between a jailed child and its parent: what may be recognised, and the reading."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from pipeline.core.doubts import Doubt
from pipeline.core.errors import FormRejected
from pipeline.core.fields import Dictionary
from pipeline.core.models import FieldReading, Form, Kind, Reading
from pipeline.forms.layouts import is_combined
from pipeline.reading import alignment
from pipeline.reading.catalogue import Catalogue
from pipeline.sandbox.jail import REFUSED

SCANNED, PHOTO, PAGES = "scanned", "photo", "pages"  # the word that a form must be read as a scan, and of what
STRAYS, STRAY_LENGTH = 30, 200  # texts outside the boxes that are kept, and letters of each


@dataclass(frozen=True)
class KnownForms:
    """Recognition context of a child: our own blanks, other schools’ layouts, and the names of fields."""

    catalogue: Catalogue
    layouts: tuple[alignment.Compiled, ...]
    dictionary: Dictionary


def reading_as_json(
    kind: Kind, layout: str | None, fields: Sequence[FieldReading], strays: Sequence[str] = ()
) -> dict[str, Any]:
    """The JSON of a reading, as a child answers it."""
    entries = [asdict(field) for field in fields]
    return {"kind": kind.value, "layout": layout, "fields": entries, "strays": list(strays)}


def believe(answer: Any, form: Form, known_forms: KnownForms) -> Reading:  # noqa: ANN401 -- JSON of a child
    """The child's JSON as a Reading, if it has the form of one: it may have been taken over by what it read."""
    try:
        layout = answer["layout"]
        fields = tuple(_field(entry) for entry in answer["fields"])
        kind = Kind(answer["kind"])
        strays = tuple(str(text)[:STRAY_LENGTH] for text in answer.get("strays", ()))[:STRAYS]
        blank = known_forms.catalogue.blanks.get(layout) if layout is not None else None
    except (KeyError, TypeError, ValueError) as error:
        raise _unbelievable() from error
    if blank is None:
        return _of_school(Reading(form.sha256, kind, layout, None, None, fields, strays), known_forms)
    if [field.path for field in fields] != [cell.field.path for cell in blank.cells()]:
        raise _unbelievable()
    return Reading(form.sha256, kind, layout, blank.formation.code, blank.session.annee, fields)


def _of_school(reading: Reading, known_forms: KnownForms) -> Reading:
    """The reading of another school's form: its layout and paths must be known, and a draft is all in doubt."""
    dictionary = known_forms.dictionary
    known = next((one.layout for one in known_forms.layouts if one.layout.id == reading.layout), None)
    paths = [field.path for field in reading.fields]
    sound = len(set(paths)) == len(paths) and all(
        path in dictionary.fields or is_combined(path, dictionary) for path in paths
    )
    draft = reading.layout is None and all(field.doubt for field in reading.fields)
    if not sound or (known is None and not draft):
        raise _unbelievable()
    fields = tuple(replace(field, combined=field.path not in dictionary.fields) for field in reading.fields)
    formation = known.formations[0] if known is not None and len(known.formations) == 1 else None
    return replace(reading, fields=fields, formation=formation)


def _unbelievable() -> FormRejected:
    return FormRejected(
        REFUSED, "Le fichier n’a pas pu être lu de façon sûre. Envoyez le formulaire sous un autre format."
    )


def _field(entry: dict[str, Any]) -> FieldReading:
    box, page, doubt = entry["box"], entry["page"], entry["doubt"]
    confidence = float(entry["confidence"])
    if not (math.isfinite(confidence) and 0 <= confidence <= 1):
        raise ValueError(confidence)
    return FieldReading(
        path=str(entry["path"]),
        value=entry["value"],
        raw=str(entry["raw"]),
        method=str(entry["method"]),
        confidence=confidence,
        page=None if page is None else int(page),
        box=None if box is None else _box(*box),
        doubt=None if doubt is None else Doubt.loaded(doubt),
    )


def _box(x0: float, top: float, x1: float, bottom: float) -> tuple[float, float, float, float]:
    return (float(x0), float(top), float(x1), float(bottom))
