"""Check-box characters, and the cutting of a text into words and boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.forms.layouts import PLACEHOLDER

_ON = "☑☒✓✔✗✘✕✖■🗹🗷🗸⊠◉⦿⬛◼☓"
_OFF = "☐□○◯⬜◻▢❏❑❒"
# The fonts made of pictures: code point to what it shows (Wingdings, Wingdings 2, ZapfDingbats).
_WINGDINGS = {
    0xFE: "☑",
    0xFD: "☒",
    0x52: "☑",
    0x78: "☒",
    0xFC: "✓",
    0xFB: "✗",
    0x6E: "■",
    0xA8: "☐",
    0x6F: "☐",
    0x71: "☐",
    0x72: "☐",
    0xA1: "○",
    0xA4: "◉",
}
_WINGDINGS_2 = {0x52: "☑", 0x54: "☒", 0x53: "☑", 0x51: "☒", 0x50: "✓", 0x4F: "✗", 0xA3: "☐", 0x2A: "☐", 0x30: "☑"}
_ZAPF = {0x33: "✓", 0x34: "✔", 0x35: "✕", 0x36: "✖", 0x37: "✗", 0x38: "✘", 0x6E: "■", 0x6F: "☐", 0x71: "☐"}
_PRIVATE = 0xF000
_OF_PICTURES = re.compile(
    r"ding|^symbol|marlett|mt extra|bookshelf symbol|barcode|code ?(39|93|128)|\bicon|awesome|blank|redact|blokk"
)
IN_PICTURES = "est écrit dans une police de signes, qui montre autre chose"
_BRACKETED = re.compile(
    r"\[[ \u00a0_]?([xX✓✔✗✘vV])?[ \u00a0_]?\]|\((?:[ \u00a0_]{1,3}|[ \u00a0_]?([xX✓✔✗✘])[ \u00a0_]?)\)"
)
_PIECE = re.compile(rf"{PLACEHOLDER.pattern}|{_BRACKETED.pattern}|[{_ON}{_OFF}]")


def tick_state(glyph: str) -> bool | None:
    """Whether the box drawn by this character is ticked; ``None`` for what is no box."""
    return True if glyph in _ON and glyph else False if glyph in _OFF and glyph else None


def plain_letters(text: str, font: str) -> bool:
    """Whether every character of a text shows what it says: neither its font nor a code point is of pictures."""
    return "ding" not in font.lower() and not any("\uf000" <= char <= "\uf0ff" for char in text)


def pictures_letters(text: str, font: str) -> bool:
    """Whether letters or figures of a text are shown as signs by a font: none of them is what it says."""
    signs = (ord(char) & 0xFF for char in text if "\uf000" <= char <= "\uf0ff" and pictured(char, font) == "•")
    if any(sign in range(0x80, 0x96) or (chr(sign).isalnum() and sign < 0x80) for sign in signs):
        return True  # a letter of such a font, or a figure in a circle: no bullet
    greek = font.lower().startswith("symbol")  # its figures are figures
    letters = (char for char in text if char.isalnum() and pictured(char, font) == char)
    return shows_signs(font) and any(not (greek and char.isdigit()) for char in letters)


def shows_signs(font: str) -> bool:
    """Whether a font shows signs in place of letters, or nothing at all."""
    return _OF_PICTURES.search(font.lower()) is not None


def pictured(char: str, font: str) -> str:
    """The box that a character of a font of pictures shows, the character itself for any other font.

    Private code points (U+F0FE) are what Word writes for such fonts; they are told even when the font's name is lost.
    """
    code = ord(char[0]) if char.strip() else 0
    private = _PRIVATE <= code <= _PRIVATE + 0xFF
    name = font.lower().replace(" ", "").replace("-", "")
    table = (
        _WINGDINGS_2
        if "wingdings2" in name
        else _WINGDINGS
        if "wingdings" in name or private
        else _ZAPF
        if "dingbats" in name and code < 0x100
        else {}
    )
    return table.get(code & 0xFF, "•" if private else char)


def pieces(text: str) -> Iterator[tuple[int, int, bool | None]]:
    """Start and end of each word, placeholder or tick box of a text; the state is ``None`` for what is no box.

    « [x] » and « [ ] », « (x) » and « ( ) » are boxes; a placeholder is one piece whatever its spaces; a box or a
    placeholder stuck to a word is told apart from it.
    """
    at = 0
    for found in _PIECE.finditer(text):
        yield from _words(text, at, found.start())
        piece = found.group()
        if piece.startswith("{{"):
            yield found.start(), found.end(), None
        else:
            ticked = any(found.group(2, 3)) if piece[0] in "[(" else bool(tick_state(piece))
            yield found.start(), found.end(), ticked
        at = found.end()
    yield from _words(text, at, len(text))


def is_tick(text: str) -> bool:
    """Whether a piece given by ``pieces`` is a tick box."""
    return not text.startswith("{{") and _PIECE.fullmatch(text) is not None


def _words(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool | None]]:
    for found in re.finditer(r"\S+", text[start:end]):
        yield start + found.start(), start + found.end(), None
