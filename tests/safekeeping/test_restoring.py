"""A restore takes the place of no bytes, leads out of no folder, and works alone."""

from __future__ import annotations

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

import people
import pytest
from delivering import delivered, received
from siege import ROOT, prepare, start

from pipeline.core.errors import HouseError, NotAllowed, Transient
from pipeline.core.workspace import SCHOOL, Workspace
from pipeline.ledger.store import FILE, Ledger
from pipeline.maintenance.backup import CONTENTS, back_up
from pipeline.maintenance.recovering import recover
from pipeline.maintenance.restoring import restore
from pipeline.storage.turns import replacing

LONG = "é" * 125 + ".pdf"  # 254 bytes


@pytest.fixture
def saved(own_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a workspace with one form, whose inbox holds four files, one of them under no text."""
    with Ledger.open(own_workspace) as ledger:
        received(ledger, own_workspace, "a.pdf", people.coordination())
    for name in ("scan.pdf", "lundi/scan.pdf", LONG, os.fsdecode(b"\xe9t\xe9\\un.pdf")):
        path = own_workspace.inbox / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"A")
    (own_workspace.root / "liasse.toml").write_text("[file]\nessais = 4\n")
    return back_up(own_workspace, tmp_path_factory.mktemp("saved") / "day").place


def held(folder: Path) -> dict[str, bytes]:
    """The files of a folder, by their names in it, without what SQLite leaves beside a ledger that was looked at."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm")))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_what_waits_in_the_inbox_is_not_overwritten(own_workspace: Workspace, saved: Path) -> None:
    """What came since under a name stays under it; what was saved comes beside it, and the same bytes once."""
    inbox = own_workspace.inbox
    before = held(inbox)
    for name in ("scan.pdf", "lundi/scan.pdf", LONG):
        (inbox / name).write_bytes(b"B")
    (inbox / "lundi/scan (2).pdf").write_bytes(b"C")

    for _ in range(2):  # the second time there is nothing to add
        restore(saved, own_workspace.root, replace=True)
        now = held(inbox)
        assert now.pop("scan (2).pdf") == now.pop("lundi/scan (3).pdf") == b"A"
        assert now.pop("lundi/scan (2).pdf") == b"C"
        assert [now.pop(name) for name in ("scan.pdf", "lundi/scan.pdf", LONG)] == [b"B"] * 3
        assert sorted(now.values()) == [b"A", b"A"]
        assert any(name.endswith(" (2).pdf") and name.startswith("ééé") for name in now)
        assert set(now) & set(before) == {os.fsdecode(b"\xe9t\xe9\\un.pdf")}


def test_a_folder_and_a_link_in_the_inbox_are_not_replaced(
    own_workspace: Workspace, saved: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A file has the name of a folder that comes back, a folder that of a file; a link is not written through."""
    inbox, elsewhere = own_workspace.inbox, tmp_path_factory.mktemp("elsewhere")
    shutil.rmtree(inbox / "lundi")
    (inbox / "lundi").symlink_to(elsewhere)
    (inbox / "scan.pdf").unlink()
    (inbox / "scan.pdf").mkdir()
    (inbox / "scan.pdf" / "x.pdf").write_bytes(b"X")

    restore(saved, own_workspace.root, replace=True)

    assert list(elsewhere.iterdir()) == []
    assert (inbox / "lundi (2)" / "scan.pdf").read_bytes() == b"A"
    assert (inbox / "scan.pdf" / "x.pdf").read_bytes() == b"X"
    assert (inbox / "scan (2).pdf").read_bytes() == b"A"


def test_settings_that_are_there_are_kept_beside(
    saved: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a workspace that holds no form yet the school may have begun to set it up."""
    monkeypatch.delenv(SCHOOL)
    root = tmp_path_factory.mktemp("new")
    (root / "liasse.toml").write_text("mine")
    (root / "liasse.toml.avant").write_text("older")
    own = next(name for name in sorted(contents(saved)) if name.startswith("etablissement/"))
    (root / own).parent.mkdir(parents=True)
    (root / own).write_text("mine too")

    restore(saved, root, replace=False)

    assert (root / "liasse.toml").read_text() == "[file]\nessais = 4\n"
    assert (root / "liasse.toml.avant-2").read_text() == "mine"
    assert (root / "liasse.toml.avant").read_text() == "older"
    assert (root / own).read_bytes() == (saved / own).read_bytes()
    assert (root / f"{own}.avant").read_text() == "mine too"


def contents(saved: Path) -> dict[str, dict[str, object]]:
    """What a backup says that it holds."""
    found: dict[str, dict[str, object]] = json.loads((saved / CONTENTS).read_bytes())["fichiers"]
    return found


def claim(saved: Path, name: str, data: bytes = b"evil", **said: object) -> None:
    """Have a backup say that it holds one file more."""
    told = json.loads((saved / CONTENTS).read_bytes())
    told["fichiers"][name] = {"sha256": hashlib.sha256(data).hexdigest(), "octets": len(data), **said}
    (saved / CONTENTS).write_text(json.dumps(told))


def refused(saved: Path, tmp_path_factory: pytest.TempPathFactory, match: str) -> None:
    """The backup is refused with these words; nothing is written, inside or beside."""
    place = tmp_path_factory.mktemp("target")
    root = place / "w" / "w"
    with pytest.raises(HouseError, match=match):
        restore(saved, root, replace=True)
    assert list(place.iterdir()) == []


OUTSIDE = (
    "../../home/.ssh/authorized_keys",
    "inbox/../../out",
    "inbox/..",
    "/srv/out",
    "//out",
    "inbox//x",
    "./inbox/x",
    "inbox/./x",
    "inbox/",
    "inbox",
    "",
    "inbox/a\0b",
    "inbox/\ud800",
    "..\\out",
    "inbox\\out",
    "inbox/..\\..\\out",
    "C:\\out",
    "out",
    ".bashrc",
    ".liasse/ledger.sqlite3-wal",
    ".liasse/ledger.sqlite3-journal",
    ".liasse/room.lock",
    ".liasse/spool/registre.suite",
    ".liasse/spool/aa/short",
    ".liasse/travail/x",
    ".liasse/editions",
    ".restauration/pret.json",
    "pret.json",
    ".avant-restauration-1/x",
    "liasse.toml/x",
)


def test_a_name_that_liasse_saves_not_refuses_the_backup(
    saved: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Out of the folder, of another system, no name at all, or of what is never saved."""
    whole = (saved / CONTENTS).read_bytes()
    for name in OUTSIDE:
        (saved / CONTENTS).write_bytes(whole)
        claim(saved, name)
        refused(saved, tmp_path_factory, "refused, nothing was restored: «")


def link_file(saved: Path, elsewhere: Path) -> None:
    """A file of the backup is a link to one elsewhere with the same bytes."""
    shutil.copy(saved / "inbox/scan.pdf", elsewhere / "scan.pdf")
    (saved / "inbox/scan.pdf").unlink()
    (saved / "inbox/scan.pdf").symlink_to(elsewhere / "scan.pdf")


def link_folder(saved: Path, elsewhere: Path) -> None:
    """A folder of the backup is a link to one elsewhere with the same files."""
    shutil.move(saved / "inbox/lundi", elsewhere / "lundi")
    (saved / "inbox/lundi").symlink_to(elsewhere / "lundi")


def pipe(saved: Path, _elsewhere: Path) -> None:
    """A file of the backup is a pipe, in which nothing ever comes."""
    (saved / "inbox/scan.pdf").unlink()
    os.mkfifo(saved / "inbox/scan.pdf")


def both(saved: Path, _elsewhere: Path) -> None:
    """A name is a file and a folder."""
    claim(saved, "inbox/lundi")


def no_hash(saved: Path, _elsewhere: Path) -> None:
    """A file has no hash that could be held against it."""
    claim(saved, "inbox/scan.pdf", sha256=7)


def no_size(saved: Path, _elsewhere: Path) -> None:
    """A file has no size."""
    claim(saved, "inbox/scan.pdf", octets="many")


@pytest.mark.parametrize("craft", [link_file, link_folder, pipe, both, no_hash, no_size])
def test_what_is_no_file_of_a_backup_refuses_it(
    saved: Path, tmp_path_factory: pytest.TempPathFactory, craft: Callable[[Path, Path], None]
) -> None:
    """Links, pipes, what cannot be held against anything: the entry is named."""
    craft(saved, tmp_path_factory.mktemp("elsewhere"))
    refused(saved, tmp_path_factory, "refused, nothing was restored: « inbox/(scan.pdf|lundi)")


def test_contents_that_are_none_are_no_whole_backup(saved: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Said as such, whatever stands there; also of a backup without a ledger."""
    files = ('{"version": 1, "fichiers": []}', '{"version": 1, "fichiers": {}}')
    for said in ("[]", "{", "[" * 100_000, *files):
        (saved / CONTENTS).write_text(said)
        refused(saved, tmp_path_factory, "is no whole backup")


def test_a_ledger_that_names_what_lies_outside_is_refused(own_workspace: Workspace, tmp_path: Path) -> None:
    """What a purge would remove one day is held to the outbox too; the workspace stays as it was."""
    with Ledger.open(own_workspace) as ledger:
        form = received(ledger, own_workspace, "a.pdf", people.coordination())
        delivered(ledger, own_workspace, form, "f/2025/a")
    saved = back_up(own_workspace, tmp_path.parent / f"{tmp_path.name}-saved").place
    crafted = saved / ".liasse" / FILE
    for folder in ("../../home", "/home", "f/../../.."):
        with closing(sqlite3.connect(crafted)) as ledger, ledger:
            ledger.execute("UPDATE packet SET folder = ?", (folder,))
        claim(saved, f".liasse/{FILE}", crafted.read_bytes())
        before = held(own_workspace.root)

        with pytest.raises(HouseError, match=f"it names « {folder} »"):
            restore(saved, own_workspace.root, replace=True)

        assert held(own_workspace.root) == before


def liasse(*words: str) -> subprocess.CompletedProcess[str]:
    """One command of liasse."""
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_beside_an_idle_watcher_nothing_is_restored_nor_recovered(tmp_path: Path) -> None:
    """It is told who works there and what to do; once the service is stopped, the same commands do it."""
    workspace = prepare(tmp_path / "w")
    saved = back_up(workspace, tmp_path / "saved").place
    watcher = start(workspace, jobs=1)
    restoring = ("restore", str(saved), "--replace", "--workspace", str(workspace.root))
    recovering = ("recover", "--workspace", str(workspace.root))
    end = time.monotonic() + 120
    try:
        while not list(workspace.memory.glob(f"travail/.tmp-*_{watcher.pid}_*")):  # it has come up
            assert time.monotonic() < end
            time.sleep(0.1)
        told = [liasse(*restoring), liasse(*recovering)]
    finally:
        watcher.terminate()
        watcher.wait(60)

    assert [one.returncode for one in told] == [2, 2]
    for one in told:
        assert f"liasse watch (process {watcher.pid})" in one.stderr
        assert "stop the service" in one.stderr
    assert not list(workspace.root.glob(".[ar]*"))
    assert [liasse(*words).returncode for words in (restoring, recovering)] == [0, 0]


def test_nothing_begins_to_work_in_what_is_being_restored(own_workspace: Workspace, saved: Path) -> None:
    """Another process is told to wait; a ledger that is open here keeps a restore and a recovery out."""
    with replacing(own_workspace.root):
        done = liasse("status", "--workspace", str(own_workspace.root))
        backup = liasse("backup", f"{saved}-2", "--workspace", str(own_workspace.root))
    with Ledger.open(own_workspace):
        with pytest.raises(NotAllowed, match="is in use"):
            restore(saved, own_workspace.root, replace=True)
        with pytest.raises(NotAllowed, match="is in use"):
            list(recover(own_workspace, people.TODAY))

    for one in (done, backup):
        assert "is being restored or recovered" in one.stderr
        assert one.returncode == Transient("").exit_code


def test_a_backup_leaves_what_is_others_beside_it(
    own_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Only what a backup of liasse left that was killed is swept, whatever else is called « .tmp- », however old."""
    beside = tmp_path_factory.mktemp("disk")
    dead = subprocess.run(
        [sys.executable, "-c", "from pipeline.storage.temporary import own_prefix; print(own_prefix(), end='')"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    theirs = [".tmp-", ".tmp-photos", ".tmp-a_b_1_2", ".tmp-rsync_x-sauvegarde", f"{dead}letters", f"{dead}x"]
    for name in (*theirs, f"{dead}sauvegarde"):
        (beside / name).mkdir()
        (beside / name / "x").write_bytes(b"x")
        os.utime(beside / name, (0, 0))

    back_up(own_workspace, beside / "day")

    assert {one.name for one in beside.iterdir()} == {*theirs, "day"}
