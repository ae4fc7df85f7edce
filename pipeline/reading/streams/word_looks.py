"""Visibility of Word text: how each run looks once its styles are resolved, and why nobody would see it."""

from __future__ import annotations

import re
from dataclasses import replace

from lxml import etree

from pipeline.reading.streams.cell_regions import styled_parts
from pipeline.reading.streams.colours import BLACK, FAINTEST, HIGHLIGHTS, RGB, WHITE, contrast, mixed
from pipeline.reading.streams.ooxml import EMPHASIS, STRUCK, VALUE, W14, RunStyle, W, is_true, number_of
from pipeline.reading.streams.run_styles import NOTHING, Properties, Stylesheet, cascade, properties

SMALLEST = 4.0  # points: smaller letters are dust on the page
_LARGEST = 90.0  # points: a letter or two a line
_RAISED = 0.6  # of the size of letters that stand higher or lower
_NARROWEST = 20  # percent of the usual width
_CLIPPED = 0.5  # of the letters' height: a line or a row that is no higher shows none of them
SPILL = 1.5  # points by which letters may leave a row of a set height and be read
_LETTER = 1.5  # points: the least width of a letter squeezed into a given one
# Twips. A page is 11 906 wide and 16 838 high, its margins rarely below 500.
_PAST_RIGHT, _PAST_LEFT, _PAST_TOP, _PAST_FOOT = 10_000, -2_000, -3_000, 16_500
_PATTERN = re.compile(r"pct(\d+)")
HIDDEN = "est un texte masqué"
FAINT = "est écrit dans la couleur du fond"
OFF_PAGE = "est placé hors de la page"
CLIPPED = "est dans une ligne trop basse pour le montrer"
BROUGHT = "est écrit dans une police jointe au fichier, qui peut montrer autre chose"
MERGED = "est dans une cellule fusionnée, qui ne le montre pas"


def run_look(run: etree._Element, style: RunStyle, sheet: Stylesheet, length: int) -> RunStyle:
    """The look of a run of ``length`` letters inside ``style``."""
    found = run.find(f"{W}rPr")
    direct = properties(found)
    named = direct.get("rStyle")
    own = sheet.run_style(named.get(VALUE), "character") if named is not None else NOTHING
    whole = cascade(sheet.run_defaults, (*style.levels, own), direct)
    size = size_in(whole) or style.size
    on = {name for name, one in direct.items() if is_true(one.get(VALUE))}
    ground = _ground(whole, style.ground, sheet)
    return replace(
        style,
        font=_font(whole, sheet),
        struck=bool(STRUCK & whole.keys()),
        unseen=style.unseen
        or (FAINT if _faint(whole, ground, sheet) else _why_unseen(whole, size, length, style.line))
        or CLIPPED * (style.width is not None and style.width < _CLIPPED * size)
        or BROUGHT * (_font(whole, sheet) in sheet.embedded),
        emphasis=next((french for name, french in EMPHASIS.items() if name in on), ""),
        size=size,
        turned=style.turned or "rtl" in on,
        raised=_is_raised(whole),
    )


def size_in(found: Properties) -> float | None:
    """The height of letters in points; the file counts half points."""
    names = ("sz", "szCs") if "cs" in found else ("sz",)
    sizes = [value / 2 for name in names if name in found and (value := number_of(found[name])) is not None]
    return min(sizes, default=None)


def _font(whole: Properties, sheet: Stylesheet) -> str:
    fonts = whole.get("rFonts")
    if fonts is None:
        return ""
    for name in ("ascii", "hAnsi"):
        theme = fonts.get(f"{W}{name}Theme")
        found = sheet.theme.fonts.get(theme[:5], "") if theme else fonts.get(f"{W}{name}")
        if found:
            return found
    return ""


def _ground(whole: Properties, around: RGB, sheet: Stylesheet) -> RGB:
    marked = whole.get("highlight")
    colour = HIGHLIGHTS.get(marked.get(VALUE) or "") if marked is not None else None
    return colour or shading(whole.get("shd"), sheet) or around


def shading(element: etree._Element | None, sheet: Stylesheet) -> RGB | None:
    """The ground that a ``w:shd`` draws; ``None`` for none."""
    if element is None:
        return None
    pattern = element.get(VALUE) or "clear"
    fill = sheet.theme.colour(element, "fill", "themeFill")
    front = sheet.theme.colour(element, "color", "themeColor") or BLACK
    if pattern == "solid":
        return front
    part = _PATTERN.fullmatch(pattern)
    return mixed(front, fill or WHITE, int(part[1]) / 100) if part else fill


def _why_unseen(whole: Properties, size: float, length: int, line: float | None) -> str:
    checks = (
        ("vanish" in whole or _said(whole, "specVanish") or _said(whole, "webHidden"), HIDDEN),
        (_dwarfed(whole, size), "est écrit trop petit ou trop grand pour être lu"),
        (_squeezed(whole, size, length), "est écrit trop étroit, trop écarté ou trop loin de sa ligne pour être lu"),
        (line is not None and line < _CLIPPED * size, CLIPPED),
    )
    return next((why for holds, why in checks if holds), "")


def _said(whole: Properties, name: str) -> bool:
    return name in whole and is_true(whole[name].get(VALUE))


def _faint(whole: Properties, ground: RGB, sheet: Stylesheet) -> bool:
    filled = whole.get(f"{W14}textFill")
    if filled is not None:
        return _fill_faint(filled, ground)
    said = whole.get("color")
    colour = sheet.theme.colour(said, "val", "themeColor") if said is not None else None
    return colour is not None and contrast(colour, ground) < FAINTEST


def _fill_faint(fill: etree._Element, ground: RGB) -> bool:
    """Word’s text effects: no fill, one that lets the ground through, or one of its colour."""
    if fill.find(f"{W14}noFill") is not None:
        return True
    for clear in fill.iter(f"{W14}alpha"):
        if (number_of(clear, f"{W14}val") or 0) > 60_000:  # thousandths of a percent of transparency
            return True
    colours = [
        (int(text[:2], 16), int(text[2:4], 16), int(text[4:6], 16))
        for one in fill.iter(f"{W14}srgbClr")
        if re.fullmatch(r"[0-9A-Fa-f]{6}", text := one.get(f"{W14}val") or "")
    ]
    names = [one.get(f"{W14}val") or "" for one in fill.iter(f"{W14}schemeClr")]
    pale = [name for name in names if name in ("bg1", "lt1")]
    return bool(pale and ground == WHITE) or any(contrast(one, ground) < FAINTEST for one in colours)


def _is_raised(whole: Properties) -> bool:
    align, place = whole.get("vertAlign"), number_of(whole.get("position")) or 0
    return (align is not None and align.get(VALUE) in ("superscript", "subscript")) or abs(place) > 5  # half points


def _dwarfed(whole: Properties, size: float) -> bool:
    return size * (_RAISED if "vertAlign" in whole and _is_raised(whole) else 1) <= SMALLEST or size >= _LARGEST


def _squeezed(whole: Properties, size: float, length: int) -> bool:
    width, raised = number_of(whole.get("w")), number_of(whole.get("position"))
    spaced = number_of(whole.get("spacing"))
    fitted = number_of(whole.get("fitText"))
    return (
        (width is not None and width < _NARROWEST)
        or "eastAsianLayout" in whole  # two lines in one
        or (raised is not None and abs(raised) > 2 * size)  # half points: more than a line up or down
        or (spaced is not None and (spaced / 20 < -0.4 * size or spaced / 20 > 3 * size))
        or (fitted is not None and fitted / 20 / max(length, 1) < _LETTER)
    )


def paragraph_look(paragraph: etree._Element, style: RunStyle, sheet: Stylesheet) -> RunStyle:
    """The look of what stands in a paragraph, before its runs say their own."""
    found = paragraph.find(f"{W}pPr")
    direct = properties(found)
    named = direct["pStyle"].get(VALUE) if "pStyle" in direct else None
    whole = {**sheet.paragraph_style(named), **direct}
    levels = (*style.levels, sheet.run_style(named, "paragraph"))
    lines, frame = whole.get("spacing"), whole.get("framePr")
    exact = lines is not None and lines.get(f"{W}lineRule") == "exact"
    height = number_of(lines, f"{W}line") if exact else None
    line = style.line if height is None else min(height / 20, style.line or height)
    return replace(
        style,
        levels=levels,
        ground=shading(whole.get("shd"), sheet) or style.ground,
        line=line,
        room=None if style.room is None else style.room - (number_of(lines, f"{W}before") or 0) / 20,
        unseen=style.unseen or _why_lost(whole, sheet),
        floating=style.floating or frame is not None,
    )


def _why_lost(whole: Properties, sheet: Stylesheet) -> str:
    """Why a paragraph does not show its words, or shows more before them."""
    if _indented_away(whole.get("ind")) or _framed_away(whole.get("framePr")):
        return OFF_PAGE
    number = sheet.numbering.misleading(whole.get("numPr"))
    return f"est précédé d’un numéro automatique (« {number[:20]} »)" if number else ""


def _indented_away(ind: etree._Element | None) -> bool:
    if ind is None:
        return False
    left = number_of(ind, f"{W}left") or number_of(ind, f"{W}start") or 0
    right = number_of(ind, f"{W}right") or number_of(ind, f"{W}end") or 0
    first = (number_of(ind, f"{W}firstLine") or 0) - (number_of(ind, f"{W}hanging") or 0)
    return not (_PAST_LEFT < left + first < _PAST_RIGHT and _PAST_LEFT < right < _PAST_RIGHT)


def _framed_away(frame: etree._Element | None) -> bool:
    if frame is None:
        return False
    across, down = number_of(frame, f"{W}x") or 0, number_of(frame, f"{W}y") or 0
    return not (_PAST_LEFT < across < _PAST_RIGHT and _PAST_TOP < down < _PAST_FOOT)


def table_look(table: etree._Element, style: RunStyle, sheet: Stylesheet) -> RunStyle:
    """The look of what stands in a table, before rows and cells say their own."""
    said = properties(table.find(f"{W}tblPr"))
    place, indent = said.get("tblpPr"), number_of(said.get("tblInd"), f"{W}w") or 0
    across, down = number_of(place, f"{W}tblpX") or 0, number_of(place, f"{W}tblpY") or 0
    away = not (
        _PAST_LEFT < across < _PAST_RIGHT and _PAST_TOP < down < _PAST_FOOT and _PAST_LEFT < indent < _PAST_RIGHT
    )
    return replace(
        style,
        ground=shading(said.get("shd"), sheet) or style.ground,
        unseen=style.unseen or (OFF_PAGE if away else ""),
        levels=(),
    )


def row_look(row: etree._Element, style: RunStyle) -> RunStyle:
    """The look of what stands in a row: hidden ones show nothing, those of a set height what it leaves room for."""
    said = properties(row.find(f"{W}trPr"))
    height = said.get("trHeight")
    exact = height is not None and height.get(f"{W}hRule") == "exact"
    room = (number_of(height) or 0) / 20 if exact else None
    away = (number_of(said.get("wBefore"), f"{W}w") or 0) > _PAST_RIGHT
    hidden = _said(said, "hidden") or away
    line = room if room is not None else style.line
    return replace(style, line=line, room=room, unseen=style.unseen or HIDDEN * hidden)


def cell_look(cell: etree._Element, style: RunStyle, sheet: Stylesheet) -> RunStyle:
    """The look of what stands in a cell: its table’s style where it stands, its shading, a merge that hides it."""
    said = properties(cell.find(f"{W}tcPr"))
    parts = list(styled_parts(cell, sheet))
    ground = style.ground
    for part in parts:
        for name in ("tblPr", "tcPr"):
            ground = shading(properties(part.find(f"{W}{name}")).get("shd"), sheet) or ground
    ground = shading(said.get("shd"), sheet) or ground
    swallowed = _is_swallowed(said)
    merged = (properties(*(part.find(f"{W}rPr") for part in parts)),) if parts else ()
    width = _width(said)
    filled = _margins_of(said.get("tcMar")) > min(_PAST_RIGHT, width or _PAST_RIGHT)
    unseen = style.unseen or MERGED * swallowed or CLIPPED * filled
    return replace(style, ground=ground, unseen=unseen, levels=merged, width=width / 20 if width else None)


def _is_swallowed(said: Properties) -> bool:
    merges = (said[name] for name in ("vMerge", "hMerge") if name in said)
    return any((one.get(VALUE) or "continue") == "continue" for one in merges)


def _width(said: Properties) -> float | None:
    """The width of a cell in twips, where the file says it."""
    wide = said.get("tcW")
    return number_of(wide, f"{W}w") if wide is not None and wide.get(f"{W}type") == "dxa" else None


def _margins_of(sides: etree._Element | None) -> float:
    """The twips that the left and right margins of a cell take."""
    found = sides if sides is not None else ()
    return sum(number_of(one, f"{W}w") or 0 for one in found if not str(one.tag).endswith(("top", "bottom")))
