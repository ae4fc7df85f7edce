"""Font subset for the packet's own words: the letters they need, cut out of Carlito and embedded once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import pikepdf
from reportlab.pdfbase.ttfonts import TTFontFace, TTFontFile

from pipeline.core.errors import ConversionError
from pipeline.forms.fonts import FAMILY, font_file

_SYMBOLIC = 4  # /Flags: the letters are numbered our way, not by a standard encoding


@dataclass(frozen=True)
class Lettering:
    """Font subset: letters numbered from 0 in the order of ``letters``; widths are thousandths of the size."""

    letters: str
    widths: tuple[int, ...]
    program: bytes = field(repr=False)
    metrics: Mapping[str, int | list[int]] = field(repr=False)

    def codes(self, text: str) -> str:
        """The text as a PDF writes it in this font, in hexadecimal."""
        return bytes(self.letters.index(letter) for letter in text).hex()

    def width(self, text: str, size: float) -> float:
        """How wide the text is, in points, at that size."""
        return sum(self.widths[self.letters.index(letter)] for letter in text) * size / 1000

    def embed(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        """The font as an object of an open packet, whole: widths, program, and what each code means."""
        name = pikepdf.Name(f"/LIASSE+{FAMILY}")
        descriptor = pikepdf.Dictionary(
            Type=pikepdf.Name.FontDescriptor,
            FontName=name,
            Flags=_SYMBOLIC,
            FontFile2=pdf.make_stream(self.program, Length1=len(self.program)),
        )
        for key, value in self.metrics.items():
            descriptor[f"/{key}"] = value
        return pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.TrueType,
                BaseFont=name,
                FirstChar=0,
                LastChar=len(self.letters) - 1,
                Widths=list(self.widths),
                FontDescriptor=pdf.make_indirect(descriptor),
                ToUnicode=pdf.make_stream(_meaning(self.letters)),
            )
        )


@cache
def lettering(letters: str) -> Lettering:
    """Those letters of Carlito; raises ToolMissing without the font, ConversionError if it lacks a letter."""
    face = _face()
    lacking = [letter for letter in letters if ord(letter) not in face.charToGlyph]
    if lacking:
        raise ConversionError(f"the font {FAMILY} has no {''.join(lacking)!r}.")
    return Lettering(
        letters=letters,
        widths=tuple(round(face.charWidths[ord(letter)]) for letter in letters),
        program=face.makeSubset([ord(letter) for letter in letters]),
        metrics={
            "Ascent": round(face.ascent),
            "Descent": round(face.descent),
            "CapHeight": round(face.capHeight),
            "ItalicAngle": round(face.italicAngle),
            "StemV": round(face.stemV),
            "FontBBox": list(map(round, face.bbox)),
        },
    )


@cache
def _face() -> TTFontFile:
    return TTFontFace(str(font_file()))


def _meaning(letters: str) -> bytes:
    """The CMap by which readers, search and copying know the letters."""
    pairs = "\n".join(f"<{code:02x}> <{ord(letter):04x}>" for code, letter in enumerate(letters))
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(letters)} beginbfchar\n{pairs}\nendbfchar\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end\n"
    ).encode("ascii")
