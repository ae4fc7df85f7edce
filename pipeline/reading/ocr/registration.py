"""Image registration: where the layout’s printed words stand on the scan, hence each of its places.

A form printed from a word processor does not keep its heights: an answer of three lines pushes all that follows
down, even to the next page. So across the page one straight rule is fitted (RANSAC, then least squares); down the
page each place follows the printed words nearest to it, in an order that the layout and the scan must share.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from statistics import median

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from pipeline.core.folding import folded_letters
from pipeline.core.sequences import grouped
from pipeline.reading.tokens import Stream, Token, TokenKind

SAME_LINE = 4.0  # points between the middles of words of one line; chosen over the scans of tests/layouts

Floats = npt.NDArray[np.float64]


def longest_chain(
    printed: Sequence[Token], seen: Sequence[Token], pairs: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The longest run of pairs in which layout and scan go down, and along each line, in one order.

    A sudden change of distance between the two costs a little, so that of equal words the right one is taken.
    """
    if not pairs:
        return []
    order = _reading_ranks(printed, seen, pairs)
    layout = np.array([(printed[i].page or 0, *printed[i].middle) for i, _ in pairs])
    scan = np.array([(order[int(seen[j].page or 0)], *seen[j].middle) for _, j in pairs])
    steps = np.lexsort((layout[:, 1], np.round(layout[:, 2] / SAME_LINE), layout[:, 0]))
    layout, scan, ranked = layout[steps], scan[steps], [pairs[step] for step in steps]
    weight = np.array([min(len(folded_letters(printed[i].text)), 8) / 8 + 0.4 for i, _ in ranked])
    total, before = weight.copy(), np.full(len(ranked), -1)
    for k in range(1, len(ranked)):
        fits = (
            _follow(layout[:k], layout[k])
            & _follow(scan[:k], scan[k])
            & _one_line(layout[:k], layout[k], scan[:k], scan[k])
        )
        shift = (scan[:k, 2] - layout[:k, 2]) - (scan[k, 2] - layout[k, 2])
        turn = np.where(scan[:k, 0] == scan[k, 0], np.minimum(np.abs(shift) * 0.02, 0.5), 0.5)
        value = np.where(fits, total[:k] - turn, -np.inf)
        top = int(value.argmax())
        if value[top] > 0:
            total[k], before[k] = total[k] + value[top], top
    path, at = [], int(total.argmax())
    while at >= 0:
        path.append(ranked[at])
        at = int(before[at])
    return path[::-1]


def _follow(earlier: Floats, later: Floats) -> npt.NDArray[np.bool_]:
    """Which of the places come before ``later``: an earlier page, a line above, or the same line to its left."""
    below = later[2] - earlier[:, 2]
    same = np.abs(below) <= SAME_LINE + 2
    on_page = (earlier[:, 0] == later[0]) & ((below > SAME_LINE - 2) | (same & (earlier[:, 1] < later[1])))
    return np.asarray((earlier[:, 0] < later[0]) | on_page)


def _one_line(layout: Floats, here: Floats, scan: Floats, there: Floats) -> npt.NDArray[np.bool_]:
    """Words of one line of the layout must be on one line of the scan."""
    level = (layout[:, 0] == here[0]) & (np.abs(layout[:, 2] - here[2]) <= 1.5)
    return np.asarray(~level | ((scan[:, 0] == there[0]) & (np.abs(scan[:, 2] - there[2]) <= SAME_LINE + 2)))


def _reading_ranks(
    printed: Sequence[Token], seen: Sequence[Token], pairs: Sequence[tuple[int, int]]
) -> dict[int, int]:
    """The order in which the scanned pages continue each other, whatever order they were scanned in."""
    depth = grouped(
        (int(seen[j].page or 0), (printed[i].page or 0) * 10_000 + printed[i].middle[1])
        for i, j in pairs
        if len(folded_letters(printed[i].text)) >= 5
    )
    pages = sorted({int(token.page or 0) for token in seen})
    ranked = sorted(pages, key=lambda page: (median(depth[page]) if page in depth else 1e9, page))
    return {page: rank for rank, page in enumerate(ranked)}


HOPELESS = 0.50  # below: not readable, or another form
_ACROSS = 7.0  # points by which a word may miss the rule across the page; chosen over the scans of tests/layouts
_NEAR = (1.0, 0.7)  # of a word's height around the place foreseen where a misread word is still this word
_FUZZY = 80  # likeness (0 to 100) of a word to be matched anywhere
_FUZZY_NEAR = 50  # and where it is foreseen

Spot = tuple[int, float, float]  # scanned page, and x and y in points


@dataclass(frozen=True)
class Anchor:
    """Anchor pair: a printed word of the layout, and the same word on the scan."""

    literal: Token
    word: Token

    @property
    def drift(self) -> tuple[float, float]:
        """How far the scan's word is from the layout's, in points."""
        (x, y), (u, v) = self.literal.middle, self.word.middle
        return u - x, v - y


@dataclass(frozen=True)
class Registration:
    """Registration result: how a layout lies on a scan.

    ``found`` is the share of the layout's printed words found again (0 to 1), ``by_page`` the same for each of its
    pages; ``rules`` the rule of each scanned
    page (scale, slope, shift: x on the scan from x and y of the layout); ``lost`` are the words not found;
    ``flowing`` the identities of those that answers before them push along the line, or to the next one.
    """

    anchors: tuple[Anchor, ...]
    found: float
    by_page: dict[int, float]
    rules: dict[int, tuple[float, float, float]]
    lost: tuple[Token, ...] = ()
    flowing: frozenset[int] = frozenset()

    @property
    def missing_pages(self) -> tuple[int, ...]:
        """The layout's pages of which nearly nothing was found on the scan."""
        return tuple(page for page, share in sorted(self.by_page.items()) if share < 0.2)

    def nearest(self, page: int, x: float, y: float, *, most: int = 6) -> tuple[Anchor, ...]:
        """The anchors that tell best where a point of the layout went: those of its line, else the closest lines."""
        here = [anchor for anchor in self.anchors if anchor.literal.page == page]

        def far(anchor: Anchor) -> float:
            u, v = anchor.literal.middle
            return max(0.0, abs(v - y) - SAME_LINE - 1) * 60 + abs(u - x)

        return tuple(sorted(here, key=far)[:most])

    def spots(self, page: int, x: float, y: float) -> tuple[Spot, ...]:
        """Where a point may be: beside the printed word on its right, and the one on its left, if they moved."""
        near = self.nearest(page, x, y)
        if near and id(near[0].literal) in self.flowing:
            level = [anchor for anchor in near if abs(anchor.literal.middle[1] - y) <= SAME_LINE]
            left = [anchor for anchor in level if anchor.literal.middle[0] < x][:1]
            right = [anchor for anchor in level if anchor.literal.middle[0] >= x][:1]
            return tuple(_beside(anchor, x, y) for anchor in (*right, *left))
        spot = self.place(page, x, y)
        return (spot,) if spot else ()

    def place(self, page: int, x: float, y: float) -> Spot | None:
        """The scanned page and the point where this point of the layout's ``page`` is; ``None`` without anchors."""
        near = self.nearest(page, x, y)
        if not near:
            return None
        if id(near[0].literal) in self.flowing:
            return _beside(near[0], x, y)
        scanned = int(near[0].word.page or 0)
        same = [anchor for anchor in near if anchor.word.page == scanned]
        close = abs(same[0].literal.middle[1] - y) + SAME_LINE
        level = [anchor for anchor in same if abs(anchor.literal.middle[1] - y) <= close]
        down = median(anchor.drift[1] for anchor in level)
        rule = self.rules.get(scanned)
        if rule is None:
            return scanned, x + median(anchor.drift[0] for anchor in level), y + down
        lean = median(anchor.word.middle[0] - across(rule, *anchor.literal.middle) for anchor in same)
        return scanned, across(rule, x, y) + lean, y + down


def _beside(anchor: Anchor, x: float, y: float) -> Spot:
    """A point that went with one printed word; measured from that word's nearer edge, as engines widen words."""
    box, there = anchor.literal.box or (0.0,) * 4, anchor.word.box or (0.0,) * 4
    edge = 2 if x > box[2] else 0
    return int(anchor.word.page or 0), x + there[edge] - box[edge], y + anchor.drift[1]


def across(rule: tuple[float, float, float], x: float, y: float) -> float:
    """Where x of the layout is on the scan."""
    return rule[0] * x + rule[1] * y + rule[2]


def register(literals: Stream, words: Stream) -> Registration:
    """Lay the layout's printed words (each with page and box) on the words that one engine read."""
    printed = [
        token for token in literals if token.kind is TokenKind.WORD and token.box and folded_letters(token.text)
    ]
    seen = [token for token in words if token.kind is TokenKind.WORD and token.box and folded_letters(token.text)]
    pairs = _alike(printed, seen)
    rules = _rules(printed, seen, pairs)
    kept = [(i, j) for i, j in pairs if _obeys(rules, printed[i], seen[j])]
    chain = longest_chain(printed, seen, kept)
    anchors = [Anchor(printed[i], seen[j]) for i, j in chain]
    rough = Registration(tuple(anchors), 0.0, {}, rules)
    anchors += _recovered(rough, printed, seen, chain)
    return measured(printed, anchors, rules)


def _alike(printed: Sequence[Token], seen: Sequence[Token]) -> list[tuple[int, int]]:
    if not printed or not seen:
        return []
    likeness = process.cdist(
        [folded_letters(token.text) for token in printed],
        [folded_letters(token.text) for token in seen],
        scorer=fuzz.ratio,
    )
    return [
        (i, j)
        for i, j in np.argwhere(likeness >= _FUZZY).tolist()
        if len(folded_letters(printed[i].text)) > 4 or likeness[i, j] >= 99.9
    ]


def _rules(
    printed: Sequence[Token], seen: Sequence[Token], pairs: Sequence[tuple[int, int]]
) -> dict[int, tuple[float, float, float]]:
    """For each scanned page the rule across it that most pairs of like words obey."""
    rules = {}
    for page in sorted({token.page for token in seen if token.page is not None}):
        mine = [(i, j) for i, j in pairs if seen[j].page == page and len(folded_letters(printed[i].text)) >= 3]
        if len(mine) >= 4:
            at = np.array([printed[i].middle for i, _ in mine])
            to = np.array([seen[j].middle for _, j in mine])
            rules[page] = _fit(at, to[:, 0])
    return rules


def _fit(at: Floats, to: Floats) -> tuple[float, float, float]:
    """RANSAC over pairs of points (no slope, scale within 20 %), then least squares with slope on those it kept."""
    chance = np.random.default_rng(7)  # the same scan must always be read alike
    best = np.zeros(len(at), bool)
    for first, second in chance.integers(0, len(at), (400, 2)):
        width = at[second, 0] - at[first, 0]
        if abs(width) < 60:
            continue
        scale = (to[second] - to[first]) / width
        if 0.8 < scale < 1.25:
            inside = np.abs(scale * (at[:, 0] - at[first, 0]) + to[first] - to) < _ACROSS
            if inside.sum() > best.sum():
                best = inside
    if best.sum() < 4:
        return 1.0, 0.0, float(np.median(to - at[:, 0]))
    ones = np.column_stack([at[best], np.ones(int(best.sum()))])
    scale, slope, shift = np.linalg.lstsq(ones, to[best], rcond=None)[0].tolist()
    return (scale, slope, shift) if abs(slope) < 0.1 else (1.0, 0.0, float(np.median(to[best] - at[best, 0])))


def _obeys(rules: dict[int, tuple[float, float, float]], literal: Token, word: Token) -> bool:
    rule = rules.get(int(word.page or 0))
    return rule is not None and abs(across(rule, *literal.middle) - word.middle[0]) < _ACROSS


def _recovered(
    rough: Registration, printed: Sequence[Token], seen: Sequence[Token], chain: Sequence[tuple[int, int]]
) -> list[Anchor]:
    """Printed words that were misread, or came glued to a mark, but stand where they were foreseen."""
    taken, used = {i for i, _ in chain}, {j for _, j in chain}
    found = []
    for i, literal in enumerate(printed):
        spot = rough.place(int(literal.page or 0), *literal.middle) if i not in taken else None
        if spot is None:
            continue
        page, x, y = spot
        wide, high = (share * (literal.spot[3] - literal.spot[1]) for share in _NEAR)
        near = [
            (fuzz.ratio(folded_letters(literal.text), folded_letters(word.text)), j)
            for j, word in enumerate(seen)
            if j not in used
            and word.page == page
            and abs(word.middle[0] - x) <= wide
            and abs(word.middle[1] - y) <= high
        ]
        likeness, best = max(near, key=itemgetter(0), default=(0.0, -1))
        if likeness > _FUZZY_NEAR:
            used.add(best)
            found.append(Anchor(literal, seen[best]))
    return found


def measured(
    printed: Sequence[Token],
    anchors: Sequence[Anchor],
    rules: dict[int, tuple[float, float, float]],
    flowing: frozenset[int] = frozenset(),
) -> Registration:
    """How well these anchors account for the printed words."""
    every = Counter(int(token.page or 0) for token in printed)
    got = {page: sum(anchor.literal.page == page for anchor in anchors) / count for page, count in every.items()}
    ordered = sorted(anchors, key=lambda anchor: (anchor.literal.page or 0, anchor.literal.middle[::-1]))
    share = len(anchors) / len(printed) if printed else 0.0
    found = {id(anchor.literal) for anchor in anchors}
    lost = tuple(token for token in printed if id(token) not in found)
    return Registration(tuple(ordered), share, got, rules, lost, flowing)
