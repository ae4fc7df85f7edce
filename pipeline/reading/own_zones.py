"""PDF adapter of our own form, printed: what stands in each box of the placement is the answer.

A copy of the Word form, which a word processor laid out, is read by its table cells instead (``printed_cells``).
First the form's own words are found at their places and set aside; what is left is the student's. Text out of
its box, at its very edge, invisible or crossed out, and marks astride a box, are doubts.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import pdfplumber
from pdfplumber.page import Page

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.errors import FormRejected
from pipeline.core.fields import FieldKind
from pipeline.core.models import Box
from pipeline.core.who import Who
from pipeline.forms.blank import Blank, Cell
from pipeline.forms.paper.placement import Placement, Text, Zone
from pipeline.forms.paper.strips import FOOT, place
from pipeline.reading.astray import share_out, spilled_text, stray_text
from pipeline.reading.boxes import inside, rounded
from pipeline.reading.candidates import TICKED, Answer
from pipeline.reading.printed_cells import read_cells
from pipeline.reading.printed_marks import (
    Glyph,
    Mark,
    glyphs_of,
    join,
    line_text,
    lines_of,
    marks_of,
    squeeze,
)
from pipeline.reading.sequences import grouped

METHOD = "pdf-zones"
# Text nearer than this to the right border of its box may go on behind it. Viewers leave two points; text that a
# program made smaller to fit may come nearer, and is whole.
_EDGE, _SHRUNK_EDGE = 1.9, 0.4
_SMALL = 8.5  # points: smaller type was made so to fit
_TICK = 30.0  # points: a mark bigger than this is not a tick
_PAGE = re.compile(r"Page(\d+)/(\d+)$")


@dataclass(frozen=True)
class _Sheet:
    """One printed page, brought back to the size and place of the plan."""

    number: int
    glyphs: tuple[Glyph, ...]
    marks: tuple[Mark, ...]


def read_zones(pages: Sequence[Page], blank: Blank) -> tuple[float, tuple[Answer, ...]]:
    """The share of the form's own words found at their places, and an answer for each slot.

    Raises FormRejected when the same page comes twice.
    """
    placement = place(blank)
    sheets = [sheet for page in pages if (sheet := _sheet(page, blank, placement)) is not None]
    numbers = [sheet.number for sheet in sheets]
    if len(set(numbers)) < len(numbers):
        raise FormRejected(
            "PLUSIEURS_FORMULAIRES",
            "La même page du formulaire s’y trouve deux fois. Envoyez un seul formulaire par fichier.",
        )
    found = 0
    answers: dict[str, Answer] = {}
    for sheet in sheets:
        seen, left = _set_aside(sheet, placement)
        found += seen
        answers.update(_answers(sheet, left, placement, {cell.field.path: cell for cell in blank.cells()}))
    extra = len(pages) - len(sheets)
    lost = {
        zone.slot.name: Answer(zone.slot, "", METHOD, doubt=Doubt(Reason.MISSING_PAGE)) for zone in placement.zones
    }
    ordered = list((lost | answers).values())
    if extra and ordered:
        why = f"le fichier a {extra} page(s) de plus que le formulaire : à lire à l’œil"
        doubt = Doubt(Reason.EXTRA_PAGE, why)
        ordered[-1] = replace(ordered[-1], doubt=ordered[-1].doubt or doubt)
    return found / len(placement.texts), tuple(ordered)


def _sheet(page: Page, blank: Blank, placement: Placement) -> _Sheet | None:
    """The page measured by its own footer, whatever scale it was printed at; ``None`` without our footer."""
    glyphs = glyphs_of(page)
    for line in lines_of(glyphs):
        letters = [glyph for glyph in line if glyph.text.strip()]
        text = "".join(glyph.text for glyph in letters)
        number = _PAGE.search(text)
        if text.startswith(squeeze(blank.mark)) and number is not None and int(number[1]) <= placement.pages:
            return _measured(page, glyphs, int(number[1]), (letters[0], _letter(letters, number.start())), placement)
    return None


def _letter(letters: Sequence[Glyph], at: int) -> Glyph:
    """The letter that holds that position of the text: some hold two, as « ti »."""
    for glyph in letters:
        at -= len(glyph.text)
        if at < 0:
            return glyph
    return letters[-1]


def _measured(
    page: Page, glyphs: Sequence[Glyph], number: int, ends: tuple[Glyph, Glyph], placement: Placement
) -> _Sheet:
    foot = [text for text in placement.texts if text.page == number and text.base == FOOT]
    left, right = min(text.x for text in foot), max(text.x for text in foot)
    scale = (right - left) / (ends[1].x0 - ends[0].x0)
    across, down = left - ends[0].x0 * scale, FOOT - ends[0].base * scale
    moved = (
        replace(
            glyph,
            x0=glyph.x0 * scale + across,
            x1=glyph.x1 * scale + across,
            base=glyph.base * scale + down,
            size=glyph.size * scale,
        )
        for glyph in glyphs
    )
    marks = (replace(mark, box=_scaled(mark.box, scale, across, down)) for mark in marks_of(page))
    return _Sheet(number, tuple(moved), tuple(marks))


def _scaled(box: Box, scale: float, across: float, down: float) -> Box:
    return (box[0] * scale + across, box[1] * scale + down, box[2] * scale + across, box[3] * scale + down)


def _set_aside(sheet: _Sheet, placement: Placement) -> tuple[int, list[Glyph]]:
    """How many of the plan's texts stand on the sheet as they should, and the letters that are not theirs."""
    bases = grouped((round(glyph.base), glyph) for glyph in sheet.glyphs)
    taken: set[int] = set()
    found = 0
    for text in placement.texts:
        if text.page == sheet.number:
            near = [g for base in range(round(text.base) - 2, round(text.base) + 3) for g in bases.get(base, ())]
            letters = [glyph for glyph in near if id(glyph) not in taken and _of_text(glyph, text)]
            printed = "".join(glyph.text for glyph in sorted(letters, key=lambda glyph: glyph.x0))
            if squeeze(printed) == squeeze(text.text):
                found += 1
                taken.update(map(id, letters))
    return found, [glyph for glyph in sheet.glyphs if id(glyph) not in taken]


def _of_text(glyph: Glyph, text: Text) -> bool:
    middle = (glyph.x0 + glyph.x1) / 2
    box = text.box
    same = abs(glyph.base - text.base) <= 1.0 and abs(glyph.size - text.size) <= 0.06 * text.size
    return same and box[0] - 0.6 <= middle <= box[2] + 1.0


def _answers(
    sheet: _Sheet, left: Iterable[Glyph], placement: Placement, cells: dict[str, Cell]
) -> Iterator[tuple[str, Answer]]:
    zones = [zone for zone in placement.zones if zone.page == sheet.number]
    held, strays = share_out(left, zones)
    astray = stray_text(strays, zones, sheet.number, placement) | spilled_text(held, strays, zones)
    for zone in zones:
        glyphs = held[zone.slot.name]
        answer = (
            _ticked(zone, glyphs, sheet.marks) if zone.lines == 0 else _answer_in(zone, glyphs, sheet.marks, cells)
        )
        doubt = astray.get(zone.slot.name) or answer.doubt
        yield zone.slot.name, replace(answer, doubt=doubt)


def _answer_in(zone: Zone, glyphs: Sequence[Glyph], marks: Sequence[Mark], cells: dict[str, Cell]) -> Answer:
    lines = lines_of(glyphs)
    texts = [line_text(line) for line in lines]
    text = join(texts, cells[zone.path].field.kind)
    doubt = _doubt(zone, [g for g in glyphs if g.text.strip()], texts)
    if doubt is None and text and any(_strikes(mark, zone.box) for mark in marks):
        doubt = Doubt(Reason.CROSSED_OUT, "un trait ou un dessin passe sur la réponse")
    return Answer(zone.slot, text, METHOD, zone.page, rounded(zone.box), doubt)


def _doubt(zone: Zone, glyphs: Sequence[Glyph], texts: Sequence[str]) -> Doubt | None:
    if not glyphs:
        return None
    size = max(glyph.size for glyph in glyphs)
    checks = (
        (
            _at_a_side(zone.box, glyphs, size),
            Reason.CUT,
            "le texte touche le bord de la case : il est peut-être coupé",
        ),
        (
            _too_high_or_low(zone.box, glyphs),
            Reason.CUT,
            "le texte touche le haut ou le bas de la case : il est peut-être coupé",
        ),
        (_full(zone.box, glyphs, size, texts), Reason.CUT, "la case est pleine : la fin du texte manque peut-être"),
        (any(glyph.pale for glyph in glyphs), Reason.HIDDEN, "une partie du texte est invisible sur le papier"),
        (
            zone.lines == 1 and len(texts) > 1,
            Reason.SPILLED,
            "plusieurs lignes sont écrites dans une case d’une ligne",
        ),
        (
            any("\ufffd" in text or "(cid:" in text for text in texts),
            Reason.ILLEGIBLE,
            "une partie du texte est illisible",
        ),
    )
    return next((Doubt(code, why) for holds, code, why in checks if holds), None)


def _at_a_side(box: Box, glyphs: Sequence[Glyph], size: float) -> bool:
    chosen = abs(2 * size - round(2 * size)) < 0.1  # 9, 10.5, 12: by a person, not by calculation
    edge = _EDGE if chosen and size >= _SMALL else _SHRUNK_EDGE
    return max(glyph.x1 for glyph in glyphs) > box[2] - edge or min(glyph.x0 for glyph in glyphs) < box[0] + 1.0


def _too_high_or_low(box: Box, glyphs: Sequence[Glyph]) -> bool:
    top = min(glyph.base - 0.65 * glyph.size for glyph in glyphs)
    return max(glyph.base for glyph in glyphs) > box[3] - 0.3 or top < box[1] - 0.3


def _full(box: Box, glyphs: Sequence[Glyph], size: float, texts: Sequence[str]) -> bool:
    """Whether a next line could have been left out without a trace: there is no room for any of it."""
    return len(texts) > 1 and box[3] - max(glyph.base for glyph in glyphs) < 0.35 * size + 2


def _strikes(mark: Mark, box: Box) -> bool:
    """A dark mark inside the box that is not the box's own border."""
    if not mark.dark or not inside(mark.centre, box, -1.0):
        return False
    own = all(abs(one - other) <= 1.5 for one, other in zip(mark.box, box, strict=True))
    bigger = mark.box[0] < box[0] - 2 and mark.box[2] > box[2] + 2 and mark.box[3] > box[3] and mark.box[1] < box[1]
    return not own and not bigger


def _ticked(zone: Zone, glyphs: Sequence[Glyph], marks: Sequence[Mark]) -> Answer:
    own = [mark for mark in marks if _is_tick(mark, zone.box)]
    ink = [glyph for glyph in glyphs if glyph.text.strip() and not glyph.pale]
    astride = any(
        mark.box[0] < zone.box[0] - 5
        or mark.box[2] > zone.box[2] + 5
        or mark.box[1] < zone.box[1] - 5
        or mark.box[3] > zone.box[3] + 5
        for mark in own
    )
    doubt = Doubt(Reason.AMBIGUOUS_TICK, "la marque déborde de la case") if astride else None
    return Answer(zone.slot, TICKED if own or ink else "", METHOD, zone.page, rounded(zone.box), doubt)


def _is_tick(mark: Mark, box: Box) -> bool:
    width, height = mark.box[2] - mark.box[0], mark.box[3] - mark.box[1]
    if not mark.dark or max(width, height) > _TICK or not inside(mark.centre, box, 1.0):
        return False
    return mark.full or not all(abs(one - other) <= 1.2 for one, other in zip(mark.box, box, strict=True))


MIN_SHARE = 0.98  # of the printed labels found again: below, the boxes cannot be trusted to be where we look


def read_printed(pdf: bytes, blank: Blank) -> tuple[Answer, ...]:
    """One answer for each slot of the plan, in form order, from a printed copy of ``blank``.

    Raises FormRejected (VERSION_MODIFIEE) when too few of the form's own labels are found where they should be.
    """
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        share, answers = read_zones(document.pages, blank)
        if share < MIN_SHARE:
            other, others = read_cells(document.pages, blank)
            share, answers = max((share, answers), (other, others), key=lambda pair: pair[0])
    if share < MIN_SHARE:
        raise FormRejected(
            "VERSION_MODIFIEE",
            f"La mise en page de ce formulaire a changé : {share:.0%} seulement de ses intitulés ont été retrouvés à "
            "leur place (page manquante, ligne ajoutée ou supprimée, autre version ?). Renvoyez le formulaire "
            "d’origine, rempli à l’écran, sans l’imprimer ni changer sa mise en page.",
        )
    return tuple(_sole_ticks(answers, blank))


def _sole_ticks(answers: Iterable[Answer], blank: Blank) -> Iterable[Answer]:
    """Two boxes ticked where one was asked: neither is believed."""
    several = {cell.field.path for cell in blank.cells() if cell.field.kind is FieldKind.DAYS}
    answers = tuple(answers)
    ticks = Counter(answer.slot.path for answer in answers if answer.slot.option is not None and answer.text)
    doubt = Doubt(Reason.AMBIGUOUS_TICK, "plusieurs cases sont cochées", Who.STAGIAIRE)
    for answer in answers:
        ambiguous = answer.text and ticks[answer.slot.path] > 1 and answer.slot.path not in several
        yield replace(answer, doubt=answer.doubt or doubt) if ambiguous else answer
