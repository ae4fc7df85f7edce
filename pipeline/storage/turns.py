"""Reader-writer locks of a workspace: many work at the same time on this machine, or one works alone.

The lock of the whole workspace is on its folder itself: it stays where it is while all that the folder holds is
replaced, and an idle watcher holds it too.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pipeline.core.errors import NotAllowed, Transient
from pipeline.core.modes import private_file
from pipeline.storage.processes import command_of

_LOOK = 0.2  # seconds between two looks at a lock that others hold
_LOCKS = Path("/proc/locks")
_alone: set[Path] = set()  # the workspaces that this process replaces just now: it may also work there


@contextmanager
def turn(folder: Path, *, alone: bool, waiting: Callable[[], object]) -> Iterator[None]:
    """Within, this process works beside others, or ``alone``; ``waiting`` is called as long as that must be awaited.

    The locks lie in ``folder`` and go with the process that holds them. Who wants to be alone keeps the door shut
    meanwhile, or there would always be another inside.
    """
    with (
        private_file(folder / "door.lock", append=True) as door,
        private_file(folder / "room.lock", append=True) as room,
    ):
        _take(door, fcntl.LOCK_EX, waiting)
        _take(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH, waiting)
        fcntl.flock(door, fcntl.LOCK_UN)
        yield


def _take(file: IO[bytes], how: int, waiting: Callable[[], object]) -> None:
    while True:
        try:
            return fcntl.flock(file, how | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            time.sleep(_LOOK)


@contextmanager
def sole(folder: Path) -> Iterator[None]:
    """Within, nobody else purges, erases, recovers, or makes a backup; the others wait until it is their turn."""
    with private_file(folder / "soin.lock", append=True) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def present(root: Path) -> Iterator[None]:
    """Within, this process works in a workspace: nobody restores or recovers it. Raises Transient where one does."""
    if root.resolve() in _alone or not root.is_dir():
        yield
        return
    with _opened(root) as folder:
        try:
            fcntl.flock(folder, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Transient(
                f"{root} is being restored or recovered{_named(folder)}: wait until that has ended, then run again."
            ) from None
        except OSError:
            pass  # a file system that knows no locks
        yield


@contextmanager
def replacing(root: Path) -> Iterator[None]:
    """Within, no other process works in a workspace; raises NotAllowed, that tells who, where one does."""
    with _opened(root) as folder:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotAllowed(
                f"{root} is in use{_named(folder)}. Nothing was changed: stop the service (watch, worker), let the "
                "other commands end, then run this again."
            ) from None
        _alone.add(root.resolve())
        try:
            yield
        finally:
            _alone.discard(root.resolve())


@contextmanager
def _opened(root: Path) -> Iterator[int]:
    """A workspace's own folder, open: what is locked there is free when this ends, however it ends."""
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield folder
    finally:
        os.close(folder)


def _named(folder: int) -> str:
    """Who holds the lock of a folder, as far as the system tells: the commands, without what is said in them."""
    inode = str(os.fstat(folder).st_ino)
    try:
        lines = [line.split() for line in _LOCKS.read_text(encoding="ascii").splitlines()]
    except (OSError, ValueError):
        return ""
    held = [line[4] for line in lines if len(line) > 5 and line[1] == "FLOCK" and line[5].endswith(f":{inode}")]
    told = [f"{command_of(int(number))} (process {number})" for number in held if int(number) > 0]
    return f" by {', '.join(told)}" if told else ""
