"""Compiled parts of a Word template: body, headers, footers, footnotes, core properties.

Each has a short way, for a source whose every rendering was proved well formed (``outline``), and docxtpl's own.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from docx.opc.oxml import serialize_part_xml
from docx.opc.part import Part
from docx.oxml.parser import parse_xml
from docxtpl import DocxTemplate
from jinja2 import Template
from lxml import etree

from pipeline.documents.filling.language import ENVIRONMENT, Notes, NotText
from pipeline.documents.filling.outline import outline
from pipeline.documents.filling.plain import OpenTemplate, prove

_HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
_BODY = re.compile(r'<w:body(?: xmlns:\w+="[^"]*")*>')
_BREAKS = "\t\n\a\f"
_NO_ROW = "</w:tblGrid></w:tbl>"
_END = "</w:p>"
_DOCPR = re.compile(r'(<wp:docPr (?:[^>]* )?id=")[^"]*')
_RENDERED = ("author", "comments", "identifier", "language", "subject", "title")
_LONGEST = 255  # characters; python-docx refuses more
_MARK = "\ue000"  # a character of nobody's, around the number of a slot
_DOCXTPL = DocxTemplate(io.BytesIO())  # only for those of its methods that keep nothing


@dataclass(frozen=True)
class _Part:
    """A part of the document that is rendered; ``proved`` if every rendering of its source is well formed."""

    name: str
    template: Template
    proved: bool


@dataclass(frozen=True)
class Body(_Part):
    """``word/document.xml``: the body between ``head`` and ``tail``; ``opening`` is its tag, with all namespaces."""

    head: bytes
    opening: str
    tail: bytes
    rows_may_vanish: bool
    drawings: bool

    @classmethod
    def of(cls, document: OpenTemplate) -> Body:
        """Read it from a template that was opened; raises NotText if the body is not as Word writes it."""
        source = document.patch_xml(document.get_xml())
        whole = serialize_part_xml(document.docx._element).decode()  # noqa: SLF001 -- as docxtpl does
        start, end = whole.find("<w:body>"), whole.rfind("</w:body>")
        opening = _BODY.match(source)
        if opening is None or start < 0 or end < 0:
            raise NotText("a body unlike Word's")
        sure = outline(source)
        drawings = len(_DOCPR.findall(source))
        return cls(
            name=document.docx.part.partname.membername,
            head=whole[:start].encode(),
            opening=opening.group(),
            template=ENVIRONMENT.from_string(source[opening.end() :]),
            tail=whole[end + len("</w:body>") :].encode(),
            proved=sure is not None and sure.grids_hold and sure.pictures == drawings,
            rows_may_vanish=sure is not None and sure.rows_may_vanish,
            drawings=drawings > 0,
        )

    def render(self, values: Mapping[str, Any], notes: Notes) -> bytes:
        """The part for one document; raises TemplateError if it comes out broken."""
        text, sure = _render(self.template, values, notes)
        if not (sure and self.proved) or (self.rows_may_vanish and _NO_ROW in text):
            return self._render_as_docxtpl(text)
        if self.drawings:
            numbers = itertools.count(1001)
            text = _DOCPR.sub(lambda match: f"{match[1]}{next(numbers)}", text)
        return b"".join((self.head, b"<w:body>", text.encode(), self.tail))

    def _render_as_docxtpl(self, text: str) -> bytes:
        renderer = DocxTemplate(io.BytesIO())
        renderer.docx_ids_index = 1000
        tree = renderer.fix_tables(self.opening + text)
        renderer.fix_docpr_ids(tree)
        xml = b"".join((self.head, etree.tostring(tree, encoding="unicode").encode(), self.tail))
        prove({self.name: xml})
        return xml


class Page(_Part):
    """A header or a footer."""

    @classmethod
    def of(cls, document: OpenTemplate, part: Part) -> Page:
        """Read it from a template that was opened."""
        source = document.patch_xml(document.get_part_xml(part))
        sure = outline(source)
        proved = sure is not None and not sure.has_blank_text
        return cls(part.partname.membername, ENVIRONMENT.from_string(source), proved)

    def render(self, values: Mapping[str, Any], notes: Notes) -> bytes:
        """The part for one document; raises XMLSyntaxError if it comes out broken."""
        text, sure = _render(self.template, values, notes)
        if sure and self.proved:
            return f"{_HEAD}{text}".encode()
        return serialize_part_xml(parse_xml(text.encode()))  # drops white space between tags, as docxtpl does


class Footnotes(_Part):
    """The footnotes, which docxtpl renders without reading them."""

    @classmethod
    def of(cls, document: OpenTemplate, part: Part) -> Footnotes:
        """Read them from a template that was opened."""
        source = document.patch_xml(part.blob.decode("utf-8"))
        declared = source.startswith("<?xml") and source.partition("?>")[2]
        proved = outline(declared or source) is not None
        return cls(part.partname.membername, ENVIRONMENT.from_string(source), proved)

    def render(self, values: Mapping[str, Any], notes: Notes) -> bytes:
        """The part for one document; raises TemplateError if it comes out broken."""
        text, sure = _render(self.template, values, notes)
        xml = text.encode()
        if not (sure and self.proved):
            prove({self.name: xml})
        return xml


@dataclass(frozen=True)
class Properties:
    """The core properties (``docProps/core.xml``), cut at their slots.

    docxtpl renders six of them, and writes each even when it was not there; the title is then the document's own.
    ``templates`` are rendered in order, each for its slot.
    """

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


def _render(template: Template, values: Mapping[str, Any], notes: Notes) -> tuple[str, bool]:
    """The text of a part as docxtpl makes it, and whether it keeps what was proved of its source."""
    start = len(notes.values)
    text = template.render(values)
    if "{" in text or "}" in text:
        text = text.replace("{_{", "{{").replace("}_}", "}}").replace("{_%", "{%").replace("%_}", "%}")
    sure = not notes.ready_made and notes.legal(start)
    return _resolve_breaks(text, sure) if _next_break(text, 0) < len(text) else (text, sure)


def _next_break(text: str, start: int) -> int:
    """Where the next break is, or the text’s length; four plain searches are much faster than one pattern."""
    found = (text.find(char, start) for char in _BREAKS)
    return min((place for place in found if place >= 0), default=len(text))


def _resolve_breaks(text: str, sure: bool) -> tuple[str, bool]:  # noqa: FBT001 -- goes in and out with the text
    """Line breaks, tabs, new paragraphs and pages in values: docxtpl's ``resolve_listing``, where there are some.

    It goes from a ``<w:p …>`` to the next ``</w:p>``: what lies between two ``</w:p>`` can be done by itself.
    """
    pieces: list[str] = []
    done = 0
    while (place := _next_break(text, done)) < len(text):
        before = text.rfind(_END, done, place)
        start = done if before < 0 else before + len(_END)
        end = text.find(_END, place)
        if end < 0:
            break
        end += len(_END)
        resolved = _DOCXTPL.resolve_listing(text[start:end])
        if resolved != text[start:end]:
            sure = sure and _balanced(resolved)
        pieces += (text[done:start], resolved)
        done = end
    pieces.append(text[done:])
    return "".join(pieces), sure


def _balanced(piece: str) -> bool:
    """Whether every tag opened in this piece of a part is closed in it; namespaces were seen to in the whole."""
    try:
        expat.ParserCreate().Parse(f"<x>{piece}</x>", True)  # noqa: FBT003 -- expat's own
    except expat.ExpatError:
        return False
    return True


def _as_text(text: str) -> str:
    """Escaped by lxml, which refuses what XML cannot hold."""
    if len(text) > _LONGEST:
        raise ValueError(f"exceeded 255 char limit for property, got:\n\n'{text}'")
    element = etree.Element("x")
    element.text = text
    return etree.tostring(element, encoding="unicode")[3:-4] if text else ""
