"""Diff of two Word files: their words side by side, part by part, and whether anything but words differs."""

from __future__ import annotations

import difflib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

BODY = "corps"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PARTS = (
    (BODY, re.compile(r"word/document\d*\.xml")),
    ("en-tête", re.compile(r"word/header\d*\.xml")),
    ("pied de page", re.compile(r"word/footer\d*\.xml")),
    ("notes", re.compile(r"word/(?:foot|end)notes\d*\.xml")),
)
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
_AROUND = 4  # words shown on each side of a change
_MANY = 400  # pairs of paragraphs, beyond which they are compared as one
_LIKE = 0.3  # of their words in common, from which a paragraph was reworded rather than replaced


@dataclass(frozen=True)
class Change:
    """Words that were replaced, added or removed in one part; ``lead`` and ``tail`` are the words around them."""

    part: str
    before: str
    after: str
    lead: str = ""
    tail: str = ""


@dataclass(frozen=True)
class Unlike:
    """What differs in two Word files: words, and whether what is not words (layout, pictures, properties) does."""

    changes: tuple[Change, ...]
    layout: bool

    def __bool__(self) -> bool:
        return self.layout or bool(self.changes)


def unlike(before: bytes, after: bytes, hide: re.Pattern[str] | None = None) -> Unlike:
    """What differs from one Word file to another; what ``hide`` finds is never shown.

    Raises ValueError for a file that is no Word file.
    """
    old, new = _entries(before), _entries(after)
    if old == new:
        return Unlike((), layout=False)
    changes = tuple(
        change
        for part, pattern in _PARTS
        for change in _changes(part, _paragraphs(old, pattern, hide), _paragraphs(new, pattern, hide))
    )
    return Unlike(changes, layout=not changes)


def _entries(docx: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except zipfile.BadZipFile as error:
        raise ValueError(str(error)) from error


def _paragraphs(entries: Mapping[str, bytes], pattern: re.Pattern[str], hide: re.Pattern[str] | None) -> list[str]:
    """The paragraphs of all parts of one kind, in the order of their names; Word may number them anew."""
    found = []
    for name in sorted(entries):
        if pattern.fullmatch(name):
            try:
                root = etree.fromstring(entries[name], _PARSER)
            except etree.XMLSyntaxError as error:
                raise ValueError(str(error)) from error
            for copy in [*root.iter(_FALLBACK)]:  # a text box a second time, for an older Word
                copy.clear()
            texts = (" ".join("".join(_texts(one)).split()) for one in root.iter(f"{_W}p"))
            found += [hide.sub("•••", text) if hide else text for text in texts if text]
    return found


def _texts(element: etree._Element) -> Iterator[str]:
    """The text of a paragraph, without the paragraphs of boxes that stand in it."""
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in {f"{_W}tab", f"{_W}br", f"{_W}cr"}:
            yield " "
        elif child.tag not in {f"{_W}p", _FALLBACK, f"{_W}pPr", f"{_W}rPr", f"{_W}instrText"}:
            yield from _texts(child)


def _changes(part: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    """First by paragraphs, then by the words of those that differ."""
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            for old, new in _paired(before[a:b], after[c:d]):
                yield from _words(part, old.split(), new.split())


def _paired(before: Sequence[str], after: Sequence[str]) -> Iterable[tuple[str, str]]:
    """The paragraphs of one place, one against one; those that are too many against nothing."""
    if len(before) == len(after):
        return zip(before, after, strict=True)
    if len(before) * len(after) > _MANY:
        return [(" ".join(before), " ".join(after))]
    pairs: list[tuple[str, str]] = []
    left = list(after)
    for old in before:
        like = [difflib.SequenceMatcher(None, old.split(), new.split()).ratio() for new in left]
        at = max(range(len(left)), key=like.__getitem__, default=-1)
        if at < 0 or like[at] < _LIKE:
            pairs.append((old, ""))
            continue
        pairs += [("", new) for new in left[:at]]
        pairs.append((old, left[at]))
        left = left[at + 1 :]
    return [*pairs, *(("", new) for new in left)]


def _words(part: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            yield Change(
                part,
                " ".join(before[a:b]),
                " ".join(after[c:d]),
                " ".join(after[max(0, c - _AROUND) : c]),
                " ".join(after[d : d + _AROUND]),
            )
