"""Open Packaging Conventions: which parts of a Word file Word shows, by their relationships, not by their names."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from pipeline.core.refusals import Refusal, refused
from pipeline.reading.streams.ooxml import W
from pipeline.sandbox.untrusted_xml import parse_xml

_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_NOTES = ("comments", "footnotes", "endnotes")
_CORE = "docProps/core.xml"
_ROOT, _USUAL = "_rels/.rels", "word/document.xml"
_IS_DOCUMENT = re.compile(rb"<(?:\w+:)?document[\s>]")
# Word also saves in the « strict » form of the standard, which gives every namespace another name.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode()),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)


@dataclass(frozen=True)
class Package:
    """Word file: its parts, its main one, and those that the main one names, by kind (« styles », « comments »).

    ``body`` is the main part, parsed once.
    """

    parts: Mapping[str, bytes]
    main: str
    body: etree._Element
    related: Mapping[str, str]
    heads: tuple[str, ...] = ()
    feet: tuple[str, ...] = ()
    several: bool = False  # whether other parts could be taken for the main one

    def tree(self, kind: str) -> etree._Element | None:
        """The part of a kind, if the document has it; raises FormRejected if it is not XML."""
        name = self.related.get(kind)
        return parse_xml(self.parts[name]) if name in self.parts and name is not None else None


def package_of(parts: Mapping[str, bytes]) -> Package:
    """The package of these parts; raises FormRejected (WORD_ENDOMMAGE) when it has no main part."""
    parts = {name: _transitional(part) for name, part in parts.items()}
    mains = [target for kind, _, target in _relations(parts, "") if kind == "officeDocument"]
    main = mains[0] if mains else _USUAL
    if main not in parts:
        raise refused(Refusal.WORD_DAMAGED, how="il n’a pas de texte")
    named = list(_relations(parts, main))
    folder = posixpath.dirname(main)
    if f"{folder}/_rels/{posixpath.basename(main)}.rels" not in parts:
        named = list(_by_names(parts, folder))
    related = {kind: f"{folder}/{kind}.xml" for kind in _NOTES}  # a note that nothing names is told all the same
    related |= {kind: target for kind, _, target in reversed(named)}
    body = parse_xml(parts[main])
    others = (name for name in parts if name != main and name.startswith("word/"))
    several = len(set(mains)) > 1 or any(_IS_DOCUMENT.search(parts[name][:600]) for name in others)
    heads, feet = (_referenced(body, named, kind, parts) for kind in ("header", "footer"))
    return Package(parts, main, body, related, heads, feet, several)


def _by_names(parts: Mapping[str, bytes], folder: str) -> Iterator[tuple[str, str, str]]:
    """Parts of a document without relationships, as their names say; no section asks for its headers."""
    for kind in ("styles", "settings"):
        yield kind, "", f"{folder}/{kind}.xml"
    yield "theme", "", f"{folder}/theme/theme1.xml"
    for name in sorted(parts):
        found = re.fullmatch(rf"{folder}/(header|footer)\d*\.xml", name)
        if found:
            yield found[1], "", name


def keywords_in(parts: Mapping[str, bytes]) -> str:
    """The document's properties, where our blanks write their mark among the keywords."""
    return "\n".join(map(str, parse_xml(parts[_CORE]).itertext())) if _CORE in parts else ""


def _transitional(part: bytes) -> bytes:
    if b"http://purl.oclc.org/ooxml/" not in part[:8000]:
        return part
    for strict, usual in _STRICT:
        part = part.replace(strict, usual)
    return part


def _relations(parts: Mapping[str, bytes], source: str) -> Iterator[tuple[str, str, str]]:
    """Kind, name and target of each relationship of a part that leads inside the file; of the whole file for « »."""
    folder = posixpath.dirname(source)
    name = posixpath.join(folder, "_rels", f"{posixpath.basename(source)}.rels") if source else _ROOT
    if name not in parts:
        return
    for one in parse_xml(parts[name]).iter(_RELATION):
        target = one.get("Target") or ""
        if one.get("TargetMode") != "External":
            place = (
                target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            )
            yield (one.get("Type") or "").rpartition("/")[2], one.get("Id") or "", place


def _referenced(
    body: etree._Element, named: Sequence[tuple[str, str, str]], kind: str, parts: Mapping[str, bytes]
) -> tuple[str, ...]:
    """The headers or footers that a section of the document asks for; all of them where nothing has a name."""
    asked = {one.get(_ID) or "" for one in body.iter(f"{W}{kind}Reference")}
    wanted = (target for one, name, target in named if one == kind and (not name or name in asked))
    return tuple(target for target in dict.fromkeys(wanted) if target in parts)
