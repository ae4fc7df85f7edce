"""Column detection in a print: the answers of neighbouring slots, which only their places tell apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.core.models import Box
from pipeline.core.sequences import grouped, runs
from pipeline.reading.alignment.atoms import Atom, Mark
from pipeline.reading.alignment.shift import FEW, Shift, shift_of
from pipeline.reading.alignment.surroundings import Context
from pipeline.reading.alignment.template import Template
from pipeline.reading.tokens import Stream


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


_HIGH = 0.25  # share of a page's height by which the next column of a newspaper begins above the end of the last
_ASIDE = 72.0  # points: columns begin farther apart


def right_edge(stream: Stream, at: int, *, columned: bool) -> float | None:
    """How far right the words reach among which a token (by index) stands: those of its page, or of its column.

    A title that reaches into the next column says nothing of it.
    """
    page = stream[at].page
    here = [index for index, token in enumerate(stream) if token.page == page and token.box and token.text]
    if not columned:
        return max((stream[index].spot[2] for index in here), default=None)
    high = max((token.spot[3] for token in stream if token.page == page), default=0.0)
    columns = runs(here, lambda run, index: stream[run[-1]].spot[1] - stream[index].spot[1] < _HIGH * high)
    mine = next((column for column in columns if column[-1] >= at), columns[-1] if columns else [])
    starts = [min(stream[index].spot[0] for index in column) for column in columns]
    left = min((stream[index].spot[0] for index in mine), default=0.0)
    limit = min((start for start in starts if start > left + _ASIDE), default=None)
    ends = [stream[index].spot[2] for index in mine]
    return max((end for end in ends if limit is None or end <= limit), default=None)


_LEEWAY = 0.4  # of a line's height between the beginning of a column and of its answer


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
    places = []
    for slot in group:
        token = template.token(slot)
        shift = moved.get(token.page or 0)
        if token.box is None or shift is None:
            return None
        places.append(shift.moved(token.box))
    rising = all(one[0] + 2 * _leeway(one) < other[0] for one, other in pairwise(places))
    return [place[0] for place in places] if rising else None


def _leeway(box: Box) -> float:
    return _LEEWAY * (box[3] - box[1])


def _deal(
    words: Sequence[int], group: Sequence[int], starts: Sequence[float], atoms: Sequence[Atom], stream: Stream
) -> dict[int, list[int]]:
    dealt: dict[int, list[int]] = {}
    for word in words:
        box = stream[atoms[word].token].box
        if atoms[word].mark is Mark.WORD and box:
            column = max((n for n, start in enumerate(starts) if start - _leeway(box) <= box[0]), default=0)
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
        if first and not atoms[word].glued and abs(box[0] - start) > _leeway(box):
            return False
        first = False
    return True
