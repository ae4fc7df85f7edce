"""A siege of one workspace: forms are dropped while its watcher and workers are killed; then what is left is counted.

``python tests/chaos/siege.py --forms 200 --kills 300`` prints the figures (``make chaos``).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent.parent)]

from crowd import Dropped, crowd  # noqa: E402

from pipeline.core.workspace import SCHOOL, Workspace  # noqa: E402
from pipeline.ledger.claims import JobState  # noqa: E402
from pipeline.ledger.entries import Entry, State  # noqa: E402
from pipeline.ledger.packet_store import LIVE, PacketState  # noqa: E402
from pipeline.ledger.store import Ledger  # noqa: E402
from pipeline.storage.kill_points import POINTS  # noqa: E402

ROOT = HERE.parent.parent
os.environ.setdefault(SCHOOL, str(ROOT / "tests" / "samples" / "etablissement"))  # or each packet is a projet
_AHEAD = 4  # files that lie in the inbox or the queue ahead of the kills, so that each kill hits work
_SLOWEST = 8.0  # seconds for a process to start and do something
SETTINGS = """[surveillance]
rythme = 0.3
calme = 0.4
libre = 0
[file]
bail = {lease}
essais = {attempts}
attente = 0.3
attente_max = 2.0
"""


@dataclass
class Toll:
    """What the siege did."""

    random_kills: int = 0
    watcher_starts: int = 0
    at_points: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def kills(self) -> int:
        """How many processes were killed in all."""
        return self.random_kills + sum(self.at_points.values())


def prepare(place: Path, *, attempts: int = 60, lease: float = 60) -> Workspace:
    """A workspace of its own, whose watcher is quick."""
    for name in ("templates", "schemas"):
        shutil.copytree(ROOT / name, place / name)
    for name in ("inbox", "outbox"):
        (place / name).mkdir()
    (place / "liasse.toml").write_text(SETTINGS.format(lease=lease, attempts=attempts))
    return Workspace.at(place)


def start(workspace: Workspace, *, die_at: str = "", jobs: int = 2) -> subprocess.Popen[bytes]:
    """The watcher with its workers; ``die_at`` is for each of its processes."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LIASSE_DIE_LOG": str(workspace.root / "deaths.txt")}
    environment |= {"LIASSE_DIE_AT": die_at} if die_at else {}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # processes start again and again here
    with (workspace.root / "log.jsonl").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "pipeline", "watch", "--jobs", str(jobs), "--today", "2025-03-17"],
            cwd=workspace.root,
            env=environment,
            stderr=log,
            stdin=subprocess.DEVNULL,
        )


def drop(workspace: Workspace, file: Dropped) -> None:
    """Put a file into the inbox as a mail program does: under another name first."""
    part = workspace.inbox / f".{file.name}.part"
    part.write_bytes(file.data)
    part.rename(workspace.inbox / file.name)


def besiege(workspace: Workspace, files: Sequence[Dropped], kills: int, *, seed: int, patience: float) -> Toll:
    """Drop the files and kill, at random and at named points, until both are done; then let it come to rest."""
    chance = random.Random(seed)  # noqa: S311 -- the same siege for the same seed
    toll, began = Toll(), time.monotonic()
    left = list(files)
    points = _points(chance)
    watcher = start(workspace, die_at=next(points))
    toll.watcher_starts += 1
    deaths = workspace.root / "deaths.txt"
    while (left or toll.kills < kills) and time.monotonic() - began < patience:
        due = len(files) * toll.kills // max(1, kills) + _AHEAD - (len(files) - len(left))
        for file in left[: max(0, due)]:
            drop(workspace, file)
        left = left[max(0, due) :]
        _let_it_move(workspace)
        time.sleep(chance.uniform(0.0, 1.5))
        victims = [process for process in _family(watcher.pid) if _is_alive(process)]
        if victims and chance.random() < 0.6:
            victim = chance.choice(victims)
            toll.random_kills += 1
            _kill(victim)
        if watcher.poll() is not None:
            _mourn(watcher)
            watcher = start(workspace, die_at=next(points) if chance.random() < 0.7 else "")
            toll.watcher_starts += 1
        elif chance.random() < 0.15:  # new workers get new points to die at
            toll.random_kills += 1
            _kill(watcher.pid)
            _mourn(watcher)
            watcher = start(workspace, die_at=next(points))
            toll.watcher_starts += 1
        toll.at_points = _deaths(deaths)
    _kill(watcher.pid)
    _mourn(watcher)
    toll.random_kills += 1
    for file in left:
        drop(workspace, file)
    settle(workspace, patience=patience)
    toll.at_points = _deaths(deaths)
    toll.seconds = time.monotonic() - began
    return toll


def _let_it_move(workspace: Workspace) -> None:
    """Until something happened, or a process died: killed before they do anything, processes prove nothing."""
    traces = [workspace.root / name for name in ("log.jsonl", "deaths.txt")]
    before = [path.stat().st_size if path.exists() else 0 for path in traces]
    end = time.monotonic() + _SLOWEST
    while time.monotonic() < end and before == [path.stat().st_size if path.exists() else 0 for path in traces]:
        time.sleep(0.02)


def settle(workspace: Workspace, *, patience: float) -> None:
    """Watch in peace until nothing is left in the inbox nor in the queue."""
    watcher = start(workspace)
    deadline = time.monotonic() + patience
    quiet = 0
    with Ledger.open(workspace) as ledger:
        while quiet < 3 and time.monotonic() < deadline:
            time.sleep(0.5)
            waiting = [path for path in workspace.inbox.iterdir() if not path.name.startswith(".")]
            quiet = 0 if waiting or ledger.jobs.waits_now() else quiet + 1
    watcher.terminate()
    watcher.wait(60)


def faults(workspace: Workspace, files: Sequence[Dropped]) -> Iterator[str]:
    """Everything that is not as it must be: a form lost or not over, a packet twice, half, or nobody's."""
    folders = {path.parent.relative_to(workspace.outbox) for path in workspace.outbox.glob("*/*/*/manifest.json")}
    for left in workspace.outbox.rglob(".tmp-*"):
        yield f"half written: {left.name}"
    for left in workspace.inbox.iterdir():
        if left.name != ".traites":
            yield f"still in the inbox: {left.name}"
    with Ledger.open(workspace) as ledger:
        yield from ledger.faults()
        entries = {entry.form.sha256: entry for entry in ledger.entries.all()}
        yield from _wrongly_ended(files, entries)
        if len(entries) != len({file.data for file in files}):
            yield f"{len(entries)} forms in the ledger"
        for entry in entries.values():
            yield from _not_over(entry, ledger, folders)
        known = {line.folder for line in ledger.packets.all() if line.state in LIVE}
        yield from (f"nobody's packet: {folder}" for folder in sorted(folders - known))
        yield from _torn(workspace, folders)


def _wrongly_ended(files: Sequence[Dropped], entries: Mapping[str, Entry]) -> Iterator[str]:
    for file in files:
        entry = entries.get(hashlib.sha256(file.data).hexdigest())
        if entry is None:
            yield f"lost: {file.name}"
        elif entry.state not in file.ends | {State.QUARANTINED}:
            yield f"{file.name} ended as {entry.state.value}: {entry.detail[:200]}"


def _not_over(entry: Entry, ledger: Ledger, folders: set[Path]) -> Iterator[str]:
    job = ledger.jobs.state_of(entry.form.sha256)
    if job is None or job[0] not in {JobState.DONE, JobState.QUARANTINED}:
        yield f"{entry.form.id} has a job that is {job}"
    lines = [line for line in ledger.packets.of_form(entry.form.sha256) if line.state is not PacketState.PURGED]
    if len(lines) != (entry.state is State.DELIVERED) or any(line.state not in LIVE for line in lines):
        yield f"{entry.form.id} ({entry.state.value}) has packets {[line.state.value for line in lines]}"
    if entry.state is State.DELIVERED and entry.folder not in folders:
        yield f"{entry.form.id} was delivered, its packet is not there"


def _torn(workspace: Workspace, folders: set[Path]) -> Iterator[str]:
    for folder in sorted(folders):
        place = workspace.outbox / folder
        manifest = json.loads((place / "manifest.json").read_bytes())
        for file in manifest["fichiers"]:
            data = (place / file["nom"]).read_bytes()
            if hashlib.sha256(data).hexdigest() != file["sha256"]:
                yield f"{folder}: {file['nom']} is not what its manifest says"


def states(workspace: Workspace) -> Counter[str]:
    """How many forms ended in each state."""
    with Ledger.open(workspace) as ledger:
        return Counter(entry.state.value for entry in ledger.entries.all())


def _points(chance: random.Random) -> Iterator[str]:
    """Every named point in turn, at one of its first passages."""
    while True:
        for point in POINTS:
            yield f"{point}:{chance.randint(1, 4)}"


def _deaths(log: Path) -> Counter[str]:
    return Counter(line.split()[0] for line in log.read_text().splitlines()) if log.exists() else Counter()


def _family(pid: int) -> list[int]:
    """A process and its direct children."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        return [pid, *map(int, children.read_text().split())]
    except OSError:
        return [pid]


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _mourn(watcher: subprocess.Popen[bytes]) -> None:
    watcher.wait(30)


def recoveries(workspace: Workspace) -> int:
    """How often a form was freed because the worker that had it was no more."""
    with Ledger.open(workspace) as ledger:
        return sum(line.event == "released" for line in ledger.journal())


def main() -> None:
    """The long run: prints its figures, exit code 1 with the faults if there are any."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--forms", type=int, default=200)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patience", type=float, default=3600, help="seconds")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="liasse-chaos-") as folder:
        workspace = prepare(Path(folder))
        files = list(crowd(ROOT, asked.forms, seed=asked.seed))
        toll = besiege(workspace, files, asked.kills, seed=asked.seed, patience=asked.patience)
        found = list(faults(workspace, files))
        at_points = sum(toll.at_points.values())
        told = [
            f"{asked.forms} files, {toll.watcher_starts} watchers, {toll.seconds:.0f} s",
            f"{toll.kills} kills: {toll.random_kills} at random, {at_points} at named points",
            f"kills by point: {dict(sorted(toll.at_points.items()))}",
            f"{recoveries(workspace)} times a form was taken out of a dead hand and walked again",
            f"ended: {dict(states(workspace))}",
            *(found or ["every form ended once, no packet twice, none half visible, ledger whole"]),
        ]
        sys.stdout.write("\n".join(told) + "\n")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
