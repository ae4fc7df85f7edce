"""File modes: what liasse makes is its account's alone, but in a folder that is shared with a group.

A mode is set when the file is made, whatever the umask is: nothing is readable by more people than it will be in the
end. A file system that keeps no modes (a key, a share) goes by its mount.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

FOLDER, FILE = 0o700, 0o600
SHARED_FOLDER, SHARED_FILE = 0o750, 0o640
_GROUP_READS = 0o050
_OTHERS = 0o007
_standing: list[Path] = []  # the memories of the workspaces that are open
_NO_MODES = (errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.ENOSYS)


def group_of(folder: Path) -> int | None:
    """The number of the group with which a folder is shared, if any.

    It, or one above it, is marked setgid, and from there on each is closed to others and lets the group in. Raises
    OSError where it cannot be looked at.
    """
    for place in (folder.absolute(), *folder.absolute().parents):
        seen = place.stat()
        if seen.st_mode & _OTHERS or seen.st_mode & _GROUP_READS != _GROUP_READS:
            return None
        if seen.st_mode & stat.S_ISGID:
            return seen.st_gid
    return None


def make_folder(path: Path, group: int | None = None) -> None:
    """Make a folder, and those above it, for our account and a group; one that is there stays. Raises OSError.

    Its name is on the disk when this returns: what is then written in it outlives a power cut. In a workspace that
    was moved away since it was opened (``standing``) nothing is made: that is a FileNotFoundError.
    """
    if path.is_dir():
        return
    if any(path.is_relative_to(memory.parent) and not memory.is_dir() for memory in _standing):
        raise FileNotFoundError(errno.ENOENT, "the workspace is gone, and none is made in its place", str(path))
    make_folder(path.parent, group)
    above = path.parent.stat()
    inherits = group is not None and bool(above.st_mode & stat.S_ISGID) and above.st_gid == group
    try:
        path.mkdir(SHARED_FOLDER if inherits else FOLDER)
    except FileExistsError:
        if not path.is_dir():
            raise
    else:
        give(path, group, is_folder=True)
        _sync_names(path.parent)


@contextmanager
def standing(memory: Path) -> Iterator[None]:
    """Within: where that folder of a workspace is gone, no folder of the workspace is made anew."""
    _standing.append(memory)
    try:
        yield
    finally:
        _standing.remove(memory)


def _sync_names(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def private_folder(path: Path) -> Path:
    """Make a folder, and those above it, for our account alone; one of ours is closed if need be. Raises OSError."""
    make_folder(path)
    if path.stat().st_mode & (_OTHERS | 0o070):
        give(path, None, is_folder=True)
    return path


def new_file(path: Path, group: int | None = None) -> int:
    """The descriptor of a new file to write, for our account and a group; no link is followed. Raises OSError."""
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, FILE)
    give(number, group)
    return number


@contextmanager
def private_file(path: Path, *, append: bool = False) -> Iterator[BinaryIO]:
    """A file to write for our account alone, new or in the place of what it held; no link is followed."""
    how = os.O_APPEND if append else os.O_TRUNC
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | how, FILE)
    with os.fdopen(number, "ab" if append else "wb") as file:
        give(number, None)
        yield file


def give(place: int | Path, group: int | None, *, is_folder: bool = False) -> None:
    """Give what we made its group, then its mode: without the first, it does not get the second. Raises OSError."""
    closed, shared = (FOLDER, SHARED_FOLDER) if is_folder else (FILE, SHARED_FILE)
    mode = closed if group is None else shared
    seen = os.stat(place)  # noqa: PTH116 -- also of a descriptor
    try:
        if group is not None and seen.st_gid != group:
            os.chown(place, -1, group)
        if seen.st_mode & 0o777 != mode:
            os.chmod(place, mode)  # noqa: PTH101 -- the same
    except OSError as error:
        if error.errno not in _NO_MODES:
            raise
