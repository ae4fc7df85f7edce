"""WordprocessingML style resolution: document defaults, table, paragraph and character styles, theme colours.

ISO/IEC 29500-1, 17.7.2: what is said nearest to the run wins; switches such as ``vanish`` are turned by each level of
styles that has them, and set by the run itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from pipeline.core.refusals import Refusal, refused
from pipeline.core.sequences import grouped
from pipeline.reading.streams.colours import BLACK, RGB, WHITE, mixed, parsed
from pipeline.reading.streams.ooxml import MOST_STYLES, VALUE, W, is_true
from pipeline.reading.streams.word_numbering import Numbering

# A property’s name to the element that says it.
Properties = Mapping[str, etree._Element]  # noqa: SLF001 -- lxml names no public type for it
NOTHING: Properties = {}
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SWITCHES = frozenset({"vanish", "strike", "dstrike", "caps", "smallCaps", "b", "i", "emboss", "imprint", "outline"})
_SLOTS = {
    "background1": "bg1",
    "background2": "bg2",
    "text1": "t1",
    "text2": "t2",
    "light1": "lt1",
    "light2": "lt2",
    "dark1": "dk1",
    "dark2": "dk2",
    "hyperlink": "hlink",
    "followedHyperlink": "folHlink",
}
_MAPPED = {"bg1": "lt1", "bg2": "lt2", "t1": "dk1", "t2": "dk2"}  # unless the settings say otherwise
_NAMES = {"light1": "lt1", "light2": "lt2", "dark1": "dk1", "dark2": "dk2"}


def properties(*elements: etree._Element | None) -> Properties:
    """What these property elements say, later ones winning."""
    return {str(one.tag).removeprefix(W): one for each in elements if each is not None for one in each}


@dataclass(frozen=True)
class Theme:
    """Theme: its colours by slot (« lt1 », « accent2 »), as the document maps them."""

    colours: Mapping[str, RGB] = field(default_factory=dict)
    fonts: Mapping[str, str] = field(default_factory=dict)  # « minor » and « major »

    @classmethod
    def of(cls, theme: etree._Element | None, settings: etree._Element | None) -> Theme:
        """The theme of a document, from its parts."""
        found: dict[str, RGB] = {}
        scheme = theme.find(f"{_A}themeElements/{_A}clrScheme") if theme is not None else None
        for slot in scheme if scheme is not None else ():
            for colour in slot:
                value = parsed(colour.get("lastClr") or colour.get("val"))
                if value is not None:
                    found[etree.QName(slot).localname] = value
        mapping = settings.find(f"{W}clrSchemeMapping") if settings is not None else None
        for name, usual in _MAPPED.items():
            said = mapping.get(f"{W}{name}") if mapping is not None else None
            slot_name = _NAMES.get(said or "", said or usual)
            if slot_name in found:
                found[name] = found[slot_name]
        return cls(found, _fonts(theme))

    def colour(self, element: etree._Element, plain: str, themed: str) -> RGB | None:
        """The colour that an element names: by its theme, else by ``plain``; ``None`` for « auto »."""
        name = element.get(f"{W}{themed}")
        colour = self.colours.get(_SLOTS.get(name or "", name or ""))
        if colour is None:
            return parsed(element.get(f"{W}{plain}"))
        stem = themed.removesuffix("Color") if themed != "themeColor" else "theme"
        tint, shade = _share(element.get(f"{W}{stem}Tint")), _share(element.get(f"{W}{stem}Shade"))
        colour = mixed(colour, WHITE, tint) if tint is not None else colour
        return mixed(colour, BLACK, shade) if shade is not None else colour


def _fonts(theme: etree._Element | None) -> dict[str, str]:
    scheme = theme.find(f"{_A}themeElements/{_A}fontScheme") if theme is not None else None
    if scheme is None:
        return {}
    latin = {name: scheme.find(f"{_A}{name}Font/{_A}latin") for name in ("minor", "major")}
    return {name: one.get("typeface") or "" for name, one in latin.items() if one is not None}


def _share(text: str | None) -> float | None:
    try:
        return int(text, 16) / 255 if text else None
    except ValueError:
        return None


class Stylesheet:
    """The styles of a document, each merged with those that it is based on."""

    def __init__(
        self,
        styles: etree._Element | None,
        theme: Theme,
        numbering: Numbering,
        embedded: frozenset[str] = frozenset(),
    ) -> None:
        self.theme = theme
        self.embedded = embedded  # fonts that come in the file, and are on no machine
        self.numbering = numbering
        found = list(styles.iter(f"{W}style")) if styles is not None else []
        self._styles = {style.get(f"{W}styleId") or "": style for style in found}
        self._default = {
            style.get(f"{W}type") or "": style.get(f"{W}styleId") or ""
            for style in found
            if is_true(style.get(f"{W}default") or "0")
        }
        defaults = styles.find(f"{W}docDefaults") if styles is not None else None
        self.run_defaults = properties(defaults.find(f"{W}rPrDefault/{W}rPr") if defaults is not None else None)
        self._runs: dict[str, Properties] = {}
        self._paragraphs: dict[str, Properties] = {}
        self._regions: dict[str, dict[str, list[etree._Element]]] = {}
        self._rows: dict[etree._Element, dict[etree._Element, int]] = {}

    def rows_of(self, table: etree._Element) -> Mapping[etree._Element, int]:
        """The rows of a table, without those of tables within it, each with its rank."""
        if table not in self._rows:
            rows = (one for one in table.iter(f"{W}tr") if next(one.iterancestors(f"{W}tbl"), None) is table)
            self._rows[table] = {row: rank for rank, row in enumerate(rows)}
        return self._rows[table]

    def run_style(self, name: str | None, kind: str) -> Properties:
        """What a style and those it is based on say of runs; without a name, the default style of its kind."""
        return self._merged(name, kind, "rPr", self._runs)

    def paragraph_style(self, name: str | None) -> Properties:
        """What a paragraph style and those it is based on say of paragraphs."""
        return self._merged(name, "paragraph", "pPr", self._paragraphs)

    def table_style(self, name: str | None) -> list[etree._Element]:
        """A table style after those that it is based on."""
        return self._chain(name or self._default.get("table", ""))

    def table_regions(self, name: str | None) -> Mapping[str, list[etree._Element]]:
        """What a table style says of regions of its tables (« firstRow »), by their names."""
        known = name or self._default.get("table", "")
        if known not in self._regions:
            parts = [one for style in self._chain(known) for one in style.findall(f"{W}tblStylePr")]
            self._regions[known] = grouped((one.get(f"{W}type") or "", one) for one in parts)
        return self._regions[known]

    def _merged(self, name: str | None, kind: str, part: str, kept: dict[str, Properties]) -> Properties:
        known = name if name in self._styles else self._default.get(kind, "") if kind != "character" else ""
        if not known:
            return NOTHING
        if known not in kept:
            kept[known] = properties(*(style.find(f"{W}{part}") for style in self._chain(known)))
        return kept[known]

    def _chain(self, name: str) -> list[etree._Element]:
        """A style after all that it is based on; raises FormRejected for more than Word ever lets be."""
        found: list[etree._Element] = []
        seen: set[str] = set()
        while name in self._styles and name not in seen:
            seen.add(name)
            if len(seen) > MOST_STYLES:
                raise refused(Refusal.WORD_DAMAGED, how="ses styles s’emboîtent sur trop de niveaux")
            style = self._styles[name]
            found.insert(0, style)
            based = style.find(f"{W}basedOn")
            name = (based.get(VALUE) or "") if based is not None else ""
        return found


def cascade(defaults: Properties, levels: tuple[Properties, ...], direct: Properties) -> Properties:
    """What holds for a run: ``levels`` are those of styles, the table’s first; false switches are left out."""
    whole: dict[str, etree._Element] = dict(defaults)
    for level in levels:
        whole.update(level)
    whole.update(direct)
    return {name: one for name, one in whole.items() if name not in _SWITCHES or _on(name, defaults, levels, direct)}


def _on(name: str, defaults: Properties, levels: tuple[Properties, ...], direct: Properties) -> bool:
    if name in direct:
        return is_true(direct[name].get(VALUE))
    if name in defaults and is_true(defaults[name].get(VALUE)):
        return True
    return sum(name in level and is_true(level[name].get(VALUE)) for level in levels) % 2 == 1
