"""Temporary folder of a LibreOffice run: made, read without following links, removed; nothing in it is trusted."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from pipeline.core.errors import Transient

ROOM = 64_000_000  # bytes that one run may need on the disk: its profile, and the PDFs twice
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_REMOVALS = 100  # of 50 ms: a cage that was killed takes a moment to let go of its files


def new_place() -> Path:
    """An empty folder that only we can enter; raises Transient when the disk is full."""
    try:
        return Path(tempfile.mkdtemp(prefix="liasse-")).resolve()
    except OSError as error:
        if error.errno in FULL:
            raise disk_full(Path(tempfile.gettempdir()) / "liasse") from error
        raise


@contextlib.contextmanager
def workplace() -> Iterator[Path]:
    """Such a folder for a moment, gone afterwards with all that was written in it."""
    place = new_place()
    try:
        yield place
    finally:
        remove(place)


def remove(place: Path) -> None:
    """Remove a folder from which something that was just killed may still be writing."""
    for _ in range(_REMOVALS):
        shutil.rmtree(place, ignore_errors=True)
        if not place.exists():
            return
        time.sleep(0.05)
    shutil.rmtree(place)  # says why


def require_room(place: Path, octets: int) -> None:
    """Raise Transient when the disk cannot hold what comes of that many bytes of Word files."""
    if shutil.disk_usage(place.parent).free < ROOM + 4 * octets:
        raise disk_full(place)


def disk_full(place: Path) -> Transient:
    """The error to raise when the disk under ``place`` is full."""
    free = shutil.disk_usage(place.parent).free // 1_000_000
    return Transient(
        f"the disk that holds {place.parent} is full: {free} MB are free, LibreOffice needs {ROOM // 1_000_000} MB. "
        "Make room; nothing of the form is lost."
    )


def read_plain(path: Path) -> bytes:
    """The bytes of a plain file, none where there is none: a link put there would lead out of the cage."""
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return b""
    with os.fdopen(number, "rb") as file:
        return file.read() if stat.S_ISREG(os.fstat(number).st_mode) else b""


def write_new(path: Path, data: bytes) -> None:
    """Write a file that must not be there yet, not even as a link; raises OSError."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as file:
        file.write(data)
