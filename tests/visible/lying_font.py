"""A font program that lies: Carlito, whose table of letters gives for each figure and letter the glyph of another."""

from __future__ import annotations

import string
import struct
from functools import cache

from reportlab.pdfbase.ttfonts import TTFontFile

from pipeline.forms.fonts import font_file

_KEPT = (b"OS/2", b"cvt ", b"fpgm", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp", b"name", b"post", b"prep")
_ROUNDS = (string.digits, string.ascii_lowercase, string.ascii_uppercase)
_STEP = 3


def _moved(letter: str, step: int) -> str:
    for ring in _ROUNDS:
        if letter in ring:
            return ring[(ring.index(letter) + step) % len(ring)]
    return letter


def drawn_as(text: str) -> str:
    """What the font draws when a text is written in it."""
    return "".join(_moved(letter, _STEP) for letter in text)


def said_for(text: str) -> str:
    """The text to write so that the font draws this one."""
    return "".join(_moved(letter, -_STEP) for letter in text)


@cache
def font() -> tuple[bytes, list[int]]:
    """The font's bytes, and the widths of its letters 32 to 255 of Western Europe, in thousandths."""
    path = font_file()
    known = TTFontFile(str(path), charInfo=1)
    codes = sorted(code for code in known.charToGlyph if code < 0x2100)
    glyphs = {code: known.charToGlyph[ord(drawn_as(chr(code)))] for code in codes}
    widths = []
    for code in range(32, 256):
        letter = bytes([code]).decode("cp1252", "replace")
        widths.append(round(known.charWidths.get(ord(drawn_as(letter)), known.defaultWidth)))
    return _with_letters(path.read_bytes(), glyphs), widths


def _with_letters(data: bytes, glyphs: dict[int, int]) -> bytes:
    """A TrueType font with another table of letters."""
    count = struct.unpack(">H", data[4:6])[0]
    tables = {}
    for number in range(count):
        tag, _, start, length = struct.unpack(">4sIII", data[12 + 16 * number : 28 + 16 * number])
        if tag in _KEPT:
            tables[tag] = data[start : start + length]
    tables[b"cmap"] = _letters(glyphs)
    head, body = b"", b""
    place = 12 + 16 * len(tables)
    for tag in sorted(tables):
        table = tables[tag]
        padded = table + bytes(-len(table) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        head += struct.pack(">4sIII", tag, total, place + len(body), len(table))
        body += padded
    return struct.pack(">IHHHH", 0x00010000, len(tables), 128, 3, 16 * len(tables) - 128) + head + body


def _letters(glyphs: dict[int, int]) -> bytes:
    """A table « cmap » of one segment a letter."""
    codes = [*sorted(glyphs), 0xFFFF]
    deltas = [(glyphs.get(code, 0xFFFF + 1) - code) % 0x10000 for code in codes]
    many = len(codes)
    segments = struct.pack(f">{many}H", *codes) + b"\0\0" + struct.pack(f">{many}H", *codes)
    segments += struct.pack(f">{many}H", *deltas) + bytes(2 * many)
    power = 1 << (many.bit_length() - 1)
    table = struct.pack(
        ">HHHHHHH", 4, 14 + len(segments), 0, 2 * many, 2 * power, power.bit_length() - 1, 2 * (many - power)
    )
    return struct.pack(">HHHHI", 0, 1, 3, 1, 12) + table + segments
