"""The machine dies, freezes, or fills up, and nothing is lost; ``make chaos`` does the same for long.

Real processes are killed with -9, in a workspace of their own.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import siege
from crowd import crowd
from load import PRINT, readings
from siege import ROOT, Dropped, drop, faults, prepare, settle, start

from pipeline.core.workspace import Workspace
from pipeline.ledger.entries import State
from pipeline.ledger.store import Ledger
from pipeline.storage.kill_points import POINTS

HERE = Path(__file__).parent


def forms(count: int, *, seed: int, state: State | None = None) -> list[Dropped]:
    """Forms of the crowd, or only those that must end in one state."""
    chosen = (file for file in crowd(ROOT, 50, seed=seed) if state is None or file.ends == {state})
    return [file for _, file in zip(range(count), chosen, strict=False)]


def wait_for(what: Callable[[], bool], seconds: float = 90) -> None:
    """Until something is so; a test that waits in vain fails."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def deaths(workspace: Workspace) -> list[str]:
    """The named points at which processes ended, and their numbers."""
    log = workspace.root / "deaths.txt"
    return log.read_text().splitlines() if log.exists() else []


def end(watcher: subprocess.Popen[bytes]) -> None:
    """Kill a watcher if it is still there."""
    watcher.kill()
    watcher.wait(30)


def test_a_short_siege(tmp_path: Path) -> None:
    """Watcher and workers killed at random while forms arrive: each ends once, as it must."""
    workspace = prepare(tmp_path)
    files = forms(4, seed=3)

    toll = siege.besiege(workspace, files, 4, seed=5, patience=300)

    assert toll.kills >= 4
    assert list(faults(workspace, files)) == []


@pytest.mark.long
def test_death_at_every_named_point(tmp_path: Path) -> None:
    """A process dies at each step between the inbox and the outbox; the next one goes on from there."""
    workspace = prepare(tmp_path)
    files = forms(len(POINTS), seed=11, state=State.DELIVERED)

    for number, point in enumerate(POINTS):
        watcher = start(workspace, die_at=f"{point}:1", jobs=1)
        drop(workspace, files[number])
        wait_for(lambda: len(deaths(workspace)) > number)  # noqa: B023 -- called at once
        end(watcher)
        (workspace.root / "deaths.txt").write_text("\n".join(deaths(workspace)[: number + 1]) + "\n")
    settle(workspace, patience=180)

    assert [line.split()[0] for line in deaths(workspace)] == list(POINTS)
    assert list(faults(workspace, files)) == []


def test_a_frozen_worker_that_thaws_too_late_makes_no_second_packet(tmp_path: Path) -> None:
    """SIGSTOP just before the packet is published, past the lease: another delivers it, the frozen one is refused."""
    workspace = prepare(tmp_path, lease=5)
    (file,) = forms(1, seed=11, state=State.DELIVERED)
    watcher = start(workspace, die_at="intended:1:STOP", jobs=1)
    drop(workspace, file)
    wait_for(lambda: bool(deaths(workspace)))
    frozen = int(deaths(workspace)[0].split()[1])

    subprocess.run(
        [sys.executable, "-m", "pipeline", "worker", "--drain", "--today", "2025-03-18"],
        check=True,
        timeout=120,
        cwd=workspace.root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
    )
    with Ledger.open(workspace) as ledger:
        assert [entry.state for entry in ledger.entries.all()] == [State.DELIVERED]
    os.kill(frozen, signal.SIGCONT)
    wait_for(lambda: "given to another" in (workspace.root / "log.jsonl").read_text())
    watcher.terminate()
    watcher.wait(60)

    assert list(faults(workspace, [file])) == []


@pytest.mark.long
def test_a_full_disk_pauses_and_loses_nothing(tmp_path: Path) -> None:
    """On a disk of a few megabytes that fills up: forms wait, none is burnt, and all goes on when there is room."""
    script = [sys.executable, str(HERE / "small_disk.py"), str(tmp_path / "disk")]
    as_root = script if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount", *script]

    told = subprocess.run(as_root, capture_output=True, text=True, timeout=400, check=False)

    assert told.returncode == 0, told.stdout + told.stderr
    assert "paused while it was full" in told.stdout


def test_a_busy_machine_reads_the_same() -> None:
    """A print read twice, the second time beside four busy loops: the same reading, or none and a later try.

    Scans are read so by ``make load``: on two cores that takes minutes.
    """
    (idle,), (busy,) = readings(1, 0, PRINT), readings(1, 4, PRINT)

    assert idle.reading is not None
    assert busy.reading in (None, idle.reading)
