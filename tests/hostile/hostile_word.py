# ruff: noqa: E501 -- tables of builders: one line, one file
"""Hostile Word files."""

from __future__ import annotations

import stat
import struct
import zipfile

from hostile_kit import READ, bad, every, hostile, word, word_edited, word_parts, word_related

DOCUMENT = "word/document.xml"
HEAD = '<?xml version="1.0"?>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
WHOLE = b"</w:body>"


def _stored(body: str) -> bytes:
    """A form whose document is this, not compressed: no ratio betrays it."""
    return word({DOCUMENT: bad.document(body)}, zipfile.ZIP_STORED)


def _lying() -> bytes:
    """A part of 30 MB whose directory says that it holds 100 bytes."""
    raw = bytearray(bad.docx({"word/x.xml": b" " * 30_000_000}))
    size = struct.pack("<I", 30_000_000)
    for _ in range(raw.count(size)):
        place = raw.find(size)
        raw[place : place + 4] = struct.pack("<I", 100)
    return bytes(raw)


def _linked_entry() -> bytes:
    """A part that calls itself a symbolic link to the users of the machine."""
    entry = zipfile.ZipInfo("word/media/image9.png")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(out := __import__("io").BytesIO(), "w") as archive:
        for name, part in word_parts().items():
            archive.writestr(name, part)
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


every(
    {
        "word: zip bomb": lambda _: word({"word/media/image9.xml": bytes(60_000_000)}),
        "word: text bomb, compressed": lambda _: word({DOCUMENT: bad.document("<w:p><w:r><w:t>" + "a" * 19_000_000)}),
        "word: paragraphs, compressed": lambda _: word({DOCUMENT: bad.document("<w:p/>" * 1_500_000)}),
    },
    "WORD_BOMBE",
)
every(
    {
        "word: text of 19 MB": lambda _: _stored(f"<w:p><w:r><w:t>{'a' * 19_000_000}</w:t></w:r></w:p>"),
        "word: nested 100 000 deep": lambda _: _stored("<w:p>" * 100_000 + "</w:p>" * 100_000),
        "word: a directory that lies": lambda _: _lying(),
        "word: attribute without end": lambda _: _stored(f'<w:p w:rsidR="{"a" * 15_000_000}"/>'),
        "word: cut in its middle": lambda _: word({})[:20_000],
    },
    "WORD_ENDOMMAGE",
    "FICHIER_REFUSE",
)
every(
    {
        "word: 1.5 million paragraphs": lambda _: _stored("<w:p/>" * 1_500_000),
        "word: 100 000 controls": lambda _: _stored("<w:sdt><w:sdtPr/><w:sdtContent/></w:sdt>" * 100_000),
        "word: one paragraph of 400 000 pieces": lambda _: _stored(
            "<w:p>" + "<w:r><w:t>a</w:t></w:r>" * 400_000 + "</w:p>"
        ),
    },
    "FORMULAIRE_INCONNU",
    "FORMULAIRE_EFFACE",
    "WORD_ENDOMMAGE",
    "FICHIER_REFUSE",
    "CALCUL_EXCESSIF",
    "VERSION_MODIFIEE",
)


def _declared(name: str, declaration: str, use: str = "") -> bytes:
    """A form one of whose parts declares entities, and uses one."""
    part = word_parts().get(name, b"<x></x>").decode().split("?>", 1)[-1]
    place = part.rfind("</")
    return word({name: f"{HEAD}{declaration}{part[:place]}{use}{part[place:]}"})


for _name in (DOCUMENT, "word/settings.xml", "customXml/item1.xml", "word/styles.xml", "[Content_Types].xml"):
    hostile(f"word: entity of a file in {_name}", "WORD_DOCTYPE")(
        lambda lure, name=_name: _declared(name, f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{lure.canary}">]>', "&e;")
    )
    hostile(f"word: entity of an address in {_name}", "WORD_DOCTYPE")(
        lambda lure, name=_name: _declared(name, f'<!DOCTYPE x SYSTEM "{lure.url}">')
    )
every(
    {
        "word: billion laughs": lambda _: _declared(DOCUMENT, f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>', "&l9;"),
        "word: quadratic laughs": lambda _: _declared(
            DOCUMENT, f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>', "&a;" * 999
        ),
        "word: entity of parameters": lambda lure: _declared(
            DOCUMENT, f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{lure.url}">%p;]>'
        ),
        "word: doctype in UTF-16": lambda _: word({DOCUMENT: f"{HEAD}<!DOCTYPE x><x/>".encode("utf-16")}),
        "word: doctype in UTF-7": lambda _: word(
            {DOCUMENT: b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4-<x/>'}
        ),
        "word: doctype in EBCDIC": lambda _: word(
            {DOCUMENT: f'{HEAD[:-2]} encoding="cp037"?><!DOCTYPE x><x/>'.encode("cp037")}
        ),
    },
    "WORD_DOCTYPE",
)

_PICTURE = (
    b'<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:imagedata xmlns:r="http://schemas.'
    b'openxmlformats.org/officeDocument/2006/relationships" r:link="rIdPiege"/></v:shape></w:pict></w:r></w:p>'
)


def _field(order: str) -> bytes:
    """A paragraph with a field that asks Word to fetch something."""
    kinds = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end")]
    return f"<w:p>{kinds[0]}<w:r><w:instrText>{order}</w:instrText></w:r>{kinds[1]}</w:p>".encode()


every(
    {
        "word: picture of an address": lambda lure: word_related("image", lure.url, body=_PICTURE),
        "word: picture of a file": lambda lure: word_related("image", f"file://{lure.canary}", body=_PICTURE),
        "word: template of an address": lambda lure: word_related("attachedTemplate", lure.url),
        "word: linked object": lambda lure: word_related("oleObject", lure.url),
        "word: hyperlink": lambda lure: word_related("hyperlink", lure.url),
        "word: hyperlink to a share": lambda lure: word_related("hyperlink", rf"\\127.0.0.1@{lure.port}\piege"),
        "word: sub-document": lambda lure: word_related("subDocument", f"file://{lure.canary}"),
        "word: foreign chunk": lambda lure: word_related("aFChunk", lure.url),
        "word: field of a picture": lambda lure: word_edited(
            DOCUMENT, WHOLE, _field(f'INCLUDEPICTURE "{lure.url}"') + WHOLE
        ),
        "word: field of a file": lambda lure: word_edited(
            DOCUMENT, WHOLE, _field(f'INCLUDETEXT "{lure.canary}"') + WHOLE
        ),
        "word: field that starts a program": lambda _: word_edited(
            DOCUMENT, WHOLE, _field("DDEAUTO cmd /c calc") + WHOLE
        ),
        "word: XInclude": lambda lure: word_edited(
            DOCUMENT,
            WHOLE,
            f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file://{lure.canary}" parse="text"/>'.encode()
            + WHOLE,
        ),
        "word: style sheet of an address": lambda lure: word_edited(
            DOCUMENT, b"<w:document", f'<?xml-stylesheet type="text/xsl" href="{lure.url}"?><w:document'.encode()
        ),
        "word: schema of an address": lambda lure: word_edited(
            DOCUMENT,
            b"<w:document ",
            f'<w:document xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="x {lure.url}" '.encode(),
        ),
        "word: part that is a link": lambda _: _linked_entry(),
        "word: parts with strange names": lambda _: word(
            {
                "CON": b".",
                "aux.xml": b"<x/>",
                "word/\u202egnp.xml": b"<x/>",
                "-rf": b".",
                "x" * 300: b".",
                "~$a.xml": b"<x/>",
            }
        ),
    },
    READ,
)
every(
    {
        f"word: part named {name!r}": lambda _, name=name: bad.docx_named(name)
        for name in ("../../evil.xml", "/etc/evil.xml", "..\\..\\evil.xml", "C:evil.xml", "word/\x00evil.xml")
    },
    "WORD_CHEMIN",
    "WORD_ENDOMMAGE",
)
every(
    {
        "word: macros": lambda _: word({"word/vbaProject.bin": b"."}),
        "word: macros named otherwise": lambda _: word({"word/VBAPROJECT.BIN": b"."}),
        "spoofed: docm": lambda _: bad.docx(main="application/vnd.ms-word.document.macroEnabled.main+xml"),
    },
    "WORD_MACRO",
)
every(
    {
        "word: ActiveX": lambda _: word({"word/activeX/activeX1.bin": b"."}),
        "word: embedded object": lambda _: word({"word/embeddings/oleObject1.bin": b"."}),
    },
    "WORD_ACTIF",
)
hostile("word: two documents under one name", "WORD_DOUBLONS")(lambda _: bad.docx_with_twins())
hostile("word: encrypted parts", "WORD_CHIFFRE")(lambda _: bad.docx_encrypted())
hostile("word: too many parts", "WORD_TROP_DE_PARTIES")(lambda _: word({f"word/{n}.txt": b"." for n in range(2_100)}))
