"""Form → Reading: what a stranger's file says, and how sure we are.

``read`` is the whole room. A file is sniffed, gated, recognised and read in a jailed child; what the child answers
is JSON, checked here before it is believed.
"""

from __future__ import annotations

import datetime as dt
import math
import os
from functools import partial
from typing import Any

from pipeline.errors import FormRejected
from pipeline.fields import Dictionary
from pipeline.intake.acroform import has_fields, read_acroform
from pipeline.intake.answers import Answer
from pipeline.intake.gates import open_docx, open_pdf
from pipeline.intake.jail import REFUSED, run
from pipeline.intake.notes import attach_notes
from pipeline.intake.printed import read_printed
from pipeline.intake.reading import read_fields
from pipeline.intake.recognise import (
    Catalogue,
    Recognised,
    find_form,
    keywords,
    modified,
    page_texts,
    unknown,
    word_texts,
)  # fmt: skip
from pipeline.intake.sniff import Container, container_of
from pipeline.intake.word import read_docx
from pipeline.models import FieldReading, Form, Kind, Reading
from pipeline.workspace import Workspace

__all__ = ["read"]


def read(form: Form, *, workspace: Workspace, dictionary: Dictionary) -> Reading:
    """Everything that one received file says, each value with its place and its doubt.

    Raises FormRejected, with a stable code and a French message, for a file that is not one of our forms;
    ConfigError when the settings of the form's formation are broken.
    """
    catalogue = Catalogue.load(workspace, dictionary)
    source = os.open(form.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        answer = run(partial(_read_bytes, catalogue=catalogue, received_on=form.received_on), source)
    finally:
        os.close(source)
    return _believe(answer, form, catalogue)


def _read_bytes(data: bytes, *, catalogue: Catalogue, received_on: dt.date) -> dict[str, Any]:
    """In the child: bytes to the JSON of a reading."""
    if container_of(data) is Container.DOCX:
        kind, blank, answers = _read_word(data, catalogue)
    else:
        kind, blank, answers = _read_pdf(data, catalogue)
    fields = read_fields(blank.blank, answers, received_on)
    return {"kind": kind.value, "layout": blank.blank.layout, "fields": [field.as_json() for field in fields]}


def _read_word(data: bytes, catalogue: Catalogue) -> tuple[Kind, Recognised, tuple[Answer, ...]]:
    known = find_form(word_texts(open_docx(data)), catalogue)
    if known is None:
        raise unknown()
    return Kind.DOCX, known, read_docx(data, known.blank)


def _read_pdf(data: bytes, catalogue: Catalogue) -> tuple[Kind, Recognised, tuple[Answer, ...]]:
    """Fields first: they are read without interpreting what is drawn on the pages."""
    reader = open_pdf(data)
    known = find_form([keywords(reader)], catalogue)
    if known and has_fields(reader, known.blank):
        return Kind.ACROFORM, known, read_acroform(data, known.blank)
    known = find_form([keywords(reader), *page_texts(data)], catalogue)
    if known is None:
        raise unknown()
    if has_fields(reader, known.blank):
        return Kind.ACROFORM, known, read_acroform(data, known.blank)
    if not known.same_version:
        raise modified("imprimé d’une version antérieure, dont les cases n’étaient pas aux mêmes endroits")
    return Kind.PDF_TEXT, known, attach_notes(reader, read_printed(data, known.blank))


def _believe(answer: Any, form: Form, catalogue: Catalogue) -> Reading:  # noqa: ANN401 -- JSON of a child
    """The child's JSON as a Reading, if it has the form of one: it may have been taken over by what it read."""
    try:
        blank = catalogue.blanks[answer["layout"]]
        fields = tuple(_field(entry) for entry in answer["fields"])
        kind = Kind(answer["kind"])
    except (KeyError, TypeError, ValueError) as error:
        raise _unbelievable() from error
    if [field.path for field in fields] != [cell.field.path for cell in blank.cells()]:
        raise _unbelievable()
    return Reading(form.sha256, kind, blank.layout, blank.formation.code, blank.session.annee, fields)


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
        doubt=None if doubt is None else str(doubt),
    )


def _box(x0: float, top: float, x1: float, bottom: float) -> tuple[float, float, float, float]:
    return (float(x0), float(top), float(x1), float(bottom))
