"""Sequence alignment of a filled form with its template: the cheapest way to turn one into the other.

Costs, from measurements on filled forms: a fixed word that is missing 1, an unexplained word 1.1, a word that falls
into a slot 0.03, a border that would have to fall into one 2.5. Sequences of three that occur once on both sides are
matched first, so that only the short stretches between them are computed in full.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from pipeline.reading.alignment.atoms import Atom, Mark
from pipeline.reading.alignment.template import Item

_MISSING = {Mark.CELL: 0.8, Mark.ROW: 0.8, Mark.LINE: 0.02, Mark.TICK: 0.6}
_EXTRA = {Mark.CELL: 0.8, Mark.ROW: 0.8, Mark.LINE: 0.02, Mark.TICK: 1.1}
_ABSORB = {Mark.WORD: 0.03, Mark.CELL: 2.5, Mark.ROW: 3.0, Mark.LINE: 0.035, Mark.TICK: 0.9}
_POINT_MISSING, _POINT_EXTRA = 0.25, 0.3
_WORD_MISSING, _WORD_EXTRA = 1.0, 1.1
_HAND_TICK = 0.2
_NEAR = 0.75
_CROSSES = frozenset({"x", "v", "✓", "✔", "✗", "✘", "×"})
_LARGEST = 3_000_000  # cells of one stretch: beyond, the two have nothing in common
_IMPOSSIBLE = 1e9
_DIAGONAL, _UP, _LEFT = 1, 2, 3


def is_cross(text: str) -> bool:
    """Whether a text typed in a tick box means that it is ticked."""
    return text.strip().lower() in _CROSSES


@dataclass(frozen=True)
class Aligned:
    """Alignment result: where each item went.

    ``pairs``: item to atom; ``fallen``: slot to its atoms; ``position``: item to where it stands; ``extra``: the
    atoms that nothing explains.
    """

    pairs: dict[int, int]
    fallen: dict[int, list[int]]
    position: dict[int, int]
    extra: list[int]


def align(items: Sequence[Item], atoms: Sequence[Atom]) -> Aligned:
    """The cheapest alignment of a template with a filled form."""
    found = Aligned({}, {}, {}, [])
    at_item = at_atom = 0
    for item, atom in [*_anchors(items, atoms), (len(items), len(atoms))]:
        _stretch(items, atoms, (at_item, item), (at_atom, atom), found)
        if item < len(items):
            found.pairs[item] = found.position[item] = atom
        at_item, at_atom = item + 1, atom + 1
    return found


def _anchors(items: Sequence[Item], atoms: Sequence[Atom]) -> list[tuple[int, int]]:
    """Item and atom pairs that are certain: sequences of three met once on each side, in the same order."""
    left = _triples([None if item.placeholder else item.atom for item in items])
    right = _triples(list(atoms))
    common = sorted((left[key], right[key]) for key in left.keys() & right.keys())
    chain = _longest_rising([(first[0], second[0]) for first, second in common])
    pairs: dict[int, int] = {}
    last = (-1, -1)
    kept = set(chain)
    for first, second in common:
        if (first[0], second[0]) not in kept:
            continue
        for item, atom in zip(first, second, strict=True):
            if item > last[0] and atom > last[1]:
                pairs[item] = atom
                last = (item, atom)
    return sorted(pairs.items())


def _triples(atoms: Sequence[Atom | None]) -> dict[tuple[str, ...], tuple[int, ...]]:
    """Key to place of every sequence of three met once, line ends skipped; slots cut sequences."""
    seen: dict[tuple[str, ...], tuple[int, ...] | None] = {}
    window: list[int] = []
    for index, atom in enumerate(atoms):
        if atom is None:
            window.clear()
            continue
        if atom.mark is Mark.LINE:
            continue
        window = [*window[-2:], index]
        held = [found for place in window if (found := atoms[place]) is not None]
        if len(held) == 3 and any(one.wordy for one in held):
            key = tuple(one.key for one in held)
            seen[key] = None if key in seen else tuple(window)
    return {key: places for key, places in seen.items() if places is not None}


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of pairs sorted by their first number in which the second rises too."""
    tails: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for index, (_, second) in enumerate(pairs):
        place = bisect_left(tails, second)
        before.append(at[place - 1] if place else -1)
        tails[place : place + 1] = [second]
        at[place : place + 1] = [index]
    chain = []
    index = at[-1] if at else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


def _stretch(
    items: Sequence[Item],
    atoms: Sequence[Atom],
    rows: tuple[int, int],
    columns: tuple[int, int],
    found: Aligned,
) -> None:
    """Align items[rows] with atoms[columns], adding to ``found``."""
    some, other = items[rows[0] : rows[1]], atoms[columns[0] : columns[1]]
    if len(some) * len(other) > _LARGEST:
        found.position.update(dict.fromkeys(range(*rows), columns[0]))
        found.extra.extend(range(*columns))
        return
    for kind, row, column in _path(some, other):
        item, atom = rows[0] + row, columns[0] + column
        if kind == _LEFT:
            if row < len(some) and some[row].is_text:
                found.fallen.setdefault(item, []).append(atom)
            else:
                found.extra.append(atom)
        else:
            found.position[item] = atom
            if kind == _DIAGONAL:
                found.pairs[item] = atom


def _path(items: Sequence[Item], atoms: Sequence[Atom]) -> Iterator[tuple[int, int, int]]:
    """The moves of the cheapest way, in order: (kind, item, atom)."""
    steps = _moves(items, atoms)
    row, column = len(items), len(atoms)
    moves = []
    while row or column:
        kind = steps[row][column]
        row -= kind in (_DIAGONAL, _UP)
        column -= kind in (_DIAGONAL, _LEFT)
        moves.append((kind, row, column))
    return reversed(moves)


def _moves(items: Sequence[Item], atoms: Sequence[Atom]) -> list[bytearray]:
    extra = [_extra(atom) for atom in atoms]
    absorb = [_ABSORB[atom.mark] for atom in atoms]
    width = len(atoms)
    above: list[float] = []
    steps: list[bytearray] = []
    for row in range(len(items) + 1):
        step = bytearray(width + 1)
        if row == 0:
            costs = [0.0] + [_IMPOSSIBLE] * width
        else:
            item = items[row - 1]
            lost = _missing(item)
            costs = [above[0] + lost, *(cost + lost for cost in above[1:])]
            step[:] = bytes([_UP]) * (width + 1)
            for column, cost in enumerate(_substitutions(item, atoms)):
                if cost < _IMPOSSIBLE and above[column] + cost <= costs[column + 1]:
                    costs[column + 1] = above[column] + cost
                    step[column + 1] = _DIAGONAL
        across = absorb if row < len(items) and items[row].is_text else extra
        for column in range(width):
            cost = costs[column] + across[column]
            if cost < costs[column + 1]:
                costs[column + 1] = cost
                step[column + 1] = _LEFT
        steps.append(step)
        above = costs
    return steps


def _missing(item: Item) -> float:
    if item.placeholder is not None:
        return 0.0 if item.is_text else _MISSING[Mark.TICK]
    if item.atom.mark is Mark.WORD:
        return _WORD_MISSING if item.atom.wordy else _POINT_MISSING
    return _MISSING[item.atom.mark]


def _extra(atom: Atom) -> float:
    if atom.mark is Mark.WORD:
        return _WORD_EXTRA if atom.wordy else _POINT_EXTRA
    return _EXTRA[atom.mark]


def _substitutions(item: Item, atoms: Sequence[Atom]) -> Iterator[float]:
    if item.is_text:
        return (_IMPOSSIBLE for _ in atoms)
    if item.is_box or item.atom.mark is Mark.TICK:
        return (
            0.0 if atom.mark is Mark.TICK else _HAND_TICK if atom.key in _CROSSES else _IMPOSSIBLE for atom in atoms
        )
    key, wordy = item.atom.key, item.literal
    return (
        0.0 if atom.key == key else _alike(key, atom.key) if wordy and atom.wordy else _IMPOSSIBLE for atom in atoms
    )


@lru_cache(maxsize=100_000)
def _alike(one: str, other: str) -> float:
    """The cost of taking one word for the other: short words and numbers are only themselves."""
    if min(len(one), len(other)) < 4 or abs(len(one) - len(other)) > 3 or one.isdigit() or other.isdigit():
        return _IMPOSSIBLE
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < _NEAR or matcher.quick_ratio() < _NEAR:
        return _IMPOSSIBLE
    ratio = matcher.ratio()
    return 0.1 + 1.6 * (1 - ratio) if ratio >= _NEAR else _IMPOSSIBLE
