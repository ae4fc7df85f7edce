"""Page stamper: on every page of a packet its dossier, version, number and count, in words and as a QR code.

« Dossier 2024-014, version 1 · Liasse 1a2b3c4d5e6f · p. 5/17 » at the foot on the right, the code on the left, so
that a sheet found on a desk is known. Both are artifacts, not text of the documents, and stand outside what the pages
draw: the words in the foot margin, the code in a place that was measured to be empty.
"""

from __future__ import annotations

from dataclasses import dataclass

import pikepdf

from pipeline.core.models import Edition
from pipeline.documents.binding.lettering import Lettering, lettering
from pipeline.documents.binding.pieces import CodePlace
from pipeline.documents.binding.qr_codes import qr_code

_SIZE, _GREY = 6.5, 0.45
_RIGHT, _FOOT = 28.0, 14.0  # points between the page's edges and the number
_LETTERS = " ,-./0123456789DLabcdefinoprsv·"
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
        font = _font_name(page.resources, self._font)
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


def _font_name(resources: pikepdf.Object, font: pikepdf.Object) -> str:
    """The name under which a page knows our font: pages of one piece share their resources."""
    if "/Font" not in resources:
        resources.Font = pikepdf.Dictionary()
    name = "/Liasse"
    while name in resources.Font and resources.Font[name].objgen != font.objgen:
        name += "x"  # a packet may hold a page of an older packet
    resources.Font[name] = font
    return name


def _upright(page: pikepdf.Page) -> tuple[str, float]:
    """The matrix that makes the page's bottom left corner, as people see it, the origin; and its width so seen."""
    x0, y0, x1, y1 = (float(number) for number in page.cropbox)
    angle = int(page.obj.get("/Rotate", 0)) % 360
    corner = f"1 0 0 1 {x0:g} {y0:g} cm" if x0 or y0 else ""
    turned = _TURNED.get(angle, "").format(w=x1 - x0, h=y1 - y0)
    return f"{corner} {turned}".strip(), y1 - y0 if angle in (90, 270) else x1 - x0
