"""Letters taken: which forms that were sent back have had their letter taken, to be sent, and by whom.

Nothing but the journal says it: a form that is sent back again has a new letter, which nobody has taken.
"""

from __future__ import annotations

from pipeline.ledger import journal
from pipeline.ledger.database import Database, row, rows
from pipeline.ledger.entries import State

_TAKEN = "letter-taken"
_LAST = "(SELECT max(number) FROM journal AS {0} WHERE {0}.sha256 = {1} AND {0}.event = :ended)"


class Letters:
    """The letters of one ledger."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def taken(self, sha256: str = "") -> frozenset[str]:
        """The hashes of the forms whose letter of today was taken: of all, or whether that one is among them."""
        last = _LAST.format("ended", "line.sha256")
        mine = "AND sha256 = :s" if sha256 else ""
        sql = f"SELECT DISTINCT sha256 FROM journal AS line WHERE event = :taken {mine} AND number > {last}"
        with self._db.read() as connection:
            found = rows(
                connection, sql, taken=_TAKEN, ended=State.TO_COMPLETE.value, **({"s": sha256} if mine else {})
            )
        return frozenset(str(one) for (one,) in found)

    def take(self, sha256: str, by: str) -> tuple[str, str] | None:
        """Note who took the letter of a form; who had taken it before and when (UTC), if somebody had."""
        last = _LAST.format("ended", ":s")
        sql = (
            f"SELECT actor, at FROM journal WHERE sha256 = :s AND event = :taken AND number > {last} ORDER BY number"
        )
        with self._db.write() as connection:
            before = row(connection, sql, s=sha256, taken=_TAKEN, ended=State.TO_COMPLETE.value)
            journal.append(connection, _TAKEN, sha256, actor=by)
        return (str(before[0]), str(before[1])) if before else None
