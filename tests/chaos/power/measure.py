"""Measurement: every run recorded, the states that a power cut may leave of it tried; figures, and what is wrong.

``python -m power.measure`` (``make power``) takes about a quarter of an hour. Exit code 1 if anything is lost, half
visible, done twice or not done. States are tried whole where they are few, else a sample that is always the same.
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.core.workspace import Workspace
from power import runs
from power.model import Count, FileSystem, states
from power.record import Recording, record
from power.recovery import Result, faults, result
from power.replay import Bench, keep_originals

SEED = 1


@dataclass
class Tried:
    """What was tried of one run on one kind of file system, and each fault with how often and where it was seen."""

    count: Count = field(default_factory=Count)
    checked: int = 0
    finished: int = 0  # of which the run was brought to its end again
    faults: Counter[str] = field(default_factory=Counter)
    first: dict[str, int] = field(default_factory=dict)

    def add(self, other: Tried) -> None:
        """Put what another process tried to this."""
        self.count = other.count
        self.checked += other.checked
        self.finished += other.finished
        self.faults += other.faults
        self.first = other.first | self.first


def memory() -> Path | None:
    """Where to lay states down: in memory where there is such a place, for nothing of it need outlive us."""
    shared = Path("/dev/shm")  # noqa: S108 -- a folder of our own is made in it
    return shared if shared.is_dir() else None


def recorded(run: str, place: Path) -> tuple[Bench, Result]:
    """A run recorded at a place, and what it came to."""
    workspace = place / "workspace"
    if run == runs.BACKUP:
        runs.prepare_backup(workspace)
        return Bench.of(record(run, workspace), place / "originals"), Result(frozenset(), frozenset())
    runs.prepare(workspace, runs.files_of(run))
    recording = record(run, workspace, before=lambda before: keep_originals(before, workspace, place / "originals"))
    with runs.opened(run, Workspace.at(workspace)) as context:
        quiet = result(context)
    return Bench.of(recording, place / "originals"), quiet


def tried(
    bench: Bench,
    quiet: Result,
    system: FileSystem,
    place: Path,
    *,
    most: int,
    every: int,
    share: tuple[int, int] = (0, 1),
) -> Tried:
    """Try the states of a recording, ``share`` of them; each ``every``-th one is brought to its end again."""
    found = Tried()
    for number, state in enumerate(states(bench.recording, system, most=most, seed=SEED, count=found.count)):
        if number % share[1] != share[0]:
            continue
        there = place / f"state-{share[0]}"
        finishes = number // share[1] % every == 0
        try:
            wrong = faults(state, bench, there, quiet=quiet if finishes else None)
        finally:
            shutil.rmtree(there)
        found.checked += 1
        found.finished += finishes
        for fault in wrong:
            found.faults[fault] += 1
            found.first.setdefault(fault, state.at)
    return found


def _in_parallel(
    bench: Bench, quiet: Result, system: FileSystem, place: Path, *, most: int, every: int, jobs: int
) -> Tried:
    context = multiprocessing.get_context("fork")  # states are made by each, not sent
    found = Tried()
    with context.Pool(jobs) as pool:
        asked = [
            pool.apply_async(
                tried, (bench, quiet, system, place), {"most": most, "every": every, "share": (one, jobs)}
            )
            for one in range(jobs)
        ]
        for one in asked:
            found.add(one.get())
    return found


def lines(run: str, recording: Recording, system: FileSystem, found: Tried) -> Iterator[str]:
    """What is told of a run on a file system."""
    count = found.count
    yield (
        f"{run}, {system.value}: {len(recording.operations)} operations, {recording.syncs} syncs; {count.cuts} cuts "
        f"({count.sampled} sampled), {count.built} states built, {found.checked} that differ tried, "
        f"{found.finished} brought to their end; {sum(found.faults.values())} faults"
    )
    for fault, times in found.faults.most_common(40):
        yield f"  {times} times, first before operation {found.first[fault]}: {fault}"


def main(arguments: Sequence[str] | None = None) -> None:
    """The whole; prints a line for each run and file system."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--runs", nargs="+", default=["steps", "walks", runs.BACKUP])
    parser.add_argument("--most", type=int, default=96, help="states made at one cut")
    parser.add_argument(
        "--every", type=int, help="which states are brought to their end; else one in 4, in 150 of walks"
    )
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args(arguments)
    wrong = False
    for run in asked.runs:
        with tempfile.TemporaryDirectory(prefix="liasse-power-", dir=memory()) as folder:
            bench, quiet = recorded(run, Path(folder))
            every = asked.every or {"walks": 150}.get(run, 4)
            for system in FileSystem:
                found = _in_parallel(
                    bench, quiet, system, Path(folder), most=asked.most, every=every, jobs=asked.jobs
                )
                wrong = wrong or bool(found.faults)
                sys.stdout.write("\n".join(lines(run, bench.recording, system, found)) + "\n")
                sys.stdout.flush()
    sys.exit(wrong)


if __name__ == "__main__":
    main()
