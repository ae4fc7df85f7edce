"""Fingerprints of what the pages of a PDF print by themselves, whatever is laid over them: fields, comments.

Two pages with the same fingerprint have the same instructions, fonts, pictures and sheet, however their file was
compressed or numbered: nothing was added to one, taken from it, moved or recoloured.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject, StreamObject

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
    except (pypdf.errors.PyPdfError, ValueError, TypeError, KeyError, RecursionError):
        return ""
    return digest.hexdigest()


def _parts_of(page: pypdf.PageObject) -> Iterator[bytes]:
    for name in _LOOKS:  # pypdf gives a page what it inherits
        yield name.encode()
        yield from _parts(page.get(name), 0)
    contents = page.get("/Contents")
    contents = contents.get_object() if contents is not None else None
    for stream in contents if isinstance(contents, ArrayObject) else [contents]:
        yield from _parts(stream, 0)


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
