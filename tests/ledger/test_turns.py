"""Many at once, or one alone: who wants to be alone waits for those inside, and nobody else comes in meanwhile."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.storage.turns import turn

ROOT = Path(__file__).parent.parent.parent
# Goes in, and stays until the file « leaves » is made; it writes what it does as files, also that it had to wait.
VISIT = """
import sys, time
from pathlib import Path
from pipeline.storage.turns import turn
place, name, alone = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "True"
with turn(place, alone=alone, waiting=(place / f"{name} waits").touch):
    (place / f"{name} in").touch()
    while not (place / f"{name} leaves").exists():
        time.sleep(0.02)
"""


def until(place: Path, name: str) -> None:
    """Wait for a file of that name, a minute at most."""
    end = time.monotonic() + 60
    while not (place / name).exists():
        assert time.monotonic() < end, f"waited in vain: {name}"
        time.sleep(0.02)


def sent(place: Path, name: str, said: str, *, alone: bool = False) -> subprocess.Popen[bytes]:
    """A process that visits, once it has said so much."""
    visitor = subprocess.Popen([sys.executable, "-c", VISIT, str(place), name, str(alone)], cwd=ROOT)
    until(place, f"{name} {said}")
    return visitor


def test_one_alone_waits_for_those_inside_and_keeps_the_next_one_out(tmp_path: Path) -> None:
    """Two are in together; the third, alone, comes in after both; the fourth, who came last, after it."""
    visitors = [sent(tmp_path, name, "in") for name in ("first", "second")]
    visitors.append(sent(tmp_path, "alone", "waits", alone=True))
    visitors.append(sent(tmp_path, "last", "waits"))

    (tmp_path / "first leaves").touch()
    visitors[0].wait(60)
    time.sleep(0.5)
    assert [name for name in ("alone", "last") if (tmp_path / f"{name} in").exists()] == []

    (tmp_path / "second leaves").touch()
    until(tmp_path, "alone in")
    time.sleep(0.5)
    assert not (tmp_path / "last in").exists()

    (tmp_path / "alone leaves").touch()
    until(tmp_path, "last in")
    (tmp_path / "last leaves").touch()
    assert [visitor.wait(60) for visitor in visitors] == [0] * 4


def test_who_is_killed_inside_keeps_nobody_out(tmp_path: Path) -> None:
    """The lock goes with its process."""
    alone = sent(tmp_path, "alone", "in", alone=True)
    alone.kill()
    alone.wait(60)

    with turn(tmp_path, alone=False, waiting=lambda: pytest.fail("it is still locked")):
        pass
