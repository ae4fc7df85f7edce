# ruff: noqa: E501 -- tables of builders: one line, one file
"""Hostile archives: Word and OpenDocument files whose parts refer to themselves or ask for a million, ZIPs that lie."""

from __future__ import annotations

import io
import struct
import zipfile

from hostile_kit import READ, WORD, bad, every, word, word_edited, word_parts

DOCUMENT, STYLES = "word/document.xml", "word/styles.xml"
END = b"</w:body>"
_MANY = 2_000_000_000


def _last(body: str) -> bytes:
    """The real form with this before its end."""
    return word_edited(DOCUMENT, b"<w:sectPr", body.encode() + b"<w:sectPr")


def _alone(body: str) -> bytes:
    return word({DOCUMENT: bad.document(body)}, zipfile.ZIP_STORED)


def _styled() -> bytes:
    """4 000 styles, each based on the one before and the first on the last, each with a paragraph."""
    names = [f"piege{n}" for n in range(4_000)]
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:basedOn w:val="{names[rank - 1]}"/><w:rPr><w:b/></w:rPr></w:style>'
        for rank, name in enumerate(names)
    )
    sheet = word_parts()[STYLES].replace(b"</w:styles>", styles.encode() + b"</w:styles>")
    body = "".join(f'<w:p><w:pPr><w:pStyle w:val="{name}"/></w:pPr></w:p>' for name in names)
    return word({STYLES: sheet, DOCUMENT: bad.document(body)}, zipfile.ZIP_STORED)


def _open_fields(count: int) -> str:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF</w:instrText></w:r>'
    return f"<w:p>{begin * count}{'<w:r><w:t>a</w:t></w:r>' * count}</w:p>"


def _deep_choices(depth: int) -> str:
    space = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    pair = f'<mc:AlternateContent {space}><mc:Choice Requires="w14">'
    return pair * depth + "<w:p/>" + "</mc:Choice></mc:AlternateContent>" * depth


def _own_header() -> bytes:
    """A header that is the document, related to itself 20 000 times."""
    rels = "word/_rels/document.xml.rels"
    space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kinds = ("header", "footer", "styles", "numbering", "footnotes", "aFChunk", "officeDocument")
    more = "".join(
        f'<Relationship Id="rP{n}" Type="{space}/{kinds[n % 7]}" Target="document.xml"/>' for n in range(20_000)
    )
    parts = word_parts()
    return word({rels: parts[rels].replace(b"</Relationships>", more.encode() + b"</Relationships>")})


WORD_ENDS = (READ, "FORMULAIRE_INCONNU", "FORMULAIRE_EFFACE", "WORD_ENDOMMAGE", "VERSION_MODIFIEE")
every(
    {
        "word: tables 500 deep": lambda _: _alone(
            "<w:tbl><w:tr><w:tc>" * 500 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 500
        ),
        "word: one tag of 150 000 attributes": lambda _: _alone(
            "<w:p " + " ".join(f'w:a{n}=""' for n in range(150_000)) + "/>"
        ),
        "word: 100 000 names of spaces": lambda _: _alone(
            "<w:p " + " ".join(f'xmlns:a{n}="u{n}"' for n in range(100_000)) + "/>" + "<w:p/>" * 1_000
        ),
        "word: 4 000 styles in a circle": lambda _: _styled(),
        "word: 10 000 fields that never end": lambda _: _alone(_open_fields(10_000)),
        "word: choices 70 deep": lambda _: _last(_deep_choices(70)),
        "word: cell over two thousand million columns": lambda _: _last(
            f'<w:tbl><w:tblGrid><w:gridCol w:w="{_MANY}"/></w:tblGrid><w:tr><w:trPr><w:gridBefore w:val="{_MANY}"/></w:trPr>'
            f'<w:tc><w:tcPr><w:gridSpan w:val="{_MANY}"/><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'
        ),
        "word: header that is the document": lambda _: _own_header(),
        "word: list that numbers itself": lambda _: word(
            {
                "word/numbering.xml": f'<w:numbering xmlns:w="{bad.W}"><w:abstractNum w:abstractNumId="0"><w:styleLink w:val="a"/>'
                '<w:numStyleLink w:val="a"/><w:lvl w:ilvl="-1"><w:start w:val="99999999999999999999"/><w:lvlText w:val="%1%2%9"/></w:lvl>'
                '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
            }
        ),
        "word: fonts of 45 MB": lambda _: word(
            {f"word/fonts/font{n}.odttf": bytes(range(256)) * 58_000 for n in range(3)}, zipfile.ZIP_STORED
        ),
    },
    *WORD_ENDS,
)

_SPACES = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "table", "style", "drawing")
)
_TYPE = "application/vnd.oasis.opendocument.text"


def _odt(body: str, styles: str = "") -> bytes:
    head = f'<?xml version="1.0"?><office:document-content{_SPACES}><office:automatic-styles>{styles}</office:automatic-styles>'
    content = f"{head}<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    return _zip([("mimetype", _TYPE), ("content.xml", content)])


def _zip(files: list[tuple[str, bytes | str]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in files:
            archive.writestr(name, part)
    return out.getvalue()


every(
    {
        "ODT: two thousand million spaces": lambda _: _odt(f'<text:p>a<text:s text:c="{_MANY}"/>b</text:p>'),
        "ODT: cell repeated two thousand million times": lambda _: _odt(
            f'<table:table><table:table-column table:number-columns-repeated="{_MANY}"/>'
            f'<table:table-row table:number-rows-repeated="{_MANY}"><table:table-cell table:number-columns-repeated="{_MANY}"'
            f' table:number-columns-spanned="{_MANY}"><text:p>a</text:p></table:table-cell></table:table-row></table:table>'
        ),
        "ODT: styles in a circle": lambda _: _odt(
            '<text:p text:style-name="a0">x</text:p>' * 2_000,
            "".join(
                f'<style:style style:name="a{n}" style:family="paragraph" style:parent-style-name="a{(n + 1) % 5_000}"/>'
                for n in range(5_000)
            ),
        ),
    },
    "FORMULAIRE_INCONNU",
    "ODT_ENDOMMAGE",
)


def _nested(depth: int) -> bytes:
    data = WORD.read_bytes()
    for _ in range(depth):
        data = _zip([("formulaire.zip", data)])
    return data


def _overlapping() -> bytes:
    """Forty files of 2 MB that are one and the same stretch of the archive."""
    raw = _zip([(f"{n:02d}.pdf", bytes(2_000_000) if n == 0 else b"") for n in range(40)])
    place, first = 0, raw.find(b"PK\x01\x02")
    out, entry = bytearray(raw), raw[first : first + 46]
    while (place := raw.find(b"PK\x01\x02", place + 1)) > 0:
        out[place + 10 : place + 28] = entry[10:28]
        out[place + 42 : place + 46] = entry[42:46]
    return bytes(out)


def _said(count: int) -> bytes:
    """An archive that says of itself that it has so many files and so much of a directory."""
    raw = bytearray(_zip([("a.pdf", b"x")]))
    end = raw.rfind(b"PK\x05\x06")
    raw[end + 8 : end + 20] = struct.pack("<HHII", count, count, 2**32 - 1, 2**32 - 1)
    return bytes(raw)


every(
    {
        "archive: archive in an archive in an archive": lambda _: _nested(3),
        "archive: files that lie upon each other": lambda _: _overlapping(),
        "archive: names that are commands": lambda _: _zip(
            [
                (name, b"x")
                for name in (
                    "$(id).pdf",
                    "-rf",
                    "a\x1b[2J.pdf",
                    "../../.ssh/id",
                    "\u202efdp.exe",
                    "nul",
                    "a\nb",
                    "{{ 7*7 }}",
                )
            ]
        ),
    },
    "PLUSIEURS_FICHIERS",
    "ARCHIVE_TROP_GROSSE",
)
every({"archive: 10 000 files": lambda _: _zip([(f"{n}.pdf", b"") for n in range(10_000)])}, "ARCHIVE_TROP_PLEINE")
every({"archive: directory of 4 000 million": lambda _: _said(65_535)}, "ARCHIVE_ENDOMMAGEE")
