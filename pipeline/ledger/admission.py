"""Admission: a ledger is opened where it knows all that lies beside it, and refused where it does not."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pipeline.core.errors import HouseError, LedgerBehind
from pipeline.core.workspace import Workspace
from pipeline.ledger import lying_beside
from pipeline.ledger.backfill import BACKFILLS
from pipeline.ledger.database import Database, change, row
from pipeline.ledger.journal import now
from pipeline.ledger.sealed_rows import differing, image
from pipeline.ledger.sealing import Sealer, head, whole_until
from pipeline.storage.durable import disk_errors
from pipeline.storage.journal_copy import JournalCopy, Seal

FILE = "ledger.sqlite3"


@contextmanager
def admitted(workspace: Workspace, *, recovering: bool = False) -> Iterator[Database]:
    """The database of a workspace, at the newest migration, whose every change is copied beside the spool.

    Raises LedgerBehind where the ledger is missing, emptied, older or half, and something beside it knows more (with
    ``recovering`` unknown files and packets are let be); HouseError where it cannot be used, Transient for a moment.
    """
    with disk_errors(f"{workspace.root} cannot be read", "Mend access, then run again."):
        require_no_restore(workspace)
        copy = copy_of(workspace)
        require_some(workspace, copy)
    with Database.open(workspace.memory / FILE, BACKFILLS) as database:
        sealer = Sealer(database, copy)
        fresh = _require_same(database, sealer)
        database.migrate()
        if fresh:
            _note_spare(database, workspace)
        sealer.settle()
        if not recovering and any(found := lying_beside.unknown(database, workspace)):
            raise LedgerBehind(str(found))
        database.witness = sealer
        yield database


def require_no_restore(workspace: Workspace) -> None:
    """Raise HouseError where a restore was stopped half way: nothing else is done before it has ended."""
    if workspace.restoring.exists():
        raise HouseError(f"a restore into {workspace.root} was stopped half way: run 'liasse restore' again.")


def copy_of(workspace: Workspace) -> JournalCopy:
    """The sealed copy of a workspace's ledger."""
    return JournalCopy(workspace.spool)


def require_whole(workspace: Workspace) -> None:
    """Raise LedgerBehind unless the ledger is the one that belongs here; nothing is changed, nor migrated."""
    require_no_restore(workspace)
    copy = copy_of(workspace)
    require_some(workspace, copy)
    if (workspace.memory / FILE).exists():
        with Database.open(workspace.memory / FILE, BACKFILLS) as database:
            _require_same(database, Sealer(database, copy))


def copy_faults(database: Database, workspace: Workspace) -> Iterator[str]:
    """Where the sealed copy is not that of an admitted ledger, row by row: nowhere, it is hoped."""
    copy = copy_of(workspace)
    held, _, last = image(copy.lines())
    with database.read() as connection:
        if (last.seal if last else Seal()) != copy.end():
            yield "the chain of its sealed copy is broken: 'liasse purge' or 'liasse recover' writes it anew"
        elif last and last.seal == head(connection):  # else somebody wrote meanwhile
            yield from (f"rows of {table} are not as its sealed copy says" for table in differing(connection, held))


def sound_until(workspace: Workspace) -> int | None:
    """The number of the newest line that a ledger knows, 0 for one without copy; ``None`` if it is not whole."""
    path = workspace.memory / FILE
    if not path.exists() or not path.stat().st_size:
        return None
    try:
        with Database.open(path, BACKFILLS) as database:
            return whole_until(database)
    except HouseError:
        return None


def write_copy_anew(workspace: Workspace) -> None:
    """Have the copy be that of the ledger as it is, whatever it was; raises HouseError, Transient."""
    with Database.open(workspace.memory / FILE, BACKFILLS) as database:
        database.migrate()
        Sealer(database, copy_of(workspace)).write_anew()


def forget_lines(path: Path) -> None:
    """Have a copied ledger begin a sealed copy of its own, where it is opened next."""
    with closing(sqlite3.connect(path)) as copied, copied:
        if copied.execute("SELECT 1 FROM sqlite_master WHERE name = 'copy_line'").fetchone():
            copied.execute("DELETE FROM copy_line")


def require_some(workspace: Workspace, copy: JournalCopy) -> None:
    """Raise LedgerBehind where there is no ledger, or an empty file, and something that was made under one."""
    path = workspace.memory / FILE
    if path.exists() and path.stat().st_size:
        return
    if copy.end().number or any(found := lying_beside.beside(workspace)):
        what = "its sealed copy lies in the spool." if copy.end().number else f"without it {found}"
        raise LedgerBehind(f"the ledger {path} is {'empty' if path.exists() else 'gone'}; {what}")


def _require_same(database: Database, sealer: Sealer) -> bool:
    """Raise LedgerBehind unless the ledger is that of the copy, before it is migrated; ``True``: it has no copy."""
    with database.read() as connection:
        newest = head(connection)
        sealer.require_same(connection)
        forms = row(connection, "SELECT 1 FROM sqlite_master WHERE name = 'form'")
    return newest == Seal() and forms is not None


def _note_spare(database: Database, workspace: Workspace) -> None:
    """Announce after the event what releases before left without a line: files cut short, and joined to nothing."""
    aside = {path.name for path in workspace.quarantine.glob("*")}
    unknown = [
        (lying_beside.SPOOL, one) for one in lying_beside.unknown(database, workspace).files if one[:8] in aside
    ]
    joined = ((lying_beside.JOINED, one) for one in lying_beside.hashes_in(workspace.joined))
    with database.write() as connection:
        for place, sha256 in (*unknown, *joined):
            change(
                connection,
                "INSERT INTO spare_file (place, sha256, at, reason) VALUES (:place, :sha256, :at, 'avant') "
                "ON CONFLICT DO NOTHING",
                place=place,
                sha256=sha256,
                at=now(),
            )
