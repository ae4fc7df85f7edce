"""Use case: a cohort at a glance: how far a batch is, what failed and why, findings among forms, the bilan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.core.visitors import Right, Visitor
from pipeline.dossier.context import Context
from pipeline.dossier.dossier_index import DossierIndex, Sought
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.store import Ledger
from pipeline.reports.account import Bilan
from pipeline.reports.summary import summarise
from pipeline.services.dossier_board import all_of
from pipeline.services.handling import retry
from pipeline.services.permissions import require

_FAILED = (State.FAILED, State.QUARANTINED)
_SHOWN = 100  # failures at once


@dataclass(frozen=True)
class Progress:
    """How far the forms are that a visitor sees: by state; ``queue`` are ready to be walked or in a hand."""

    counts: Mapping[State, int]
    queue: int
    failed: Sequence[Entry]

    @property
    def total(self) -> int:
        """All that are not put away."""
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        """Those that are through, or wait for a person."""
        return max(0, self.total - self.queue)


def progress_of(visitor: Visitor, ledger: Ledger) -> Progress:
    """How far it all is now. Raises Forbidden."""
    require(visitor, Right.SEE)
    counts = ledger.entries.counts(visitor.formations)
    queued = [one for one in ledger.entries.in_queue() if visitor.reaches({one.formation}, one.dossier)]
    failed = [one for one in ledger.entries.in_states(*_FAILED) if visitor.reaches({one.formation}, one.dossier)]
    return Progress(counts, len(queued), failed[-_SHOWN:])


def retry_failed(context: Context, visitor: Visitor) -> int:
    """Have all that failed walked again; how many. Raises Forbidden."""
    require(visitor, Right.CORRECT)
    failed = progress_of(visitor, context.ledger).failed
    for entry in failed:
        retry(context, entry.form.sha256, by=visitor.name)
    return len(failed)


def bilan_of(context: Context, visitor: Visitor, index: DossierIndex, formation: str, session: str) -> Bilan:
    """The bilan of one formation and session, of what the visitor sees. Raises Forbidden."""
    sought = Sought(formation=formation, session=session)
    bilan = summarise(context, among=all_of(visitor, context.ledger, index, context.today, sought))
    return replace(bilan, left=())
