"""Pages of forms: what is listed of a workspace, however many are kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pipeline.ledger.entries import Entry, State
from pipeline.ledger.store import Ledger
from pipeline.services.lookup import find_form

PAGE = 50  # forms listed, unless more are asked for


@dataclass(frozen=True)
class Page:
    """The forms received last, and how many there are in each state in all."""

    forms: tuple[Entry, ...]
    counts: dict[State, int]


def list_forms(ledger: Ledger, *, word: str = "", states: Collection[State] = (), most: int | None = PAGE) -> Page:
    """The newest forms (all with ``most=None``), of some states, or the one that ``word`` means."""
    counts = ledger.entries.counts()
    if word:
        return Page((find_form(ledger, word),), counts)
    return Page(ledger.entries.newest(sum(counts.values()) if most is None else most, states), counts)
