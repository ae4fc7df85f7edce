"""Data binding of Word controls: the custom XML that Word shows in place of what a control holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from lxml import etree

from pipeline.core.doubts import Doubt, Reason
from pipeline.forms.values.figures import excerpt
from pipeline.reading.streams.ooxml import VALUE, W14, W, is_true
from pipeline.sandbox.untrusted_xml import parse_xml

_ITEM = "{http://schemas.openxmlformats.org/officeDocument/2006/customXml}itemID"
_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_PREFIX = re.compile(r"""xmlns:([\w.-]+)\s*=\s*["']([^"']*)["']""")
_PLACE = re.compile(r"[\w:/@.\[\]-]+")  # a path to one node, as Word writes them: nothing is computed
_BUILT_IN = {
    "{6C3C8BC8-F283-45AE-878A-BAB7291924A1}": "docProps/core.xml",
    "{6668398D-A668-4E3E-A5EB-62B293D839F1}": "docProps/app.xml",
}
_TIME = re.compile(r"T\d\d:\d\d(:\d\d)?.*$")


class Bindings:
    """The data of a Word file to which controls are bound, by the identifier of their part."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self._parts = parts

    @cached_property
    def _named(self) -> dict[str, str]:
        """Identifier to the name of the part with the data."""
        found = dict(_BUILT_IN)
        for name, part in self._parts.items():
            if name.startswith("customXml/itemProps"):
                identity = (parse_xml(part).get(_ITEM) or "").upper()
                found.setdefault(identity, name.replace("itemProps", "item"))
        return found

    def doubt_of(self, settings: etree._Element, held: str) -> Doubt | None:
        """Why a control may show something else than what it ``held``: it is bound to data that says otherwise."""
        bound = settings.find(f"{W}dataBinding")
        bound = bound if bound is not None else settings.find(f"{_W15}dataBinding")
        if bound is None:
            return None
        part = self._named.get((_attribute(bound, "storeItemID") or "").upper(), "")
        place = _attribute(bound, "xpath") or ""
        if part in self._parts and place and not _PLACE.fullmatch(place):
            return Doubt(Reason.HIDDEN, "la case affiche une donnée du fichier, que rien ne permet de vérifier")
        data = self._data(part, place, dict(_PREFIX.findall(_attribute(bound, "prefixMappings") or "")))
        shown = _shown(settings, data or "")
        if data is None or _alike(shown, held) or _same_state(settings, data):
            return None
        return Doubt(Reason.HIDDEN, f"Word montre « {excerpt(shown)} » et le fichier contient « {excerpt(held)} »")

    def _data(self, part: str, place: str, prefixes: dict[str, str]) -> str | None:
        """The text at a place of the data; ``None`` where Word finds nothing, and shows what the control holds."""
        if part not in self._parts or not place:
            return None
        try:
            found = parse_xml(self._parts[part]).xpath(place, namespaces=prefixes)
        except (etree.XPathError, TypeError, ValueError):
            return None
        first = found[0] if isinstance(found, list) and found else None
        if isinstance(first, etree._Element):  # noqa: SLF001 -- lxml names no public type for it
            return "".join(map(str, first.itertext()))
        return first if isinstance(first, str) else None


def _attribute(element: etree._Element, name: str) -> str | None:
    return element.get(f"{W}{name}") or element.get(f"{_W15}{name}")


def _shown(settings: etree._Element, data: str) -> str:
    """What is shown for a value: of a list, the text of the item that has it."""
    for item in settings.iter(f"{W}listItem"):
        if item.get(f"{W}value") == data:
            return item.get(f"{W}displayText") or data
    return data


def _alike(one: str, other: str) -> bool:
    """Whether two texts show the same: letter by letter, or the same day written in two orders."""
    figures = [sorted(re.findall(r"\d+", _TIME.sub("", text))) for text in (one, other)]
    if figures[0] == figures[1] and len(figures[0]) == 3 and _TIME.search(one):
        return True
    return one.split() == other.split()


def _same_state(settings: etree._Element, data: str) -> bool:
    state = settings.find(f"{W14}checkbox/{W14}checked")
    return state is not None and is_true(state.get(f"{W14}val") or state.get(VALUE)) == is_true(data.strip() or "0")
