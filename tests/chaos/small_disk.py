"""A workspace on a small disk that is full when forms arrive, and is given room later. Needs the right to mount."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent.parent)]

from crowd import crowd  # noqa: E402
from siege import ROOT, Dropped, drop, faults, prepare, settle, start, states  # noqa: E402

from pipeline.core.workspace import Workspace  # noqa: E402

SIZE = 160_000_000  # bytes
FORMS = 4


def main() -> None:
    """Exit code 0 when every form ended as it must."""
    place = Path(sys.argv[1])
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)], check=True)
    try:
        sys.exit(_run(place / "atelier"))
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def _run(root: Path) -> int:
    root.mkdir()
    workspace = prepare(root)
    first, *others = files = list(crowd(ROOT, FORMS, seed=23))
    watcher = start(workspace, jobs=2)
    drop(workspace, first)
    _wait_for_the_first(workspace)
    before = _packets(workspace)
    parts = [_upload(workspace, file) for file in others]
    ballast = root.parent / "ballast"
    _fill(ballast)
    for part, file in zip(parts, others, strict=True):
        part.rename(workspace.inbox / file.name)
    time.sleep(12)
    delivered = _packets(workspace) - before
    alive = watcher.poll() is None
    sys.stdout.write(f"with a full disk: {len(delivered)} packets, watcher {'alive' if alive else 'dead'}\n")
    sys.stdout.write("the disk was not full\n" if delivered else "paused while it was full\n")
    ballast.unlink()
    if alive:
        time.sleep(1)
        watcher.terminate()
        watcher.wait(60)
    settle(workspace, patience=240)
    found = list(faults(workspace, files))
    sys.stdout.write("\n".join([str(dict(states(workspace))), *found]) + "\n")
    return 1 if found or delivered or not alive else 0


def _packets(workspace: Workspace) -> set[Path]:
    return set(workspace.outbox.glob("*/*/*/manifest.json"))


def _wait_for_the_first(workspace: Workspace) -> None:
    """Until the watcher has walked one form: it and its workers are up."""
    end = time.monotonic() + 60
    while not sum(states(workspace).values()) or "recu" in states(workspace):
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.2)


def _upload(workspace: Workspace, file: Dropped) -> Path:
    """A file whose bytes arrived while there was room, and whose name comes when there is none."""
    part = workspace.inbox / f".{file.name}.part"
    part.write_bytes(file.data)
    return part


def _fill(ballast: Path) -> None:
    """Write until the disk takes no more."""
    with ballast.open("wb", buffering=0) as heavy, suppress(OSError):
        while heavy.write(bytes(100_000)):
            pass


if __name__ == "__main__":
    main()
