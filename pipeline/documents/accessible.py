"""Accessibility lint of Word templates (RGAA): what a screen reader needs, and only the template can give.

LibreOffice tags what Word's styles say: headings from heading styles, heads of a table from « repeat as header row »,
lists from numbering. What looks like a heading, a list or a space and is none is lost to who does not see the page.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from pipeline.documents.word_styles import heading_levels, style_names

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_P, _TBL, _TR, _TC = f"{_W}p", f"{_W}tbl", f"{_W}tr", f"{_W}tc"
_VAL = f"{_W}val"
_DOC_PR = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
_TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
_TYPED = re.compile(r"\s*[•▪◦‣·–—-]\s+\S")
_SHOWN = tuple(
    f"{_W}{name}" for name in ("drawing", "pict", "object", "br", "sectPr", "pBdr", "fldSimple", "tab", "sym")
)
ROW_HEAD = "Tableau libellé"  # the style of a cell that says what its row holds: its cell is tagged as a head
_HEADS = (
    "mettez-les dans la première ligne et cochez « Répéter comme ligne d’en-tête », ou cochez « Première colonne » si"
)


class _Word(NamedTuple):
    """A template that was opened: its body, and what its styles are called."""

    body: etree._Element
    names: Mapping[str, str]
    levels: Mapping[str, int]


def inaccessible(template: Path) -> tuple[str, ...]:
    """What a screen reader would miss in the papers of a template, each with where it is and what to do in Word.

    Raises OSError, BadZipFile, KeyError and XMLSyntaxError for what is no Word file.
    """
    with zipfile.ZipFile(template) as archive:
        body = etree.fromstring(archive.read("word/document.xml"), _PARSER)[0]
        styles = etree.fromstring(archive.read("word/styles.xml"), _PARSER)
    word = _Word(body, dict(style_names(styles)), dict(heading_levels(styles)))
    checks: tuple[Callable[[_Word], Iterator[str]], ...] = (_headings, _tables, _pictures, _lists, _spaces, _marks)
    return tuple(dict.fromkeys(fault for check in checks for fault in check(word)))


def _headings(word: _Word) -> Iterator[str]:
    before = 0
    for paragraph in word.body.iter(_P):
        level = word.levels.get(_style_of(paragraph), 0)
        text = _text(paragraph)
        if not level or not text:
            continue
        if level > before + 1:
            after = f"un titre {before}" if before else "le début"
            yield f"le titre {_quoted(text)} est de niveau {level} après {after} : prenez le niveau {before + 1}."
        before = level
    if not before:
        yield "aucun paragraphe n’est un titre : donnez au sien le style « Titre 1 »."


def _tables(word: _Word) -> Iterator[str]:
    for table in word.body.iter(_TBL):
        rows = [row for row in table.findall(_TR) if _TAG.sub("", _text(row)).strip() or not _text(row)]
        columns = max((len(row.findall(_TC)) for row in rows), default=0)
        if len(rows) < 2 or columns < 2 or _heads_rows(table, rows, word.names):
            continue
        if rows[0].find(f"{_W}trPr/{_W}tblHeader") is None:
            yield f"le tableau {_quoted(_text(rows[0]))} n’a pas d’en-têtes : {_HEADS} elle en tient lieu."


def _heads_rows(table: etree._Element, rows: Sequence[etree._Element], names: Mapping[str, str]) -> bool:
    """Whether its first column is its head, by what Word says of it or by the style of those cells."""
    look = table.find(f"{_W}tblPr/{_W}tblLook")
    if look is not None and look.get(f"{_W}firstColumn") == "1" and look.get(f"{_W}firstRow", "0") == "0":
        return True
    firsts = [row.find(f"{_TC}/{_P}") for row in rows]
    return all(first is not None and names.get(_style_of(first)) == ROW_HEAD for first in firsts)


def _pictures(word: _Word) -> Iterator[str]:
    for picture in word.body.iter(_DOC_PR):
        decorative = any(one.get("val") != "0" for one in picture.iter(_DECORATIVE))
        if not (picture.get("descr") or "").strip() and not decorative:
            name = _quoted(picture.get("name") or "?")
            yield f"l’image {name} n’a pas de texte de remplacement : « Modifier le texte de remplacement »."


def _lists(word: _Word) -> Iterator[str]:
    for paragraph in word.body.iter(_P):
        if _TYPED.match(_text(paragraph)):
            yield f"{_quoted(_text(paragraph))} commence par un tiret ou un point tapé : faites-en une liste."


def _spaces(word: _Word) -> Iterator[str]:
    for holder in (word.body, *word.body.iter(_TC)):
        blocks = [block for block in holder if block.tag in (_P, _TBL) and not _is_tag(block)]
        if len(blocks) == 1:
            continue  # a cell holds at least one
        for before, block, after in zip((None, *blocks), blocks, (*blocks[1:], None), strict=False):
            if block.tag != _P or not _is_empty(block) or _wanted(before, after):
                continue
            where = f"après {_quoted(_text(before))}" if before is not None else "au début"
            yield f"un paragraphe vide {where} fait un espace : ôtez-le, réglez l’espace dans le style."


def _wanted(before: etree._Element | None, after: etree._Element | None) -> bool:
    """Whether Word itself wants a paragraph there: between two tables, and after one at the end."""
    return before is not None and before.tag == _TBL and (after is None or after.tag == _TBL)


def _marks(word: _Word) -> Iterator[str]:
    for paragraph in word.body.iter(_P):
        text = _text(paragraph)
        left = re.sub(r"\{\{\s*\w+\.ancre\s*\}\}", "", text)
        if left != text and _TAG.sub("", left).strip():
            yield f"{_quoted(text)} : mettez la marque seule dans son paragraphe, d’où elle peut être effacée."


def _style_of(paragraph: etree._Element) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return style.get(_VAL, "") if style is not None else ""


def _text(element: etree._Element) -> str:
    return "".join(text.text or "" for text in element.iter(f"{_W}t")).strip()


def _is_tag(block: etree._Element) -> bool:
    """Whether a paragraph holds only template language, and is on no paper."""
    text = _text(block)
    return block.tag == _P and bool(text) and not _TAG.sub("", text).strip()


def _is_empty(paragraph: etree._Element) -> bool:
    return not _text(paragraph) and next(paragraph.iter(*_SHOWN), None) is None


def _quoted(text: str) -> str:
    return f"« {text[:40]} »"
