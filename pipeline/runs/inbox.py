"""Directory scanner: what lies in the inbox, and when a file is ready: still, whole, and a regular file of its own.

A scan is the truth; events of the file system only make it come sooner.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.modes import make_folder
from pipeline.core.settings import Watching

_IGNORED_STARTS = (".", "~$")
_IGNORED_ENDS = (".tmp", ".part", ".crdownload", ".partial", ".lock", ".download", ".filepart")
_IGNORED = frozenset({"thumbs.db", "desktop.ini", "lisez-moi.txt"})
_SHARES = frozenset({"cifs", "smb3", "smbfs", "nfs", "nfs4", "9p", "fuse.sshfs", "fuse.rclone", "afs", "ceph"})
_MOUNTS = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(r"\\([0-7]{3})")  # a space, a tab, a new line or a backslash in the name of a place
_TAIL = 70_000  # a ZIP's end record may stand before a comment of 64 KB
_PDF_TAIL = 2_048
_PADDING = b"\x00\t\n\f\r "  # what a disk or a gateway fills up a file with
_PDF_WITHIN = 1_030  # bytes: a printer or a gateway may have left a line before it


@dataclass(frozen=True)
class Seen:
    """A file of the inbox as one scan saw it."""

    path: Path
    source: tuple[int, int, int, int]  # device, inode, time of change in ns, size in bytes


@dataclass(frozen=True)
class Scan:
    """One look at the inbox: regular files, and names of what is none (links, pipes, folders, files of two names)."""

    files: tuple[Seen, ...]
    odd: tuple[str, ...]


def scan(folder: Path) -> Scan:
    """Look at the inbox, the oldest file first; what programs leave while they write is not seen."""
    make_folder(folder)
    files, odd = [], []
    with os.scandir(folder) as entries:
        for entry in entries:
            if _is_ignored(entry.name):
                continue
            try:
                seen = entry.stat(follow_symlinks=False)
            except OSError:
                continue  # it is gone, or not ours to look at yet
            if stat.S_ISREG(seen.st_mode) and seen.st_nlink == 1:
                source = (seen.st_dev, seen.st_ino, seen.st_mtime_ns, seen.st_size)
                files.append(Seen(Path(entry.path), source))
            else:
                odd.append(entry.name)
    return Scan(tuple(sorted(files, key=lambda one: (one.source[2], one.path.name))), tuple(sorted(odd)))


def _is_ignored(name: str) -> bool:
    low = name.lower()
    return low.startswith(_IGNORED_STARTS) or low.endswith(_IGNORED_ENDS) or low in _IGNORED


class Settling:
    """Remembers since when each file has not changed. Seconds of a clock that never goes back."""

    def __init__(self, settings: Watching, *, share: bool) -> None:
        self._calm = settings.calme_partage if share else settings.calme
        self._late = settings.incomplet
        self._still: dict[Path, tuple[tuple[int, int, int, int], float]] = {}

    def ready(self, seen: Scan, now: float) -> Iterator[tuple[Path, bool]]:
        """The files that are ready, each with whether it is whole; one that is not is given up after a long time."""
        fresh = {}
        for file in seen.files:
            before = self._still.get(file.path)
            since = before[1] if before and before[0] == file.source else now
            fresh[file.path] = (file.source, since)
        self._still = fresh
        for path, (_, since) in fresh.items():
            if now - since >= self._calm:
                whole = is_whole(path)
                if whole or now - since >= self._late:
                    yield path, whole

    @property
    def pending(self) -> int:
        """How many files are waited for."""
        return len(self._still)


def is_whole(path: Path) -> bool:
    """Whether a file has its end: a PDF its mark, a Word document its directory; of other files we cannot tell."""
    try:
        with path.open("rb") as file:
            head = file.read(_PDF_WITHIN)
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
            tail = file.read()
    except OSError:
        return False  # still held by who writes it
    if head.startswith(b"PK\x03\x04"):
        return b"PK\x05\x06" in tail
    if b"%PDF-" in head:
        return b"%%EOF" in tail.rstrip(_PADDING)[-_PDF_TAIL:]
    return bool(head)


def is_share(folder: Path) -> bool:
    """Whether a folder lies on a network share, where events do not come and writing takes its time."""
    try:
        lines = os.fsdecode(_MOUNTS.read_bytes()).splitlines()
    except OSError:
        return False
    folder, place, kind = folder.resolve(), "", ""
    for line in lines:
        left, _, right = line.partition(" - ")
        mounted = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), left.split(" ")[4])
        if folder.is_relative_to(mounted) and len(mounted) >= len(place):
            place, kind = mounted, right.split(" ")[0]
    return kind in _SHARES
