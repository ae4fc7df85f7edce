"""What a sweep removes: what the dead left half written, never what a living process may still use."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import people
import pytest
from delivering import received

from pipeline.core.workspace import SCHOOL, Workspace
from pipeline.ledger.store import FILE, Ledger
from pipeline.maintenance.recovering import recover
from pipeline.storage.processes import this_process
from pipeline.storage.temporary import is_temporary, keep_temporary, own_prefix, own_temporary, sweep

DAYS = 3 * 86_400.0


def aged(place: Path) -> Path:
    """The place as if nothing had happened in it since three days ago."""
    os.utime(place, (time.time() - DAYS, time.time() - DAYS))
    return place


def test_the_place_of_a_worker_that_had_nothing_to_do_is_left_to_it(own_workspace: Workspace) -> None:
    """After a long weekend another command sweeps: the worker still finds where to write."""
    with own_temporary(own_workspace):
        aged(Path(tempfile.gettempdir()))
        assert sweep(own_workspace) == 0
        with tempfile.TemporaryFile():
            pass


def test_a_process_of_another_machine_keeps_its_place_by_using_it(
    own_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody here can see that it lives; what it has not touched for a day is swept."""
    with monkeypatch.context() as there:
        there.setattr("pipeline.storage.processes.socket.gethostname", lambda: "ailleurs")
        with own_temporary(own_workspace):
            place = aged(Path(tempfile.gettempdir()))
            keep_temporary()
            there.undo()
            assert sweep(own_workspace) == 0
            aged(place)
            assert sweep(own_workspace) == 1


def test_what_was_left_of_a_file_that_was_kept_is_swept_wherever_it_lay(
    own_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that was received or joined, its clean copy, a setting of the school: what the dead began goes.

    What the living write stays, and what has its name.
    """
    monkeypatch.delenv(SCHOOL)
    dead = own_prefix().replace(this_process().replace(" ", "_"), "ici_boot_999999999_1")
    places = [own_workspace.memory / "spool", own_workspace.joined, own_workspace.school]
    left = [folder / f"{dead}abc" for place in places for folder in (place, place / "ab")]
    kept = [own_workspace.joined / "ab" / name for name in (f"{own_prefix()}abc", "ab" * 32)]
    for path in (*left, *kept):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%PDF- half")
        aged(path)

    assert sweep(own_workspace) == len(left)
    assert [path for path in left if path.exists()] == []
    assert [path.exists() for path in kept] == [True, True]


# What each maker of temporary names puts after the prefix.
MAKERS = {
    "storage/temporary.py": ("ab_c1d2x",),
    "storage/aside_place.py": ("proprietaire",),
    "storage/spool.py": ("ab_c1d2x", "ab_c1d2x_old", "rapport-1-2.json", "-", "a\nb-c_d_3_4-e"),
    "maintenance/backup.py": ("sauvegarde",),
    "maintenance/doctor.py": ("ab_c1d2x",),
    "storage/archive_zip.py": ("archive.zip",),
    "maintenance/recovering.py": tuple(f"registre{end}" for end in ("", "-wal", "-shm", "-journal")),
}


def test_every_temporary_name_of_the_dead_is_swept_at_once(own_workspace: Workspace) -> None:
    """Whoever makes it, with whatever SQLite puts beside it, and when any command opens the ledger."""
    pipeline = Path(inspect.getfile(sweep)).parent.parent
    using = {
        str(path.relative_to(pipeline))
        for path in pipeline.rglob("*.py")
        if "own_prefix()" in path.read_text("utf-8")
    }
    assert using == set(MAKERS), "say here what the new maker puts after the prefix"
    script = "from pipeline.storage.temporary import own_prefix; print(own_prefix(), end='')"
    dead = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=pipeline.parent
    ).stdout
    names = {name for of_one in MAKERS.values() for name in of_one}
    own_workspace.memory.mkdir()
    left = [own_workspace.memory / f"{dead}{name}" for name in names]
    kept = [
        own_workspace.memory / name for name in (*(f"{own_prefix()}{name}" for name in names), ".tmp-x", ".tmp-a-b")
    ]
    for path in (*left, *kept):
        path.write_bytes(b"MARTIN")
        aged(path)
    assert all(is_temporary(path) for path in (*left, *kept[:-2]))

    with Ledger.open(own_workspace):
        pass

    assert [path for path in left if path.exists()] == []
    assert [path for path in kept if not path.exists()] == []


def test_what_a_killed_recovery_left_is_gone_when_it_is_run_again(own_workspace: Workspace) -> None:
    """The ledger that was being made, and what SQLite kept beside it: they hold names."""
    with Ledger.open(own_workspace) as ledger:
        received(ledger, own_workspace, "a.pdf", people.coordination())
    for path in own_workspace.memory.glob(f"{FILE}*"):
        path.unlink()
    root = Path(inspect.getfile(sweep)).parent.parent.parent
    command = [sys.executable, "-m", "pipeline", "recover", "--workspace", str(own_workspace.root)]
    environment = {**os.environ, "PYTHONPATH": str(root), "LIASSE_DIE_AT": "ledger-rebuilt:1"}
    assert subprocess.run(command, check=False, env=environment).returncode == -9
    (made,) = own_workspace.memory.glob(".tmp-*-registre")
    for end in ("-wal", "-shm"):  # as SQLite leaves them where it is killed a little earlier
        made.with_name(made.name + end).write_bytes(b"MARTIN")

    list(recover(own_workspace, people.TODAY))

    assert list(own_workspace.memory.glob(".tmp-*")) == []
