"""Interval counting (segment tree): periods are added, and the busiest moment of any period is asked for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import Protocol

from pipeline.core.member import Period


class Line(Protocol):
    """Periods added one by one, and the most of them at once during one."""

    def add(self, period: Period) -> None:
        """One more period."""

    def peak(self, period: Period) -> int:
        """The most periods that run at once at a moment of this one."""


class Timeline:
    """A tree over the first days of all periods that will come: the busiest moment is always a first day.

    Each node holds the most that is reached below it, and what was added to the whole of it: adding and asking take
    a time in the logarithm of the number of days.
    """

    def __init__(self, periods: Iterable[Period]) -> None:
        self._starts = sorted({period.start for period in periods})
        self._most = [0] * (4 * max(len(self._starts), 1))
        self._whole = [0] * len(self._most)

    def add(self, period: Period) -> None:
        """One more period; it must be among those that were announced."""
        self._add(1, 0, len(self._starts) - 1, *self._range(period))

    def peak(self, period: Period) -> int:
        """The most periods that run at once at a moment of this one, which must be among those announced."""
        return self._ask(1, 0, len(self._starts) - 1, *self._range(period))

    def _range(self, period: Period) -> tuple[int, int]:
        return bisect_left(self._starts, period.start), bisect_right(self._starts, period.end) - 1

    def _add(self, node: int, low: int, high: int, first: int, last: int) -> None:
        if first <= low and high <= last:
            self._most[node] += 1
            self._whole[node] += 1
            return
        middle = (low + high) // 2
        if first <= middle:
            self._add(2 * node, low, middle, first, last)
        if last > middle:
            self._add(2 * node + 1, middle + 1, high, first, last)
        self._most[node] = self._whole[node] + max(self._most[2 * node], self._most[2 * node + 1])

    def _ask(self, node: int, low: int, high: int, first: int, last: int) -> int:
        if first <= low and high <= last:
            return self._most[node]
        middle = (low + high) // 2
        found = 0
        if first <= middle:
            found = self._ask(2 * node, low, middle, first, last)
        if last > middle:
            found = max(found, self._ask(2 * node + 1, middle + 1, high, first, last))
        return found + self._whole[node]


class Tally:
    """The same for one question only: nothing to prepare, and all periods gone through to answer."""

    def __init__(self, _announced: Iterable[Period]) -> None:
        self._periods: list[Period] = []

    def add(self, period: Period) -> None:
        """One more period."""
        self._periods.append(period)

    def peak(self, period: Period) -> int:
        """The most periods that run at once at a moment of this one, itself not counted unless it was added."""
        here = [one for one in self._periods if one.meets(period)]
        begun = [(max(one.start, period.start), 0) for one in here]  # on one day, who begins comes before who ends
        ended = [(one.end, 1) for one in here]
        return max(accumulate(-1 if ends else 1 for _, ends in sorted(begun + ended)), default=0)
