"""Use case: forms deposited by the web. Each is durable (spool and ledger) before it is told; reading follows.

An archive (ZIP) of forms is opened here: its members are copied, never run, and bounded in number and in bytes as
they are read, whatever the archive says of itself.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from pipeline.core.errors import LiasseError
from pipeline.core.text import visible_line
from pipeline.core.visitors import Right, Visitor
from pipeline.dossier.context import Context
from pipeline.dossier.receiving import take_in
from pipeline.ledger.entries import Entry, State
from pipeline.services.permissions import require
from pipeline.storage.spool import BIGGEST, CHUNK

MOST_MEMBERS, MOST_BYTES = 500, 500_000_000  # of one archive
_LIST = 4_000_000  # bytes of the list of its members
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})  # others may ask for gigabytes of memory
_LITTER = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
_WORD = "[Content_Types].xml"  # a Word document is a ZIP too
_ODT = "mimetype"
_LONGEST = 200  # characters of a name


@dataclass(frozen=True)
class Deposited:
    """One file that was deposited: as what it is known, or why it is not taken (French).

    ``elsewhere``: it is received, and of a formation that is not there for who deposits: nothing more is told.
    """

    name: str
    entry: Entry | None = None
    duplicate: bool = False
    refused: str = ""
    elsewhere: bool = False


def deposit(context: Context, visitor: Visitor, name: str, data: IO[bytes]) -> tuple[Deposited, ...]:
    """Take in a file, or each form of an archive; what cannot be taken is told. Raises Forbidden."""
    require(visitor, Right.DEPOSIT)
    with tempfile.TemporaryDirectory() as folder:
        if _is_archive(data):
            return tuple(_of_archive(context, visitor, data, Path(folder)))
        data.seek(0)
        return (_taken(context, visitor, name, data, Path(folder)),)


def followed(context: Context, visitor: Visitor, hashes: Sequence[str]) -> tuple[Entry, ...]:
    """Those deposited forms as they are now, in that order; one that is not for the visitor to see is left out."""
    require(visitor, Right.DEPOSIT)
    ledger = context.ledger
    known = ledger.entries.homes(hashes)
    found = (ledger.entries.get(one) for one in dict.fromkeys(hashes) if one in known)
    return tuple(one for one in found if _is_seen(context, visitor, one))


def _is_seen(context: Context, visitor: Visitor, entry: Entry) -> bool:
    """Whether a form is there for who deposited it: one of a dossier of theirs, or that nobody has read yet."""
    formations = {one.formation for one in context.ledger.entries.of_dossier(entry.dossier)}
    fresh = entry.state is State.RECEIVED and formations == {None}
    return fresh or visitor.reaches(formations, entry.dossier)


def copy_of(name: str, data: IO[bytes], folder: Path) -> Path:
    """A copy of what somebody sent, in a folder of ours, called as it will be shown; raises OSError."""
    place = Path(tempfile.mkdtemp(dir=folder)) / _plain(_shown(name))
    with place.open("wb") as copy:
        shutil.copyfileobj(data, copy, CHUNK)
    return place


def _shown(name: str) -> str:
    return visible_line(PurePosixPath(name.replace("\\", "/")).name)[:_LONGEST] or "sans nom"


def _taken(context: Context, visitor: Visitor, name: str, data: IO[bytes], folder: Path) -> Deposited:
    shown, place = _shown(name), None
    try:
        place = copy_of(name, data, folder)
        arrival = take_in(place, context)
    except (LiasseError, OSError):
        return Deposited(shown, refused="n’a pas pu être reçu. Réessayez dans une minute ; rien d’autre n’est perdu")
    finally:
        if place is not None:
            place.unlink(missing_ok=True)
    if not _is_seen(context, visitor, arrival.entry):
        return Deposited(shown, elsewhere=True)
    return Deposited(shown, arrival.entry, arrival.duplicate)


def _plain(name: str) -> str:
    """A name for one file of our folder, as it will be shown; never a path."""
    plain = name.replace("/", "∕").replace("\0", "")
    while len(plain.encode()) > _LONGEST:
        plain = plain[1:]  # its suffix is kept
    return plain if plain not in {"", ".", ".."} else "sans nom"


class _Listed:
    """An archive as ``zipfile`` reads it: its list of members, which is read in one piece, may not be a huge one."""

    def __init__(self, data: IO[bytes]) -> None:
        self.seek, self.tell, self._data = data.seek, data.tell, data

    def read(self, size: int = -1) -> bytes:
        """As of any file; raises BadZipFile for more at once than a list of members takes."""
        if size > _LIST:
            raise zipfile.BadZipFile
        return self._data.read(size)

    def seekable(self) -> bool:
        """Whether one may go to a place in it."""
        return True


def _is_archive(data: IO[bytes]) -> bool:
    """Whether these bytes are a ZIP of files, and no document."""
    data.seek(0)
    if data.read(4) != b"PK\x03\x04":
        return False
    try:
        with zipfile.ZipFile(_Listed(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    return _WORD not in names and (not names or names[0] != _ODT)


def _of_archive(context: Context, visitor: Visitor, data: IO[bytes], folder: Path) -> Iterator[Deposited]:
    left = MOST_BYTES
    with zipfile.ZipFile(_Listed(data)) as archive:
        members = [one for one in archive.infolist() if _is_form(one)]
        for member in members[:MOST_MEMBERS]:
            name = visible_line(PurePosixPath(member.filename).name)[:_LONGEST]
            with tempfile.TemporaryFile(dir=folder) as copy:
                whole = _inflated(archive, member, copy, min(BIGGEST, left))
                left -= copy.tell()
                if not whole:
                    yield Deposited(name, refused="ne s’ouvre pas dans l’archive, ou est trop gros : déposez-le seul")
                    continue
                copy.seek(0)
                yield _taken(context, visitor, name, copy, folder)
    if len(members) > MOST_MEMBERS:
        rest = len(members) - MOST_MEMBERS
        yield Deposited(
            f"{rest} autres fichiers", refused=f"l’archive en a plus de {MOST_MEMBERS} : déposez le reste à part"
        )
    if not members:
        yield Deposited("archive", refused="ne contient aucun fichier")


def _is_form(member: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(member.filename).parts
    return not member.is_dir() and not any(
        part in _LITTER or part.startswith((".", "~$")) for part in parts if part != ".."
    )


def _inflated(archive: zipfile.ZipFile, member: zipfile.ZipInfo, copy: IO[bytes], most: int) -> bool:
    """Copy a member, up to ``most`` bytes; whether that is all of it."""
    if member.compress_type not in _METHODS:
        return False
    try:
        with archive.open(member) as source:
            while chunk := source.read(CHUNK):
                room = most - copy.tell()
                copy.write(chunk[:room])
                if len(chunk) > room:
                    return False
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        RuntimeError,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
    ):
        return False
    return True
