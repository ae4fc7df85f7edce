"""Entry point of the jailed child: what it makes of a file’s bytes.

Imported whole before the child is confined: what our own forms need. What only others' need comes when it is needed.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from pipeline.core.errors import FormRejected
from pipeline.core.models import Kind
from pipeline.reading import own_word, own_zones, scans, schools
from pipeline.reading.candidates import Answer
from pipeline.reading.catalogue import Catalogue
from pipeline.reading.exchange import PAGES, PHOTO, SCANNED, KnownForms, reading_as_json
from pipeline.reading.gates import check_images, open_docx, open_pdf
from pipeline.reading.notes import attach_notes
from pipeline.reading.ocr import ILLEGIBLE
from pipeline.reading.own_acroform import has_fields, read_acroform
from pipeline.reading.own_fields import read_fields
from pipeline.reading.recognise import (
    Recognised,
    find_form,
    keywords,
    modified,
    page_texts,
    unknown,
    word_texts,
)
from pipeline.reading.sniff import Container, container_of, is_picture

NO_FORM = "FORMULAIRE_INCONNU"
_NOT_OURS = frozenset({NO_FORM, ILLEGIBLE, "FORMATION_INCONNUE"})


def read_bytes(data: bytes, *, known_forms: KnownForms, received_on: dt.date) -> dict[str, Any]:
    """Bytes to the JSON of a reading, or the word that they must be read as a scan."""
    if is_picture(data):
        return {SCANNED: PHOTO}
    container = container_of(data)
    try:
        if container is Container.DOCX:
            kind, blank, answers = _read_word(data, known_forms.catalogue)
        else:
            kind, blank, answers = _read_pdf(data, known_forms.catalogue)
    except FormRejected as rejection:
        if rejection.reason not in _NOT_OURS:
            raise
        return _read_other(data, rejection, known_forms, received_on)
    fields = read_fields(blank.blank, answers, received_on)
    return reading_as_json(kind, blank.blank.layout, fields)


def _read_other(
    data: bytes, rejection: FormRejected, known_forms: KnownForms, received_on: dt.date
) -> dict[str, Any]:
    """A form without our mark; ``rejection`` is what to say if it is no form at all."""
    if rejection.reason == ILLEGIBLE:
        return {SCANNED: PAGES}
    try:
        reading = schools.read_school_form(data, known_forms.layouts, known_forms.dictionary, received_on)
    except schools.PagesAreImages:
        return {SCANNED: PAGES}
    except FormRejected as error:
        raise (rejection if error.reason == NO_FORM else error) from None
    return reading_as_json(reading.kind, reading.layout, reading.fields, reading.strays)


def read_scan(data: bytes, *, known_forms: KnownForms, received_on: dt.date, photo: bool) -> dict[str, Any]:
    """Page images to the JSON of a reading."""
    if not photo:
        check_images(data)
    reading = scans.read_scanned_form(data, known_forms.layouts, known_forms.dictionary, received_on, photo=photo)
    return reading_as_json(reading.kind, reading.layout, reading.fields, reading.strays)


def _read_word(data: bytes, catalogue: Catalogue) -> tuple[Kind, Recognised, tuple[Answer, ...]]:
    known = find_form(word_texts(open_docx(data)), catalogue)
    if known is None:
        raise unknown()
    return Kind.DOCX, known, own_word.read_docx(data, known.blank)


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
    return Kind.PDF_TEXT, known, attach_notes(reader, own_zones.read_printed(data, known.blank))
