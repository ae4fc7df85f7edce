"""Alignment by place: for a layout whose places are exact, what stands where it was printed is the form's own.

A printer moves and scales whole pages; the words met once on both sides tell how. A fixed word found where it was
printed is that word, and what lies in the box of a slot is its answer. What is neither was added by somebody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property

from pipeline.core.boxes import NOWHERE, gaps, inside, middle, rounded
from pipeline.core.models import Box
from pipeline.core.refusals import Refusal, refused
from pipeline.core.sequences import grouped
from pipeline.reading.alignment.align import Aligned
from pipeline.reading.alignment.atoms import WRITTEN, Mark, atoms_of, with_line_ends
from pipeline.reading.alignment.lost_letters import has_holes, with_blank_letters
from pipeline.reading.alignment.shift import FEW, Shift, shift_of
from pipeline.reading.alignment.slot_values import cut_box
from pipeline.reading.alignment.surroundings import ABSENT, Context, without_flags
from pipeline.reading.alignment.template import Template
from pipeline.reading.tokens import Stream

_BESIDE = 1.5  # heights of a fixed word from a box that it is the label of
_ASIDE, _ABOVE = 0.8, 0.35  # of a printed word's height: how far from its place it is still itself
_EDGE = 0.05  # of a box's height: how far out of it the middle of an answer's word may be
_TWICE = 0.9  # of its words that a second page must have to be the same page again
_ALIKE = 0.5  # of the words of a page of the blank that a page must have to be it


class Placed(Context):
    """Alignment context by place: an answer is in its box, whatever was changed farther off."""

    def zone(self, slot: int) -> tuple[int, Box] | None:
        """The page and the box of a slot, as printed; ``None`` when its page was not found."""
        token = self.template.token(slot)
        shift = self.shifts.get(token.page or 0)
        return (shift.page, rounded(shift.moved(token.box))) if shift and token.box else None

    def certain(self, slot: int) -> bool:
        """It was in its box, or nowhere."""
        return self.zone(slot) is not None

    def safe(self, slot: int) -> bool:
        """Whether the words printed beside the slot are there: then its box is where it was drawn."""
        return not self.changed_beside(slot)

    def changed_beside(self, slot: int) -> bool:
        """Whether a fixed word right beside the box is missing."""
        here = self.template.token(slot)
        near = (word for index in self.lost if (word := self.template.token(index)).page == here.page)
        return any(max(gaps(word.spot, here.spot)) <= _BESIDE * (word.spot[3] - word.spot[1]) for word in near)

    @property
    def share_found(self) -> float:
        """The share of the fixed words found again on the pages that were sent."""
        shares = [share for share in self.page_shares.values() if share >= ABSENT]
        return sum(shares) / len(shares) if shares else 0.0

    @cached_property
    def unexplained(self) -> Stream:
        """The tokens that nothing explains; the flag of a form sent back is ours."""
        return without_flags(super().unexplained)


def placed(template: Template, stream: Stream) -> Placed | None:
    """A printed form laid on a template by the places of its words; ``None`` when no page of it is found again.

    Raises FormRejected (PLUSIEURS_FORMULAIRES) when the same page comes twice.
    """
    sheet = _Sheet(template, stream)
    if not sheet.shifts:
        return None
    if has_holes(stream):
        stream = with_blank_letters(stream, template, sheet.shifts)
        sheet = _Sheet(template, stream)
    sheet.find_fixed_words()
    sheet.deal_answers()
    return Placed(template, stream, sheet.atoms, sheet.aligned, frozenset(template.slots), sheet.shifts)


class _Sheet:
    """A printed form being laid on a template: how its pages were moved, and what was found so far."""

    def __init__(self, template: Template, stream: Stream) -> None:
        self.atoms = atoms_of(stream, leaders=False)
        self.aligned = Aligned({}, {}, {}, [])
        self._template, self._stream = template, stream
        self._boxes = [cut_box(stream[atom.token], atom) if stream[atom.token].box else None for atom in self.atoms]
        self._taken: set[int] = set()
        self.shifts = dict(self._shifts())

    def _page(self, atom: int) -> int:
        return self._stream[self.atoms[atom].token].page or 0

    def _shifts(self) -> Iterator[tuple[int, Shift]]:
        """How each page of the blank was moved, from the words that both pages have once."""
        template = self._template
        blank = grouped(
            (template.token(index).page or 0, (item.atom.key, cut_box(template.token(index), item.atom)))
            for index, item in enumerate(template.items)
            if item.literal
        )
        sheets = grouped(
            (self._page(index), (atom.key, box))
            for index, (atom, box) in enumerate(zip(self.atoms, self._boxes, strict=True))
            if atom.wordy and box
        )
        counts = {number: Counter(key for key, _ in words) for number, words in sheets.items()}
        for page, words in blank.items():
            wanted = Counter(key for key, _ in words)
            shares = sorted(((wanted & count).total() / wanted.total(), number) for number, count in counts.items())
            if not shares or shares[-1][0] < _ALIKE:
                continue
            if len(shares) > 1 and shares[-2][0] >= _TWICE:
                raise refused(Refusal.SEVERAL)
            number = shares[-1][1]
            there = {key: box for key, box in sheets[number] if counts[number][key] == 1}
            pairs = [(box, there[key]) for key, box in words if wanted[key] == 1 and key in there]
            if len(pairs) >= FEW:
                yield page, shift_of(number, pairs)

    def find_fixed_words(self) -> None:
        """Pair each fixed word and sign with the like one that stands at its place."""
        alike = grouped(
            ((self._page(index), atom.key), (index, middle(box)))
            for index, (atom, box) in enumerate(zip(self.atoms, self._boxes, strict=True))
            if box
        )
        for index, item in enumerate(self._template.items):
            token = self._template.token(index)
            shift = self.shifts.get(token.page or 0)
            if item.placeholder is not None or item.atom.mark is not Mark.WORD or shift is None:
                continue
            place = shift.moved(cut_box(token, item.atom))
            high, (x, y) = place[3] - place[1], middle(place)
            near = [
                (abs(u - x) + abs(v - y), atom)
                for atom, (u, v) in alike.get((shift.page, item.atom.key), ())
                if atom not in self._taken and abs(u - x) <= _ASIDE * high and abs(v - y) <= _ABOVE * high
            ]
            if near:
                atom = min(near)[1]
                self.aligned.pairs[index] = self.aligned.position[index] = atom
                self._taken.add(atom)

    def deal_answers(self) -> None:
        """Give what is left to the slot in whose box it lies; what lies in none is extra."""
        template, aligned = self._template, self.aligned
        zones = grouped(
            (shift.page, (shift.moved(token.box), slot))
            for slot in template.slots
            if (token := template.token(slot)).box and (shift := self.shifts.get(token.page or 0))
        )
        held: dict[int, list[int]] = {}
        for index, (atom, box) in enumerate(zip(self.atoms, self._boxes, strict=True)):
            if index in self._taken or atom.mark not in WRITTEN:
                continue
            slot = _slot_around(middle(box or NOWHERE), zones.get(self._page(index), ()))
            if slot is None:
                aligned.extra.append(index)
            else:
                held.setdefault(slot, []).append(index)
        for slot, mine in held.items():
            aligned.position[slot] = mine[0]
            if template.items[slot].is_box:
                ticks = (index for index in mine if self._stream[self.atoms[index].token].ticked)
                aligned.pairs[slot] = next(ticks, mine[0])
            else:
                aligned.fallen[slot] = with_line_ends(self.atoms, mine)


def _slot_around(point: tuple[float, float], zones: Sequence[tuple[Box, int]]) -> int | None:
    around = (slot for box, slot in zones if inside(point, box, _EDGE * (box[3] - box[1])))
    return next(around, None)
