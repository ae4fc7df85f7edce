"""The journal's chain, the migrations and the ledger's own faults."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import people
import pytest

from pipeline.core.errors import HouseError, LedgerBehind, Transient
from pipeline.core.models import Form
from pipeline.core.workspace import Workspace
from pipeline.ledger import database
from pipeline.ledger.database import change
from pipeline.ledger.store import FILE, Ledger


def note(ledger: Ledger, *digits: str) -> None:
    """Some lines in the journal."""
    for digit in digits:
        ledger.arrive(Form(digit * 64, Path("x"), "x.pdf", people.TODAY), source=digit, day=people.TODAY)


def edited(workspace: Workspace, sql: str) -> list[str]:
    """The faults that the ledger finds after somebody edited its file."""
    with sqlite3.connect(workspace.memory / FILE) as connection:
        connection.execute(sql)
    connection.close()
    with Ledger.open(workspace) as ledger:
        return list(ledger.faults())


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        (
            "UPDATE journal SET actor = 'somebody' WHERE number = 2",
            "journal: line 2 was changed after it was written",
        ),
        ("UPDATE journal SET previous = 'x' WHERE number = 3", "journal: line 3 does not follow line 2"),
    ],
)
def test_a_journal_that_somebody_edited_says_so(own_workspace: Workspace, sql: str, fault: str) -> None:
    """Changed, or cut from its past: each line seals the one before."""
    with Ledger.open(own_workspace) as ledger:
        note(ledger, "a", "b", "c")
        assert list(ledger.faults()) == []

    assert fault in edited(own_workspace, sql)


def test_the_beginning_of_the_journal_may_be_forgotten(own_workspace: Workspace) -> None:
    """Old lines are purged and the rest is still a chain; a line that somebody took from its middle is missed."""
    with Ledger.open(own_workspace) as ledger:
        note(ledger, "a", "b", "c", "d")
        with ledger.database.write() as connection:
            change(connection, "DELETE FROM journal WHERE number < 2")

    assert edited(own_workspace, "SELECT 1") == []
    with pytest.raises(LedgerBehind, match="journal has 2, not 3"):
        edited(own_workspace, "DELETE FROM journal WHERE number = 3")


def test_a_ledger_of_the_first_release_is_migrated_and_keeps_what_it_knows(own_workspace: Workspace) -> None:
    """Its tables are as they were before the queue; forms, decisions and the old journal are still there."""
    own_workspace.memory.mkdir()
    with sqlite3.connect(own_workspace.memory / FILE) as old:
        for statement in database.migrations()[0][1]:
            old.execute(statement)
        line = ("a" * 64, "x.pdf", "2025-03-17", "recu", None, None, "", None, None, "x")
        old.execute("INSERT INTO form VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", line)
        old.execute("INSERT INTO journal VALUES (1, '2025-03-17T10:00:00+00:00', ?, 'received', '')", line[:1])
    old.close()

    with Ledger.open(own_workspace) as ledger:
        (entry,) = ledger.entries.all()
        assert (entry.form.name, entry.version) == ("x.pdf", 1)
        note(ledger, "b")
        assert list(ledger.faults()) == []
        assert [line.number for line in ledger.journal()] == [1, 2]


def test_a_ledger_of_a_later_release_is_not_touched(own_workspace: Workspace) -> None:
    """The operator is told to upgrade."""
    with Ledger.open(own_workspace):
        pass
    with sqlite3.connect(own_workspace.memory / FILE) as connection:
        connection.execute("INSERT INTO migration VALUES (9999)")
    connection.close()

    with pytest.raises(HouseError, match="newer liasse"), Ledger.open(own_workspace):
        pass


def test_a_locked_ledger_may_answer_later(own_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program holds the right to write: a passing trouble, which costs no form an attempt."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    with Ledger.open(own_workspace) as ledger:
        holder = sqlite3.connect(own_workspace.memory / FILE, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(Transient, match="locked"):
            note(ledger, "a")
        holder.execute("ROLLBACK")
        holder.close()
        note(ledger, "a")
        assert len(ledger.entries.all()) == 1
