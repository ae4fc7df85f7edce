"""In the jail: what the child makes of a file's bytes.

Imported whole before the child is confined: what our own forms need. What only others' need comes when it is needed.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from pipeline.errors import FormRejected
from pipeline.intake.acroform import has_fields, read_acroform
from pipeline.intake.answers import Answer
from pipeline.intake.catalogue import Catalogue
from pipeline.intake.exchange import PAGES, PHOTO, SCANNED, Shelf, said
from pipeline.intake.gates import check_images, open_docx, open_pdf
from pipeline.intake.notes import attach_notes
from pipeline.intake.ocr import ILLEGIBLE
from pipeline.intake.reading import read_fields
from pipeline.intake.recognise import Recognised, find_form, keywords, modified, page_texts, unknown, word_texts
from pipeline.intake.sniff import Container, container_of, is_picture
from pipeline.models import Kind

NO_FORM = "FORMULAIRE_INCONNU"
_NOT_OURS = frozenset({NO_FORM, ILLEGIBLE, "FORMATION_INCONNUE"})


def read_bytes(data: bytes, *, shelf: Shelf, received_on: dt.date) -> dict[str, Any]:
    """Bytes to the JSON of a reading, or the word that they must be read as a scan."""
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
    return said(kind, blank.blank.layout, fields)


def _read_other(data: bytes, rejection: FormRejected, shelf: Shelf, received_on: dt.date) -> dict[str, Any]:
    """A form without our mark; ``rejection`` is what to say if it is no form at all."""
    if rejection.reason == ILLEGIBLE:
        return {SCANNED: PAGES}
    from pipeline.intake.schools import PagesAreImages, read_school_form  # noqa: PLC0415 -- heavy, and not for our own

    try:
        reading = read_school_form(data, shelf.layouts, shelf.dictionary, received_on)
    except PagesAreImages:
        return {SCANNED: PAGES}
    except FormRejected as error:
        raise (rejection if error.reason == NO_FORM else error) from None
    return said(reading.kind, reading.layout, reading.fields, reading.strays)


def read_scan(data: bytes, *, shelf: Shelf, received_on: dt.date, photo: bool) -> dict[str, Any]:
    """Page images to the JSON of a reading."""
    from pipeline.intake.scans import read_scanned_form  # noqa: PLC0415 -- heavy, and only for scans

    if not photo:
        check_images(data)
    reading = read_scanned_form(data, shelf.layouts, shelf.dictionary, received_on, photo=photo)
    return said(reading.kind, reading.layout, reading.fields, reading.strays)


def _read_word(data: bytes, catalogue: Catalogue) -> tuple[Kind, Recognised, tuple[Answer, ...]]:
    known = find_form(word_texts(open_docx(data)), catalogue)
    if known is None:
        raise unknown()
    from pipeline.intake.word import read_docx  # noqa: PLC0415 -- it knows holidays, and a PDF needs none

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
    from pipeline.intake.printed import read_printed  # noqa: PLC0415 -- heavy, and only for what was printed

    return Kind.PDF_TEXT, known, attach_notes(reader, read_printed(data, known.blank))
