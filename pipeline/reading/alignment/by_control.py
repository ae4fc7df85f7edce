"""Alignment of a Word form of ours by the tags of its controls; what has lost its control, by order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.sequences import grouped
from pipeline.reading.alignment.align import Aligned, align
from pipeline.reading.alignment.atoms import WRITTEN, Atom, Mark, atoms_of, with_line_ends
from pipeline.reading.alignment.surroundings import Context, without_flags
from pipeline.reading.alignment.template import Template
from pipeline.reading.tokens import Stream

_IDLE = " .,;:…_-–—'’\"«»()"  # signs that say nothing by themselves


class Controlled(Context):
    """Alignment context of a Word form whose controls say which slot they are."""

    def certain(self, slot: int) -> bool:
        """It was in its control."""
        return slot in self.columns

    def safe(self, slot: int) -> bool:
        """Whether the label of the slot is there."""
        return not self.changed_beside(slot)

    def changed_beside(self, slot: int) -> bool:
        """Whether a word of the slot's own label is missing: those since the slot before, or as far as the next."""
        items = self.template.items
        for side in (-1, 1) if items[slot].is_box else (-1,):
            index = slot + side
            while 0 <= index < len(items) and items[index].placeholder is None:
                if index in self.lost:
                    return True
                if side == 1 and items[index].atom.mark in (Mark.CELL, Mark.ROW):
                    break
                index += side
        return False


def controlled(template: Template, stream: Stream, tags: frozenset[str]) -> Context:
    """A Word form laid on its template by the ``tags`` of the controls that it still has.

    What has lost its control is aligned by order with the words around it. What was written beside the controls is
    a doubt of the slot before.
    """
    atoms = atoms_of(stream, leaders=template.leaders)
    slots = {name: slot for slot in template.slots if (name := template.token(slot).name) in tags and name}
    mine = [slots.get(stream[atom.token].name or "") for atom in atoms]
    loose = [index for index, slot in enumerate(mine) if slot is None]
    named = frozenset(slots.values())
    rest = [index for index in range(len(template.items)) if index not in named]
    aligned = _in_step(template, atoms, loose) if len(named) == len(template.slots) else None
    if aligned is None:
        aligned = _renumbered(align([template.items[i] for i in rest], [atoms[i] for i in loose]), rest, loose)
    doubts: dict[int, Doubt] = {}
    for slot, held in grouped((slot, index) for index, slot in enumerate(mine) if slot is not None).items():
        first, *others = grouped((stream[atoms[index].token].copy, index) for index in held).values()
        if any(_said(atoms, first) != _said(atoms, other) for other in others):
            doubts[slot] = Doubt(Reason.TWICE, "la case existe deux fois, avec deux réponses")
        aligned.position[slot] = first[0]
        if template.items[slot].is_box:
            aligned.pairs[slot] = first[0]
        else:
            aligned.fallen[slot] = with_line_ends(atoms, first)
    context = Controlled(template, stream, atoms, aligned, named)
    return replace(context, doubts=doubts | dict(_beside(context, mine)) | dict(_misplaced(context)))


def _misplaced(context: Context) -> Iterator[tuple[int, Doubt]]:
    """Slots whose control does not stand between its own printed words, and those in whose place it stands."""
    doubt = Doubt(Reason.CHANGED, "cette case n’est pas à côté de son intitulé")
    places = {slot: _place(context, slot) for slot in context.columns}
    for slot, (start, end) in places.items():
        first = context.aligned.pairs.get(slot)
        held = context.aligned.fallen.get(slot, [] if first is None else [first])
        if held and not (start < min(held) and max(held) < end):
            yield slot, doubt
            yield from ((other, doubt) for other, (after, before) in places.items() if after < held[0] < before)


def _place(context: Context, slot: int) -> tuple[int, int]:
    """The atoms between which a slot is answered: the printed words around it."""
    before, after = context.neighbours(slot)
    pairs = context.aligned.pairs
    start = pairs.get(before, -1) if before is not None else -1
    return start, pairs.get(after, len(context.atoms)) if after is not None else len(context.atoms)


def _in_step(template: Template, atoms: Sequence[Atom], loose: Sequence[int]) -> Aligned | None:
    """The alignment of a form on which nothing was written outside its controls; ``None`` for any other."""
    printed = (index for index, item in enumerate(template.items) if item.placeholder is None)
    fixed = [index for index in printed if template.items[index].atom.mark in WRITTEN]
    words = [index for index in loose if atoms[index].mark in WRITTEN]
    if [template.items[index].atom.key for index in fixed] != [atoms[index].key for index in words]:
        return None
    pairs = dict(zip(fixed, words, strict=True))
    return Aligned(pairs, {}, dict(pairs), [])


def _said(atoms: Sequence[Atom], held: Sequence[int]) -> list[str]:
    return [atoms[index].text for index in held]


def _beside(context: Context, mine: Sequence[int | None]) -> Iterator[tuple[int, Doubt]]:
    """Slot to the doubt of what was written outside every control, in its label or after it."""
    written = (index for index in context.aligned.extra if context.atoms[index].mark in WRITTEN)
    extra = {index for index in written if not context.stream[context.atoms[index].token].running}
    tokens = sorted({context.atoms[index].token for index in extra})
    added = {id(token) for token in without_flags(tuple(context.stream[token] for token in tokens))}
    owners = _owners(context, mine, context.template.slots[0])
    held: dict[int, dict[int, str]] = {}
    for index, owner in enumerate(owners):
        token = context.stream[context.atoms[index].token]
        if index in extra and id(token) in added:
            for near in _in_cell(context, mine, index) or {owner}:
                held.setdefault(near, {})[id(token)] = token.text
    for slot, words in held.items():
        text = " ".join(words.values())
        if text.strip(_IDLE):
            yield slot, Doubt(Reason.STRAY_TEXT, f"un texte a été ajouté à côté des cases : « {text[:120]} »")


def _owners(context: Context, mine: Sequence[int | None], first: int) -> Iterator[int]:
    """The slot that what stands at each atom speaks of: the one before it in its cell, else the next of its row.

    A label stands before its answer, and a cell holds no answer of another's. In a row without an answer, what is
    added to a heading speaks of the answers below, and what is nothing of ours of the one before.
    """
    ours = {context.rows[context.aligned.pairs[index]] for index in context.literals if index not in context.lost}
    after: list[int | None] = []
    coming: int | None = None
    for index in range(len(mine) - 1, -1, -1):
        if context.atoms[index].mark is Mark.ROW and context.rows[index] not in ours:
            coming = None
        coming = mine[index] if mine[index] is not None else coming
        after.append(coming)
    last, here = first, False
    for index, following in enumerate(reversed(after)):
        if context.atoms[index].mark in (Mark.CELL, Mark.ROW):
            here = False
        own = mine[index]
        if own is not None:
            last, here = own, True
        yield last if here or following is None else following


def _in_cell(context: Context, mine: Sequence[int | None], index: int) -> set[int]:
    """The slots answered just before and just after an atom, in the same cell of a table."""
    near: set[int] = set()
    for step in (-1, 1):
        at = index + step
        while 0 <= at < len(mine) and mine[at] is None and context.atoms[at].mark not in (Mark.CELL, Mark.ROW):
            at += step
        found = mine[at] if 0 <= at < len(mine) else None
        near |= set() if found is None else {found}
    return near


def _renumbered(aligned: Aligned, items: Sequence[int], atoms: Sequence[int]) -> Aligned:
    """The alignment of parts of a template and of a form, in the numbers of the whole."""
    places = [*atoms, atoms[-1] + 1 if atoms else 0]
    return Aligned(
        {items[item]: atoms[atom] for item, atom in aligned.pairs.items()},
        {items[slot]: [atoms[atom] for atom in fallen] for slot, fallen in aligned.fallen.items()},
        {items[item]: places[atom] for item, atom in aligned.position.items()},
        [atoms[atom] for atom in aligned.extra],
    )
