"""Statements on one form and its job that several transactions share."""

from __future__ import annotations

import sqlalchemy as sa

from pipeline.core.models import Form
from pipeline.core.workspace import QUARANTINE
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


def insert_form(connection: sa.Connection, form: Form, *, at: float, incomplete: str = "") -> None:
    """Note a form that is new, or was erased before; in quarantine with that detail if it came only in part."""
    change(
        connection,
        "INSERT INTO form (sha256, name, received_on, state, changed_at, received_at, detail, folder) "
        "VALUES (:sha256, :name, :day, :state, :now, :at, :detail, :folder) "
        "ON CONFLICT (sha256) DO UPDATE SET name = :name, received_on = :day, state = :state, "
        "changed_at = :now, received_at = :at, detail = :detail, folder = :folder",
        sha256=form.sha256,
        name=form.name,
        day=form.received_on.isoformat(),
        state=(State.QUARANTINED if incomplete else State.RECEIVED).value,
        now=journal.now(),
        at=at,
        detail=incomplete,
        folder=f"{QUARANTINE}/{form.id}" if incomplete else None,
    )
