"""Forms of ours whose pages say one thing and show another, made by changing one field or one page."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pikepdf
from own_answers import read_own
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from pipeline.forms.blank import Blank
from pipeline.forms.paper.placement import PAGE_HEIGHT
from pipeline.forms.paper.strips import place

INK = b"0 0 0.35 rg"


def changed(pdf: Pdf) -> bytes:
    """The bytes of a changed file."""
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def widget(pdf: Pdf, name: str) -> pikepdf.Object:
    """The field of that name, or the box of a group whose state is behind « = »."""
    field, _, state = name.partition("=")
    for page in pdf.pages:
        for one in page.obj.get("/Annots", ()):
            holder = one.get("/Parent", one)
            if str(holder.get("/T")) == field and (not state or f"/{state}" in one.AP.N):
                return one
    raise KeyError(name)


def page_of(pdf: Pdf, field: pikepdf.Object) -> pikepdf.Page:
    """The page on which a field lies."""
    return next(page for page in pdf.pages if any(one.objgen == field.objgen for one in page.obj.get("/Annots", ())))


def helvetica() -> Dictionary:
    """The font of most viewers."""
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)


def drawn(pdf: Pdf, field: pikepdf.Object, content: bytes, **resources: pikepdf.Object) -> None:
    """Give a field an appearance of its own."""
    x0, y0, x1, y1 = (float(one) for one in field.Rect)
    look = Stream(pdf, content)
    look.Type, look.Subtype = Name.XObject, Name.Form
    look.BBox = Array([0, 0, x1 - x0, y1 - y0])
    fonts = Dictionary(Helv=resources.pop("font", helvetica()))
    look.Resources = Dictionary(Font=fonts, **resources)
    field.AP = Dictionary(N=pdf.make_indirect(look))


def typed(text: str, size: float = 9, before: bytes = INK) -> bytes:
    """The content of an appearance: one line."""
    line = text.encode("cp1252").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"q BT %b /Helv %g Tf 2 3.5 Td (%b) Tj ET Q" % (before, size, line)


def lying(pairs: Iterable[tuple[str, str]]) -> bytes:
    """A ToUnicode map by which letters that are drawn are said to be others."""
    lines = [f"<{ord(shown):02X}> <{ord(said):04X}>".encode() for shown, said in pairs]
    return (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n%d beginbfchar\n%b\nendbfchar\nendcmap end end"
        % (len(lines), b"\n".join(lines))
    )


def added(pdf: Pdf, page: pikepdf.Page, content: bytes, *, under: bool = False) -> None:
    """Paint on a page, over everything or under it."""
    page.add_resource(helvetica(), Name.Font, Name.Helv)
    page.contents_coalesce()
    own = b"q " + page.Contents.read_bytes() + b" Q"  # some programs leave their own scale behind
    parts = (content, own) if under else (own, content)
    page.Contents = Stream(pdf, b" ".join((b"q", parts[0], b"Q q", parts[1], b"Q")))


def zone_of(blank: Blank, slot: str) -> tuple[int, float, float, float, float]:
    """The page (from 1) of a slot and its box from the bottom left, as PDF counts."""
    zone = next(zone for zone in place(blank).zones if zone.slot.name == slot)
    x0, top, x1, bottom = zone.box
    return zone.page, x0, PAGE_HEIGHT - bottom, x1, PAGE_HEIGHT - top


def told(data: bytes, blank: Blank) -> dict[str, str]:
    """Path to « CODE : pourquoi » of each field in doubt, and what was told of the pages under an empty path."""
    reading = read_own(data, blank)
    found = {field.path: str(field.doubt) for field in reading.fields if field.doubt}
    return found | ({"": " | ".join(stray.text for stray in reading.strays)} if reading.strays else {})
