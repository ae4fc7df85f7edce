"""Power fails at any point of a run: nothing is lost, half visible or done twice; ``make power`` tries many more."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from power.measure import Tried, memory, recorded, tried
from power.model import FileSystem
from power.operations import Operation, Sync
from power.recovery import Result
from power.replay import Bench

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

    found = tried(bench, quiet, system, place, most=3, every=8, share=(0, 3))

    assert found.checked > 60
    assert found.finished > 7
    assert found.faults == {}


@pytest.mark.parametrize("which", ["data", "names"], ids=["files", "folders"])
def test_without_syncs_faults_are_found(steps: Steps, which: str) -> None:
    """The same run, had it never asked for its files or folders to be on the disk: the trial sees it."""
    bench, quiet, place = steps
    kept = getattr(bench.recording.after, "names" if which == "data" else "data")

    found = _tried_with(bench, quiet, place, lambda one: one if one.file in kept else NOTHING)

    assert found.faults.total() > 5
    assert any("half visible" in fault or "not in the outbox" in fault for fault in found.faults)


def _tried_with(bench: Bench, quiet: Result, place: Path, changed: Callable[[Sync], Sync]) -> Tried:
    operations: tuple[Operation, ...] = tuple(
        changed(one) if isinstance(one, Sync) else one for one in bench.recording.operations
    )
    other = replace(bench, recording=replace(bench.recording, operations=operations))
    return tried(other, quiet, FileSystem.WEAK, place, most=2, every=1000, share=(0, 6))
