"""Entry point of the jailed child: what it makes of a file’s bytes.

Imported whole before the child is confined: what digital forms need. What only scans need comes when it is needed.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

from pipeline.reading import crop_reading, digital, scans
from pipeline.reading.bundles import files_as_json, pages_as_json
from pipeline.reading.exchange import CROPS, PAGES, PHOTO, SCANNED, reading_as_json
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.seen.eyesight import PicturesWanted, blind
from pipeline.sandbox.archives import members
from pipeline.sandbox.gates import check_images
from pipeline.sandbox.opening import opened
from pipeline.sandbox.sniff import ZIP, Container, container_of, is_picture


def read_bytes(data: bytes, *, known_forms: KnownForms, received_on: dt.date, ocr: bool = False) -> dict[str, Any]:
    """Bytes to the JSON of a reading, the word that they must be read with OCR, or the parts of a bundle.

    With ``ocr`` loaded, a form of which an answer's crop must be read by it is asked for again (CROPS); without,
    such answers are doubts.
    """
    data = opened(data)
    if is_picture(data):
        return {SCANNED: PHOTO}
    if data.startswith(ZIP) and container_of(data) is Container.ARCHIVE:
        return files_as_json(members(data))
    try:
        return reading_as_json(digital.read_form(data, known_forms, received_on, None if ocr else blind))
    except digital.PagesAreImages:
        return {SCANNED: PAGES}
    except digital.FormsTogether as together:
        return pages_as_json(together.groups)
    except PicturesWanted:
        return {SCANNED: CROPS}


def read_optically(data: bytes, *, known_forms: KnownForms, received_on: dt.date, what: str) -> dict[str, Any]:
    """Page images, or the crops of a digital form that only OCR can tell, to the JSON of a reading or of a bundle."""
    data = opened(data)
    try:
        if what == CROPS:
            with suppress(digital.PagesAreImages):  # crops are asked for before anything else is known
                return reading_as_json(digital.read_form(data, known_forms, received_on, crop_reading.read_crop))
        if what != PHOTO:
            check_images(data)
        return reading_as_json(scans.read_scanned_form(data, known_forms, received_on, photo=what == PHOTO))
    except digital.FormsTogether as together:
        return pages_as_json(together.groups)
