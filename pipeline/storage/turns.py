"""Reader-writer lock of a workspace: many work at the same time on this machine, or one works alone."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pipeline.core.modes import private_file

_LOOK = 0.2  # seconds between two looks at a lock that others hold


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
