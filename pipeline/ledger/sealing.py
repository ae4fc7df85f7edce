"""Change capture: what each transaction changed, as one sealed line, in the ledger first and then beside the spool.

Triggers that live as long as the connection note which rows were touched; at the end of the transaction the rows are
written as they stand into ``copy_line``, with it. After the commit the line goes into ``storage/journal_copy``.
Killed in between, the ledger still has the line, and the next to come brings it over. Readings are left out: the file
is read again. So are claims: a copy tells what is to be walked, not who has it in hand.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import sqlalchemy as sa

from pipeline.core.errors import HouseError, LedgerBehind
from pipeline.ledger.database import Database, change, newest_migration, row, rows
from pipeline.ledger.journal import now
from pipeline.ledger.sealed_rows import TABLES, as_json, counts_of, rows_named, whole
from pipeline.storage.durable import disk_errors
from pipeline.storage.journal_copy import JournalCopy, Seal, SealedLine
from pipeline.storage.kill_points import passing

_LOOKS = 3
_ADVICE = "Free space (df -h) or mend access, then run again; a service goes on by itself."
_NEWEST = "SELECT number, hash, body FROM copy_line ORDER BY number DESC LIMIT 1"
_TOUCHED = "SELECT place, name, sum(more) FROM temp.liasse_touched GROUP BY place, name"


def _trigger(table: str, event: str, row_name: str, more: int, when: str = "") -> str:
    name = ", ".join(f"{row_name}.{column}" for column in TABLES[table])
    return (
        f"CREATE TEMP TRIGGER liasse_{table}_{event} AFTER {event} ON main.{table} {when} BEGIN "
        f"INSERT INTO liasse_touched VALUES ('{table}', json_array({name}), {more}); END"
    )


_WATCH = (
    "CREATE TEMP TABLE liasse_touched (place TEXT, name TEXT, more INTEGER)",
    *(
        one
        for table in TABLES
        for one in (
            _trigger(table, "INSERT", "new", 1),
            _trigger(table, "UPDATE", "new", 0, "WHEN new.state <> 'claimed'" if table == "job" else ""),
            _trigger(table, "DELETE", "old", -1),
        )
    ),
)


class Sealer:
    """The witness of one ledger: what is committed there is copied here."""

    def __init__(self, database: Database, copy: JournalCopy) -> None:
        self._db, self._copy = database, copy
        self._carried = 0  # the number up to which the copy is surely on the disk
        self._owed = False

    def watch(self, connection: sa.Connection) -> None:
        """Note which rows the transaction that has just begun touches."""
        for statement in _WATCH:
            connection.exec_driver_sql(statement)

    def require_same(self, connection: sa.Connection) -> None:
        """Raise LedgerBehind unless this ledger knows all that the copy does, Transient while that is not written."""
        with disk_errors(f"{self._copy.path} cannot be read", "Mend access, then run again."):
            if not (follows(connection, self._copy.end()) or self._copy.adopt(head(connection))):
                raise LedgerBehind(_apart(head(connection), self._copy.end()))
        if self._owed:
            with disk_errors(f"{self._copy.path} cannot be written", _ADVICE):
                self._carry()

    def seal(self, connection: sa.Connection) -> bool:
        """Put what this transaction touched into ``copy_line``, as it is now."""
        touched = rows(connection, _TOUCHED)
        if not touched:
            return False
        last = _newest(connection)
        told: dict[str, Any] = {"at": now(), "migration": newest_migration(), "set": {}, "gone": {}}
        counts = dict(json.loads(last.body)["counts"]) if last else dict.fromkeys(TABLES, 0)
        for table, name, more in touched:
            counts[table] += more
            found = rows_named(connection, table, json.loads(name))
            told["set"].setdefault(table, []).extend(found)
            if not found or table == "member_key":
                told["gone"].setdefault(table, []).append(json.loads(name))
        body = as_json({**told, "counts": counts})
        seal = (last.seal if last else Seal()).over(body)
        _keep(connection, SealedLine(seal, body))
        change(connection, "DELETE FROM copy_line WHERE number < :n", n=self._carried)
        return True

    def carry(self) -> None:
        """Bring committed lines into the copy. What the disk refuses is owed: nothing more is written before."""
        passing("sealed")
        self._owed = True
        with suppress(OSError, HouseError):
            self._carry()

    def _carry(self) -> None:
        for _ in range(_LOOKS):
            with self._copy.locked():
                end = self._copy.end()
                left = self._lines(end.number)
                if not left or end.over(left[0].body) == left[0].seal:
                    self._copy.append(left)
                    self._carried = left[-1].seal.number if left else end.number
                    self._owed = False
                    return
            self._copy.adopt(left[-1].seal)  # another process wrote the copy anew, and has not given it its name yet

    def settle(self) -> None:
        """Bring over what a crash kept, and write the copy anew where there is none yet, or of an older shape.

        Raises LedgerBehind where rows are missing that were never removed; Transient, HouseError.
        """
        with self._db.read() as connection:
            last, known = _newest(connection), counts_of(connection)
        if last is None:
            if any(known.values()):
                self.write_anew()
            return
        told = json.loads(last.body)
        if told["migration"] != newest_migration():
            self.write_anew()
        elif told["counts"] != known:
            short = ", ".join(
                f"{name} has {known[name]}, not {count}"
                for name, count in told["counts"].items()
                if known[name] != count
            )
            raise LedgerBehind(f"the ledger {self._db.where} is not whole, rows were lost or added: {short}.")
        else:
            with disk_errors(f"{self._copy.path} cannot be written", "Free space or mend access, then run again."):
                with self._copy.locked():
                    whole = self._copy.agree(self._lines(0))
                self._carry() if whole else self.write_anew()

    def write_anew(self) -> None:
        """Write the copy whole, as the ledger is now, without what was forgotten; raises Transient, HouseError."""
        with disk_errors(f"{self._copy.path} cannot be written", "Free space or mend access, then run again."):
            with self._db.write_unseen() as connection:
                last = head(connection)
                last = max(last, self._copy.end(), key=lambda seal: seal.number)
                lines = list(whole(connection, last))
                with self._copy.locked():
                    self._copy.prepare(lines)
                change(connection, "DELETE FROM copy_line")
                _keep(connection, lines[-1])
            passing("copy-committed")
            self._copy.adopt(lines[-1].seal)
        self._carried, self._owed = lines[-1].seal.number, False

    def _lines(self, after: int) -> list[SealedLine]:
        """The lines that the ledger still has, from one on."""
        sql = "SELECT number, hash, body FROM copy_line WHERE number > :after ORDER BY number"
        with self._db.read() as connection:
            found = rows(connection, sql, after=after)
        return [SealedLine(Seal(number, hash_), body) for number, hash_, body in found]


def head(connection: sa.Connection) -> Seal:
    """The seal of the newest line of a ledger; that of nothing where it never had one, or no such table."""
    if row(connection, "SELECT 1 FROM sqlite_master WHERE name = 'copy_line'") is None:
        return Seal()
    last = _newest(connection)
    return last.seal if last else Seal()


def whole_until(database: Database) -> int | None:
    """The number of a ledger's newest line, 0 for one that has none yet; ``None`` if the file or a row is damaged."""
    if database.integrity():
        return None
    with database.read() as connection:
        if not head(connection).number:
            return 0
        last = _newest(connection)
        return last.seal.number if last and json.loads(last.body)["counts"] == counts_of(connection) else None


def follows(connection: sa.Connection, end: Seal) -> bool:
    """Whether a ledger knows all that a copy with this end does, and still has what the copy lacks."""
    newest = head(connection)
    if newest == end or not newest.number:
        return newest == end
    if not end.number:
        return row(connection, "SELECT 1 FROM copy_line WHERE number = 1") is not None
    return (
        row(connection, "SELECT 1 FROM copy_line WHERE number = :n AND hash = :h", n=end.number, h=end.hash)
        is not None
    )


def keep_head(connection: sa.Connection, line: SealedLine) -> None:
    """Have a ledger that was made of a copy end where the copy does."""
    change(connection, "DELETE FROM copy_line")
    _keep(connection, line)


def _apart(newest: Seal, end: Seal) -> str:
    if newest.number < end.number:
        known = f"its sealed copy has {end.number} lines, it has {newest.number}"
        return f"the ledger is missing, emptied or older: {known}."
    if not end.number:
        return "the sealed copy of the ledger is gone from the spool, with what lay beside it perhaps."
    return f"the spool's sealed copy ({end.number} lines) is not that of this ledger ({newest.number}): one is older."


def _newest(connection: sa.Connection) -> SealedLine | None:
    found = row(connection, _NEWEST)
    return SealedLine(Seal(found[0], found[1]), found[2]) if found else None


def _keep(connection: sa.Connection, line: SealedLine) -> None:
    sql = "INSERT INTO copy_line (number, hash, body) VALUES (:number, :hash, :body)"
    change(connection, sql, number=line.seal.number, hash=line.seal.hash, body=line.body)
