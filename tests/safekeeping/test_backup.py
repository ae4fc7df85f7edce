"""A backup is made while workers run, holds one moment whole, and becomes a workspace again that runs on."""

from __future__ import annotations

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

import people
import pytest
import siege
from crowd import crowd
from delivering import delivered, received
from siege import ROOT, drop, prepare, settle, start

from pipeline.core.errors import HouseError, NotAllowed
from pipeline.core.workspace import Workspace
from pipeline.ledger.entries import State
from pipeline.ledger.packet_store import PacketState
from pipeline.ledger.store import FILE, Ledger
from pipeline.maintenance.backup import CONTENTS, back_up
from pipeline.maintenance.restoring import restore


@pytest.fixture
def full(own_workspace: Workspace) -> Workspace:
    """A workspace with a packet that was taken, a form that waits to be walked, and a file in the inbox."""
    with Ledger.open(own_workspace) as ledger:
        first = received(ledger, own_workspace, "a.pdf", people.coordination())
        packet = delivered(ledger, own_workspace, first, "f/2025/a")
        ledger.packets.lock(packet, PacketState.FETCHED, "A")
        received(ledger, own_workspace, "b.pdf")
    (own_workspace.inbox / "c.pdf").write_bytes(b"%PDF-1.7 still to come")
    (own_workspace.root / "liasse.toml").write_text("[file]\nessais = 4\n")
    return own_workspace


def known(workspace: Workspace) -> list[tuple[object, ...]]:
    """What the ledger says of forms and packets."""
    with Ledger.open(workspace) as ledger:
        assert ledger.faults() == []
        forms = [(one.form.sha256, one.state, one.number, one.packet) for one in ledger.entries.all()]
        return [*forms, *((line.id, line.state, line.locked_by) for line in ledger.packets.all())]


def test_what_is_restored_is_what_was_saved(full: Workspace, tmp_path: Path) -> None:
    """Ledger, received files, packets, settings and what waits in the inbox; nobody has a form in hand there."""
    with Ledger.open(full) as ledger:
        claim = ledger.jobs.claim(lease=600)
        assert claim is not None
    before = known(full)

    made = back_up(full, tmp_path.parent / f"{tmp_path.name}-saved")
    root = tmp_path.parent / f"{tmp_path.name}-again"
    root.mkdir()
    done = restore(made.place, root, replace=False)

    again = Workspace.at(root)
    assert (made.damaged, done.differing, done.forms) == ((), (), 2)
    assert known(again) == before
    assert (again.inbox / "c.pdf").read_bytes() == b"%PDF-1.7 still to come"
    assert (again.root / "liasse.toml").read_text() == "[file]\nessais = 4\n"
    assert (again.outbox / "f/2025/a/manifest.json").is_file()
    assert again.memory.stat().st_mode & 0o077 == 0
    with Ledger.open(again) as ledger:
        new = ledger.jobs.claim(lease=60)
        assert new is not None
        assert (new.sha256, new.attempt) == (claim.sha256, 1)
        assert new.token > claim.token
    assert not again.restoring.exists()


@pytest.mark.parametrize("place", ["inside", "workspace", "held", "backup"])
def test_a_place_that_will_not_do_is_refused(full: Workspace, tmp_path: Path, place: str) -> None:
    """In the workspace itself, a workspace, a folder that holds something, another backup: nothing is written."""
    beside = tmp_path.parent / f"{tmp_path.name}-{place}"
    if place == "inside":
        beside = full.root / "saved"
    elif place == "workspace":
        (beside / "templates").mkdir(parents=True)
    elif place == "held":
        beside.mkdir()
        (beside / "letter.txt").write_text("mine")
    else:
        back_up(full, beside)
    before = sorted(beside.rglob("*"))

    with pytest.raises(NotAllowed):
        back_up(full, beside)

    assert sorted(beside.rglob("*")) == before


def test_a_workspace_that_holds_something_is_only_replaced_when_told(full: Workspace, tmp_path: Path) -> None:
    """Then it is moved aside whole, what came since is said, no number that it gave is given again."""
    made = back_up(full, tmp_path.parent / f"{tmp_path.name}-saved")
    with Ledger.open(full) as ledger:
        later = received(ledger, full, "d.pdf")
        number = ledger.entries.get(later.sha256).number
    with pytest.raises(NotAllowed, match="--replace"):
        restore(made.place, full.root, replace=False)

    done = restore(made.place, full.root, replace=True)

    assert done.aside is not None
    assert (done.aside / ".liasse" / "spool" / later.sha256[:2] / later.sha256).is_file()
    assert done.since == 1
    assert (full.inbox / "c.pdf").is_file()
    with Ledger.open(full) as ledger:
        assert later.sha256 not in {one.form.sha256 for one in ledger.entries.all()}
        new = received(ledger, full, "e.pdf")
        assert ledger.entries.get(new.sha256).number > number


def test_a_damaged_backup_restores_nothing(full: Workspace, tmp_path: Path) -> None:
    """One byte that is not as it was written: the workspace stays as it was."""
    made = back_up(full, tmp_path.parent / f"{tmp_path.name}-saved")
    (spooled,) = list((made.place / ".liasse" / "spool").glob("??/*"))[:1]
    spooled.write_bytes(spooled.read_bytes() + b"x")
    root = tmp_path.parent / f"{tmp_path.name}-again"
    root.mkdir()

    with pytest.raises(HouseError, match="is damaged, nothing was restored"):
        restore(made.place, root, replace=False)

    assert list(root.iterdir()) == []


def test_a_file_that_was_lost_before_is_named(full: Workspace, tmp_path: Path) -> None:
    """The backup has all the rest, and says what it has not."""
    with Ledger.open(full) as ledger:
        (entry,) = ledger.entries.in_states(State.RECEIVED)
    entry.form.path.write_bytes(b"rotten")

    made = back_up(full, tmp_path.parent / f"{tmp_path.name}-saved")

    assert [name for name in made.damaged if entry.form.sha256 in name] == list(made.damaged) != []
    assert json.loads((made.place / CONTENTS).read_bytes())["abimes"] == list(made.damaged)


@pytest.mark.parametrize("point", ["backup-written", "restore-laid", "restore-ready", "restore-moved"])
def test_killed_it_is_run_again(full: Workspace, tmp_path: Path, point: str) -> None:
    """No half backup has its name; no half restored workspace opens; the same command goes on."""
    before = known(full)
    place, root = (tmp_path.parent / f"{tmp_path.name}-{name}" for name in ("saved", "again"))
    for name in ("templates", "schemas"):
        shutil.copytree(ROOT / name, root / name)
    saving = ("backup", str(place), "--workspace", str(full.root))
    restoring = ("restore", str(place), "--workspace", str(root))
    if point == "backup-written":
        assert liasse(*saving, die_at=point) == -9
        assert not place.exists()
    assert liasse(*saving) == 0
    if point.startswith("restore"):
        assert liasse(*restoring, die_at=point) == -9
        if point != "restore-laid":
            with pytest.raises(HouseError, match="stopped half way"), Ledger.open(Workspace.at(root)):
                pass

    assert liasse(*restoring) == 0

    assert known(Workspace.at(root)) == before


def liasse(*words: str, die_at: str = "") -> int:
    """The exit code of one command, killed at a point where one is named."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **({"LIASSE_DIE_AT": f"{die_at}:1"} if die_at else {})}
    command = [sys.executable, "-m", "pipeline", *words]
    return subprocess.run(command, env=environment, capture_output=True, check=False, timeout=120).returncode


def test_backups_under_load_are_each_one_moment(tmp_path: Path) -> None:
    """A watcher delivers meanwhile: every backup opens, and the last one restored delivers what was left."""
    workspace = prepare(tmp_path / "w")
    files = [one for one in crowd(ROOT, 30, seed=31) if one.ends == {State.DELIVERED}][:3]
    watcher = start(workspace, jobs=1)
    places = []
    try:
        for number, file in enumerate(files):
            drop(workspace, file)
            _until(lambda: number < len(list((workspace.inbox / ".traites").glob("*"))))  # noqa: B023 -- at once
            places.append(tmp_path / f"saved-{number}")
            back_up(workspace, places[-1])
    finally:
        watcher.terminate()
        watcher.wait(60)

    for place in places:
        with closing(sqlite3.connect(place / ".liasse" / FILE)) as ledger:
            assert ledger.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        root = place.with_name(f"{place.name}-again")
        root.mkdir()
        restore(place, root, replace=False)
    again = Workspace.at(root)
    settle(again, patience=120)
    assert list(siege.faults(again, files)) == []


def _until(what: Callable[[], bool], seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)
