"""Slyer PDF techniques: scaled boxes, colours that are no ink, layers by rule, half covers, fonts that lie."""

from __future__ import annotations

import random

from lying_font import drawn_as, font, said_for
from pdf_tools import INK, edited, fill, literal, rect_of, size_for, words
from pikepdf import Array, Dictionary, Name, String
from scenes import Scene
from seen import WRITTEN, Paper, Seen, technique
from techniques_appearance import Pen, appearance, drawn
from techniques_printed import Sheet, on_pages

GROUND = b"0.941 0.961 0.98 rg"


def _tinted(pen: Pen, space: Array, tint: bytes) -> bytes:
    pen.resources.ColorSpace = Dictionary(Own=space)
    return pen.words(pen.new, b"/Own cs %b scn" % tint)


@appearance(Seen.NOTHING)
def white_by_a_tint(pen: Pen) -> bytes:
    """A spot colour whose full tint is white."""
    ramp = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1, 1, 1]), C1=Array([1, 1, 1]), N=1)
    return _tinted(pen, Array([Name.Separation, Name("/Noir"), Name.DeviceRGB, ramp]), b"1")


@appearance(Seen.NOTHING)
def white_of_lab(pen: Pen) -> bytes:
    """White in the colours of Lab."""
    white = Dictionary(WhitePoint=Array([0.9505, 1, 1.089]), Range=Array([-100, 100, -100, 100]))
    return _tinted(pen, Array([Name.Lab, white]), b"100 0 0")


@appearance(Seen.NOTHING)
def white_of_cmyk(pen: Pen) -> bytes:
    """No cyan, no magenta, no yellow, no black."""
    return pen.words(pen.new, b"0 0 0 0 k")


@appearance(Seen.NOTHING)
def white_of_a_palette(pen: Pen) -> bytes:
    """The second colour of a palette, which is white."""
    return _tinted(pen, Array([Name.Indexed, Name.DeviceRGB, 1, String(b"\x00\x00\x00\xff\xff\xff")]), b"1")


@appearance(Seen.NOTHING)
def small_by_its_matrix(pen: Pen) -> bytes:
    """Letters of nine points in coordinates of a fiftieth."""
    return b"q 0.02 0 0 0.02 3 3 cm " + pen.words(pen.new) + b" Q"


@appearance(Seen.UNSURE)
def letters_in_a_heap(pen: Pen) -> bytes:
    """Letters moved back on each other."""
    return pen.words(pen.new, tune=b"-4.6 Tc")


@appearance(Seen.NOTHING)
def layer_off_by_default(pen: Pen) -> bytes:
    """In a layer of a file whose layers are off unless one is named."""
    group = pen.pdf.layer_off()
    pen.pdf.pdf.Root.OCProperties.D = Dictionary(BaseState=Name.OFF, Order=Array([group]))
    pen.resources.Properties = Dictionary(Mc=group)
    return b"/OC /Mc BDC " + pen.words(pen.new) + b" EMC"


@appearance(Seen.NOTHING)
def layer_off_by_membership(pen: Pen) -> bytes:
    """In a membership of layers that wants all of them off shown, and one is off."""
    group = pen.pdf.layer_off()
    pen.resources.Properties = Dictionary(
        Mc=pen.pdf.pdf.make_indirect(Dictionary(Type=Name.OCMD, OCGs=Array([group]), P=Name.AllOn))
    )
    return b"/OC /Mc BDC " + pen.words(pen.new) + b" EMC"


@appearance(Seen.UNSURE, printed=False)
def inner_form_of_a_layer(pen: Pen) -> bytes:
    """In a form within the appearance that belongs to a layer that is off: Ghostscript draws it."""
    box = (0, 0, pen.width, pen.height)
    inner = pen.pdf.form(pen.words(pen.new), box, Dictionary(Font=Dictionary(Helv=pen.pdf.font())))
    inner.OC = pen.pdf.layer_off()
    pen.resources.XObject = Dictionary(In=inner)
    return b"/In Do"


@appearance(Seen.OLD)
def hidden_letter_within(pen: Pen) -> bytes:
    """The old value with a letter in no ink within."""
    size = size_for(pen.old, pen.width, pen.height)
    low = pen.height - size - 1.5 if pen.height > 24 else (pen.height - 0.68 * size) / 2
    first, rest = literal(pen.old[:1]), literal(pen.old[1:])
    return b" BT %b /Helv %.2f Tf 1 0 0 1 2 %.2f Tm %b Tj 3 Tr 0.1 Tz (9) Tj 0 Tr 100 Tz %b Tj ET " % (
        INK, size, low, first, rest,
    )  # fmt: skip


@appearance(Seen.UNSURE, value="old")
def tail_covered(pen: Pen) -> bytes:
    """The last third of the value is under a rectangle."""
    wide = _length(pen.old, pen.width, pen.height)
    return pen.words(pen.old) + fill((2 + wide * 0.66, 0, 4 + wide, pen.height), GROUND, 0.0)


@appearance(Seen.UNSURE, value="old")
def lower_half_covered(pen: Pen) -> bytes:
    """The lower half of the letters is under a rectangle."""
    size = size_for(pen.old, pen.width, pen.height)
    low = pen.height - size - 1.5 if pen.height > 24 else (pen.height - 0.68 * size) / 2
    return pen.words(pen.old) + fill((0, low - 3, pen.width, low + size * 0.42), GROUND, 0.0)


@appearance(Seen.UNSURE, value="old")
def sign_drawn_behind(pen: Pen) -> bytes:
    """A nought drawn as a curve behind the value."""
    left = 2.5 + _length(pen.old, pen.width, pen.height)
    low, wide, high = pen.height / 2 - 3, 2.2, 3.1
    return pen.words(pen.old) + (
        b" 0 0 0.35 RG 0.8 w %.2f %.2f m %.2f %.2f %.2f %.2f %.2f %.2f c %.2f %.2f %.2f %.2f %.2f %.2f c S"
        % (
            left, low + high, left, low + 2 * high, left + 2 * wide, low + 2 * high, left + 2 * wide, low + high,
            left + 2 * wide, low, left, low, left, low + high,
        )
    )  # fmt: skip


def _length(text: str, width: float, height: float) -> float:
    return size_for(text, width, height) * 0.53 * len(text)


def _own_font(pen: Pen) -> None:
    data, widths = font()
    file = pen.pdf.stream(data, Length1=len(data))
    about = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name("/Carlito"),
        Flags=32,
        FontBBox=Array([-500, -300, 1200, 1000]),
        ItalicAngle=0,
        Ascent=950,
        Descent=-270,
        CapHeight=640,
        StemV=80,
        FontFile2=pen.pdf.pdf.make_indirect(file),
    )
    pen.resources.Font.Own = pen.pdf.pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=Name("/Carlito"),
            Encoding=Name.WinAnsiEncoding,
            FirstChar=32,
            LastChar=255,
            Widths=Array(widths),
            FontDescriptor=pen.pdf.pdf.make_indirect(about),
        )
    )


@appearance(Seen.OLD)
def font_program_that_lies(pen: Pen) -> bytes:
    """A font whose program draws other letters than its codes say; the field holds the new value."""
    _own_font(pen)
    said = said_for(pen.old)
    assert drawn_as(said) == pen.old
    return pen.words(said, font="Own")


@technique(Paper.FILLABLE, Seen.OLD, kinds=WRITTEN)
def font_and_value_that_lie(scene: Scene, _: random.Random) -> bytes:
    """The field holds what the codes say, and the font's program draws the old value."""
    with edited(drawn(scene, font_program_that_lies, "old")) as pdf:
        _, widget = pdf.place(scene)
        widget.V = String(said_for(scene.old))
    return pdf.result


# The widget


@technique(Paper.FILLABLE, Seen.NOTHING, kinds=WRITTEN)
def appearance_scaled_down(scene: Scene, _: random.Random) -> bytes:
    """The box of the appearance is two hundred times the widget's: letters become specks."""
    return _boxed(scene, (0, 0, 20_000, 3_000))


@technique(Paper.FILLABLE, Seen.NOTHING, kinds=WRITTEN)
def appearance_beside_its_box(scene: Scene, _: random.Random) -> bytes:
    """The box of the appearance begins far behind the letters."""
    return _boxed(scene, (2_000, 0, 2_100, 15))


def _boxed(scene: Scene, box: tuple[float, ...]) -> bytes:
    with edited(scene.fillable("new")) as pdf:
        _, widget = pdf.place(scene)
        x0, y0, x1, y1 = rect_of(widget)
        fonts = Dictionary(Font=Dictionary(Helv=pdf.font()))
        widget.AP = Dictionary(N=pdf.form(words(scene.new, x1 - x0, y1 - y0), box, fonts))
    return pdf.result


@technique(Paper.FILLABLE, Seen.UNSURE, kinds=WRITTEN)
def white_by_default(scene: Scene, _: random.Random) -> bytes:
    """No appearance, and a default look of white letters: what viewers draw is not seen."""
    return _looking(scene, "/Helv 9 Tf 1 g", keep=False)


@technique(Paper.FILLABLE, Seen.UNSURE, kinds=WRITTEN)
def tiny_by_default(scene: Scene, _: random.Random) -> bytes:
    """No appearance, and a default look of letters of a fifth of a point."""
    return _looking(scene, "/Helv 0.2 Tf 0 g", keep=False)


def _looking(scene: Scene, look: str, *, keep: bool) -> bytes:
    with edited(scene.fillable("new")) as pdf:
        _, widget = pdf.place(scene)
        widget.DA = String(look)
        if not keep:
            del widget.AP
        pdf.pdf.Root.AcroForm.NeedAppearances = True
    return pdf.result


@technique(Paper.FILLABLE, Seen.OLD, kinds=WRITTEN)
def value_of_the_parent(scene: Scene, _: random.Random) -> bytes:
    """The field is the child of one of its name that holds the new value; it shows its own, the old one."""
    with edited(scene.fillable("old")) as pdf:
        _, widget = pdf.place(scene)
        fields = pdf.pdf.Root.AcroForm.Fields
        parent = pdf.pdf.make_indirect(
            Dictionary(FT=Name.Tx, T=String(str(widget["/T"])), V=String(scene.new), Kids=Array([widget]))
        )
        fields[next(n for n, one in enumerate(fields) if one.objgen == widget.objgen)] = parent
        widget.Parent = parent
        del widget["/T"]
        del widget["/V"]
    return pdf.result


@technique(Paper.FILLABLE, Seen.UNSURE)
def widget_on_another_page(scene: Scene, _: random.Random) -> bytes:
    """The widget stands on another page, at the same height."""
    with edited(scene.fillable("new")) as pdf:
        page, widget = pdf.place(scene, "new")
        page.obj.Annots = Array([one for one in page.obj.Annots if one.objgen != widget.objgen])
        other = pdf.pdf.pages[(page.index + 1) % len(pdf.pdf.pages)]
        if len(pdf.pdf.pages) == 1:
            widget.F = 2
        if "/Annots" not in other.obj:
            other.obj.Annots = Array()
        other.obj.Annots.append(widget)
        widget.P = other.obj
    return pdf.result


def _without_looks(scene: Scene, subtype: str, **entries: object) -> bytes:
    """An annotation over the old answer that viewers draw themselves, if they do."""
    with edited(scene.fillable("old")) as pdf:
        page, widget = pdf.place(scene)
        x0, y0, x1, y1 = rect_of(widget)
        middle = (y0 + y1) / 2
        places = {
            "QuadPoints": Array([x0, y1, x1, y1, x0, y0, x1, y0]),
            "L": Array([x0, middle, x1, middle]),
            "InkList": Array([Array([x0, y0, x1, y1]), Array([x0, y1, x1, y0])]),
            "Vertices": Array([x0, y0, x1, y0, x1, y1, x0, y1]),
        }
        wanted = {"StrikeOut": "QuadPoints", "Line": "L", "Ink": "InkList", "Polygon": "Vertices"}.get(subtype)
        more = {wanted: places[wanted]} if wanted else {}
        pdf.annotate(page, subtype, (x0, y0, x1, y1), None, C=Array([0.8, 0, 0]), **more, **entries)
    return pdf.result


for _kind, _entries in {
    "Square": {"IC": Array([1, 1, 1])},
    "Circle": {"IC": Array([1, 1, 1])},
    "Polygon": {"IC": Array([1, 1, 1])},
    "StrikeOut": {},
    "Line": {},
    "Ink": {},
    "FreeText": {"Contents": String("voir mail"), "DA": String("/Helv 9 Tf 1 0 0 rg")},
}.items():
    technique(Paper.FILLABLE, Seen.UNSURE, name=f"viewers_draw_{_kind.lower()}")(
        lambda scene, _, kind=_kind, entries=_entries: _without_looks(scene, kind, **entries)
    )

for _kind in ("Watermark", "Circle", "Polygon", "Caret", "Screen", "Stamp"):

    def _opaque(scene: Scene, _: random.Random, kind: str = _kind) -> bytes:
        with edited(scene.fillable("new")) as pdf:
            page, widget = pdf.place(scene, "new")
            rect = rect_of(widget)
            pdf.annotate(page, kind, rect, fill((0, 0, rect[2] - rect[0], rect[3] - rect[1]), GROUND, 0.0))
        return pdf.result

    technique(Paper.FILLABLE, Seen.UNSURE, name=f"opaque_{_kind.lower()}")(_opaque)


@technique(Paper.FILLABLE, Seen.UNSURE, kinds=("text", "date", "amount", "key"))
def tail_under_an_annotation(scene: Scene, _: random.Random) -> bytes:
    """The last letters are under a square of the field's colour."""
    with edited(scene.fillable("old")) as pdf:
        page, widget = pdf.place(scene)
        x0, y0, x1, y1 = rect_of(widget)
        content = words(scene.old, x1 - x0, y1 - y0)
        widget.AP = Dictionary(
            N=pdf.form(content, (0, 0, x1 - x0, y1 - y0), Dictionary(Font=Dictionary(Helv=pdf.font())))
        )
        wide = size_for(scene.old, x1 - x0, y1 - y0) * 0.53 * len(scene.old)
        place = (x0 + 2 + wide * 0.66, y0, min(x1, x0 + 6 + wide), y1)
        pdf.annotate(page, "Square", place, fill((0, 0, place[2] - place[0], y1 - y0), GROUND, 0.0))
    return pdf.result


# The printed page


@on_pages(Seen.NOTHING, "new")
def clipped_around(sheet: Sheet) -> None:
    """All the page is painted in a clip that leaves the answer out."""
    x0, y0, x1, y1 = sheet.boxes["new"]
    clip = b"q 0 0 2000 2000 re %.2f %.2f %.2f %.2f re W* n " % (x0, y0, x1 - x0, y1 - y0)
    sheet.page.contents_add(clip, prepend=True)
    sheet.page.contents_add(b" Q", prepend=False)


@on_pages(Seen.NOTHING, "new")
def screened_cover(sheet: Sheet) -> None:
    """A white rectangle of blend mode Screen."""
    state = Dictionary(Gs=Dictionary(Type=Name.ExtGState, BM=Name.Screen))
    sheet.paint(b"q /Gs gs " + fill(sheet.boxes["new"], b"1 g", -0.6) + b" Q", ExtGState=state)


@on_pages(Seen.NOTHING, "new")
def stencil_over(sheet: Sheet) -> None:
    """A picture that is a stencil, painted white."""
    x0, y0, x1, y1 = sheet.boxes["new"]
    picture = b"q 1 g %.2f 0 0 %.2f %.2f %.2f cm BI /W 1 /H 1 /BPC 1 /IM true /D [1 0] ID \xff EI Q" % (
        x1 - x0, y1 - y0, x0, y0,
    )  # fmt: skip
    sheet.paint(picture)


@on_pages(Seen.NOTHING, "new")
def dots_over(sheet: Sheet) -> None:
    """Thirty white lines, each too thin to hide a letter."""
    x0, y0, x1, y1 = sheet.boxes["new"]
    step = (y1 - y0) / 30
    lines = b" ".join(b"%.2f %.2f m %.2f %.2f l" % (x0, y0 + step * n, x1, y0 + step * n) for n in range(1, 30))
    sheet.paint(b"q 1 G [] 0 d %.2f w %b S Q" % (step * 1.3, lines))


@on_pages(Seen.UNSURE, "old", kinds=("text", "date", "amount", "key"))
def tail_under_a_rectangle(sheet: Sheet) -> None:
    """The last letters are under a rectangle."""
    x0, y0, x1, y1 = sheet.boxes["old"]
    wide = _length(sheet.scene.old, x1 - x0, y1 - y0)
    sheet.paint(fill((x0 + wide * 0.8, y0, x1, y1), GROUND, -0.4))


@on_pages(Seen.UNSURE, "old", kinds=("text", "date", "amount", "key"))
def head_rewritten(sheet: Sheet) -> None:
    """The first letter is covered, and another written on the cover."""
    x0, y0, x1, y1 = sheet.boxes["old"]
    size = size_for(sheet.scene.old, x1 - x0, y1 - y0)
    place = (x0 + 0.6, y0 + 0.6, x0 + 2 + size * 0.75, y1 - 0.6)
    low = y1 - size - 1.5 if y1 - y0 > 24 else y0 + (y1 - y0 - 0.68 * size) / 2
    line = b" BT 0 0 0.35 rg /Helv %.2f Tf 1 0 0 1 %.2f %.2f Tm (8) Tj ET" % (size, x0 + 2, low)
    sheet.paint(fill(place, GROUND, 0.0) + line)


@on_pages(Seen.UNSURE, "old", kinds=("amount",))
def figure_drawn_behind(sheet: Sheet) -> None:
    """A nought drawn as a curve behind the amount."""
    x0, y0, x1, y1 = sheet.boxes["old"]
    left = x0 + 4 + _length(sheet.scene.old, x1 - x0, y1 - y0) * 1.35
    low = (y0 + y1) / 2 - 3
    sheet.paint(
        b"0 0 0.35 RG 0.9 w %.2f %.2f m %.2f %.2f %.2f %.2f %.2f %.2f c %.2f %.2f %.2f %.2f %.2f %.2f c S"
        % (
            left,
            low + 3,
            left,
            low + 6,
            left + 4,
            low + 6,
            left + 4,
            low + 3,
            left + 4,
            low,
            left,
            low,
            left,
            low + 3,
        )
    )


@on_pages(Seen.UNSURE, "old")
def answers_side_by_side(sheet: Sheet) -> None:
    """The new answer written beside the old one, in the same box (a tick: in its own)."""
    if sheet.scene.kind == "tick":
        sheet.paint(sheet.write("new"))
        return
    x0, y0, x1, _ = sheet.boxes["old"]
    sheet.paint(
        b" BT 0.7 0 0 rg /Helv 5 Tf 1 0 0 1 %.2f %.2f Tm %b Tj ET"
        % (x0 + (x1 - x0) * 0.5, y0 + 1, literal(sheet.scene.new))
    )
