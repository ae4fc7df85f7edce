"""Decompression-bomb check of PDFs: how much drawing the pages ask for, before anything interprets it.

A few kilobytes may unfold to hours of work: a long stream compresses to nothing, and a drawing that repeats a drawing
ten times, ten deep, is ten thousand million. Here streams are only unpacked and their repetitions multiplied. A page
of a form weighs 20 to 400 kB.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pypdf
from pypdf.errors import LimitReachedError
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

from pipeline.core.errors import FormRejected
from pipeline.core.refusals import Refusal, refused

MAX_WEIGHT = 2_000_000  # bytes of drawing orders in the whole file: some three seconds to interpret
MAX_BEHIND_IMAGES = 500_000  # of pages that are read as images: scans weigh 5 kB, and drawing costs more than reading
_DEEPEST = 20  # drawings within drawings

_SPACE = rb"(?:[\x00\t\n\f\r ]|%[^\r\n]*[\r\n])+"
_REPEAT = re.compile(rb"/([^\x00\t\n\f\r ()<>\[\]{}/%]+)" + _SPACE + rb"Do(?![^\x00\t\n\f\r ()<>\[\]{}/%])")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


def _too_heavy() -> FormRejected:
    return refused(Refusal.PDF_HEAVY)


def weigh(reader: pypdf.PdfReader, limit: int = MAX_WEIGHT) -> int:
    """The bytes of drawing orders of all pages, repetitions included; raises FormRejected beyond ``limit``.

    Pictures count for nothing, and neither does a stream that cannot be unpacked: no parser would draw it.
    """
    known: dict[int, int] = {}
    total = 0
    for page in reader.pages:
        for piece in _pieces(page.get("/Contents")):
            total += _weight(_data(piece), page.get("/Resources"), known, 0)
            if total > limit:
                raise _too_heavy()
    return total


def _pieces(contents: Any) -> Iterator[StreamObject]:  # noqa: ANN401 -- whatever the file says
    contents = _real(contents)
    for piece in contents if isinstance(contents, ArrayObject) else (contents,):
        stream = _real(piece)
        if isinstance(stream, StreamObject):
            yield stream


def _weight(data: bytes, resources: Any, known: dict[int, int], depth: int) -> int:  # noqa: ANN401 -- as above
    if depth > _DEEPEST:
        raise _too_heavy()
    total = len(data)
    drawings = _drawings(resources)
    for name, times in Counter(_REPEAT.findall(data)).items():
        drawing = drawings.get("/" + _ESCAPE.sub(lambda m: bytes([int(m[1], 16)]), name).decode("latin-1"))
        drawing = _real(drawing)
        if isinstance(drawing, StreamObject) and drawing.get("/Subtype") == "/Form":
            if id(drawing) not in known:
                known[id(drawing)] = MAX_WEIGHT + 1  # while it is weighed: one that draws itself has no end
                inner = drawing.get("/Resources", resources)
                known[id(drawing)] = _weight(_data(drawing), inner, known, depth + 1)
            total += times * known[id(drawing)]
            if total > MAX_WEIGHT:
                raise _too_heavy()
    return total


def _drawings(resources: Any) -> Mapping[str, Any]:  # noqa: ANN401 -- as above
    resources = _real(resources)
    found = _real(resources.get("/XObject")) if isinstance(resources, DictionaryObject) else None
    return found if isinstance(found, DictionaryObject) else {}


def _data(stream: StreamObject) -> bytes:
    try:
        return stream.get_data()
    except LimitReachedError as error:
        raise _too_heavy() from error
    except Exception:  # noqa: BLE001 -- pypdf raises anything on a damaged stream
        return b""


def _real(thing: Any) -> Any:  # noqa: ANN401 -- as above
    return thing.get_object() if thing is not None and hasattr(thing, "get_object") else thing
