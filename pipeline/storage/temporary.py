"""Temporary files: each name says which process makes it, and what the dead left is swept away."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.core.modes import make_folder
from pipeline.core.workspace import Workspace
from pipeline.storage.durable import disk_errors, sync_folder
from pipeline.storage.processes import is_alive, is_dead, this_process
from pipeline.storage.turns import present

_TMP = ".tmp-"
# Whose it is (machine, boot, number, birth of the process), and what: no name of anybody else's looks like it.
_OURS = re.compile(rf"{re.escape(_TMP)}(.+?)_([^_]+)_(\d+)_(\d+|gone)-(.+)", re.DOTALL)
_DEEPEST = 3  # below the outbox: formation, year, packet
_OLD = 86_400.0  # seconds after which what another machine left half written is swept


@contextmanager
def own_temporary(workspace: Workspace) -> Iterator[None]:
    """Within: whatever this process writes for a moment lies in the workspace's memory, where a sweep finds it.

    Half made documents hold a person's data; a process that is killed cannot remove them itself. What libraries and
    programs that we start write is closed to others, whatever the umask was.
    """
    if tempfile.tempdir and Path(tempfile.tempdir).name.startswith(own_prefix()):
        yield  # within another
        return
    place = workspace.memory / "travail"
    with present(workspace.root), _closed():
        with disk_errors("no temporary file can be written", "Free space or mend access, then run again."):
            make_folder(place)
            own = tempfile.mkdtemp(dir=place, prefix=own_prefix())
        before, tempfile.tempdir = tempfile.tempdir, own
        try:
            yield
        finally:
            tempfile.tempdir = before
            shutil.rmtree(own, ignore_errors=True)


@contextmanager
def _closed() -> Iterator[None]:
    """Within: what is made without a mode of its own is our account's alone."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def keep_temporary() -> None:
    """Say that this process still uses that place: other machines cannot see that it lives, and sweep what is old."""
    if tempfile.tempdir and Path(tempfile.tempdir).name.startswith(_TMP):
        with suppress(OSError):
            os.utime(tempfile.tempdir)


@contextmanager
def thrown_away(workspace: Workspace) -> Iterator[Path]:
    """A folder in the workspace's memory, on the disk of the received files, gone afterwards; swept if we die."""
    with present(workspace.root):
        make_folder(workspace.memory)
        with tempfile.TemporaryDirectory(dir=workspace.memory, prefix=own_prefix()) as folder:
            yield Path(folder)


def take_down(folder: Path) -> None:
    """Remove a folder that people see: gone at once, whatever happens meanwhile; nothing where there is none.

    It loses its name before its files: what is left of it if we die, a sweep finds. Raises OSError.
    """
    if not folder.is_dir():
        return
    hidden = Path(tempfile.mkdtemp(dir=folder.parent, prefix=own_prefix()))
    try:
        folder.rename(hidden)
    except OSError:
        hidden.rmdir()
        raise
    sync_folder(folder.parent)
    shutil.rmtree(hidden)


def sweep(workspace: Workspace) -> int:
    """Remove what processes that are no more left half written; how much there was."""
    kept = (workspace.spool, workspace.joined, workspace.school)  # and their folders, where files are put too
    places = [*_folders(workspace.outbox), *kept]
    places += [folder for place in kept for folder in place.glob("*") if folder.is_dir() and not folder.is_symlink()]
    return sweep_memory(workspace) + sum(sweep_folder(place) for place in places if place.is_dir())


def sweep_memory(workspace: Workspace) -> int:
    """The same in the workspace's memory alone, which is quickly looked through."""
    return sum(sweep_folder(place) for place in (workspace.memory, workspace.memory / "travail"))


def sweep_folder(place: Path, what: str = "") -> int:
    """Remove what processes that are no more left half written in a folder, ``what`` alone if given; how much.

    Only what bears the name of a process of liasse is looked at: a folder may be others' too.
    """
    found = [left for left in place.glob(f"{_TMP}*") if left.name.endswith(what) and _is_abandoned(left)]
    for left in found:
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            with suppress(OSError):  # the school's folder may be another's to write in
                left.unlink(missing_ok=True)
    return len(found)


def _folders(place: Path, below: int = _DEEPEST) -> Iterator[Path]:
    """The folders of the outbox in which packets and letters are made, and those in which a note is put."""
    if place.is_dir() and not place.is_symlink():
        yield place
        if below:
            for inner in place.iterdir():
                yield from _folders(inner, below - 1)


def is_temporary(path: Path) -> bool:
    """Whether that is the name of what is being written, or was left half written: a sweep's to remove."""
    return _OURS.fullmatch(path.name) is not None


def own_prefix() -> str:
    """A temporary name says whose it is, so that the living are left alone."""
    return f"{_TMP}{this_process().replace(' ', '_')}-"


def _is_abandoned(left: Path) -> bool:
    named = _OURS.fullmatch(left.name)
    if named is None:
        return False
    owner = " ".join(named.groups()[:4])
    if is_dead(owner) or is_alive(owner):
        return is_dead(owner)
    try:
        return time.time() - left.stat().st_mtime > _OLD
    except OSError:
        return False
