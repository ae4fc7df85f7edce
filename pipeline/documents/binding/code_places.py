"""Places of QR codes: on each page one that was measured to be empty, at the foot if it may be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.core.models import Box
from pipeline.core.timing import step
from pipeline.documents.binding.pieces import CodePlace
from pipeline.documents.binding.signatures import meet, occupied
from pipeline.documents.opened import Opened

CODE_SIDES = 46.0, 38.0  # points, white rim included: 16 mm, or 13 mm where there is no room for more
_EDGE = 8.0  # points between the code's rim and the edge of the page; the rim keeps printers' own margin
_STEP = 12.0
_WORDS_ROOM = (245.0, 26.0)  # the corner that the words may need


@step("proof")
def code_places(opened: Opened) -> tuple[CodePlace, ...]:
    """An empty place for the code of each page: at the foot from the left corner on, else up the margins.

    A page without any such place (a full picture, in a centre's own PDF) goes without.
    """
    places = (_free_place(page, number) for number, page in enumerate(opened.pages, 1))
    return tuple(place for place in places if place)


def _free_place(page: Any, number: int) -> CodePlace | None:  # noqa: ANN401 -- a pypdfium2 page
    sheet = page.get_cropbox()
    taken = (*occupied(page), _words_room(sheet, page.get_rotation()))
    for side in CODE_SIDES:
        for x, y in _corners(sheet, side):
            if not any(meet((x, y, x + side, y + side), other) for other in taken):
                return CodePlace(number, x, y, side)
    return None


def _corners(sheet: Box, side: float) -> Iterator[tuple[float, float]]:
    """The places that are tried, the best first."""
    left, bottom, right, top = sheet
    across = _steps(left + _EDGE, right - _EDGE - side)
    upward = _steps(bottom + _EDGE, top - _EDGE - side)
    yield from ((x, bottom + _EDGE) for x in across)
    yield from ((x, y) for x in (left + _EDGE, right - _EDGE - side) for y in upward)


def _steps(first: float, last: float) -> list[float]:
    return [first + count * _STEP for count in range(int((last - first) / _STEP) + 1)] if last >= first else []


def _words_room(sheet: Box, turned: int) -> Box:
    """Where the words stand, at the bottom right as people see the page."""
    left, bottom, right, top = sheet
    wide, high = _WORDS_ROOM
    return {
        0: (right - wide, bottom, right, bottom + high),
        90: (right - high, top - wide, right, top),
        180: (left, top - high, left + wide, top),
        270: (left, bottom, left + high, bottom + wide),
    }[turned % 360]
