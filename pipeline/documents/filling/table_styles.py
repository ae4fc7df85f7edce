"""Table-style inliner for Word files: LibreOffice takes a third longer for a table that has a style.

A style is written into its tables, and no longer named by them, when that can change nothing: it has borders, margins
of cells and an indent, and at most a spacing of paragraphs; no part for first rows or odd columns, no letters. The
scolarité's own file keeps its style, the copy that is delivered has the same table without.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = f"{_W}val"
_TABLE, _PARAGRAPH = f"{_W}tbl", f"{_W}p"
_SIDED = ("tblBorders", "tblCellMar")  # each side counts for itself
_SAME = {"start": "left", "end": "right"}
_SPACING = {f"{_W}{name}" for name in ("before", "after", "line", "lineRule")}  # the others take these' place
_INLINED = ("tblInd", *_SIDED)
_UNUSED = ("tblStyleRowBandSize", "tblStyleColBandSize")  # they count the rows of parts that there are not
_ABOUT = ("name", "aliases", "basedOn", "uiPriority", "semiHidden", "unhideWhenUsed", "qFormat", "locked", "rsid")
# The order that the format wants, up to what is put in.
_BEFORE = {
    "tblInd": (
        "tblpPr",
        "tblOverlap",
        "bidiVisual",
        "tblStyleRowBandSize",
        "tblStyleColBandSize",
        "tblW",
        "jc",
        "tblCellSpacing",
    ),
    "spacing": (
        "pStyle",
        "keepNext",
        "keepLines",
        "pageBreakBefore",
        "framePr",
        "widowControl",
        "numPr",
        "suppressLineNumbers",
        "pBdr",
        "shd",
        "tabs",
        "suppressAutoHyphens",
        "kinsoku",
        "wordWrap",
        "overflowPunct",
        "topLinePunct",
        "autoSpaceDE",
        "autoSpaceDN",
        "bidi",
        "adjustRightInd",
        "snapToGrid",
    ),
}
_SIDES = ("top", "left", "start", "bottom", "right", "end", "insideH", "insideV")
_BEFORE |= {side: _SIDES[: _SIDES.index(side)] for side in _SIDES}
_BEFORE["tblBorders"] = (*_BEFORE["tblInd"], "tblInd")
_BEFORE["tblCellMar"] = (*_BEFORE["tblBorders"], "tblBorders", "shd", "tblLayout")


def write_out_styles(trees: Iterable[etree._Element], styles: etree._Element) -> None:
    """Change the tables of these parts in place; ``styles`` is the root of the part that has the styles."""
    by_id = {style.get(f"{_W}styleId", ""): style for style in styles.iter(f"{_W}style")}
    for tree in trees:
        for table in tree.iter(_TABLE):
            _write_out(table, by_id)


def _write_out(table: etree._Element, by_id: dict[str, etree._Element]) -> None:
    own = table.find(f"{_W}tblPr")
    named = own.find(f"{_W}tblStyle") if own is not None else None
    if own is None or named is None:
        return
    styles = _chain(named.get(_VAL, ""), by_id)
    spacing = _spacing(styles[:1])
    paragraphs = [paragraph for paragraph in table.iter(_PARAGRAPH) if next(paragraph.iterancestors(_TABLE)) is table]
    if not _is_plain(styles, by_id) or (spacing and not all(_is_known(paragraph, by_id) for paragraph in paragraphs)):
        return
    own.remove(named)
    for style in styles:
        for prop in style.iterfind(f"{_W}tblPr/*"):
            if _name(prop) in _INLINED:
                _merge_property(own, prop)
    for paragraph in paragraphs if spacing else ():
        _space(paragraph, spacing, by_id)


def _is_plain(styles: list[etree._Element], by_id: dict[str, etree._Element]) -> bool:
    """Whether all that these styles say can be written in a table, and no other style would take their place."""
    for style in styles:
        for part in style:
            name = _name(part)
            if name == "tblPr":
                plain = all(_name(prop) in (*_INLINED, *_UNUSED) for prop in part)
            elif name == "pPr":  # that of a style it stands on counts for Word, not for LibreOffice
                plain = style is styles[0] and _is_plain_spacing(part)
            else:
                plain = name in _ABOUT
            if not plain:
                return False
    return bool(styles) and all(style in styles for style in by_id.values() if _is_default(style, "table"))


def _is_plain_spacing(properties: etree._Element) -> bool:
    """Whether properties of paragraphs are a spacing and no other, in lengths."""
    return all(_name(prop) == "spacing" and _SPACING.issuperset(prop.attrib) for prop in properties)


def _is_known(paragraph: etree._Element, by_id: dict[str, etree._Element]) -> bool:
    """Whether its style is one of the file's (not chosen by a value), and it stands in the table's cell itself.

    Its spacing, and its style's, must be in lengths: one by lines or « auto » takes the place of another attribute.
    """
    styles = _chain(_style_of(paragraph, by_id), by_id)
    spacings = [prop for one in (paragraph, *styles) for prop in one.iterfind(f"{_W}pPr/{_W}spacing")]
    plain = all(_SPACING.issuperset(prop.attrib) for prop in spacings)
    return bool(styles) and plain and next(paragraph.iterancestors(f"{_W}txbxContent"), None) is None


def _space(paragraph: etree._Element, spacing: dict[str, str], by_id: dict[str, etree._Element]) -> None:
    """The spacing that the table's style gives: whatever the paragraph or its own style says is kept."""
    own = paragraph.find(f"{_W}pPr")
    own_spacing = own.find(f"{_W}spacing") if own is not None else None
    kept = {
        *_spacing(_chain(_style_of(paragraph, by_id), by_id)),
        *map(str, own_spacing.attrib if own_spacing is not None else ()),
    }
    added = {name: value for name, value in spacing.items() if _side(name) not in {_side(other) for other in kept}}
    if not added:
        return
    if own is None:
        own = etree.Element(f"{_W}pPr")
        paragraph.insert(0, own)
    if own_spacing is None:
        own_spacing = _insert_in_order(own, etree.Element(f"{_W}spacing"))
    for name, value in added.items():
        own_spacing.set(name, value)


def _merge_property(own: etree._Element, prop: etree._Element) -> None:
    mine = own.find(prop.tag)
    if mine is None:
        _insert_in_order(own, deepcopy(prop))
    elif _name(prop) in _SIDED:
        known = {_SAME.get(_name(side), _name(side)) for side in mine}
        for side in prop:
            if _SAME.get(_name(side), _name(side)) not in known:
                _insert_in_order(mine, deepcopy(side))


def _insert_in_order(parent: etree._Element, child: etree._Element) -> etree._Element:
    """The child at the place that the format wants."""
    before = _BEFORE[_name(child)]
    parent.insert(sum(_name(other) in before for other in parent), child)
    return child


def _chain(name: str, by_id: dict[str, etree._Element]) -> list[etree._Element]:
    """A style and those that it stands on, nearest first."""
    styles: list[etree._Element] = []
    while (style := by_id.get(name)) is not None and style not in styles:
        styles.append(style)
        based = style.find(f"{_W}basedOn")
        name = based.get(_VAL, "") if based is not None else ""
    return styles


def _spacing(styles: Iterable[etree._Element]) -> dict[str, str]:
    """What the spacing of their paragraphs is, the nearest first."""
    merged: dict[str, str] = {}
    for style in styles:
        for spacing in style.iterfind(f"{_W}pPr/{_W}spacing"):
            merged = {str(name): str(value) for name, value in spacing.attrib.items()} | merged
    return merged


def _style_of(paragraph: etree._Element, by_id: dict[str, etree._Element]) -> str:
    named = paragraph.find(f"{_W}pPr/{_W}pStyle")
    if named is not None:
        return named.get(_VAL, "")
    return next((name for name, style in by_id.items() if _is_default(style, "paragraph")), "")


def is_default(style: etree._Element) -> bool:
    """Whether it is the style of what names none of its kind."""
    return style.get(f"{_W}default") in ("1", "true", "on")


def _is_default(style: etree._Element, kind: str) -> bool:
    return style.get(f"{_W}type") == kind and is_default(style)


def _side(name: str) -> str:
    """What an attribute of a spacing is about: ``before``, ``after``, or ``line`` with its rule."""
    return etree.QName(name).localname.removesuffix("Rule")


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
