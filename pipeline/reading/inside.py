"""Entry point of the jailed child: what it makes of a file’s bytes.

Imported whole before the child is confined: what digital forms need. What only scans need comes when it is needed.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from pipeline.reading import crop_reading, digital, scans
from pipeline.reading.exchange import CROPS, PAGES, PHOTO, SCANNED, reading_as_json
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.seen.eyesight import PicturesWanted, blind
from pipeline.sandbox.gates import check_images
from pipeline.sandbox.sniff import is_picture


def read_bytes(data: bytes, *, known_forms: KnownForms, received_on: dt.date, ocr: bool = False) -> dict[str, Any]:
    """Bytes to the JSON of a reading, or the word that they must be read with OCR; for crops, where it is there."""
    if is_picture(data):
        return {SCANNED: PHOTO}
    try:
        return reading_as_json(digital.read_form(data, known_forms, received_on, None if ocr else blind))
    except digital.PagesAreImages:
        return {SCANNED: PAGES}
    except PicturesWanted:
        return {SCANNED: CROPS}


def read_optically(data: bytes, *, known_forms: KnownForms, received_on: dt.date, what: str) -> dict[str, Any]:
    """Page images, or the crops of a digital form that only OCR can tell, to the JSON of a reading."""
    if what == CROPS:
        return reading_as_json(digital.read_form(data, known_forms, received_on, crop_reading.read_crop))
    photo = what == PHOTO
    if not photo:
        check_images(data)
    return reading_as_json(scans.read_scanned_form(data, known_forms, received_on, photo=photo))
