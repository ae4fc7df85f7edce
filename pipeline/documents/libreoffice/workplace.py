"""Temporary folder of a LibreOffice run: made, read without following links, removed; nothing in it is trusted.

A PDF found there is checked, or the exception says whose fault it is that there is none: ToolMissing when the machine
lacks something, Transient when the same work may succeed later, ConversionError when the document is at fault.
"""

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

from pipeline.core.errors import ConversionError, ConversionStopped, ToolMissing, Transient
from pipeline.core.modes import new_file
from pipeline.documents.libreoffice.process_group import LOG
from pipeline.documents.opened import Opened

ROOM = 64_000_000  # bytes that one run may need on the disk: its profile, and the PDFs twice
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_REMOVALS = 100  # of 50 ms: a cage that was killed takes a moment to let go of its files


def new_place() -> Path:
    """An empty folder that only we can enter; raises Transient when the disk is full."""
    with noticing_a_full_disk(Path(tempfile.gettempdir()) / "liasse"):
        return Path(tempfile.mkdtemp(prefix="liasse-")).resolve()


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


@contextlib.contextmanager
def noticing_a_full_disk(place: Path) -> Iterator[None]:
    """Within: an error of the disk under ``place`` that means that it is full is told as Transient."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise disk_full(place) from error
        raise


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
    with os.fdopen(new_file(path), "wb") as file:
        file.write(data)


_NOT_STARTED = (126, 127)
_KILLED = 137


def good_pdf(path: Path) -> bytes | None:
    """The bytes of a PDF with at least one page, if that is what lies there."""
    data = read_plain(path)
    try:
        with Opened(data) as opened:
            return data if len(opened) else None
    except ConversionError:
        return None


def failure(place: Path, name: str, code: int, reason: str = "") -> ConversionError | Transient | ToolMissing:
    """Why there is no good PDF of the document ``name``: it ended with ``code`` or ``reason`` what is wrong."""
    reason = reason or last_words(place)
    if shutil.disk_usage(place.parent).free < ROOM // 4:
        return disk_full(place)
    if code == _KILLED:
        return ConversionStopped(
            f"LibreOffice was killed while it made {name}: the machine may lack memory. Try again."
        )
    if reason.startswith("bwrap:"):
        return Transient(f"LibreOffice's cage could not be made for {name} ({reason}). Try again.")
    if code in _NOT_STARTED:
        return ToolMissing(f"LibreOffice does not start ({reason}). Install it again.")
    return ConversionError(
        f"LibreOffice made no good PDF of {name} (it answered {code}: {reason or 'nothing'}). "
        "Open its Word template and save it again."
    )


def last_words(place: Path) -> str:
    """The last line that LibreOffice wrote in the log of its folder."""
    words = read_plain(place / LOG).decode(errors="replace").strip()
    return words.rpartition("\n")[2][-200:].replace(str(place), "…")
