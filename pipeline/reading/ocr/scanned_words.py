"""Words compared: what two readings of one printed word still have in common."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

_ALIKE = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "`": "'",
        "´": "'",
        "–": "-",
        "—": "-",
        "‐": "-",
        "‑": "-",
        "−": "-",
        "“": '"',
        "”": '"',
        "«": '"',
        "»": '"',
        "\u00a0": " ",
        "\u202f": " ",
    }
)


def bare(text: str) -> str:
    """Letters and digits only, small, without accents: how printed words are recognised again."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(letter for letter in plain if letter.isalnum())


def plain(text: str) -> str:
    """The text with one kind of dash, apostrophe, quotation mark and space: engines do not tell them apart."""
    marks = re.sub(r"\s+", " ", text.translate(_ALIKE)).strip()
    return re.sub(r'" | "', '"', marks)


_FIRST = re.compile(r"(?<![^\W_])[lI|!îïi]er(?=\s+[^\W\d_]{3,9}\.?\s+\d)")  # « 1er mai 2001 »
_ROUND_AT = re.compile(r"[ \t]+(?=[@.])|(?<=[@.])[ \t]+")
_EDGES = "|¦[]{}"  # what the side of a field or of a cell is read as


def mended(text: str, *, date: bool = False, address: bool = False, name: bool = False) -> str:
    """The text without what engines are known to add or to bend, where only one thing can have been meant.

    The first of the month is never « ler »; an e-mail address has no space round its @; no name begins with « ll »;
    a cell's border is no bracket.
    """
    text = re.sub(r"[’']{2}", "’", text)
    if text.count("[") != text.count("]") or "|" in text or "{" in text:
        text = "\n".join(line.strip(_EDGES + " ") for line in text.split("\n"))
    if date:
        text = _FIRST.sub("1er", text)
    if address and "@" in text:
        text = _ROUND_AT.sub("", text)
    return re.sub(r"(?<![^\W_])ll(?=[^\W\d_])", "Il", text) if name else text


def agree(first: str, second: str) -> tuple[str | None, bool]:
    """The text two readings agree on, or ``None``; and whether only accents told them apart.

    Spaces, dashes and quotes do not count; letter case, digits and every other mark do. Where only accents differ,
    and every letter that differs is bare in one reading, the accents are kept: engines lose accents, they do not
    invent them (measured: 10 of 11). Of spacings, that of the first reading is kept. An e-mail
    address torn between two letters by a line break is no agreement.
    """
    one, two = plain(first), plain(second)
    if not one or not two or (_torn(first) and _torn(second)):
        return None, False
    if one.replace(" ", "") == two.replace(" ", ""):
        return first, False
    merged = _merged(unicodedata.normalize("NFC", first), unicodedata.normalize("NFC", second))
    return merged, merged is not None


def _torn(text: str) -> bool:
    """Whether an e-mail address is broken over two lines between two letters: a full stop may be lost there.

    Measured on pale scans: both engines lose a dot at the end of a line, and the address still looks like one.
    """
    lines = text.split("\n")
    return "@" in text and any(one[-1:].isalnum() and other[:1].isalnum() for one, other in pairwise(lines))


def _merged(first: str, second: str) -> str | None:
    """The first reading with the accents of both, or ``None`` where something else differs."""
    other = iter(letter for letter in second if not letter.isspace())
    whole = ""
    for letter in first:
        twin = letter if letter.isspace() else next(other, "")
        if plain(letter) == plain(twin) or _unaccented(letter) == twin:
            whole += letter
        elif letter == _unaccented(twin):
            whole += twin
        else:
            return None
    return whole if next(other, None) is None else None


def _unaccented(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
