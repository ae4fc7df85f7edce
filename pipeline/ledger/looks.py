"""Audit of looks: who saw which dossier, one line of the journal for a person, a dossier and an hour."""

from __future__ import annotations

import threading

from pipeline.ledger import journal
from pipeline.ledger.database import Database, row

SEEN = "vu"
TAKEN = "retrait"
_HOUR = 13  # characters of a moment up to its hour: 2026-03-17T09
_KEPT = 10_000  # looks remembered by this process, so that most ask the ledger nothing


class Looks:
    """The looks at the dossiers of one ledger; threads may share it."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._lock = threading.Lock()
        self._noted: set[tuple[str, str, str, str, str]] = set()

    def note(self, sha256: str, actor: str, event: str = SEEN, what: str = "") -> None:
        """Note that somebody saw the dossier whose form that is (or another ``event``), unless noted this hour.

        ``what``: of which file, for an event that says so.
        """
        look = (sha256, actor, journal.now()[:_HOUR], event, what)
        with self._lock:
            if look in self._noted:
                return
        where = "sha256 = :s AND event = :event AND actor = :actor AND at >= :hour AND detail = :what"
        sql = f"SELECT 1 FROM journal WHERE {where} LIMIT 1"
        with self._db.write() as connection:
            if row(connection, sql, s=sha256, event=event, actor=actor, hour=look[2], what=what) is None:
                journal.append(connection, event, sha256, what, actor=actor)
        with self._lock:
            if len(self._noted) >= _KEPT:
                self._noted.clear()
            self._noted.add(look)

    def note_taken(self, sha256: str, actor: str, what: str) -> None:
        """Note that somebody took a file of the dossier whose form that is; without one, a file of many dossiers."""
        with self._db.write() as connection:
            journal.append(connection, TAKEN, sha256, what, actor=actor)
