"""Ignored tables of an annotated blank: one mark typed in a table makes each of its cells a place that is read over.

A grid that the school fills itself, or that nobody needs, asks no question; its printed words stay words of the form.
"""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from pipeline.forms.layouts import IGNORED, IGNORED_TABLE, PLACEHOLDER
from pipeline.reading.streams.ooxml import VALUE, W, text_in, with_parts, xml_bytes
from pipeline.sandbox.gates import open_docx
from pipeline.sandbox.untrusted_xml import parse_xml

_DOCUMENT = "word/document.xml"
_PLACE = f"{{{{ {IGNORED} }}}}"


def with_ignored_cells(data: bytes, rewrite: Callable[[etree._Element, Callable[[str], str]], None]) -> bytes:
    """The annotated Word blank with ``{{ ignorer }}`` in each cell of the tables that are to be ignored.

    ``rewrite`` replaces the placeholders of a paragraph by what their inside is changed to. Raises FormRejected when
    ``data`` is not a Word document.
    """
    part = open_docx(data).get(_DOCUMENT, b"")
    if IGNORED_TABLE.split()[-1].encode() not in part:
        return data
    root = parse_xml(part)
    marked = [table for table in root.iter(f"{W}tbl") if any(_is_mark(each) for each in _own_paragraphs(table))]
    for table in marked:
        for paragraph in table.iter(f"{W}p"):
            rewrite(paragraph, lambda inside: _PLACE if _tidy(inside) == IGNORED_TABLE else f"{{{{{inside}}}}}")
        for cell in table.iter(f"{W}tc"):
            if not _goes_on(cell) and PLACEHOLDER.search(text_in(cell)) is None:
                _add_place(cell)
    return with_parts(data, {_DOCUMENT: xml_bytes(root)}) if marked else data


def _own_paragraphs(table: etree._Element) -> list[etree._Element]:
    """The paragraphs of a table that are not of a table in it."""
    return [each for each in table.iter(f"{W}p") if next(each.iterancestors(f"{W}tbl"), None) is table]


def _is_mark(paragraph: etree._Element) -> bool:
    return any(_tidy(found[1]) == IGNORED_TABLE for found in PLACEHOLDER.finditer(text_in(paragraph)))


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _goes_on(cell: etree._Element) -> bool:
    """Whether a cell is but the lower part of one that goes over several rows."""
    merged = cell.find(f"{W}tcPr/{W}vMerge")
    return merged is not None and merged.get(VALUE, "continue") == "continue"


def _add_place(cell: etree._Element) -> None:
    paragraphs = cell.findall(f"{W}p")
    if paragraphs:
        run = etree.SubElement(paragraphs[-1], f"{W}r")
        etree.SubElement(run, f"{W}t").text = _PLACE
