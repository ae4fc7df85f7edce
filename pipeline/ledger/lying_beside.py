"""Reconciliation: what lies in the spool and in the outbox, held against what the ledger knows.

Only names are looked at, of all files: a few thousandths of a second for a thousand forms. A received file is
announced in the ledger before it has its name, a packet is intended there before it is seen: what lies there unknown
was made under another ledger, that is lost.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.core.workspace import Workspace
from pipeline.ledger.database import Database, rows
from pipeline.storage.spool import spool_file

MANIFEST = "manifest.json"
SPOOL, JOINED = "spool", "joined"  # the places of announced files
_HASH = 64  # letters of a hash


class Unknown(NamedTuple):
    """What the ledger does not know: hashes of received files, folders of packets (relative to the outbox)."""

    files: tuple[str, ...] = ()
    packets: tuple[Path, ...] = ()

    def __str__(self) -> str:
        told = [f"{len(self.files)} received file(s)"] if self.files else []
        told += [f"{len(self.packets)} packet(s) in the outbox"] if self.packets else []
        examples = ", ".join(
            [*(sha256[:8] for sha256 in self.files[:3]), *(str(one)[-8:] for one in self.packets[:3])]
        )
        return f"{' and '.join(told)} are unknown to the ledger ({examples})."


def unknown(database: Database, workspace: Workspace) -> Unknown:
    """What lies beside a ledger that it does not know. Files first: what is named by then was announced before."""
    lying = set(hashes_in(workspace.spool))
    folders = list(_folder_names(workspace))
    with database.read() as connection:
        known = {sha256 for (sha256,) in rows(connection, "SELECT sha256 FROM form")}
        known |= {sha256 for (sha256,) in rows(connection, "SELECT sha256 FROM spare_file WHERE place = 'spool'")}
        made = rows(connection, "SELECT id, folder FROM packet UNION ALL SELECT id, folder FROM paper")
    ids, places = {one for one, _ in made}, {place for _, place in made}
    others = ((Path(one), packet_in(workspace.outbox / one)) for one in folders if one not in places)
    return Unknown(
        tuple(sorted(one for one in lying - known if spool_file(workspace, one).exists())),  # not purged meanwhile
        tuple(folder for folder, packet in others if packet and packet not in ids),
    )


def beside(workspace: Workspace) -> Unknown:
    """All that lies there: what a workspace without a ledger may not hold."""
    return Unknown(tuple(hashes_in(workspace.spool)), tuple(packet_folders(workspace)))


def any_beside(workspace: Workspace) -> bool:
    """Whether anything lies there."""
    return any(beside(workspace))


def hashes_in(place: Path) -> Iterator[str]:
    """The hashes of the files that are received (``workspace.spool``), or joined (``workspace.joined``)."""
    for folder in _folders(place):
        yield from (entry.name for entry in os.scandir(folder) if len(entry.name) == _HASH)


def packet_folders(workspace: Workspace) -> Iterator[Path]:
    """The folders of packets, by formation and session, relative to the outbox."""
    for name in _folder_names(workspace):
        if (workspace.outbox / name / MANIFEST).is_file():
            yield Path(name)


def _folder_names(workspace: Workspace) -> Iterator[str]:
    """The folders where packets lie, « formation/session/folder »: none is looked into, there may be thousands."""
    without = (workspace.to_complete, workspace.quarantine, workspace.bilan, workspace.mail)
    for formation in _folders(workspace.outbox):
        if formation not in without:
            for session in _folders(formation):
                yield from (f"{formation.name}/{session.name}/{name}" for name in _names(session))


def packet_in(folder: Path) -> str:
    """The id of the packet in a folder; nothing where its manifest is none."""
    try:
        told = json.loads((folder / MANIFEST).read_bytes())
        return str(told["id"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _folders(place: Path) -> Iterator[Path]:
    yield from (place / name for name in _names(place))


def _names(place: Path) -> list[str]:
    """The names of the folders in one, without links and what is being written."""
    if not place.is_dir():
        return []
    with os.scandir(place) as found:
        return sorted(one.name for one in found if one.is_dir(follow_symlinks=False) and one.name[0] != ".")
