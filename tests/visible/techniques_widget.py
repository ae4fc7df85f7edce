"""Techniques on the widget itself: flags, places, covers, twins, layers, and what is painted on its page."""

from __future__ import annotations

import io
import random

from pdf_tools import Editing, Rect, answer, at, edited, fill, literal, rect_of, words
from pikepdf import Array, Dictionary, Name, Object, Page, String
from pypdf import PdfWriter
from scenes import Scene
from seen import TICKED, WRITTEN, Paper, Seen, technique

GROUND = b"0.941 0.961 0.98 rg"
REMARKS = ("NON", "à confirmer", "annulé, voir mail", "montant convenu 5,00 euros", "voir avenant du 3 mars")


def _fonts(pdf: Editing) -> Object:
    return Dictionary(Font=Dictionary(Helv=pdf.font()))


@technique(Paper.FILLABLE, Seen.NOTHING)
def flag_hidden(scene: Scene, _: random.Random) -> bytes:
    """Flag 2: neither shown nor printed."""
    return _flagged(scene, 2)


@technique(Paper.FILLABLE, Seen.UNSURE)
def flag_no_view(scene: Scene, _: random.Random) -> bytes:
    """Flags 32 and 4: printed, not shown on a screen."""
    return _flagged(scene, 36)


@technique(Paper.FILLABLE, Seen.NOTHING)
def flag_no_view_nor_print(scene: Scene, _: random.Random) -> bytes:
    """Flag 32 alone: not shown on a screen, nor printed."""
    return _flagged(scene, 32)


def _flagged(scene: Scene, flags: int) -> bytes:
    with edited(scene.fillable("new")) as pdf:
        _, widget = pdf.place(scene, "new")
        widget.F = flags
    return pdf.result


@technique(Paper.FILLABLE, Seen.UNSURE, kinds=WRITTEN)
def password(scene: Scene, _: random.Random) -> bytes:
    """A field for a password, which shows stars."""
    with edited(scene.fillable("new")) as pdf:
        _, widget = pdf.place(scene)
        widget.Ff = int(widget.get("/Ff", 0)) | 1 << 13
        x0, y0, x1, y1 = rect_of(widget)
        stars = words("*" * len(scene.new), x1 - x0, y1 - y0)
        widget.AP = Dictionary(N=pdf.form(stars, (0, 0, x1 - x0, y1 - y0), _fonts(pdf)))
    return pdf.result


@technique(Paper.FILLABLE, Seen.UNSURE)
def widget_without_size(scene: Scene, _: random.Random) -> bytes:
    """Its rectangle has no size: nothing in most viewers."""
    return _moved(scene, lambda box: (box[0], box[1], box[0], box[1]))


@technique(Paper.FILLABLE, Seen.NOTHING)
def widget_of_a_speck(scene: Scene, _: random.Random) -> bytes:
    """Its rectangle is a third of a point."""
    return _moved(scene, lambda box: (box[0], box[1], box[0] + 0.3, box[1] + 0.3))


@technique(Paper.FILLABLE, Seen.NOTHING)
def widget_off_the_page(scene: Scene, _: random.Random) -> bytes:
    """Its rectangle is beside the page."""
    return _moved(scene, lambda box: (box[0] + 2000, box[1], box[2] + 2000, box[3]))


@technique(Paper.FILLABLE, Seen.UNSURE)
def widget_moved(scene: Scene, rng: random.Random) -> bytes:
    """It stands elsewhere on the page, on other words."""
    far = rng.choice((-60, 60, 140)) if rng.random() < 0.5 else 0
    return _moved(
        scene, lambda box: (box[0] + (0 if far else 90), box[1] + far, box[2] + (0 if far else 90), box[3] + far)
    )


@technique(Paper.FILLABLE, Seen.UNSURE)
def widget_a_row_below(scene: Scene, _: random.Random) -> bytes:
    """It stands one row of the form lower."""
    return _moved(scene, lambda box: (box[0], box[1] - 26, box[2], box[3] - 26))


def _moved(scene: Scene, move) -> bytes:  # noqa: ANN001 -- a rectangle to a rectangle
    with edited(scene.fillable("new")) as pdf:
        _, widget = pdf.place(scene, "new")
        widget.Rect = Array([round(n, 2) for n in move(rect_of(widget))])
    return pdf.result


@technique(Paper.FILLABLE, Seen.UNSURE, kinds=WRITTEN)
def widgets_exchanged(scene: Scene, rng: random.Random) -> bytes:
    """Its widget stands where another text field has its own, and the other way round."""
    with edited(scene.fillable("old")) as pdf:
        page, widget = pdf.place(scene)
        height = round(float(widget.Rect[3]) - float(widget.Rect[1]))
        others = [
            one
            for one in page.obj.Annots
            if one.get("/FT") == Name.Tx
            and str(one.get("/V", "")) not in ("", str(widget.V))
            and round(float(one.Rect[3]) - float(one.Rect[1])) == height
        ]
        other = rng.choice(others)
        widget.Rect, other.Rect = Array(list(other.Rect)), Array(list(widget.Rect))
        scene_box = rect_of(other)
        assert scene_box != rect_of(widget)
    return pdf.result


def _cover(scene: Scene, subtype: str, which: str | None, **entries: object) -> bytes:
    """The new answer under an opaque annotation that shows nothing, or an answer (``which``)."""
    with edited(scene.fillable("new")) as pdf:
        for name in {scene.slots["new"]: "new", scene.slots["old"]: "old"}.values() if which else ("new",):
            page, widget = pdf.place(scene, name)
            rect = rect_of(widget)
            width, height = rect[2] - rect[0], rect[3] - rect[1]
            content = fill((0, 0, width, height), GROUND, 0.0)
            if which == name or (which and scene.kind != "tick"):
                content += b" " + answer(scene, which, width, height)
            pdf.annotate(page, subtype, rect, content, **entries)
    return pdf.result


@technique(Paper.FILLABLE, Seen.NOTHING)
def covered_by_square(scene: Scene, _: random.Random) -> bytes:
    """Under a square."""
    return _cover(scene, "Square", None, IC=Array([0.94, 0.96, 0.98]), BS=Dictionary(W=0))


@technique(Paper.FILLABLE, Seen.OLD)
def covered_by_stamp(scene: Scene, _: random.Random) -> bytes:
    """Under a stamp that shows the old value."""
    return _cover(scene, "Stamp", "old")


@technique(Paper.FILLABLE, Seen.OLD)
def covered_by_link(scene: Scene, _: random.Random) -> bytes:
    """Under a link that draws the old value."""
    return _cover(scene, "Link", "old")


@technique(Paper.FILLABLE, Seen.OLD)
def covered_by_free_text(scene: Scene, _: random.Random) -> bytes:
    """Under a text box that shows the old value."""
    return _cover(scene, "FreeText", "old", Contents=String(scene.old), DA=String("/Helv 9 Tf 0 g"))


@technique(Paper.FILLABLE, Seen.NOTHING)
def covered_by_ink(scene: Scene, _: random.Random) -> bytes:
    """Under a stroke of pale ink."""
    return _cover(scene, "Ink", None, InkList=Array([Array([0, 0, 1, 1])]))


@technique(Paper.FILLABLE, Seen.UNSURE)
def covered_by_highlight(scene: Scene, _: random.Random) -> bytes:
    """Under a highlight that is opaque, or lets through what is under it: as the viewer draws it."""
    return _cover(scene, "Highlight", None, QuadPoints=Array([0, 1, 1, 1, 0, 0, 1, 0]))


@technique(Paper.FILLABLE, Seen.NOTHING)
def covered_by_redaction(scene: Scene, _: random.Random) -> bytes:
    """Under a redaction that was marked and not carried out."""
    return _cover(scene, "Redact", None)


@technique(Paper.FILLABLE, Seen.UNSURE)
def covered_by_attachment(scene: Scene, _: random.Random) -> bytes:
    """Under the icon of an attached file, drawn as the old value by those that draw what it says."""
    return _cover(scene, "FileAttachment", "old", Contents=String("pièce"))


@technique(Paper.FILLABLE, Seen.NOTHING)
def covered_by_line(scene: Scene, _: random.Random) -> bytes:
    """Under a line as thick as the field, without an appearance: viewers draw it."""
    with edited(scene.fillable("new")) as pdf:
        page, widget = pdf.place(scene, "new")
        x0, y0, x1, y1 = rect_of(widget)
        middle = (y0 + y1) / 2
        thick = y1 - y0
        content = b"%b %.2f w 0 %.2f m %.2f %.2f l S" % (
            GROUND.replace(b"rg", b"RG"),
            thick,
            thick / 2,
            x1 - x0,
            thick / 2,
        )
        pdf.annotate(
            page, "Line", (x0, y0, x1, y1), content, L=Array([x0, middle, x1, middle]), BS=Dictionary(W=thick)
        )
    return pdf.result


@technique(Paper.FILLABLE, Seen.OLD)
def covered_by_foreign_button(scene: Scene, _: random.Random) -> bytes:
    """Under a button of another name that shows the old value."""
    with edited(_cover(scene, "Widget", "old", FT=Name.Btn, Ff=1 << 16)) as pdf:
        number = 0
        for page in pdf.pdf.pages:
            for one in page.obj.get("/Annots", Array()):
                if one.get("/FT") == Name.Btn and int(one.get("/Ff", 0)) & 1 << 16:
                    one.T = String(f"bouton{number}")
                    pdf.pdf.Root.AcroForm.Fields.append(one)
                    number += 1
    return pdf.result


@technique(Paper.FILLABLE, Seen.OLD, kinds=WRITTEN)
def covered_by_foreign_field(scene: Scene, _: random.Random) -> bytes:
    """Under a text field of another name that holds the old value."""
    with edited(_cover(scene, "Widget", "old", FT=Name.Tx, T=String("champ99"), V=String(scene.old))) as pdf:
        page, _widget = pdf.place(scene)
        pdf.pdf.Root.AcroForm.Fields.append(page.obj.Annots[-1])
    return pdf.result


@technique(Paper.FILLABLE, Seen.UNSURE, kinds=WRITTEN)
def two_widgets(scene: Scene, _: random.Random) -> bytes:
    """One field with two widgets that show different values, in two places."""
    return _second_widget(scene, apart=True)


@technique(Paper.FILLABLE, Seen.OLD, kinds=WRITTEN)
def widget_over_widget(scene: Scene, _: random.Random) -> bytes:
    """One field with two widgets in one place: the upper one shows the old value."""
    return _second_widget(scene, apart=False)


def _second_widget(scene: Scene, *, apart: bool) -> bytes:
    with edited(scene.fillable("new")) as pdf:
        page, widget = pdf.place(scene)
        x0, y0, x1, y1 = rect_of(widget)
        down = 40 if apart else 0
        parent = pdf.pdf.make_indirect(
            Dictionary({key: widget[key] for key in ("/T", "/FT", "/V", "/Ff", "/DA", "/TU") if key in widget})
        )
        content = fill((0, 0, x1 - x0, y1 - y0), GROUND, 0.0) + b" " + words(scene.old, x1 - x0, y1 - y0)
        twin = pdf.annotate(page, "Widget", (x0, y0 - down, x1, y1 - down), content, Parent=parent)
        fields = pdf.pdf.Root.AcroForm.Fields
        place = next(n for n, one in enumerate(fields) if one.objgen == widget.objgen)
        fields[place] = parent
        widget.Parent = parent
        for key in ("/T", "/FT", "/V", "/Ff", "/TU"):
            if key in widget:
                del widget[key]
        parent.Kids = Array([widget, twin])
    return pdf.result


@technique(Paper.FILLABLE, Seen.OLD, kinds=WRITTEN)
def namesake_hidden(scene: Scene, _: random.Random) -> bytes:
    """A second field of the same name, hidden, holds the new value."""
    with edited(scene.fillable("old")) as pdf:
        page, widget = pdf.place(scene)
        twin = pdf.annotate(
            page, "Widget", rect_of(widget), b"", FT=Name.Tx, T=String(str(widget["/T"])), V=String(scene.new)
        )
        twin.F = 2
        pdf.pdf.Root.AcroForm.Fields.append(twin)
    return pdf.result


@technique(Paper.FILLABLE, Seen.UNSURE)
def widget_layer_off(scene: Scene, _: random.Random) -> bytes:
    """The widget belongs to a layer that is off, which Ghostscript does not look at."""
    with edited(scene.fillable("new")) as pdf:
        _, widget = pdf.place(scene, "new")
        widget.OC = pdf.layer_off()
    return pdf.result


@technique(Paper.FILLABLE, Seen.NOTHING)
def widget_on_no_page(scene: Scene, _: random.Random) -> bytes:
    """The field is in the form, its widget on no page."""
    with edited(scene.fillable("new")) as pdf:
        page, widget = pdf.place(scene, "new")
        page.obj.Annots = Array([one for one in page.obj.Annots if one.objgen != widget.objgen])
    return pdf.result


@technique(Paper.FILLABLE, Seen.NOTHING)
def page_taken_out(scene: Scene, _: random.Random) -> bytes:
    """The page of the answer is no more among the pages."""
    with edited(scene.fillable("new")) as pdf:
        page, _widget = pdf.place(scene, "new")
        del pdf.pdf.pages[page.index]
    return pdf.result


def _beside(scene: Scene, pdf: Editing, rng: random.Random, *, reach: float = 0.0) -> tuple[Page, Rect, str]:
    """The page of the answer, a place on it (in the box, at its right end), and a remark."""
    page, widget = pdf.place(scene)
    x0, y0, x1, y1 = rect_of(widget)
    remark = rng.choice(REMARKS)
    if scene.kind == "tick":
        return page, (x0 - 2, y0 - 2, x0 + 80, y1 + 2), remark
    return page, (max(x0 + 2, x1 - 4.2 * len(remark) - reach), y0, x1, y1), remark


@technique(Paper.FILLABLE, Seen.REMARK)
def words_on_the_page(scene: Scene, rng: random.Random) -> bytes:
    """A remark painted on the page, half in the box."""
    with edited(scene.fillable("old")) as pdf:
        page, rect, remark = _beside(scene, pdf, rng)
        line = b"BT 0.7 0 0 rg /Helv 7 Tf 1 0 0 1 %.2f %.2f Tm %b Tj ET" % (rect[0], rect[1] - 5, literal(remark))
        pdf.add(page, line, _fonts(pdf))
    return pdf.result


@technique(Paper.FILLABLE, Seen.REMARK)
def words_in_the_margin(scene: Scene, rng: random.Random) -> bytes:
    """A remark painted in the margin of the page."""
    with edited(scene.fillable("old")) as pdf:
        page, _, remark = _beside(scene, pdf, rng)
        line = b"BT 0.7 0 0 rg /Helv 9 Tf 1 0 0 1 60 %.2f Tm %b Tj ET" % (rng.choice((8, 828)), literal(remark))
        pdf.add(page, line, _fonts(pdf))
    return pdf.result


@technique(Paper.FILLABLE, Seen.REMARK)
def hand_drawn_on_the_page(scene: Scene, rng: random.Random) -> bytes:
    """Curves as of a pen, painted on the page beside the answer."""
    with edited(scene.fillable("old")) as pdf:
        page, widget = pdf.place(scene)
        x0, y0, _, y1 = rect_of(widget)
        points = b" ".join(b"%.1f %.1f l" % (x0 + 6 * n, y0 + (y1 - y0) * rng.random() - 6) for n in range(1, 12))
        pdf.add(page, b"0.1 0.1 0.6 RG 1.2 w %.1f %.1f m %b S" % (x0, y0, points), Dictionary())
    return pdf.result


@technique(Paper.FILLABLE, Seen.UNSURE)
def ink_through_the_answer(scene: Scene, _: random.Random) -> bytes:
    """An ink annotation that strikes the answer."""
    with edited(scene.fillable("old")) as pdf:
        page, widget = pdf.place(scene)
        x0, y0, x1, y1 = rect_of(widget)
        wide = min(x1, x0 + 60) - x0
        content = b"0.1 0.1 0.6 RG 1.4 w 0 1 m %.2f %.2f l S 0 %.2f m %.2f 1 l S" % (
            wide,
            y1 - y0 - 1,
            y1 - y0 - 1,
            wide,
        )
        pdf.annotate(page, "Ink", (x0, y0, x0 + wide, y1), content, InkList=Array([Array([x0, y0, x1, y1])]))
    return pdf.result


@technique(Paper.FILLABLE, Seen.UNSURE, kinds=WRITTEN)
def strike_out_annotation(scene: Scene, _: random.Random) -> bytes:
    """A StrikeOut annotation on the answer."""
    with edited(scene.fillable("old")) as pdf:
        page, widget = pdf.place(scene)
        x0, y0, x1, y1 = rect_of(widget)
        content = b"0.8 0 0 RG 1 w 0 %.2f m %.2f %.2f l S" % ((y1 - y0) / 2, x1 - x0, (y1 - y0) / 2)
        pdf.annotate(page, "StrikeOut", (x0, y0, x1, y1), content, QuadPoints=Array([x0, y1, x1, y1, x0, y0, x1, y0]))
    return pdf.result


@technique(Paper.FILLABLE, Seen.REMARK)
def sticky_note(scene: Scene, rng: random.Random) -> bytes:
    """A note whose icon lies on the answer's box."""
    with edited(scene.fillable("old")) as pdf:
        page, rect, remark = _beside(scene, pdf, rng)
        icon = b"1 0.9 0.2 rg 0 0 12 12 re f 0 G 0.5 w 2 4 m 10 4 l 2 7 m 10 7 l S"
        place = (rect[0], rect[1], rect[0] + 12, rect[1] + 12)
        pdf.annotate(page, "Text", place, icon, Contents=String(remark), Name=Name.Note)
    return pdf.result


@technique(Paper.FILLABLE, Seen.REMARK)
def free_text_without_contents(scene: Scene, rng: random.Random) -> bytes:
    """A text box whose words are in its rich text and its appearance only."""
    with edited(scene.fillable("old")) as pdf:
        page, rect, remark = _beside(scene, pdf, rng)
        content = b"BT 0.7 0 0 rg /Helv 7 Tf 1 0 0 1 1 3 Tm %b Tj ET" % literal(remark)
        rich = f'<body xmlns="http://www.w3.org/1999/xhtml"><p>{remark}</p></body>'
        place = (rect[0], rect[1] - 9, rect[0] + 110, rect[1] + 3)
        pdf.annotate(page, "FreeText", place, content, RC=String(rich), DA=String("/Helv 7 Tf 0 g"))
    return pdf.result


@technique(Paper.FILLABLE, Seen.REMARK)
def stamp_beside(scene: Scene, _: random.Random) -> bytes:
    """A stamp « ANNULÉ » across the row."""
    with edited(scene.fillable("old")) as pdf:
        page, widget = pdf.place(scene)
        x0, y0, *_ = rect_of(widget)
        content = b"0.8 0 0 RG 0.8 0 0 rg 1 w 1 1 78 16 re S BT /Helv 13 Tf 1 0 0 1 8 4 Tm %b Tj ET" % literal(
            "ANNULÉ"
        )
        pdf.annotate(page, "Stamp", (x0 + 20, y0 - 14, x0 + 100, y0 + 4), content)
    return pdf.result


@technique(Paper.FILLABLE, Seen.UNSURE)
def label_painted_over(scene: Scene, _: random.Random) -> bytes:
    """The words above the answer are covered, and others written there."""
    with edited(scene.fillable("old")) as pdf:
        page, widget = pdf.place(scene)
        x0, y0, x1, y1 = rect_of(widget)
        cover = (x0, y1 + 1, x1, y1 + 10) if scene.kind != "tick" else (x1 + 1, y0 - 1, x1 + 70, y1 + 1)
        line = fill(cover, b"1 g", 0.0) + b" BT 0 g /Helv 6.5 Tf 1 0 0 1 %.2f %.2f Tm %b Tj ET" % (
            cover[0] + 1,
            cover[1] + 2,
            literal("Autre chose"),
        )
        pdf.add(page, line, _fonts(pdf))
    return pdf.result


@technique(Paper.FILLABLE, Seen.NOTHING)
def cropped_page(scene: Scene, _: random.Random) -> bytes:
    """The CropBox ends before the answer."""
    with edited(scene.fillable("new")) as pdf:
        page, widget = pdf.place(scene, "new")
        x0, y0, x1, y1 = rect_of(widget)
        left, low, right, high = (float(n) for n in page.mediabox)
        page.obj.CropBox = Array([left, y1 + 2, right, high] if y1 < high / 2 else [left, low, right, y0 - 2])
        assert x0 < x1
    return pdf.result


@technique(Paper.FILLABLE, Seen.OLD)
def page_turned(scene: Scene, rng: random.Random) -> bytes:
    """Honest: the page is shown turned."""
    with edited(scene.fillable("old")) as pdf:
        page, _widget = pdf.place(scene)
        page.obj.Rotate = rng.choice((90, 180, 270))
    return pdf.result


@technique(Paper.FILLABLE, Seen.OLD)
def larger_unit(scene: Scene, _: random.Random) -> bytes:
    """Honest: the unit of the page is two points."""
    with edited(scene.fillable("old")) as pdf:
        page, _widget = pdf.place(scene)
        page.obj.UserUnit = 2
    return pdf.result


@technique(Paper.FILLABLE, Seen.OLD, kinds=WRITTEN)
def rich_value_differs(scene: Scene, _: random.Random) -> bytes:
    """Its rich value and its appearance are the old one, its value the new one."""
    with edited(scene.fillable("old")) as pdf:
        _, widget = pdf.place(scene)
        widget.V = String(scene.new)
        widget.RV = String(f'<body xmlns="http://www.w3.org/1999/xhtml"><p>{scene.old}</p></body>')
        widget.Ff = int(widget.get("/Ff", 0)) | 1 << 25
    return pdf.result


@technique(Paper.FILLABLE, Seen.NEW, kinds=WRITTEN)
def redrawn_by_viewers(scene: Scene, _: random.Random) -> bytes:
    """NeedAppearances, the old value drawn, the new one held: viewers draw it again."""
    with edited(scene.fillable("old")) as pdf:
        _, widget = pdf.place(scene)
        widget.V = String(scene.new)
        pdf.pdf.Root.AcroForm.NeedAppearances = True
    return pdf.result


@technique(Paper.FILLABLE, Seen.NEW, kinds=WRITTEN)
def no_appearance(scene: Scene, _: random.Random) -> bytes:
    """Honest: no appearance, and the word that viewers draw it."""
    with edited(scene.fillable("new")) as pdf:
        _, widget = pdf.place(scene)
        del widget.AP
        pdf.pdf.Root.AcroForm.NeedAppearances = True
    return pdf.result


@technique(Paper.FILLABLE, Seen.UNSURE)
def xfa_differs(scene: Scene, _: random.Random) -> bytes:
    """An XFA packet whose data hold another value."""
    with edited(scene.fillable("old")) as pdf:
        pdf.pdf.Root.AcroForm.XFA = pdf.pdf.make_indirect(pdf.stream(_xfa(scene.slots["old"], scene.new)))
    return pdf.result


def _xfa(name: str, value: str) -> bytes:
    return (
        '<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/">'
        f'<xfa:data><form1><champ nom="{name}">{value}</champ></form1></xfa:data></xfa:datasets></xdp:xdp>'
    ).encode()


@technique(Paper.FILLABLE, Seen.OLD, kinds=WRITTEN)
def older_revision(scene: Scene, _: random.Random) -> bytes:
    """Honest: an older revision of the file held the new value, the last one the old."""
    buffer = io.BytesIO(scene.fillable("new"))
    writer = PdfWriter(buffer, incremental=True)
    for page in writer.pages:
        values = {
            s.pdf_name: scene.texts["old"].get(s.name, "")
            for s in scene.blank.slots()
            if s.name == scene.slots["old"]
        }
        writer.update_page_form_field_values(page, values, auto_regenerate=False)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@technique(Paper.FILLABLE, Seen.NEW, kinds=WRITTEN)
def comb(scene: Scene, _: random.Random) -> bytes:
    """Honest: each letter in a case of its own."""
    with edited(scene.fillable("new")) as pdf:
        _, widget = pdf.place(scene)
        x0, y0, x1, y1 = rect_of(widget)
        step = (x1 - x0) / max(len(scene.new), 1)
        letters = b" ".join(
            b"1 0 0 1 %.2f 3 Tm %b Tj" % (step * n + step / 4, literal(letter)) for n, letter in enumerate(scene.new)
        )
        content = b"BT 0 0 0.35 rg /Helv %.2f Tf %b ET" % (min(8, step * 1.2), letters)
        widget.AP = Dictionary(N=pdf.form(content, (0, 0, x1 - x0, y1 - y0), _fonts(pdf)))
        widget.MaxLen = len(scene.new)
        widget.Ff = int(widget.get("/Ff", 0)) | 1 << 24
    return pdf.result


@technique(Paper.FILLABLE, Seen.UNSURE, kinds=WRITTEN)
def empty_field_words_on_the_page(scene: Scene, _: random.Random) -> bytes:
    """The field is empty, the answer typed on the page by another program: read, or a doubt."""
    with edited(scene.fillable("nothing")) as pdf:
        page, widget = pdf.place(scene)
        rect = rect_of(widget)
        pdf.add(page, at(rect, words(scene.old, rect[2] - rect[0], rect[3] - rect[1])), _fonts(pdf))
        widget.F = 2
    return pdf.result


# Boxes to tick


@technique(Paper.FILLABLE, Seen.OLD, kinds=TICKED)
def tick_value_only(scene: Scene, _: random.Random) -> bytes:
    """The group's value is the new choice, the box of the old one looks ticked."""
    with edited(scene.fillable("old")) as pdf:
        _, widget = pdf.place(scene, "new")
        holder = widget.get("/Parent", widget)
        holder.V = next(Name(key) for key in widget.AP.N if key != "/Off")
    return pdf.result


@technique(Paper.FILLABLE, Seen.NOTHING, kinds=TICKED)
def tick_drawn_empty(scene: Scene, _: random.Random) -> bytes:
    """The state that is on draws nothing."""
    with edited(scene.fillable("new")) as pdf:
        _, widget = pdf.place(scene, "new")
        x0, y0, x1, y1 = rect_of(widget)
        on = next(key for key in widget.AP.N if key != "/Off")
        widget.AP.N[on] = pdf.form(b"", (0, 0, x1 - x0, y1 - y0), Dictionary())
    return pdf.result


@technique(Paper.FILLABLE, Seen.UNSURE, kinds=TICKED)
def tick_drawn_when_off(scene: Scene, _: random.Random) -> bytes:
    """The old choice is on; the other box, which is off, is drawn ticked."""
    with edited(scene.fillable("old")) as pdf:
        _, widget = pdf.place(scene, "new")
        x0, y0, x1, y1 = rect_of(widget)
        widget.AP.N["/Off"] = pdf.form(answer(scene, "new", x1 - x0, y1 - y0), (0, 0, x1 - x0, y1 - y0), Dictionary())
    return pdf.result


@technique(Paper.FILLABLE, Seen.OLD, kinds=TICKED)
def ticks_drawn_exchanged(scene: Scene, _: random.Random) -> bytes:
    """The new choice is on and drawn empty; the old one is off and drawn ticked."""
    with edited(scene.fillable("new")) as pdf:
        for which in ("new", "old"):
            _, widget = pdf.place(scene, which)
            x0, y0, x1, y1 = rect_of(widget)
            box = (0, 0, x1 - x0, y1 - y0)
            on = next(key for key in widget.AP.N if key != "/Off")
            drawn = answer(scene, which, x1 - x0, y1 - y0) if which == "old" else b""
            widget.AP.N[on if which == "new" else "/Off"] = pdf.form(drawn, box, Dictionary())
    return pdf.result


@technique(Paper.FILLABLE, Seen.UNSURE, kinds=TICKED)
def ticked_by_ink(scene: Scene, _: random.Random) -> bytes:
    """A second box is ticked by hand, with an ink annotation."""
    with edited(scene.fillable("old")) as pdf:
        page, widget = pdf.place(scene, "new")
        rect = rect_of(widget)
        content = cross_of(rect)
        pdf.annotate(page, "Ink", rect, content, InkList=Array([Array([rect[0], rect[1], rect[2], rect[3]])]))
    return pdf.result


@technique(Paper.FILLABLE, Seen.UNSURE, kinds=TICKED)
def ticked_on_the_page(scene: Scene, _: random.Random) -> bytes:
    """A second box is ticked by strokes painted on the page beside and through it."""
    with edited(scene.fillable("old")) as pdf:
        page, widget = pdf.place(scene, "new")
        x0, y0, x1, y1 = rect_of(widget)
        strokes = b"0 0 0.6 RG 1.5 w %.2f %.2f m %.2f %.2f l %.2f %.2f l S" % (
            x0 - 1, (y0 + y1) / 2, (x0 + x1) / 2, y0 - 1, x1 + 4, y1 + 5,
        )  # fmt: skip
        pdf.add(page, strokes, Dictionary())
    return pdf.result


@technique(Paper.FILLABLE, Seen.NEW, kinds=TICKED)
def tick_boxes_exchanged(scene: Scene, _: random.Random) -> bytes:
    """The two boxes have changed places: the page shows the other choice."""
    with edited(scene.fillable("old")) as pdf:
        (_, one), (_, other) = pdf.place(scene, "old"), pdf.place(scene, "new")
        one.Rect, other.Rect = Array(list(other.Rect)), Array(list(one.Rect))
    return pdf.result


def cross_of(rect: Rect) -> bytes:
    """A cross drawn by hand in a box."""
    width, height = rect[2] - rect[0], rect[3] - rect[1]
    return b"0.1 0.1 0.6 RG 1.5 w 1 1 m %.2f %.2f l S 1 %.2f m %.2f 1 l S" % (
        width - 1,
        height - 1,
        height - 1,
        width - 1,
    )
