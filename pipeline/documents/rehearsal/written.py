"""Paragraphs of a Word template as people see them, to say where something is; and what no packet must carry.

What is looked for needs no dossier: places of another system, braces that are left, tags that docxtpl would print
between two paragraphs, changes that are still tracked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from pipeline.core.folding import fold
from pipeline.core.sequences import grouped
from pipeline.documents.filling.foreign_places import BRACKETS, merge_fields

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TAGS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
_STRUCTURE = re.compile(r"\{\{\s*(r|p|tr|tc)\s+(.*?)\s*\}\}")
_FOREIGN = (
    re.compile(r"\$\{[^{}]*\}*|\{[^{}]*\}+"),
    re.compile(r"«[^\s«»]+»|<<[^<>]{1,60}>>|‹[^‹›]{1,60}›"),
    BRACKETS,
    re.compile(r"(?<!\w)%[^\W\d]\w+%|##\w+##"),
    re.compile(r"[{}]+"),
)
_LONGEST = 70
_PARTS = {"document": "", "header": "en-tête, ", "footer": "pied de page, ", "footnotes": "notes, "}


@dataclass(frozen=True)
class Paragraph:
    """One paragraph: where it stands, its words with the tags in them, and the merge fields that it holds."""

    part: str
    words: str
    fields: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """How a person finds it: the part, and its words."""
        return place_of(self.part, self.words)


def place_of(part: str, words: str) -> str:
    """« en-tête, « Nom : {{ stagiaire.nom }} » »: the words of a paragraph, cut if they are many."""
    flat = " ".join(words.split())
    kind = re.sub(r"\d+$", "", part.rpartition("/")[2].removesuffix(".xml"))
    return f"{_PARTS.get(kind, '')}« {flat[:_LONGEST]}{'…' if len(flat) > _LONGEST else ''} »"


def paragraphs(part: str, xml: bytes) -> Iterator[Paragraph]:
    """The paragraphs of a part, in order; those that a picture shows twice (for older Word), once."""
    seen: set[Paragraph] = set()
    root = etree.fromstring(xml)
    fields = grouped((_owner(first), name) for first, name in merge_fields(root))
    for element in root.iter(f"{W}p"):
        found = _paragraph(part, element, fields.get(element, ()))
        boxed = next(element.iterancestors(f"{W}txbxContent"), None) is not None
        if (found.words.strip() or found.fields) and not (boxed and found in seen):
            yield found
        seen.add(found)


def _paragraph(part: str, element: etree._Element, fields: Iterable[str]) -> Paragraph:
    words = "".join(node.text or "" for node in element.iter(f"{W}t") if _owner(node) is element)
    return Paragraph(part, words, tuple(fields))


def _owner(node: etree._Element) -> etree._Element | None:
    return next(node.iterancestors(f"{W}p"), None)


def foreign_places(paragraph: Paragraph, labels: Collection[str]) -> Iterator[str]:
    """The places of another system in a paragraph, as they are written: «Nom», ${x}, {X}, [X], %X%.

    ``labels`` are first words of fields, folded: brackets around others, « [Papier à en-tête] », are a text.
    """
    rest = _TAGS.sub(" ", paragraph.words)
    for name in paragraph.fields:
        yield f"MERGEFIELD {name}"
        rest = re.sub(r"«[^«»]*»", " ", rest)
    for pattern in _FOREIGN:
        for found in pattern.finditer(rest):
            if pattern is not BRACKETS or _is_name(found[1], labels):
                yield found[0]
        rest = pattern.sub(" ", rest)


def _is_name(words: str, labels: Collection[str]) -> bool:
    """Whether what stands in brackets names a value: NOM, nom_stagiaire, « Nom du stagiaire »."""
    first, *others = words.split()
    return words != "sic" and (not others or words.isupper() or fold(first) in labels)


def structure_tags(words: str) -> Iterator[tuple[str, str]]:
    """The tags ``{{r …}}``, ``{{p …}}``, ``{{tr …}}`` of a paragraph: the letter and the expression."""
    yield from _STRUCTURE.findall(words)


def tracked(xml: bytes) -> bool:
    """Whether a part keeps changes that nobody accepted or refused."""
    return next(etree.fromstring(xml).iter(f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo"), None) is not None
