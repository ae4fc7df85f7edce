"""Files that are not what they say, files that are two things, pictures, and values that are instructions."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from hostile_kit import (
    PDF,
    PRINTED,
    READ,
    WORD,
    Lure,
    bad,
    every,
    hostile,
    page_pdf,
    pdf_writer,
    stream,
    word,
    word_parts,
    written,
)
from pypdf.generic import NameObject, TextStringObject

OLE_WORD = bad.OLE + "WordDocument".encode("utf-16-le") + bytes(4_000)
OLE_LOCKED = bad.OLE + "EncryptedPackage".encode("utf-16-le") + bytes(4_000)
FLAT_ODT = '<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>'


def _zip(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


every({"spoofed: old Word": lambda _: OLE_WORD}, "WORD_ANCIEN")
every({"spoofed: Word under a password": lambda _: OLE_LOCKED}, "WORD_PROTEGE")
every({"spoofed: old Excel": lambda _: bad.OLE}, "OFFICE_ANCIEN")
every(
    {"spoofed: RTF": lambda lure: rb"{\rtf1{\field{\*\fldinst INCLUDEPICTURE " + lure.url.encode() + b"}}}"},
    "FICHIER_RTF",
)
ODT = "application/vnd.oasis.opendocument.text"
every({"spoofed: ODT template": lambda _: _zip(mimetype=f"{ODT}-template")}, "FICHIER_ODT")
every({"spoofed: ODT": lambda _: _zip(mimetype=ODT)}, "ODT_ENDOMMAGE")
every(
    {
        "ODT: entities": lambda lure: _zip(
            **{
                "mimetype": ODT,
                "content.xml": f'<!DOCTYPE x [<!ENTITY e SYSTEM "{lure.url}">]><x>&e;</x>',
            }
        )
    },
    "ODT_DOCTYPE",
)
every({"ODT: bomb": lambda _: _zip(**{"mimetype": ODT, "content.xml": " " * 20_000_001})}, "ODT_BOMBE")
every(
    {
        "spoofed: archive": lambda _: _zip(formulaire="x"),
    },
    "PLUSIEURS_FICHIERS",
)
every(
    {
        "spoofed: Java": lambda _: _zip(**{"META-INF/MANIFEST.MF": "x"}),
        "spoofed: book": lambda _: _zip(mimetype="application/epub+zip", book="x"),
    },
    "FORMAT_INCONNU",
)
every(
    {
        "spoofed: Word template": lambda _: bad.docx(main=bad.MAIN.replace("document.main", "template.main")),
        "spoofed: Excel": lambda _: bad.docx(
            main="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        ),
    },
    "OFFICE_AUTRE",
)
every(
    {
        "spoofed: web page": lambda lure: f"<!DOCTYPE html><html><img src='{lure.url}'></html>".encode(),
        "spoofed: flat ODT": lambda _: FLAT_ODT.encode(),
        "spoofed: XML of a file": lambda lure: (
            f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file://{lure.canary}">]><x>&e;</x>'.encode()
        ),
    },
    "PAGE_WEB",
)
every(
    {
        "spoofed: Windows program": lambda _: b"MZ" + bytes(4_000),
        "spoofed: Linux program": lambda _: b"\x7fELF" + bytes(4_000),
        "spoofed: script": lambda lure: f"#!/bin/sh\ncurl {lure.url}\n".encode(),
        "spoofed: shortcut": lambda lure: f"[InternetShortcut]\nURL={lure.url}\n".encode(),
        "spoofed: gzip": lambda _: zlib.compress(b"x"),
        "polyglot: 2 000 bytes, then a PDF": lambda _: b"x" * 2_000 + PDF.read_bytes(),
        "polyglot: a program that is a Word file": lambda _: b"MZ" + bytes(500) + WORD.read_bytes(),
    },
    "FORMAT_INCONNU",
)
every({"spoofed: 7z": lambda _: b"7z\xbc\xaf\x27\x1c" + bytes(100)}, "ARCHIVE_AUTRE")
every({"polyglot: 502 bytes, then a PDF": lambda _: b"x" * 502 + PDF.read_bytes()}, READ)  # as every viewer does
every({"spoofed: empty": lambda _: b"", "spoofed: zeros": lambda _: bytes(5_000)}, "FICHIER_VIDE")
every(
    {
        "spoofed: PNG": lambda _: png(10, 10),
        "spoofed: WebP": lambda _: b"RIFF" + bytes(4) + b"WEBP" + bytes(100),
        "spoofed: photo of a telephone": lambda _: bytes(4) + b"ftypheic" + bytes(100),
    },
    "PHOTO_RECUE",
    "IMAGE_ENDOMMAGEE",
    "IMAGE_TROP_PETITE",
)
every(
    {
        "polyglot: a PDF, then a Word file": lambda _: PRINTED.read_bytes() + WORD.read_bytes(),
        "polyglot: a PDF and 2 kB more": lambda _: PDF.read_bytes() + b"x" * 2_048,
        "polyglot: a PDF, then a script": lambda lure: (
            PDF.read_bytes() + f"\n<script src='{lure.url}'>".encode() * 100
        ),
    },
    "PDF_SUITE",
)
hostile("polyglot: a Word file, then a PDF", READ, "WORD_ENDOMMAGE")(
    lambda _: WORD.read_bytes() + PRINTED.read_bytes()
)
hostile("polyglot: a PDF that carries a Word file", READ)(lambda _: _carrying())


def _carrying() -> bytes:
    writer = pdf_writer()
    writer.add_attachment("formulaire.docx", WORD.read_bytes())
    return written(writer)


def png(width: int, height: int) -> bytes:
    """A black and white PNG of that many pixels, in a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(bytes((width // 8 + 1) * height), 9)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _pdf_of_image(side: int, box: int = 595) -> bytes:
    words = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 1/ColorSpace/DeviceGray" % (side, side)
    picture = stream(zlib.compress(bytes(side * side // 8), 9), words + b"/Filter/FlateDecode")
    content = stream(b"q %d 0 0 %d 0 0 cm /X Do Q" % (box, box))
    page = b"/MediaBox[0 0 %d %d]" % (box, box)
    return page_pdf(content, picture, resources=b"/XObject<</X 6 0 R>>", page=page)


def _tiff(side: int) -> bytes:
    tags = ((256, side), (257, side), (258, 1), (259, 1), (262, 1), (273, 200), (277, 1), (278, side), (279, 100))
    body = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", len(tags)) + body + bytes(300)


every(
    {
        "image: PNG of 12 000 × 12 000": lambda _: png(12_000, 12_000),
        "image: PNG of 15 000 × 15 000": lambda _: png(15_000, 15_000),
        "image: PNG of 2 000 million": lambda _: png(8, 8).replace(
            struct.pack(">II", 8, 8), struct.pack(">II", 2**31 - 1, 2**31 - 1)
        ),
        "image: PNG that is cut": lambda _: png(3_000, 3_000)[:60],
        "image: JPEG of nothing": lambda _: b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03" + bytes(500),
        "image: TIFF of 60 000 × 60 000": lambda _: _tiff(60_000),
        "image: PDF of one 15 000 × 15 000 picture": lambda _: _pdf_of_image(15_000),
        "image: PDF page of 200 m": lambda _: _pdf_of_image(100, 566_929),
    },
    "ILLISIBLE",
    "IMAGE_ENDOMMAGEE",
    "IMAGE_TROP_GRANDE",
    "IMAGE_TROP_PETITE",
    "FICHIER_REFUSE",
    "CALCUL_EXCESSIF",
)

INSTRUCTIONS = (
    "{{ 7*7 }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{% for x in range(9) %}x{% endfor %}",
    "{_{ 7*7 }_}",
    "{# x #}",
    "{{r x}}",
    "<w:t>INJECTED</w:t>",
    "</w:t></w:r></w:p><w:p><w:r><w:t>INJECTED",
    "A]]>B & C",
    "{{s1|signature|85|37}}",
    "/sn1/",
    "{{Signature;role=Director;type=signature}}",
    "=cmd|'/c calc'!A1",
    "$(id) `id` ; id",
    "%s%n%x",
    "&lt;b&gt;",
    "a\u202egnp.exe",
    "a\x07b\x0cc",
    '=HYPERLINK("http://127.0.0.1/")',
)


def pdf_saying(text: str) -> bytes:
    """The real form with this written in every short field of text."""
    writer = pdf_writer()
    for page in writer.pages:
        for widget in page["/Annots"]:
            field = widget.get_object()
            if field.get("/FT") == "/Tx" and field.get("/V"):
                field[NameObject("/V")] = TextStringObject(text)
    return written(writer)


def word_saying(text: str) -> bytes:
    """The real Word form with this written in every control of text."""
    from lxml import etree  # noqa: PLC0415 -- one builder alone

    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    root = etree.fromstring(word_parts()["word/document.xml"])
    safe = "".join(char for char in text if char >= " ")
    for control in root.iter(f"{w}sdt"):
        for node in control.iterfind(f"{w}sdtContent//{w}t"):
            if node.text and node.text not in "☐☒":
                node.text = safe
    return word({"word/document.xml": etree.tostring(root, xml_declaration=True, encoding="UTF-8")})


def _says(build: str, text: str) -> None:
    maker = pdf_saying if build == "pdf" else word_saying

    @hostile(f"value: {text!r} in {build}", READ)
    def _(_: Lure) -> bytes:
        return maker(text)


for _text in INSTRUCTIONS:
    _says("pdf", _text)
    _says("word", _text)
