"""ToUnicode CMaps: what the codes that a PDF shows in a font say."""

from __future__ import annotations

import re
from collections.abc import Callable

import pikepdf

_MEANING = re.compile(r"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_WORD = re.compile(r"[0-9A-Fa-f]+|[\[\]]")

Decode = Callable[[bytes], str]


def plainly(codes: bytes) -> str:
    """Codes that are letters themselves."""
    return codes.decode("latin-1")


def decoder_of(font: pikepdf.Object | None) -> Decode:
    """What the codes of a font say, by its /ToUnicode; plain Latin letters where it has none."""
    if font is None or "/ToUnicode" not in font:
        return plainly
    width = 2 if font.get("/Subtype") == pikepdf.Name.Type0 else 1
    letters = _letters(font.ToUnicode.read_bytes().decode("latin-1"))
    return lambda codes: "".join(
        letters.get(int.from_bytes(codes[at : at + width]), "\ufffd") for at in range(0, len(codes), width)
    )


def _letters(cmap: str) -> dict[int, str]:
    """The letters of each code that a CMap knows."""
    found: dict[int, str] = {}
    for kind, inside in _MEANING.findall(cmap):
        words = iter(_WORD.findall(inside))
        if kind == "bfchar":
            found |= {int(code, 16): _utf16(next(words)) for code in words}
            continue
        for low in words:
            codes = range(int(low, 16), int(next(words), 16) + 1)
            said = next(words)
            if said == "[":
                listed = [_utf16(one) for one in iter(words.__next__, "]")]
                found |= zip(codes, listed, strict=False)
            else:
                letters = _utf16(said)
                found |= {code: letters[:-1] + chr(ord(letters[-1]) + at) for at, code in enumerate(codes)}
    return found


def _utf16(digits: str) -> str:
    return bytes.fromhex(digits).decode("utf-16-be", "replace")
