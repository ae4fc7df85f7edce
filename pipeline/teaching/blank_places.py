"""Answer-place detection in a Word blank: each is made a piece of text that can be rewritten.

Found: content controls, legacy fields, runs of dots or underscores, tab leaders, empty cells, the end of a label that
a colon closes; and every tick box, whatever it is made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from pipeline.reading.streams.ooxml import LEFT_OUT, W
from pipeline.teaching.answer_marks import (
    EMPTY_BOX,
    MARK,
    SPACE,
    mark_cell,
    mark_controls,
    mark_label,
    mark_legacy_fields,
    mark_paragraph,
    mark_symbols,
)

_NEAR = 45  # characters of context shown to people


@dataclass
class Place:
    """Rewritable piece of text. ``original`` is what it was; ``box`` for a tick box."""

    node: etree._Element
    original: str
    box: bool

    def write(self, text: str) -> None:
        """Put a text in the place."""
        self.node.text = text
        self.node.set(SPACE, "preserve")


def places_of(root: etree._Element) -> list[Place]:
    """Every place of the document, in order; the tree is changed so that each can be written in."""
    mark_controls(root)
    mark_legacy_fields(root)
    mark_symbols(root)
    for paragraph in list(root.iter(f"{W}p")):
        mark_paragraph(paragraph)
    for cell in list(root.iter(f"{W}tc")):
        mark_cell(cell)
    for paragraph in list(root.iter(f"{W}p")):
        mark_label(paragraph)
    return list(_collect(root))


def context_of(places: list[Place], root: etree._Element) -> dict[int, str]:
    """Index of each place to the words printed just before it (just after it, for a tick box)."""
    nodes = {id(place.node): index for index, place in enumerate(places)}
    texts = [(nodes.get(id(node)), node.text or "") for node in _words(root)]
    near: dict[int, str] = {}
    for at, (index, _) in enumerate(texts):
        if index is None:
            continue
        if places[index].box:
            after = "".join(text if other is None else "|" for other, text in texts[at + 1 : at + 8]).split("|")[0]
            near[index] = " ".join(after.split())[:_NEAR]
        else:
            before = " ".join(text for other, text in texts[max(at - 12, 0) : at] if other is None)
            near[index] = " ".join(before.split())[-_NEAR:]
    return near


def words_around(place: Place) -> tuple[str, str]:
    """The text of the paragraph before a place, and after it."""
    paragraph = next(place.node.iterancestors(f"{W}p"))
    nodes = list(paragraph.iter(f"{W}t"))
    at = nodes.index(place.node)
    before, after = ("".join(node.text or "" for node in part) for part in (nodes[:at], nodes[at + 1 :]))
    return before, after


def _words(root: etree._Element) -> Iterator[etree._Element]:
    for node in root.iter(f"{W}t"):
        if not any(str(around.tag) in LEFT_OUT for around in node.iterancestors()):
            yield node


def _collect(root: etree._Element) -> Iterator[Place]:
    for node in _words(root):
        if node.get(MARK) is not None:
            del node.attrib[MARK]
            yield Place(node, node.text or "", node.text == EMPTY_BOX)
