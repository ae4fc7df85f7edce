"""Use case: packets handed out by the web: one file, a piece as Word, all of a dossier, or many dossiers as one ZIP.

What is taken to be signed is noted by whom and when before its first byte leaves (``fetching``). Archives are written
as they are sent: nothing of them is on a disk, and no more than a chunk in memory.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import NotAllowed, NotFound, RequestRefused
from pipeline.core.visitors import Right, Visitor
from pipeline.documents.filed import FiledPacket
from pipeline.dossier.context import Context
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.packet_store import TAKEABLE
from pipeline.reports.summary import summarise
from pipeline.reports.workbook import bilan_xlsx
from pipeline.services.fetching import fetch
from pipeline.services.lookup import leading
from pipeline.services.permissions import Reached, reach, require
from pipeline.storage.spool import CHUNK

BILAN = "bilan.xlsx"
MOST = 2_000  # dossiers of one archive
_LEFT = "a-lire.txt"
_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Handed:
    """A file to be sent: where it lies, and what it is called."""

    place: Path
    name: str


def hand_file(
    context: Context, visitor: Visitor, reached: Reached, filed: FiledPacket, *, file: str, reason: str
) -> Handed:
    """A file that is signed, of the very packet that is noted as taken. Raises Forbidden, and as ``fetch``."""
    require(visitor, Right.FETCH)
    if file not in filed.files:
        raise NotFound("Cette liasse n’a pas ce fichier.")
    taken = fetch(context, leading(reached.forms).form.sha256, by=visitor.name, reason=reason)
    return Handed(taken.place / file, f"{reached.number}-{file}")


def hand_piece(context: Context, visitor: Visitor, reached: Reached, filed: FiledPacket, number: int) -> Handed:
    """One piece as Word, not to be signed; the journal says who took it. Raises Forbidden, NotFound."""
    require(visitor, Right.FETCH)
    piece = next((one for one in filed.pieces if one.number == number), None)
    place = filed.folder / f"{piece.stem}.docx" if piece else None
    if piece is None or place is None or not place.is_file():
        raise NotFound("Cette pièce n’existe pas en Word.")
    context.ledger.looks.note_taken(leading(reached.forms).form.sha256, visitor.actor, f"{piece.code}.docx")
    return Handed(place, f"{reached.number}-{place.name}")


def hand_all(context: Context, visitor: Visitor, reached: Reached, reason: str) -> Iterator[bytes]:
    """Everything of the packet that counts, as a ZIP; noted as taken before this answers. Raises as ``hand_file``."""
    require(visitor, Right.FETCH)
    taken = fetch(context, leading(reached.forms).form.sha256, by=visitor.name, reason=reason)
    return _zipped(_files(taken.place, Path()))


def hand_many(context: Context, visitor: Visitor, numbers: Sequence[str]) -> Iterator[bytes]:
    """The packets of these dossiers that can be signed, as one ZIP with their bilan; each is noted as it goes out.

    What cannot be taken stays, and « a-lire.txt » says why. Raises Forbidden, NotFound; NotAllowed for none at all.
    """
    require(visitor, Right.FETCH)
    dossiers = [reach(visitor, Right.FETCH, one, context.ledger) for one in dict.fromkeys(numbers)]
    if not dossiers:
        raise NotAllowed("Rien n’est pris : aucun dossier n’est choisi.")
    if len(dossiers) > MOST:
        raise NotAllowed(
            f"Rien n’est pris : {len(dossiers)} dossiers à la fois, {MOST} au plus. Que faire : filtrez."
        )
    if not any(map(_takeable, (leading(one.forms) for one in dossiers))):
        raise NotAllowed("Rien n’est pris : aucun de ces dossiers n’a de liasse à signer.")
    return _zipped(_of_many(context, visitor, dossiers))


def _takeable(entry: Entry) -> bool:
    return entry.state is State.DELIVERED and entry.packet is not None


_Member = tuple[str, "Path | bytes"]  # its name in the archive, and what it holds


def _of_many(context: Context, visitor: Visitor, dossiers: Sequence[Reached]) -> Iterator[_Member]:
    left: list[str] = []
    for one in dossiers:
        entry = leading(one.forms)
        packet = context.ledger.packets.get(entry.packet) if entry.packet and _takeable(entry) else None
        if packet is None or packet.state not in TAKEABLE:
            left.append(f"{one.number} : pas de liasse à signer.")
            continue
        try:
            taken = fetch(context, entry.form.sha256, by=visitor.name)
        except RequestRefused as refused:
            left.append(f"{one.number} : {refused}")
            continue
        yield from _files(taken.place, Path(one.number))
    ids = {one.id for one in dossiers}
    yield BILAN, bilan_xlsx(summarise(context, among=ids))
    if left:
        yield _LEFT, "\n".join(left).encode()


def _files(folder: Path, under: Path) -> Iterator[_Member]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield str(under / path.relative_to(folder)), path


class _Drain:
    """What a ZIP is written to: bytes that are taken away as they come; it cannot be rewound."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Keep bytes until they are taken."""
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def close(self) -> None:
        """Nothing is held open."""

    def taken(self) -> bytes:
        """What came since the last time."""
        data = b"".join(self._parts)
        self._parts.clear()
        return data


def _zipped(members: Iterator[_Member]) -> Iterator[bytes]:
    drain = _Drain()
    with zipfile.ZipFile(drain, "w", zipfile.ZIP_STORED) as archive:
        for name, held in members:
            with archive.open(zipfile.ZipInfo(name, _DAY), "w", force_zip64=True) as member:
                for chunk in _chunks(held):
                    member.write(chunk)
                    yield drain.taken()
            yield drain.taken()
    yield drain.taken()


def _chunks(held: Path | bytes) -> Iterator[bytes]:
    if isinstance(held, bytes):
        yield held
        return
    with held.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def archive_name(today: dt.date) -> str:
    """What an archive of many packets is called."""
    return f"liasses-{today:%Y-%m-%d}.zip"
