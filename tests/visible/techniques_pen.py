"""Techniques of a pen: boxes ticked or struck out by strokes larger than they are."""

from __future__ import annotations

import random

from pdf_tools import Rect, edited, rect_of
from scenes import Scene
from seen import Paper, Seen, technique
from techniques_printed import Sheet, on_pages

_PEN = b"0.1 0.1 0.6 RG 0.1 0.1 0.6 rg 1.4 w "


def _curved(box: Rect, rng: random.Random) -> bytes:
    """A tick in two curves: down to the foot of the box, and up past its corner."""
    x0, y0, x1, y1 = box
    middle, past = (x0 + x1) / 2 - rng.uniform(0, 1.5), rng.uniform(2, 6)
    return _PEN + b"%.2f %.2f m %.2f %.2f %.2f %.2f %.2f %.2f c %.2f %.2f %.2f %.2f %.2f %.2f c S" % (
        *(x0 - 1, (y0 + y1) / 2),
        *(x0 + 1, (y0 + y1) / 2, middle - 1, y0 + 1, middle, y0 - 0.5),
        *(middle + 1, y0 + 4, x1, y1 - 2, x1 + past, y1 + past),
    )


def _filled(box: Rect, rng: random.Random) -> bytes:
    """A tick of a felt pen: the outline of the stroke, filled."""
    x0, y0, x1, y1 = box
    middle, past = (x0 + x1) / 2, rng.uniform(2, 6)
    return _PEN + b"%.2f %.2f m %.2f %.2f l %.2f %.2f l %.2f %.2f l %.2f %.2f l %.2f %.2f l h f" % (
        *(x0 - 1, (y0 + y1) / 2, middle, y0 + 1.5, x1 + past, y1 + past),
        *(x1 + past + 1, y1 + past - 1, middle, y0 - 1.5, x0 - 1.5, (y0 + y1) / 2 - 1.5),
    )


def _slash(box: Rect, rng: random.Random) -> bytes:
    """One stroke through the box."""
    x0, y0, x1, y1 = box
    left, right = rng.uniform(2, 7), rng.uniform(2, 7)
    return _PEN + b"%.2f %.2f m %.2f %.2f l S" % (x0 - left, y0 - left / 2, x1 + right, y1 + right / 2)


@on_pages(Seen.UNSURE, "old", kinds=("tick",))
def tick_in_curves(sheet: Sheet) -> None:
    """A second box ticked by a curved stroke larger than it."""
    sheet.paint(_curved(sheet.boxes["new"], sheet.rng))


@on_pages(Seen.UNSURE, "old", kinds=("tick",))
def tick_of_a_felt_pen(sheet: Sheet) -> None:
    """A second box ticked by a filled shape larger than it."""
    sheet.paint(_filled(sheet.boxes["new"], sheet.rng))


@on_pages(Seen.UNSURE, "old", kinds=("tick",))
def tick_of_one_stroke(sheet: Sheet) -> None:
    """A second box ticked by one slanted stroke."""
    sheet.paint(_slash(sheet.boxes["new"], sheet.rng))


@on_pages(Seen.UNSURE, "old", kinds=("tick",))
def ticked_box_struck_out(sheet: Sheet) -> None:
    """The box that is ticked is struck by a longer line."""
    sheet.paint(_slash(sheet.boxes["old"], sheet.rng))


@technique(Paper.FILLABLE, Seen.UNSURE, kinds=("tick",))
def tick_of_an_ink_annotation(scene: Scene, rng: random.Random) -> bytes:
    """A second box of a fillable form ticked by a viewer's pen: an annotation."""
    with edited(scene.fillable("old")) as pdf:
        page, widget = pdf.place(scene, "new")
        x0, y0, x1, y1 = rect_of(widget)
        around = (x0 - 8, y0 - 8, x1 + 8, y1 + 8)
        box = (8, 8, 8 + x1 - x0, 8 + y1 - y0)
        pdf.annotate(page, "Ink", around, _curved(box, rng))
    return pdf.result


@technique(Paper.FILLABLE, Seen.UNSURE, kinds=("tick",))
def tick_on_the_page(scene: Scene, rng: random.Random) -> bytes:
    """A second box of a fillable form ticked by a stroke that is part of the page."""
    with edited(scene.fillable("old")) as pdf:
        page, widget = pdf.place(scene, "new")
        pdf.add(page, _slash(rect_of(widget), rng), pdf.pdf.make_indirect({}))
    return pdf.result
