"""Style pruning of Word templates: LibreOffice gets the styles in use, not the hundred that Word keeps beside.

LibreOffice builds every style of a file, used or not, and takes a third of its time for that. What is left out has no
effect on any page: styles that nothing names, those of tables that can say it themselves (see ``table_styles``), the
copy of the styles kept for Word 2007 (``stylesWithEffects``), the thumbnail. The scolarité's own file is never
touched, the document delivered is a copy without these: Word opens and edits it, and brings its built-in styles back
as soon as someone picks one.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part, XmlPart
from lxml import etree

from pipeline.documents.filling.table_styles import is_default, write_out_styles

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL, _ID = f"{_W}val", f"{_W}styleId"
_CHOOSING = tuple(f"{_W}{kind}Style" for kind in ("p", "r", "tbl"))
_LINKS = ("basedOn", "next", "link")
_UNSEEN = ("/thumbnail", "/stylesWithEffects")
_LISTED = re.compile(r"toc|index|table of|heading|caption", re.IGNORECASE)
# Named by no paragraph, and yet applied by Word and LibreOffice themselves: to headers, notes, links, numbers.
_APPLIED = re.compile(
    r"normal|no list|table normal|default paragraph font|header|footer|hyperlink|followedhyperlink|page number"
    r"|line number|(footnote|endnote|annotation) \w+|balloon text",
    re.IGNORECASE,
)


def prepare(template: bytes) -> bytes:
    """The pruned copy; raises what python-docx raises for a file that it cannot open."""
    document = docx.Document(io.BytesIO(template))
    part = document.part
    _drop_unseen(part.package.rels)
    _drop_unseen(part.rels)
    styles = [rel for rel in part.rels.values() if rel.reltype == RELATIONSHIP_TYPE.STYLES]
    for second in styles[1:]:
        del part.rels[second.rId]
    if styles:
        own = styles[0].target_part
        every = [part.element for part in part.package.iter_parts() if isinstance(part, XmlPart)]
        write_out_styles([tree for tree in every if tree is not document.styles.element], document.styles.element)
        _prune(document.styles.element, [other for other in part.package.iter_parts() if other is not own])
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _drop_unseen(relations: dict[str, Any]) -> None:
    for name in [name for name, relation in relations.items() if relation.reltype.endswith(_UNSEEN)]:
        del relations[name]


def _prune(root: etree._Element, parts: Iterable[Part]) -> None:
    trees = [etree.fromstring(part.blob) for part in parts if part.content_type.endswith("xml")]
    if any("{" in named.get(_VAL, "") for tree in trees for named in tree.iter(*_CHOOSING)):
        return  # a template that chooses a style by a value may name any
    by_id = {style.get(_ID, ""): style for style in root.findall(f"{_W}style")}
    kept = _reached(by_id, _used(by_id, trees))
    for name, style in by_id.items():
        if name not in kept:
            root.remove(style)


def _used(by_id: dict[str, etree._Element], trees: Sequence[etree._Element]) -> set[str]:
    """The styles that something in these parts names, or that are applied without a name."""
    named = {element.get(_VAL) for tree in trees for element in tree.iter()}
    instructions = "".join(text for tree in trees for text in _instructions(tree)).casefold()
    return {name for name, style in by_id.items() if name in named or _stays(style, instructions)}


def _instructions(tree: etree._Element) -> Iterator[str]:
    """The text of its fields, in pieces: a list of contents or a reference may name a style by its name."""
    for element in tree.iter(f"{_W}instrText", f"{_W}fldSimple"):
        yield element.get(f"{_W}instr") or element.text or ""


def _stays(style: etree._Element, instructions: str) -> bool:
    if is_default(style):
        return True
    names = [style.get(_ID, ""), *_named_styles(style, "name")]
    if any(_APPLIED.fullmatch(name) for name in names):
        return True
    names += [alias for aliases in _named_styles(style, "aliases") for alias in aliases.split(",")]
    return bool(instructions) and any(name.casefold() in instructions or _LISTED.match(name) for name in names)


def _named_styles(style: etree._Element, *tags: str) -> Iterator[str]:
    for tag in tags:
        element = style.find(f"{_W}{tag}")
        if element is not None and (value := element.get(_VAL)):
            yield value


def _reached(by_id: dict[str, etree._Element], names: set[str]) -> set[str]:
    """These styles and all that they stand on, lead to or go with."""
    kept: set[str] = set()
    while names:
        kept |= names
        names = {name for known in names for name in _named_styles(by_id[known], *_LINKS) if name in by_id} - kept
    return kept
