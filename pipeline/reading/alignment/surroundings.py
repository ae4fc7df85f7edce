"""Alignment context of a slot: whether the fixed words beside it were found and nothing unexplained is there."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.folding import fold
from pipeline.core.models import Box
from pipeline.core.sequences import grouped
from pipeline.forms.blank import NOTE
from pipeline.reading.alignment.align import Aligned
from pipeline.reading.alignment.atoms import Atom, Mark
from pipeline.reading.alignment.repeats import label_of, loose_labels, separator_repeated
from pipeline.reading.alignment.shift import Shifts
from pipeline.reading.alignment.template import Template
from pipeline.reading.tokens import Stream

ABSENT = 0.2  # share of its words below which a page was not sent
WINDOW = 12  # fixed words on each side that must all be found again


@dataclass(frozen=True)
class Context:
    """Alignment context: a template, a filled form’s tokens (pages in the blank’s order) and atoms.

    ``columns`` are the slots whose neighbours were told apart by place; ``shifts`` how printing moved each page of
    the blank, where that was asked; ``doubts`` those of slots, by what stands around them.
    """

    template: Template
    stream: Stream
    atoms: Sequence[Atom]
    aligned: Aligned
    columns: frozenset[int] = frozenset()
    shifts: Shifts = field(default_factory=dict)
    doubts: Mapping[int, Doubt] = field(default_factory=dict)

    @cached_property
    def literals(self) -> list[int]:
        """The indices of the fixed words."""
        return [index for index, item in enumerate(self.template.items) if item.literal]

    @cached_property
    def lost(self) -> frozenset[int]:
        """The fixed words that were not found again letter for letter."""
        return frozenset(index for index in self.literals if not self._same(index))

    @cached_property
    def strangers(self) -> frozenset[int]:
        """The atoms that nothing explains: words, numbers and boxes, not punctuation."""
        found = (i for i in self.aligned.extra if self.atoms[i].wordy or self.atoms[i].mark is Mark.TICK)
        return frozenset(i for i in found if not self.stream[self.atoms[i].token].running)

    @cached_property
    def running(self) -> Stream:
        """The tokens of headers and footers that nothing explains: they speak of no answer more than of another."""
        return tuple(
            self.stream[index]
            for index in sorted({self.atoms[i].token for i in self.aligned.extra if self.atoms[i].wordy})
            if self.stream[index].running
        )

    @cached_property
    def unexplained(self) -> Stream:
        """The tokens that nothing explains."""
        return tuple(self.stream[index] for index in sorted({self.atoms[index].token for index in self.strangers}))

    @property
    def share(self) -> float:
        """The share of the fixed words found again."""
        return 1 - len(self.lost) / len(self.literals) if self.literals else 0.0

    @cached_property
    def page_shares(self) -> dict[int, float]:
        """Page of the printed blank (from 1) to the share of its fixed words found again."""
        found = grouped(
            (page, index not in self.lost)
            for index in self.literals
            if (page := self.template.token(index).page) is not None
        )
        return {page: sum(hits) / len(hits) for page, hits in sorted(found.items())}

    def zone(self, slot: int) -> tuple[int, Box] | None:  # noqa: ARG002 -- for layouts whose places are exact
        """The page and the box in which a slot is answered, where that is known."""
        return None

    def certain(self, slot: int) -> bool:  # noqa: ARG002 -- as above
        """Whether what is in a slot's place is its answer and nothing else, whatever it looks like."""
        return False

    def safe(self, slot: int) -> bool:
        """Whether a slot's answer can be trusted to be in its place."""
        return (
            not self.changed_beside(slot)
            and not self._stranger_beside(slot)
            and not self._heading_changed(slot)
            and not self._borders_crossed(slot)
            and not self._separator_repeated(slot)
            and not self._holds_lost_words(slot)
            and not self._asked_again(slot)
        )

    def neighbours(self, slot: int) -> tuple[int | None, int | None]:
        """The fixed words before and after a slot."""
        place = bisect_left(self.literals, slot)
        before = self.literals[place - 1] if place else None
        return before, self.literals[place] if place < len(self.literals) else None

    def _same(self, index: int) -> bool:
        atom = self.aligned.pairs.get(index)
        if atom is None or self.atoms[atom].key != self.template.items[index].atom.key:
            return False
        seen = self.stream[self.atoms[atom].token]
        hidden = seen.source.flowing and seen.doubt is not None and seen.doubt.code is Reason.HIDDEN
        return not hidden or self.template.token(index).doubt is not None  # a label that nobody sees says nothing

    def changed_beside(self, slot: int) -> bool:
        """Whether fixed words near a slot are missing: all that can be asked of a field read by its name."""
        place = bisect_left(self.literals, slot)
        return any(index in self.lost for index in self.literals[max(0, place - WINDOW) : place + WINDOW])

    def _stranger_beside(self, slot: int) -> bool:
        """In the row of the slot, or between it and the nearest fixed words."""
        before, after = self.neighbours(slot)
        here = self.aligned.position.get(slot, 0)
        start = self.aligned.pairs.get(before, here) if before is not None else 0
        end = self.aligned.pairs.get(after, here) if after is not None else len(self.atoms)
        if any(start < index < end for index in self.strangers):
            return True
        rows = {self.rows[index] for index in (*self.aligned.fallen.get(slot, ()), here) if index < len(self.rows)}
        return any(self.rows[index] in rows for index in self.strangers)

    @cached_property
    def rows(self) -> list[int]:
        """The row of each atom."""
        return list(rows_of(self.atoms))

    @cached_property
    def _headings(self) -> dict[int, range]:
        """Slot to the first row of its table, for slots further down than it; a row to write in is no heading."""
        found: dict[int, range] = {}
        start: int | None = None
        first: range | None = None
        for index, item in enumerate(self.template.items):
            mark = item.atom.mark if item.placeholder is None else Mark.WORD
            if mark is Mark.CELL and start is None:
                start, first = index, None
            elif mark is Mark.ROW and start is not None and first is None:
                first = range(start, index)
            elif mark is not Mark.CELL and index and self._is_row(index - 1):
                start = first = None  # words straight after a row: the table is over
            if item.placeholder is not None and first is not None:
                found[index] = first
        return found

    def _is_row(self, index: int) -> bool:
        item = self.template.items[index]
        return item.placeholder is None and item.atom.mark is Mark.ROW

    def _heading_changed(self, slot: int) -> bool:
        heading = self._headings.get(slot)
        if heading is None or any(self.template.items[index].placeholder for index in heading):
            return False
        words = [index for index in heading if self.template.items[index].literal]
        if any(index in self.lost for index in words):
            return True
        rows = {self.rows[self.aligned.pairs[index]] for index in words}
        return any(self.rows[index] in rows for index in self.strangers)

    def _borders_crossed(self, slot: int) -> bool:
        fallen = self.aligned.fallen.get(slot, ())
        return any(self.atoms[index].mark in (Mark.CELL, Mark.ROW, Mark.TICK) for index in fallen)

    def _holds_lost_words(self, slot: int) -> bool:
        """Whether fixed words that are missing elsewhere lie in the answer: a title or a label that moved."""
        lost = {self.template.items[index].atom.key for index in self.lost}
        fallen = [self.atoms[index].key for index in self.aligned.fallen.get(slot, ()) if self.atoms[index].wordy]
        return len(lost.intersection(fallen)) >= min(2, max(len(lost), 1))

    def _separator_repeated(self, slot: int) -> bool:
        """Whether the answer holds the very words or mark that end it: where it ends is then a guess."""
        placed = slot in self.columns
        return separator_repeated(slot, self.template.items, self.atoms, self.aligned, placed=placed)

    def _asked_again(self, slot: int) -> bool:
        """Whether the label of a slot stands once more where nothing explains it: two answers to one question."""
        if not self.template.items[slot].is_text:
            return False
        label = label_of(slot, self.template.items)
        numbered = all(key.isdigit() for key in label)  # « 3 » before a line of a list, « 3 » for an answer elsewhere
        return not numbered and label in self._loose_labels

    @cached_property
    def _loose_labels(self) -> frozenset[tuple[str, ...]]:
        """What reads as a label among the words that are no fixed words."""
        fallen = (index for fallen in self.aligned.fallen.values() for index in fallen)
        return loose_labels(self.atoms, {*self.aligned.extra, *fallen})


def rows_of(atoms: Sequence[Atom]) -> Iterator[int]:
    """The row of each atom: a table's row, or a line of text outside tables."""
    row, inside = 0, False
    for atom in atoms:
        if atom.mark is Mark.CELL:
            if not inside:
                row += 1
            inside = True
        yield row
        if atom.mark is Mark.ROW or (atom.mark is Mark.LINE and not inside):
            row += 1
            inside = False


_FLAG = tuple(fold(NOTE).split())


def without_flags(tokens: Stream, emphasis: str | None = None) -> Stream:
    """The tokens but for « à corriger », which we print beside what must be mended on a form that is sent back.

    Where it could also be part of an answer, it is ours if it is set as we set it: with that ``emphasis``.
    """
    words = [fold(token.text) if emphasis in (None, token.emphasis) else "" for token in tokens]
    size = len(_FLAG)
    flags = [at for at in range(len(words) - size + 1) if tuple(words[at : at + size]) == _FLAG]
    ours = {at + n for at in flags for n in range(size)}
    return tuple(token for at, token in enumerate(tokens) if at not in ours)


def only_flags(words: Counter[str]) -> bool:
    """Whether these words are nothing but such flags."""
    return set(words) <= set(_FLAG) and len({words[word] for word in _FLAG}) == 1
