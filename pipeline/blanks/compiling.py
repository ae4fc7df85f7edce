"""Layout compiler: an annotated blank, and its print, made ready for reading."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from lxml import etree

from pipeline.blanks.ignored_tables import with_ignored_cells
from pipeline.core.fields import Dictionary
from pipeline.core.sequences import grouped
from pipeline.forms.layouts import PLACEHOLDER, Layout, Placeholder, mapped, parse_placeholder
from pipeline.reading.alignment import Compiled
from pipeline.reading.alignment.align import align
from pipeline.reading.alignment.atoms import Mark, atoms_of
from pipeline.reading.alignment.compiled_layout import Trust, placeholder_of
from pipeline.reading.alignment.page_breaks import across_pages
from pipeline.reading.alignment.side_labels import gathered_labels, side_labels
from pipeline.reading.alignment.surroundings import Context
from pipeline.reading.alignment.template import Item, Template, join_placeholders, template_of
from pipeline.reading.streams.docx import docx_stream
from pipeline.reading.streams.ooxml import W, with_parts, xml_bytes
from pipeline.reading.streams.page_columns import in_columns
from pipeline.reading.streams.pdf import read_pages
from pipeline.reading.tokens import Source, Stream, Token, TokenKind
from pipeline.reading.widgets import widgets
from pipeline.sandbox.gates import open_docx, open_pdf
from pipeline.sandbox.untrusted_xml import parse_xml

EMPTY_BOX = "☐"
_PARTS = re.compile(r"word/(document|header\d*|footer\d*)\.xml")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def placeholder_texts(stream: Stream) -> tuple[str, ...]:
    """What stands between the braces of each placeholder, in order, repeated ones once."""
    found = (PLACEHOLDER.fullmatch(token.text) for token in stream)
    return tuple(dict.fromkeys(tidy(match.group(1)) for match in found if match))


def tidy(text: str) -> str:
    """The text between braces with its spaces in one form."""
    return " ".join(text.split())


def rendition(data: bytes, texts: Sequence[str]) -> bytes:
    """The DOCX to convert to PDF: each placeholder of ``texts`` is its number from 1, each tick an empty box.

    Raises FormRejected when ``data`` is not a Word document.
    """
    numbers = {text: f"{{{{{number}}}}}" for number, text in enumerate(texts, start=1)}

    def replacement(inside: str) -> str:
        text = tidy(inside)
        return EMPTY_BOX if "=" in text else numbers.get(text, "")

    parts = open_docx(data)
    changed = {name: _rewritten(part, replacement) for name, part in parts.items() if _PARTS.fullmatch(name)}
    return with_parts(data, changed)


def _rewritten(part: bytes, replacement: Callable[[str], str]) -> bytes:
    root = parse_xml(part)
    for paragraph in root.iter(f"{W}p"):
        _rewrite(list(_texts(paragraph)), replacement)
    return xml_bytes(root)


def _texts(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The pieces of text of a paragraph, not those of paragraphs inside it (text boxes)."""
    for text in paragraph.iter(f"{W}t"):
        if next(text.iterancestors(f"{W}p"), None) is paragraph:
            yield text


def _rewrite(pieces: Sequence[etree._Element], replacement: Callable[[str], str]) -> None:
    """Replace placeholders, which may lie over several pieces, by what their inside says: the first one takes it."""
    whole = "".join(piece.text or "" for piece in pieces)
    for found in reversed(list(PLACEHOLDER.finditer(whole))):
        text, at = replacement(found.group(1)), 0
        for piece in pieces:
            old = piece.text or ""
            start, end = max(found.start() - at, 0), min(found.end() - at, len(old))
            at += len(old)
            if start < end:
                piece.text = f"{old[:start]}{text}{old[end:]}"
                piece.set(_SPACE, "preserve")
                text = ""


def for_printing(layout: Layout) -> bytes | None:
    """The DOCX to convert to PDF and hand to ``compile_layout``; ``None`` for a PDF blank, which is its own print."""
    if layout.blank.suffix != ".docx":
        return None
    data = annotated(layout)
    return rendition(data, placeholder_texts(docx_stream(open_docx(data))))


def annotated(layout: Layout) -> bytes:
    """The annotated Word blank, with a place in each cell of the tables that it ignores."""
    return with_ignored_cells(layout.data, lambda paragraph, change: _rewrite(list(_texts(paragraph)), change))


def compile_layout(layout: Layout, dictionary: Dictionary, rendered: bytes | None = None) -> Compiled:
    """The layout ready for reading; ``rendered`` is the PDF made from ``for_printing(layout)``.

    Without it, printed copies are read with the Word template, and slots have no places. Raises ConfigError for a
    placeholder that names nothing, FormRejected when the blank itself cannot be opened.
    """
    names = mapped(layout, dictionary)

    def parse(text: str) -> Placeholder:
        return parse_placeholder(text, dictionary)

    word, printed = None, None
    if layout.blank.suffix == ".pdf":
        columned = not names and in_columns(layout.data)
        stream = _annotated_pdf(layout.data, names, by_columns=columned)
        printed = template_of(stream, parse, leaders=layout.leaders, margins=not names)
        printed = replace(printed, columned=columned)
    else:
        word = template_of(docx_stream(open_docx(annotated(layout))), parse, leaders=layout.leaders)
        printed = _printed(layout, word, rendered, dictionary) if rendered is not None else None
    trust = Trust.EXACT if names else Trust.PRINT
    return Compiled(layout, partial(_given, word), partial(_given, printed), names, trust=trust)


def _given(template: Template | None) -> Template | None:
    """A template that is there already; no lambda: what reads is sent to the clean process of the jail."""
    return template


def _annotated_pdf(data: bytes, names: Mapping[str, Placeholder], *, by_columns: bool) -> Stream:
    """The pages of a PDF blank, with a placeholder in place of each field that the map names."""
    mapped_ones = ((one, known) for one in widgets(open_pdf(data)) if (known := placeholder_of(one, names)))
    tokens = (
        Token(TokenKind.WORD, f"{{{{ {known.name} }}}}", one.page, one.box, Source.ACROFORM, name=one.name)
        for one, known in mapped_ones
    )
    return read_pages(data, grouped((token.page or 1, token) for token in tokens), by_columns=by_columns)[0]


def _printed(layout: Layout, word: Template, rendered: bytes, dictionary: Dictionary) -> Template:
    """The template of the printed blank: numbers say which text slot it is, an alignment which box is which."""
    columned = in_columns(rendered)
    stream = join_placeholders(read_pages(rendered, by_columns=columned)[0])
    asides = side_labels(word.stream, stream)
    texts = placeholder_texts(word.stream)
    stream = _rows_joined(word, gathered_labels(stream, asides), texts)

    def parse(text: str) -> Placeholder:
        known = texts[int(text) - 1] if text.strip().isdigit() and int(text) <= len(texts) else text
        return parse_placeholder(known, dictionary)

    boxes = _boxes(word, stream, texts)
    printed = template_of(stream, parse, leaders=layout.leaders, boxes=boxes, asides=asides)
    return replace(printed, columned=columned)


def _boxes(word: Template, stream: Stream, texts: tuple[str, ...]) -> dict[int, Placeholder]:
    """Token of the printed blank to the tick slot that it is."""
    atoms = atoms_of(stream, leaders=word.leaders)
    pairs = align(_numbered(word, texts), atoms).pairs
    return {
        atoms[pairs[index]].token: item.placeholder
        for index, item in enumerate(word.items)
        if item.is_box and item.placeholder and index in pairs and atoms[pairs[index]].mark is Mark.TICK
    }


def _rows_joined(word: Template, stream: Stream, texts: tuple[str, ...]) -> Stream:
    """The printed stream, each row that a page break cuts and that the Word blank has in one put together."""
    template = replace(word, items=tuple(_numbered(word, texts)))

    def context(pages: Stream) -> Context:
        atoms = atoms_of(pages, leaders=word.leaders)
        return Context(template, pages, atoms, align(template.items, atoms))

    return across_pages(context(stream), context).stream


def _numbered(word: Template, texts: tuple[str, ...]) -> list[Item]:
    """The items of the Word blank, its text slots as the numbers that are printed in their places."""
    numbers = {text: f"{{{{{number}}}}}" for number, text in enumerate(texts, start=1)}
    return [_as_printed(item, numbers) for item in word.items]


def _as_printed(item: Item, numbers: Mapping[str, str]) -> Item:
    """A text slot as the fixed word that its number is."""
    match = PLACEHOLDER.fullmatch(item.atom.text) if item.is_text else None
    if match is None:
        return item
    text = numbers[tidy(match.group(1))]
    return Item(type(item.atom)(Mark.WORD, text, text, item.atom.token))
