"""Directory scanner: what lies in the inbox and below, and why what is not taken stays there.

A scan is the truth; events of the file system only make it come sooner. Folders are opened one in the other, and no
link is followed: who may write in the inbox cannot lead out of it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pipeline.core.modes import make_folder
from pipeline.core.text import visible_line
from pipeline.core.workspace import Workspace
from pipeline.storage.aside_place import ASIDE, REPLACED, is_foreign
from pipeline.storage.wholeness import is_whole

DEEPEST = 8  # folders in folders
_TO_TELL = 500  # files of which a listing says whether they are whole
_UNDER_WAY = (".tmp", ".part", ".crdownload", ".partial", ".lock", ".download", ".filepart")
_LOCKS = ("~$", ".~lock.")
_LITTER = frozenset({"thumbs.db", "desktop.ini", "lisez-moi.txt", ".ds_store", ".directory"})
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC

Source = tuple[int, int, int, int]  # device, inode, time of change in ns, size in bytes


class Why(StrEnum):
    """Why something that lies in the inbox is not taken, and what to do (French)."""

    INCOMPLETE = "n’est pas complet, attendu : copiez-le de nouveau s’il n’arrive pas"
    HIDDEN = "fichier ou dossier caché (son nom commence par un point) : renommez-le pour qu’il soit pris"
    UNDER_WAY = "fichier en cours de copie ou de téléchargement, attendu sous son vrai nom"
    LOCK = "verrou d’un document ouvert : enregistrez et fermez ce document"
    LINK = "lien ou raccourci, qui n’est pas suivi : déposez le fichier lui-même"
    TWIN = "fichier qui a un autre nom ailleurs (lien dur) : déposez-en une copie"
    PIPE = "tube, non un fichier : retirez-le"
    SOCKET = "prise (socket), non un fichier : retirez-la"
    DEVICE = "périphérique, non un fichier : retirez-le"
    UNREADABLE = "ne peut pas être lu : donnez-en le droit de lecture à liasse"
    CLOSED = "dossier qui ne peut pas être ouvert : donnez-en le droit à liasse"
    REPLACED = (
        f"a pris le nom du dossier de liasse ({ASIDE}) et n’est pas utilisé : regardez ce qu’il contient, déposez de "
        "nouveau ce qui doit être lu, puis retirez-le"
    )
    DEEP = f"dossier trop profond (plus de {DEEPEST} l’un dans l’autre) : remontez ce qu’il contient"


@dataclass(frozen=True)
class Seen:
    """A file of the inbox as one scan saw it; ``touched``: when it last changed in any way, by the disk's clock."""

    path: Path
    source: Source
    touched: float = 0.0


@dataclass(frozen=True)
class Left:
    """What is not taken: its name below the inbox, as it can be shown, and why."""

    name: str
    why: Why


@dataclass(frozen=True)
class Scan:
    """One look at the inbox: regular files, and what is none or is not to be taken."""

    files: tuple[Seen, ...]
    odd: tuple[Left, ...]


def scan(folder: Path, *, but: Collection[Path] = ()) -> Scan:
    """Look at the inbox and its folders (none of ``but``), the oldest file first. Raises OSError.

    An inbox that is not there is made; not so where its workspace is gone.
    """
    home = Workspace(folder.parent)
    if home.root.is_dir():
        make_folder(folder)
    files: list[Seen] = []
    odd: list[Left] = []
    top = os.open(folder, _FOLDER & ~os.O_NOFOLLOW)  # the inbox itself may be a link to a share
    if folder == home.inbox and is_foreign(top, home):
        odd.append(Left(ASIDE, Why.REPLACED))
    for one in _looked(top, folder, (), frozenset(place.resolve() for place in but)):
        if isinstance(one, Seen):
            files.append(one)
        else:
            odd.append(one)
    files.sort(key=lambda one: (one.source[2], str(one.path)))
    return Scan(tuple(files), tuple(sorted(odd, key=lambda one: one.name)))


def left_in(folder: Path) -> tuple[Left, ...]:
    """All that lies in the inbox and is not taken, with why; files that have not come to their end too."""
    if not folder.is_dir():
        return ()
    seen = scan(folder)
    halves = (
        Left(_name(one.path, folder), Why.INCOMPLETE) for one in seen.files[:_TO_TELL] if not is_whole(one.path)
    )
    return tuple(sorted((*seen.odd, *halves), key=lambda one: one.name))


def seen_at(path: Path) -> Seen | None:
    """One file that is named, as a scan would see it; ``None`` for what is no regular file."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return _seen(path, found) if stat.S_ISREG(found.st_mode) else None


def _seen(path: Path, found: os.stat_result) -> Seen:
    return Seen(path, (found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size), found.st_ctime)


def _name(path: Path, folder: Path) -> str:
    return visible_line(str(path.relative_to(folder)))


def _looked(number: int, folder: Path, below: tuple[str, ...], but: Collection[Path]) -> Iterator[Seen | Left]:
    """What an open folder holds; its descriptor is closed."""
    try:
        with os.scandir(number) as entries:
            for entry in entries:
                place = (*below, entry.name)
                if place == (ASIDE,):
                    continue
                with suppress(FileNotFoundError):  # it is gone
                    found = entry.stat(follow_symlinks=False)
                    why = _kept_out(entry.name, found) or _not_a_form(found, number, entry.name)
                    if why:
                        yield Left(visible_line("/".join(place)), why)
                    elif entry.name.lower() in _LITTER or _is_hidden(entry.name):
                        continue
                    elif stat.S_ISDIR(found.st_mode):
                        yield from _within(number, folder, place, but)
                    else:
                        yield _seen(folder.joinpath(*place), found)
    finally:
        os.close(number)


def _within(number: int, folder: Path, place: tuple[str, ...], but: Collection[Path]) -> Iterator[Seen | Left]:
    if folder.joinpath(*place).resolve() in but:
        return
    if len(place) > DEEPEST:
        yield Left(visible_line("/".join(place)), Why.DEEP)
        return
    try:
        inner = os.open(place[-1], _FOLDER, dir_fd=number)
    except FileNotFoundError:
        return
    except OSError:
        yield Left(visible_line("/".join(place)), Why.CLOSED)
        return
    yield from _looked(inner, folder, place, but)


def _is_hidden(name: str) -> bool:
    return name.startswith(".")


def _kept_out(name: str, found: os.stat_result) -> Why | None:
    """Why a name is not taken, if something is lost by that: system files and empty markers are not told."""
    low = name.lower()
    if low in _LITTER or low.startswith("._"):
        return None
    if low.startswith(_LOCKS):
        return Why.LOCK
    if low.endswith(_UNDER_WAY):
        return Why.UNDER_WAY
    if name.startswith(REPLACED):
        return Why.REPLACED
    return Why.HIDDEN if _is_hidden(name) and (found.st_size or not stat.S_ISREG(found.st_mode)) else None


_NO_FILES = (
    (stat.S_ISLNK, Why.LINK),
    (stat.S_ISFIFO, Why.PIPE),
    (stat.S_ISSOCK, Why.SOCKET),
    (stat.S_ISBLK, Why.DEVICE),
    (stat.S_ISCHR, Why.DEVICE),
)


def _not_a_form(found: os.stat_result, number: int, name: str) -> Why | None:
    """Why what is no plain file of its own is not taken; nothing for a folder, which is looked into."""
    if name.lower() in _LITTER or _is_hidden(name) or stat.S_ISDIR(found.st_mode):
        return None
    for holds, why in _NO_FILES:
        if holds(found.st_mode):
            return why
    if found.st_nlink > 1:
        return Why.TWIN
    return None if os.access(name, os.R_OK, dir_fd=number) else Why.UNREADABLE
