"""Lockout: attempts to sign in, counted by login and by address; who fails often waits longer and longer."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from pipeline.ledger.database import Database, change, row

_FREE = {"login": 5, "peer": 30}  # attempts before the first wait: many people may sit behind one address
_FIRST, _LONGEST = 15.0, 900.0  # seconds, doubled with each further failure
_FORGOTTEN = 86_400.0


class Attempts:
    """The failed attempts of one ledger; a login that does not exist is counted as one that does."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._db, self._clock = database, clock

    def begin(self, login: str, peer: str) -> float:
        """Count an attempt as failed; the seconds to wait, and nothing is counted, where it comes too early."""
        now, who = self._clock(), _who(login, peer)
        with self._db.write() as connection:
            found = {one: _known(connection, one, now) for one in who}
            wait = max(until - now for _, until in found.values())
            if wait > 0:
                return wait
            for one, (count, _) in found.items():
                over = count + 1 - _FREE[one.split(":", 1)[0]]
                pause = min(_FIRST * 2.0 ** min(over, 10), _LONGEST) if over >= 0 else 0.0
                change(
                    connection,
                    "INSERT INTO failed_attempt (who, count, until, last) VALUES (:who, :count, :until, :now) "
                    "ON CONFLICT (who) DO UPDATE SET count = :count, until = :until, last = :now",
                    who=one,
                    count=count + 1,
                    until=now + pause,
                    now=now,
                )
        return 0.0

    def succeed(self, login: str, peer: str) -> None:
        """Forget the failures of who knew the password; those of the address are one less."""
        by_login, by_peer = _who(login, peer)
        with self._db.write() as connection:
            change(connection, "DELETE FROM failed_attempt WHERE who = :who", who=by_login)
            sql = "UPDATE failed_attempt SET count = count - 1, until = 0 WHERE who = :who AND count > 0"
            change(connection, sql, who=by_peer)


def _who(login: str, peer: str) -> tuple[str, str]:
    return f"login:{login}", f"peer:{peer}"


def _known(connection: sa.Connection, who: str, now: float) -> tuple[int, float]:
    found = row(connection, "SELECT count, until, last FROM failed_attempt WHERE who = :who", who=who)
    return (int(found[0]), float(found[1])) if found and now - found[2] < _FORGOTTEN else (0, 0.0)
