"""Fingerprints of the pages of a PDF form: what they print by themselves, and where something is laid over them.

Two pages with the same fingerprint have the same instructions, fonts, pictures and sheet, and fields in the same
places, however their file was compressed or numbered: nothing was added to one, taken from it, moved or recoloured.
What the fields hold and how they look is no part of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject, StreamObject

from pipeline.reading.widgets import page_annotations

_LOOKS = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group", "/Resources")  # what decides how it looks
_STORED = frozenset({"/Length", "/Filter", "/DecodeParms", "/DL"})  # how a stream is kept in its file
_DEEPEST, _MOST = 24, 20_000  # a page of ours nests 8 deep and has some hundred parts


def page_prints(reader: pypdf.PdfReader) -> tuple[str, ...]:
    """One fingerprint a page, empty for one that nests too deep or has too many parts; raises nothing of pypdf."""
    return tuple(_print_of(page) for page in reader.pages)


def _print_of(page: pypdf.PageObject) -> str:
    digest = hashlib.sha256()
    parts = 0
    try:
        for part in _parts_of(page):
            parts += 1
            if parts > _MOST:
                return ""
            digest.update(part)
    except (pypdf.errors.PyPdfError, ArithmeticError, KeyError, RecursionError, TypeError, ValueError):
        return ""
    return digest.hexdigest()


def _parts_of(page: pypdf.PageObject) -> Iterator[bytes]:
    for name in _LOOKS:
        yield name.encode()
        yield from _parts(_inherited(page, name), 0)
    yield repr(sorted(_laid_over(page))).encode()
    contents = page.get("/Contents")
    contents = contents.get_object() if contents is not None else None
    for stream in contents if isinstance(contents, ArrayObject) else [contents]:
        yield from _parts(stream, 0)


def _inherited(page: DictionaryObject, name: str) -> PdfObject | None:
    """What a page says under a name, or else the nearest node of pages above it."""
    node: PdfObject | None = page
    for _ in range(_DEEPEST):
        if not isinstance(node, DictionaryObject) or name in node:
            break
        node = node.get("/Parent")
        node = node.get_object() if node is not None else None
    return node.get(name) if isinstance(node, DictionaryObject) else None


def _laid_over(page: pypdf.PageObject) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Kind and place, to a point, of each annotation of a page, fields included."""
    for annotation in page_annotations(page):
        sides = annotation.get("/Rect", ())
        yield str(annotation.get("/Subtype")), tuple(round(float(side)) for side in sides)


def _parts(value: PdfObject | None, deep: int) -> Iterator[bytes]:
    """A value as bytes that no other value gives: each is told with its kind and its end."""
    if deep > _DEEPEST:
        raise ValueError("nested too deep")
    value = value.get_object() if isinstance(value, IndirectObject) else value
    if isinstance(value, DictionaryObject):
        stored = _STORED if isinstance(value, StreamObject) else frozenset()
        yield b"<"
        for name in sorted(set(value) - stored - {"/Parent"}):
            yield name.encode() + b" "
            yield from _parts(value.raw_get(name), deep + 1)
        if isinstance(value, StreamObject):
            data = value.get_data()
            yield b"%d " % len(data)
            yield data
        yield b">"
    elif isinstance(value, ArrayObject):
        yield b"["
        for one in list.__iter__(value):
            yield from _parts(one, deep + 1)
        yield b"]"
    else:
        yield f"{type(value).__name__}{value!r} ".encode()
