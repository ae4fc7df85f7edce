"""Tick boxes on a scan: where the layout says a box is, a square is looked for and its inside is measured.

The place never comes from the engines' words, which see boxes as letters or not at all. A box that is not found,
whose ink is neither that of an empty square nor that of a cross, or beside which a pen left a mark, has no state:
a person looks at it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from statistics import median

import cv2
import numpy as np

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.folding import folded_letters
from pipeline.core.models import Box
from pipeline.reading.ocr.page_images import Grey
from pipeline.reading.ocr.registration import Registration
from pipeline.reading.ocr.scan_reading import Scan, ScannedPage
from pipeline.reading.ocr.squares import Square, crossed_square, cut, free_square
from pipeline.reading.ocr.strokes import pale_ink
from pipeline.reading.tokens import Stream, Token, TokenKind

_EMPTY, _TICKED, _FULL = 0.06, 0.16, 0.90  # of the inside inked: an empty box has specks, a blot hides what it was
# Points, chosen over the scans of tests/layouts: a pen is as wide, and a hand reaches as far, whatever the type.
_STRAY = 3.5  # between the shifts of two boxes of one question
_BESIDE = (15.0, 3.0, 4.0)  # looked at left of a box, right of it, above and below
_PEN = 6.0  # that a pen reaches out of the box it ticks
_BAR = 0.9  # of a window's side that a bar of colour covers
_FRINGE = 0.2  # of it that the last, sloping, line of that bar covers
_LONG = 30.0  # points: a printed line is longer; a pen's dash beside a box is not
_MARK = 3.5  # points: a pen's mark is at least as long, dust is not

Places = Mapping[str, tuple[int, Box]]
_Spots = dict[str, tuple[int, Box] | None]
_Squares = dict[str, Square | None]
_Printed = dict[int, list[Box]]  # by scanned page


@dataclass(frozen=True)
class TickState:
    """One box: ticked, not ticked, or ``None`` with a ``doubt``; the share of its inside that is inked; its place."""

    ticked: bool | None
    ink: float
    page: int | None
    box: Box | None
    doubt: Doubt | None = None


def read_ticks(
    scan: Scan, place: Registration, questions: Mapping[str, Places], literals: Stream = ()
) -> dict[str, dict[str, TickState]]:
    """The state of each box, by path and option; ``questions`` gives the layout's page and box of each.

    The boxes of one question are found together: they have one shift, or none is believed. ``literals`` are the
    layout's printed words and signs: their ink is not a pen's.
    """
    found = {path: _foreseen(scan, place, boxes) for path, boxes in questions.items()}
    spots = {path: mine for path, (mine, _) in found.items()}
    squares = {path: mine for path, (_, mine) in found.items()}
    sides = [square.side for mine in squares.values() for square in mine.values() if square]
    side = (median(one for one, _ in sides), median(other for _, other in sides)) if sides else None
    printed = _printed(place, literals)
    return {path: _states(scan, printed, spots[path], squares[path], side) for path in questions}


def _foreseen(scan: Scan, place: Registration, boxes: Places) -> tuple[_Spots, _Squares]:
    """Where each box should be (the scanned page, and a box of the layout's size), and the square that is there."""
    spots: _Spots = {}
    squares: _Squares = {}
    for name, (page, (x0, y0, x1, y1)) in boxes.items():
        wide, high = (x1 - x0) / 2, (y1 - y0) / 2
        here = [
            (number, (x - wide, y - high, x + wide, y + high))
            for number, x, y in place.spots(page, (x0 + x1) / 2, (y0 + y1) / 2)
        ]
        seen = [(spot, square) for spot in here if (square := free_square(scan.page(spot[0]), spot[1]))]
        same = len({(spot[0], square.box) for spot, square in seen}) == 1
        spots[name] = seen[0][0] if seen else next(iter(here), None)
        squares[name] = seen[0][1] if same else None
    return spots, squares


def _states(
    scan: Scan, printed: _Printed, spots: _Spots, squares: _Squares, side: tuple[float, float] | None
) -> dict[str, TickState]:
    squares = _completed(scan, spots, squares, side)
    if _strayed(squares):
        squares = dict.fromkeys(squares)
    states = {name: _state(square, spots[name]) for name, square in squares.items()}
    if _marked_beside(scan, printed, squares, spots, states):
        doubt = Doubt(Reason.AMBIGUOUS_TICK, "marque à côté d’une case sur l’image.")
        states = {name: replace(state, ticked=None, doubt=doubt) for name, state in states.items()}
    return states


def _completed(scan: Scan, spots: _Spots, squares: _Squares, side: tuple[float, float] | None) -> _Squares:
    """The boxes that a pen crossed, found from the shift of the question's other boxes and the size of all."""
    known = [square.shift for square in squares.values() if square]
    shift = (median(x for x, _ in known), median(y for _, y in known)) if known else (0.0, 0.0)
    done = dict(squares)
    for name, spot in spots.items():
        if side and spot and squares[name] is None:
            done[name] = crossed_square(scan.page(spot[0]), spot[1], side, shift)
    return done


def _strayed(squares: _Squares) -> bool:
    """Whether the boxes of one question are shifted unalike, or two options share one square."""
    found = [square for square in squares.values() if square]
    shared = len({square.box for square in found}) < len(found)
    return shared or any(
        abs(one.shift[axis] - two.shift[axis]) > _STRAY for one in found for two in found for axis in (0, 1)
    )


def _state(square: Square | None, spot: tuple[int, Box] | None) -> TickState:
    if square is None or spot is None:
        page, box = spot or (None, None)
        return TickState(None, 0.0, page, box, Doubt(Reason.AMBIGUOUS_TICK, "case introuvable sur l’image."))
    ink = round(square.ink, 3)
    ticked = ink >= _TICKED or (ink > _EMPTY and square.crossed)
    if ink <= _EMPTY or (ticked and ink <= _FULL):
        return TickState(ticked, ink, spot[0], square.box)
    how = "noircie" if ink > _FULL else "à peine marquée"
    return TickState(None, ink, spot[0], square.box, Doubt(Reason.AMBIGUOUS_TICK, f"case {how} sur l’image."))


def _marked_beside(
    scan: Scan, printed: _Printed, squares: _Squares, spots: _Spots, states: Mapping[str, TickState]
) -> bool:
    """Whether ink that is neither a box, nor a printed word, nor a ruling stands just around an empty box.

    A pen may reach far out of the box it ticked; but a cross beside a box, or a circle around an option, is no tick.
    """
    for name, square in squares.items():
        spot = spots[name]
        if square is None or spot is None or states[name].ticked:
            continue
        page = scan.page(spot[0])
        x0, y0, x1, y1 = square.box
        window = (x0 - _BESIDE[0], y0 - _BESIDE[2], x1 + _BESIDE[1], y1 + _BESIDE[2])
        known = [*page.rulings.level, *page.rulings.upright, *printed.get(spot[0], ())]
        for other, state in states.items():
            box, reach = squares[other], _PEN if state.ticked else 0.0
            known += [_wider(box.box, reach)] if box else []
        if _has_mark(page, window, known):
            return True
    return False


def _printed(place: Registration, literals: Stream) -> _Printed:
    """By scanned page, the boxes of the layout's words: narrower and truer than the engine's; and of its signs.

    A word is looked for where its neighbours went, and where it was itself read.
    """
    found: dict[int, list[Box]] = {}
    for anchor in place.anchors:
        if anchor.literal.box:
            x0, y0, x1, y1 = anchor.literal.box
            right, down = anchor.drift
            found.setdefault(int(anchor.word.page or 0), []).append((x0 + right, y0 + down, x1 + right, y1 + down))
    for token in (*(anchor.literal for anchor in place.anchors), *(one for one in literals if _is_sign(one))):
        x0, y0, x1, y1 = token.box or (0.0, 0.0, 0.0, 0.0)
        spot = place.place(int(token.page or 0), (x0 + x1) / 2, (y0 + y1) / 2)
        if spot:
            wide, high = (x1 - x0) / 2 + 0.8, (y1 - y0) / 2 + 0.8
            found.setdefault(spot[0], []).append((spot[1] - wide, spot[2] - high, spot[1] + wide, spot[2] + high))
    return found


def _is_sign(token: Token) -> bool:
    """Whether it is printed, but has no letter to be found again by."""
    return token.kind is TokenKind.WORD and bool(token.box and token.text.strip()) and not folded_letters(token.text)


def _wider(box: Box, reach: float) -> Box:
    return box[0] - reach, box[1] - reach, box[2] + reach, box[3] + reach


def _has_mark(page: ScannedPage, window: Box, known: Iterable[Box]) -> bool:
    """Whether a stroke is left in the window once everything known is wiped out of it."""
    left, top, part = cut(page, window)
    rest, scale = _without_fill(part), page.image.scale
    if rest.size:
        rest[_lines_through(page, window, rest.shape) > 0] = 0
    for box in known:
        if box[0] < window[2] and box[2] > window[0] and box[1] < window[3] and box[3] > window[1]:
            x0, y0, x1, y1 = (round(value * scale) for value in _wider(box, 1.0))
            rest[max(0, y0 - top) : max(0, y1 - top), max(0, x0 - left) : max(0, x1 - left)] = 0
    if rest.size == 0:
        return False
    stats = cv2.connectedComponentsWithStats(rest)[2][1:]
    longest = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(initial=0)
    return bool(longest >= _MARK * scale)


def _without_fill(part: Grey) -> Grey:
    """The window without what is inked from side to side at its edges: a bar of colour, or a cell's border."""
    rest = part.copy()
    for view in (rest, rest[::-1], rest.T, rest.T[::-1]):
        barred = False
        for line in view:
            inked = np.count_nonzero(line) / line.size
            if inked < (_FRINGE if barred else _BAR):
                break
            barred = inked >= _BAR
            line[:] = 0
            if not barred:
                break  # the fringe of a bar that slopes a little
    return rest


def _lines_through(page: ScannedPage, window: Box, shape: tuple[int, ...]) -> Grey:
    """The level lines that cross the window and go on at its sides, too pale to be among the page's rulings."""
    pale = pale_ink(page.image, (max(0.0, window[0] - _LONG), window[1], window[2] + _LONG, window[3]))
    long = max(1, round(_LONG * page.image.scale))
    if pale.shape[0] != shape[0] or pale.shape[1] < shape[1] + long:
        return np.zeros(shape, np.uint8)
    lines = cv2.morphologyEx(
        cv2.morphologyEx(pale, cv2.MORPH_CLOSE, np.ones((2, 5), np.uint8)),
        cv2.MORPH_OPEN,
        np.ones((1, long), np.uint8),
    )
    lines = cv2.dilate(lines, np.ones((5, 1), np.uint8))
    start = round(window[0] * page.image.scale) - round(max(0.0, window[0] - _LONG) * page.image.scale)
    return np.asarray(lines[:, start : start + shape[1]], np.uint8)
