"""Power fails at any point of a run: nothing is lost, half visible or done twice; ``make power`` tries many more."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Container, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from power.measure import memory, recorded, tried
from power.model import FileSystem
from power.operations import Names, Sync
from power.recovery import Result
from power.replay import Bench

pytestmark = pytest.mark.sampled(2)

Steps = tuple[Bench, Result, Path]
NOTHING = Sync(-1, 0)  # a cut, at which nothing has to be on the disk


@pytest.fixture(scope="module")
def steps() -> Iterator[Steps]:
    """Every durable step of the house, recorded."""
    strace = shutil.which("strace")
    if not strace or subprocess.run([strace, "-o", "/dev/null", "true"], check=False).returncode:
        pytest.skip("strace is not there, or may not trace on this machine")
    with tempfile.TemporaryDirectory(prefix="liasse-power-", dir=memory()) as folder:
        yield *recorded("steps", Path(folder)), Path(folder)


@pytest.mark.parametrize("system", FileSystem)
def test_every_form_outlives_a_power_cut(steps: Steps, system: FileSystem) -> None:
    """A sample of the states: each is recovered from, and one in eight is brought to the end of a quiet run."""
    bench, quiet, place = steps

    found = tried(bench, quiet, system, place, most=3, every=8, share=(0, 4))

    assert found.checked > 50
    assert found.finished > 5
    assert found.faults == {}


@pytest.mark.parametrize("which", ["files", "folders"])
def test_without_syncs_faults_are_found(steps: Steps, which: str) -> None:
    """The same run, had it never asked for our files, or for folders, to be on the disk: the trial sees it."""
    bench, quiet, place = steps
    after = bench.recording.after
    kept = {*after.names, *_ledgers(bench)} if which == "files" else after.data

    found = tried(_with_syncs(bench, kept), quiet, FileSystem.WEAK, place, most=2, every=1000, share=(0, 5))

    assert found.faults.total() > 1


def _ledgers(bench: Bench) -> set[int]:
    """The files that SQLite asks to be on the disk."""
    made = (change for one in bench.recording.operations if isinstance(one, Names) for change in one.changes)
    return {number for _, name, number in made if number is not None and name.startswith("ledger.")}


def _with_syncs(bench: Bench, kept: Container[int]) -> Bench:
    """The bench of a run that synced only these; power fails where it did."""
    operations = tuple(
        one if not isinstance(one, Sync) or one.file in kept else NOTHING for one in bench.recording.operations
    )
    return replace(bench, recording=replace(bench.recording, operations=operations))
