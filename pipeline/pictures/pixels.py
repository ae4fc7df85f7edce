"""PNG files of pixels that come from the jail: their number is checked, nothing else is believed of them."""

from __future__ import annotations

import base64
import struct
import zlib

MOST = 12_000_000  # pixels of one picture: the largest page that is drawn, with its list beside it
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png_of(packed: object) -> bytes:
    """The PNG of what ``page_drawings.packed`` made; raises ValueError for anything else."""
    width, height, text = _parts(packed)
    if not (width > 0 and height > 0 and width * height <= MOST):
        raise ValueError("no picture has that size")
    opened = zlib.decompressobj()
    try:
        pixels = opened.decompress(base64.b64decode(text, validate=True), width * height * 3 + 1)
    except zlib.error as error:
        raise ValueError("no pixels") from error
    if len(pixels) != width * height * 3:
        raise ValueError("not as many pixels as it says")
    row = width * 3
    lines = b"".join(b"\0" + pixels[at : at + row] for at in range(0, len(pixels), row))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return _SIGNATURE + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(lines, 6)) + _chunk(b"IEND", b"")


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height in pixels of a PNG that was made here."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def _parts(packed: object) -> tuple[int, int, str]:
    if not isinstance(packed, str) or packed.count(" ") != 2:
        raise ValueError("no picture")
    width, height, text = packed.split(" ")
    return int(width), int(height), text


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
