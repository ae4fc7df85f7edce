"""Paragraph assembly: printed lines put back together, as one text that knows where each word stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.core.folding import fold
from pipeline.core.sequences import grouped, runs
from pipeline.reading.labels.items import Atom, Row

BOX = "\u2610"  # a tick box among the words, whatever its state
_FULL = 0.82  # share of the page's written width from which a line is taken to run on
_LONGEST = 600  # words of a paragraph
_SPACING = 1.0  # heights of a line between two lines of one paragraph
_END = re.compile(r"[.;:!?»]\s*$")


@dataclass(frozen=True)
class Passage:
    """A paragraph: ``text`` as written, ``plain`` without accents nor capitals, letter for letter as long."""

    text: str
    plain: str
    atoms: tuple[Atom, ...]
    spans: tuple[tuple[int, int], ...]

    def within(self, start: int, end: int) -> tuple[Atom, ...]:
        """The atoms that stand, even partly, between two places of the text."""
        pairs = zip(self.atoms, self.spans, strict=True)
        return tuple(atom for atom, (left, right) in pairs if left < end and right > start)


def passages_of(rows: Sequence[Row]) -> Iterator[Passage]:
    """Every paragraph outside the tables, in order; what is printed again on each page is left out."""
    running = _running(rows)
    right = _margins(rows)
    lines = (row for row in rows if not row.table and _mask(row) not in running)
    for paragraph in runs(lines, lambda above, row: _carries_on(above[-1], row, right)):
        atoms = [atom for row in paragraph for item in row.items for atom in item.atoms]
        for start in range(0, len(atoms), _LONGEST):  # a stranger's file cannot keep us busy
            yield _passage(atoms[start : start + _LONGEST])


def plain(text: str) -> str:
    """Folded letter by letter, as many as there were: a place of the text is the same place here."""
    return "".join(fold(char)[:1] or (" " if char.isspace() else char) for char in text)


def _passage(atoms: Sequence[Atom]) -> Passage:
    text = ""
    kept: list[Atom] = []
    spans: list[tuple[int, int]] = []
    for atom in atoms:
        if atom.leader:
            continue
        word = BOX if atom.tick else atom.text
        cut = re.search(r"[^\W\d_][-‐]$", text) and kept and not _level(kept[-1], atom)
        text += "" if not text or cut else " "
        spans.append((len(text), len(text) + len(word)))
        kept.append(atom)
        text += word
    return Passage(text, plain(text), tuple(kept), tuple(spans))


def _level(left: Atom, right: Atom) -> bool:
    """Whether two words stand on one printed line; without places, they do."""
    one, two = left.token.box, right.token.box
    if one is None or two is None:
        return True
    return left.token.page == right.token.page and abs(one[1] - two[1]) < (one[3] - one[1]) * 0.6


def _carries_on(above: Row, below: Row, right: dict[int, tuple[float, float]]) -> bool:
    """Whether a printed line carries on the one above: that one is full, and nothing lies between."""
    one, two = above.items[-1], below.items[0]
    if one.box is None or two.box is None or one.page is None:
        return False
    left, edge = right[one.page]
    if one.box[2] < left + _FULL * (edge - left):
        return False
    if two.page != one.page:
        return two.page == one.page + 1 and not _END.search(one.text)
    return two.box[1] - one.box[3] < _SPACING * (one.box[3] - one.box[1])


def _margins(rows: Sequence[Row]) -> dict[int, tuple[float, float]]:
    """Where writing begins and ends on each page."""
    boxes = grouped(
        (item.page, item.box) for row in rows for item in row.items if item.page is not None and item.box is not None
    )
    return {page: (min(box[0] for box in held), max(box[2] for box in held)) for page, held in boxes.items()}


def _running(rows: Sequence[Row]) -> frozenset[str]:
    """The lines that several pages begin or end with: headers, footers, numbers of pages."""
    pages = grouped((row.items[0].page, row) for row in rows if row.items[0].page is not None and not row.table)
    ends = [{_mask(row) for row in (*page[:2], *page[-2:])} for page in pages.values()]
    seen = Counter(line for page in ends for line in page)
    return frozenset(line for line, count in seen.items() if count > 1)


def _mask(row: Row) -> str:
    return re.sub(r"\d+", "0", " ".join(item.text for item in row.items))
