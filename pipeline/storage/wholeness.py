"""Completeness check of a received file: whether its end has come, by the structure of its kind.

Nothing is parsed here: markers, lengths and offsets are compared with the size of the file, step by step.
What is whole may still be damaged; that is for the reader to say.
"""

from __future__ import annotations

import os
import re
import stat
import struct
from collections.abc import Callable
from pathlib import Path

_LARGEST = 60_000_000  # bytes looked at: what is larger is no form, and is received to be told so
_PADDING = b"\x00\t\n\f\r "  # what a disk or a gateway fills up a file with
_PDF_WITHIN = 1_030  # bytes: a printer or a gateway may have left a line before it
_PDF_TAIL = 2_048  # bytes in which its last mark stands
_ZIP_TAIL = 70_000  # the end record may stand before a comment of 64 KB
_END_RECORD = 22  # bytes
_STEPS = 20_000  # chunks, boxes, segments or entries that are walked
_OF_PDF_BEHIND = re.compile(rb"\d+ \d+ obj|\bxref\b|\bendobj\b|\bstream\b")
_LINEARIZED = re.compile(rb"/Linearized\b[^>]*?/L (\d+)", re.DOTALL)
_JPEG_MARK = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)  # not in what is coded, nor a restart
_TIFF_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_TIFF_PLACES = {273: 279, 324: 325, 513: 514}  # tags: where strips, tiles and a thumbnail lie; how long they are


def is_whole(path: Path) -> bool:
    """Whether a file has come to its end; ``False`` also while it is empty or held by who writes it.

    PDF, ZIP (so DOCX and ODT), JPEG, PNG, TIFF, HEIC and a few others are told; of the rest nobody can tell.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    with open(descriptor, "rb") as file:  # noqa: PTH123 -- a descriptor
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return False
        try:
            return has_its_end(file.read(_LARGEST + 1))
        except OSError:
            return False


def has_its_end(data: bytes) -> bool:
    """The same of the bytes of a file."""
    if len(data) > _LARGEST:
        return True
    if len(data) < 8 and any(sign.startswith(data) or data.startswith(sign) for sign in _SIGNS):
        return False
    for begins, ends in _KINDS:
        if begins(data):
            try:
                return ends(data)
            except (struct.error, IndexError):  # it is shorter than it says
                return False
    return bool(data.strip(_PADDING))


def _pdf(data: bytes) -> bool:
    """Its last mark, nothing of a PDF behind it, and no more than it says of itself."""
    told = _LINEARIZED.search(data[: _PDF_WITHIN + 1_024])
    _, mark, behind = data.rstrip(_PADDING).rpartition(b"%%EOF")
    if told and int(told[1]) > len(data):
        return False
    return bool(mark) and len(behind) <= _PDF_TAIL and not _OF_PDF_BEHIND.search(behind)


def _zip(data: bytes) -> bool:
    """Its directory ends where its end record begins, and its comment within the file."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - _ZIP_TAIL))
    if at < 0:
        return False
    size, offset, comment = struct.unpack_from("<IIH", data, at + 12)
    if at + _END_RECORD + comment > len(data):
        return False
    if 0xFFFFFFFF in (size, offset):  # ZIP64 says it in a record of its own
        return data[at - 20 : at - 16] == b"PK\x06\x07"
    return bool(offset + size == at) and (size == 0 or data[offset : offset + 4] == b"PK\x01\x02")


def _jpeg(data: bytes) -> bool:
    """Its segments up to the end of the image; what a camera adds behind is not looked at."""
    at = 2
    for _ in range(_STEPS):
        while data[at] == 0xFF and data[at + 1] == 0xFF:
            at += 1
        if data[at] != 0xFF:
            return _is_written(data, at)
        mark = data[at + 1]
        if mark == 0xD9:
            return True
        at += 2
        if mark in {0x01, *range(0xD0, 0xD8)}:
            continue
        at += struct.unpack_from(">H", data, at)[0]
        if mark == 0xDA:  # what follows is coded, until the next mark
            found = _JPEG_MARK.search(data, at)
            if found is None:
                return False
            at = found.start()
    return True


def _png(data: bytes) -> bool:
    at = 8
    for _ in range(_STEPS):
        length, kind = struct.unpack_from(">I4s", data, at)
        if not kind.isalpha():
            return _is_written(data, at)
        at += 12 + length
        if kind == b"IEND":
            return bool(at <= len(data))
    return True


def _tiff(data: bytes) -> bool:
    """Its directories, what their entries point at, and the strips of its pictures lie within the file."""
    order = "<" if data[:2] == b"II" else ">"
    at = struct.unpack_from(f"{order}I", data, 4)[0]
    if not at:
        return False
    seen: set[int] = set()
    while at and at not in seen and len(seen) < _STEPS:
        seen.add(at)
        count = struct.unpack_from(f"{order}H", data, at)[0]
        if count == 0:
            return False  # room that was made for it, and is not written yet
        values: dict[int, tuple[int, ...]] = {}
        for place in range(at + 2, at + 2 + 12 * count, 12):
            tag, *entry = struct.unpack_from(f"{order}HHI", data, place)
            values[tag] = _tiff_values(data, order, place + 8, *entry)
        for where, long in _TIFF_PLACES.items():
            places = zip(values.get(where, ()), values.get(long, ()), strict=False)
            if any(begin + length > len(data) for begin, length in places):
                return False
        at = struct.unpack_from(f"{order}I", data, at + 2 + 12 * count)[0]
    return True


def _tiff_values(data: bytes, order: str, place: int, kind: int, count: int) -> tuple[int, ...]:
    """The numbers of an entry, if they are whole ones of two or four bytes; raises struct.error beyond the file."""
    size = _TIFF_SIZES.get(kind, 1) * count
    if size > 4:
        place = struct.unpack_from(f"{order}I", data, place)[0]
    if place + size > len(data):
        raise struct.error("beyond the file")
    letter = {3: "H", 4: "I"}.get(kind)
    return struct.unpack_from(f"{order}{count}{letter}", data, place) if letter and count <= _STEPS else ()


def _boxes(data: bytes) -> bool:
    """HEIC and its kin: the sizes of the boxes add up to the file, and one of them holds the picture."""
    kinds: list[bytes] = []
    at = 0
    while at < len(data) and len(kinds) < _STEPS:
        if not data[at:].strip(b"\x00"):
            break
        length, kind = struct.unpack_from(">I4s", data, at)
        if length == 1:
            length = struct.unpack_from(">Q", data, at + 8)[0]
        elif length == 0:  # to the end of the file, wherever that is
            length = len(data) - at
        if length < 8 or at + length > len(data):
            return False
        kinds.append(kind)
        at += length
    return b"meta" in kinds or b"moov" in kinds if b"mdat" in kinds else b"idat" in data and b"meta" in kinds


def _ole(data: bytes) -> bool:
    """The sectors in which old Office keeps its directory and its tables lie within the file."""
    size = 1 << min(struct.unpack_from("<H", data, 30)[0], 12)
    sectors = (struct.unpack_from("<I", data, 48)[0], *struct.unpack_from("<109I", data, 76))
    return all(bool((one + 1) * size < len(data)) for one in sectors if one < 0xFFFFFFFA)


def _riff(data: bytes) -> bool:
    return 8 + int(struct.unpack_from("<I", data, 4)[0]) <= len(data)


def _seven_zip(data: bytes) -> bool:
    offset, size = struct.unpack_from("<QQ", data, 12)
    return bool(32 + offset + size <= len(data))


def _is_written(data: bytes, at: int) -> bool:
    """Whether what stands where the structure breaks is damaged, not merely room that a copy made before it came."""
    return bool(data[at:].strip(b"\x00"))


def _begins(*signs: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(signs)


def _ends(*signs: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.rstrip(_PADDING).endswith(signs)


_SIGNS = (b"%PDF-1.7", b"PK\x03\x04", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n", b"II*\x00", b"MM\x00*", b"\x00\x00\x00")
# How each kind begins, and whether it has ended; the first that fits. A beginning too short to tell has not ended.
_KINDS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], bool]], ...] = (
    (_begins(b"PK\x03\x04"), _zip),
    (_begins(b"\xff\xd8\xff"), _jpeg),
    (_begins(b"\x89PNG\r\n"), _png),
    (_begins(b"II*\x00", b"MM\x00*"), _tiff),
    (_begins(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), _ole),
    (lambda data: data[4:8] == b"ftyp", _boxes),
    (_begins(b"RIFF"), _riff),
    (_begins(b"GIF8"), _ends(b";")),
    (_begins(b"7z\xbc\xaf\x27\x1c"), _seven_zip),
    (_begins(b"{\\rtf"), _ends(b"}")),
    (lambda data: b"%PDF-" in data[:_PDF_WITHIN], _pdf),
)
