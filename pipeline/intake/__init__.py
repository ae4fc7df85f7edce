"""Form → Reading: what a stranger's file says, and how sure we are.

``read`` is the whole room. A file is sniffed, gated, recognised and read in a jailed child; what the child answers
is JSON, checked here before it is believed.
"""

from __future__ import annotations

import datetime as dt
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from pipeline.errors import FormRejected
from pipeline.fields import Dictionary
from pipeline.intake.acroform import has_fields, read_acroform
from pipeline.intake.alignment import Compiled
from pipeline.intake.answers import Answer
from pipeline.intake.gates import check_images, open_docx, open_pdf
from pipeline.intake.jail import REFUSED, Limits, run
from pipeline.intake.notes import attach_notes
from pipeline.intake.ocr import ILLEGIBLE
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
from pipeline.intake.scans import read_scanned_form
from pipeline.intake.schools import STRAY_LENGTH, STRAYS, PagesAreImages, read_school_form
from pipeline.intake.sniff import Container, container_of, is_picture
from pipeline.intake.word import read_docx
from pipeline.layouts import is_combined
from pipeline.models import FieldReading, Form, Kind, Reading
from pipeline.workspace import Workspace

__all__ = ["read"]

SCANNED, PHOTO, PAGES = "scanned", "photo", "pages"
SCAN_LIMITS = Limits(
    memory=4_000_000_000,
    cpu=90,
    wall=90.0,
    files=256,
    processes=None,
    programs=("tesseract",),
    reads=("/usr/share/tesseract-ocr", "/usr/share/tessdata", "/sys/devices/system/cpu", "/proc/cpuinfo"),
)
NO_FORM = "FORMULAIRE_INCONNU"
_NOT_OURS = frozenset({NO_FORM, ILLEGIBLE, "FORMATION_INCONNUE"})


@dataclass(frozen=True)
class _Shelf:
    """What a child may recognise: our own blanks, other schools' layouts, and the names of fields."""

    catalogue: Catalogue
    layouts: tuple[Compiled, ...]
    dictionary: Dictionary


def read(form: Form, *, workspace: Workspace, dictionary: Dictionary, layouts: Sequence[Compiled] = ()) -> Reading:
    """Everything that one received file says, each value with its place and its doubt.

    Our own blanks are known by their mark; another school's form by one of ``layouts``. Raises FormRejected, with a
    stable code and a French message, for a file that is no form; ConfigError when the settings of the form's
    formation are broken.
    """
    shelf = _Shelf(Catalogue.load(workspace, dictionary), tuple(layouts), dictionary)
    source = os.open(form.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        answer = run(partial(_read_bytes, shelf=shelf, received_on=form.received_on), source)
        if isinstance(answer, dict) and SCANNED in answer:
            os.lseek(source, 0, os.SEEK_SET)
            photo = answer[SCANNED] == PHOTO
            work = partial(_read_scan, shelf=shelf, received_on=form.received_on, photo=photo)
            answer = run(work, source, limits=SCAN_LIMITS)
    finally:
        os.close(source)
    return _believe(answer, form, shelf)


def _read_bytes(data: bytes, *, shelf: _Shelf, received_on: dt.date) -> dict[str, Any]:
    """In the child: bytes to the JSON of a reading, or the word that they must be read as a scan."""
    if is_picture(data):
        return {SCANNED: PHOTO}
    container = container_of(data)
    try:
        if container is Container.DOCX:
            kind, blank, answers = _read_word(data, shelf.catalogue)
        else:
            kind, blank, answers = _read_pdf(data, shelf.catalogue)
    except FormRejected as rejection:
        if rejection.reason not in _NOT_OURS:
            raise
        return _read_other(data, rejection, shelf, received_on)
    fields = read_fields(blank.blank, answers, received_on)
    return _answer(kind, blank.blank.layout, fields)


def _read_other(data: bytes, rejection: FormRejected, shelf: _Shelf, received_on: dt.date) -> dict[str, Any]:
    """A form without our mark; ``rejection`` is what to say if it is no form at all."""
    if rejection.reason == ILLEGIBLE:
        return {SCANNED: PAGES}
    try:
        reading = read_school_form(data, shelf.layouts, shelf.dictionary, received_on)
    except PagesAreImages:
        return {SCANNED: PAGES}
    except FormRejected as error:
        raise (rejection if error.reason == NO_FORM else error) from None
    return _answer(reading.kind, reading.layout, reading.fields, reading.strays)


def _read_scan(data: bytes, *, shelf: _Shelf, received_on: dt.date, photo: bool) -> dict[str, Any]:
    if not photo:
        check_images(data)
    reading = read_scanned_form(data, shelf.layouts, shelf.dictionary, received_on, photo=photo)
    return _answer(reading.kind, reading.layout, reading.fields, reading.strays)


def _answer(
    kind: Kind, layout: str | None, fields: Sequence[FieldReading], strays: Sequence[str] = ()
) -> dict[str, Any]:
    entries = [field.as_json() for field in fields]
    return {"kind": kind.value, "layout": layout, "fields": entries, "strays": list(strays)}


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


def _believe(answer: Any, form: Form, shelf: _Shelf) -> Reading:  # noqa: ANN401 -- JSON of a child
    """The child's JSON as a Reading, if it has the form of one: it may have been taken over by what it read."""
    try:
        layout = answer["layout"]
        fields = tuple(_field(entry) for entry in answer["fields"])
        kind = Kind(answer["kind"])
        strays = tuple(str(text)[:STRAY_LENGTH] for text in answer.get("strays", ()))[:STRAYS]
        blank = shelf.catalogue.blanks.get(layout) if layout is not None else None
    except (KeyError, TypeError, ValueError) as error:
        raise _unbelievable() from error
    paths = [field.path for field in fields]
    if blank is not None:
        if paths != [cell.field.path for cell in blank.cells()]:
            raise _unbelievable()
        return Reading(form.sha256, kind, layout, blank.formation.code, blank.session.annee, fields)
    known = next((one.layout for one in shelf.layouts if one.layout.id == layout), None)
    sound = len(set(paths)) == len(paths) and all(_is_known(path, shelf.dictionary) for path in paths)
    if not sound or (known is None and (layout is not None or any(not field.doubt for field in fields))):
        raise _unbelievable()
    fields = tuple(replace(field, combined=field.path not in shelf.dictionary.fields) for field in fields)
    formation = known.formations[0] if known is not None and len(known.formations) == 1 else None
    return Reading(form.sha256, kind, layout, formation, None, fields, strays)


def _is_known(path: str, dictionary: Dictionary) -> bool:
    return path in dictionary.fields or is_combined(path, dictionary)


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
