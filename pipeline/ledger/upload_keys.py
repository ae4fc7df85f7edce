"""Idempotency keys: what a program sent under a key, for a day; the same key with the same bytes is the same form.

A key is kept before the file is taken in. Whoever asks again, killed or not in between, gets the form of these bytes.
"""

from __future__ import annotations

from collections.abc import Callable

from pipeline.ledger import journal
from pipeline.ledger.database import Database, change, row

KEPT = 86_400.0  # seconds
_NO_KEY = "no key: "  # begins what stands for a key where a program gave none; a key that is given has no blank


class UploadKeys:
    """The keys of one ledger."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._db, self._clock = database, clock

    def begin(self, actor: str, key: str, fingerprint: str, sha256: str) -> bool | None:
        """Keep what is sent under a key; whether it was sent before, ``None`` where something else was.

        ``fingerprint`` is of all that was sent, ``sha256`` of the form in it. Keys of yesterday are forgotten.
        """
        key, now = key or f"{_NO_KEY}{sha256}", self._clock()
        with self._db.write() as connection:
            change(connection, "DELETE FROM upload WHERE at < :old", old=now - KEPT)
            sql = "SELECT fingerprint FROM upload WHERE actor = :actor AND key = :key"
            found = row(connection, sql, actor=actor, key=key)
            if found is not None:
                return True if found[0] == fingerprint or key.startswith(_NO_KEY) else None
            change(
                connection,
                "INSERT INTO upload (actor, key, fingerprint, sha256, at) "
                "VALUES (:actor, :key, :fingerprint, :sha256, :now)",
                actor=actor,
                key=key,
                fingerprint=fingerprint,
                sha256=sha256,
                now=now,
            )
            journal.append(connection, "deposited", sha256, actor=actor)
        return False

    def sent(self, actor: str, sha256: str) -> bool:
        """Whether somebody sent that form, today or yesterday."""
        sql = "SELECT 1 FROM upload WHERE actor = :actor AND sha256 = :s AND at >= :old"
        with self._db.read() as connection:
            return row(connection, sql, actor=actor, s=sha256, old=self._clock() - KEPT) is not None
