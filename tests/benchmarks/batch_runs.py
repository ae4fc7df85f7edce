"""``liasse batch`` on a made cohort, in a workspace of its own: timed, weighed, or killed again and again."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from process_tree import Memory, end_at_once

from pipeline.core.workspace import Workspace
from pipeline.ledger.store import Ledger

ROOT = Path(__file__).parent.parent.parent
_SCHOOLS = ("tableau", "pointilles", "colonnes", "champs")
_TODAY = "2025-03-17"
_BILAN = "bilan"


@dataclass(frozen=True)
class Run:
    """One quiet run: forms, seconds, seconds of each step (of all processes), peaks in bytes, how forms ended."""

    forms: int
    seconds: float
    steps: Mapping[str, float]
    peak: Mapping[str, int]
    series: tuple[tuple[float, int], ...]
    states: Mapping[str, int]


def prepare(place: Path) -> Workspace:
    """A fresh workspace that knows the formations and four other schools' forms."""
    shutil.rmtree(place, ignore_errors=True)
    for name in ("templates", "schemas"):
        shutil.copytree(ROOT / name, place / name)
    for name in _SCHOOLS:
        target = place / "templates" / "commun" / "formulaires" / name
        target.mkdir(parents=True)
        source = ROOT / "tests" / "layouts" / name
        for path in (*source.glob("formulaire.*"), source / "layout.toml"):
            shutil.copyfile(path, target / path.name)
    for name in ("inbox", "outbox"):
        (place / name).mkdir()
    return Workspace.at(place)


def quiet(forms: Path, place: Path, jobs: int) -> Run:
    """The cohort taken through in peace."""
    workspace = prepare(place)
    steps = place / "steps.txt"
    began = time.monotonic()
    batch = start(forms, workspace, jobs, steps=steps)
    memory = Memory(batch.pid)
    code = batch.wait()
    seconds = time.monotonic() - began
    memory.close()
    if code not in (0, 1):
        raise SystemExit(f"batch ended with {code}: see {place}/errors.txt")
    count = sum(1 for _ in forms.iterdir())
    return Run(count, seconds, _sums(steps), memory.peak, tuple(memory.series), states(workspace))


def killed(forms: Path, place: Path, jobs: int, *, kills: int, seconds: float, seed: int) -> tuple[Workspace, int]:
    """The same, killed with all its processes at random moments and started again; how many processes that took.

    ``seconds`` is how long the quiet run took: each life but the last gets a part of it.
    """
    workspace = prepare(place)
    chance = random.Random(seed)  # noqa: S311 -- the same moments for the same seed
    dead = 0
    for _ in range(kills):
        batch = start(forms, workspace, jobs)
        try:
            batch.wait(chance.uniform(0.3, 2 * seconds / (kills + 1)))
        except subprocess.TimeoutExpired:
            dead += end_at_once(batch.pid)
        batch.wait()
    code = start(forms, workspace, jobs).wait()
    if code not in (0, 1):
        raise SystemExit(f"batch ended with {code}: see {place}/errors.txt")
    return workspace, dead


def start(forms: Path, workspace: Workspace, jobs: int, *, steps: Path | None = None) -> subprocess.Popen[bytes]:
    """``liasse batch`` as somebody types it; what it says goes to files beside the outbox."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)} | ({"LIASSE_STEPS": str(steps)} if steps else {})
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "pipeline", "batch", str(forms), "--jobs", str(jobs), "--today", _TODAY]
    with (workspace.root / "said.txt").open("ab") as said, (workspace.root / "errors.txt").open("ab") as errors:
        return subprocess.Popen(
            [*command, "--workspace", str(workspace.root), "--json"],
            cwd=workspace.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=errors,
        )


def states(workspace: Workspace) -> Counter[str]:
    """How the forms ended."""
    with Ledger.open(workspace) as ledger:
        return Counter(entry.state.value for entry in ledger.entries.all())


def differences(one: Workspace, other: Workspace) -> list[str]:
    """The files of the two outboxes that are not the same, the bilan's too; what is half written stands out."""
    ours, theirs = _hashes(one.outbox), _hashes(other.outbox)
    return sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))


def of_bilan(name: str) -> bool:
    """Whether that file of the outbox is one of the cohort's papers."""
    return Path(name).parts[0] == _BILAN


def _hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _sums(steps: Path) -> dict[str, float]:
    sums: Counter[str] = Counter()
    for line in steps.read_text(encoding="ascii").splitlines():
        name, seconds = line.split()
        sums[name] += float(seconds)
    return dict(sums)
