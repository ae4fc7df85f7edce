"""The core properties of a filled document (``docProps/core.xml``), cut where a value of each document goes.

docxtpl renders six of them, and writes each even when it was not there; the title is then the document's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docx.opc.oxml import serialize_part_xml
from jinja2 import Template
from lxml import etree

from pipeline.documents.filling.language import ENVIRONMENT
from pipeline.documents.filling.plain import OpenTemplate

_RENDERED = ("author", "comments", "identifier", "language", "subject", "title")
_LONGEST = 255  # characters; python-docx refuses more
_MARK = "\ue000"  # a character of nobody's, around the number of a slot


@dataclass(frozen=True)
class Properties:
    """The part cut at its slots: text, slot, text… ``templates`` are rendered in order, each for its slot."""

    name: str
    pieces: tuple[str, ...]
    slots: tuple[str, ...]
    templates: tuple[tuple[str, Template], ...]

    @classmethod
    def of(cls, document: OpenTemplate) -> Properties:
        """Read them from a template that was opened; its own properties are overwritten."""
        properties = document.docx.core_properties
        templates = []
        for slot in _RENDERED:
            source = getattr(properties, slot)
            template = ENVIRONMENT.from_string(source)
            if "{" in source:
                templates.append((slot, template))
            else:
                setattr(properties, slot, template.render())
        slots = tuple(dict.fromkeys([slot for slot, _ in templates] + ["title"]))
        for number, slot in enumerate(slots):
            setattr(properties, slot, f"{_MARK}{number}{_MARK}")
        part = document.docx.part.package._core_properties_part  # noqa: SLF001 -- the only way to its name
        pieces = serialize_part_xml(part.element).decode().split(_MARK)
        return cls(
            part.partname.membername, tuple(pieces[::2]), tuple(slots[int(n)] for n in pieces[1::2]), tuple(templates)
        )

    def render(self, values: Mapping[str, Any], title: str) -> bytes:
        """The part for one document; raises ValueError for a text that python-docx would not take."""
        texts = {slot: template.render(values) for slot, template in self.templates}
        texts["title"] = title
        pieces = [self.pieces[0]]
        for slot, piece in zip(self.slots, self.pieces[1:], strict=True):
            pieces += (_as_text(texts[slot]), piece)
        return "".join(pieces).encode()


def _as_text(text: str) -> str:
    """Escaped by lxml, which refuses what XML cannot hold."""
    if len(text) > _LONGEST:
        raise ValueError(f"exceeded 255 char limit for property, got:\n\n'{text}'")
    element = etree.Element("x")
    element.text = text
    return etree.tostring(element, encoding="unicode")[3:-4] if text else ""
