"""Archive: a ZIP that is written by streaming, the same bytes for the same content, with the hash of each file.

Nothing is compressed (what is archived is compressed already), names are in order, times are fixed. It has its name
by one rename, once all of it is on the disk.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from pipeline.core.errors import HouseError, NotAllowed
from pipeline.core.modes import private_file
from pipeline.storage.durable import disk_errors, hash_of, sync_folder
from pipeline.storage.kill_points import passing
from pipeline.storage.temporary import own_prefix, sweep_folder

SUMS = "SHA256SUMS"
_CHUNK = 1 << 20
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP can say
_WORK = "archive.zip"  # how the name ends under which one is written
_MEND = "'liasse doctor' tells what is gone, 'liasse restore' brings it back from a backup."
_LONGEST = 100_000_000  # bytes of a list of hashes


class Packed(NamedTuple):
    """One file of an archive: its name there, the hash of its bytes, how many they are."""

    name: str
    sha256: str
    size: int


class ArchiveWriter:
    """An archive that is being written: files in the order in which they are added."""

    def __init__(self, zipped: zipfile.ZipFile) -> None:
        self._zip = zipped
        self._sums: list[Packed] = []

    def add_file(self, name: str, path: Path, sha256: str | None = None) -> Packed:
        """Add a file as it is; raises HouseError for one that is gone, or has not the hash that it must have."""
        digest, size = hashlib.sha256(), 0
        try:
            with path.open("rb") as source, self._zip.open(_info(name), "w", force_zip64=True) as target:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    target.write(chunk)
        except FileNotFoundError:
            raise HouseError(f"{path.name} is gone from {path.parent}: nothing is archived. {_MEND}") from None
        if sha256 is not None and digest.hexdigest() != sha256:
            raise HouseError(f"{path.name} in {path.parent} is not as it was: nothing is archived. {_MEND}")
        return self._noted(Packed(name, digest.hexdigest(), size))

    def add(self, name: str, data: bytes) -> Packed:
        """Add a file of these bytes."""
        with self._zip.open(_info(name), "w", force_zip64=True) as target:
            target.write(data)
        return self._noted(Packed(name, hashlib.sha256(data).hexdigest(), len(data)))

    def end(self) -> None:
        """Add the hashes of all files, as ``sha256sum -c`` reads them."""
        lines = "".join(f"{one.sha256}  {one.name}\n" for one in sorted(self._sums))
        self.add(SUMS, lines.encode())

    def _noted(self, packed: Packed) -> Packed:
        self._sums.append(packed)
        return packed


def _info(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, _MOMENT)


class Place:
    """Where an archive goes: ``fresh`` once it is written there; it stays ``False`` where the same lay there."""

    def __init__(self, path: Path) -> None:
        self.path, self.fresh = path, False


@contextmanager
def archive(path: Path) -> Iterator[tuple[ArchiveWriter, Place]]:
    """Within: what is added becomes the archive of that name, whole or not at all.

    The same content under that name is left as it is. Raises NotAllowed where another lies there; HouseError or
    Transient if the disk refuses.
    """
    place = Place(path)
    with disk_errors(f"{path} cannot be written", "Free space or choose another folder, then run again."):
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep_folder(path.parent, f"-{_WORK}")
        work = path.with_name(f"{own_prefix()}{_WORK}")
        try:
            with private_file(work) as file:
                with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as zipped:
                    writer = ArchiveWriter(zipped)
                    yield writer, place
                    writer.end()
                file.flush()
                os.fsync(file.fileno())
            passing("archive-written")
            place.fresh = _settled(work, path)
        finally:
            work.unlink(missing_ok=True)


def _settled(work: Path, path: Path) -> bool:
    if path.exists():
        if hash_of(path) == hash_of(work):
            return False
        raise NotAllowed(f"{path} existe et contient autre chose : il est laissé. Choisissez un autre dossier.")
    work.rename(path)
    sync_folder(path.parent)
    return True


def faults_in(path: Path) -> Iterator[str]:
    """What is wrong in an archive, in French: a file gone, added, or not as its hash says; nothing where all is."""
    try:
        with zipfile.ZipFile(path) as zipped:
            yield from _faults(zipped)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        yield f"ce n’est pas une archive ZIP entière ({error})"


def _faults(zipped: zipfile.ZipFile) -> Iterator[str]:
    there = Counter(one.filename for one in zipped.infolist())
    if there[SUMS] != 1 or zipped.getinfo(SUMS).file_size > _LONGEST:
        yield f"{SUMS} n’y est pas une fois : ce n’est pas une archive de liasse, ou elle n’est pas entière"
        return
    lines = zipped.read(SUMS).decode(errors="replace").splitlines()
    said = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    yield from (f"{name} : de trop" for name in there if name not in said and name != SUMS)
    for name, digest in said.items():
        if there[name] != 1:
            yield f"{name} : {'deux fois' if there[name] else 'absent'}"
        elif _hash_in(zipped, name) != digest:
            yield f"{name} : changé"


def _hash_in(zipped: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    try:
        with zipped.open(name) as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except zipfile.BadZipFile:
        return ""
    return digest.hexdigest()
