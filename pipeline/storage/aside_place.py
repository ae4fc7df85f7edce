"""Own folder in a shared one: where files are put aside, checked each time and opened without following a link.

Who may drop files in the inbox may rename what lies there, where its sticky bit could not be set, and give the name
of our folder to another. Only a folder of our account, closed to all others, is used; what else has its name is given
another one, is told, and is left to a person.
"""

from __future__ import annotations

import errno
import logging
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from pipeline.core.modes import give
from pipeline.core.workspace import Workspace
from pipeline.storage.temporary import own_prefix

log = logging.getLogger(__name__)
ASIDE = ".traites"
REPLACED = f"{ASIDE}-remplace-"  # and a number: what had the name of our folder
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_TRIES = 5  # somebody may take the name again meanwhile
_OPEN = 0o077


@contextmanager
def opened_aside(workspace: Workspace) -> Iterator[int | None]:
    """The descriptor of our folder in the inbox, closed to others; ``None`` where there is none. Raises OSError."""
    with _inbox(workspace) as inbox:
        number = None if inbox is None else _own(inbox, workspace)
        try:
            yield number
        finally:
            if number is not None:
                os.close(number)


@contextmanager
def made_aside(workspace: Workspace) -> Iterator[int]:
    """The same, made where there is none; what has its name and is not ours gets another. Raises OSError."""
    with _inbox(workspace) as inbox:
        if inbox is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(workspace.inbox))
        for _ in range(_TRIES):
            _move_foreign(inbox, workspace)
            with suppress(FileExistsError):
                os.mkdir(ASIDE, 0o700, dir_fd=inbox)
                os.fsync(inbox)
            number = _own(inbox, workspace)
            if number is not None:
                break
        else:
            raise PermissionError(errno.EPERM, f"another account takes the name {ASIDE} again and again")
        try:
            yield number
        finally:
            os.close(number)


def free_aside(workspace: Workspace) -> bool:
    """Give what has the name of our folder and is not ours another one, and tell it; whether there was any.

    Where that cannot be done it is left, is told with what lies in the inbox, and is not used.
    """
    with suppress(OSError), _inbox(workspace) as inbox:
        return inbox is not None and _move_foreign(inbox, workspace)
    return False


def is_foreign(inbox: int, workspace: Workspace) -> bool:
    """Whether something in the open inbox has the name of our folder, and is not ours."""
    try:
        seen = os.stat(ASIDE, dir_fd=inbox, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return not _is_ours(seen, inbox, workspace)


@contextmanager
def _inbox(workspace: Workspace) -> Iterator[int | None]:
    """The open inbox, which may itself be a link to a share; ``None`` where there is none."""
    try:
        number = os.open(workspace.inbox, _FOLDER)
    except (FileNotFoundError, NotADirectoryError):
        yield None
        return
    try:
        yield number
    finally:
        os.close(number)


def _own(inbox: int, workspace: Workspace) -> int | None:
    """Our folder, open and closed to others; ``None`` where there is none, or what has its name is not ours."""
    try:
        if is_foreign(inbox, workspace):
            return None
        number = os.open(ASIDE, _FOLDER | os.O_NOFOLLOW, dir_fd=inbox)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):  # exchanged since
            return None
        raise
    try:
        seen = os.fstat(number)
        if _is_ours(seen, inbox, workspace):
            if seen.st_mode & _OPEN:
                give(number, None, is_folder=True)  # a file system that keeps no modes goes by its mount
            return number
    except BaseException:
        os.close(number)
        raise
    os.close(number)
    return None


def _is_ours(seen: os.stat_result, inbox: int, workspace: Workspace) -> bool:
    """Whether that is a folder of the account that works here, or of whom this file system says everything is."""
    if not stat.S_ISDIR(seen.st_mode):
        return False
    if seen.st_uid == os.geteuid():
        return True
    with suppress(OSError):
        if seen.st_uid == workspace.memory.stat().st_uid:
            return True
    return seen.st_uid == _owner_given(inbox)


def _owner_given(inbox: int) -> int:
    """Whose a file is that we make in the inbox: another's than ours where a mount names one owner for all."""
    name = f"{own_prefix()}proprietaire"
    try:
        number = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=inbox)
    except OSError:
        return os.geteuid()
    try:
        with suppress(OSError):
            os.unlink(name, dir_fd=inbox)
        return os.fstat(number).st_uid
    finally:
        os.close(number)


def _move_foreign(inbox: int, workspace: Workspace) -> bool:
    """Rename what has the name of our folder and is not ours: it is not entered, and no link is followed."""
    if not is_foreign(inbox, workspace):
        return False
    taken = set(os.listdir(inbox))
    name = next(one for number in range(1, len(taken) + 2) if (one := f"{REPLACED}{number}") not in taken)
    try:
        os.rename(ASIDE, name, src_dir_fd=inbox, dst_dir_fd=inbox)
    except FileNotFoundError:
        return False  # another process did it
    moved = os.stat(name, dir_fd=inbox, follow_symlinks=False)
    if _is_ours(moved, inbox, workspace):  # another process had made ours between the two
        os.rename(name, ASIDE, src_dir_fd=inbox, dst_dir_fd=inbox)
        return False
    os.fsync(inbox)
    log.warning(
        "inbox/%s n’est pas le dossier de liasse, où elle range ce qu’elle a pris : un autre compte l’a mis à sa "
        "place. Il s’appelle maintenant inbox/%s et n’est pas utilisé. Regardez ce qu’il contient, puis "
        "retirez-le, et cherchez l’ancien : ce qui y était reçu y est encore.",
        ASIDE,
        name,
    )
    return True
