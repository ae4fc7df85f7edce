"""PDF merger: one PDF out of many, in one pass, with bookmarks, numbers, QR codes, tags, signature fields.

qpdf (through pikepdf) copies the pages as they are, without unpacking what is in them, and writes the packet once.
What LibreOffice writes from the clock (dates, identifiers) is replaced, so that the same input gives the same bytes.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import pikepdf

from pipeline.core.errors import ConversionError
from pipeline.core.models import Edition
from pipeline.core.timing import step
from pipeline.documents.binding.anchors import erase
from pipeline.documents.binding.elements import settle_tags
from pipeline.documents.binding.marks import Marks, Stamp
from pipeline.documents.binding.metadata import opened_pdf, require_pdfa, write
from pipeline.documents.binding.pieces import CodePlace, Document, SignatureBox
from pipeline.documents.binding.signatures import add_fields
from pipeline.documents.binding.tags import Structure


@step("assemble")
def assemble(
    documents: Sequence[Document],
    *,
    title: str,
    packet_id: str,
    on: dt.date,
    edition: Edition | None = None,
    pdfa: bool = False,
) -> bytes:
    """The packet's ``liasse.pdf``: every piece, one bookmark each, marked and tagged pages, the signature fields.

    ``packet_id`` is the number that its pages bear, with that of the dossier and the version (``edition``). With
    ``pdfa`` it says that it is PDF/A-2b: all the pieces must be. Raises ConversionError for an unreadable piece.
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
        boxes = packet_boxes(documents)
        if boxes:
            for box, field in zip(boxes, add_fields(packet, boxes), strict=True):
                structure.hang(field, packet.pages[box.page - 1], box.tag)
        structure.finish()
        codes = (replace(one, page=one.page + before) for before, piece in _placed(documents) for one in piece.codes)
        _mark(packet, Stamp(packet_id, edition), codes)
        _bookmark(packet, [document.title for document in documents], starts)
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
def settle_piece(
    pdf: bytes,
    *,
    title: str,
    on: dt.date,
    pdfa: bool = False,
    boxes: Sequence[SignatureBox] = (),
    stamp: Stamp | None = None,
    codes: Sequence[CodePlace] = (),
) -> bytes:
    """One piece on its own, with a fixed date and identifier instead of the clock's, without its boxes' marks.

    The heads of its tables say what they are the heads of. With ``stamp``, for a paper that is bound in no packet,
    its pages are marked as a packet’s are, their codes in the places of ``codes``.

    Raises ConversionError if it cannot be opened, or if it should be PDF/A-2 (``pdfa``) and is not.
    """
    with opened_pdf(pdf, title) as piece:
        if pdfa:
            require_pdfa(piece, title)
        erase(piece, boxes)
        settle_tags(piece)
        if stamp:
            _mark(piece, stamp, codes)
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


def _mark(pdf: pikepdf.Pdf, stamp: Stamp, codes: Iterable[CodePlace]) -> None:
    places = {place.page: place for place in codes}
    marks = Marks(pdf, stamp)
    for number, page in enumerate(pdf.pages, 1):
        marks.draw(page, number, len(pdf.pages), places.get(number))


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
