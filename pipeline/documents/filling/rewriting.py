"""Zips with some of their files changed: the rest is copied as it is, deflated already."""

from __future__ import annotations

import contextlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable

from pipeline.documents.filling.archive import Entry, deflate, write_archive

_QUICK = 1  # zlib's level for what is read once
_LOCAL = 30  # bytes of an entry's head, before its name; the lengths of name and extra end it

Change = Callable[[Entry], Entry]


def changed(archive: bytes, names: re.Pattern[str], change: Change) -> bytes:
    """A zip in which ``change`` was applied to the files of these names (whole), the others copied.

    What is no zip, or a damaged one, stays as it is.
    """
    with contextlib.suppress(zipfile.BadZipFile, zlib.error, struct.error):
        return write_archive(
            [change(entry) if names.fullmatch(entry.name) else entry for entry in read_archive(archive)]
        )
    return archive


def read_archive(archive: bytes) -> list[Entry]:
    """The files of a zip, still deflated, in its order; raises BadZipFile."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return [_entry(opened, archive, info) for info in opened.infolist()]


def replaced(entry: Entry, change: Callable[[bytes], bytes]) -> Entry:
    """The entry with other bytes; itself, where they are the same. Raises zlib.error."""
    before = zlib.decompress(entry.deflated, -zlib.MAX_WBITS)
    after = change(before)
    return entry if after == before else deflate(entry.name, after, _QUICK)


def _entry(opened: zipfile.ZipFile, archive: bytes, info: zipfile.ZipInfo) -> Entry:
    if info.compress_type != zipfile.ZIP_DEFLATED:
        return deflate(info.filename, opened.read(info), _QUICK)
    name, extra = struct.unpack_from("<2H", archive, info.header_offset + _LOCAL - 4)
    start = info.header_offset + _LOCAL + name + extra
    return Entry(info.filename, info.CRC, info.file_size, archive[start : start + info.compress_size])
