"""Page stamper: on every page of a packet its dossier, version, number and count, in words and as a QR code.

« Dossier 2024-014, version 1 · Liasse 1a2b3c4d5e6f · p. 5/17 » at the foot on the right, the code on the left, so
that a sheet found on a desk is known. Both are artifacts, not text of the documents, and stand outside what the pages
draw: the words in the foot margin, the code in a place that was measured to be empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf
import segno

from pipeline.core.models import Box, Edition
from pipeline.core.timing import step
from pipeline.documents.binding.lettering import Lettering, lettering
from pipeline.documents.binding.pieces import CodePlace
from pipeline.documents.binding.signatures import occupied
from pipeline.documents.opened import Opened

CODE_SIDES = 46.0, 38.0  # points, white rim included: 16 mm, or 13 mm where there is no room for more
_RIM = 4  # modules of white that the norm wants around the code
_MASK = 3  # one pattern for all: trying the eight takes five times as long
_EDGE = 8.0  # points between the code's rim and the edge of the page; the rim keeps printers' own margin
_STEP = 12.0
_SIZE, _GREY = 6.5, 0.45
_RIGHT, _FOOT = 28.0, 14.0  # points between the page's edges and the number
_LETTERS = " ,-./0123456789DLabcdefinoprsv·"
_WORDS_ROOM = (245.0, 26.0)  # the corner that the words may need
_TURNED = {
    90: "0 1 -1 0 {w:g} 0 cm",
    180: "-1 0 0 -1 {w:g} {h:g} cm",
    270: "0 -1 1 0 0 {h:g} cm",
}


@dataclass(frozen=True)
class Stamp:
    """What every page of a packet says of it: its number, and the dossier and version that it is of."""

    packet: str
    edition: Edition | None = None

    def words(self, page: int, total: int) -> str:
        """The words at the foot of a page."""
        whose = f"Dossier {self.edition.number}, version {self.edition.version} · " if self.edition else ""
        return f"{whose}Liasse {self.packet} · p. {page}/{total}"

    def code(self, page: int, total: int) -> str:
        """What the QR code says: ``LIASSE/2024-014/1/1A2B3C4D5E6F/5/17`` (dossier, version, packet, page, total)."""
        number, version = self.edition or ("", 0)
        return f"LIASSE/{number}/{version}/{self.packet}/{page}/{total}".upper()


@step("proof")
def code_places(opened: Opened) -> tuple[CodePlace, ...]:
    """An empty place for the code of each page: at the foot from the left corner on, else up the margins.

    A page without any such place (a full picture, in a centre's own PDF) goes without.
    """
    places = (_free_place(page, number) for number, page in enumerate(opened.pages, 1))
    return tuple(place for place in places if place)


def _free_place(page: Any, number: int) -> CodePlace | None:  # noqa: ANN401 -- a pypdfium2 page
    sheet = page.get_cropbox()
    taken = (*occupied(page), _words_room(sheet, page.get_rotation()))
    for side in CODE_SIDES:
        for x, y in _corners(sheet, side):
            if not any(_touch((x, y, x + side, y + side), other) for other in taken):
                return CodePlace(number, x, y, side)
    return None


def _corners(sheet: Box, side: float) -> Iterator[tuple[float, float]]:
    """The places that are tried, the best first."""
    left, bottom, right, top = sheet
    across = _steps(left + _EDGE, right - _EDGE - side)
    upward = _steps(bottom + _EDGE, top - _EDGE - side)
    yield from ((x, bottom + _EDGE) for x in across)
    yield from ((x, y) for x in (left + _EDGE, right - _EDGE - side) for y in upward)


def _steps(first: float, last: float) -> list[float]:
    return [first + count * _STEP for count in range(int((last - first) / _STEP) + 1)] if last >= first else []


def _words_room(sheet: Box, turned: int) -> Box:
    """Where the words stand, at the bottom right as people see the page."""
    left, bottom, right, top = sheet
    wide, high = _WORDS_ROOM
    return {
        0: (right - wide, bottom, right, bottom + high),
        90: (right - high, top - wide, right, top),
        180: (left, top - high, left + wide, top),
        270: (left, bottom, left + high, bottom + wide),
    }[turned % 360]


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


class Marks:
    """Page stamper of one packet, for its open PDF: the font and what pages share are written once."""

    def __init__(self, pdf: pikepdf.Pdf, stamp: Stamp) -> None:
        extra = "".join(sorted(set(stamp.words(0, 0)) - set(_LETTERS)))
        self._pdf = pdf
        self._stamp = stamp
        self._letters: Lettering = lettering(_LETTERS + extra)
        self._font = self._letters.embed(pdf)
        self._save = pdf.make_stream(b"q\n")

    def draw(self, page: pikepdf.Page, number: int, total: int, place: CodePlace | None) -> None:
        """Mark one page of the packet; ``place`` is that of its code."""
        font = _named(page.resources, "/Font", "/Liasse", self._font)
        upright, width = _upright(page)
        words = self._words(self._stamp.words(number, total), width, font)
        code = _drawn_code(self._stamp.code(number, total), place) if place else ""
        # What the page left in its graphics state ends before ours begins.
        stream = f"Q\n/Artifact <</Type /Pagination>> BDC\nq\n{upright}\n{words}\nQ\n{code}\nEMC\n"
        old = page.obj.get("/Contents", ())
        inside = list(old.as_list()) if isinstance(old, pikepdf.Array) else [old] if old else []
        page.obj.Contents = pikepdf.Array([self._save, *inside, self._pdf.make_stream(stream.encode("ascii"))])

    def _words(self, words: str, width: float, font: str) -> str:
        x = width - _RIGHT - self._letters.width(words, _SIZE)
        return f"BT {font} {_SIZE} Tf {_GREY} g {x:.3f} {_FOOT:g} Td <{self._letters.codes(words)}> Tj ET"


def _drawn_code(text: str, place: CodePlace) -> str:
    return f"q 1 0 0 1 {place.x:g} {place.y:g} cm\n{qr_code(text, place.side)}f\nQ"


def qr_code(text: str, side: float) -> str:
    """The operators that draw the QR code of a text on ``side`` points, black on white, up to the last ``f``."""
    made = segno.make(text, error="m", mode="alphanumeric", mask=_MASK, micro=False, boost_error=False)
    rows = [bytes(row) for row in made.matrix]
    module = side / (len(rows) + 2 * _RIM)
    runs = (
        f"{dark.start()} {y} {len(dark[0])} 1 re\n"
        for y, row in zip(reversed(range(len(rows))), rows, strict=True)
        for dark in re.finditer(b"\1+", row)
    )
    drawn = (
        f"1 g 0 0 {side:g} {side:g} re f\n0 g\n"
        f"{module:.6f} 0 0 {module:.6f} {_RIM * module:.6f} {_RIM * module:.6f} cm\n"
    )
    return drawn + "".join(runs)


def _named(resources: pikepdf.Object, kind: str, name: str, thing: pikepdf.Object) -> str:
    """The name under which a page knows that font: pages of one piece share their resources."""
    if kind not in resources:
        resources[kind] = pikepdf.Dictionary()
    known_forms = resources[kind]
    while name in known_forms and known_forms[name].objgen != thing.objgen:
        name += "x"  # a packet may hold a page of an older packet
    known_forms[name] = thing
    return name


def _upright(page: pikepdf.Page) -> tuple[str, float]:
    """The matrix that makes the page's bottom left corner, as people see it, the origin; and its width so seen."""
    x0, y0, x1, y1 = (float(number) for number in page.cropbox)
    angle = int(page.obj.get("/Rotate", 0)) % 360
    corner = f"1 0 0 1 {x0:g} {y0:g} cm" if x0 or y0 else ""
    turned = _TURNED.get(angle, "").format(w=x1 - x0, h=y1 - y0)
    return f"{corner} {turned}".strip(), y1 - y0 if angle in (90, 270) else x1 - x0
