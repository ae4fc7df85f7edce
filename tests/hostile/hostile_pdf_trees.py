"""Hostile PDF files whose inner structure comes round, fans out, or lies: pages, fields, streams, trees, locks."""

from __future__ import annotations

import struct
import zlib

from hostile_kit import READ, bare_pdf, every, page_pdf, pdf_writer, stream, written
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NullObject,
    NumberObject,
    TextStringObject,
)


def _name(text: str) -> NameObject:
    return NameObject(f"/{text}")


def _packed_objects(places: dict[int, tuple[int, int, int]], streams: dict[int, bytes], last: int) -> bytes:
    """A PDF whose objects lie in streams: ``places`` of the objects by number, the table of places is ``last``."""
    out = bytearray(b"%PDF-1.7\n")
    rows = {0: (0, 0, 255), **places}
    for number, body in streams.items():
        rows[number] = rows.get(number, (1, len(out), 0))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    rows[last] = (1, start, 0)
    table = b"".join(struct.pack(">BIB", *rows.get(number, (0, 0, 0))) for number in range(last + 1))
    words = b"/Type/XRef/W[1 4 1]/Size %d/Root 1 0 R" % (last + 1)
    out += b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (last, stream(table, words), start)
    return bytes(out)


def _holds_itself() -> bytes:
    inner = b"1 0 6 30 <</Type/Catalog/Pages 2 0 R>>      "
    objects = stream(inner, b"/Type/ObjStm/N 2/First 9")
    return _packed_objects({1: (2, 6, 0), 2: (2, 7, 0), 6: (2, 6, 1), 7: (2, 6, 1)}, {8: objects}, 9)


def _extend_each_other() -> bytes:
    catalog = stream(b"1 0 <</Type/Catalog/Pages 2 0 R>>", b"/Type/ObjStm/N 1/First 4/Extends 7 0 R")
    pages = stream(b"2 0 <</Type/Pages/Kids[2 0 R]/Count 1>>", b"/Type/ObjStm/N 1000000000/First 4/Extends 6 0 R")
    return _packed_objects({1: (2, 6, 0), 2: (2, 7, 0)}, {6: catalog, 7: pages}, 8)


def _deep_pages(depth: int) -> bytes:
    kinds = [b"<</Type/Pages/Kids[%d 0 R]/Count 1/Parent %d 0 R>>" % (n + 3, n + 1) for n in range(depth)]
    return bare_pdf([b"<</Type/Catalog/Pages 2 0 R>>", *kinds, b"<</Type/Page/Parent %d 0 R>>" % (depth + 1)])


def _wide_pages() -> bytes:
    kinds = [b"<</Type/Pages/Count 1/Kids[%b]>>" % (b"%d 0 R " % (n + 3) * 10) for n in range(12)]
    return bare_pdf([b"<</Type/Catalog/Pages 2 0 R>>", *kinds, b"<</Type/Page/MediaBox[0 0 9 9]>>"])


def _fields(kinds: list[bytes]) -> bytes:
    return page_pdf(stream(b""), *kinds, root=b"/AcroForm<</Fields[6 0 R]>>")


ENDS = ("PDF_ENDOMMAGE", "FORMULAIRE_INCONNU", "PDF_TROP_DE_PAGES", "ILLISIBLE", "PDF_TROP_LOURD", "PDF_CERTIFICAT")
every(
    {
        "pdf: objects that lie in themselves": lambda _: _holds_itself(),
        "pdf: streams of objects that extend each other": lambda _: _extend_each_other(),
        "pdf: pages 5 000 deep": lambda _: _deep_pages(5_000),
        "pdf: pages that fan out": lambda _: _wide_pages(),
        "pdf: fields 3 000 deep": lambda _: _fields(
            [b"<</T(a)/Kids[%d 0 R]/Parent %d 0 R>>" % (n + 7, n + 5) for n in range(3_000)] + [b"<</FT/Tx/T(a)>>"]
        ),
        "pdf: fields that fan out": lambda _: _fields(
            [b"<</T(a)/Kids[%b]>>" % (b"%d 0 R " % (n + 7) * 10) for n in range(12)] + [b"<</FT/Tx/T(a)/V(b)>>"]
        ),
        "pdf: length that is the stream itself": lambda _: page_pdf(b"<</Length 4 0 R>>\nstream\nBT ET\nendstream"),
        "pdf: unpacked 100 000 times": lambda _: page_pdf(
            stream(b"41>", b"/Filter[" + b"/ASCIIHexDecode" * 100_000 + b"]")
        ),
        "pdf: states 150 000 deep, each with its font": lambda _: page_pdf(
            stream(zlib.compress(b"q /F 1 Tf " * 150_000, 9), b"/Filter/FlateDecode")
        ),
        "pdf: text map that uses itself": lambda _: page_pdf(
            stream(b"BT /G 9 Tf (ab) Tj ET"),
            b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding 7 0 R/ToUnicode 7 0 R/DescendantFonts[6 0 R]>>",
            stream(b"/X usecmap begincmap endcmap", b"/Type/CMap/CMapName/X/UseCMap 7 0 R"),
            resources=b"/Font<</G 6 0 R>>",
        ),
        "pdf: lock of minus five bits": lambda _: bare_pdf(
            [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>", _LOCK % (b"/V 4", b"/Length -5")],
            trailer=b"/Encrypt 3 0 R/ID[(a)(a)]",
        ),
        "pdf: lock that is its own filter": lambda _: bare_pdf(
            [
                b"<</Type/Catalog/Pages 2 0 R>>",
                b"<</Type/Pages/Kids[]/Count 0>>",
                _LOCK % (b"/V 5", b"/CF 3 0 R/StmF/CF/StrF/CF/Perms(x)"),
            ],
            trailer=b"/Encrypt 3 0 R/ID[3 0 R 3 0 R]",
        ),
        "pdf: lock that is the table of places": lambda _: bare_pdf(
            [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"], trailer=b"/Encrypt 1 0 R"
        ),
    },
    *ENDS,
)
_LOCK = b"<</Filter/Standard%b/R 6/P -1/O(" + b"o" * 48 + b")/U(" + b"u" * 48 + b")%b>>"


def _annotated(count: int) -> bytes:
    """The real form under that many notes."""
    writer = pdf_writer()
    page = writer.pages[0]
    note = DictionaryObject(
        {
            _name("Type"): _name("Annot"),
            _name("Subtype"): _name("Text"),
            _name("Rect"): ArrayObject(map(NumberObject, (0, 0, 1, 1))),
            _name("Contents"): TextStringObject("x"),
        }
    )
    notes = writer._add_object(note)
    page[_name("Annots")] = ArrayObject([*page["/Annots"], *[notes] * count])
    return written(writer)


def _valued(text: str) -> bytes:
    """The real form, of which one answer is this."""
    writer = pdf_writer()
    field = next(one.get_object() for one in writer.pages[0]["/Annots"] if one.get_object().get("/FT") == "/Tx")
    field[_name("V")] = TextStringObject(text)
    return written(writer)


def _renamed() -> bytes:
    """The real form with fields of one name, of none, of letters that do not show and of letters that turn."""
    writer = pdf_writer()
    fields = [one.get_object() for one in writer.pages[0]["/Annots"]][:5]
    for field, text in zip(fields, ("a\nb\x00c", "\u202eadulte", "", "a" * 60_000, "x.x.x." * 500), strict=True):
        field[_name("T")] = TextStringObject(text)
    return written(writer)


def _coming_round() -> bytes:
    """The real form whose outline, names, tags, labels of pages, threads and layers each lead back to themselves."""
    writer = pdf_writer()
    numbers = [writer._add_object(NullObject()) for _ in range(2)]
    loop = DictionaryObject({_name(key): numbers[0] for key in ("First", "Last", "Next", "Prev", "Parent", "OCGs")})
    loop |= {_name("Kids"): ArrayObject(numbers * 500), _name("Nums"): ArrayObject([NumberObject(0), numbers[0]])}
    loop |= {
        _name("K"): ArrayObject(numbers * 500),
        _name("Order"): numbers[1],
        _name("Title"): TextStringObject("x"),
    }
    loop[_name("D")] = numbers[0]
    writer._objects[numbers[0].idnum - 1] = DictionaryObject(loop)
    writer._objects[numbers[1].idnum - 1] = ArrayObject(numbers * 500)
    for key in ("Outlines", "Names", "StructTreeRoot", "PageLabels", "Threads", "OCProperties", "Dests"):
        writer.root_object[_name(key)] = numbers[0]
    return written(writer)


every(
    {
        "pdf: real form under 30 000 notes": lambda _: _annotated(30_000),
        "pdf: answer of four million letters": lambda _: _valued("a" * 4_000_000),
        "pdf: answer of letters that turn the line": lambda _: _valued("\u202e\u2066\x00\x1b[2J" * 20_000),
        "pdf: fields with strange names": lambda _: _renamed(),
        "pdf: real form whose trees come round": lambda _: _coming_round(),
    },
    READ,
    "VERSION_MODIFIEE",
    *ENDS,
)
