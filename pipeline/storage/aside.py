"""Files put aside: out of the inbox once their form is noted, and back into it if they changed after that.

Who writes a file may go on writing it under its new name. Its content then no more has the hash that its name begins
with, and what was read of it was a part. Only a file that we put there is believed so: it is still the same one on
the disk (device and inode) that was received as that form.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.text import visible_line
from pipeline.core.workspace import Workspace
from pipeline.storage.aside_place import ASIDE, made_aside, opened_aside
from pipeline.storage.durable import disk_errors
from pipeline.storage.kill_points import passing
from pipeline.storage.openat import folder_of, place_below
from pipeline.storage.spool import BIGGEST, CHUNK, Received, source_of

_LONGEST_NAME = 255  # bytes, on the file systems of Linux
_NAMED = re.compile("([0-9a-f]{8})-(.+)", re.DOTALL)


@dataclass(frozen=True)
class Changed:
    """A file put aside that is no more what was received as the form of that id; the name under which it came.

    ``foreign``: it is another file than the one that was received: somebody laid it there, and it says nothing.
    """

    place: str  # its name in our folder
    id: str
    name: str
    foreign: bool


def put_aside(path: Path, workspace: Workspace, received: Received) -> None:
    """Move a file whose form is noted out of the inbox; one that was named from elsewhere stays where it is.

    A file that was replaced meanwhile stays too: it is another one, to be received in its turn.
    """
    if place_below(path, workspace.inbox) is None:
        return
    with disk_errors(
        f"{visible_line(path.name)} cannot leave the inbox", "It is noted already; mend access, then run again."
    ):
        try:
            with folder_of(path, workspace.inbox) as folder, made_aside(workspace) as aside:
                if source_of(os.stat(path.name, dir_fd=folder, follow_symlinks=False)) != received.source:
                    return
                name = os.fsdecode(os.fsencode(f"{received.form.id}-{path.name}")[:_LONGEST_NAME])
                os.rename(path.name, name, src_dir_fd=folder, dst_dir_fd=aside)
                os.fsync(folder)
                os.fsync(aside)
        except FileNotFoundError:
            return
    passing("aside")


def copies_aside(form_id: str, workspace: Workspace) -> tuple[Path, ...]:
    """The copies of a form's file in our folder; none in one that is not ours. Raises OSError."""
    with opened_aside(workspace) as aside:
        names = [] if aside is None else sorted(_names(aside, form_id))
    return tuple(workspace.inbox / ASIDE / name for name in names)


def remove_aside(form_id: str, workspace: Workspace) -> None:
    """Remove the copies of a form's file from our folder, durably; nothing elsewhere. Raises HouseError."""
    with (
        disk_errors(f"the copies of {form_id} cannot be removed", "Mend access, then purge again."),
        opened_aside(workspace) as aside,
    ):
        names = [] if aside is None else _names(aside, form_id)
        for name in names:
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=aside)
        if names and aside is not None:
            os.fsync(aside)


def name_aside(form_id: str, workspace: Workspace) -> str:
    """The name under which a form's file came, as far as the copy put aside tells it."""
    found = next(iter(copies_aside(form_id, workspace)), None)
    return visible_line(found.name.partition("-")[2]) if found else "formulaire repris"


def changed_aside(
    workspace: Workspace, sources: Callable[[], Mapping[str, str]], unchanged: set[tuple[str, str]]
) -> Iterator[Changed]:
    """The files put aside that changed since. ``sources``: those received, by ``source_of``, with their hashes.

    ``unchanged`` remembers what was looked at, from one look to the next: only what is new is looked at again.
    Raises OSError.
    """
    with opened_aside(workspace) as aside:
        if aside is None:
            return
        known: _Known | None = None
        for name in sorted(os.listdir(aside)):  # noqa: PTH208 -- an open folder
            named = _NAMED.fullmatch(name)
            try:
                seen = os.stat(name, dir_fd=aside, follow_symlinks=False)
            except FileNotFoundError:
                continue
            told = source_of(seen).split(":", 2)[2]
            if (name, told) in unchanged:
                continue
            known = known or _Known.of(sources())
            if named is None or not stat.S_ISREG(seen.st_mode):
                unchanged.add((name, told))
                yield Changed(name, "", name, foreign=True)
                continue
            try:
                same = told in known.times or _hash(name, aside).startswith(named[1])
            except FileNotFoundError:  # another liasse gave it back
                continue
            if same:
                unchanged.add((name, told))
            else:
                foreign = (named[1], seen.st_dev, seen.st_ino) not in known.files
                if foreign:
                    unchanged.add((name, told))
                yield Changed(name, named[1], named[2], foreign)


def put_back(changed: Changed, workspace: Workspace) -> None:
    """Give a file back to the inbox under its name, or one beside it where that is taken. Raises HouseError."""
    stem, suffix = os.path.splitext(changed.name)  # noqa: PTH122 -- its bytes may be no text
    with (
        disk_errors("a file that changed cannot go back to the inbox", "Mend access; it is tried again."),
        suppress(FileNotFoundError),  # another liasse gave it back
        opened_aside(workspace) as aside,
        folder_of(workspace.inbox / "-", workspace.inbox) as inbox,
    ):
        for name in (changed.name, f"{stem} ({changed.id}){suffix}"):
            if aside is None or give_name(changed.place, name, of=aside, into=inbox):
                break
        os.fsync(inbox)


@dataclass(frozen=True)
class _Known:
    """What the ledger tells of received files.

    Their times and sizes (a disk that was restored numbers them anew), and each form's id with the device and the
    inode of a file that came as it.
    """

    times: Collection[str]
    files: Collection[tuple[str, int, int]]

    @classmethod
    def of(cls, sources: Mapping[str, str]) -> _Known:
        parts = [(sha256, source.split(":", 2)) for source, sha256 in sources.items()]
        whole = [(sha256, one) for sha256, one in parts if len(one) == 3 and (one[0] + one[1]).isdecimal()]
        return cls(
            frozenset(one[2] for _, one in whole),
            frozenset((sha256[:8], int(one[0]), int(one[1])) for sha256, one in whole),
        )


def _names(aside: int, form_id: str) -> list[str]:
    return [name for name in os.listdir(aside) if name.startswith(f"{form_id}-")]


def give_name(old: str | Path, new: str | Path, *, of: int | None = None, into: int | None = None) -> bool:
    """Give a file or a folder another name that nothing has yet; ``False`` where something has. Raises OSError.

    ``of`` and ``into`` are open folders in which the names are looked up.
    """
    try:
        os.link(old, new, src_dir_fd=of, dst_dir_fd=into, follow_symlinks=False)
    except FileExistsError:
        return False
    except OSError:  # a folder, or a share without second names
        with suppress(FileNotFoundError):
            os.stat(new, dir_fd=into, follow_symlinks=False)
            return False
        os.rename(old, new, src_dir_fd=of, dst_dir_fd=into)
    else:
        os.unlink(old, dir_fd=of)
    return True


def _hash(name: str, aside: int) -> str:
    """The hash under which a file would be received."""
    digest, size = hashlib.sha256(), 0
    number = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=aside)
    with os.fdopen(number, "rb") as file:
        while size <= BIGGEST and (chunk := file.read(CHUNK)):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest()
