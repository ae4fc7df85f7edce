"""Content-addressed spool of received files, and atomic publication of folders in the outbox.

Everything is on the disk before the next step relies on it: the file, then its name, then the ledger, and only then
does the original leave the inbox.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import Gone, Transient
from pipeline.core.models import Form
from pipeline.core.modes import give, group_of, make_folder
from pipeline.core.text import visible_line
from pipeline.core.timing import step
from pipeline.core.workspace import Workspace
from pipeline.storage.durable import disk_errors, sync_folder, write_file, write_folder
from pipeline.storage.kill_points import passing
from pipeline.storage.openat import folder_of
from pipeline.storage.temporary import own_prefix

BIGGEST = 50_000_000  # bytes; beyond, only the beginning is kept: no form is that large
CHUNK = 1 << 20
_KNOWN_SUFFIXES = frozenset({".pdf", ".docx", ".doc", ".odt", ".jpg", ".jpeg", ".png", ".heic", ".zip"})


@dataclass(frozen=True)
class Received:
    """A form in the spool, and the name of the file it came as: device, inode, time and size."""

    form: Form
    source: str


def _unsaid(_sha256: str) -> None:
    """Announce a file to nobody."""


Announce = Callable[[str], object]  # says of a hash, before a file has it as its name, that no form rests on it yet


def receive(path: Path, workspace: Workspace, received_on: dt.date, *, announce: Announce = _unsaid) -> Received:
    """Copy a file into the spool, durably; the same bytes twice are one form.

    ``announce`` is called before the file has its name: the ledger knows whatever lies in the spool. Raises
    Transient for what may go better later (a full disk, a file that is being written), Gone for a file that is
    there no more since it was seen, HouseError otherwise.
    """
    before, sha256 = _kept(path, workspace.inbox, workspace.spool, announce)
    passing("stored")
    return Received(
        Form(sha256, spool_file(workspace, sha256), visible_line(path.name), received_on), source_of(before)
    )


def receive_part(data: bytes, workspace: Workspace, *, announce: Announce = _unsaid) -> tuple[str, Path]:
    """Keep what was cut out of a received file, durably: its hash and its place. Says and raises as ``receive``."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = spool_file(workspace, sha256)
    if not holds(path, data):
        announce(sha256)
        put_file(path, data)
        sync_folder(workspace.spool)
    return sha256, path


def receive_joined(path: Path, workspace: Workspace, *, announce: Announce = _unsaid) -> str:
    """Copy a file that a person joins to a packet, durably; its hash. Says and raises as ``receive``."""
    return _kept(path, workspace.inbox, workspace.joined, announce)[1]


def _kept(path: Path, inbox: Path, place: Path, announce: Announce) -> tuple[os.stat_result, str]:
    """A file copied under the hash of its bytes into a folder of ours, on the disk: what it was, and the hash."""
    with disk_errors(
        f"{visible_line(path.name)} cannot be received", "It is left where it is; free space or mend access."
    ):
        make_folder(place)
        before, copy, sha256 = _copied(path, place, inbox)
        try:
            passing("copied")
            announce(sha256)
            target = place / sha256[:2] / sha256
            make_folder(target.parent)
            copy.replace(target)
        finally:
            copy.unlink(missing_ok=True)  # the ledger or the disk refused: it is made anew at the next try
        sync_folder(target.parent)
        sync_folder(place)
    return before, sha256


def spool_file(workspace: Workspace, sha256: str) -> Path:
    """Where the received file of a form lies."""
    return workspace.spool / sha256[:2] / sha256


def received_name(form: Form) -> str:
    """What a received file is called where it is handed out: « formulaire-recu.pdf », ``.bin`` for other kinds."""
    suffix = Path(form.name).suffix.lower()
    return f"formulaire-recu{suffix if suffix in _KNOWN_SUFFIXES else '.bin'}"


def _copied(path: Path, place: Path, inbox: Path) -> tuple[os.stat_result, Path, str]:
    """The file's bytes under a temporary name, on the disk, with their hash."""
    try:
        source = _open_regular(path, inbox)
    except FileNotFoundError:
        raise Gone(
            f"{visible_line(path.name)} cannot be received: it is there no more. Another liasse or a person took it "
            "at the same moment; if not, look where it is."
        ) from None
    try:
        before = os.fstat(source)
        with tempfile.NamedTemporaryFile(dir=place, prefix=own_prefix(), delete=False) as copy:
            try:
                digest = hashlib.sha256()
                size = 0
                while size <= BIGGEST and (chunk := os.read(source, CHUNK)):
                    digest.update(chunk)
                    copy.write(chunk)
                    size += len(chunk)
                copy.flush()
                os.fsync(copy.fileno())
                _require_still(path, before, os.fstat(source))
            except BaseException:
                Path(copy.name).unlink(missing_ok=True)
                raise
    finally:
        os.close(source)
    return before, Path(copy.name), digest.hexdigest()


def _require_still(path: Path, before: os.stat_result, after: os.stat_result) -> None:
    if source_of(after) != source_of(before):
        raise Transient(
            f"{visible_line(path.name)} changed while it was copied. It is left where it is: run again "
            "once it is whole; a service goes on by itself."
        )


def source_of(seen: os.stat_result) -> str:
    """What tells one file from another and from its own later self."""
    return f"{seen.st_dev}:{seen.st_ino}:{seen.st_mtime_ns}:{seen.st_size}"


def _open_regular(path: Path, inbox: Path) -> int:
    with folder_of(path, inbox) as folder:
        descriptor = os.open(path.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError("not a regular file")
    return descriptor


@step("publish")
def publish(
    target: Path,
    files: Mapping[str, bytes],
    *,
    manifest: str | None = None,
    turn: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> bool:
    """Write a folder beside its place, make it durable, then rename it there, within ``turn``.

    In a folder that is shared with a group, the group may read it; elsewhere it is our account's alone.

    With ``manifest``, a folder that holds the same manifest already is left as it is, and the answer is ``False``;
    without, an older folder of that name is replaced. Raises Transient or HouseError if the disk refuses.
    """
    if manifest and holds(target / manifest, files[manifest]):
        return False
    with _unnamed(target):
        group = _group_above(target.parent)
        make_folder(target.parent, group)
        work = Path(tempfile.mkdtemp(dir=target.parent, prefix=own_prefix()))
        try:
            give(work, group, is_folder=True)  # before it is synced, as all of it is
            write_folder(work, files, group)
            passing("written")
            with turn():
                refused = _take_place(work, target, manifest)
            if isinstance(refused, OSError):
                raise refused
            passing("published")
            sync_folder(target.parent)
        finally:
            for left in (work, _older(work)):
                shutil.rmtree(left, ignore_errors=True)
    return not refused


def _take_place(work: Path, target: Path, manifest: str | None) -> OSError | bool:
    """Give a folder its name, for the older one that had it; ``True`` if that one holds the same manifest, and stays.

    An error of the disk is answered, not raised: whoever gives the turn would take it for one of its own.
    """
    try:
        if manifest and holds(target / manifest, (work / manifest).read_bytes()):
            return True
        if target.exists():
            target.rename(_older(work))  # never seen half removed
        work.rename(target)
    except OSError as error:
        return error
    return False


def _older(work: Path) -> Path:
    return work.with_name(f"{work.name}_old")


def put_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, in the place of an older one, for its owner's eyes (0600).

    In a folder that is shared with a group, such as the outbox, the group may read it (0640).
    Raises Transient or HouseError if the disk refuses.
    """
    with disk_errors(f"{path} cannot be written", "Free space or mend access, then run again."):
        group = _group_above(path.parent)
        make_folder(path.parent, group)
        work = path.parent / f"{own_prefix()}{path.name}"
        try:
            work.unlink(missing_ok=True)
            write_file(work, data, group)
            work.replace(path)
            sync_folder(path.parent)
        finally:
            work.unlink(missing_ok=True)


@contextmanager
def _unnamed(folder: Path) -> Iterator[None]:
    """The same for a folder whose name may be a person's: only the id at its end is told."""
    try:
        yield
    except OSError as error:
        what = f"…{folder.name[-8:]} cannot be written in {folder.parent}"
        with disk_errors(what, "Free space or mend access, then run again."):
            raise OSError(error.errno, error.strerror or type(error).__name__) from error


def holds(path: Path, data: bytes) -> bool:
    """Whether there is a file with just these bytes."""
    return path.is_file() and path.read_bytes() == data


def _group_above(folder: Path) -> int | None:
    """The group for which a folder is made, or was."""
    return group_of(next(place for place in (folder, *folder.parents) if place.is_dir()))
