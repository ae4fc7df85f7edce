"""QR codes as PDF drawings: alphanumeric, level M (a seventh of it may be lost), made in a tenth of the usual time.

Codes of one length, level and mask are linear: each module is a sum, modulo two, of bits of the text. What the
number of a page changes in a code is the same whatever stands before it, and is computed once for all packets.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import segno

_RIM = 4  # modules of white that the norm wants around the code
_MASK = 3  # one pattern for all: trying the eight takes five times as long
_KEPT = 4096  # codes of page numbers


class Modules(NamedTuple):
    """The modules of a code, row by row from the top, as the bits of a number: dark is 1."""

    side: int
    bits: int

    def rows(self) -> list[str]:
        """Each row as ones and zeros."""
        every = f"{self.bits:0{self.side * self.side}b}"
        return [every[at : at + self.side] for at in range(0, len(every), self.side)]


def qr_code(text: str, side: float) -> str:
    """The operators that draw the QR code of a text on ``side`` points, black on white, up to the last ``f``.

    The text is of capitals, digits and ``-/:.$%*+`` and spaces; raises ValueError for another.
    """
    code = modules(text)
    rows = code.rows()
    module = side / (code.side + 2 * _RIM)
    runs = (
        f"{dark.start()} {y} {len(dark[0])} 1 re\n"
        for y, row in zip(reversed(range(code.side)), rows, strict=True)
        for dark in re.finditer("1+", row)
    )
    drawn = (
        f"1 g 0 0 {side:g} {side:g} re f\n0 g\n"
        f"{module:.6f} 0 0 {module:.6f} {_RIM * module:.6f} {_RIM * module:.6f} cm\n"
    )
    return drawn + "".join(runs)


def modules(text: str) -> Modules:
    """The code of a text that ends with « /page/total »: the sum of three codes of its length, two of them kept."""
    cut = text.rfind("/", 0, max(text.rfind("/"), 0)) + 1
    head, tail = text[:cut], text[cut:]
    if not head:
        return _made(text)
    blank, none = "0" * (cut - 1) + "/", "0" * len(tail)
    side, bits = _headed(head + none)
    return Modules(side, bits ^ _kept(blank + none).bits ^ _kept(blank + tail).bits)


def _made(text: str) -> Modules:
    code = segno.make(text, error="m", mode="alphanumeric", mask=_MASK, micro=False, boost_error=False)
    digits = bytes(bit for row in code.matrix for bit in row).translate(bytes.maketrans(b"\0\1", b"01"))
    return Modules(len(code.matrix), int(digits, 2))


_kept = lru_cache(maxsize=_KEPT)(_made)
_headed = lru_cache(maxsize=4)(_made)  # of the packet at hand
