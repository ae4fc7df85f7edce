"""Odd days of safe keeping: a broken copy, names that are no text, a restore left half way, folders of the inbox."""

from __future__ import annotations

import datetime as dt
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import people
import pytest
from delivering import received

from pipeline.core.errors import HouseError
from pipeline.core.outcomes import Closed
from pipeline.core.settings import Queue
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context
from pipeline.ledger.admission import copy_faults, require_whole
from pipeline.ledger.database import change
from pipeline.ledger.store import FILE, Ledger
from pipeline.maintenance.backup import back_up
from pipeline.maintenance.recovering import ASIDE_LEDGER, Became, recover
from pipeline.maintenance.restoring import restore
from pipeline.runs import once
from pipeline.services import handling
from pipeline.storage.aside import ASIDE
from pipeline.storage.journal_copy import FILE as COPY

DAY = dt.date(2025, 3, 17)


def with_forms(workspace: Workspace) -> None:
    """Forms are received, in transactions of their own."""
    with Ledger.open(workspace) as ledger:
        for name in ("un.pdf", "deux.pdf", "trois.pdf", "quatre.pdf"):
            received(ledger, workspace, name, people.coordination())


def faults(workspace: Workspace) -> list[str]:
    """What is wrong between the ledger and its copy."""
    with Ledger.open(workspace, recovering=True) as ledger:
        return list(copy_faults(ledger.database, workspace))


def broken(workspace: Workspace) -> Path:
    """The copy, one letter of a line of which was changed."""
    path = workspace.memory / "spool" / COPY
    lines = path.read_bytes().splitlines(keepends=True)
    middle = 1
    lines[middle] = lines[middle].replace(b"e", b"a", 1)
    path.write_bytes(b"".join(lines))
    return path


def test_a_broken_copy_beside_a_good_ledger_is_written_anew(own_workspace: Workspace) -> None:
    """What the doctor says of it is mended by the command that it names; the second time there is nothing to do."""
    with_forms(own_workspace)
    broken(own_workspace)
    assert faults(own_workspace)

    told = list(recover(own_workspace, DAY))

    assert any("rompue" in one.said for one in told)
    assert faults(own_workspace) == []
    assert list(recover(own_workspace, DAY)) == []


def test_a_broken_copy_and_no_ledger_end_in_a_workspace_that_opens(own_workspace: Workspace) -> None:
    """What the chain proves is taken up, the rest is said; what is received next is kept."""
    with_forms(own_workspace)
    broken(own_workspace)
    for path in own_workspace.memory.glob(f"{FILE}*"):
        path.unlink()

    told = list(recover(own_workspace, DAY))

    assert any(one.became is Became.NOT for one in told)
    assert faults(own_workspace) == []
    with Ledger.open(own_workspace) as ledger:
        assert ledger.faults() == []
        received(ledger, own_workspace, "apres.pdf", people.coordination())
    assert list(recover(own_workspace, DAY)) == []


def test_a_name_that_is_no_text_stops_no_recovery(own_workspace: Workspace) -> None:
    """A file dropped by a machine of another age: taken up under a name that can be shown."""
    with_forms(own_workspace)
    with Ledger.open(own_workspace) as ledger:
        lost = [one.form for one in ledger.entries.all()]
    place = own_workspace.inbox / ASIDE
    place.mkdir(exist_ok=True)
    for form in lost:
        (place / os.fsdecode(form.id.encode() + b"-\xe9t\xe9.pdf")).write_bytes(form.path.read_bytes())
    for path in (*own_workspace.memory.glob(f"{FILE}*"), own_workspace.memory / "spool" / COPY):
        path.unlink()

    list(recover(own_workspace, DAY))

    with Ledger.open(own_workspace) as ledger:
        assert {one.form.name for one in ledger.entries.all()} == {"\ufffdt\ufffd.pdf"}


def test_nothing_is_recovered_within_a_restore_left_half_way(own_workspace: Workspace) -> None:
    """It is to be run again first: said by recover and by who only looks; nothing is written meanwhile."""
    with_forms(own_workspace)
    own_workspace.restoring.mkdir()
    copy = own_workspace.memory / "spool" / COPY
    before = copy.read_bytes()
    for look in (lambda: list(recover(own_workspace, DAY)), lambda: require_whole(own_workspace)):
        with pytest.raises(HouseError, match="stopped half way"):
            look()
    assert copy.read_bytes() == before


def test_ledgers_set_aside_keep_their_names(own_workspace: Workspace) -> None:
    """The operator deletes the first of two: the third takes its place, and not that of the second."""
    with_forms(own_workspace)
    (own_workspace.memory / f"{ASIDE_LEDGER}-2.sqlite3").write_bytes(b"deux")
    (own_workspace.memory / FILE).write_bytes(b"no ledger")

    list(recover(own_workspace, DAY))

    assert (own_workspace.memory / f"{ASIDE_LEDGER}-2.sqlite3").read_bytes() == b"deux"
    assert (own_workspace.memory / f"{ASIDE_LEDGER}-1.sqlite3").read_bytes() == b"no ledger"


@pytest.mark.usefixtures("lax_umask")
def test_a_backup_holds_what_waits_below_the_inbox_and_is_closed(
    own_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Forms in folders of the inbox come back too; nobody else enters a backup, nor what is made of it."""
    with_forms(own_workspace)
    waiting = own_workspace.inbox / "lundi" / "x.pdf"
    waiting.parent.mkdir()
    waiting.write_bytes(b"%PDF-1.4 x")
    made = back_up(own_workspace, tmp_path_factory.mktemp("copie") / "jour")
    target = tmp_path_factory.mktemp("autre")
    restore(made.place, target, replace=False)

    assert (target / "inbox" / "lundi" / "x.pdf").read_bytes() == b"%PDF-1.4 x"
    for top in (made.place, target / ".liasse"):
        open_to_others = [path for path in (top, *top.rglob("*")) if stat.S_IMODE(path.stat().st_mode) & 0o077]
        assert open_to_others == []


@pytest.fixture
def lax_umask() -> Iterator[None]:
    """An account that leaves its files open."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_a_form_put_away_so_long_ago_that_its_journal_is_purged(context: Context) -> None:
    """The same file again: it is said to be put away, without who and when; the others are walked."""
    form = received(context.ledger, context.workspace, "un.pdf", people.coordination())
    handling.discard(context, form.id, by="F. GARÇON", reason="doublon")
    with context.ledger.database.write() as connection:
        change(connection, "DELETE FROM journal WHERE event = 'ecarte'")

    ended = once.go_on(context.ledger.entries.get(form.sha256), context).outcome

    assert isinstance(ended, Closed)
    assert ended.told.startswith("écarté : doublon")
    assert handling.discard(context, form.id, by="A. DUBOIS", reason="doublon").already == "déjà écarté"


def test_a_fault_of_ours_waits_whatever_the_attempts() -> None:
    """One attempt and no more: what is counted goes to quarantine at once, what is not is no hot loop."""
    queue = Queue(essais=1)
    assert queue.pause(1) == 0.0
    assert queue.pause(0) >= queue.attente / 2
