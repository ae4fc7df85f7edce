"""Repair of OCR text: what engines are known to add to an answer, or to bend in it."""

from __future__ import annotations

import re

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
