"""Styles of a Word file: what they are called, and which of them are headings of which level."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL, _ID = f"{_W}val", f"{_W}styleId"
_HEADING = re.compile(r"(?:heading|titre) (\d)", re.IGNORECASE)
_TITLES = ("title", "titre")


def style_names(styles: etree._Element) -> Iterator[tuple[str, str]]:
    """The name of each style, by its id."""
    for style in styles.findall(f"{_W}style"):
        name = style.find(f"{_W}name")
        yield style.get(_ID, ""), name.get(_VAL, "") if name is not None else ""


def heading_levels(styles: etree._Element) -> Iterator[tuple[str, int]]:
    """The level of each style that is a heading, by its name, its outline level or the style it is based on."""
    by_id = {style.get(_ID, ""): style for style in styles.findall(f"{_W}style")}
    for name in by_id:
        known, style = {name}, by_id.get(name)
        while style is not None:
            level = _level(style)
            if level:
                yield name, level
                break
            base = style.find(f"{_W}basedOn")
            basis = base.get(_VAL, "") if base is not None else ""
            style = None if basis in known else by_id.get(basis)
            known.add(basis)


def _level(style: etree._Element) -> int:
    outline = style.find(f"{_W}pPr/{_W}outlineLvl")
    if outline is not None and (level := int(outline.get(_VAL, "9"))) < 9:
        return level + 1
    name = style.find(f"{_W}name")
    said = name.get(_VAL, "") if name is not None else ""
    heading = _HEADING.fullmatch(said)
    return int(heading[1]) if heading else int(said.casefold() in _TITLES)
