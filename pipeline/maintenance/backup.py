"""Backup: the ledger and exactly the files that it names, at one moment, while workers run.

The ledger is copied first (by SQLite's own online copy, one consistent moment), then what it names. Files do not
change once they have their name, and nothing is purged meanwhile: whatever the copied ledger names is still there.
What comes later is not named and not taken. The other way round, a form could come between, known and without file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.core.errors import HouseError, NotAllowed
from pipeline.core.modes import make_folder, private_file
from pipeline.core.workspace import Workspace
from pipeline.ledger.admission import forget_lines
from pipeline.ledger.store import FILE, Ledger
from pipeline.maintenance.named_files import files_gone, named_files, packets_gone, papers_gone
from pipeline.storage.durable import disk_errors, hash_of, sync_file, sync_folder, write_folder
from pipeline.storage.inbox import scan
from pipeline.storage.kill_points import passing
from pipeline.storage.temporary import own_prefix, sweep_folder
from pipeline.storage.turns import present, sole

CONTENTS = "sauvegarde.json"
VERSION = 1
_AT_ONCE = 40_000_000  # bytes that are held in memory before they are written
_TRIES = 3
_WORK = "sauvegarde"  # how the name ends under which a backup is written


@dataclass(frozen=True)
class BackedUp:
    """What a backup holds, and what it could not: files that were lost or damaged before."""

    place: Path
    forms: int
    files: int
    size: int
    damaged: tuple[str, ...]


def back_up(workspace: Workspace, place: Path) -> BackedUp:
    """Write a backup into a folder that is not there yet or is empty: whole under that name, or not at all.

    Raises NotAllowed for a place that will not do, LedgerBehind for a workspace that lacks something, HouseError or
    Transient where the disk refuses.
    """
    place = place.absolute()
    _require_free(place, workspace)
    with Ledger.open(workspace):
        pass  # a ledger that lacks something makes no backup of itself
    work = place.with_name(f"{own_prefix()}{_WORK}")
    with (
        present(workspace.root),
        disk_errors(f"{place} cannot be written", "Free space or choose another folder, then run again."),
        sole(workspace.memory),
    ):
        try:
            make_folder(place.parent)
            sweep_folder(place.parent, f"-{_WORK}")  # what a backup that was killed left there, and nothing else
            make_folder(work)
            made = _fill(workspace, work, place)
            passing("backup-written")
            work.rename(place)
            sync_folder(place.parent)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return made


def _require_free(place: Path, workspace: Workspace) -> None:
    if place.resolve().is_relative_to(workspace.root):
        raise NotAllowed(f"{place} lies in the workspace: a backup beside what it saves is lost with it.")
    if (place / ".liasse").exists() or (place / "templates").exists():
        raise NotAllowed(f"{place} is a workspace, or a backup: choose another folder.")
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise NotAllowed(f"{place} is not empty: choose another folder.")


def _fill(workspace: Workspace, work: Path, place: Path) -> BackedUp:
    writing = _Writing(work)
    for path in _waiting(workspace):  # before the ledger: a file that is received meanwhile is in both
        writing.add(f"inbox/{path.relative_to(workspace.inbox)}", path)
    for _ in range(_TRIES):
        writing.missing.clear()
        writing.damaged.clear()
        forms = _ledger(workspace, work)
        for name, path, sha256 in named_files(workspace, work / ".liasse" / FILE):
            writing.add(name, path, sha256)
        writing.flush()
        if not writing.missing:  # else: a letter or projet was replaced meanwhile; the next look has the new one
            break
    _prove(work, writing)
    for path in sorted(work.rglob("*"), reverse=True):
        if path.is_dir():
            sync_folder(path)
    files = {str(path.relative_to(work)): _seen(path) for path in sorted(work.rglob("*")) if path.is_file()}
    damaged = tuple(sorted({*writing.damaged, *writing.missing}))
    told = {
        "version": VERSION,
        "liasse": __version__,
        "le": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "formulaires": forms,
        "abimes": damaged,
        "fichiers": files,
    }
    contents = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    write_folder(work, {CONTENTS: contents.encode(errors="surrogatepass")})  # a name in the inbox may be no text
    return BackedUp(place, forms, len(files), sum(one["octets"] for one in files.values()), damaged)


def _seen(path: Path) -> dict[str, Any]:
    return {"sha256": hash_of(path), "octets": path.stat().st_size}


class _Writing:
    """Files on their way into a backup, each held against the hash that it must have."""

    def __init__(self, work: Path) -> None:
        self._work, self._held, self._size = work, dict[str, bytes](), 0
        self._written: dict[str, str] = {}
        self.damaged: set[str] = set()
        self.missing: set[str] = set()

    def add(self, name: str, path: Path, sha256: str | None = None) -> None:
        """Copy a file; what has its own hash as its name, or was copied already as it is, is not copied twice."""
        if sha256 and self._written.get(name) == sha256:
            return
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            self.missing.add(name)
            return
        found = hashlib.sha256(data).hexdigest()
        if sha256 and found != sha256:
            self.damaged.add(name)
        if self._written.get(name) == found:
            return
        (self._work / name).unlink(missing_ok=True)
        self._written[name] = found
        self._held[name] = data
        self._size += len(data)
        if self._size > _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Have all that was added on the disk."""
        for name in self._held:
            make_folder((self._work / name).parent)
        if self._held:
            write_folder(self._work, self._held)
        self._held, self._size = {}, 0


def _waiting(workspace: Workspace) -> Iterator[Path]:
    """The files of the inbox that nobody has taken in yet."""
    if workspace.inbox.is_dir():
        yield from (one.path for one in scan(workspace.inbox).files)


def _ledger(workspace: Workspace, work: Path) -> int:
    """The ledger of this moment, which begins a sealed copy of its own; how many forms it knows."""
    memory = work / ".liasse"
    make_folder(memory)
    for old in memory.glob(f"{FILE}*"):
        old.unlink()
    copied = memory / FILE
    with private_file(copied, append=True):
        pass
    with closing(sqlite3.connect(workspace.memory / FILE)) as ours, closing(sqlite3.connect(copied)) as copy:
        ours.backup(copy)
        (forms,) = copy.execute("SELECT count(*) FROM form").fetchone()
    forget_lines(copied)
    return int(forms)


def _prove(work: Path, writing: _Writing) -> None:
    """Open the backup as a workspace would be: nobody has a form in hand there, and its ledger is whole."""
    copied = Workspace(work)
    with Ledger.open(copied) as ledger:
        ledger.jobs.take_from_all()
        faults = ledger.faults()
        writing.missing |= {str(one.form.path.relative_to(work)) for one in files_gone(ledger)}
        writing.missing |= {f"outbox/{line.folder}" for line in packets_gone(ledger, copied)}
        writing.missing |= {f"outbox/{paper.folder}" for paper in papers_gone(ledger, copied)}
    if faults:
        raise HouseError(f"the copied ledger is damaged: {'; '.join(faults)}. 'liasse doctor' looks at the ledger.")
    sync_file(work / ".liasse" / FILE)
