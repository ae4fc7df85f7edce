"""Techniques in what a field's widget draws: its value in the file is the new one, its appearance another thing.

Each is used three ways: as a fillable form, flattened, and printed by poppler's cairo.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from forms_filler import print_pdf
from pdf_tools import INK, Editing, edited, fill, flatten, glyph_name, literal, rect_of, size_for, words
from pikepdf import Array, Dictionary, Name, Object
from scenes import Scene
from seen import WRITTEN, Paper, Seen, technique


@dataclass
class Pen:
    """What an appearance is drawn with: the box (corner at the origin), both texts, and the resources to add to."""

    pdf: Editing
    old: str
    new: str
    width: float
    height: float
    resources: Object

    def words(self, text: str, ink: bytes = INK, *, font: str = "Helv", tune: bytes = b"") -> bytes:
        """A text in the box."""
        return words(text, self.width, self.height, ink, font=font, tune=tune)

    def state(self, **entries: object) -> bytes:
        """An extended graphics state, and the operator that sets it."""
        made = Dictionary(Type=Name.ExtGState)
        for key, value in entries.items():
            made[f"/{key}"] = value
        self.resources.ExtGState = Dictionary(Gs=made)
        return b"/Gs gs "


Draw = Callable[[Pen], bytes]


def appearance(seen: Seen, *, value: str = "new", printed: bool = True) -> Callable[[Draw], Draw]:
    """Enter a way to draw an answer; ``value`` is what the field holds in the file.

    ``printed`` is false for what cairo prints otherwise than it is seen.
    """

    def enter(draw: Draw) -> Draw:
        def fillable(scene: Scene, _: random.Random) -> bytes:
            return drawn(scene, draw, value)

        name = draw.__name__
        technique(Paper.FILLABLE, seen, kinds=WRITTEN, name=name)(fillable)
        technique(Paper.FLAT, seen, kinds=WRITTEN, name=name)(lambda scene, rng: flatten(fillable(scene, rng)))
        if printed:
            technique(Paper.PRINTED, seen, kinds=WRITTEN, name=name)(
                lambda scene, rng: print_pdf(fillable(scene, rng))
            )
        return draw

    return enter


def drawn(scene: Scene, draw: Draw, value: str) -> bytes:
    """The fillable form whose field holds one value, and is drawn by ``draw``."""
    with edited(scene.fillable(value)) as pdf:
        _, widget = pdf.place(scene)
        x0, y0, x1, y1 = rect_of(widget)
        resources = Dictionary(Font=Dictionary(Helv=pdf.font()))
        pen = Pen(pdf, scene.old, scene.new, x1 - x0, y1 - y0, resources)
        content = draw(pen)
        widget.AP = Dictionary(N=pdf.form(content, (0, 0, pen.width, pen.height), resources))
    return pdf.result


@appearance(Seen.OLD)
def appearance_of_another_value(pen: Pen) -> bytes:
    """The value is the new one, the old one is drawn."""
    return pen.words(pen.old)


@appearance(Seen.NOTHING)
def white_ink(pen: Pen) -> bytes:
    """White on the pale ground of the field."""
    return pen.words(pen.new, b"1 g")


@appearance(Seen.NOTHING)
def near_white_ink(pen: Pen) -> bytes:
    """Nearly white."""
    return pen.words(pen.new, b"0.96 0.96 0.97 rg")


@appearance(Seen.NOTHING)
def ink_of_the_ground(pen: Pen) -> bytes:
    """The very colour of the field's ground."""
    return pen.words(pen.new, b"0.941 0.961 0.98 rg")


@appearance(Seen.NOTHING)
def no_rendering(pen: Pen) -> bytes:
    """Text mode 3: neither filled nor stroked."""
    return pen.words(pen.new, tune=b"3 Tr")


@appearance(Seen.NOTHING)
def clip_only(pen: Pen) -> bytes:
    """Text mode 7: only added to the clip."""
    return pen.words(pen.new, tune=b"7 Tr")


@appearance(Seen.NOTHING)
def clipped_away(pen: Pen) -> bytes:
    """A clip that holds no letter."""
    return b"q 0 0 m 1.5 0 l 0 1.5 l h W n " + pen.words(pen.new) + b" Q"


@appearance(Seen.NOTHING)
def tiny_letters(pen: Pen) -> bytes:
    """Letters of a fifth of a point."""
    return b"BT %b /Helv 0.2 Tf 1 0 0 1 2 2 Tm %b Tj ET" % (INK, literal(pen.new))


@appearance(Seen.NOTHING)
def out_of_the_box(pen: Pen) -> bytes:
    """Written far beside the box of the appearance."""
    return b"q 1 0 0 1 900 0 cm " + pen.words(pen.new) + b" Q"


@appearance(Seen.NOTHING)
def raised_out(pen: Pen) -> bytes:
    """Text rise of 300 points."""
    return pen.words(pen.new, tune=b"300 Ts")


@appearance(Seen.NOTHING)
def squeezed(pen: Pen) -> bytes:
    """Letters of a hundredth of their width."""
    return pen.words(pen.new, tune=b"1 Tz")


@appearance(Seen.NOTHING)
def see_through(pen: Pen) -> bytes:
    """Ink of no opacity."""
    return b"q " + pen.state(ca=0, CA=0) + pen.words(pen.new) + b" Q"


@appearance(Seen.NOTHING)
def hardly_there(pen: Pen) -> bytes:
    """Ink of two per cent."""
    return b"q " + pen.state(ca=0.02, CA=0.02) + pen.words(pen.new) + b" Q"


@appearance(Seen.NOTHING)
def multiplied_white(pen: Pen) -> bytes:
    """White that is multiplied with the ground."""
    return b"q " + pen.state(BM=Name.Multiply) + pen.words(pen.new, b"1 g") + b" Q"


@appearance(Seen.NOTHING, printed=False)
def soft_mask(pen: Pen) -> bytes:
    """A soft mask that lets nothing through."""
    box = (0, 0, pen.width, pen.height)
    group = pen.pdf.form(b"0 g 0 0 %.2f %.2f re f" % (pen.width, pen.height), box, Dictionary())
    group.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
    mask = Dictionary(Type=Name.Mask, S=Name.Luminosity, G=group)
    return b"q " + pen.state(SMask=mask) + pen.words(pen.new) + b" Q"


@appearance(Seen.NOTHING)
def painted_over(pen: Pen) -> bytes:
    """Covered by a rectangle of the field's ground."""
    return pen.words(pen.new) + fill((0, 0, pen.width, pen.height), b" 0.941 0.961 0.98 rg")


@appearance(Seen.OLD)
def painted_over_and_rewritten(pen: Pen) -> bytes:
    """Covered, and the old value written on the cover."""
    return painted_over(pen) + b" " + pen.words(pen.old)


@appearance(Seen.NOTHING)
def covered_by_picture(pen: Pen) -> bytes:
    """Covered by a white picture of one point."""
    picture = b" q %.2f 0 0 %.2f 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \xff EI Q" % (pen.width, pen.height)
    return pen.words(pen.new) + picture


@appearance(Seen.NOTHING)
def layer_off(pen: Pen) -> bytes:
    """In a layer that is off."""
    pen.resources.Properties = Dictionary(Mc=pen.pdf.layer_off())
    return b"/OC /Mc BDC " + pen.words(pen.new) + b" EMC"


@appearance(Seen.OLD)
def hidden_beside_shown(pen: Pen) -> bytes:
    """The old value, and the new one in no ink over it."""
    return pen.words(pen.old) + b" " + pen.words(pen.new, tune=b"3 Tr")


@appearance(Seen.UNSURE)
def one_over_the_other(pen: Pen) -> bytes:
    """Both values in the same place."""
    return pen.words(pen.old) + b" " + pen.words(pen.new)


@appearance(Seen.UNSURE, value="old")
def struck_out(pen: Pen) -> bytes:
    """A line through the value."""
    size = size_for(pen.old, pen.width, pen.height)
    low = pen.height - size * 0.72 if pen.height > 24 else pen.height / 2
    line = b" 0 0 0.35 RG 1 w 1 %.2f m %.2f %.2f l S" % (low, min(pen.width, size * len(pen.old) * 0.6), low)
    return pen.words(pen.old) + line


@appearance(Seen.UNSURE, value="old")
def scribbled_over(pen: Pen) -> bytes:
    """Thick strokes over the value, as one blackens it."""
    return pen.words(pen.old) + b" 0 G %.2f w 1 %.2f m %.2f %.2f l S" % (
        pen.height * 0.8,
        pen.height / 2,
        pen.width - 1,
        pen.height / 2,
    )


@appearance(Seen.REMARK, value="old")
def remark_in_the_appearance(pen: Pen) -> bytes:
    """The old value, and small words that withdraw it, in the same box."""
    remark = b" BT 0.7 0 0 rg /Helv 4.5 Tf 1 0 0 1 %.2f 1.5 Tm %b Tj ET" % (
        pen.width * 0.55,
        literal("faux, voir mail"),
    )
    return pen.words(pen.old) + remark


@appearance(Seen.OLD, value="old")
def struck_twice_for_bold(pen: Pen) -> bytes:
    """Honest: written twice, a fifth of a point apart, as some programs make bold letters."""
    return pen.words(pen.old) + b" q 1 0 0 1 0.2 0 cm " + pen.words(pen.old) + b" Q"


@appearance(Seen.UNSURE)
def mirrored(pen: Pen) -> bytes:
    """Drawn in a mirror."""
    return b"q -1 0 0 1 %.2f 0 cm " % pen.width + pen.words(pen.new) + b" Q"


def _map(pairs: list[tuple[int, str]]) -> bytes:
    lines = b"".join(
        b"<%02X> <%b>\n" % (code, text.encode("utf-16-be").hex().upper().encode()) for code, text in pairs
    )
    return (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n%d beginbfchar\n%bendbfchar\n"
        b"endcmap end end" % (len(pairs), lines)
    )


def _shares(text: str, count: int) -> list[str]:
    """A text cut in so many parts, for as many letters that pretend to be it."""
    return [text[len(text) * n // count : len(text) * (n + 1) // count] for n in range(count)]


@appearance(Seen.OLD)
def letters_that_lie(pen: Pen) -> bytes:
    """A font whose ToUnicode says the new text of the old letters."""
    codes = list(range(40, 40 + len(pen.old)))
    names = [Name(f"/{glyph_name(letter)}") for letter in pen.old]
    shares = _shares(pen.new, len(codes))
    pen.resources.Font.Lie = pen.pdf.font(
        Encoding=Dictionary(Type=Name.Encoding, BaseEncoding=Name.WinAnsiEncoding, Differences=Array([40, *names])),
        ToUnicode=pen.pdf.pdf.make_indirect(pen.pdf.stream(_map(list(zip(codes, shares, strict=True))))),
    )
    size = size_for(pen.old, pen.width, pen.height)
    low = pen.height - size - 1.5 if pen.height > 24 else (pen.height - 0.68 * size) / 2
    return b"BT %b /Lie %.2f Tf 1 0 0 1 2 %.2f Tm <%b> Tj ET" % (INK, size, low, bytes(codes).hex().encode())


def _type3(pen: Pen, glyphs: list[tuple[str, bytes, float]]) -> None:
    """A font of drawings, one a code from 40 on: the name of each, its operators and its width."""
    procs, names = Dictionary(), []
    for number, (name, drawing, width) in enumerate(glyphs):
        own = f"/{name}" if f"/{name}" not in procs else f"/{name}.alt{number}"
        procs[own] = pen.pdf.pdf.make_indirect(pen.pdf.stream(b"%.3f 0 d0 " % width + drawing))
        names.append(Name(own))
    pen.resources.Font.Own = pen.pdf.pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type3,
            FontBBox=Array([0, -1, 2, 2]),
            FontMatrix=Array([1, 0, 0, 1, 0, 0]),
            FirstChar=40,
            LastChar=39 + len(glyphs),
            Widths=Array([round(width, 3) for *_, width in glyphs]),
            Encoding=Dictionary(Type=Name.Encoding, Differences=Array([40, *names])),
            CharProcs=procs,
            Resources=Dictionary(Font=Dictionary(Helv=pen.pdf.font())),
        )
    )


def _own_words(pen: Pen, count: int) -> bytes:
    size = size_for("m" * count, pen.width, pen.height)
    low = pen.height - size - 1.5 if pen.height > 24 else (pen.height - 0.68 * size) / 2
    return b"BT %b /Own %.2f Tf 1 0 0 1 2 %.2f Tm <%b> Tj ET" % (
        INK,
        size,
        low,
        bytes(range(40, 40 + count)).hex().encode(),
    )


@appearance(Seen.OLD)
def drawings_named_otherwise(pen: Pen) -> bytes:
    """A font of drawings: glyphs that are named for the new text draw the old one."""
    count = max(len(pen.old), len(pen.new))
    pairs = zip(pen.new.ljust(count), pen.old.ljust(count), strict=True)
    _type3(
        pen,
        [(glyph_name(new), b"BT /Helv 1 Tf %b Tj ET" % literal(old), 0.56) for new, old in pairs],
    )
    return _own_words(pen, count)


@appearance(Seen.NOTHING)
def empty_drawings(pen: Pen) -> bytes:
    """A font of drawings that draw nothing."""
    _type3(pen, [(glyph_name(letter), b"", 0.56) for letter in pen.new])
    return _own_words(pen, len(pen.new))


@appearance(Seen.OLD)
def spoken_text(pen: Pen) -> bytes:
    """The old text, whose ActualText is the new one."""
    span = b"/Span <</ActualText <FEFF%b>>> BDC " % pen.new.encode("utf-16-be").hex().upper().encode()
    return span + pen.words(pen.old) + b" EMC"


@appearance(Seen.OLD)
def alternate_text(pen: Pen) -> bytes:
    """The old text, with Alt and E of the new one."""
    said = pen.new.encode("utf-16-be").hex().upper().encode()
    return b"/Span <</Alt <FEFF%b> /E <FEFF%b>>> BDC " % (said, said) + pen.words(pen.old) + b" EMC"


@appearance(Seen.NOTHING)
def white_pattern(pen: Pen) -> bytes:
    """Ink that is a pattern of white."""
    pattern = pen.pdf.stream(
        b"1 g 0 0 9 9 re f",
        Type=Name.Pattern,
        PatternType=1,
        PaintType=1,
        TilingType=1,
        BBox=Array([0, 0, 9, 9]),
        XStep=9,
        YStep=9,
        Resources=Dictionary(),
    )
    pen.resources.Pattern = Dictionary(P=pen.pdf.pdf.make_indirect(pattern))
    return pen.words(pen.new, b"/Pattern cs /P scn")


@appearance(Seen.NOTHING)
def inner_form_cut(pen: Pen) -> bytes:
    """A form within the appearance whose box holds no letter."""
    inner = pen.pdf.form(pen.words(pen.new), (0, 0, 0.1, 0.1), Dictionary(Font=Dictionary(Helv=pen.pdf.font())))
    pen.resources.XObject = Dictionary(In=inner)
    return b"/In Do"


@appearance(Seen.OLD)
def outlines_over_hidden_text(pen: Pen) -> bytes:
    """The old value as curves (a clip that is filled), and the new one in no ink beneath: the way of a bad OCR."""
    box = fill((0, 0, pen.width, pen.height), b"0 0 0.35 rg")
    return pen.words(pen.new, tune=b"3 Tr") + b" q " + pen.words(pen.old, tune=b"7 Tr") + b" " + box + b" Q"


@appearance(Seen.NOTHING)
def stroked_white(pen: Pen) -> bytes:
    """Outlined in white, of a width that hides what is filled."""
    return pen.words(pen.new, b"1 G 9 w 1 g", tune=b"2 Tr")


@appearance(Seen.OLD, value="old")
def old_value_by_letters(pen: Pen) -> bytes:
    """Honest: each letter placed on its own, as printers do."""
    size = size_for(pen.old, pen.width, pen.height)
    low = pen.height - size - 1.5 if pen.height > 24 else (pen.height - 0.68 * size) / 2
    shown = b" 0 ".join(literal(letter) for letter in pen.old)
    return b"BT %b /Helv %.2f Tf 1 0 0 1 2 %.2f Tm [%b] TJ ET" % (INK, size, low, shown)
