"""Statements on one form and its job that several transactions share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from pipeline.core.models import Form
from pipeline.core.workspace import QUARANTINE
from pipeline.ledger import journal
from pipeline.ledger.database import change
from pipeline.ledger.entries import State


@dataclass(frozen=True)
class Ending:
    """How the walk of a form ended: what is not given is forgotten, it belonged to the state before."""

    state: State
    detail: str = ""
    formation: str | None = None
    stagiaire: str | None = None
    folder: Path | None = None
    packet: str | None = None
    version: int = 1
    replaces: str | None = None
    pages: int | None = None
    signatures: int | None = None
    overtakes: tuple[str, ...] = ()  # older forms of the same internship that wait or were sent back: over now
    acts: str = ""  # of one that waits: who decides (``core.who``); the journal keeps it


def end_job(connection: sa.Connection, sha256: str) -> None:
    """End the job of a form, in whatever hand it is."""
    change(connection, "UPDATE job SET state = 'done', token = token + 1 WHERE sha256 = :s", s=sha256)


def forget_spare(connection: sa.Connection, place: str, sha256: str) -> None:
    """A file that was announced is known from now on: a form, or a decision, rests on it."""
    change(connection, "DELETE FROM spare_file WHERE place = :place AND sha256 = :s", place=place, s=sha256)


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


def write_ending(connection: sa.Connection, sha256: str, ending: Ending) -> None:
    """Note how a form ended."""
    change(
        connection,
        "UPDATE form SET state = :state, detail = :detail, formation = :formation, stagiaire = :stagiaire, "
        "folder = :folder, packet = :packet, version = :version, replaces = :replaces, changed_at = :now "
        "WHERE sha256 = :sha256",
        **{
            name: getattr(ending, name)
            for name in ("detail", "formation", "stagiaire", "packet", "version", "replaces")
        },
        state=ending.state.value,
        folder=str(ending.folder) if ending.folder else None,
        now=journal.now(),
        sha256=sha256,
    )
