"""Access to a workspace: who on the machine may enter its folders, set when it is opened and looked over on demand.

``inbox/`` (3770) and ``outbox/`` (2750) are the group's that ``[acces]`` of ``liasse.toml`` names; without one, and
everywhere else, nobody but our account reads a name.
"""

from __future__ import annotations

import grp
import logging
import os
import pwd
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import ConfigError
from pipeline.core.modes import FILE, FOLDER, SHARED_FILE, SHARED_FOLDER, group_of, make_folder
from pipeline.core.workspace import Workspace
from pipeline.storage.aside_place import free_aside, opened_aside
from pipeline.storage.durable import disk_errors
from pipeline.storage.temporary import is_temporary

log = logging.getLogger(__name__)
INBOX, OUTBOX = 0o3770, 0o2750  # of the group; who reads packets does not write them
LOOSE = INBOX & ~stat.S_ISVTX  # an inbox in which members may rename each other's files, and a folder of ours
_SHARED, _OTHERS = 0o077, 0o007


@dataclass(frozen=True)
class Looked:
    """A folder looked over: how much in it was open and is closed now, cannot be closed, is another account's."""

    place: Path
    mended: int = 0
    refused: int = 0
    foreign: int = 0


def close_places(workspace: Workspace) -> None:
    """Close what is there of a workspace to all other accounts; the group's folders keep their group for now."""
    for place in _private(workspace):
        if _is_open(place) and _is_ours(place, workspace) and _set(place, FOLDER):
            _look_within(place, None)
    for place in (workspace.inbox, workspace.outbox):
        with suppress(OSError):
            mode = stat.S_IMODE(place.stat().st_mode)
            if mode & _OTHERS and _is_ours(place, workspace):
                _set(place, mode & ~_OTHERS)
    free_aside(workspace)
    with suppress(OSError), opened_aside(workspace):
        pass  # opening it closes it to others


def share_places(workspace: Workspace, name: str) -> int | None:
    """Give inbox and outbox to the group of that name, or close them without one; the number of the group.

    Raises ConfigError for an unknown group, or one that our account cannot give them to; HouseError, Transient.
    """
    group = _number_of(name) if name else None
    with disk_errors("inbox/ and outbox/ cannot be opened", "Mend their owner or their access, then run again."):
        for place, mode in ((workspace.inbox, INBOX), (workspace.outbox, OUTBOX)):
            make_folder(place)
            if place == workspace.inbox and not _is_ours(place, workspace):
                mode = LOOSE  # noqa: PLW2901 -- under the sticky bit we could take nothing out of another's folder
            seen = place.stat()
            if group is None:
                if seen.st_mode & _SHARED and _is_ours(place, workspace):
                    _give(place, workspace, FOLDER)
                    _say_closed(place, seen)
            elif not _has(seen, mode, group):
                given = _give(place, workspace, mode, group) or _is_shared(place, workspace, group)
                if not given:
                    raise _refused(place, name, mode)
        if group is not None and group_of(workspace.outbox) != group:
            raise _refused(workspace.outbox, name, OUTBOX)
    return group


def is_loose(workspace: Workspace) -> bool:
    """Whether members of the group may rename, in the inbox, files of each other and folders of ours."""
    mode = workspace.inbox.stat().st_mode
    return bool(mode & stat.S_IWGRP) and not mode & stat.S_ISVTX


def _has(seen: os.stat_result, mode: int, group: int) -> bool:
    return (seen.st_gid, stat.S_IMODE(seen.st_mode)) == (group, mode)


def _is_shared(place: Path, workspace: Workspace, group: int) -> bool:
    """Whether a folder that takes no mode from us is the group's all the same.

    A share, which keeps no modes, has 770 by its mount; a service that may set no setgid cannot add a sticky bit.
    """
    return any(_has(place.stat(), mode, group) for mode in (0o770, *([LOOSE] if place == workspace.inbox else [])))


def _give(place: Path, workspace: Workspace, mode: int, group: int | None = None) -> bool:
    """Set the access of inbox or outbox; the second stays closed until all that is in it is set right."""
    if place == workspace.outbox and _set(place, FOLDER) and not _is_open(place):
        _look_within(place, group)
    return _set(place, mode, group)


def look_over(workspace: Workspace, name: str) -> Iterator[Looked]:
    """Look at everything we hold in a workspace, close what is open, and share with that group what is its own.

    Raises as ``share_places``.
    """
    memory, outbox = workspace.memory, workspace.outbox
    places = [place for place in (*_private(workspace), workspace.inbox, outbox) if place.is_dir()]
    were_open = {place for place in places if _is_open(place, name)}
    close_places(workspace)
    group = share_places(workspace, name)
    for place in places:
        closed = not _is_open(place, name)
        mended, refused = int(place in were_open and closed), int(not closed)
        if place in (memory, outbox):
            within = _look_within(place, group if place == outbox else None)
            yield Looked(place, mended + within.mended, refused + within.refused, within.foreign)
        else:
            yield Looked(place, mended, refused)


def advice(place: Path, workspace: Workspace) -> str:
    """How somebody who may closes a folder that we cannot."""
    account = _account(workspace.memory.stat().st_uid)
    return (
        f"sudo chown -R {account} {place}, then 'liasse doctor' as {account}; where a file system keeps no modes, by "
        "the options of its mount."
    )


def _private(workspace: Workspace) -> tuple[Path, ...]:
    """The folders that are our account's alone. Settings of a school that lie elsewhere are somebody else's."""
    school = (workspace.school,) if workspace.school.parent == workspace.root else ()
    return (workspace.memory, *school)


def _is_ours(place: Path, workspace: Workspace) -> bool:
    """Whether a folder is of the account that works here; closed by root, another's would be closed to that one."""
    account = workspace.memory.stat().st_uid if workspace.memory.is_dir() else os.geteuid()
    return place.stat().st_uid == account


def _is_open(place: Path, group: str = "") -> bool:
    """Whether a folder that is there lets in more than our account; inbox and outbox, a group too."""
    try:
        mode = place.stat().st_mode
    except OSError:
        return False
    return bool(mode & (_OTHERS if group and place.name in ("inbox", "outbox") else _SHARED))


def _set(place: Path, mode: int, group: int | None = None) -> bool:
    """Set the group and the mode of a folder; false where that is not ours to do."""
    try:
        if group is not None and place.stat().st_gid != group:
            os.chown(place, -1, group)
        if stat.S_IMODE(place.stat().st_mode) != mode:
            place.chmod(mode)
    except PermissionError:
        return False
    return True


def _look_within(top: Path, group: int | None) -> Looked:
    """Set right what lies in a folder; what others half wrote, links and files of two names are left."""
    counts = {"mended": 0, "refused": 0, "foreign": 0}
    owner = top.stat().st_uid
    for _, folders, files, here in os.fwalk(top, follow_symlinks=False):
        folders[:] = [name for name in folders if not is_temporary(Path(name))]
        for name in (*folders, *(name for name in files if not is_temporary(Path(name)))):
            with suppress(FileNotFoundError):
                word = _mend(name, here, owner, group)
                if word:
                    counts[word] += 1
    return Looked(top, **counts)


def _mend(name: str, here: int, owner: int, group: int | None) -> str:
    """What was done with an entry of an open folder: a name of Looked, or nothing."""
    seen = os.stat(name, dir_fd=here, follow_symlinks=False)
    is_file = stat.S_ISREG(seen.st_mode)
    if not is_file and not stat.S_ISDIR(seen.st_mode):
        return ""
    if seen.st_uid != owner:
        return "foreign"
    closed, shared = (FILE, SHARED_FILE) if is_file else (FOLDER, SHARED_FOLDER)
    mode = closed if group is None else shared
    right = not seen.st_mode & _SHARED if group is None else (seen.st_gid, seen.st_mode & 0o777) == (group, mode)
    if right or (is_file and seen.st_nlink > 1):
        return ""
    try:
        number = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=here)
        try:
            if group is not None:
                os.fchown(number, -1, group)
            os.fchmod(number, mode)
        finally:
            os.close(number)
    except PermissionError:
        return "refused"
    return "mended"


def _number_of(name: str) -> int:
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        raise ConfigError(
            f"liasse.toml, [acces] groupe: this machine has no group {name!r}. Write the name of one that it has "
            f"('getent group' lists them), or make it: sudo groupadd {name}."
        ) from None


def _refused(place: Path, name: str, mode: int) -> ConfigError:
    account = _account(os.geteuid())
    return ConfigError(
        f"{place} cannot be given to the group {name} of liasse.toml, [acces]. {account} must be in it "
        f"(sudo usermod -aG {name} {account}, then start liasse again) and own the folder (sudo chown "
        f"{account}:{name} {place}; sudo chmod {mode:o} {place}); a network share needs the same by its mount, "
        "and then no [acces]."
    )


def _account(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _say_closed(place: Path, seen: os.stat_result) -> None:
    """Tell of a folder that somebody had shared by hand: from now on nobody can use it."""
    with suppress(KeyError):
        if _is_open(place):
            return
        by_hand = seen.st_gid != pwd.getpwuid(seen.st_uid).pw_gid
        if by_hand and seen.st_mode & 0o070:
            log.warning(
                "%s/ was open to the group %s and is closed now. To share it again, write in liasse.toml: "
                '[acces] groupe = "%s".',
                place.name,
                *[grp.getgrgid(seen.st_gid).gr_name] * 2,
            )
