"""Zip writer whose entries may already be deflated: what never changes is compressed once, then copied.

Every entry carries the same date, the oldest that a zip can say, and stands where its name puts it.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

_LOCAL = struct.Struct("<4s2H H 2H 3L 2H")
_CENTRAL = struct.Struct("<4s4B H H 2H 3L 5H 2L")
_END = struct.Struct("<4s4H2LH")
_VERSION = 20  # of the format: 2.0 knows folders and deflate
_UNIX, _MODE = 3, 0o600 << 16
_DATE = 1 << 5 | 1  # 1 January 1980
_UTF8 = 0x800
_SMALLEST = 11  # of two: a window of 2 KiB


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a zip: its name, the sum and size (bytes) of what it holds, and that as a raw deflate stream."""

    name: str
    crc: int
    size: int
    deflated: bytes


def deflate(name: str, data: bytes, level: int = 6) -> Entry:
    """The entry that holds ``data``; ``level`` 1 is quick, 9 is small."""
    window = min(
        max(len(data).bit_length(), _SMALLEST), zlib.MAX_WBITS
    )  # a large one takes longer to set up than to use
    packer = zlib.compressobj(level, zlib.DEFLATED, -window, window - 7)
    return Entry(name, zlib.crc32(data), len(data), packer.compress(data) + packer.flush())


def sort_key(name: str) -> tuple[bool, str]:
    """The key that entries are sorted by: the list of content types first, as Word does, then by name."""
    return (name != "[Content_Types].xml", name)


def write_archive(entries: Iterable[Entry]) -> bytes:
    """The zip of these entries, in the order given."""
    files: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for entry in entries:
        name = entry.name.encode()
        flags = 0 if entry.name.isascii() else _UTF8
        sums = (entry.crc, len(entry.deflated), entry.size)
        files += (
            _LOCAL.pack(b"PK\3\4", _VERSION, flags, zlib.DEFLATED, 0, _DATE, *sums, len(name), 0),
            name,
            entry.deflated,
        )
        directory += (
            _CENTRAL.pack(
                b"PK\1\2",
                _VERSION,
                _UNIX,
                _VERSION,
                0,
                flags,
                zlib.DEFLATED,
                0,
                _DATE,
                *sums,
                len(name),
                0,
                0,
                0,
                0,
                _MODE,
                offset,
            ),
            name,
        )
        offset += _LOCAL.size + len(name) + len(entry.deflated)
    count, length = len(directory) // 2, sum(map(len, directory))
    return b"".join((*files, *directory, _END.pack(b"PK\5\6", 0, 0, count, count, length, offset, 0)))
