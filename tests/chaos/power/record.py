"""Recorder: a run in a workspace under strace, as operations on its disk."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from power.interpret import UMASK, Interpreter, image_of
from power.operations import Image, Operation, Sync
from power.syscalls import calls

HERE = Path(__file__).parent
ROOT = HERE.parent.parent.parent
_CALLS = (
    "open,openat,write,pwrite64,lseek,ftruncate,fsync,fdatasync,rename,renameat,renameat2,link,linkat,"
    "unlink,unlinkat,rmdir,mkdir,mkdirat,chmod,fchmod,fchmodat,umask,access,faccessat,faccessat2"
)
_LONGEST = 60_000_000  # bytes in one write


@dataclass(frozen=True)
class Recording:
    """A run: the disk before it, what it asked, the disk as it saw it at the end (with every file it ever made)."""

    name: str
    before: Image
    operations: tuple[Operation, ...]
    after: Image
    modes: Mapping[int, int]  # of each file when it was made

    def start(self) -> Image:
        """The disk before the run, on which every file to come has a number already, and is empty."""
        image = self.before.copy()
        image.names = {number: {} for number in self.after.names} | image.names
        image.data = dict.fromkeys(self.after.data, b"") | image.data
        image.modes = {**self.modes} | image.modes
        return image

    @property
    def syncs(self) -> int:
        """How often the disk was asked to have all of a file."""
        return sum(isinstance(one, Sync) for one in self.operations)


class Incomplete(Exception):
    """What was recorded does not make what lies there: a call is not followed."""


def record(name: str, workspace: Path, before: Callable[[Image], object] = lambda _: None) -> Recording:
    """Record ``python -m power.runs name`` in a workspace; raises Incomplete, CalledProcessError.

    ``before`` is called with what lies there, before anything happens.
    """
    start = image_of(workspace)
    before(start)
    trace = workspace.parent / f"{workspace.name}.strace"
    how = ["--seccomp-bpf"] if name != "walks" else ["-b", "execve"]  # what LibreOffice does is not followed
    command = ["strace", "-f", *how, "-y", "-xx", "-s", str(_LONGEST), "-o", str(trace), "-e", f"trace={_CALLS}"]
    paths = os.pathsep.join(map(str, (ROOT, ROOT / "tests", HERE.parent)))
    subprocess.run(
        [*command, sys.executable, "-m", "power.runs", name, str(workspace)],
        check=True,
        env={**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
        umask=UMASK,
        timeout=600,
    )
    interpreter = Interpreter(workspace, start)
    with trace.open(encoding="ascii") as lines:
        operations = tuple(interpreter.operations(calls(lines)))
    trace.unlink()
    _require_complete(interpreter.image, image_of(workspace))
    return Recording(name, start, operations, interpreter.image, interpreter.modes)


def _require_complete(told: Image, there: Image) -> None:
    said = {path: (told.modes.get(number), told.data.get(number)) for path, number in told.walk()}
    seen = {path: (there.modes.get(number), there.data.get(number)) for path, number in there.walk()}
    wrong = sorted(path for path in said.keys() | seen.keys() if said.get(path) != seen.get(path))
    if wrong:
        raise Incomplete(", ".join(wrong[:10]))
