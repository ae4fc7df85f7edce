"""One program with all that it starts: it ends by itself, at its time, or with us."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.errors import ConversionStopped

# The shell leads a process group of its own and listens to a pipe whose other end only we hold: when we die, even by
# kill -9, the pipe ends and the group is killed. soffice starts a second program, which would outlive us otherwise.
_KEEPER = '"$@" 3<&- & child=$!; { read -r _ <&3; kill -9 0; } & exec 3<&-; wait "$child"'
LOG = "soffice.log"


def run(command: Sequence[str], *, place: Path, environment: Mapping[str, str], seconds: float) -> int:
    """What the command answers (128 + n when signal n ended it), having been watched; its words are in ``place/LOG``.

    Nothing of it is left when this returns or raises. Raises ConversionStopped after ``seconds``.
    """
    with _lifeline() as line, (place / LOG).open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 -- our own command line; no value of a form is in it
            ["/bin/sh", "-c", f"exec 3<&0 </dev/null; {_KEEPER}", "liasse", *command],
            cwd=place, env=dict(environment), stdin=line, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        try:
            return process.wait(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise ConversionStopped(
                f"LibreOffice did not finish in {seconds:.0f} s and was stopped. Try again; if it lasts, "
                "look at the load of the machine and at the Word templates that were changed last."
            ) from error
        finally:
            _end(process)


@contextlib.contextmanager
def _lifeline() -> Iterator[int]:
    """The end of a pipe to be listened to; its other end is ours, and no other program inherits it."""
    line, ours = os.pipe()
    try:
        yield line
    finally:
        os.close(line)
        os.close(ours)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the whole group; the cage dies with its keeper, and all that is in it with the cage."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
