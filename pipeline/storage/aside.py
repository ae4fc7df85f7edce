"""Files put aside: out of the inbox once their form is noted, and back into it if they changed after that.

Who writes a file may go on writing it under its new name. Its content then no more has the hash that its name begins
with, and what was read of it was a part.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.modes import private_folder
from pipeline.core.text import visible_line
from pipeline.core.workspace import Workspace
from pipeline.storage.durable import disk_errors, sync_folder
from pipeline.storage.kill_points import passing
from pipeline.storage.openat import folder_of, place_below
from pipeline.storage.spool import BIGGEST, CHUNK, Received, source_of

ASIDE = ".traites"
_LONGEST_NAME = 255  # bytes, on the file systems of Linux
_NAMED = re.compile("([0-9a-f]{8})-(.+)", re.DOTALL)


@dataclass(frozen=True)
class Changed:
    """A file put aside that is no more what was received as the form of that id; the name under which it came."""

    path: Path
    id: str
    name: str


def put_aside(path: Path, workspace: Workspace, received: Received) -> None:
    """Move a file whose form is noted out of the inbox; one that was named from elsewhere stays where it is.

    A file that was replaced meanwhile stays too: it is another one, to be received in its turn.
    """
    if place_below(path, workspace.inbox) is None:
        return
    with disk_errors(
        f"{visible_line(path.name)} cannot leave the inbox", "It is noted already; mend access, then run again."
    ):
        aside = workspace.inbox / ASIDE
        try:
            with folder_of(path, workspace.inbox) as folder:
                if source_of(os.stat(path.name, dir_fd=folder, follow_symlinks=False)) != received.source:
                    return
                private_folder(aside)
                name = os.fsdecode(os.fsencode(f"{received.form.id}-{path.name}")[:_LONGEST_NAME])
                os.rename(path.name, aside / name, src_dir_fd=folder)
                os.fsync(folder)
        except FileNotFoundError:
            return
        sync_folder(aside)
    passing("aside")


def name_aside(form_id: str, workspace: Workspace) -> str:
    """The name under which a form's file came, as far as the copy put aside tells it."""
    found = next((workspace.inbox / ASIDE).glob(f"{form_id}-*"), None)
    return visible_line(found.name.partition("-")[2]) if found else "formulaire repris"


def changed_aside(
    workspace: Workspace, sources: Callable[[], Collection[str]], unchanged: set[tuple[str, str]]
) -> Iterator[Changed]:
    """The files put aside that changed since. ``sources``: those that were received, by ``source_of``.

    ``unchanged`` remembers what was looked at, from one look to the next: only what is new is looked at again.
    """
    aside = workspace.inbox / ASIDE
    if not aside.is_dir():
        return
    known: set[str] | None = None
    for entry in sorted(os.scandir(aside), key=lambda one: one.name):
        named = _NAMED.fullmatch(entry.name)
        try:
            seen = entry.stat(follow_symlinks=False)
        except OSError:
            continue  # it is gone
        if named is None or not stat.S_ISREG(seen.st_mode):
            continue
        told = source_of(seen).split(":", 2)[2]  # its time and its size: a disk that was restored numbers it anew
        if (entry.name, told) in unchanged:
            continue
        if known is None:
            known = {source.split(":", 2)[-1] for source in sources()}
        path = Path(entry.path)
        if told in known or _hash(path).startswith(named[1]):
            unchanged.add((entry.name, told))
        else:
            yield Changed(path, named[1], named[2])


def put_back(changed: Changed, workspace: Workspace) -> None:
    """Give a file back to the inbox under its name, or one beside it where that is taken. Raises HouseError."""
    stem, suffix = os.path.splitext(changed.name)  # noqa: PTH122 -- its bytes may be no text
    with disk_errors("a file that changed cannot go back to the inbox", "Mend access; it is tried again."):
        for name in (changed.name, f"{stem} ({changed.id}){suffix}"):
            if give_name(changed.path, workspace.inbox / name):
                break
        sync_folder(workspace.inbox)


def give_name(path: Path, place: Path) -> bool:
    """Give a file or a folder another name that nothing has yet; ``False`` where something has. Raises OSError."""
    try:
        os.link(path, place)
    except FileExistsError:
        return False
    except OSError:  # a share without second names
        if os.path.lexists(place):
            return False
        path.rename(place)
    else:
        path.unlink()
    return True


def _hash(path: Path) -> str:
    """The hash under which a file would be received."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while size <= BIGGEST and (chunk := file.read(CHUNK)):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest()
