"""Extent of a change: what an edited label or a deleted line touches, and what stands apart from it.

A form that differs from its blank in few places is read as usual elsewhere: its other answers stand between words
found again letter for letter, as on a form that nobody changed. One that differs much is another form.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from pipeline.core.sequences import runs
from pipeline.reading.alignment.surroundings import WINDOW, Context
from pipeline.reading.tokens import NOTE

_MOST = 14  # fixed words that edited labels may take away in all
_PLACES = 3  # places in which labels may have been edited: more are another edition of the form


def slots_apart(context: Context) -> frozenset[int]:
    """The slots that more fixed words than a window part from each change of a form; none if it has changed much.

    On a form without any change all of them are. A remark behind boxes changes nothing but their answer.
    """
    places = runs(sorted(_touched(context)), lambda run, rank: rank - run[-1] <= WINDOW)
    taken = len(places) == 1 and not context.strangers  # one passage that was cut out, however long it was
    if len(places) > _PLACES or (len(context.lost) > _MOST and not taken):
        return frozenset()
    ranks = {slot: bisect_left(context.literals, slot) for slot in context.template.slots}
    return frozenset(
        slot
        for slot, rank in ranks.items()
        if all(rank <= place[0] - WINDOW or rank > place[-1] + WINDOW for place in places)
    )


def _touched(context: Context) -> Iterator[int]:
    """The ranks, among the fixed words, of those that are lost and of those after which something was added."""
    yield from (bisect_left(context.literals, index) for index in context.lost)
    found = sorted((context.aligned.pairs[index], index) for index in context.literals if index not in context.lost)
    atoms = [atom for atom, _ in found]
    known = {token.text for token in context.template.stream if token.name == NOTE}
    notes = {n for n, token in enumerate(context.stream) if token.name == NOTE and token.text not in known}
    boxed = _rows_of_boxes(context)
    loose = (atom for atom in context.strangers if context.rows[atom] not in boxed)
    added = [*loose, *(_atom_at(context, note) for note in notes)]
    for atom in added:
        before = bisect_right(atoms, atom) - 1
        yield bisect_left(context.literals, found[before][1]) if before >= 0 else 0


def _rows_of_boxes(context: Context) -> set[int]:
    """The rows in which boxes are ticked and nothing is written: what is added there is a remark on the ticks."""
    items, pairs, rows = context.template.items, context.aligned.pairs, context.rows
    ticked = {rows[pairs[slot]] for slot in context.template.slots if items[slot].is_box and slot in pairs}
    places = (
        atom
        for slot in context.template.slots
        if items[slot].is_text
        for atom in (context.aligned.position.get(slot, 0), *context.aligned.fallen.get(slot, ()))
    )
    return ticked - {rows[atom] for atom in places if atom < len(rows)}


def _atom_at(context: Context, token: int) -> int:
    """The first atom at or after a token."""
    return bisect_left(context.atoms, token, key=lambda atom: atom.token)
