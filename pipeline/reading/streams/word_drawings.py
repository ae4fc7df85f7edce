"""Drawings in Word text: pictures, shapes, lines and text boxes, and what alternative content Word shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from pipeline.core.doubts import Doubt, Reason
from pipeline.reading.streams.colours import RGB, WHITE, parsed
from pipeline.reading.streams.ooxml import MC, W, is_true, number_of, text_in
from pipeline.reading.tokens import DRAWN, Source, Token, TokenKind

DRAWINGS = frozenset({f"{W}drawing", f"{W}pict", f"{W}object"})
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_V = "{urn:schemas-microsoft-com:vml}"
_O = "{urn:schemas-microsoft-com:office:office}"
_SHAPES = frozenset(
    f"{_V}{name}" for name in ("line", "rect", "shape", "oval", "polyline", "roundrect", "curve", "arc", "image")
)
_UNDERSTOOD = (
    "http://schemas.microsoft.com/office/",
    "http://schemas.openxmlformats.org/",
    "urn:schemas-microsoft-com:",
)
_SIDE = re.compile(r"(width|height)\s*:\s*(-?[\d.]+)(pt|in|cm|mm|px)?")
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75, None: 0.75}
_EMU = 12_700  # to a point
_OVER = Doubt(Reason.CROSSED_OUT, "un trait, un dessin ou une image peut recouvrir ce qui est écrit ici")
_WITHIN = Doubt(Reason.STRAY_TEXT, "une image est insérée ici")
HIDDEN_BOX = "est dans un cadre que la page ne montre pas"


def drawn_tokens(node: etree._Element, place: str) -> Iterator[Token]:
    """A drawing as what stands aside, with its size in points as its text; nothing for one whose words are read.

    Floating ones may cover what they stand beside.
    """
    if is_hidden(node) or _holds_words(node):
        return
    shapes = _shapes(node)
    anchor, inline = node.find(f"{_WP}anchor"), node.find(f"{_WP}inline")
    if anchor is None and inline is None and not shapes and node.tag != f"{W}object":
        return
    style = shapes[0].get("style") or "" if shapes else ""
    floating = anchor is not None or "position:absolute" in style.replace(" ", "")
    doubt = _OVER if floating or inline is None else _WITHIN
    size = "x".join(f"{side:.0f}" for side in _sides(inline if anchor is None else anchor, style))
    yield Token(TokenKind.ASIDE, size, source=Source.DOCX, name=DRAWN, doubt=doubt, place=place, floating=floating)


def _shapes(node: etree._Element) -> list[etree._Element]:
    """The shapes of an older drawing, without the rules that part paragraphs."""
    return [one for one in node.iter() if one.tag in _SHAPES and not is_true(one.get(f"{_O}hr") or "0")]


def _holds_words(node: etree._Element) -> bool:
    return any(text_in(box).strip() for box in node.iter(f"{W}txbxContent"))


def _sides(found: etree._Element | None, style: str) -> tuple[float, float]:
    if found is not None:
        extent = found.find(f"{_WP}extent")
        return (number_of(extent, "cx") or 0) / _EMU, (number_of(extent, "cy") or 0) / _EMU
    sides = {name: float(value) * _POINTS[unit or None] for name, value, unit in _SIDE.findall(style)}
    return sides.get("width", 0.0), sides.get("height", 0.0)


def is_hidden(node: etree._Element) -> bool:
    """Whether a drawing says that it is not shown."""
    told = any(is_true(one.get("hidden") or "0") for one in node.iter(f"{_WP}docPr"))
    return told or any("visibility:hidden" in (one.get("style") or "").replace(" ", "") for one in node.iter())


def ground_of(box: etree._Element) -> RGB:
    """The colour behind the words of a text box, white where it says none."""
    for around in box.iterancestors():
        if around.tag in DRAWINGS:
            break
        fill = parsed(around.get("fillcolor"))
        if fill is not None:
            return fill
        for one in around:
            if etree.QName(one).localname == "spPr":
                colour = one.find(f"{_A}solidFill/{_A}srgbClr")
                return parsed(colour.get("val") if colour is not None else None) or WHITE
    return WHITE


def alternative(node: etree._Element) -> tuple[Sequence[etree._Element], bool]:
    """What Word shows of alternative content, and whether another program shows other words."""
    choices = node.findall(f"{MC}Choice")
    fallback = node.find(f"{MC}Fallback")
    chosen = next((one for one in choices if _is_understood(one)), fallback)
    if chosen is None:
        return (), False
    others = [one for one in (*choices, fallback) if one is not None and one is not chosen]
    said = "".join(text_in(chosen).split())
    odd = any(other and other != said for other in ("".join(text_in(one).split()) for one in others))
    return list(chosen), odd


def _is_understood(choice: etree._Element) -> bool:
    required = (choice.get("Requires") or "").split()
    return all((choice.nsmap.get(prefix) or "").startswith(_UNDERSTOOD) for prefix in required)


def is_foreign(tag: str) -> bool:
    """Whether an element belongs to no vocabulary that Word knows: it shows nothing of it."""
    return tag.startswith("{") and not tag[1:].startswith(_UNDERSTOOD)
