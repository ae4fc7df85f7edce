"""PDF/A-2b, clauses on fonts (6.2.11): embedded, called one way, encoded as an archive wants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pikepdf import Dictionary, Name, Object, Pdf

_PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")
_SYMBOLIC = 4  # of a font's /Flags
_ENCODINGS = ("/WinAnsiEncoding", "/MacRomanEncoding")
_PREDEFINED = ("/Identity-H", "/Identity-V")


def check_fonts(_: Pdf, things: Iterable[Object]) -> Iterator[str]:
    """Fonts that a reader of another day could not draw as we do."""
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
