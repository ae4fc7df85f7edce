"""Font metrics without a drawing library: Carlito's advance widths (and so Calibri's)."""

from __future__ import annotations

import unicodedata
from functools import cache

_THOUSANDTHS = {
    221: "'",
    226: " \u00a0",
    229: "ilı",
    239: "j",
    248: "ł",
    250: ",’‘",
    252: ".I·",
    268: ":;",
    303: "()",
    305: "f",
    306: "-",
    307: "[]",
    314: "{}",
    319: "J",
    326: "!",
    335: "t",
    339: "°",
    349: "r",
    386: "/\\",
    391: "s",
    395: "z",
    401: '"',
    418: "“”",
    420: "L",
    422: "º",
    423: "c",
    433: "x",
    452: "v",
    453: "y",
    455: "k",
    459: "FS",
    460: "|",
    463: "?",
    468: "Z",
    471: "g",
    479: "a",
    487: "TY",
    488: "E",
    498: "#*+<=>^_e~§×–•",
    507: "$0123456789€",
    512: "«»",
    517: "P",
    519: "X",
    520: "K",
    525: "bdhnpqu",
    527: "oß",
    533: "C",
    543: "R",
    544: "B",
    567: "V",
    579: "A",
    615: "D",
    623: "H",
    631: "G",
    642: "U",
    646: "N",
    662: "O",
    673: "Q",
    682: "&",
    690: "…",
    715: "%w",
    763: "Æ",
    773: "æ",
    799: "m",
    850: "œ",
    855: "M",
    867: "Œ",
    890: "W",
    894: "@",
    905: "—",
}
_WIDTHS = {letter: width / 1000 for width, letters in _THOUSANDTHS.items() for letter in letters}
_UNKNOWN = 0.6
_BOLD = 1.04  # bold is 2.6 % wider on average, up to 4 % over a line of French


@cache
def _letter(letter: str) -> float:
    base = unicodedata.normalize("NFD", letter)[0]
    return _WIDTHS.get(letter) or _WIDTHS.get(base) or _UNKNOWN


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Points that the text takes at that size: exact in regular type, a little generous in bold."""
    return sum(map(_letter, text)) * size * (_BOLD if bold else 1.0)


def wrap(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """The text in lines no wider than ``room`` points, cut between words; a longer word has its own line."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
