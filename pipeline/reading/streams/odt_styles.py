"""OpenDocument style resolution: how text looks once automatic, named and default styles are laid over each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from lxml import etree

from pipeline.reading.streams.colours import FAINTEST, RGB, WHITE, contrast, parsed
from pipeline.reading.streams.glyphs import shows_signs
from pipeline.reading.streams.odt_parts import damaged
from pipeline.reading.streams.ooxml import MOST_STYLES, RunStyle
from pipeline.reading.streams.word_looks import CLIPPED, FAINT, HIDDEN, OFF_PAGE, SMALLEST

OFFICE, STYLE, TEXT, TABLE, DRAW, FO, SVG = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}"
    for name in (
        "office",
        "style",
        "text",
        "table",
        "drawing",
        "xsl-fo-compatible",
        "svg-compatible",
    )
)
LOEXT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
Attributes = Mapping[str, str]
_LENGTH = re.compile(r"(-?[\d.]+)(pt|cm|mm|in|px|%)?")
_POINTS = {"pt": 1.0, "cm": 28.35, "mm": 2.835, "in": 72.0, "px": 0.75, None: 1.0}
_NARROWEST = 0.2
_FARTHEST = 500.0  # points: the width of a page without its margins
_LIFTED = 1.0  # of the size of letters: more than a line up or down


def points(text: str | None) -> float | None:
    """A length in points; ``None`` for a share or nothing."""
    found = _LENGTH.fullmatch((text or "").strip())
    return float(found[1]) * _POINTS[found[2]] if found and found[2] != "%" else None


def share(text: str | None) -> float | None:
    """A percentage as a number (1 for 100 %); ``None`` for anything else."""
    found = _LENGTH.fullmatch((text or "").strip())
    return float(found[1]) / 100 if found and found[2] == "%" else None


class OdtStyles:
    """The styles of an OpenDocument text, each merged with its parents."""

    def __init__(self, roots: Iterable[etree._Element]) -> None:
        self._styles: dict[tuple[str, str], etree._Element] = {}
        self._defaults: dict[str, etree._Element] = {}
        self._faces: dict[str, str] = {}
        self._lists: dict[str, etree._Element] = {}
        self._kept: dict[tuple[str, str, str], Attributes] = {}
        for root in roots:
            for one in root.iter(f"{STYLE}style"):
                self._styles[one.get(f"{STYLE}family") or "", one.get(f"{STYLE}name") or ""] = one
            self._lists |= {one.get(f"{STYLE}name") or "": one for one in root.iter(f"{TEXT}list-style")}
            for one in root.iter(f"{STYLE}default-style"):
                self._defaults[one.get(f"{STYLE}family") or ""] = one
            for one in root.iter(f"{STYLE}font-face"):
                self._faces[one.get(f"{STYLE}name") or ""] = one.get(f"{SVG}font-family") or ""

    def said(self, family: str, name: str | None, part: str) -> Attributes:
        """What a style, its parents and the default of its family say in one of its parts (« text-properties »)."""
        key = (family, name or "", part)
        if key not in self._kept:
            whole: dict[str, str] = {}
            for style in self._chain(family, name or ""):
                found = style.find(f"{STYLE}{part}")
                whole = (
                    _over(whole, {str(key): str(value) for key, value in found.items()})
                    if found is not None
                    else whole
                )
            self._kept[key] = whole
        return self._kept[key]

    def _chain(self, family: str, name: str) -> list[etree._Element]:
        found: list[etree._Element] = []
        seen: set[str] = set()
        while (family, name) in self._styles and name not in seen:
            seen.add(name)
            if len(seen) > MOST_STYLES:
                raise damaged("ses styles s’emboîtent sur trop de niveaux")
            style = self._styles[family, name]
            found.insert(0, style)
            name = style.get(f"{STYLE}parent-style-name") or ""
        default = self._defaults.get(family)
        return found if default is None or family == "text" else [default, *found]

    def text_look(self, style: RunStyle, said: Attributes) -> RunStyle:
        """The look of text inside ``style`` of which a style says this; text properties go down in ``levels``."""
        whole = _over(dict(style.carried), said)
        size = points(whole.get(f"{FO}font-size")) or style.size
        ground = parsed(whole.get(f"{FO}background-color")) or style.ground
        font = whole.get(f"{STYLE}font-name") or ""
        line = whole.get(f"{STYLE}text-line-through-style") or whole.get(f"{STYLE}text-line-through-type") or "none"
        return replace(
            style,
            carried=tuple(whole.items()),
            font=self._faces.get(font, font).strip("'") or whole.get(f"{FO}font-family", "").strip("'"),
            size=size,
            struck=line != "none",
            unseen=style.unseen or _why_unseen(whole, size, ground, style.line),
        )

    def paragraph_look(self, style: RunStyle, name: str | None) -> RunStyle:
        """The look of what stands in a paragraph of that style."""
        said = self.said("paragraph", name, "paragraph-properties")
        left = (points(said.get(f"{FO}margin-left")) or 0) + (points(said.get(f"{FO}text-indent")) or 0)
        right = points(said.get(f"{FO}margin-right")) or 0
        away = not (-_FARTHEST / 5 < left < _FARTHEST and -_FARTHEST / 5 < right < _FARTHEST)
        height = points(said.get(f"{FO}line-height"))
        part = share(said.get(f"{FO}line-height"))
        line = height if height is not None else None if part is None else part * style.size * 1.2
        inside = replace(
            style,
            ground=parsed(said.get(f"{FO}background-color")) or style.ground,
            line=min((one for one in (line, style.line) if one is not None), default=None),
            unseen=style.unseen or OFF_PAGE * away,
        )
        return self.text_look(inside, self.said("paragraph", name, "text-properties"))

    def ground_of(self, family: str, name: str | None, ground: RGB) -> RGB:
        """The ground of a table, a row or a cell."""
        said = self.said(family, name, f"{family}-properties")
        return parsed(said.get(f"{FO}background-color")) or ground

    def misleading(self, name: str | None) -> str:
        """What the numbers of a list show when they have letters or figures of their own."""
        found = self._lists.get(name or "")
        for level in found if found is not None else ():
            own = [level.get(f"{STYLE}{part}") or "" for part in ("num-prefix", "num-suffix")]
            bullet = level.get(f"{TEXT}bullet-char") or ""
            font = level.find(f"{STYLE}text-properties")
            signs = font is not None and shows_signs(
                font.get(f"{STYLE}font-name") or font.get(f"{FO}font-family") or ""
            )
            text = "".join(own) + ("" if signs or bullet == "o" else bullet)
            if any(char.isalnum() for char in text):
                return f"est précédé d’un numéro automatique (« {text[:20]} »)"
        return ""

    def fill_of(self, box: etree._Element) -> RGB:
        """The colour behind the words of a text box, white where it says none."""
        frame = box.getparent()
        name = frame.get(f"{DRAW}style-name") if frame is not None else None
        said = self.said("graphic", name, "graphic-properties")
        filled = said.get(f"{DRAW}fill") == "solid"
        return (
            parsed(said.get(f"{DRAW}fill-color")) if filled else parsed(said.get(f"{FO}background-color"))
        ) or WHITE

    def row_look(self, style: RunStyle, name: str | None) -> RunStyle:
        """The look of what stands in a row: its ground, and the height that it was set to."""
        said = self.said("table-row", name, "table-row-properties")
        height = points(said.get(f"{STYLE}row-height"))
        ground = parsed(said.get(f"{FO}background-color")) or style.ground
        return replace(style, ground=ground, line=style.line if height is None else height, room=height)


def _over(whole: Mapping[str, str], said: Attributes) -> dict[str, str]:
    """``said`` laid over what holds around it: a size in percent is one of the size around."""
    merged = dict(whole)
    for name, value in said.items():
        part = share(value) if name == f"{FO}font-size" else None
        around = points(whole.get(name)) if part is not None else None
        merged[name] = f"{around * part}pt" if part is not None and around is not None else value
    if f"{FO}color" in said and f"{STYLE}use-window-font-color" not in said:
        merged.pop(f"{STYLE}use-window-font-color", None)
    return merged


def _why_unseen(whole: Attributes, size: float, ground: RGB, line: float | None) -> str:
    colour = parsed(whole.get(f"{FO}color"))
    auto = whole.get(f"{STYLE}use-window-font-color") == "true"
    opacity = share(whole.get(f"{LOEXT}opacity"))
    where, _, part = (whole.get(f"{STYLE}text-position") or "").partition(" ")
    raised, shrunk = share(where) or 0.0, share(part)
    scale, spaced = share(whole.get(f"{STYLE}text-scale")), points(whole.get(f"{FO}letter-spacing")) or 0.0
    squeezed = scale is not None and scale < _NARROWEST
    checks = (
        (whole.get(f"{TEXT}display") in ("none", "condition"), HIDDEN),
        (colour is not None and not auto and contrast(colour, ground) < FAINTEST, FAINT),
        (opacity is not None and not auto and opacity < 0.4, FAINT),
        (size * (shrunk or 1) <= SMALLEST, "est écrit trop petit pour être lu"),
        (
            squeezed or abs(raised) > _LIFTED or not -0.4 * size <= spaced <= 3 * size,
            "est écrit trop étroit, trop écarté ou trop loin de sa ligne pour être lu",
        ),
        (line is not None and line < 0.5 * size, CLIPPED),
    )
    return next((why for holds, why in checks if holds), "")
