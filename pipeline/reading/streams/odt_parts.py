"""Parts of an OpenDocument text as trees, and the refusal of one that is damaged."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from pipeline.core.errors import FormRejected
from pipeline.core.refusals import Refusal, refused
from pipeline.sandbox.untrusted_xml import parse_xml

_META = "meta.xml"


def tree_of(part: bytes) -> etree._Element:
    """A part as a tree; raises FormRejected (ODT_ENDOMMAGE) if it is not XML."""
    try:
        return parse_xml(part)
    except FormRejected as rejection:
        raise damaged("une de ses parties est illisible") from rejection


def damaged(how: str) -> FormRejected:
    """The refusal of a text that cannot be walked, and why (French)."""
    return refused(Refusal.ODT_DAMAGED, how=how)


def odt_keywords(parts: Mapping[str, bytes]) -> str:
    """The document's properties, where our blanks write their mark among the keywords."""
    return "\n".join(map(str, tree_of(parts[_META]).itertext())) if _META in parts else ""
