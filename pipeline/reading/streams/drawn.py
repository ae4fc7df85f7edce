"""Vector-graphics detection: tick boxes that are drawn, with their state, and what is painted over words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pdfminer.layout import LTChar, LTCurve
from pdfplumber.page import Page

from pipeline.core.boxes import gaps, inside, length_within, middle
from pipeline.core.models import Box

MIN_SIDE, MAX_SIDE = 4.5, 18.0  # points: of a tick box in print, which a pen must be able to tick
_SQUARE = 1.35  # how much longer than wide a tick box may be
_INNER = 0.15  # the border's share of a side: what lies further in is a mark
_TOUCH = 1.2  # points: by which programs miss the corner of a box; chosen over tests/layouts
_PASSING = 0.25  # of a side: how much of a line that passes through is inside
_TINY = 0.5  # points: half the thickest line that a box is drawn with; chosen over tests/layouts
_SCRIBBLED = 1 / 3  # of a side: a curve as large, over a mark of another kind, may cross it out
_PALE = 0.9  # grey level above which what is filled is paper
_DARK = 0.4  # grey level below which a box that is filled is blackened, not tinted
PALEST = 0.93  # grey level above which ink cannot be seen on paper
_DRAWN = ("rect", "line", "curve", "image")
Veils = frozenset[tuple[float, float]]


@dataclass(frozen=True)
class Square:
    """One drawn box; ``on`` is ``None`` when something stands in it that may or may not be a tick."""

    box: Box
    on: bool | None


def squares_of(page: Page) -> list[Square]:
    """Every drawn tick box of a page, top to bottom, left to right, with its state."""
    drawn = [item for kind in _DRAWN for item in page.objects.get(kind, ()) if _visible(item)]
    boxes = _distinct([*_rectangles(drawn), *_of_lines(drawn)])
    letters = [box_of(char) for char in page.chars if char["text"].strip()]
    found = [Square(box, _state(box, drawn, letters)) for box in boxes]
    return sorted(found, key=lambda square: (round(square.box[1]), square.box[0]))


def box_of(item: dict[str, Any]) -> Box:
    """The place of a pdfplumber object, in points from the top left."""
    return (item["x0"], item["top"], item["x1"], item["bottom"])


def _visible(item: dict[str, Any]) -> bool:
    if item["object_type"] == "image":
        return True
    return bool(item.get("stroke")) or (bool(item.get("fill")) and not is_pale(item.get("non_stroking_color"), _PALE))


def marks_of(page: Page) -> tuple[Box, ...]:
    """The boxes of everything drawn on a page that can be seen on paper, but for its letters.

    What is filled with ink is told by the line through its middle too: its edges may be those of a cell.
    """
    items = [item for kind in _DRAWN for item in page.objects.get(kind, ())]
    filled = (box_of(item) for item in items if item["object_type"] != "image" and _is_dark(item))
    middles = ((x0, (top + bottom) / 2, x1, (top + bottom) / 2) for x0, top, x1, bottom in filled)
    return (*(box_of(item) for item in items if item["object_type"] == "image" or _inked(item)), *middles)


def _is_dark(item: dict[str, Any]) -> bool:
    return bool(item.get("fill")) and not is_pale(item.get("non_stroking_color"), _DARK)


def pens_of(page: Page) -> tuple[Box, ...]:
    """The boxes of what is drawn with slanted strokes, as by hand: forms are drawn in level and upright ones."""
    items = (item for kind in ("line", "curve") for item in page.objects.get(kind, ()) if _inked(item))
    return tuple(box_of(item) for item in items if any(map(_slants, pairwise(item.get("pts") or ()))))


def _slants(stroke: tuple[tuple[float, float], tuple[float, float]]) -> bool:
    (x0, y0), (x1, y1) = stroke
    return abs(x0 - x1) > _TOUCH and abs(y0 - y1) > _TOUCH


def veiled(page: Page) -> Veils:
    """The letters over which something that cannot be seen on paper was painted afterwards: corrected with white."""
    letters: list[tuple[float, float, float, float]] = []
    found: set[tuple[float, float]] = set()
    for item in page.layout:
        if isinstance(item, LTChar):
            letters.append(item.bbox)
        elif isinstance(item, LTCurve) and item.fill and is_pale(item.non_stroking_color, PALEST):
            found.update(_at(one[0], one[1]) for one in letters if inside(middle(one), item.bbox))
    return frozenset(found)


def is_veiled(char: dict[str, Any], veils: Veils) -> bool:
    """Whether a letter of pdfplumber's is one of them."""
    return _at(char["x0"], char["y0"]) in veils


def _at(x: float, y: float) -> tuple[float, float]:
    return round(x, 1), round(y, 1)


def _inked(item: dict[str, Any]) -> bool:
    stroked = bool(item["stroke"]) and not is_pale(item["stroking_color"], PALEST)
    return stroked or (bool(item["fill"]) and not is_pale(item["non_stroking_color"], PALEST))


def is_pale(colour: Any, level: float) -> bool:  # noqa: ANN401 -- a number, a tuple or nothing, as the page says
    """Whether ink of a pdfplumber colour is paler than a grey level: it cannot be seen on paper."""
    levels = colour if isinstance(colour, tuple | list) else (colour,)
    if not levels or not all(isinstance(one, int | float) for one in levels):
        return False
    return all(one <= 1 - level for one in levels) if len(levels) == 4 else min(levels) >= level


def _rectangles(drawn: Iterable[dict[str, Any]]) -> Iterator[Box]:
    for item in drawn:
        whole = item["object_type"] == "rect" or (
            item["object_type"] == "curve" and len(item.get("pts") or ()) >= 4 and _goes_round(item, box_of(item))
        )
        if whole and _squarish(box_of(item)):
            yield box_of(item)


def _squarish(box: Box) -> bool:
    wide, high = box[2] - box[0], box[3] - box[1]
    short, long = sorted((wide, high))
    return short >= MIN_SIDE and long <= MAX_SIDE and long <= _SQUARE * short


def _of_lines(drawn: list[dict[str, Any]]) -> Iterator[Box]:
    """Boxes drawn as two short level lines, one under the other, closed by two upright ones."""
    level = sorted((box for box in _thin(drawn) if box[3] - box[1] <= _TINY * 2), key=lambda box: (box[0], box[1]))
    upright = [box for box in _thin(drawn) if box[2] - box[0] <= _TINY * 2]
    for top, bottom in pairwise(level):
        box = (min(top[0], bottom[0]), top[1], max(top[2], bottom[2]), bottom[3])
        near = abs(top[0] - bottom[0]) <= _TOUCH and abs(top[2] - bottom[2]) <= _TOUCH
        if near and _squarish(box) and sum(_closes(side, box) for side in upright) >= 2:
            yield box


def _thin(drawn: Iterable[dict[str, Any]]) -> Iterator[Box]:
    for item in drawn:
        box = box_of(item)
        wide, high = box[2] - box[0], box[3] - box[1]
        if min(wide, high) <= _TINY * 2 and MIN_SIDE <= max(wide, high) <= MAX_SIDE:
            yield box


def _closes(side: Box, box: Box) -> bool:
    at_edge = min(abs(side[0] - box[0]), abs(side[2] - box[2])) <= _TOUCH
    return at_edge and abs(side[1] - box[1]) <= _TOUCH and abs(side[3] - box[3]) <= _TOUCH


def _distinct(boxes: Iterable[Box]) -> list[Box]:
    """Boxes drawn twice (once filled, once stroked; one frame in another) are one: the outer one."""
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda box: (box[0] - box[2]) * (box[3] - box[1])):
        if not any(inside(middle(box), other) for other in kept):
            kept.append(box)
    return kept


def _state(box: Box, drawn: Sequence[dict[str, Any]], letters: Iterable[Box]) -> bool | None:
    """On when a letter or a drawing lies inside and spreads over a third of it; a speck or a blot cannot be told."""
    if _is_spoiled(box, drawn):
        return None
    found = _holds_letter(box, letters)
    by_hand = _widest((item for item in drawn if item["object_type"] == "curve"), box)
    straight = _widest((item for item in drawn if item["object_type"] != "curve"), box)
    if by_hand >= _SCRIBBLED and (found or straight >= _SCRIBBLED):
        return None
    widest = max(by_hand, straight)
    return True if found or widest >= 1 / 3 else None if widest > 0 else False


def _holds_letter(box: Box, letters: Iterable[Box]) -> bool:
    """Whether one of a page's letters lies in a box, few of which are at its height."""
    level = (one for one in letters if box[1] <= (one[1] + one[3]) / 2 <= box[3])
    return any(_spread(letter, box, -0.3 * (box[2] - box[0])) > 0 for letter in level)


def _is_spoiled(box: Box, drawn: Sequence[dict[str, Any]]) -> bool:
    """Whether a box was blackened, which one person ticks and another crosses out with, or is passed through.

    What passes through is too large to lie inside: a pen's tick, or a line that strikes the box out.
    """
    return any(_blackens(item, box) or _passes(item, box) for item in drawn)


def _widest(drawn: Iterable[dict[str, Any]], box: Box) -> float:
    """How much of a box's side the largest of these marks within it covers, its own border left out."""
    margin = _INNER * (box[2] - box[0])
    return max((_spread(box_of(item), box, margin / 2) for item in drawn if not _frames(item, box)), default=0.0)


def _blackens(item: dict[str, Any], box: Box) -> bool:
    """Whether the whole box was filled with ink."""
    near = all(abs(one - other) <= _TOUCH for one, other in zip(box_of(item), box, strict=True))
    return near and _is_dark(item)


def _passes(item: dict[str, Any], box: Box) -> bool:
    """Whether a line or a curve that lies not in the box crosses its inside; that of its border is left out."""
    around = box_of(item)
    margin = _INNER * (box[2] - box[0])
    inner = (box[0] + margin, box[1] + margin, box[2] - margin, box[3] - margin)
    if max(gaps(around, inner)) > 0 or _spread(around, box, margin / 2) > 0 or _frames(item, box):
        return False
    through = (length_within(one, other, inner) for one, other in pairwise(item.get("pts") or ()))
    return max(through, default=0.0) > _PASSING * (box[2] - box[0])


def _frames(item: dict[str, Any], box: Box) -> bool:
    """Whether it is the box's own border: drawn all along its sides, or a thin line along one of them."""
    inner = box_of(item)
    if all(abs(inner[side] - box[side]) <= _TOUCH for side in range(4)):
        return item["object_type"] == "rect" or _goes_round(item, inner)
    wide, high = inner[2] - inner[0], inner[3] - inner[1]
    along = min(abs(inner[1] - box[1]), abs(inner[3] - box[3])) <= _TOUCH if high <= _TINY * 2 else False
    aside = min(abs(inner[0] - box[0]), abs(inner[2] - box[2])) <= _TOUCH if wide <= _TINY * 2 else False
    return along or aside


def _goes_round(item: dict[str, Any], box: Box) -> bool:
    """Whether a path keeps to the sides: a cross goes from one corner to the opposite one, or through the middle."""
    points = item.get("pts") or ()
    wide, high = box[2] - box[0], box[3] - box[1]
    crosses = any(abs(x - a) > 0.8 * wide and abs(y - b) > 0.8 * high for (x, y), (a, b) in pairwise(points))
    return not crosses and all(_at_side(point, box) for point in points)


def _at_side(point: tuple[float, float], box: Box) -> bool:
    x, y = point
    return min(abs(x - box[0]), abs(x - box[2]), abs(y - box[1]), abs(y - box[3])) <= _TOUCH


def _spread(inner: Box, box: Box, margin: float) -> float:
    """How much of the box's side a mark that lies within it covers; 0 if its middle is elsewhere or it is larger."""
    if not inside(middle(inner), box):
        return 0.0
    side = box[2] - box[0]
    wide, high = inner[2] - inner[0], inner[3] - inner[1]
    if max(wide, high) > side * 1.6 - margin:
        return 0.0
    return max(wide, high) / side
