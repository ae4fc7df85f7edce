"""The gates refuse, before any parser, what a filled form never is."""

from __future__ import annotations

import io

import pytest
from bad_files import (
    W,
    docx,
    docx_encrypted,
    docx_named,
    docx_with_twins,
    pdf,
    pdf_dynamic,
    pdf_encrypted,
)
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from pipeline.core.errors import FormRejected
from pipeline.sandbox.gates import check_images, open_docx, open_pdf
from pipeline.sandbox.weights import weigh

LAUGHS = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
BOMB = b" " * 5_000_000
DOCX_REFUSED = {
    "bomb": (docx({"word/media/image1.bin": BOMB}), "WORD_BOMBE"),
    "huge part": (docx({"word/a.xml": bytes(20_000_001)}), "WORD_BOMBE"),
    "too many parts": (docx({f"word/{n}.txt": b"." for n in range(2_000)}), "WORD_TROP_DE_PARTIES"),
    "twins": (docx_with_twins(), "WORD_DOUBLONS"),
    "twins but for their case": (docx({"word/Document.xml": b"<x/>"}), "WORD_DOUBLONS"),
    "parent folder": (docx_named("word/../../evil.txt"), "WORD_CHEMIN"),
    "absolute": (docx_named("/etc/evil.txt"), "WORD_CHEMIN"),
    "backslash": (docx_named("word\\evil.txt"), "WORD_CHEMIN"),
    "drive": (docx_named("C:evil.txt"), "WORD_CHEMIN"),
    "macro": (docx({"word/vbaProject.bin": b"."}), "WORD_MACRO"),
    "activex": (docx({"word/activeX/activeX1.bin": b"."}), "WORD_ACTIF"),
    "embedded object": (docx({"word/embeddings/oleObject1.bin": b"."}), "WORD_ACTIF"),
    "encrypted": (docx_encrypted(), "WORD_CHIFFRE"),
    "doctype": (docx({"word/document.xml": LAUGHS}), "WORD_DOCTYPE"),
    "doctype in UTF-16": (docx({"word/footer1.xml": LAUGHS.encode("utf-16")}), "WORD_DOCTYPE"),
    "doctype in UTF-7": (
        docx({"word/footer1.xml": b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4-<x/>'}),
        "WORD_DOCTYPE",
    ),
    "doctype in EBCDIC": (docx({"word/footer1.xml": LAUGHS.encode("cp037")}), "WORD_DOCTYPE"),
    "truncated": (docx()[:-40], "WORD_ENDOMMAGE"),
}


def test_a_pdf_that_is_filled_up_is_opened() -> None:
    """Zeros to the end of a block say nothing, and every viewer looks past them."""
    assert len(open_pdf(pdf() + bytes(4_096)).pages) == 1


@pytest.mark.parametrize(("data", "reason"), DOCX_REFUSED.values(), ids=DOCX_REFUSED)
def test_a_word_file_is_refused_at_the_gate(data: bytes, reason: str) -> None:
    """Each trick has its code, and a French message that says what to do."""
    with pytest.raises(FormRejected) as caught:
        open_docx(data)
    assert (caught.value.reason, "Word" in caught.value.message) == (reason, True)


def test_a_plain_word_file_passes_with_its_xml_parts() -> None:
    """The XML parts come out, and nothing else."""
    parts = open_docx(docx({"word/media/image1.png": b"\x89PNG", "word/footer1.xml": f'<w:ftr xmlns:w="{W}"/>'}))
    assert sorted(parts) == ["[Content_Types].xml", "word/document.xml", "word/footer1.xml"]


PDF_REFUSED = {
    "truncated": (pdf()[:600], "PDF_ENDOMMAGE", "endommagé"),
    "no page tree": (b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF", "PDF_ENDOMMAGE", "endommagé"),
    "followed by a zip": (
        pdf() + docx({"word/media/a.bin": bytes(range(256)) * 8}) * 2,
        "PDF_SUITE",
        "suivi d’autres données",
    ),
    "password": (pdf_encrypted(pdf(), user="secret", owner="chef"), "PDF_CHIFFRE", "mot de passe"),
    "500 pages": (pdf(pages=500), "PDF_TROP_DE_PAGES", "500 pages"),
    "31 pages": (pdf(pages=31), "PDF_TROP_DE_PAGES", "31 pages"),
    "dynamic XFA": (pdf_dynamic(), "PDF_XFA", "XFA"),
    "too much to draw": (pdf(("x" * 100,) * 25_000), "PDF_TROP_LOURD", "quantité de dessin"),
    "too heavy": (pdf() + bytes(25_000_001), "PDF_TROP_GROS", "25 Mo"),
}


@pytest.mark.parametrize(("data", "reason", "words"), PDF_REFUSED.values(), ids=PDF_REFUSED)
def test_a_pdf_is_refused_at_the_gate(data: bytes, reason: str, words: str) -> None:
    """Each trouble has its code, and a French message that names it."""
    with pytest.raises(FormRejected) as caught:
        open_pdf(data)
    assert (caught.value.reason, words in caught.value.message) == (reason, True)


@pytest.mark.parametrize(
    ("data", "pages"),
    [(pdf(pages=30), 30), (pdf_encrypted(pdf(pages=2), user="", owner="chef"), 2), (pdf() + b"\r\n" * 100, 1)],
    ids=["30 pages", "owner's password only", "a few bytes after the end"],
)
def test_a_pdf_that_hides_nothing_passes(data: bytes, pages: int) -> None:
    """Thirty pages are accepted, and a password that only forbids changes."""
    assert len(open_pdf(data).pages) == pages


def test_drawings_within_drawings_are_multiplied() -> None:
    """Nine drawings of a hundred bytes that draw each other ten times weigh a thousand million; two weigh little."""
    assert weigh(PdfReader(io.BytesIO(nested(2)))) < 20_000
    with pytest.raises(FormRejected, match="quantité de dessin"):
        weigh(PdfReader(io.BytesIO(nested(9))))


def nested(depth: int) -> bytes:
    """A page that draws a drawing ten times, which draws another ten times, and so on."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    inner = None
    for _ in range(depth + 1):
        drawing = StreamObject()
        drawing.set_data(b"0 0 m 9 9 l S " * 7 if inner is None else b"/X#41 Do % again\n" * 10)
        drawing.update({NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form")})
        if inner is not None:
            named = DictionaryObject({NameObject("/XA"): inner})
            drawing[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): named})
        inner = writer._add_object(drawing)
    page = writer.pages[0]
    page["/Resources"].get_object()[NameObject("/XObject")] = DictionaryObject({NameObject("/Y"): inner})
    content = StreamObject()
    content.set_data(b"/Y Do")
    page[NameObject("/Contents")] = writer._add_object(content)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_pages_that_are_images_may_draw_little_besides() -> None:
    """What a digital form may draw is too much behind a scan, because drawing it cannot be interrupted."""
    data = pdf(("x" * 100,) * 6_000)
    assert len(open_pdf(data).pages) == 1
    with pytest.raises(FormRejected) as caught:
        check_images(data)
    assert caught.value.reason == "PDF_TROP_LOURD"
