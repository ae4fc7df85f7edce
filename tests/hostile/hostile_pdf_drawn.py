"""Hostile PDF files that ask for endless drawing: in fonts, patterns, masks, shades, pictures and looks of fields."""

from __future__ import annotations

import io
import re
import struct
import zlib

from hostile_kit import READ, every, hostile, page_pdf, pdf_writer, stream, written
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NullObject, read_object

Thing = bytes | tuple[bytes, bytes]  # an object; a stream's words and what it holds. « @2 » is the third of them
_FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 600 900]"
HEAVY = ("PDF_TROP_LOURD", "PDF_ENDOMMAGE")


def grafted(things: list[Thing], resources: bytes, drawing: bytes, look: int | None = None) -> bytes:
    """The real form with these objects, its first page draws this too; ``look``: what its first field looks like."""
    writer = pdf_writer()
    first = len(writer._objects) + 1
    for _ in things:
        writer._add_object(NullObject())

    def parsed(text: bytes) -> DictionaryObject:
        placed = re.sub(rb"@(\d+)", lambda found: b"%d 0 R" % (first + int(found[1])), text)
        made = read_object(io.BytesIO(placed), writer)
        assert isinstance(made, DictionaryObject | ArrayObject)
        return made  # type: ignore[return-value]

    for rank, thing in enumerate(things):
        if isinstance(thing, bytes):
            writer._objects[first + rank - 1] = parsed(thing)
        else:
            made = DecodedStreamObject()
            made.set_data(thing[1])
            made.update(parsed(b"<<%b>>" % thing[0]))
            writer._objects[first + rank - 1] = made
    page = writer.pages[0]
    whole = page["/Resources"].get_object()
    for kind, more in parsed(b"<<%b>>" % resources).items():
        there = whole.get(kind, DictionaryObject()).get_object()
        there.update(more)
        whole[NameObject(kind)] = there
    content = DecodedStreamObject()
    content.set_data(b"q " + drawing + b" Q")
    before = page.raw_get("/Contents")
    before = list(before.get_object()) if isinstance(before.get_object(), ArrayObject) else [before]
    page[NameObject("/Contents")] = ArrayObject([*before, writer._add_object(content)])
    if look is not None:
        widget = page["/Annots"][0].get_object()
        widget[NameObject("/AP")] = parsed(b"<</N @%d>>" % look)
    return written(writer)


def _letters_that_draw() -> list[Thing]:
    """Ten fonts: each letter of one writes ten letters of the next."""
    things: list[Thing] = []
    for level in range(10):
        font = b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[.1 0 0 .1 0 0]/FirstChar 97/LastChar 97"
        font += b"/Widths[9]/Encoding<</Differences[97/a]>>/CharProcs<</a @%d>>/Resources<</Font<</T @%d>>>>>>"
        things += [font % (2 * level + 1, (2 * level + 2) % 20), (b"", b"9 0 d0 BT /T 9 Tf (aaaaaaaaaa) Tj ET")]
    return things


def _tiles() -> list[Thing]:
    """Ten patterns: each is painted with the next, ten times."""
    words = b"/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep 9/YStep 9/Resources<</Pattern<</P @%d>>>>"
    paint = b"/Pattern cs /P scn " + b"0 0 90 90 re f " * 10
    return [(words % ((level + 1) % 10), paint) for level in range(10)]


def _masks() -> list[Thing]:
    """Ten masks: each is drawn through the next, ten times."""
    things: list[Thing] = []
    for level in range(10):
        inner = b"/Group<</S/Transparency/CS/DeviceGray>>/Resources<</ExtGState<</G @%d>>>>" % ((2 * level + 2) % 20)
        things += [
            b"<</SMask<</S/Luminosity/G @%d>>>>" % (2 * level + 1),
            (_FORM + inner, b"q /G gs 0 0 600 900 re f Q " * 10),
        ]
    return things


def _functions() -> list[Thing]:
    """Twelve functions, each of ten times the next; then the shade that they colour."""
    things: list[Thing] = []
    for level in range(1, 13):
        words = b"<</FunctionType 3/Domain[0 1]/Bounds[%b]/Encode[%b]/Functions[%b]>>"
        bounds = b" ".join(b".%d" % part for part in range(1, 10))
        things.append(words % (bounds, b"0 1 " * 10, b"@%d " % level * 10))
    things.append(b"<</FunctionType 2/Domain[0 1]/N 1/C0[0]/C1[1]>>")
    things.append(b"<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 9 9]/Function @0>>")
    return things


def _looks() -> list[Thing]:
    """Ten drawings, each of ten times the next; the first is what a field looks like."""
    inner = b"/Resources<</XObject<</X @%d>>>>"
    layers: list[Thing] = [(_FORM + inner % (level + 1), b"/X Do " * 10) for level in range(10)]
    return [*layers, (_FORM, b"0 0 9 9 re f")]


def _picture(side: int, words: bytes, data: bytes) -> tuple[bytes, bytes]:
    size = b"/Type/XObject/Subtype/Image/Width %d/Height %d" % (side, side)
    return size + b"/BitsPerComponent 1/ColorSpace/DeviceGray" + words, data


def _many_pictures() -> bytes:
    picture = _picture(4_000, b"/Filter/FlateDecode", zlib.compress(bytes(2_000_000), 9))
    return grafted([picture], b"/XObject<</X @0>>", b"600 0 0 840 0 0 cm " + b"/X Do " * 80_000)


every(
    {
        "pdf: patterns of patterns": lambda _: grafted(
            _tiles(), b"/Pattern<</P @0>>", b"/Pattern cs /P scn 0 0 600 900 re f"
        ),
        "pdf: masks behind masks": lambda _: grafted(_masks(), b"/ExtGState<</G @0>>", b"/G gs 0 0 600 900 re f"),
        "pdf: field that looks like laughs": lambda _: grafted(_looks(), b"", b"", look=0),
        "pdf: one picture 80 000 times": lambda _: _many_pictures(),
        "pdf: tiles of a thousandth of a point": lambda _: grafted(
            [
                (
                    b"/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep .001/YStep .001/Resources<<>>",
                    b"0 0 9 9 re f",
                )
            ],
            b"/Pattern<</P @0>>",
            b"/Pattern cs /P scn 0 0 600 900 re f",
        ),
    },
    *HEAVY,
)
every(
    {
        "pdf: letters that write letters": lambda _: grafted(
            _letters_that_draw(), b"/Font<</T @0>>", b"BT /T 9 Tf (aaaaaaaaaa) Tj ET"
        ),
        "pdf: functions of functions": lambda _: grafted(_functions(), b"/Shading<</S @13>>", b"/S sh"),
        "pdf: function of a thousand million samples": lambda _: grafted(
            [
                (b"/FunctionType 0/Domain[0 1 0 1]/Range[0 1]/Size[60000 60000]/BitsPerSample 32", b"x"),
                b"<</ShadingType 1/ColorSpace/DeviceGray/Function @0>>",
            ],
            b"/Shading<</S @1>>",
            b"/S sh",
        ),
        "pdf: colour that is mixed of itself": lambda _: grafted(
            [b"[/Separation/X @0 @1]", b"<</FunctionType 2/Domain[0 1]/N 1>>"],
            b"/ColorSpace<</C @0>>",
            b"/C cs 1 scn 0 0 9 9 re f",
        ),
        "pdf: picture whose mask is itself": lambda _: grafted(
            [_picture(8, b"/SMask @0/Mask @0", b"x" * 8)], b"/XObject<</X @0>>", b"/X Do"
        ),
        "pdf: letter that is a book": lambda _: grafted(
            [
                b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode @1>>",
                (b"", b"begincmap 1 beginbfchar <61> <%b> endbfchar endcmap" % (b"0062" * 100_000)),
            ],
            b"/Font<</B @0>>",
            b"BT /B 1 Tf (" + b"a" * 10_000 + b") Tj ET",
        ),
        "pdf: widths for two thousand million letters": lambda _: grafted(
            [
                b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[@1]>>",
                b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/W[0 2147483647 500]/CIDSystemInfo<<>>>>",
            ],
            b"/Font<</B @0>>",
            b"BT /B 9 Tf <00410042> Tj ET",
        ),
    },
    READ,
    *HEAVY,
    "VERSION_MODIFIEE",
    "FICHIER_REFUSE",
)


def _segments(*parts: tuple[int, bytes]) -> bytes:
    """A JBIG2 stream: number, kind, page and length of each segment, then what it holds."""
    return b"".join(
        struct.pack(">IBBBI", rank, kind, 0, 1, len(data)) + data for rank, (kind, data) in enumerate(parts)
    )


def _scan(picture: tuple[bytes, bytes]) -> bytes:
    """A page that is one picture, as a scanner makes it."""
    words, data = picture
    return page_pdf(stream(b"q 595 0 0 842 0 0 cm /X Do Q"), stream(data, words), resources=b"/XObject<</X 6 0 R>>")


_HUGE = struct.pack(">II", 2**31 - 1, 2**31 - 1)
_SIZES = b"\xff\x4f\xff\x51\x00\x29\x00\x00" + _HUGE + bytes(8) + _HUGE + bytes(8) + b"\x00\x01\x07\x01\x01"
every(
    {
        "pdf: JBIG2 picture of 4 000 million lines": lambda _: _scan(
            _picture(
                3_000, b"/Filter/JBIG2Decode", _segments((48, b"\xff" * 8 + bytes(9) + b"\x80\x00"), (38, bytes(30)))
            )
        ),
        "pdf: JPEG 2000 picture of 2 000 million": lambda _: _scan(_picture(3_000, b"/Filter/JPXDecode", _SIZES)),
        "pdf: fax of a thousand million columns": lambda _: _scan(
            _picture(
                3_000, b"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 1000000000/Rows 1000000000>>", b"\x00" * 99
            )
        ),
    },
    "ILLISIBLE",
    "FORMULAIRE_INCONNU",
    "PDF_ENDOMMAGE",
    "PDF_TROP_LOURD",
    "IMAGE_TROP_GRANDE",
)
hostile("pdf: JPEG of ten thousand passes", "PDF_TROP_LOURD", "ILLISIBLE", "FORMULAIRE_INCONNU")(
    lambda _: _scan(
        (
            _picture(4_096, b"/Filter/DCTDecode", b"")[0].replace(b"Component 1", b"Component 8"),
            passes(10_000),
        )
    )
)


def passes(count: int, side: int = 4_096) -> bytes:
    """A progressive JPEG of that many passes over nothing: a few bytes each, and all of the picture's work."""
    head = b"\xff\xd8" + b"\xff\xdb\x00\x43\x00" + b"\x01" * 64
    head += b"\xff\xc2\x00\x0b\x08" + struct.pack(">HH", side, side) + b"\x01\x01\x11\x00"
    table = bytes([1] + [0] * 15)  # one code of one bit
    head += b"\xff\xc4\x00\x14\x00" + table + b"\x00" + b"\xff\xc4\x00\x14\x10" + table + b"\xe0"
    first = b"\xff\xda\x00\x08\x01\x01\x00\x00\x00\x01" + bytes(side * side // 64 // 8)
    blocks, run = side * side // 64, 1 << 14
    again = b"\xff\xda\x00\x08\x01\x01\x00\x01\x3f\x00" + bytes(2 * (blocks // run) + 4)
    return head + first + again * count + b"\xff\xd9"
