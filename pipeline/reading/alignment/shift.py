"""Page registration of a print: how printing moved and scaled each page of the blank."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.core.models import Box

FEW = 8  # fixed words needed on a page to know where it was moved by printing
_OFF = 0.6  # of a word's height: how far a fixed word may be from where printing moved its page
_NEAR = 6.0  # lines above and below a field: a row of a form and a half
_SPREAD = 5  # a fifth of the words, the highest and the lowest, tell the scale
_TALL = 0.12  # of an A4 page's height that they must be apart to tell it
_A4 = 841.89

Shifts = Mapping[int, "Shift"]  # page of the blank to how it was moved


@dataclass(frozen=True)
class Shift:
    """Affine transform of a printed page: x becomes ``scale * x + right``, y becomes ``scale * y + down``.

    ``line`` is how high the fixed words of the blank are; ``astray`` are the heights on the blank of those that were
    not moved so: rows were added there.
    """

    page: int
    scale: float
    right: float
    down: float
    line: float = 10.0
    astray: tuple[float, ...] = ()

    def moved(self, box: Box) -> Box:
        """A box of the blank, on the printed page."""
        x0, top, x1, bottom = (self.scale * side for side in box)
        return (x0 + self.right, top + self.down, x1 + self.right, bottom + self.down)

    def holds(self, box: Box) -> bool:
        """Whether the fixed words above and below a box of the blank moved with the page."""
        near = _NEAR * self.line
        return not any(box[1] - near <= height <= box[3] + near for height in self.astray)


def shift_of(page: int, boxes: Sequence[tuple[Box, Box]]) -> Shift:
    """The transform that most of these pairs obey: the box of a word on the blank, and on the printed ``page``.

    Medians, so that a word matched wrong does not weigh.
    """
    falling = sorted(boxes, key=lambda pair: pair[0][1])
    some = max(1, len(falling) // _SPREAD)
    (top, high), (low, deep) = (
        tuple(statistics.median(pair[side][1] for pair in part) for side in (0, 1))
        for part in (falling[:some], falling[-some:])
    )
    scale = (deep - high) / (low - top) if low - top > _TALL * _A4 else 1.0
    right = statistics.median(new[0] - scale * old[0] for old, new in boxes)
    down = statistics.median(new[1] - scale * old[1] for old, new in boxes)
    plain = Shift(page, scale, right, down, statistics.median(old[3] - old[1] for old, _ in boxes))
    return replace(plain, astray=tuple(old[1] for old, new in boxes if _off(plain.moved(old), new)))


def _off(foreseen: Box, seen: Box) -> bool:
    return max(abs(one - other) for one, other in zip(foreseen[:2], seen[:2], strict=True)) > _OFF * (
        foreseen[3] - foreseen[1]
    )
