"""Zips with some of their files changed: the rest is copied as it is, deflated already."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from pipeline.documents.filling.archive import Entry, deflate, write_archive

_QUICK = 1  # zlib's level for what is read once
_LOCAL = 30  # bytes of an entry's head, before its name; the lengths of name and extra end it


def changed(archive: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """A zip with some of its files changed; what stays as it is is copied without being deflated again.

    ``change`` is given the name and the bytes of each XML file. What is no zip, or a damaged one, stays as it is.
    """
    with (
        contextlib.suppress(zipfile.BadZipFile, zlib.error, struct.error),
        zipfile.ZipFile(io.BytesIO(archive)) as opened,
    ):
        return write_archive([_changed(opened, archive, info, change) for info in opened.infolist()])
    return archive


def _changed(
    opened: zipfile.ZipFile, archive: bytes, info: zipfile.ZipInfo, change: Callable[[str, bytes], bytes]
) -> Entry:
    if info.filename.endswith(".xml"):
        before = opened.read(info)
        after = change(info.filename, before)
        if after != before:
            return deflate(info.filename, after, _QUICK)
    if info.compress_type != zipfile.ZIP_DEFLATED:
        return deflate(info.filename, opened.read(info), _QUICK)
    name, extra = struct.unpack_from("<2H", archive, info.header_offset + _LOCAL - 4)
    start = info.header_offset + _LOCAL + name + extra
    return Entry(info.filename, info.CRC, info.file_size, archive[start : start + info.compress_size])
