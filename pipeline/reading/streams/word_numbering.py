"""Automatic numbers of Word lists: those that could be read as part of the answer they stand before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from pipeline.reading.streams.glyphs import shows_signs
from pipeline.reading.streams.ooxml import VALUE, W, font_of

_COUNT = re.compile(r"%\d")
_BULLET = "o"  # the hollow bullet of Word


class Numbering:
    """The list levels of a document, by the number of their list."""

    def __init__(self, part: etree._Element | None) -> None:
        self._levels: dict[tuple[str, str], etree._Element] = {}
        found = part if part is not None else etree.Element("none")
        lists = {one.get(f"{W}abstractNumId") or "": one for one in found.iter(f"{W}abstractNum")}
        for number in found.iter(f"{W}num"):
            base = lists.get(_said(number, "abstractNumId"))
            for level in (*_levels(base), *_levels(number)):
                self._levels[number.get(f"{W}numId") or "", level.get(f"{W}ilvl") or "0"] = level

    def misleading(self, numbered: etree._Element | None) -> str | None:
        """What a paragraph’s own number shows when it has letters or figures of its own, or no sign to end it."""
        if numbered is None:
            return None
        found = self._levels.get((_said(numbered, "numId"), _said(numbered, "ilvl") or "0"))
        text = _said(found, "lvlText") if found is not None else ""
        if found is None or not text:
            return None
        own, bullet = _COUNT.sub("", text), _said(found, "numFmt") == "bullet"
        if bullet and (own == _BULLET or shows_signs(font_of(found.find(f"{W}rPr")))):
            return None
        bare = not bullet and not own.strip()
        return text if bare or any(char.isalnum() for char in own) else None


def _said(node: etree._Element, name: str) -> str:
    found = node.find(f"{W}{name}")
    return (found.get(VALUE) or "") if found is not None else ""


def _levels(node: etree._Element | None) -> Iterator[etree._Element]:
    yield from node.iter(f"{W}lvl") if node is not None else ()
