"""PDF merger: one PDF out of many, in one pass, with bookmarks, numbers, QR codes, tags, signature fields.

qpdf (through pikepdf) copies the pages as they are, without unpacking what is in them, and writes the packet once.
What LibreOffice writes from the clock (dates, identifiers) is replaced, so that the same input gives the same bytes.

Each page is stamped, « Liasse 1a2b3c4d · p. 5/17 » at the foot, and its QR code where people sign. Both are
artifacts, not text of the documents, and stand outside what the pages draw: the number in the foot margin, the code
(the packet’s number, nothing else) in a place that was measured to be empty.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pikepdf
import segno

from pipeline.core.errors import ConversionError
from pipeline.core.models import Box
from pipeline.core.timing import step
from pipeline.documents.binding.lettering import Lettering, lettering
from pipeline.documents.binding.metadata import opened_pdf, require_pdfa, write
from pipeline.documents.binding.pieces import CodePlace, Document, SignatureBox
from pipeline.documents.binding.signatures import add_fields, occupied
from pipeline.documents.binding.tags import Structure
from pipeline.documents.opened import Opened


@step("assemble")
def assemble(documents: Sequence[Document], *, title: str, packet_id: str, on: dt.date, pdfa: bool = False) -> bytes:
    """The packet's ``liasse.pdf``: every piece, one bookmark each, « Liasse p. 5/17 », and the signature fields.

    With ``pdfa`` it says that it is PDF/A-2b: all the pieces must be. Raises ConversionError for an unreadable piece.
    """
    # The pieces stay open until the packet is written: their pages are copied only then.
    with pikepdf.new() as packet, contextlib.ExitStack() as pieces:
        structure = Structure(packet)
        starts = []
        for document in documents:
            starts.append(len(packet.pages))
            piece = pieces.enter_context(opened_pdf(document.pdf, document.title))
            _require_pages(piece, document)
            _flatten(piece)
            packet.pages.extend(piece.pages)
            structure.add(piece, packet.pages[starts[-1] :])
            if pdfa and "/OutputIntents" not in packet.Root and "/OutputIntents" in piece.Root:
                packet.Root.OutputIntents = packet.copy_foreign(piece.make_indirect(piece.Root.OutputIntents))
        structure.finish()
        _mark(packet, packet_id, _code_places(documents))
        _bookmark(packet, [document.title for document in documents], starts)
        packet.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        boxes = packet_boxes(documents)
        if boxes:
            add_fields(packet, boxes)
        return write(packet, title=title, on=on, pdfa=pdfa)


def packet_boxes(documents: Sequence[Document]) -> tuple[SignatureBox, ...]:
    """The signature boxes of all the pieces, with their page numbers in the packet, in signing order."""
    return tuple(
        replace(box, page=box.page + before) for before, document in _placed(documents) for box in document.boxes
    )


def _placed(documents: Sequence[Document]) -> Iterator[tuple[int, Document]]:
    """Each piece, after the number of pages that come before it."""
    before = itertools.accumulate((document.pages for document in documents), initial=0)
    return zip(before, documents, strict=False)


@step("assemble")
def settle_piece(pdf: bytes, *, title: str, on: dt.date, pdfa: bool = False) -> bytes:
    """One piece on its own, with a fixed date and identifier instead of the clock's.

    Raises ConversionError if it cannot be opened, or if it should be PDF/A-2 (``pdfa``) and is not.
    """
    with opened_pdf(pdf, title) as piece:
        if pdfa:
            require_pdfa(piece, title)
        return write(piece, title=title, on=on, pdfa=pdfa)


def _flatten(piece: pikepdf.Pdf) -> None:
    """Draw the form fields of a centre's own PDF for good: in a packet the only fields are those that we sign."""
    if "/AcroForm" in piece.Root:
        piece.generate_appearance_streams()
        piece.flatten_annotations("print")
    if "/AcroForm" in piece.Root:  # fields that have no place on a page
        del piece.Root.AcroForm


def _require_pages(piece: pikepdf.Pdf, document: Document) -> None:
    """Raise ConversionError unless the piece has the pages that were counted: boxes are placed by them."""
    if len(piece.pages) != document.pages:
        raise ConversionError(f"« {document.title} » has {len(piece.pages)} pages, {document.pages} were counted.")


def _code_places(documents: Sequence[Document]) -> dict[int, list[CodePlace]]:
    places = defaultdict(list)
    for before, document in _placed(documents):
        for place in document.codes:
            places[place.page + before].append(place)
    return places


def _mark(packet: pikepdf.Pdf, packet_id: str, places: dict[int, list[CodePlace]]) -> None:
    marks = Marks(packet, packet_id)
    for number, page in enumerate(packet.pages, 1):
        marks.draw(page, number, len(packet.pages), places.get(number, ()))


def _bookmark(packet: pikepdf.Pdf, titles: Sequence[str], starts: Sequence[int]) -> None:
    """One bookmark for each piece; each knows the one before and the one after."""
    root = packet.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Outlines, Count=len(titles)))
    items = [
        packet.make_indirect(
            pikepdf.Dictionary(Title=title, Parent=root, Dest=[packet.pages[start].obj, pikepdf.Name.Fit])
        )
        for title, start in zip(titles, starts, strict=True)
    ]
    if not items:
        return
    for before, after in itertools.pairwise(items):
        before.Next, after.Prev = after, before
    root.First, root.Last = items[0], items[-1]
    packet.Root.Outlines = root


CODE_SIDE = 46.0  # points, white rim included: 16 mm
_RIM = 4  # modules of white that the norm wants around the code
_EDGE = 8.0  # points between the code's rim and the edge of the page; the rim keeps printers' own margin
_STEP = 12.0
_SIZE, _GREY = 6.5, 0.45
_RIGHT, _FOOT = 28.0, 14.0  # points between the page's edges and the number
_LETTERS = "Liase ·p./0123456789bcdf"
_NUMBER_ROOM = (160.0, 26.0)  # the corner that the number may need
_TURNED = {
    90: "0 1 -1 0 {w:g} 0 cm",
    180: "-1 0 0 -1 {w:g} {h:g} cm",
    270: "0 -1 1 0 0 {h:g} cm",
}


@step("proof")
def code_places(opened: Opened, boxes: Iterable[SignatureBox]) -> tuple[CodePlace, ...]:
    """An empty place for the QR code on each page with signature boxes: low in the left margin if it is free.

    Then higher, then in the right margin; a page without any such place goes without.
    """
    places = (_free_place(opened.pages[number - 1], number) for number in sorted({box.page for box in boxes}))
    return tuple(place for place in places if place)


def _free_place(page: Any, number: int) -> CodePlace | None:  # noqa: ANN401 -- a pypdfium2 page
    left, bottom, right, top = page.get_cropbox()
    taken = (*occupied(page), (right - _NUMBER_ROOM[0], bottom, right, bottom + _NUMBER_ROOM[1]))
    for x in (left + _EDGE, right - _EDGE - CODE_SIDE):
        y = bottom + _EDGE
        while y + CODE_SIDE + _EDGE <= top:
            if not any(_touch((x, y, x + CODE_SIDE, y + CODE_SIDE), other) for other in taken):
                return CodePlace(number, x, y)
            y += _STEP
    return None


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


class Marks:
    """Page stamper of one packet, for its open PDF: font, code and shared streams are written once."""

    def __init__(self, pdf: pikepdf.Pdf, packet_id: str) -> None:
        extra = "".join(sorted(set(packet_id) - set(_LETTERS)))
        self._pdf = pdf
        self._words = f"Liasse {packet_id} · p. "
        self._letters: Lettering = lettering(_LETTERS + extra)
        self._font = self._letters.embed(pdf)
        self._code = qr_code(pdf, packet_id)
        self._save = pdf.make_stream(b"q\n")

    def draw(self, page: pikepdf.Page, number: int, total: int, places: Sequence[CodePlace]) -> None:
        """Mark one page of the packet; ``places`` are those of its codes."""
        resources = _resources(page)
        font = _named(resources, "/Font", "/Liasse", self._font)
        upright, width = _upright(page)
        drawn = [upright, self._number(f"{number}/{total}", width, font)]
        if places:
            code = _named(resources, "/XObject", "/LiasseCode", self._code)
            drawn += [f"q 1 0 0 1 {place.x:g} {place.y:g} cm {code} Do Q" for place in places]
        # What the page left in its graphics state ends before ours begins.
        stream = "Q\n/Artifact <</Type /Pagination>> BDC\nq\n{}\n{}\nQ\n{}\nEMC\n".format(
            *drawn[:2], "\n".join(drawn[2:])
        )
        old = page.obj.get("/Contents", ())
        inside = list(old.as_list()) if isinstance(old, pikepdf.Array) else [old] if old else []
        page.obj.Contents = pikepdf.Array([self._save, *inside, self._pdf.make_stream(stream.encode("ascii"))])

    def _number(self, number: str, width: float, font: str) -> str:
        words = self._words + number
        x = width - _RIGHT - self._letters.width(words, _SIZE)
        return f"BT {font} {_SIZE} Tf {_GREY} g {x:.3f} {_FOOT:g} Td <{self._letters.codes(words)}> Tj ET"


def qr_code(pdf: pikepdf.Pdf, text: str) -> pikepdf.Object:
    """The QR code of a text as a form XObject of ``CODE_SIDE`` points, black on white, in one path."""
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
    module = CODE_SIDE / (len(rows) + 2 * _RIM)
    runs = (
        f"{dark.start()} {y} {len(dark[0])} 1 re"
        for y, row in zip(reversed(range(len(rows))), rows, strict=True)
        for dark in re.finditer(b"\1+", row)
    )
    drawn = (
        f"1 g 0 0 {CODE_SIDE:g} {CODE_SIDE:g} re f\n0 g\n"
        f"{module:.6f} 0 0 {module:.6f} {_RIM * module:.6f} {_RIM * module:.6f} cm\n"
    ) + "\n".join([*runs, "f\n"])
    return pdf.make_stream(
        drawn.encode("ascii"),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Form,
        BBox=[0, 0, CODE_SIDE, CODE_SIDE],
        Resources=pikepdf.Dictionary(),
    )


def _resources(page: pikepdf.Page) -> pikepdf.Object:
    if "/Resources" not in page.obj:
        page.obj.Resources = pikepdf.Dictionary()
    return page.obj.Resources


def _named(resources: pikepdf.Object, kind: str, name: str, thing: pikepdf.Object) -> str:
    """The name under which a page knows that font or form: pages of one piece share their resources."""
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
