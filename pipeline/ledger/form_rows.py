"""Statements on one form and its job that several transactions share."""

from __future__ import annotations

import sqlalchemy as sa

from pipeline.ledger import journal
from pipeline.ledger.database import change
from pipeline.ledger.entries import State


def end_job(connection: sa.Connection, sha256: str) -> None:
    """End the job of a form, in whatever hand it is."""
    change(connection, "UPDATE job SET state = 'done', token = token + 1 WHERE sha256 = :s", s=sha256)


def set_state(connection: sa.Connection, sha256: str, state: State, detail: str | None = None) -> None:
    """Note where a form has got; without ``detail`` what was said of it stays."""
    change(
        connection,
        "UPDATE form SET state = :state, detail = coalesce(:detail, detail), changed_at = :now WHERE sha256 = :s",
        state=state.value,
        detail=detail,
        now=journal.now(),
        s=sha256,
    )
