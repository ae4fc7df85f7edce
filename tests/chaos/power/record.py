"""Recorder: a run in a workspace under strace, as operations on its disk."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from power.interpret import Interpreter, image_of
from power.operations import Image, Operation, Sync
from power.syscalls import calls

HERE = Path(__file__).parent
ROOT = HERE.parent.parent.parent
_CALLS = (
    "open,openat,creat,write,pwrite64,lseek,ftruncate,fsync,fdatasync,rename,renameat,renameat2,link,linkat,"
    "unlink,unlinkat,rmdir,mkdir,mkdirat,chmod,fchmod,fchmodat,access,faccessat,faccessat2"
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

    @property
    def syncs(self) -> int:
        """How often the disk was asked to have all of a file."""
        return sum(isinstance(one, Sync) for one in self.operations)


class Incomplete(Exception):
    """What was recorded does not make what lies there: a call is not followed."""


def record(name: str, workspace: Path, *options: str) -> Recording:
    """Record ``python -m power.runs name`` in a workspace; raises Incomplete, CalledProcessError."""
    before = image_of(workspace)
    trace = workspace.parent / f"{workspace.name}.strace"
    how = ["--seccomp-bpf"] if name == "steps" else ["-b", "execve"]  # what LibreOffice does is not followed
    command = ["strace", "-f", *how, "-y", "-xx", "-s", str(_LONGEST), "-o", str(trace), "-e", f"trace={_CALLS}"]
    paths = os.pathsep.join(map(str, (ROOT, ROOT / "tests", HERE.parent)))
    subprocess.run(
        [*command, sys.executable, "-m", "power.runs", name, str(workspace), *options],
        check=True,
        env={**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
        umask=0o022,
        timeout=600,
    )
    interpreter = Interpreter(workspace, before)
    with trace.open(encoding="ascii") as lines:
        operations = tuple(interpreter.operations(calls(lines)))
    trace.unlink()
    _require_complete(interpreter.image, image_of(workspace))
    return Recording(name, before, operations, interpreter.image, interpreter.modes)


def _require_complete(told: Image, there: Image) -> None:
    said = {path: (told.modes.get(number), told.data.get(number)) for path, number in told.walk()}
    seen = {path: (there.modes.get(number), there.data.get(number)) for path, number in there.walk()}
    wrong = sorted(path for path in said.keys() | seen.keys() if said.get(path) != seen.get(path))
    if wrong:
        raise Incomplete(", ".join(wrong[:10]))
