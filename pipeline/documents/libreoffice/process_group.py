"""Subprocess runner: a command and all that it starts end by themselves, at a timeout, or with us."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.core.errors import ConversionStopped

# The shell leads a process group of its own and listens to a pipe whose other end only we hold: when we die, even by
# kill -9, the pipe ends and the group is killed. soffice starts a second program, which would outlive us otherwise.
# What lies in its folder is a person's: a last shell, which has left the group, removes it.
_REMOVE = 'exec >/dev/null; i=0; while sleep 0.1; [ -e "$0" ] && [ $i -lt 50 ]; do rm -rf -- "$0"; i=$((i+1)); done'
_LISTEN = f"""{{ read -r _ <&3; : "$(setsid -f /bin/sh -c '{_REMOVE}' "$PWD")"; kill -9 0; }} >&2 &"""
KEEPER = f'exec 3<&0 </dev/null; "$@" 3<&- & child=$!; {_LISTEN} exec 3<&-; wait "$child"'
# The same for a program that is talked to: one socket, descriptor 1, both ways. No shell keeps it open: when the
# program ends, the socket does.
TALKER = f'exec 3<&0 </dev/null; "$@" <&1 3<&- & child=$!; {_LISTEN} exec 3<&- >&2; wait "$child"'
LOG = "soffice.log"


def run(command: Sequence[str], *, place: Path, environment: Mapping[str, str], seconds: float) -> int:
    """What the command answers (128 + n when signal n ended it), having been watched; its words are in ``place/LOG``.

    Nothing of it is left when this returns or raises. Raises ConversionStopped after ``seconds``. Should we be killed
    meanwhile, ``place`` is removed.
    """
    with lifeline() as line, (place / LOG).open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 -- our own command line; no value of a form is in it
            ["/bin/sh", "-c", KEEPER, "liasse", *command],
            cwd=place,
            env=dict(environment),
            stdin=line,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            return process.wait(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise too_slow(seconds) from error
        finally:
            end(process)


def too_slow(seconds: float) -> ConversionStopped:
    """The error to raise when LibreOffice did not finish in time."""
    return ConversionStopped(
        f"LibreOffice did not finish in {seconds:.0f} s and was stopped. Try again; if it lasts, "
        "look at the load of the machine and at the Word templates that were changed last."
    )


@contextlib.contextmanager
def lifeline() -> Iterator[int]:
    """The end of a pipe to be listened to; its other end is ours, and no other program inherits it."""
    line, ours = os.pipe()
    try:
        yield line
    finally:
        os.close(line)
        os.close(ours)


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill the whole group; the cage dies with its keeper, and all that is in it with the cage."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
