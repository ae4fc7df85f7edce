"""What a sweep removes: what the dead left half written, never what a living process may still use."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import pytest

from pipeline.core.workspace import Workspace
from pipeline.storage.temporary import keep_temporary, own_temporary, sweep

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
