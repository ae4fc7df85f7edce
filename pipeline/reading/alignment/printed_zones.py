"""Geometric check of an alignment: what stands where a printed form’s fields and columns were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.core.folding import folded_letters
from pipeline.core.models import Box
from pipeline.reading.alignment.atoms import Atom, Mark, with_line_ends
from pipeline.reading.alignment.harvest import Mention
from pipeline.reading.alignment.shift import FEW, Shift, shift_of
from pipeline.reading.alignment.slot_places import SlotPlace
from pipeline.reading.alignment.surroundings import Context
from pipeline.reading.alignment.template import Template
from pipeline.reading.boxes import inside
from pipeline.reading.sequences import grouped
from pipeline.reading.tokens import Stream, Token, TokenKind

_SLACK = 2.5  # points a word may lie out of its rectangle


def contradicted(mention: Mention, place: SlotPlace, shift: Shift | None, stream: Stream) -> bool:
    """Whether the rectangle of a field holds something else than the text that the alignment put there.

    A rectangle that is not known to be in its place any more contradicts whatever it holds.
    """
    if shift is None or not shift.holds(place.box):
        return True
    if mention.placeholder.option is not None:
        return False
    box = shift.moved(place.box)
    words = [token.text for token in stream if token.page == shift.page and _within(token, box)]
    return sorted(folded_letters("".join(words))) != sorted(folded_letters(mention.text))


def dealt_by_rectangle(context: Context, places: Mapping[str, SlotPlace], moved: Mapping[int, Shift]) -> Context:
    """The same alignment with each word given to the slot whose rectangle it lies in.

    The first line of a tall field is printed above its label: only its place says which answer it belongs to.
    """
    boxes = dict(_rectangles(context, places, moved))
    if not boxes:
        return context
    fallen = {slot: list(atoms) for slot, atoms in context.aligned.fallen.items()}
    holder = {atom: slot for slot, atoms in fallen.items() for atom in atoms}
    dealt: dict[int, list[int]] = {}
    for atom in sorted({*holder, *context.aligned.extra}):
        around = (slot for slot, (page, box) in boxes.items() if _lies(context, atom, page, box))
        slot = next(around, holder.get(atom))
        if slot is not None:
            dealt.setdefault(slot, []).append(atom)
    fallen = {
        slot: with_line_ends(context.atoms, [atom for atom in atoms if context.atoms[atom].mark is not Mark.LINE])
        for slot, atoms in dealt.items()
    }
    given = {atom for atoms in dealt.values() for atom in atoms}
    extra = [atom for atom in context.aligned.extra if atom not in given]
    aligned = replace(context.aligned, fallen=fallen, extra=extra)
    return replace(context, aligned=aligned, columns=context.columns | frozenset(boxes))


def _rectangles(
    context: Context, places: Mapping[str, SlotPlace], moved: Mapping[int, Shift]
) -> Iterator[tuple[int, tuple[int, Box]]]:
    for slot in context.template.slots:
        item = context.template.items[slot]
        place = places.get(item.placeholder.name) if item.placeholder and item.is_text else None
        if place is not None and place.page in moved and moved[place.page].holds(place.box):
            yield slot, (moved[place.page].page, moved[place.page].moved(place.box))


def _lies(context: Context, atom: int, page: int, box: Box) -> bool:
    token = context.stream[context.atoms[atom].token]
    return token.page == page and _within(token, box)


def shifts(context: Context) -> dict[int, Shift]:
    """Page of the blank to how it was moved, from the fixed words found again; pages with too few are left out."""
    words = [
        (context.template.token(index), context.stream[context.atoms[atom].token])
        for index, atom in context.aligned.pairs.items()
        if context.template.items[index].literal
    ]
    pairs = grouped(
        ((one.page, other.page), (one.box, other.box))
        for one, other in words
        if one.box and other.box and one.page and other.page
    )
    told = reversed([(page, printed, boxes) for (page, printed), boxes in pairs.items() if len(boxes) >= FEW])
    return {page: shift_of(printed, boxes) for page, printed, boxes in told}


def _within(token: Token, box: Box) -> bool:
    return token.kind is TokenKind.WORD and token.box is not None and inside(token.middle, box, _SLACK)


_LEEWAY = 4.0  # points between the beginning of a column and of its answer


def split_columns(context: Context) -> Context:
    """The same alignment with the words of neighbouring slots dealt out by column, where that can be told."""
    groups = [group for group in _neighbours(context.template) if len(group) > 1]
    if not groups:
        return context
    stream, moved = context.stream, shifts(context)
    fallen = dict(context.aligned.fallen)
    clear: set[int] = set()
    for group in groups:
        starts = _starts(context.template, group, moved)
        if starts is None:
            continue
        words = sorted(atom for slot in group for atom in fallen.pop(slot, ()))
        dealt = _deal(words, group, starts, context.atoms, stream)
        fallen.update(dealt)
        columns = zip(group, starts, strict=True)
        if all(_begins(dealt.get(slot, ()), start, context.atoms, stream) for slot, start in columns):
            clear.update(group)
    aligned = replace(context.aligned, fallen=fallen)
    return replace(context, aligned=aligned, columns=frozenset(clear))


def _neighbours(template: Template) -> Iterator[list[int]]:
    """Runs of text slots with no word, border or line end between."""
    group: list[int] = []
    for index, item in enumerate(template.items):
        if item.is_text:
            group.append(index)
        elif item.placeholder is not None or item.literal or item.atom.mark is not Mark.WORD:
            yield group
            group = []
    yield group


def _starts(template: Template, group: Sequence[int], moved: dict[int, Shift]) -> list[float] | None:
    """Where each column begins on the filled page; ``None`` unless they go from left to right."""
    starts = []
    for slot in group:
        token = template.token(slot)
        shift = moved.get(token.page or 0)
        if token.box is None or shift is None:
            return None
        starts.append(shift.moved(token.box)[0])
    rising = all(one + 2 * _LEEWAY < other for one, other in pairwise(starts))
    return starts if rising else None


def _deal(
    words: Sequence[int], group: Sequence[int], starts: Sequence[float], atoms: Sequence[Atom], stream: Stream
) -> dict[int, list[int]]:
    dealt: dict[int, list[int]] = {}
    for word in words:
        box = stream[atoms[word].token].box
        if atoms[word].mark is Mark.WORD and box:
            column = max((n for n, start in enumerate(starts) if start - _LEEWAY <= box[0]), default=0)
            dealt.setdefault(group[column], []).append(word)
        else:
            for held in dealt.values():
                held.append(word)
    return dealt


def _begins(words: Sequence[int], start: float, atoms: Sequence[Atom], stream: Stream) -> bool:
    """Whether each line of an answer begins where its column does; an empty answer says nothing against it."""
    first = True
    for word in words:
        box = stream[atoms[word].token].box
        if atoms[word].mark is not Mark.WORD or box is None:
            first = True
            continue
        if first and not atoms[word].glued and abs(box[0] - start) > _LEEWAY:
            return False
        first = False
    return True
