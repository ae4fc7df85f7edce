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

from pipeline.intake.ocr.registration import Registration
from pipeline.intake.ocr.scan import Scan, ScannedPage
from pipeline.intake.ocr.squares import Square, crossed_square, cut, free_square
from pipeline.models import Box

AMBIGUOUS = "CASE_AMBIGUE"
_EMPTY, _TICKED, _FULL = 0.06, 0.16, 0.90  # of the inside inked: an empty box has specks, a blot hides what it was
_STRAY = 3.5  # points between the shifts of two boxes of one question
_BESIDE = (15.0, 3.0, 4.0)  # points looked at left of a box, right of it, above and below
_PEN = 6.0  # points that a pen reaches out of the box it ticks
_MARK = 3.5  # points: a pen's mark is at least as long, dust is not

Places = Mapping[str, tuple[int, Box]]
_Spots = dict[str, tuple[int, Box] | None]
_Squares = dict[str, Square | None]


@dataclass(frozen=True)
class TickState:
    """One box: ticked, not ticked, or ``None`` with a ``doubt``; the share of its inside that is inked; its place."""

    ticked: bool | None
    ink: float
    page: int | None
    box: Box | None
    doubt: str | None = None


def read_ticks(scan: Scan, place: Registration, questions: Mapping[str, Places]) -> dict[str, dict[str, TickState]]:
    """The state of each box, by path and option; ``questions`` gives the layout's page and box of each.

    The boxes of one question are found together: they have one shift, or none is believed.
    """
    spots = {path: _foreseen(place, boxes) for path, boxes in questions.items()}
    squares = {path: _found(scan, mine) for path, mine in spots.items()}
    sides = [square.side for mine in squares.values() for square in mine.values() if square]
    side = (median(one for one, _ in sides), median(other for _, other in sides)) if sides else None
    return {path: _states(scan, place, spots[path], squares[path], side) for path in questions}


def _foreseen(place: Registration, boxes: Places) -> _Spots:
    """Where each box should be: the scanned page, and a box of the layout's size."""
    spots: _Spots = {}
    for name, (page, (x0, y0, x1, y1)) in boxes.items():
        spot = place.place(page, (x0 + x1) / 2, (y0 + y1) / 2)
        wide, high = (x1 - x0) / 2, (y1 - y0) / 2
        spots[name] = (spot[0], (spot[1] - wide, spot[2] - high, spot[1] + wide, spot[2] + high)) if spot else None
    return spots


def _found(scan: Scan, spots: _Spots) -> _Squares:
    return {name: free_square(scan.page(spot[0]), spot[1]) if spot else None for name, spot in spots.items()}


def _states(
    scan: Scan, place: Registration, spots: _Spots, squares: _Squares, side: tuple[float, float] | None
) -> dict[str, TickState]:
    squares = _completed(scan, spots, squares, side)
    if _strayed(squares):
        squares = dict.fromkeys(squares)
    states = {name: _state(square, spots[name]) for name, square in squares.items()}
    if _marked_beside(scan, place, squares, spots, states):
        doubt = f"{AMBIGUOUS} : marque à côté d’une case sur l’image."
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
        return TickState(None, 0.0, page, box, f"{AMBIGUOUS} : case introuvable sur l’image.")
    ink = round(square.ink, 3)
    if ink <= _EMPTY or _TICKED <= ink <= _FULL:
        return TickState(ink >= _TICKED, ink, spot[0], square.box)
    how = "noircie" if ink > _FULL else "à peine marquée"
    return TickState(None, ink, spot[0], square.box, f"{AMBIGUOUS} : case {how} sur l’image.")


def _marked_beside(
    scan: Scan, place: Registration, squares: _Squares, spots: _Spots, states: Mapping[str, TickState]
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
        known = [*page.rulings.level, *page.rulings.upright, *_printed(place, spot[0])]
        for other, state in states.items():
            box, reach = squares[other], _PEN if state.ticked else 0.0
            known += [_wider(box.box, reach)] if box else []
        if _has_mark(page, window, known):
            return True
    return False


def _printed(place: Registration, number: int) -> list[Box]:
    """The boxes of the layout's words on a scanned page: narrower and truer than the engine's."""
    found = []
    for anchor in place.anchors:
        if anchor.word.page == number and anchor.literal.box:
            x0, y0, x1, y1 = anchor.literal.box
            spot = place.place(int(anchor.literal.page or 0), (x0 + x1) / 2, (y0 + y1) / 2)
            if spot and spot[0] == number:
                wide, high = (x1 - x0) / 2 + 0.8, (y1 - y0) / 2 + 0.8
                found.append((spot[1] - wide, spot[2] - high, spot[1] + wide, spot[2] + high))
    return found


def _wider(box: Box, reach: float) -> Box:
    return box[0] - reach, box[1] - reach, box[2] + reach, box[3] + reach


def _has_mark(page: ScannedPage, window: Box, known: Iterable[Box]) -> bool:
    """Whether a stroke is left in the window once everything known is wiped out of it."""
    left, top, part = cut(page, window)
    rest, scale = part.copy(), page.image.scale
    for box in known:
        if box[0] < window[2] and box[2] > window[0] and box[1] < window[3] and box[3] > window[1]:
            x0, y0, x1, y1 = (round(value * scale) for value in _wider(box, 1.0))
            rest[max(0, y0 - top) : max(0, y1 - top), max(0, x0 - left) : max(0, x1 - left)] = 0
    if rest.size == 0:
        return False
    stats = cv2.connectedComponentsWithStats(rest)[2][1:]
    longest = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(initial=0)
    return bool(longest >= _MARK * scale)
