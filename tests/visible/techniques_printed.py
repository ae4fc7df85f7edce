"""Techniques on the pages of a printed or flattened form: covers, words in no ink, remarks, boxes, fonts that lie."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from pdf_tools import Editing, Rect, answer, at, edited, fill, literal, printed, words
from pikepdf import Array, Dictionary, Name, Object, Page, Stream, String
from scenes import Scene
from seen import WRITTEN, Paper, Seen, technique

GROUND = b"0.941 0.961 0.98 rg"
REMARKS = ("NON", "à confirmer", "annulé, voir mail", "montant convenu 5,00 euros", "voir avenant du 3 mars")


@dataclass
class Sheet:
    """The page of the answer, being changed: its scene, the boxes of the old and new answer, what to paint with."""

    pdf: Editing
    page: Page
    scene: Scene
    boxes: dict[str, Rect]
    rng: random.Random

    def paint(self, content: bytes, *, first: bool = False, **more: Object) -> None:
        """Paint more on the page, over what is there (or under it)."""
        resources = Dictionary(Font=Dictionary(Helv=self.pdf.font()))
        for key, value in more.items():
            resources[f"/{key}"] = value
        self.pdf.add(self.page, content, resources, first=first)

    def cover(self, which: str) -> bytes:
        """A rectangle over an answer, in the colour of its ground (a tick's is white)."""
        return fill(self.boxes[which], b"1 g" if self.scene.kind == "tick" else GROUND, -0.6)

    def write(self, which: str) -> bytes:
        """An answer drawn in its box."""
        rect = self.boxes[which]
        return at(rect, answer(self.scene, which, rect[2] - rect[0], rect[3] - rect[1]))

    def words(self, text: str, ink: bytes = b"0 0 0.35 rg", tune: bytes = b"") -> bytes:
        """A text in the box of the old answer."""
        rect = self.boxes["old"]
        return at(rect, words(text, rect[2] - rect[0], rect[3] - rect[1], ink, tune=tune))


Change = Callable[[Sheet], None]


def on_pages(
    seen: Seen,
    base: str = "old",
    *,
    kinds: tuple[str, ...] = (),
    papers: tuple[Paper, ...] = (Paper.FLAT, Paper.PRINTED),
) -> Callable[[Change], Change]:
    """Enter a change of the page of a form that was printed with the old or new answer, or with ``nothing``."""

    def enter(change: Change) -> Change:
        for paper in papers:

            def make(scene: Scene, rng: random.Random, paper: Paper = paper) -> bytes:
                made = printed(scene, base, paper.value)
                with edited(made.data) as pdf:
                    change(Sheet(pdf, pdf.pdf.pages[made.page], scene, made.boxes, rng))
                return pdf.result

            technique(paper, seen, kinds=kinds, name=change.__name__)(make)
        return change

    return enter


@on_pages(Seen.NOTHING, "new")
def rectangle_over(sheet: Sheet) -> None:
    """A rectangle over the answer."""
    sheet.paint(sheet.cover("new"))


@on_pages(Seen.OLD, "new")
def rectangle_and_rewritten(sheet: Sheet) -> None:
    """A rectangle over the answer, and the old one written upon it."""
    sheet.paint(sheet.cover("new") + b" " + sheet.write("old"))


@on_pages(Seen.NOTHING, "new")
def picture_over(sheet: Sheet) -> None:
    """A white picture over the answer."""
    x0, y0, x1, y1 = sheet.boxes["new"]
    picture = b"q %.2f 0 0 %.2f %.2f %.2f cm BI /W 1 /H 1 /BPC 8 /CS /G ID \xff EI Q" % (x1 - x0, y1 - y0, x0, y0)
    sheet.paint(picture)


@on_pages(Seen.NOTHING, "new")
def shading_over(sheet: Sheet) -> None:
    """A smooth shade over the answer."""
    x0, y0, x1, y1 = sheet.boxes["new"]
    pale = Array([0.94, 0.96, 0.98])
    shade = Dictionary(
        ShadingType=2,
        ColorSpace=Name.DeviceRGB,
        Coords=Array([x0, y0, x1, y1]),
        Function=Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=pale, C1=pale, N=1),
        Extend=Array([True, True]),
    )
    sheet.paint(b"q %.2f %.2f %.2f %.2f re W n /Sh sh Q" % (x0, y0, x1 - x0, y1 - y0), Shading=Dictionary(Sh=shade))


@on_pages(Seen.NOTHING, "new")
def thick_line_over(sheet: Sheet) -> None:
    """A line as thick as the answer over it."""
    x0, y0, x1, y1 = sheet.boxes["new"]
    middle = (y0 + y1) / 2
    line = b"q 1 G %.2f w %.2f %.2f m %.2f %.2f l S Q" % (y1 - y0 - 1, x0, middle, x1, middle)
    sheet.paint(line)


@on_pages(Seen.NOTHING, "new")
def letters_as_cover(sheet: Sheet) -> None:
    """White letters of a big font over the answer: blocks."""
    x0, y0, x1, y1 = sheet.boxes["new"]
    size = (y1 - y0) * 1.3
    wide = size * 0.761
    places = [x0 - wide * 0.05 + wide * 0.9 * n for n in range(int((x1 - x0) / wide / 0.9))] + [x1 - wide]
    rows = b" ".join(b"1 0 0 1 %.2f %.2f Tm <6E> Tj" % (x, y0 - 1) for x in places)
    sheet.paint(
        b"BT 1 g /Zapf %.2f Tf %b ET" % (size, rows),
        Font=Dictionary(Zapf=sheet.pdf.pdf.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.ZapfDingbats)
        )),
    )  # fmt: skip


@on_pages(Seen.NOTHING, "new")
def annotation_over(sheet: Sheet) -> None:
    """A square annotation over the answer."""
    x0, y0, x1, y1 = sheet.boxes["new"]
    sheet.pdf.annotate(sheet.page, "Square", (x0, y0, x1, y1), b"1 g 0 0 %.2f %.2f re f" % (x1 - x0, y1 - y0))


@on_pages(Seen.OLD, "new")
def free_text_over(sheet: Sheet) -> None:
    """A text box with the old value over the answer."""
    for name in ("new", "old"):
        x0, y0, x1, y1 = sheet.boxes[name]
        content = b"1 g 0 0 %.2f %.2f re f " % (x1 - x0, y1 - y0)
        if name == "old":
            content += answer(sheet.scene, "old", x1 - x0, y1 - y0)
        sheet.pdf.annotate(sheet.page, "FreeText", (x0, y0, x1, y1), content, DA=String("/Helv 9 Tf 0 g"))


@on_pages(Seen.NOTHING, "new")
def stamp_over(sheet: Sheet) -> None:
    """A stamp over the answer."""
    x0, y0, x1, y1 = sheet.boxes["new"]
    sheet.pdf.annotate(sheet.page, "Stamp", (x0, y0, x1, y1), b"1 g 0 0 %.2f %.2f re f" % (x1 - x0, y1 - y0))


@on_pages(Seen.NOTHING, "nothing", kinds=WRITTEN)
def white_words(sheet: Sheet) -> None:
    """White words in an empty box."""
    sheet.paint(sheet.words(sheet.scene.new, b"1 g"))


@on_pages(Seen.NOTHING, "nothing", kinds=WRITTEN)
def words_of_the_ground(sheet: Sheet) -> None:
    """Words in the colour of the empty box."""
    sheet.paint(sheet.words(sheet.scene.new, GROUND))


@on_pages(Seen.NOTHING, "nothing", kinds=WRITTEN)
def words_in_no_ink(sheet: Sheet) -> None:
    """Words of mode 3 in an empty box."""
    sheet.paint(sheet.words(sheet.scene.new, tune=b"3 Tr"))


@on_pages(Seen.NOTHING, "nothing", kinds=WRITTEN)
def tiny_words(sheet: Sheet) -> None:
    """Words of a fifth of a point in an empty box."""
    content = b"BT /Helv 0.2 Tf 1 0 0 1 3 3 Tm %b Tj ET" % literal(sheet.scene.new)
    sheet.paint(at(sheet.boxes["old"], content))


@on_pages(Seen.NOTHING, "nothing", kinds=WRITTEN)
def clipped_words(sheet: Sheet) -> None:
    """Words clipped away in an empty box."""
    sheet.paint(b"q 0 0 1 1 re W n " + sheet.words(sheet.scene.new) + b" Q")


@on_pages(Seen.NOTHING, "nothing", kinds=WRITTEN)
def words_under_the_box(sheet: Sheet) -> None:
    """Words painted before everything else: the ground of the box covers them."""
    sheet.paint(sheet.words(sheet.scene.new), first=True)


@on_pages(Seen.NOTHING, "nothing", kinds=WRITTEN)
def words_in_a_layer_off(sheet: Sheet) -> None:
    """Words in a layer that is off."""
    content = b"/OC /Mc BDC " + sheet.words(sheet.scene.new) + b" EMC"
    sheet.paint(content, Properties=Dictionary(Mc=sheet.pdf.layer_off()))


@on_pages(Seen.NOTHING, "nothing", kinds=WRITTEN)
def see_through_words(sheet: Sheet) -> None:
    """Words of no opacity."""
    state = Dictionary(Gs=Dictionary(Type=Name.ExtGState, ca=0, CA=0))
    sheet.paint(b"q /Gs gs " + sheet.words(sheet.scene.new) + b" Q", ExtGState=state)


@on_pages(Seen.NOTHING, "nothing", kinds=WRITTEN)
def words_of_a_cut_form(sheet: Sheet) -> None:
    """Words in a form whose box cuts them off."""
    inner = sheet.pdf.form(
        sheet.words(sheet.scene.new), (0, 0, 1, 1), Dictionary(Font=Dictionary(Helv=sheet.pdf.font()))
    )
    sheet.paint(b"/In Do", XObject=Dictionary(In=inner))


@on_pages(Seen.OLD, "old", kinds=WRITTEN)
def no_ink_over_the_answer(sheet: Sheet) -> None:
    """The new value in no ink over the old one."""
    sheet.paint(sheet.words(sheet.scene.new, tune=b"3 Tr"))


@on_pages(Seen.UNSURE, "old", kinds=WRITTEN)
def words_over_words(sheet: Sheet) -> None:
    """The new value over the old one."""
    sheet.paint(sheet.words(sheet.scene.new))


@on_pages(Seen.UNSURE, "old")
def struck_through(sheet: Sheet) -> None:
    """A line through the answer."""
    x0, y0, x1, y1 = sheet.boxes["old"]
    middle = (y0 + y1) / 2
    sheet.paint(b"0.8 0 0 RG 1 w %.2f %.2f m %.2f %.2f l S" % (x0 + 1, middle, min(x1, x0 + 60), middle))


@on_pages(Seen.UNSURE, "old")
def crossed_by_hand(sheet: Sheet) -> None:
    """A wave of curves through the answer, as of a pen."""
    x0, y0, x1, y1 = sheet.boxes["old"]
    wide = min(x1, x0 + 60) - x0
    waves = b" ".join(
        b"%.2f %.2f %.2f %.2f %.2f %.2f c"
        % (x0 + wide * n / 6, y1, x0 + wide * (n + 0.5) / 6, y0, x0 + wide * (n + 1) / 6, (y0 + y1) / 2)
        for n in range(6)
    )
    sheet.paint(b"0.1 0.1 0.6 RG 1.3 w %.2f %.2f m %b S" % (x0, (y0 + y1) / 2, waves))


@on_pages(Seen.REMARK, "old")
def remark_in_the_box(sheet: Sheet) -> None:
    """A remark in small red letters at the right end of the box, or beside the tick."""
    x0, y0, x1, y1 = sheet.boxes["old"]
    remark = sheet.rng.choice(REMARKS)
    left = x1 + 60 if sheet.scene.kind == "tick" else max(x0, x1 - 2.9 * len(remark))
    sheet.paint(b"BT 0.7 0 0 rg /Helv 5 Tf 1 0 0 1 %.2f %.2f Tm %b Tj ET" % (left, y0 + 1, literal(remark)))
    assert y0 < y1


@on_pages(Seen.REMARK, "old")
def remark_in_the_margin(sheet: Sheet) -> None:
    """A remark in the margin of the page."""
    low = sheet.rng.choice((6, 830))
    sheet.paint(b"BT 0.7 0 0 rg /Helv 8 Tf 1 0 0 1 60 %d Tm %b Tj ET" % (low, literal(sheet.rng.choice(REMARKS))))


@on_pages(Seen.REMARK, "old")
def remark_as_curves(sheet: Sheet) -> None:
    """A remark written as by a pen: curves beside the answer."""
    x0, y0, x1, _ = sheet.boxes["old"]
    start = x1 + 4 if x1 < 480 else x0 + 40
    steps = b" ".join(b"%.2f %.2f l" % (start + 4 * n, y0 + 12 * sheet.rng.random()) for n in range(1, 14))
    sheet.paint(b"0.1 0.1 0.6 RG 1 w %.2f %.2f m %b S" % (start, y0, steps))


@on_pages(Seen.REMARK, "old")
def remark_as_a_picture(sheet: Sheet) -> None:
    """A remark that is a picture: a black square of 12 points beside the answer."""
    x0, y0, x1, _ = sheet.boxes["old"]
    start = x1 + 6 if x1 < 500 else x0 + 60
    sheet.paint(b"q 14 0 0 12 %.2f %.2f cm BI /W 2 /H 2 /BPC 8 /CS /G ID \x00\x90\x40\x00 EI Q" % (start, y0))


@on_pages(Seen.REMARK, "old")
def annotated(sheet: Sheet) -> None:
    """A text box with a remark beside the answer."""
    x0, y0, *_ = sheet.boxes["old"]
    content = b"BT 0.7 0 0 rg /Helv 7 Tf 1 0 0 1 1 3 Tm %b Tj ET" % literal(sheet.rng.choice(REMARKS))
    sheet.pdf.annotate(sheet.page, "FreeText", (x0 + 30, y0 - 9, x0 + 140, y0 + 3), content)


@on_pages(Seen.UNSURE, "old", kinds=("tick",))
def second_tick(sheet: Sheet) -> None:
    """A second box ticked on the page."""
    sheet.paint(sheet.write("new"))


@on_pages(Seen.UNSURE, "old", kinds=("tick",))
def tick_of_a_pen(sheet: Sheet) -> None:
    """A second box ticked by a stroke beside and through it."""
    x0, y0, x1, y1 = sheet.boxes["new"]
    sheet.paint(
        b"0.1 0.1 0.6 RG 1.5 w %.2f %.2f m %.2f %.2f l %.2f %.2f l S"
        % (x0 - 1, (y0 + y1) / 2, (x0 + x1) / 2, y0 - 1, x1 + 4, y1 + 5)
    )


@on_pages(Seen.UNSURE, "old")
def label_painted_over(sheet: Sheet) -> None:
    """The words above the answer are covered, and others written there."""
    x0, y0, x1, y1 = sheet.boxes["old"]
    cover = (x1 + 1, y0 - 1, x1 + 70, y1 + 1) if sheet.scene.kind == "tick" else (x0, y1 + 1, x1, y1 + 10)
    line = fill(cover, b"1 g", 0.0) + b" BT 0 g /Helv 6.5 Tf 1 0 0 1 %.2f %.2f Tm %b Tj ET" % (
        cover[0] + 1,
        cover[1] + 2,
        literal("Autre chose"),
    )
    sheet.paint(line)


@on_pages(Seen.NOTHING, "new")
def cropped(sheet: Sheet) -> None:
    """The CropBox ends before the answer."""
    _, y0, _, y1 = sheet.boxes["new"]
    left, low, right, high = (float(n) for n in sheet.page.mediabox)
    sheet.page.obj.CropBox = Array([left, y1 + 2, right, high] if y1 < high / 2 else [left, low, right, y0 - 2])


@on_pages(Seen.OLD, "old")
def page_turned(sheet: Sheet) -> None:
    """Honest: the page is shown turned."""
    sheet.page.obj.Rotate = sheet.rng.choice((90, 180, 270))


@on_pages(Seen.OLD, "old", kinds=("date", "amount", "key"), papers=(Paper.PRINTED,))
def digits_that_lie(sheet: Sheet) -> None:
    """The fonts of the page say of one digit of the answer that it is another."""
    digit = sheet.rng.choice(re.findall(r"\d", sheet.scene.old))
    other = str((int(digit) + 6) % 10)
    for font in _fonts(sheet.page.obj.Resources, set()):
        if "/ToUnicode" in font:
            text = font.ToUnicode.read_bytes()
            swapped = re.sub(
                rb"(<[0-9A-Fa-f]+>\s*)<00%02x>" % ord(digit),
                rb"\g<1><00%02x>" % ord(other),
                text,
                flags=re.IGNORECASE,
            )
            font.ToUnicode = Stream(sheet.pdf.pdf, swapped)


def _fonts(resources: Object, seen: set[tuple[int, int]]) -> list[Object]:
    found = list(resources.get("/Font", Dictionary()).values())
    for inner in resources.get("/XObject", Dictionary()).values():
        if inner.objgen not in seen and "/Resources" in inner:
            seen.add(inner.objgen)
            found += _fonts(inner.Resources, seen)
    return found


@on_pages(Seen.UNSURE, "old")
def pages_twice(sheet: Sheet) -> None:
    """The page of the answer stands a second time in the file, with the new answer."""
    made = printed(sheet.scene, "new", "flattened")
    other = Editing(made.data)
    sheet.pdf.pdf.pages.append(other.pdf.pages[made.page])
