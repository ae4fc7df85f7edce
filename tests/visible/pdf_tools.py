"""PDF surgery for forged forms: widgets, appearances, page contents, fonts and layers, by pikepdf."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from forms_filler import print_pdf
from pikepdf import Array, Dictionary, Name, Object, Page, PageCopyWarning, Pdf, Stream, String
from reportlab.pdfbase import _fontdata
from scenes import Scene

_GLYPHS = {
    bytes([code]).decode("cp1252"): name
    for code, name in enumerate(_fontdata.encodings["WinAnsiEncoding"])
    if name and code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
INK = b"0 0 0.35 rg"
Rect = tuple[float, float, float, float]


class Editing:
    """A PDF being changed; ``result`` holds its bytes once the block is left."""

    result: bytes

    def __init__(self, data: bytes) -> None:
        self.pdf = Pdf.open(io.BytesIO(data))

    def widgets(self, name: str) -> Iterator[tuple[Page, Object]]:
        """The widgets of a field by its AcroForm name, with their pages."""
        for page in self.pdf.pages:
            for annotation in page.obj.get("/Annots", Array()):
                holder = annotation.get("/Parent", annotation)
                if str(holder.get("/T", "")) == name:
                    yield page, annotation

    def place(self, scene: Scene, which: str = "old") -> tuple[Page, Object]:
        """The widget of the answer, ``old`` or ``new`` (they differ where a box is ticked)."""
        slot = next(slot for slot in scene.blank.slots() if slot.name == scene.slots[which])
        if slot.option is None:
            return next(self.widgets(slot.pdf_name))
        for page, widget in self.widgets(slot.path.replace(".", "/")):
            if f"/{slot.option}" in widget.AP.N:
                return page, widget
        return next(self.widgets(slot.pdf_name))

    def font(self, base: str = "Helvetica", **entries: Object) -> Object:
        """A simple font of the standard ones."""
        return self.pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type1,
                BaseFont=Name(f"/{base}"),
                **({"Encoding": Name.WinAnsiEncoding} | entries),
            )
        )

    def stream(self, data: bytes, **entries: object) -> Stream:
        """A stream with these entries."""
        made = Stream(self.pdf, data)
        for key, value in entries.items():
            made[f"/{key}"] = value
        return made

    def form(self, content: bytes, box: Sequence[float], resources: Object) -> Object:
        """A form XObject."""
        return self.pdf.make_indirect(
            self.stream(
                content,
                Type=Name.XObject,
                Subtype=Name.Form,
                BBox=Array([round(n, 2) for n in box]),
                Resources=resources,
            )
        )

    def layer_off(self) -> Object:
        """An optional content group that no viewer shows."""
        group = self.pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Calque")))
        self.pdf.Root.OCProperties = Dictionary(
            OCGs=Array([group]), D=Dictionary(OFF=Array([group]), Order=Array([group]))
        )
        return group

    def add(self, page: Page, content: bytes, resources: Object, *, first: bool = False) -> None:
        """Paint more on a page: a form XObject of its own, over what is there (or under it)."""
        box = [float(n) for n in page.mediabox]
        painted = self.form(content, box, resources)
        page.contents_add(b"q ", prepend=True)
        page.contents_add(b" Q", prepend=False)
        name = page.add_resource(painted, Name.XObject)
        page.contents_add(f"q {name} Do Q".encode(), prepend=first)

    def annotate(self, page: Page, subtype: str, rect: Rect, content: bytes | None, **entries: object) -> Object:
        """An annotation over a place of a page, with an appearance drawn in coordinates of its own box."""
        x0, y0, x1, y1 = rect
        made = Dictionary(Type=Name.Annot, Subtype=Name(f"/{subtype}"), Rect=Array(list(rect)), F=4)
        for key, value in entries.items():
            made[f"/{key}"] = value
        if content is not None:
            fonts = Dictionary(Font=Dictionary(Helv=self.font()))
            made.AP = Dictionary(N=self.form(content, (0, 0, x1 - x0, y1 - y0), fonts))
        whole = self.pdf.make_indirect(made)
        if "/Annots" not in page.obj:
            page.obj.Annots = Array()
        page.obj.Annots.append(whole)
        return whole


@contextmanager
def edited(data: bytes) -> Iterator[Editing]:
    """A PDF to change in a block; once that is left, ``result`` holds the new bytes."""
    editing = Editing(data)
    yield editing
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PageCopyWarning)  # widgets without a form are what some techniques make
        editing.pdf.save(buffer, static_id=True)
    editing.result = buffer.getvalue()


def rect_of(annotation: Object) -> Rect:
    """The rectangle of an annotation, from the bottom left of its page."""
    x0, y0, x1, y1 = (float(n) for n in annotation.Rect)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def glyph_name(letter: str) -> str:
    """The name of a letter's glyph, as fonts of Western Europe call it."""
    return _GLYPHS.get(letter, f"uni{ord(letter):04X}")


def literal(text: str) -> bytes:
    """A PDF string in the letters of Western Europe."""
    raw = text.replace("\n", " ").encode("cp1252", "replace")
    return b"(" + raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)") + b")"


def size_for(text: str, width: float, height: float) -> float:
    """A size at which a text fits a box."""
    return round(max(3.0, min(9.0, height * 0.72, (width - 4) / max(len(text), 1) / 0.56)), 2)


def words(
    text: str, width: float, height: float, ink: bytes = INK, *, font: str = "Helv", tune: bytes = b""
) -> bytes:
    """The operators that write a text in a box whose corner is the origin."""
    size = size_for(text, width, height)
    low = height - size - 1.5 if height > 24 else (height - 0.68 * size) / 2
    return b" BT %b /%b %.2f Tf %b 1 0 0 1 2 %.2f Tm %b Tj ET " % (
        ink,
        font.encode(),
        size,
        tune,
        low,
        literal(text),
    )


def cross(width: float, height: float) -> bytes:
    """The operators that tick a box with a cross."""
    return b"0 0 0.35 RG 1.3 w 1.9 1.9 m %.2f %.2f l S 1.9 %.2f m %.2f 1.9 l S" % (
        width - 1.9,
        height - 1.9,
        height - 1.9,
        width - 1.9,
    )


def answer(scene: Scene, which: str, width: float, height: float) -> bytes:
    """The operators that draw an answer in its box: a text, or a cross."""
    return cross(width, height) if scene.kind == "tick" else words(getattr(scene, which), width, height)


def at(rect: Rect, content: bytes) -> bytes:
    """Operators moved to a place of the page."""
    return b" q 1 0 0 1 %.2f %.2f cm " % (rect[0], rect[1]) + content + b" Q "


def fill(rect: Rect, colour: bytes = b"1 g", margin: float = 1.0) -> bytes:
    """A filled rectangle."""
    x0, y0, x1, y1 = rect
    return b" q %b %.2f %.2f %.2f %.2f re f Q " % (
        colour,
        x0 - margin,
        y0 - margin,
        x1 - x0 + 2 * margin,
        y1 - y0 + 2 * margin,
    )


def flatten(data: bytes) -> bytes:
    """The fields made part of the pages."""
    with edited(data) as pdf:
        pdf.pdf.flatten_annotations("screen")
        for page in pdf.pdf.pages:
            if "/Annots" in page.obj:
                page.obj.Annots = Array([one for one in page.obj.Annots if one.get("/Subtype") != Name.Widget])
        if "/AcroForm" in pdf.pdf.Root:
            del pdf.pdf.Root.AcroForm
    return pdf.result


@dataclass(frozen=True)
class Base:
    """A printed or flattened form and where its answers stand: the widgets of the form it was made from."""

    data: bytes
    page: int
    boxes: dict[str, Rect]


def printed(scene: Scene, which: str, how: str) -> Base:
    """The form with one answer, flattened or printed (``how``), and the boxes of the old and new answer."""
    make = flatten if how == "flattened" else print_pdf
    data = scene.once(f"{how} {which}", lambda: make(scene.fillable(which)))
    editing = Editing(scene.fillable("nothing"))
    boxes = {}
    for name in ("old", "new"):
        page, widget = editing.place(scene, name)
        boxes[name] = rect_of(widget)
    return Base(data, page.index, boxes)
