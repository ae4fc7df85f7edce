"""Values of the fields of a PDF that a person filled, read in the jail: nothing else of the file is looked at."""

from __future__ import annotations

import os
from pathlib import Path

from pypdf.generic import ArrayObject, IndirectObject

from pipeline.core.refusals import Refusal, refused
from pipeline.sandbox.gates import open_pdf
from pipeline.sandbox.jail import run
from pipeline.sandbox.opening import opened
from pipeline.sandbox.sniff import Container, container_of

MOST, LONGEST = 2_000, 20_000  # fields of a file, letters of a value


def form_values(path: Path) -> dict[str, str]:
    """Name of each AcroForm field to its value, empty where nothing was written; ``/Off`` for a box not ticked.

    Raises FormRejected for a file that is no sound PDF, ReadingStopped by no fault of the file, OSError.
    """
    source = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        answer = run(values_of, source)
    finally:
        os.close(source)
    believed = isinstance(answer, dict) and len(answer) <= MOST
    if not believed or not all(isinstance(one, str) and len(one) <= LONGEST for one in answer.values()):
        raise refused(Refusal.STOPPED)
    return {str(name): value for name, value in answer.items()}


def values_of(data: bytes) -> dict[str, str]:
    """The same, of the file's bytes; in the jailed child."""
    data = opened(data)
    if container_of(data) is not Container.PDF:
        raise refused(Refusal.NOT_A_PDF)
    fields = open_pdf(data).get_fields() or {}
    if len(fields) > MOST:
        raise refused(Refusal.WORDY)
    return {str(name): _text(field.get("/V")) for name, field in fields.items()}


def _text(value: object) -> str:
    value = value.get_object() if isinstance(value, IndirectObject) else value
    if value is None or isinstance(value, ArrayObject):
        return ""
    said = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    return said[: LONGEST + 1]
