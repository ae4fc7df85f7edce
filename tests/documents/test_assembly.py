"""The packet in one pass: the pages that the ordinary way makes, marked, tagged, and the same bytes every time."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import io
import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ordinary_assembly
import people
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from assembling import NUMBER, ROOT, document, finished, raw_pieces
from PIL import Image, ImageChops
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from pipeline.core.errors import ConversionError
from pipeline.core.models import Edition, Record
from pipeline.core.programme import Programme
from pipeline.core.workspace import Workspace
from pipeline.documents.binding.assembly import assemble, settle_piece
from pipeline.documents.binding.marks import Stamp
from pipeline.documents.binding.pieces import CodePlace, Document
from pipeline.documents.proof import page_texts

DPI = 72
FOOT = 24.0  # points: the strip that holds the continuous number
TITLE = "Liasse d’essai"
_OURS = "/P", "/AP", "/TU", "/StructParent"  # of a field: its page is compared apart, pyHanko's say no more


@pytest.fixture(scope="module")
def documents(
    workspace: Workspace, programme: Callable[[str], Programme], checked: Callable[[str, dict[str, Any]], Record]
) -> tuple[Document, ...]:
    """The pieces of a student of the Cnam and of a salariée of the coordination: every template."""
    records = (checked(people.COORDINATION, people.coordination()), checked(people.CNAM, people.cnam()))
    return tuple(
        piece
        for record in records
        for piece in finished(raw_pieces(record, programme(record.get("formation.code")), workspace))
    )


def units(documents: tuple[Document, ...]) -> list[tuple[Document, ...]]:
    """The pieces as they may be bound: each that is signed, with those that follow it."""
    signed = [at for at, document in enumerate(documents) if document.boxes]
    return [documents[at:until] for at, until in itertools.pairwise((*signed, len(documents)))]


def put_together(documents: tuple[Document, ...]) -> bytes:
    """The packet of those pieces."""
    return assemble(documents, title=TITLE, packet_id=NUMBER, on=people.TODAY)


def pictures(pdf: bytes, dpi: float = DPI) -> list[Image.Image]:
    """Each page as people see it, in greys."""
    document = pypdfium2.PdfDocument(pdf)
    drawn = [page.render(scale=dpi / 72).to_pil().convert("L") for page in document]
    document.close()
    return drawn


def without_marks(picture: Image.Image, codes: list[CodePlace]) -> Image.Image:
    """The page with a white foot, and white where the QR code stands."""
    points = picture.height * DPI / 72
    picture.paste(255, (0, round(points - FOOT), picture.width, picture.height))
    for code in codes:
        left, bottom = code.x, points - code.y
        picture.paste(255, (round(left), round(bottom - code.side), round(left + code.side), round(bottom)))
    return picture


def test_pages_are_those_of_the_ordinary_way(documents: tuple[Document, ...]) -> None:
    """Pixel by pixel, on every page of every template: nothing differs but the number's strip and the QR code."""
    for pieces in units(documents):
        usual = pictures(ordinary_assembly.assemble(pieces, title=TITLE, packet_id=NUMBER, on=people.TODAY))
        codes = [
            [place for place in piece.codes if place.page == page]
            for piece in pieces
            for page in range(1, piece.pages + 1)
        ]
        for here, there, places in zip(pictures(put_together(pieces)), usual, codes, strict=True):
            pair = (without_marks(here, places), without_marks(there, places))
            assert ImageChops.difference(*pair).getbbox() is None


def test_numbers_look_as_they_did(documents: tuple[Document, ...]) -> None:
    """The strip at the foot is drawn in the same place, in the same letters, and says the same."""
    packets = [
        put_together(documents[:2]),
        ordinary_assembly.assemble(documents[:2], title=TITLE, packet_id=NUMBER, on=people.TODAY),
    ]
    texts = [[text.splitlines()[-1] for text in page_texts(packet)] for packet in packets]
    total = sum(piece.pages for piece in documents[:2])

    assert texts[0] == [f"Liasse {NUMBER} · p. {page}/{total}" for page in range(1, total + 1)] == texts[1]
    for here, there in zip(*(pictures(packet) for packet in packets), strict=True):
        strip = (here.width // 2, round(here.height - FOOT), here.width, here.height)
        extremes = ImageChops.difference(here.crop(strip), there.crop(strip)).getextrema()
        assert extremes[1] < 64


def test_the_code_covers_nothing_and_says_which_page_it_is(documents: tuple[Document, ...]) -> None:
    """On every page: the paper under the code was white, and the code names dossier, version, packet and page."""
    scale = 3
    packet = assemble(documents, title=TITLE, packet_id=NUMBER, on=people.TODAY, edition=Edition("2024-014", 2))
    sheets = pictures(packet, 72 * scale)
    before = 0
    for piece in documents:
        assert [place.page for place in piece.codes] == list(range(1, piece.pages + 1))
        bare = pictures(piece.pdf, 72 * scale)
        for place in piece.codes:
            height = bare[place.page - 1].height
            spot = (
                int(place.x * scale),
                int(height - (place.y + place.side) * scale),
                int((place.x + place.side) * scale),
                int(height - place.y * scale),
            )
            page = before + place.page
            assert bare[place.page - 1].crop(spot).getextrema() == (255, 255)
            assert [found.text for found in zxingcpp.read_barcodes(sheets[page - 1])] == [
                f"LIASSE/2024-014/2/{NUMBER.upper()}/{page}/{len(sheets)}"
            ]
        before += piece.pages


def test_a_paper_handed_out_apart_is_marked_too(documents: tuple[Document, ...]) -> None:
    """Bound in no packet, its pages say all the same whose they are; a unit's or a paper's own number fits in."""
    piece = documents[0]
    stamp = Stamp(f"{NUMBER}-2", Edition("2024-014", 12))
    alone = settle_piece(piece.pdf, title=piece.title, on=people.TODAY, stamp=stamp, codes=piece.codes)

    for page, (sheet, text) in enumerate(zip(pictures(alone, 150), page_texts(alone), strict=True), 1):
        assert text.splitlines()[-1] == f"Dossier 2024-014, version 12 · Liasse {NUMBER}-2 · p. {page}/{piece.pages}"
        assert [found.text for found in zxingcpp.read_barcodes(sheet)] == [
            f"LIASSE/2024-014/12/{NUMBER.upper()}-2/{page}/{piece.pages}"
        ]


def test_fields_are_those_that_pyhanko_makes(documents: tuple[Document, ...]) -> None:
    """Same names, boxes, flags, pages and keys as its own empty fields; one object for field and widget."""
    signed = units(documents)[-1]
    packets = [
        put_together(signed),
        ordinary_assembly.assemble(signed, title=TITLE, packet_id=NUMBER, on=people.TODAY),
    ]
    forms = []
    for data in packets:
        reader = PdfReader(io.BytesIO(data))
        form = reader.root_object["/AcroForm"]
        fields = [field.get_object() for field in form["/Fields"]]
        pages = [reader.get_page_number(field["/P"].get_object()) for field in fields]
        kept = [{key: str(field[key]) for key in field if key not in _OURS} for field in fields]
        forms.append((form["/SigFlags"], pages, kept))
        assert [field.indirect_reference for field in fields] == [
            note for page in reader.pages for note in page.get("/Annots", ())
        ]

    assert len(forms[0][1]) == 5
    assert forms[0] == forms[1]


def test_two_processes_write_the_same_bytes(documents: tuple[Document, ...], tmp_path: Path) -> None:
    """Another process, another hash seed, another time zone, a second later: the same packet."""
    for number, piece in enumerate(documents[-4:]):
        (tmp_path / f"{number}.pdf").write_bytes(piece.pdf)
    script = (
        "import hashlib, sys; from pathlib import Path; import people; from assembling import *; "
        "from pipeline.documents.binding.assembly import assemble; "
        "made = [document(path.read_bytes(), path.name) for path in sorted(Path(sys.argv[1]).glob('*.pdf'))]; "
        "packet = assemble(made, title='essai', packet_id=NUMBER, on=people.TODAY); "
        "print(hashlib.sha256(packet).hexdigest())"
    )
    said = []
    for seed, zone in (("1", "Europe/Paris"), ("2", "Asia/Tokyo")):
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
        asked = [sys.executable, "-c", script, str(tmp_path)]
        said.append(subprocess.run(asked, env=environment, capture_output=True, text=True, check=True).stdout)
        time.sleep(1.1)

    assert len(said[0].strip()) == 64
    assert said[0] == said[1]


def test_bookmarks_metadata_and_identifier(documents: tuple[Document, ...]) -> None:
    """One bookmark a piece on its first page; title, language and dates of the edition; an identifier of its own."""
    packet = put_together(documents)
    reader = PdfReader(io.BytesIO(packet))
    other = PdfReader(io.BytesIO(assemble(documents, title="Autre", packet_id=NUMBER, on=people.TODAY)))
    starts = [sum(piece.pages for piece in documents[:n]) for n in range(len(documents))]

    assert [(item.title, reader.get_destination_page_number(item)) for item in reader.outline] == [
        (piece.title, start) for piece, start in zip(documents, starts, strict=True)
    ]
    assert reader.metadata.title == TITLE
    assert reader.metadata["/CreationDate"] == reader.metadata["/ModDate"] == "D:20250317000000Z"
    assert reader.root_object["/Lang"] == "fr-FR"
    assert reader.xmp_metadata.dc_title == {"x-default": TITLE}
    assert "/DocChecksum" not in reader.trailer
    with pikepdf.open(io.BytesIO(packet)) as pdf:
        assert pdf.check_pdf_syntax() == []
    assert reader.trailer["/ID"][0] == reader.trailer["/ID"][1] != other.trailer["/ID"][0]


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_numbers_stand_at_the_foot_of_turned_pages(turned: int) -> None:
    """A centre's own PDF, scanned sideways or cropped, is numbered at the bottom right as people see it."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(400, 600))
    canvas.scale(2, 2)  # never restored: what a page leaves behind must not move the number
    canvas.showPage()
    canvas.save()
    with pikepdf.open(io.BytesIO(out.getvalue())) as pdf:
        pdf.pages[0].Rotate = turned
        pdf.pages[0].CropBox = [50, 40, 350, 560]
        own = io.BytesIO()
        pdf.save(own)

    piece = document(own.getvalue(), "Annexe")
    (marked,) = pictures(put_together((piece,)), 3 * DPI)
    (sheet,) = pictures(put_together((dataclasses.replace(piece, codes=()),)))
    ink = sheet.point(lambda grey: 255 * (grey < 200)).getbbox()

    assert sheet.size == ((520, 300) if turned % 180 else (300, 520))
    assert ink is not None
    assert sheet.width - 30 <= ink[2] <= sheet.width - 26
    assert ink[0] > sheet.width - 130
    assert sheet.height - 21 <= ink[1] < ink[3] <= sheet.height - 11
    assert [found.text for found in zxingcpp.read_barcodes(marked)] == [f"LIASSE//0/{NUMBER.upper()}/1/1"]


def test_a_packet_may_hold_an_older_packet(documents: tuple[Document, ...]) -> None:
    """Its pages keep their number and code, in their own letters, beside ours; its fields are no longer fields."""
    signed = next(piece for piece in documents if piece.boxes)
    older = assemble((signed,), title="Ancienne", packet_id="fedcba98", on=people.TODAY)
    newer = put_together((document(older, "Annexe"),))

    assert "/AcroForm" in PdfReader(io.BytesIO(older)).root_object
    assert "/AcroForm" not in PdfReader(io.BytesIO(newer)).root_object
    assert not [note for page in PdfReader(io.BytesIO(newer)).pages for note in page.get("/Annots", ())]
    for page, text in enumerate(page_texts(newer), 1):
        assert f"Liasse fedcba98 · p. {page}/{signed.pages}" in text
        assert f"Liasse {NUMBER} · p. {page}/{signed.pages}" in text


def test_a_settled_piece_keeps_its_pages_and_loses_the_clock(documents: tuple[Document, ...]) -> None:
    """Settled twice it is the same file; another day is another file; what cannot be opened is named."""
    piece = documents[0]
    again, twice = (settle_piece(piece.pdf, title=piece.title, on=people.TODAY) for _ in range(2))
    later = settle_piece(piece.pdf, title=piece.title, on=people.TODAY + dt.timedelta(1))

    assert hashlib.sha256(again).hexdigest() == hashlib.sha256(twice).hexdigest()
    assert again != later
    assert page_texts(again) == page_texts(piece.pdf)
    with pytest.raises(ConversionError, match="« Annexe » cannot be opened"):
        settle_piece(b"rien", title="Annexe", on=people.TODAY)
