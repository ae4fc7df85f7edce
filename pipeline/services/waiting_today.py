"""Use case: how many dossiers wait for a person today, for a decision or for something that is due."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from pipeline.core.visitors import Right, Visitor
from pipeline.dossier.context import Context
from pipeline.dossier.dossier_index import DossierIndex, Sought
from pipeline.services.dossier_board import all_of, own_turn
from pipeline.services.due_board import DueBoard, is_for

_KEPT = 200  # answers that are kept until something changes


@dataclass(frozen=True)
class Waiting:
    """Dossiers that wait for the visitor's decision, and others with something due; ``whole``: all are known."""

    decisions: int
    due: int
    whole: bool = True

    @property
    def total(self) -> int:
        """Every dossier once."""
        return self.decisions + self.due


class WaitingCounts:
    """The counts of all visitors of one ledger, each counted again once something changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[tuple[object, ...], Waiting] = {}

    def of(self, context: Context, visitor: Visitor, index: DossierIndex, board: DueBoard) -> Waiting | None:
        """What waits for a visitor; ``None`` for who decides nothing, or holds a link to one dossier."""
        turn = own_turn(visitor)
        if not turn or visitor.dossier or not visitor.may(Right.SEE):
            return None
        known = board.known(context)
        rights = (visitor.may(Right.CORRECT), visitor.may(Right.JUDGE), visitor.formations)
        key = (context.ledger.journal_end(), context.today, known.mark, known.whole, *rights)
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None:
            return kept
        decisions = set(all_of(visitor, context.ledger, index, context.today, Sought(acts=turn)))
        due = {one.id for one in known.of(visitor) if any(is_for(visitor, due) for due in one.dues)}
        made = Waiting(len(decisions), len(due - decisions), known.whole)
        with self._lock:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            self._kept[key] = made
        return made
