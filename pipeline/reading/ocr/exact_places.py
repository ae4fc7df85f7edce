"""Affine registration: a layout whose pages keep their places laid on those of a scan, to half a point.

A form made of fields does not flow: each scanned page is one of the blank, shifted, scaled and hardly turned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from pipeline.core.models import Box
from pipeline.core.sequences import grouped
from pipeline.reading.ocr.registration import Anchor, Floats, Registration, Spot
from pipeline.reading.tokens import Stream

_FEW = 8  # printed words of a page that tell how it lies
_ROUNDS = 4  # of fitting, each without the words that the one before found astray
_ASTRAY = 3.0  # times the usual error of a word, from which it says nothing of the page
_NEAR = 3.0  # heights of a line
_MOST = 2  # words in their place for one that is not
_OFF = 0.6  # of a word's height: farther from its place, it was matched wrong, or moved


@dataclass(frozen=True)
class ExactPlaces(Registration):
    """Registration in which each page of the layout has one scanned page, and one affine rule (3 rows, 2 columns).

    ``astray`` are printed words that were found elsewhere, or should have been found.
    """

    sheets: Mapping[int, tuple[int, Floats]] = field(default_factory=dict)
    astray: Stream = ()

    @property
    def missing_pages(self) -> tuple[int, ...]:
        """The layout's pages that are on no page of the scan."""
        return tuple(page for page in sorted(self.by_page) if page not in self.sheets)

    def place(self, page: int, x: float, y: float) -> Spot | None:
        """The scanned page and the point where this point of the layout's ``page`` is; ``None`` if it is missing."""
        if page not in self.sheets:
            return None
        number, rule = self.sheets[page]
        u, v = (np.array([x, y, 1.0]) @ rule).tolist()
        return number, u, v

    def spots(self, page: int, x: float, y: float) -> tuple[Spot, ...]:
        """The one place where a point may be."""
        spot = self.place(page, x, y)
        return (spot,) if spot else ()

    def moved(self, page: int, box: Box) -> tuple[int, Box] | None:
        """A box of the layout's ``page`` on its scanned page; ``None`` if it is missing."""
        start, end = self.place(page, *box[:2]), self.place(page, *box[2:])
        return (start[0], (*start[1:], *end[1:])) if start and end else None

    def holds(self, page: int, box: Box, line: float) -> bool:
        """Whether the words printed within ``_NEAR`` lines of a box are where they should be: so is the box."""
        reach = _NEAR * line
        here, moved = (
            sum(token.page == page and box[1] - reach <= token.middle[1] <= box[3] + reach for token in tokens)
            for tokens in ([anchor.literal for anchor in self.anchors], self.astray)
        )
        return here > _MOST * moved


def exact_places(place: Registration, *, marked: bool = True) -> ExactPlaces:
    """The same registration with one affine rule a page.

    Without the mark that says which version it is, words not found at all may be those of another version.
    """
    sheets: dict[int, tuple[int, Floats]] = {}
    kept: list[Anchor] = []
    for page, anchors in grouped((anchor.literal.page, anchor) for anchor in place.anchors).items():
        number = Counter(anchor.word.page for anchor in anchors).most_common(1)[0][0]
        mine = [anchor for anchor in anchors if anchor.word.page == number]
        if page is not None and number is not None and len(mine) >= _FEW:
            rule, near = _fit(mine)
            sheets[page] = number, rule
            kept += near
    known = {id(anchor) for anchor in kept}
    astray = tuple(anchor.literal for anchor in place.anchors if id(anchor) not in known)
    astray = astray if marked else (*astray, *place.lost)
    return ExactPlaces(tuple(kept), place.found, place.by_page, place.rules, place.lost, sheets=sheets, astray=astray)


def _fit(anchors: list[Anchor]) -> tuple[Floats, list[Anchor]]:
    at = np.array([(*anchor.literal.middle, 1.0) for anchor in anchors])
    to = np.array([anchor.word.middle for anchor in anchors])
    near, error = np.ones(len(anchors), bool), np.zeros(len(anchors))
    rule = np.zeros((3, 2))
    for _ in range(_ROUNDS):
        rule = np.linalg.lstsq(at[near], to[near], rcond=None)[0]
        error = np.abs(at @ rule - to).max(axis=1)
        near = np.asarray(error <= _ASTRAY * np.median(error))
    high = np.array([anchor.literal.spot[3] - anchor.literal.spot[1] for anchor in anchors])
    return rule, [anchor for anchor, here in zip(anchors, error <= _OFF * high, strict=True) if here]
