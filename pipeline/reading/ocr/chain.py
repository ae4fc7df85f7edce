"""Pairs of like words, of a layout and of a scan, in one order: the longest run in which both go down the page."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import numpy as np
import numpy.typing as npt

from pipeline.core.folding import folded_letters
from pipeline.reading.tokens import Token

SAME_LINE = 4.0  # points between the middles of words of one line

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
    depth: dict[int, list[float]] = {}
    for i, j in pairs:
        if len(folded_letters(printed[i].text)) >= 5:
            place = (printed[i].page or 0) * 10_000 + printed[i].middle[1]
            depth.setdefault(int(seen[j].page or 0), []).append(place)
    pages = sorted({int(token.page or 0) for token in seen})
    ranked = sorted(pages, key=lambda page: (median(depth[page]) if page in depth else 1e9, page))
    return {page: rank for rank, page in enumerate(ranked)}
