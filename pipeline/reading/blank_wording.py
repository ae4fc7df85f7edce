"""What the blank Word form prints by itself: every piece of text that may stand outside its controls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from pipeline.core.fields import WEEKDAYS, FieldKind
from pipeline.core.folding import fold
from pipeline.forms.blank import NOTE, Blank, Cell
from pipeline.forms.paper.bodies import special_days, weeks_of
from pipeline.forms.paper.strips import TITLE, advice_of, logo_of, session_of

_SIGNATURE = "Signature"


def printed_pieces(blank: Blank) -> frozenset[str]:
    """The blank's own texts, folded (no case, no accents): what is not one of them was added by somebody."""
    return frozenset(fold(piece) for piece in _pieces(blank))


def _pieces(blank: Blank) -> Iterator[str]:
    yield from (TITLE, blank.formation.title, session_of(blank), logo_of(blank), _SIGNATURE)
    yield from advice_of(blank)
    yield from (block.title for block in blank.blocks)
    for cell in blank.cells():
        yield from _labels(cell)
        yield from (slot.label for slot in cell.slots)
        if cell.field.kind is FieldKind.CALENDAR:
            yield from _days(cell, blank)


def _labels(cell: Cell) -> Iterator[str]:
    """A label, its star, its help and the flag of a field to mend, on one line or on several."""
    label, advice = (cell.field.title, cell.star), cell.field.help
    for order in ((*label, advice, NOTE), (*label, NOTE, advice)):
        parts = [part for part in order if part]
        for start in range(len(parts)):
            yield from (" ".join(parts[start:end]) for end in range(start + 1, len(parts) + 1))


def _days(cell: Cell, blank: Blank) -> Iterator[str]:
    yield from WEEKDAYS
    words = special_days(blank)
    for monday in weeks_of(cell):
        for day in (monday + dt.timedelta(days=n) for n in range(7)):
            yield from (f"{day:%d/%m}", f"{day:%d/%m} {words.get(day, '')}")
