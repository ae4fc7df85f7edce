"""Entry point of the jailed child: what it makes of a file’s bytes.

Imported whole before the child is confined: what digital forms need. What only scans need comes when it is needed.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from pipeline.reading import digital, scans
from pipeline.reading.bundles import files_as_json, pages_as_json
from pipeline.reading.exchange import PAGES, PHOTO, SCANNED, reading_as_json
from pipeline.reading.known_forms import KnownForms
from pipeline.sandbox.archives import members
from pipeline.sandbox.gates import check_images
from pipeline.sandbox.opening import opened
from pipeline.sandbox.sniff import ZIP, Container, container_of, is_picture


def read_bytes(data: bytes, *, known_forms: KnownForms, received_on: dt.date) -> dict[str, Any]:
    """Bytes to the JSON of a reading, the word that they must be read as a scan, or the parts of a bundle."""
    data = opened(data)
    if is_picture(data):
        return {SCANNED: PHOTO}
    if data.startswith(ZIP) and container_of(data) is Container.ARCHIVE:
        return files_as_json(members(data))
    try:
        return reading_as_json(digital.read_form(data, known_forms, received_on))
    except digital.PagesAreImages:
        return {SCANNED: PAGES}
    except digital.FormsTogether as together:
        return pages_as_json(together.groups)


def read_scan(data: bytes, *, known_forms: KnownForms, received_on: dt.date, photo: bool) -> dict[str, Any]:
    """Page images to the JSON of a reading, or to the parts of a bundle."""
    data = opened(data)
    if not photo:
        check_images(data)
    try:
        return reading_as_json(scans.read_scanned_form(data, known_forms, received_on, photo=photo))
    except digital.FormsTogether as together:
        return pages_as_json(together.groups)
