"""PDF/A-2b checker: the clauses of ISO 19005-2 that our chain, or a centre's own PDF, can break.

It is no validator: the inside of fonts, of pictures and of the colour profile is left to veraPDF, at the archive.
What it says is broken is broken; each fault begins with the number of its clause.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator

import pikepdf
from lxml import etree
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

_HEADER = re.compile(rb"%PDF-1\.[0-7]\r?\n%[\x80-\xff]{4}")
_END = re.compile(rb"%%EOF\r?\n?\Z")
_PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")
_SYMBOLIC = 4  # of a font's /Flags
_ENCODINGS = ("/WinAnsiEncoding", "/MacRomanEncoding")
_PREDEFINED = ("/Identity-H", "/Identity-V")
_INVISIBLE, _HIDDEN, _PRINT, _NO_VIEW, _TOGGLED = 1, 2, 4, 32, 256  # of an annotation's /F
_SHOWN_NOTES = {"/Popup", "/Link"}  # need no appearance
_FORBIDDEN_NOTES = {"/3D", "/Sound", "/Screen", "/Movie"}
_ACTIONS = {"/GoTo", "/GoToR", "/GoToE", "/Thread", "/URI", "/Named", "/SubmitForm"}
_NAMED = {"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"}
_DEVICES = {"/DeviceGray": 0, "/DeviceRGB": 3, "/DeviceCMYK": 4}
_COLOURING = {
    "g": "/DeviceGray",
    "G": "/DeviceGray",
    "rg": "/DeviceRGB",
    "RG": "/DeviceRGB",
    "k": "/DeviceCMYK",
    "K": "/DeviceCMYK",
}
_BLENDS = re.compile(
    "/(Normal|Compatible|Multiply|Screen|Overlay|Darken|Lighten|Color|ColorDodge|ColorBurn|HardLight|SoftLight"
    "|Difference|Exclusion|Hue|Saturation|Luminosity)"
)
_SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
}
_SAME = (("/Title", "dc:title"), ("/Producer", "pdf:Producer"), ("/Creator", "xmp:CreatorTool"))
_DATES = (("/CreationDate", "xmp:CreateDate"), ("/ModDate", "xmp:ModifyDate"))
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def faults_of(data: bytes) -> tuple[str, ...]:
    """What keeps a PDF from being PDF/A-2b, as far as it is looked at (« 6.2.11.4: the font X is not embedded »)."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            things = tuple(_everything(pdf.trailer))
            found = [*_file(data, pdf)]
            for check in _CHECKS:
                found += check(pdf, things)
    except (pikepdf.PdfError, LookupError, TypeError, ValueError, AttributeError) as error:
        return (f"6.1: the file cannot be read ({error})",)
    return tuple(dict.fromkeys(found))


def _file(data: bytes, pdf: Pdf) -> Iterator[str]:
    if not _HEADER.match(data):
        yield "6.1.2: the header is not %PDF-1.n and a line of four bytes above 127"
    if not _END.search(data):
        yield "6.1.3: something follows the end of the file"
    if "/ID" not in pdf.trailer:
        yield "6.1.3: the trailer has no /ID"
    if pdf.is_encrypted:
        yield "6.1.3: the file is encrypted"


def _streams(_: Pdf, things: Iterable[Object]) -> Iterator[str]:
    for thing in things:
        if not isinstance(thing, Stream):
            continue
        if "/F" in thing:
            yield "6.1.7.1: a stream lies in another file"
        filters = thing.get("/Filter", ())
        for name in filters if isinstance(filters, Array) else [filters]:
            if str(name) in ("/LZWDecode", "/Crypt"):
                yield f"6.1.7.2: a stream is packed with {name}"
        if thing.get("/Subtype") == Name.PS or "/PS" in thing or "/OPI" in thing or "/Ref" in thing:
            yield "6.2.9: a form is PostScript, or stands for another file"
        if thing.get("/Subtype") == Name.Image and ("/Alternates" in thing or bool(thing.get("/Interpolate"))):
            yield "6.2.8: a picture has alternates, or is smoothed by the reader (/Interpolate)"


def _colours(pdf: Pdf, things: Iterable[Object]) -> Iterator[str]:
    intents = [one for one in pdf.Root.get("/OutputIntents", ()) if one.get("/S") == Name.GTS_PDFA1]
    profiles = [one.DestOutputProfile for one in intents if "/DestOutputProfile" in one]
    if len(profiles) != 1:
        yield f"6.2.3: {len(profiles)} output intents with a colour profile, not one"
    components = int(profiles[0].get("/N", 0)) if profiles else 0
    if profiles and profiles[0].read_bytes()[36:40] != b"acsp":
        yield "6.2.3: the colour profile is no ICC profile"
    for device in sorted(set(_devices(pdf, things))):
        if not components or _DEVICES[device] not in (0, components):
            yield f"6.2.4.3: colours are {device[1:]}, which the output intent does not cover"


def _devices(pdf: Pdf, things: Iterable[Object]) -> Iterator[str]:
    """The device colour spaces that pages, forms and pictures use."""
    for thing in things:
        space = thing.get("/ColorSpace", thing.get("/CS"))
        for one in space.as_list() if isinstance(space, Array) else [space]:
            if isinstance(one, Name) and str(one) in _DEVICES:
                yield str(one)
    forms = [thing for thing in things if thing.get("/Subtype") == Name.Form and isinstance(thing, Stream)]
    for drawn in (*pdf.pages, *forms):
        for instruction in pikepdf.parse_content_stream(drawn, " ".join(_COLOURING)):
            yield _COLOURING[str(instruction.operator)]


def _states(_: Pdf, things: Iterable[Object]) -> Iterator[str]:
    states = (state for thing in things for state in thing.get("/ExtGState", Dictionary()).values())
    for state in states:
        if "/TR" in state or state.get("/TR2", Name.Default) != Name.Default:
            yield "6.2.5: a graphics state has a transfer function (/TR)"
        blend = state.get("/BM", Name.Normal)
        for mode in blend.as_list() if isinstance(blend, Array) else [blend]:
            if not _BLENDS.fullmatch(str(mode)):
                yield f"6.2.10: the blend mode {mode} is unknown"


def _fonts(_: Pdf, things: Iterable[Object]) -> Iterator[str]:
    for font in things:
        if font.get("/Type") != Name.Font or font.get("/Subtype") == Name.Type3:
            continue
        name = str(font.get("/BaseFont", "/?"))[1:]
        if font.get("/Subtype") == Name.Type0:
            yield from _composite(font, name)
            continue
        descriptor = font.get("/FontDescriptor", Dictionary())
        if not any(program in descriptor for program in _PROGRAMS):
            yield f"6.2.11.4: the font {name} is not embedded"
        if descriptor.get("/FontName") not in (None, font.get("/BaseFont")):
            yield f"6.2.11.2: the font {name} is called {descriptor.FontName} in its descriptor"
        if font.get("/Subtype") == Name.TrueType:
            yield from _true_type(font, name, int(descriptor.get("/Flags", 0)))


def _composite(font: Object, name: str) -> Iterator[str]:
    inner = font.DescendantFonts[0]
    if inner.get("/Subtype") == Name.CIDFontType2 and "/CIDToGIDMap" not in inner:
        yield f"6.2.11.3.2: the font {name} does not say which glyph is which (/CIDToGIDMap)"
    encoding = font.get("/Encoding")
    if isinstance(encoding, Name) and str(encoding) not in _PREDEFINED:
        yield f"6.2.11.3.3: the font {name} needs the CMap {encoding}, which is not embedded"


def _true_type(font: Object, name: str, flags: int) -> Iterator[str]:
    encoding = font.get("/Encoding")
    if flags & _SYMBOLIC:
        if encoding is not None:
            yield f"6.2.11.6: the symbolic font {name} has an /Encoding"
        return
    base = encoding.get("/BaseEncoding") if isinstance(encoding, Dictionary) else encoding
    if str(base) not in _ENCODINGS:
        yield f"6.2.11.6: the font {name} has neither the encoding of Windows nor of the Macintosh"


def _annotations(pdf: Pdf, _: Iterable[Object]) -> Iterator[str]:
    for number, page in enumerate(pdf.pages, 1):
        for note in page.obj.get("/Annots", ()):
            yield from _annotation(note, f"an annotation of page {number}")


def _annotation(note: Object, which: str) -> Iterator[str]:
    kind, flags = str(note.get("/Subtype")), int(note.get("/F", 0))
    if kind in _FORBIDDEN_NOTES:
        yield f"6.3.1: {which} is a {kind[1:]}"
    if kind != "/Popup" and (not flags & _PRINT or flags & (_INVISIBLE | _HIDDEN | _NO_VIEW | _TOGGLED)):
        yield f"6.3.2: {which} is not printed, or hidden"
    if kind in _SHOWN_NOTES or _is_a_point(note):
        return
    looks = note.get("/AP")
    if looks is None or list(looks.keys()) != ["/N"]:
        yield f"6.3.3: {which} has no appearance, or more than the normal one"
    elif note.get("/FT") != Name.Btn and not isinstance(looks.N, Stream):
        yield f"6.3.3: {which} has an appearance that is not one drawing"


def _is_a_point(note: Object) -> bool:
    x0, y0, x1, y1 = (float(number) for number in note.get("/Rect", (0, 0, 0, 0)))
    return x0 == x1 and y0 == y1


def _forms(pdf: Pdf, _: Iterable[Object]) -> Iterator[str]:
    form = pdf.Root.get("/AcroForm", Dictionary())
    if bool(form.get("/NeedAppearances")) or "/XFA" in form:
        yield "6.4.1: the form is drawn by the reader (/NeedAppearances or /XFA)"
    if any("/A" in note for page in pdf.pages for note in page.obj.get("/Annots", ()) if "/FT" in note):
        yield "6.4.1: a field acts when it is clicked (/A)"


def _actions(pdf: Pdf, things: Iterable[Object]) -> Iterator[str]:
    for thing in things:
        if "/AA" in thing:
            yield "6.5.2: something happens by itself (/AA)"
        if "/JS" in thing or "/JavaScript" in thing:
            yield "6.5.1: there is a script"
        if thing.get("/Type") == Name.Action or ("/S" in thing and "/Next" in thing):
            kind = str(thing.get("/S"))
            if kind not in _ACTIONS or (kind == "/Named" and str(thing.get("/N")) not in _NAMED):
                yield f"6.5.1: an action is {kind[1:]}"
    if "/EmbeddedFiles" in pdf.Root.get("/Names", Dictionary()):
        yield "6.8: a file is attached"
    if "/AlternatePresentations" in pdf.Root.get("/Names", Dictionary()) or "/Requirements" in pdf.Root:
        yield "6.10: the file asks for a presentation, or for a reader of some kind"


def _metadata(pdf: Pdf, _: Iterable[Object]) -> Iterator[str]:
    if "/Metadata" not in pdf.Root:
        yield "6.6.2.1: there is no XMP"
        return
    try:
        xmp = etree.fromstring(pdf.Root.Metadata.read_bytes(), _PARSER)
    except etree.XMLSyntaxError:
        yield "6.6.2.1: the XMP is not well formed"
        return
    if (_said(xmp, "pdfaid:part"), _said(xmp, "pdfaid:conformance")) not in (("2", "B"), ("2", "U"), ("2", "A")):
        yield "6.6.4: the XMP does not say that it is PDF/A-2"
    info = pdf.trailer.get("/Info", Dictionary())
    for key, path in _SAME:
        if key in info and str(info[key]) != _said(xmp, path):
            yield f"6.6.3: {key[1:]} is not the same in /Info and in the XMP"
    for key, path in _DATES:
        if key in info and _digits(str(info[key])) != _digits(_said(xmp, path)):
            yield f"6.6.3: {key[1:]} is not the same in /Info and in the XMP"


def _said(xmp: etree._Element, path: str) -> str:
    """What the XMP says of a property, as an element or as an attribute."""
    found = xmp.xpath(f"//{path}//text() | //@{path}", namespaces=_SPACES)
    return "".join(map(str, found)).strip() if isinstance(found, list) else ""


def _digits(date: str) -> str:
    return re.sub(r"\D", "", date)[:14]


def _everything(root: Object) -> Iterator[Object]:
    """Every dictionary and stream that can be reached, once."""
    seen: set[tuple[int, int]] = set()
    waiting: list[Object] = [root]
    while waiting:
        thing = waiting.pop()
        if not isinstance(thing, (Array, Dictionary, Stream)):
            continue
        if thing.is_indirect:
            if thing.objgen in seen:
                continue
            seen.add(thing.objgen)
        if isinstance(thing, Array):
            waiting += thing.as_list()
            continue
        yield thing
        waiting += thing.values()


_CHECKS: tuple[Callable[[Pdf, tuple[Object, ...]], Iterator[str]], ...] = (
    _streams,
    _colours,
    _states,
    _fonts,
    _annotations,
    _forms,
    _actions,
    _metadata,
)
