"""Files of a backup, read as it may have been made by anybody: each name held to the folder, no link followed.

A backup comes from a disk that was elsewhere. What it says that it holds is refused as a whole, before anything is
written, where one name would lead out of the workspace, or to what liasse never saves.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any

from pipeline.core.errors import HouseError
from pipeline.core.settings import FILE as SETTINGS
from pipeline.core.text import visible_line
from pipeline.ledger.store import FILE
from pipeline.maintenance.backup import CONTENTS, VERSION
from pipeline.maintenance.named_files import SCHOOL_FOLDER
from pipeline.storage import journal_copy
from pipeline.storage.openat import folder_of

_OPEN = ("inbox", "outbox", SCHOOL_FOLDER, "templates", "schemas")  # in which files have whatever names
_LEDGER = f".liasse/{FILE}"
_HASHED = "[0-9a-f]{2}/[0-9a-f]{64}"
_MEMORY = re.compile(
    rf"{re.escape(_LEDGER)}|\.liasse/(spool/{_HASHED}|joined/{_HASHED}(\.pdf)?"
    rf"|spool/({re.escape(journal_copy.FILE)}|{re.escape(journal_copy.LOCK)})|editions/[^\\]+)",
)
_HASH = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class SavedFile:
    """One file of a backup: the hash of its bytes, and how many they are."""

    sha256: str
    size: int


def saved_files(place: Path) -> Mapping[str, SavedFile]:
    """The files that a backup says it holds, by their names in the workspace, each held against its hash.

    Raises HouseError, which names what is wrong, for a backup that is not whole, or that liasse has not made.
    """
    files = {name: _file(place, name, said) for name, said in _contents(place).items()}
    folders = {str(above) for name in files for above in Path(name).parents}
    for name in files:
        if name in folders:
            raise _refused(place, name, "is said to be a file and a folder")
    if _LEDGER not in files:
        raise HouseError(f"{place} is no whole backup: it has no {_LEDGER}. Choose another.")
    wrong = [name for name, one in files.items() if _hash_of(place, name) != one.sha256]
    if wrong:
        raise HouseError(
            f"the backup {place} is damaged, nothing was restored: {', '.join(map(visible_line, wrong[:5]))} "
            f"({len(wrong)} file(s)). Choose another."
        )
    return files


def read_saved(place: Path, name: str) -> bytes:
    """The bytes of a file of a backup, reached without following a link.

    Raises HouseError for a link, or what is no file, and OSError where there is none.
    """
    with _opened(place, name) as file:
        return file.read()


def _hash_of(place: Path, name: str) -> str:
    try:
        with _opened(place, name) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


@contextmanager
def _opened(place: Path, name: str) -> Iterator[BufferedReader]:
    path = place / name
    try:
        with folder_of(path, place) as folder:
            number = os.open(path.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENOTDIR, errno.ENXIO}:
            raise _refused(place, name, "is reached through a link, or is no file") from error
        raise
    with os.fdopen(number, "rb") as file:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise _refused(place, name, "is no file")
        yield file


def _contents(place: Path) -> Mapping[str, Any]:
    try:
        told = json.loads((place / CONTENTS).read_bytes())
        files, version = told["fichiers"], told["version"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise HouseError(f"{place} is no whole backup: its {CONTENTS} cannot be read. Choose another.") from error
    if version != VERSION:
        raise HouseError(f"{place} is a backup of a newer liasse: upgrade, then restore.")
    if not isinstance(files, dict):
        raise HouseError(f"{place} is no whole backup: its {CONTENTS} names no files. Choose another.")
    return files


def _file(place: Path, name: str, said: object) -> SavedFile:
    """What is said of one file, once its name is held to the folder."""
    why = _fault(name)
    if why:
        raise _refused(place, name, why)
    match said:
        case {"sha256": str(sha256), "octets": int(size)} if _HASH.fullmatch(sha256) and size >= 0:
            return SavedFile(sha256, size)
    raise _refused(place, name, "has no hash or no size")


def _fault(name: str) -> str:
    """Why a name is none that liasse saves, if it is so."""
    parts = name.split("/")
    if "\0" in name or not {"", ".", ".."}.isdisjoint((*parts, *name.replace("\\", "/").split("/"))):
        return "leads out of the workspace, or nowhere"
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return "is no name of a file"
    if len(parts) > 1 and parts[0] in _OPEN:
        return ""  # a « \\ » is a letter like another there, and somebody may have sent a file with it
    if name == SETTINGS or _MEMORY.fullmatch(name):
        return ""
    return "is nothing that liasse saves"


def _refused(place: Path, name: str, why: str) -> HouseError:
    told = visible_line(name.encode(errors="backslashreplace").decode())
    return HouseError(
        f"the backup {place} is refused, nothing was restored: « {told} » {why}. It is not as liasse "
        "made it: choose another, and ask where this one comes from."
    )
