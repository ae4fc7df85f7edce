"""Database access, the one file that knows SQLAlchemy: transactions, numbered migrations, errors told apart.

SQLite beside the spool, in WAL and ``synchronous=FULL``: a commit is on the disk when it returns. The SQL of this
room is what SQLite and PostgreSQL have in common.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from pipeline.core.errors import HouseError, LedgerBehind, Transient
from pipeline.core.modes import make_folder, private_file
from pipeline.core.timing import step

Row = tuple[Any, ...]
Backfills = Mapping[int, Callable[[sa.Connection], None]]  # what a migration computes, after its statements
_AT_ONCE = 500  # values in one question to the database
BUSY_SECONDS = 30
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY")
_READS = "liasse_reads"  # the execution option of a transaction that only looks
_PASSING = ("locked", "busy", "full", "i/o error", "unable to open")


class Witness(Protocol):
    """Who keeps a copy of what every transaction changes."""

    def require_same(self, connection: sa.Connection) -> None:
        """Raise LedgerBehind where this is not the database that the copy is of."""

    def watch(self, connection: sa.Connection) -> None:
        """Look on from now, in a transaction that has just begun."""

    def seal(self, connection: sa.Connection) -> bool:
        """Put what a transaction changed into it as one line, at its end; whether it changed anything."""

    def carry(self) -> None:
        """Bring lines that are committed into the copy, durably."""

    def write_anew(self) -> None:
        """Write the copy whole, as the database is now."""


class Database:
    """One database, many short transactions; from the day it has a ``witness``, each is copied too.

    Threads may share it: they read side by side, and write one after the other.
    """

    def __init__(self, path: Path, backfills: Backfills) -> None:
        self._engine = _engine(path)
        self._path = path
        self._backfills = backfills
        self._turn = threading.RLock()
        self.witness: Witness | None = None
        self.where = str(path)

    @classmethod
    @contextmanager
    def open(cls, path: Path, backfills: Backfills) -> Iterator[Database]:
        """Open (or make) the database of a file, as old as it is: ``migrate`` brings it to the newest migration.

        Raises HouseError if the file cannot be used, Transient if it may be usable in a moment.
        """
        database = cls(path, backfills)
        try:
            with database.guarded():
                make_folder(path.parent)
                with private_file(path, append=True):
                    pass  # SQLite gives the files beside it the same mode
            yield database
        finally:
            database._engine.dispose()

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that holds the right to write from its beginning; durable when the block is left.

        Raises LedgerBehind, and begins nothing, where another file took the ledger's place since it was opened.
        """
        with step("ledger"), self._turn, self.guarded():
            sealed, witness = False, self.witness
            with self._engine.begin() as connection:
                if witness:
                    witness.require_same(connection)
                    witness.watch(connection)
                yield connection
                sealed = witness is not None and witness.seal(connection)
            if witness and sealed:
                witness.carry()

    @contextmanager
    def write_unseen(self) -> Iterator[sa.Connection]:
        """The same without the witness: for what it writes itself."""
        with self._turn:
            witness, self.witness = self.witness, None
            try:
                with self.write() as connection:
                    yield connection
            finally:
                self.witness = witness

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that only looks: it waits for nobody."""
        with step("ledger"), self.guarded(), self._engine.connect() as connection:
            yield connection.execution_options(**{_READS: True})

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Errors of the database and its disk as ours."""
        try:
            yield
        except (DatabaseError, sqlite3.Error) as error:  # the second of a connection that is only being made
            if not self._path.exists():
                raise LedgerBehind(f"the ledger {self.where} is gone.") from error
            said = error.orig if isinstance(error, DatabaseError) else error
            if "no such table" in str(said):
                raise LedgerBehind(f"the ledger {self.where} is not whole: {said}.") from error
            if isinstance(said, sqlite3.OperationalError) and any(word in str(said).lower() for word in _PASSING):
                raise Transient(
                    f"the ledger {self.where} does not answer ({said}). Another program may hold it, or its disk may "
                    "be full. Nothing is lost: free space (df -h), then run again; a service goes on by itself."
                ) from error
            raise HouseError(
                f"the ledger {self.where} cannot be used: {said}. "
                "'liasse doctor' looks at it; 'liasse recover' makes it again from its sealed copy if it is damaged, "
                "'liasse restore' from a backup."
            ) from error
        except OSError as error:
            raise HouseError(
                f"the ledger {self.where} cannot be opened: {error}. Mend its folder's access or space."
            ) from error

    def migrate(self, upto: int | None = None) -> None:
        """Apply the migrations that are still to come, all in one transaction; raises HouseError for a newer file."""
        with self.write() as connection:
            connection.execute(sa.text("CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY)"))
            done = connection.execute(sa.text("SELECT coalesce(max(number), 0) FROM migration")).scalar_one()
            steps = migrations()
            if done > steps[-1][0]:
                raise HouseError(
                    f"the ledger {self.where} was written by a newer liasse (migration {done}). Upgrade liasse again."
                )
            for number, statements in steps:
                if done < number <= (upto or number):
                    for statement in statements:
                        connection.execute(sa.text(statement))
                    if number in self._backfills:
                        self._backfills[number](connection)
                    connection.execute(sa.text("INSERT INTO migration (number) VALUES (:number)"), {"number": number})

    def integrity(self) -> Sequence[str]:
        """What SQLite finds wrong in the file: nothing, it is hoped."""
        with self.read() as connection:
            found = connection.execute(sa.text("PRAGMA integrity_check")).scalars().all()
            broken = connection.execute(sa.text("PRAGMA foreign_key_check")).all()
        return [line for line in found if line != "ok"] + [f"a line of {row[0]} belongs to nothing" for row in broken]

    def compact(self) -> None:
        """Give the space of deleted lines back, so that nothing deleted stays readable, here or in the copy."""
        if self.witness:
            self.witness.write_anew()
        with step("ledger"), self.guarded(), self._engine.connect() as connection:
            raw = connection.connection.driver_connection
            if raw is not None:
                raw.execute("VACUUM")
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def rows(connection: sa.Connection, sql: str, **values: Any) -> list[Row]:  # noqa: ANN401 -- SQL values
    """All the rows that a statement answers."""
    return [tuple(one) for one in connection.execute(sa.text(sql), values)]


def row(connection: sa.Connection, sql: str, **values: Any) -> Row | None:  # noqa: ANN401 -- SQL values
    """The first row that a statement answers."""
    found = connection.execute(sa.text(sql), values).first()
    return None if found is None else tuple(found)


def rows_among(connection: sa.Connection, sql: str, several: Collection[str], **values: Any) -> list[Row]:  # noqa: ANN401
    """The rows that a statement with ``IN :several`` answers, for any number of them."""
    asked = sorted(several)
    query = sa.text(sql).bindparams(sa.bindparam("several", expanding=True))
    parts = (asked[start : start + _AT_ONCE] for start in range(0, len(asked), _AT_ONCE))
    return [tuple(one) for part in parts for one in connection.execute(query, {**values, "several": part})]


def change(connection: sa.Connection, sql: str, **values: Any) -> int:  # noqa: ANN401 -- SQL values
    """Execute a statement; how many rows it changed."""
    return connection.execute(sa.text(sql), values).rowcount


def change_many(connection: sa.Connection, sql: str, values: Sequence[Mapping[str, Any]]) -> None:
    """Execute a statement once for each set of values."""
    if values:
        connection.execute(sa.text(sql), values)


@cache
def newest_migration() -> int:
    """The number of the newest migration."""
    return migrations()[-1][0]


def migrations() -> list[tuple[int, list[str]]]:
    """The numbered migrations in order, as statements."""
    folder = resources.files("pipeline.ledger") / "migrations"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(int(name[:4]), _statements((folder / name).read_text(encoding="utf-8"))) for name in names]


def _statements(script: str) -> list[str]:
    lines = [line for line in script.splitlines() if not line.startswith("--")]
    return [part.strip() for part in "\n".join(lines).split(";") if part.strip()]


def _engine(path: Path) -> sa.Engine:
    place = f"sqlite:///file:{quote(str(path))}?mode=rw&uri=true"  # one that is gone is not made again, empty
    engine = sa.create_engine(place, poolclass=NullPool, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begun(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get(_READS) else "BEGIN IMMEDIATE")

    return engine
