"""Fields of a fillable PDF held against the page: each shows what it holds, wholly, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.models import Box
from pipeline.reading.seen.eyesight import Eyesight
from pipeline.reading.seen.hollows import empty_frame
from pipeline.reading.seen.inked_text import bare, sight_of, spelled
from pipeline.reading.seen.sheets import Letter, Sheet, Sheets
from pipeline.reading.seen.strikes import is_struck
from pipeline.reading.widgets import Widget, hidden_doubt, widget_on

_EDGE = 1.5  # points: the frame of a field
_INNER = 0.28  # of a box to tick, or a ring: its frame
_MARKED, _CLEAN = 0.05, 0.02  # share of its inside that is ink when it is ticked, and when it is not
_STRAY = 3.0  # square points of ink that no letter explains: a stroke of 4 mm


def held_fields(fields: Sequence[Widget], sheets: Sheets, sight: Eyesight, *, alone: bool) -> tuple[Widget, ...]:
    """The same fields, each with the doubt that its picture gives.

    ``alone``: the blank has nothing printed under its fields, so that any ink in one is an answer. Pages none of
    whose fields is filled are not rendered.
    """
    pages = {field.page for field in fields if _filled(field)}
    return tuple(
        replace(field, doubt=_doubt(field, sheets.sheet(field.page), sight, alone=alone))
        if field.page in pages
        else field
        for field in fields
    )


def _filled(field: Widget) -> bool:
    return (field.on or widget_on(field)) if field.kind == "Btn" else bool(field.text.strip())


def _doubt(field: Widget, sheet: Sheet | None, sight: Eyesight, *, alone: bool) -> Doubt | None:
    told = hidden_doubt(field)
    if told is not None or sheet is None:
        return told or Doubt(Reason.HIDDEN, f"la page {field.page} ne s’affiche pas")
    box = sheet.placed(field.box)
    if field.kind == "Btn":
        return tick_doubt(sheet, box, ticked=widget_on(field))
    letters = sheet.letters(box, laid=True)
    if not bare(field.text):
        shown = bare("".join(letter.text for letter in letters))
        if alone and (shown or sheet.inked(_inside(box, _EDGE)) > _STRAY):
            return (
                Doubt(Reason.HIDDEN, f"la case est vide et montre « {shown[:60]} »") if shown else _over(sheet, box)
            )
        return None
    return _text_doubt(field, letters, sheet, sight, alone=alone)


def _text_doubt(field: Widget, letters: list[Letter], sheet: Sheet, sight: Eyesight, *, alone: bool) -> Doubt | None:
    """The doubt on a field that holds a text, and in which the page has these letters."""
    box = sheet.placed(field.box)
    seen = sight_of(field.text, letters, sheet, box)
    found = sight.doubt(seen, field.text, sheet, box, letters)
    if found is None and alone and sheet.inked(_inside(box, _EDGE), [letter.box for letter in letters]) > _STRAY:
        return _over(sheet, box)
    if found is None and is_struck(letters, sheet):
        return Doubt(Reason.CROSSED_OUT, f"« {field.text.strip()[:60]} » est barré")
    return found


def _over(sheet: Sheet, box: Box) -> Doubt:
    """The doubt on a field in which the page itself has ink: words that were typed over it, or a drawing."""
    laid = sheet.letters(box, laid=True)
    words = spelled([letter for letter in sheet.letters(box) if letter not in laid])
    if words:
        return Doubt(Reason.STRAY_TEXT, f"du texte est écrit sur la page dans cette case : « {words[:120]} »")
    return Doubt(Reason.CROSSED_OUT, "quelque chose est dessiné dans cette case")


def _inside(box: Box, edge: float) -> Box:
    return (box[0] + edge, box[1] + edge, box[2] - edge, box[3] - edge)


def tick_doubt(sheet: Sheet, box: Box, *, ticked: bool) -> Doubt | None:
    """The doubt on a box to tick whose inside shows a mark and is said to be empty, or the other way round."""
    inner = _inside(box, _INNER * min(box[2] - box[0], box[3] - box[1]))
    surface = (inner[2] - inner[0]) * (inner[3] - inner[1])
    share = sheet.inked(inner) / surface if surface > 0 else 0.0
    if share > _CLEAN and (frame := empty_frame(sheet, box)):  # a ring is drawn smaller than its box, and reaches in
        share = sheet.inked(inner, [frame]) / surface
    if ticked and share < _MARKED:
        return Doubt(Reason.HIDDEN, "la case est cochée dans le fichier, et la page ne montre aucune marque")
    if not ticked and share > _CLEAN:
        return Doubt(Reason.AMBIGUOUS_TICK, "la page montre une marque dans une case qui n’est pas cochée")
    return None
