"""Hostile pictures: pages that come round, passes and chunks without number, sizes and counts that lie."""

from __future__ import annotations

import struct
import zlib

from hostile_kit import every
from hostile_pdf_drawn import passes

_MARK = b"\x89PNG\r\n\x1a\n"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(*between: tuple[bytes, bytes]) -> bytes:
    """A white PNG of 500 × 500 with these chunks before its pixels."""
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", 500, 500, 1, 0, 0, 0, 0))
    rows = _chunk(b"IDAT", zlib.compress((b"\x00" + b"\xff" * 63) * 500))
    return _MARK + head + b"".join(_chunk(*one) for one in between) + rows + _chunk(b"IEND", b"")


def _tiff(count: int, *, round_: bool) -> bytes:
    """A TIFF of so many pages of one stretch of pixels; ``round_``: after the last comes the first."""
    tags = ((256, 500), (257, 500), (258, 1), (259, 1), (262, 1), (273, 8), (277, 1), (278, 500), (279, 31_500))
    size, start = 2 + 12 * len(tags) + 4, 8 + 31_500
    body = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    pages = [
        struct.pack("<H", len(tags)) + body + struct.pack("<I", start + (rank + 1) * size) for rank in range(count)
    ]
    pages[-1] = pages[-1][:-4] + struct.pack("<I", start if round_ else 0)
    return b"II*\x00" + struct.pack("<I", start) + b"\xff" * 31_500 + b"".join(pages)


def _wide_tag() -> bytes:
    """A TIFF one of whose tags has four thousand million values, and whose strips are its own directory."""
    tags = (
        (256, 1, 500),
        (257, 1, 500),
        (258, 1, 1),
        (259, 1, 1),
        (262, 1, 1),
        (273, 2**32 - 1, 8),
        (279, 2**32 - 1, 8),
    )
    body = b"".join(struct.pack("<HHII", tag, 4, count, value) for tag, count, value in tags)
    return b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", len(tags)) + body + struct.pack("<I", 8)


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def _jpeg(*before: bytes) -> bytes:
    """A grey JPEG of 496 × 496 in two passes, with these segments before all others."""
    whole = passes(1, 496)
    return whole[:2] + b"".join(before) + whole[2:]


def _exif() -> bytes:
    """A description whose directories lead to themselves, and say so of each other."""
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, 8) for tag in (0x8769, 0x8825, 0xA005, 0x0112))
    return b"Exif\x00\x00II*\x00\x08\x00\x00\x00" + struct.pack("<H", 4) + entries + struct.pack("<I", 8)


def _index() -> bytes:
    """An index of four thousand million pictures, the first of which is the index."""
    entries = struct.pack("<HHII", 0xB001, 4, 1, 2**32 - 1) + struct.pack("<HHII", 0xB002, 7, 2**32 - 1, 8)
    return b"MPF\x00II*\x00\x08\x00\x00\x00" + struct.pack("<H", 2) + entries + struct.pack("<I", 8)


every(
    {
        "picture: PNG of 60 texts that unfold": lambda _: _png(
            *[(b"zTXt", b"a\x00\x00" + zlib.compress(bytes(30_000_000)))] * 60
        ),
        "picture: PNG of 300 000 empty chunks": lambda _: _png(*((b"prVt", b"") for _ in range(300_000))),
        "picture: PNG of 2 000 million pictures": lambda _: _png(
            (b"acTL", struct.pack(">II", 2**31 - 1, 0)),
            (b"fcTL", struct.pack(">IIIIIHHBB", 0, 500, 500, 0, 0, 0, 0, 0, 0)),
        ),
        "picture: TIFF whose pages come round": lambda _: _tiff(3, round_=True),
        "picture: TIFF of 60 000 pages": lambda _: _tiff(60_000, round_=False),
        "picture: TIFF with a tag of 4 000 million": lambda _: _wide_tag(),
        "picture: JPEG of 30 000 passes": lambda _: passes(30_000),
        "picture: JPEG of 100 000 tables": lambda _: _jpeg(
            _segment(0xC4, b"\x00\x01" + bytes(15) + b"\x00") * 100_000
        ),
        "picture: JPEG of 300 000 stops": lambda _: _jpeg()[:-2] + b"\xff\xd0" * 300_000,
        "picture: JPEG whose description comes round": lambda _: _jpeg(_segment(0xE1, _exif())),
        "picture: JPEG of 4 000 million pictures": lambda _: _jpeg(_segment(0xE2, _index())),
    },
    "IMAGE_ENDOMMAGEE",
    "IMAGE_TROP_PETITE",
    "IMAGES_TROP_NOMBREUSES",
)
every(
    {
        "picture: HEIC whose boxes hold themselves": lambda _: (
            struct.pack(">I", 24) + b"ftypheic" + bytes(12) + (struct.pack(">I", 0) + b"meta" + bytes(4)) * 10_000
        )
    },
    "PHOTO_RECUE",
)
