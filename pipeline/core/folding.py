"""Text normalisation for comparison: case, accents, ligatures and typographic signs folded to one form each.

What is folded is compared, never printed nor kept.
"""

from __future__ import annotations

import unicodedata

_APOSTROPHES = dict.fromkeys("’‘ʼ´`", "'")
_LETTERS = str.maketrans(_APOSTROPHES | {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"})
_SIGNS = str.maketrans(_APOSTROPHES | dict.fromkeys("‐‑‒–—−", "-") | dict.fromkeys("“”«»„", '"'))


def without_accents(text: str) -> str:
    """The text in compatibility form (NFKD) without its combining marks; case and ligatures as they are."""
    if text.isascii():
        return text
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def fold(text: str) -> str:
    """Lower case without accents nor ligatures (« œ » is « oe »), apostrophes straight, spaces single."""
    return " ".join(without_accents(text.translate(_LETTERS)).casefold().split())


def folded_words(text: str) -> list[str]:
    """The folded words of a text: runs of letters and digits, without any punctuation."""
    return "".join(letter if letter.isalnum() else " " for letter in fold(text)).split()


def folded_letters(text: str) -> str:
    """The folded letters and digits of a text end to end: printers and OCR engines move spaces and signs."""
    return "".join(folded_words(text))


def plain_signs(text: str) -> str:
    """The composed text (NFC) with one kind of dash, apostrophe, quotation mark and space; letters as they are."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_SIGNS).split())
