"""Glyph extraction from a page: letters and marks, and how letters become an answer again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pdfplumber.page import Page

from pipeline.core.fields import FieldKind
from pipeline.core.models import Box
from pipeline.reading.boxes import middle
from pipeline.reading.sequences import runs
from pipeline.reading.streams.drawn import box_of, is_pale

_GAP = 0.19  # of the type's size: a wider gap between two letters is a space
_PALE = 0.93  # grey level above which ink cannot be seen on paper


@dataclass(frozen=True)
class Glyph:
    """One printed letter; ``base`` is its baseline. Points from the top left."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    pale: bool

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of a small letter standing there."""
        return ((self.x0 + self.x1) / 2, self.base - 0.28 * self.size)


@dataclass(frozen=True)
class Mark:
    """One drawn line, curve, rectangle or picture; ``dark`` if it shows on paper, ``full`` if its inside does."""

    box: Box
    dark: bool
    full: bool

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle."""
        return middle(self.box)


def glyphs_of(page: Page) -> list[Glyph]:
    """Every letter of the page, spaces included."""
    height = float(page.height)
    return [
        Glyph(
            text=char["text"],
            x0=char["x0"],
            x1=char["x1"],
            base=height - char["matrix"][5],
            size=char["size"],
            pale=is_pale(char["non_stroking_color"], _PALE),
        )
        for char in page.chars
    ]


def marks_of(page: Page) -> list[Mark]:
    """Everything drawn on the page that is not a letter."""
    drawn = [_mark(item) for kind in ("rect", "line", "curve") for item in page.objects.get(kind, ())]
    return drawn + [Mark(box_of(item), dark=True, full=True) for item in page.objects.get("image", ())]


def _mark(item: dict[str, Any]) -> Mark:
    stroked = bool(item["stroke"]) and not is_pale(item["stroking_color"], _PALE)
    full = bool(item["fill"]) and not is_pale(item["non_stroking_color"], _PALE)
    return Mark(box_of(item), dark=stroked or full, full=full)


def lines_of(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """The letters as lines, top to bottom, each left to right."""
    falling = sorted(glyphs, key=lambda glyph: glyph.base)
    lines = runs(falling, lambda line, glyph: glyph.base - line[-1].base <= 0.35 * glyph.size)
    return [sorted(line, key=lambda glyph: glyph.x0) for line in lines]


def line_text(line: Sequence[Glyph]) -> str:
    """One line's words; a gap is a space, and spaces that merely touch are one."""
    text, right = "", None
    for glyph in line:
        if right is not None and glyph.x0 - right > _GAP * glyph.size:
            text += " "
        text += glyph.text
        right = glyph.x1
    return re.sub(r"\s+", " ", text).strip()


def join(lines: Iterable[str], kind: FieldKind) -> str:
    """The lines of one answer, put end to end: with a space, but not inside an address or after a hyphen."""
    whole = ""
    for line in filter(None, lines):
        touching = kind is FieldKind.EMAIL or re.search(r"\w-$", whole) is not None
        whole += line if touching or not whole else f" {line}"
    return whole.replace("\u00ad", "")


def squeeze(text: str) -> str:
    """The text without any space: what is compared, since printers move spaces."""
    return "".join(text.split())
