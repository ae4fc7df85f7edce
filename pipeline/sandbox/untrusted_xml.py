"""The one XML parser that the parts of a Word document go through."""

from __future__ import annotations

from lxml import etree

from pipeline.core.refusals import Refusal, refused


def parse_xml(part: bytes) -> etree._Element:
    """An XML part as a tree: no entity is resolved, nothing is fetched; raises FormRejected if it is not XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(part, parser)
    except etree.XMLSyntaxError as error:
        raise refused(Refusal.WORD_DAMAGED, how="une de ses parties ne se lit pas") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise refused(Refusal.WORD_DECLARATION, part=root.tag[-60:])
    return root
