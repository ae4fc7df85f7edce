"""Killed at each named point of a signature, a closing, an archive, a paper: run again, it is there, once."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from laid_lives import begun, pdf
from life_death import DAY

from pipeline.core.life import FactKind, PaperState
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context
from pipeline.ledger.packet_store import PacketState
from pipeline.ledger.store import Ledger
from pipeline.services.archiving import verify
from pipeline.storage.kill_points import LIFE_POINTS

pytestmark = pytest.mark.sampled(4)

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
# Where each step is killed: every point that it passes, at each of its passages.
POINTS = {
    "sign": ("copied:1", "sealed:1", "sealed:2", "told:1"),
    "close": ("sealed:1", "told:1"),
    "archive": ("archive-written:1", "sealed:1"),
    "paper": ("paper-intended:1", "written:1", "published:1", "paper-published:1", "sealed:1", "sealed:2",
              "paper-settled:1"),
}  # fmt: skip
KILLS = [(step, point) for step, points in POINTS.items() for point in points]


def run(workspace: Workspace, step: str, die_at: str = "") -> int:
    """The exit code of one step in a process of its own."""
    done = subprocess.run(
        [sys.executable, str(HERE / "life_death.py"), str(workspace.root), step],
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}:{HERE}", "LIASSE_DIE_AT": die_at},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    return done.returncode


@pytest.fixture
def place(context: Context, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with a dossier to be signed, and what came back, that nobody has open."""
    begun(context)
    root = tmp_path.parent / f"{tmp_path.name}-mort"
    context.ledger.database.compact()
    shutil.copytree(context.workspace.root, root)
    (root / "retour.pdf").write_bytes(pdf(2))
    yield Workspace.at(root)
    shutil.rmtree(root)


def require_once(workspace: Workspace, step: str) -> None:
    """What the step makes is there once, whole, and nothing half done lies anywhere."""
    with Ledger.open(workspace) as ledger:
        (entry,) = ledger.entries.all()
        facts, papers = ledger.life.facts(entry.dossier), ledger.life.all_papers()
        told = [one.kind for one in facts.told]
        (line,) = ledger.packets.all()
        assert list(ledger.faults()) == []
        left = ledger.spare_files()
    match step:
        case "sign":
            assert (told.count(FactKind.SIGNED), told.count(FactKind.RETURNED), line.state) == (
                4,
                1,
                PacketState.SIGNED,
            )
            assert [path.read_bytes() for path in workspace.joined.glob("??/*")] == [
                (workspace.root / "retour.pdf").read_bytes()
            ]
            assert left == ()
        case "close":
            assert told == [FactKind.CLOSED]
        case "archive":
            (path,) = (workspace.root / "sorties").iterdir()
            assert verify(path) == ()
        case _:
            assert [(one.version, one.state) for one in papers] == [(1, PaperState.CURRENT)]
            folders = (workspace.outbox / papers[0].folder).parent.glob("papier-*")
            assert [folder.name for folder in folders] == [papers[0].folder.name]
    assert not list(workspace.outbox.rglob(".tmp-*"))


@pytest.mark.parametrize(("step", "point"), KILLS)
def test_killed_there_and_run_again_it_is_once(place: Workspace, step: str, point: str) -> None:
    """Killed, then run again: the same as if nothing had happened."""
    assert run(place, step, point) == -signal.SIGKILL, f"{step} never passes {point}"
    assert run(place, step) == 0

    require_once(place, step)


def test_every_point_of_a_life_is_one_of_them() -> None:
    """A point that is added is killed at."""
    assert set(LIFE_POINTS) <= {point.partition(":")[0] for _, point in KILLS}


@pytest.mark.long
@pytest.mark.parametrize("round_", range(3))
def test_killed_at_every_point_one_after_the_other(place: Workspace, round_: int) -> None:
    """A hundred kills in all: each point in turn on the same workspace, then each step once to its end."""
    del round_
    for step, points in POINTS.items():
        if step != "close":
            for point in points * 2:
                run(place, step, point)
            assert run(place, step) == 0
            if step != "archive":
                require_once(place, step)
    for point in POINTS["close"]:
        run(place, "close", point)
    with Ledger.open(place) as ledger:
        (entry,) = ledger.entries.all()
        closed = [one for one in ledger.life.facts(entry.dossier).told if one.kind is FactKind.CLOSED]
    assert len(closed) == 1
    assert closed[0].day == DAY
