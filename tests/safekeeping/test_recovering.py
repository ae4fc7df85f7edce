"""A ledger that is lost, emptied, older or half, a spool or an outbox that is gone: refused, then taken up whole."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import people
import pytest
import siege
from crowd import Dropped, crowd
from siege import ROOT, drop, prepare, settle, start

from pipeline.core.errors import HouseError, LedgerBehind
from pipeline.core.settings import Retention
from pipeline.core.workspace import Workspace
from pipeline.ledger.admission import copy_faults
from pipeline.ledger.entries import State
from pipeline.ledger.sealed_rows import TABLES
from pipeline.ledger.store import FILE, Ledger
from pipeline.maintenance.doctor import Finding, Level, examine
from pipeline.maintenance.recovering import Became, recover
from pipeline.maintenance.retention import due

TODAY = ("--today", "2025-03-17")
BY = ("--by", "F. GARÇON")
_UNTOLD = {"job": {"token", "queued_at", "claimed_at", "not_before"}, "form": {"changed_at"}}


def liasse(workspace: Workspace, *words: str, die_at: str = "") -> subprocess.CompletedProcess[str]:
    """One command of liasse, killed at a point where one is named."""
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *words],
        cwd=workspace.root,
        env={**os.environ, "PYTHONPATH": str(ROOT), **({"LIASSE_DIE_AT": die_at} if die_at else {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def chosen(*states: State) -> list[Dropped]:
    """One form of the crowd for each of these ends."""
    left = list(crowd(ROOT, 40, seed=23))
    found = []
    for state in states:
        found.append(next(one for one in left if one.ends == {state}))
        left.remove(found[-1])
    return found


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace in which forms were delivered, wait and were sent back, and people decided; and its yesterday.

    Yesterday's ledger lies beside it, as a careless backup would have it.
    """
    workspace = prepare(tmp_path_factory.mktemp("lived") / "w")
    delivered, waiting, wrong, second = chosen(State.DELIVERED, State.WAITING, State.TO_COMPLETE, State.DELIVERED)
    for one in (delivered, waiting):
        drop(workspace, one)
    assert liasse(workspace, "run", *TODAY).returncode == 1
    keep_for_tomorrow(workspace)
    for one in (wrong, second):
        drop(workspace, one)
    assert liasse(workspace, "run", *TODAY).returncode == 1
    with Ledger.open(workspace) as ledger:
        (waits,) = ledger.entries.in_states(State.WAITING)
        (taken, _) = ledger.entries.in_states(State.DELIVERED)
    assert liasse(workspace, "approve", waits.form.id, *BY, *TODAY).returncode == 0
    assert liasse(workspace, "fetch", taken.form.id, *BY, *TODAY).returncode == 0
    return workspace


@pytest.fixture
def workspace(lived: Workspace, tmp_path: Path) -> Workspace:
    """A copy of it, to be damaged."""
    shutil.copytree(lived.root, tmp_path / "w", symlinks=True)
    return Workspace.at(tmp_path / "w")


def keep_for_tomorrow(workspace: Workspace) -> None:
    """The ledger of this moment beside the workspace, without the rest."""
    with (
        closing(sqlite3.connect(workspace.memory / FILE)) as ours,
        closing(sqlite3.connect(workspace.root / "yesterday.sqlite3")) as copy,
    ):
        ours.backup(copy)


def told(workspace: Workspace) -> dict[str, list[dict[str, Any]]]:
    """All that a ledger knows, but for tokens and moments of work."""
    found = {}
    with closing(sqlite3.connect(workspace.memory / FILE)) as ledger:
        ledger.row_factory = sqlite3.Row
        for table, names in TABLES.items():
            rows = ledger.execute(f"SELECT * FROM {table} ORDER BY {', '.join(names)}").fetchall()  # noqa: S608 -- ours
            found[table] = [
                {name: value for name, value in dict(one).items() if name not in _UNTOLD.get(table, set())}
                for one in rows
            ]
    return found


def ledger_files(workspace: Workspace) -> list[Path]:
    """The ledger, and what SQLite keeps beside it."""
    return list(workspace.memory.glob(f"{FILE}*"))


def lose(workspace: Workspace) -> None:
    """The file is gone."""
    for path in ledger_files(workspace):
        path.unlink()


def empty(workspace: Workspace) -> None:
    """It was made anew, without a row."""
    lose(workspace)
    other = workspace.root / "other"
    for name in ("templates", "schemas"):
        (other / name).mkdir(parents=True)
    with Ledger.open(Workspace.at(other)):
        pass
    shutil.copy(other / ".liasse" / FILE, workspace.memory / FILE)


def truncate(workspace: Workspace) -> None:
    """It has no byte any more."""
    lose(workspace)
    (workspace.memory / FILE).touch()


def yesterday(workspace: Workspace) -> None:
    """It is that of an earlier backup."""
    lose(workspace)
    shutil.copy(workspace.root / "yesterday.sqlite3", workspace.memory / FILE)


def edit(workspace: Workspace, *statements: str) -> None:
    """Statements that are none of liasse's."""
    with closing(sqlite3.connect(workspace.memory / FILE)) as ledger, ledger:
        for statement in statements:
            ledger.execute(statement)


def without_tables(workspace: Workspace) -> None:
    """Two tables were not restored."""
    edit(workspace, "DROP TABLE decision", "DROP TABLE packet")


def without_rows(workspace: Workspace) -> None:
    """Rows were not restored."""
    edit(workspace, "DELETE FROM decision", "DELETE FROM dossier_number WHERE number LIKE '%002'")


def damaged(workspace: Workspace) -> None:
    """Its bytes are no database any more."""
    lose(workspace)
    (workspace.memory / FILE).write_bytes(b"\0" * 40_000)


DAMAGES: list[Callable[[Workspace], None]] = [
    lose, empty, truncate, yesterday, without_tables, without_rows, damaged
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_it_is_refused_and_recovered_whole(workspace: Workspace, damage: Callable[[Workspace], None]) -> None:
    """Nothing is read of a ledger that lacks something; afterwards it knows every row that it knew."""
    before = told(workspace)
    damage(workspace)
    with pytest.raises(HouseError, match="liasse recover"), Ledger.open(workspace):
        pass

    done = list(recover(workspace, people.TODAY))

    assert {one.became for one in done} <= {Became.TAKEN, Became.REPLACED}
    assert told(workspace) == before
    with Ledger.open(workspace) as ledger:
        assert ledger.faults() == []
        assert list(copy_faults(ledger.database, workspace)) == []
    assert list(recover(workspace, people.TODAY)) == []


def test_every_command_refuses(workspace: Workspace) -> None:
    """No « Aucun formulaire. » and no purge beside forms that are only forgotten; the doctor says so too."""
    lose(workspace)
    files = sorted(path for path in (workspace.memory / "spool").rglob("*") if path.is_file())

    for words in (("status",), ("purge", "--today", "2031-01-01"), ("batch", "--dry-run")):
        refused = liasse(workspace, *words)
        assert (refused.returncode, "liasse recover" in refused.stderr) == (3, True), (words, refused)
        assert "Aucun formulaire" not in refused.stdout

    assert "liasse recover" in " ".join(one.said for one in _ledger_of(workspace))
    assert sorted(path for path in (workspace.memory / "spool").rglob("*") if path.is_file()) == files
    done = liasse(workspace, "recover", *TODAY)
    assert (done.returncode, "repris" in done.stdout) == (0, True), done
    again = liasse(workspace, "recover", *TODAY)
    assert (again.returncode, again.stdout) == (0, "Rien à reprendre : le registre connaît tout ce qui est là.\n")


def _ledger_of(workspace: Workspace) -> list[Finding]:
    """What the doctor says of the ledger."""
    return [one for one in examine(workspace) if one.what in ("ledger", "outbox", "spool") and one.level is Level.BAD]


@pytest.mark.parametrize("point", ["ledger-rebuilt", "ledger-replaced", "copy-prepared", "copy-committed"])
def test_killed_at_any_point_it_is_run_again(workspace: Workspace, point: str) -> None:
    """What was half done is neither believed nor lost."""
    before = told(workspace)
    damage = yesterday if point.startswith("ledger") else (lambda one: shutil.rmtree(one.memory / "spool"))
    damage(workspace)

    assert liasse(workspace, "recover", *TODAY, die_at=f"{point}:1").returncode == -9
    liasse(workspace, "recover", *TODAY)

    after = told(workspace)
    assert {table: after[table] for table in ("form", "decision", "packet", "numbering")} == {
        table: before[table] for table in ("form", "decision", "packet", "numbering")
    }
    with Ledger.open(workspace) as ledger:
        assert ledger.faults() == []


def test_a_lost_spool_is_taken_again_from_where_its_files_still_lie(workspace: Workspace) -> None:
    """The originals beside the inbox are the same bytes; what is nowhere is said."""
    shutil.rmtree(workspace.memory / "spool")
    with pytest.raises(LedgerBehind, match="gone from the spool"), Ledger.open(workspace):
        pass

    done = list(recover(workspace, people.TODAY))

    with Ledger.open(workspace) as ledger:
        for entry in ledger.entries.all():
            assert entry.form.path.is_file() or not entry.state.needs_its_file
    assert {one.became for one in done} == {Became.TAKEN}


def test_a_lost_outbox_is_made_again(workspace: Workspace) -> None:
    """Packets that nobody took have their very ids again; one that was taken is said to be gone."""
    before = {one["id"]: one["state"] for one in told(workspace)["packet"]}
    shutil.rmtree(workspace.outbox)
    workspace.outbox.mkdir()
    assert any("is gone" in one.said for one in _ledger_of(workspace))

    done = list(recover(workspace, people.TODAY))

    taken = [packet for packet, state in before.items() if state == "retiree"]
    assert [one.what.split(",")[0] for one in done if one.became is Became.NOT] == [
        f"liasse {packet[:8]}" for packet in taken
    ]
    liasse(workspace, "run", *TODAY)
    assert {one["id"]: one["state"] for one in told(workspace)["packet"]} == before
    made = {json.loads(path.read_bytes())["id"] for path in workspace.outbox.glob("*/*/*/manifest.json")}
    assert made == set(before) - set(taken)


def test_without_any_memory_the_outbox_still_tells(workspace: Workspace) -> None:
    """``.liasse`` is gone: packets keep their number, no number is given again, and what is lost is said."""
    before = {one["id"]: one for one in told(workspace)["packet"]}
    numbers = {one["number"] for one in told(workspace)["dossier_number"]}
    with Ledger.open(workspace) as ledger:
        homes = {line.id: ledger.entries.get(line.sha256).number for line in ledger.packets.all()}
    shutil.rmtree(workspace.memory)
    with pytest.raises(LedgerBehind), Ledger.open(workspace):
        pass

    done = list(recover(workspace, people.TODAY))

    assert [one.what for one in done if one.became is Became.NOT] == ["décisions et journal"]
    with Ledger.open(workspace) as ledger:
        assert {line.id: ledger.entries.get(line.sha256).number for line in ledger.packets.all()} == homes
        assert {line.id: (line.pages, line.signatures) for line in ledger.packets.all()} == {
            id_: (one["pages"], one["signatures"]) for id_, one in before.items()
        }
    (new,) = chosen(State.WAITING, State.WAITING)[1:]
    drop(workspace, new)
    liasse(workspace, "run", *TODAY)
    given = {one["number"] for one in told(workspace)["dossier_number"]} - set(homes.values())
    assert given
    assert not given & numbers


def test_what_is_unknown_is_never_purged(workspace: Workspace) -> None:
    """A file of the spool that the ledger does not know: refused, then a form; in no case the purge's."""
    data = b"%PDF-1.7 of an earlier life\n%%EOF\n"
    sha256 = hashlib.sha256(data).hexdigest()
    lying = workspace.memory / "spool" / sha256[:2] / sha256
    lying.parent.mkdir(exist_ok=True)
    lying.write_bytes(data)
    os.utime(lying, (0, 0))

    with pytest.raises(LedgerBehind, match=sha256[:8]), Ledger.open(workspace):
        pass
    with Ledger.open(workspace, recovering=True) as ledger:
        assert sha256[:8] not in {one.id for one in due(ledger, workspace, Retention(), dt.date(2031, 1, 1))}
    assert [one.became for one in recover(workspace, people.TODAY)] == [Became.TAKEN]
    with Ledger.open(workspace) as ledger:
        assert ledger.entries.get(sha256).state is State.RECEIVED


def test_a_decision_is_in_the_copy_when_and_only_when_it_was_taken(workspace: Workspace) -> None:
    """Killed between the commit and the copy, the next command brings it over; killed before, nothing tells it."""
    with Ledger.open(workspace) as ledger:
        (form,) = {one.form.id for one in ledger.entries.in_states(State.TO_COMPLETE)}
    assert liasse(workspace, "discard", form, *BY, "--reason", "essai", die_at="sealed:1").returncode == -9
    copy = workspace.memory / "spool" / "registre.jsonl"
    assert '"essai"' not in copy.read_text(encoding="utf-8").splitlines()[-1]

    with Ledger.open(workspace):
        pass

    assert '"essai"' in copy.read_text(encoding="utf-8")
    before = told(workspace)
    lose(workspace)
    list(recover(workspace, people.TODAY))
    assert told(workspace) == before


def test_every_table_is_copied_or_known_not_to_be(workspace: Workspace) -> None:
    """A table of a later migration does not stay out of the copy unseen."""
    with closing(sqlite3.connect(workspace.memory / FILE)) as ledger:
        tables = {name for (name,) in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables == set(TABLES) | {"migration", "copy_line", "reading"}


def lose_spool(workspace: Workspace) -> None:
    """What was received, and the sealed copy, are gone."""
    shutil.rmtree(workspace.memory / "spool")


@pytest.mark.parametrize(
    "damage", [lose, lose_spool, *(pytest.param(one, marks=pytest.mark.long) for one in DAMAGES[1:5])]
)
@pytest.mark.long
def test_under_load(tmp_path: Path, damage: Callable[[Workspace], None]) -> None:
    """A watcher and its worker go on meanwhile: they write nothing into what is not theirs, and nothing is lost."""
    workspace = prepare(tmp_path)
    files = chosen(State.DELIVERED, State.WAITING, State.DELIVERED, State.TO_COMPLETE)
    watcher = start(workspace, jobs=1)
    try:
        drop(workspace, files[0])
        _until(lambda: any(workspace.outbox.glob("*/*/*/manifest.json")))
        keep_for_tomorrow(workspace)
        for file in files[1:3]:
            drop(workspace, file)
        _until(lambda: len(list((workspace.inbox / ".traites").glob("*"))) == 3)
        damage(workspace)
        drop(workspace, files[3])
        _until(lambda: "liasse recover" in (workspace.root / "log.jsonl").read_text(encoding="utf-8"))
        with pytest.raises(LedgerBehind), Ledger.open(workspace):
            pass
    finally:
        watcher.terminate()
        watcher.wait(60)

    done = liasse(workspace, "recover", *TODAY)

    assert done.returncode == 0, done
    settle(workspace, patience=120)
    assert list(siege.faults(workspace, files)) == []


def test_an_outbox_lost_under_load_is_told_and_made_again(tmp_path: Path) -> None:
    """Packets to come go into a new folder; those that went with the old one are told, then made again."""
    workspace = prepare(tmp_path)
    files = chosen(State.DELIVERED, State.WAITING, State.DELIVERED, State.TO_COMPLETE)
    watcher = start(workspace, jobs=1)
    try:
        drop(workspace, files[0])
        _until(lambda: "Delivered" in (workspace.root / "log.jsonl").read_text(encoding="utf-8"))
        for file in files[1:3]:
            drop(workspace, file)
        shutil.rmtree(workspace.outbox)
        drop(workspace, files[3])
        _until(lambda: len(list((workspace.inbox / ".traites").glob("*"))) == 4)
    finally:
        watcher.terminate()
        watcher.wait(60)

    assert [one.what for one in _ledger_of(workspace)] == ["outbox"]
    done = liasse(workspace, "recover", *TODAY)

    assert done.returncode == 0, done
    settle(workspace, patience=120)
    assert list(siege.faults(workspace, files)) == []


def _until(what: Callable[[], bool], seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)
