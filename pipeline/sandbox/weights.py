"""Decompression-bomb check of PDFs and pictures: how much drawing the pages ask for, before anything interprets it.

A few kilobytes may unfold to hours of work: a long stream compresses to nothing, and a drawing that repeats a drawing
ten times, ten deep, is ten thousand million. Here streams are only unpacked and their repetitions multiplied: of
drawings, patterns, masks, what fields look like, pictures drawn again. A page of a form weighs 20 to 400 kB.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import pypdf
from pypdf.errors import LimitReachedError
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

from pipeline.core.errors import FormRejected
from pipeline.core.refusals import Refusal, refused

MAX_WEIGHT = 2_000_000  # bytes of drawing orders in the whole file: some three seconds to interpret
MAX_BEHIND_IMAGES = 500_000  # of pages that are read as images: scans weigh 5 kB, and drawing costs more than reading
_DEEPEST = 20  # drawings within drawings
_PIXELS = 1_000  # of a picture that is drawn again, in the time of a byte of orders
_LEAST_TILE = 0.25  # square points: two million such tiles fill a page
_MOST_PARTS = 10_000  # of which a colour or a shade is mixed: honest ones have tens
_MOST_COUNTED = 10_000  # pages of a TIFF
MOST_PASSES = 100  # over one JPEG: each costs as much as the whole picture; honest ones have one to twelve

_SPACE = rb"(?:[\x00\t\n\f\r ]|%[^\r\n]*[\r\n])+"
_REGULAR = rb"[^\x00\t\n\f\r ()<>\[\]{}/%]"
_USE = re.compile(rb"/(" + _REGULAR + rb"+)" + _SPACE + rb"(Do|gs|scn|SCN)(?!" + _REGULAR + rb")")
_KINDS = {b"Do": "/XObject", b"gs": "/ExtGState", b"scn": "/Pattern", b"SCN": "/Pattern"}
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_MIXED = ("/Shading", "/ColorSpace", "/Pattern", "/ExtGState")  # resources of which functions are part
_PARTS = ("/Function", "/Functions", "/Shading", "/ColorSpace", "/TR", "/TR2")


def _too_heavy() -> FormRejected:
    return refused(Refusal.PDF_HEAVY)


def weigh(reader: pypdf.PdfReader, limit: int = MAX_WEIGHT) -> int:
    """The bytes of drawing orders of all pages, repetitions included; raises FormRejected beyond ``limit``.

    A picture counts for nothing the first time, and neither does a stream that cannot be unpacked: no parser would
    draw it.
    """
    scale, total = _Scale(), 0
    for page in reader.pages:
        resources = page.get("/Resources")
        for piece in _pieces(page.get("/Contents")):
            total += scale.weight(_data(piece), resources, 0)
            if total > limit:
                raise _too_heavy()
        for annotation in _annotations(page):
            total += _said(annotation) + sum(scale.drawn(look, resources, 0) for look in _looks(annotation))
            if total > limit:
                raise _too_heavy()
    return total


class _Scale:
    """Weighs streams, each once; ``known`` weights and counts of parts are by the identity of an object."""

    def __init__(self) -> None:
        self._known: dict[int, int] = {}
        self._parts: dict[int, int] = {}
        self._pictures: set[int] = set()
        self._seen: set[int] = set()

    def weight(self, data: bytes, resources: Any, depth: int) -> int:  # noqa: ANN401 -- whatever the file says
        """The weight of these orders."""
        if depth > _DEEPEST:
            raise _too_heavy()
        self._hold_colours(resources)
        total = len(data)
        for (name, order), times in Counter(_USE.findall(data)).items():
            total += self._used(_named(resources, _KINDS[order], name), times, resources, depth)
            if total > MAX_WEIGHT:
                raise _too_heavy()
        return total

    def drawn(self, drawing: StreamObject, resources: Any, depth: int) -> int:  # noqa: ANN401 -- as above
        """The weight of a drawing; of one that draws itself, which has no end, more than any file may have."""
        if id(drawing) not in self._known:
            self._known[id(drawing)] = MAX_WEIGHT + 1  # while it is weighed
            inner = drawing.get("/Resources", resources)
            self._known[id(drawing)] = self.weight(_data(drawing), inner, depth + 1)
        return self._known[id(drawing)]

    def _used(self, thing: Any, times: int, resources: Any, depth: int) -> int:  # noqa: ANN401 -- as above
        """What using a resource so many times weighs: a drawing, a picture, a pattern of tiles, a mask."""
        if not isinstance(thing, DictionaryObject):
            return 0
        mask = _real(thing.get("/SMask")) if not isinstance(thing, StreamObject) else None
        if isinstance(mask, DictionaryObject):
            thing = _real(mask.get("/G"))
        if not isinstance(thing, StreamObject):
            return 0
        if thing.get("/Subtype") == "/Image":
            if "DCT" in str(_real(thing.get("/Filter"))) and passes(_data(thing)) > MOST_PASSES:
                raise _too_heavy()
            again = times - (id(thing) not in self._pictures)
            self._pictures.add(id(thing))
            return again * int(_number(thing.get("/Width")) * _number(thing.get("/Height"))) // _PIXELS
        if thing.get("/PatternType") == 1 and _tile(thing) < _LEAST_TILE:
            raise _too_heavy()
        drawing = thing.get("/Subtype") == "/Form" or "/PatternType" in thing
        return times * self.drawn(thing, resources, depth) if drawing or mask is not None else 0

    def _hold_colours(self, resources: Any) -> None:  # noqa: ANN401 -- as above
        """Raise FormRejected for colours mixed of too many parts: viewers look at each, as often as it is named."""
        resources = _there(resources)
        if not isinstance(resources, DictionaryObject) or id(resources) in self._seen:
            return
        self._seen.add(id(resources))
        for kind in _MIXED:
            named = _there(resources.get(kind))
            for one in named.values() if isinstance(named, DictionaryObject) else ():
                if self._count(one, 0) > _MOST_PARTS:
                    raise _too_heavy()

    def _count(self, thing: Any, depth: int) -> int:  # noqa: ANN401 -- as above
        thing = _there(thing)
        if not isinstance(thing, ArrayObject | DictionaryObject):
            return 0
        if depth > _DEEPEST:
            return _MOST_PARTS + 1
        if id(thing) not in self._parts:
            self._parts[id(thing)] = _MOST_PARTS + 1  # while it is counted: one that is its own part has no end
            inner = thing if isinstance(thing, ArrayObject) else [thing[key] for key in _PARTS if key in thing]
            self._parts[id(thing)] = 1 + sum(self._count(one, depth + 1) for one in inner)
        return self._parts[id(thing)]


def passes(picture: bytes) -> int:
    """How often a decoder goes over a JPEG, at most: each pass begins with a mark that its pixels never hold."""
    return picture.count(b"\xff\xda")


def tiff_pages(tiff: bytes) -> int:
    """How many pages a TIFF has, by the chain of their directories; one where that cannot be followed.

    Pillow reads every directory to count them, which takes a quarter of a second for a thousand.
    """
    order = "<" if tiff.startswith(b"II") else ">"
    seen: set[int] = set()
    with suppress(struct.error):
        (place,) = struct.unpack_from(f"{order}I", tiff, 4)
        while place and place not in seen and len(seen) < _MOST_COUNTED:
            (entries,) = struct.unpack_from(f"{order}H", tiff, place)
            (after,) = struct.unpack_from(f"{order}I", tiff, place + 2 + 12 * entries)
            seen.add(place)
            place = after
    return max(len(seen), 1)


def _pieces(contents: Any) -> Iterator[StreamObject]:  # noqa: ANN401 -- as above
    contents = _real(contents)
    for piece in contents if isinstance(contents, ArrayObject) else (contents,):
        stream = _real(piece)
        if isinstance(stream, StreamObject):
            yield stream


def _annotations(page: Mapping[str, Any]) -> Iterator[DictionaryObject]:
    found = _there(page.get("/Annots"))
    for annotation in map(_there, found if isinstance(found, ArrayObject) else ()):
        if isinstance(annotation, DictionaryObject):
            yield annotation


def _said(annotation: DictionaryObject) -> int:
    """The letters that a field or a note holds, or the field that it is part of."""
    holder = _there(annotation.get("/Parent"))
    holders = (annotation, holder) if isinstance(holder, DictionaryObject) else (annotation,)
    held = (_there(one.get(key)) for one in holders for key in ("/V", "/Contents"))
    return sum(len(text) for text in held if isinstance(text, str | bytes))


def _looks(annotation: DictionaryObject) -> Iterator[StreamObject]:
    """What a field or an annotation looks like, in each of its states."""
    looks = _there(annotation.get("/AP"))
    normal = _there(looks.get("/N")) if isinstance(looks, DictionaryObject) else None
    several = isinstance(normal, DictionaryObject) and not isinstance(normal, StreamObject)
    for look in map(_there, normal.values() if several and normal is not None else (normal,)):
        if isinstance(look, StreamObject):
            yield look


def _named(resources: Any, kind: str, name: bytes) -> Any:  # noqa: ANN401 -- as above
    resources = _real(resources)
    found = _real(resources.get(kind)) if isinstance(resources, DictionaryObject) else None
    key = "/" + _ESCAPE.sub(lambda m: bytes([int(m[1], 16)]), name).decode("latin-1")
    return _real(found.get(key)) if isinstance(found, DictionaryObject) else None


def _tile(pattern: StreamObject) -> float:
    """The square points of one tile."""
    across, down = _number(pattern.get("/XStep")), _number(pattern.get("/YStep"))
    matrix = _real(pattern.get("/Matrix"))
    a, b, c, d = map(_number, matrix[:4]) if isinstance(matrix, ArrayObject) and len(matrix) > 3 else (1, 0, 0, 1)
    return abs(across * down * (a * d - b * c))


def _number(thing: Any) -> float:  # noqa: ANN401 -- as above
    thing = _real(thing)
    return float(thing) if isinstance(thing, int | float) else 0.0


def _data(stream: StreamObject) -> bytes:
    try:
        return stream.get_data()
    except LimitReachedError as error:
        raise _too_heavy() from error
    except Exception:  # noqa: BLE001 -- pypdf raises anything at all on a damaged stream
        return b""


def _real(thing: Any) -> Any:  # noqa: ANN401 -- as above
    return thing.get_object() if thing is not None and hasattr(thing, "get_object") else thing


def _there(thing: Any) -> Any:  # noqa: ANN401 -- as above
    """As ``_real``, and ``None`` for what cannot be found: nobody draws it."""
    try:
        return _real(thing)
    except Exception:  # noqa: BLE001 -- as above
        return None
