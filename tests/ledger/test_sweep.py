"""What a sweep removes: what the dead left half written, never what a living process may still use."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import pytest

from pipeline.core.workspace import SCHOOL, Workspace
from pipeline.storage.processes import this_process
from pipeline.storage.temporary import keep_temporary, own_prefix, own_temporary, sweep

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
