"""Look at a file that came back signed, in the jail: what it is and how many pages; it is never written again.

Its bytes are the evidence: a signature in a PDF holds for these bytes only.
"""

from __future__ import annotations

import io
import os
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PIL import Image

from pipeline.core.refusals import Refusal, refused
from pipeline.sandbox.gates import open_pdf
from pipeline.sandbox.jail import run
from pipeline.sandbox.quotas import LIMITS
from pipeline.sandbox.sniff import Container, container_of, is_picture

BIGGEST = 25_000_000  # bytes: a scan of a whole packet
_PIXELS = 80_000_000  # of one page: A3 at 600 dpi is 70 million
_FORMATS = ("JPEG", "PNG", "TIFF")
_LIMITS = replace(LIMITS, source=BIGGEST + 1)


@dataclass(frozen=True)
class Returned:
    """What came back: « pdf » or the kind of picture, and how many pages."""

    kind: str
    pages: int


def look(path: Path) -> Returned:
    """What a file is that came back; raises FormRejected with its code, ReadingStopped by no fault of the file."""
    source = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        answer = run(seen, source, limits=_LIMITS, load=_get_ready)
    finally:
        os.close(source)
    try:
        kind, pages = str(answer["kind"]), int(answer["pages"])
    except (KeyError, TypeError, ValueError) as error:
        raise refused(Refusal.STOPPED) from error
    if pages < 1 or kind not in {"pdf", *(one.lower() for one in _FORMATS)}:
        raise refused(Refusal.STOPPED)
    return Returned(kind, pages)


def seen(data: bytes) -> dict[str, Any]:
    """``kind`` and ``pages`` of the bytes, in the jail; raises FormRejected for what is neither PDF nor scan."""
    if is_picture(data):
        return _picture(data)
    if container_of(data) is not Container.PDF:
        raise refused(Refusal.NOT_A_PDF)
    return {"kind": "pdf", "pages": len(open_pdf(data).pages)}


def _picture(data: bytes) -> dict[str, Any]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                fits = image.width * image.height <= _PIXELS
                if fits:
                    image.load()  # cut short, it does not decode
                told = {"kind": str(image.format).lower(), "pages": getattr(image, "n_frames", 1)}
    except Exception as error:  # decoders raise anything at all on damaged pictures
        raise refused(Refusal.IMAGE_DAMAGED) from error
    if not fits:
        raise refused(Refusal.IMAGE_LARGE, what="L’image reçue")
    return told


def _get_ready() -> None:
    """Load what tells pictures apart: in the jail there is no disk."""
    Image.init()
