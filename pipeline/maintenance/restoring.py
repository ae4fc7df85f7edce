"""Restore: a backup laid ready beside the workspace, proved, then put in its place; the workspace opens when all is.

What was there before is moved aside as a whole, never mixed with what is restored.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.core.errors import HouseError, NotAllowed
from pipeline.core.modes import make_folder
from pipeline.core.settings import FILE as SETTINGS
from pipeline.core.workspace import Workspace
from pipeline.ledger import lying_beside
from pipeline.ledger.database import change
from pipeline.ledger.numbering import raise_counter
from pipeline.ledger.store import FILE, Ledger
from pipeline.maintenance.backup import CONTENTS, VERSION
from pipeline.maintenance.filed_numbers import highest_numbers
from pipeline.maintenance.named_files import ASIDE_FOLDER, SCHOOL_FOLDER
from pipeline.storage.durable import disk_errors, hash_of, sync_file, sync_folder, write_folder
from pipeline.storage.kill_points import passing

READY = "pret.json"
_PLACES = ("outbox", "inbox", SCHOOL_FOLDER, SETTINGS, ".liasse")  # in that order
_OURS = ("templates", "schemas")  # of the installed liasse, where there is one
_AT_ONCE = 40_000_000


@dataclass(frozen=True)
class Restored:
    """What a workspace has again. ``aside``: where what was there before lies, with so many files received ``since``.

    ``differing``: templates and schemas that are not as in the backup, and were left as they are.
    """

    forms: int
    files: int
    aside: Path | None
    since: int
    differing: tuple[str, ...]


def restore(place: Path, root: Path, *, replace: bool) -> Restored:
    """Make a workspace of a backup; with ``replace`` also where there is one, which is moved aside.

    One that was stopped goes on. Raises NotAllowed for a workspace that holds something, HouseError for a backup that
    is not whole (nothing is changed then), Transient where the disk refuses.
    """
    workspace = Workspace(root.resolve())
    with disk_errors(f"{root} cannot be written", "Free space or mend access, then restore again."):
        told = _contents(place)
        ready = workspace.restoring / READY
        if not ready.exists():
            _require_empty(workspace, replace=replace)
            _lay_ready(place, told, workspace, replace=replace)
        ours = json.loads(ready.read_bytes())
        if ours["fichiers"] != told["fichiers"]:
            raise NotAllowed(f"the restore of another backup into {root} was stopped: finish that one first.")
        aside = Path(ours["ecarte"]) if ours["ecarte"] else None
        _put_in_place(workspace, aside)
        differing = tuple(_differing(told["fichiers"], workspace))
        shutil.rmtree(workspace.restoring / "templates", ignore_errors=True)
        gone = workspace.root / ".restauration-finie"
        shutil.rmtree(gone, ignore_errors=True)
        workspace.restoring.rename(gone)
        sync_folder(workspace.root)
        shutil.rmtree(gone)
    with Ledger.open(workspace) as ledger:
        forms = sum(ledger.entries.counts().values())
    before = set(lying_beside.hashes_in(Workspace(aside).spool)) if aside else set()
    since = len(before - set(lying_beside.hashes_in(workspace.spool)))
    return Restored(forms, len(told["fichiers"]), aside, since, differing)


def _contents(place: Path) -> Mapping[str, Any]:
    """What a backup says that it holds, every file held against its hash; raises HouseError where one is not so."""
    try:
        told: Mapping[str, Any] = json.loads((place / CONTENTS).read_bytes())
        files = told["fichiers"]
        if told["version"] != VERSION:
            raise HouseError(f"{place} is a backup of a newer liasse: upgrade, then restore.")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HouseError(f"{place} is no whole backup: its {CONTENTS} cannot be read. Choose another.") from error
    wrong = [name for name, one in files.items() if hash_of(place / name) != one["sha256"]]
    if wrong:
        raise HouseError(
            f"the backup {place} is damaged, nothing was restored: {', '.join(wrong[:5])} "
            f"({len(wrong)} file(s)). Choose another."
        )
    return told


def _require_empty(workspace: Workspace, *, replace: bool) -> None:
    held = [name for name in (".liasse", "outbox", "inbox") if _holds(workspace.root / name)]
    if held and not replace:
        raise NotAllowed(
            f"{workspace.root} is not empty ({', '.join(held)}): restore into another folder, or say --replace, and "
            "what is there is moved aside. Stop its service first."
        )


def _holds(place: Path) -> bool:
    return place.is_dir() and any(not one.name.startswith(".gitkeep") for one in place.iterdir())


def _lay_ready(place: Path, told: Mapping[str, Any], workspace: Workspace, *, replace: bool) -> None:
    """The whole backup beside the workspace, on the disk and proved; nothing of the workspace is touched yet."""
    work = workspace.restoring
    shutil.rmtree(work, ignore_errors=True)
    make_folder(work)
    _copy(place, told["fichiers"], work)
    _begin(work, _given(workspace) if replace else [])
    for path in sorted(work.rglob("*"), reverse=True):
        if path.is_dir():
            sync_folder(path)
    passing("restore-laid")
    aside = next(one for n in range(1, 1000) if not (one := workspace.root / f"{ASIDE_FOLDER}{n}").exists())
    ready = {"fichiers": told["fichiers"], "ecarte": str(aside) if replace else ""}
    write_folder(work, {f"{READY}.part": json.dumps(ready).encode()})
    (work / f"{READY}.part").rename(work / READY)
    sync_folder(work)
    sync_folder(workspace.root)
    passing("restore-ready")


def _copy(place: Path, files: Mapping[str, Mapping[str, Any]], work: Path) -> None:
    """The files of a backup, each as it was saved; raises HouseError for one that is not."""
    for name in {*(str(Path(one).parent) for one in files), *_PLACES, *_OURS} - {SETTINGS}:
        make_folder(work / name)
    for part in _parts(files):
        write_folder(work, {name: (place / name).read_bytes() for name in part})
    wrong = [name for name, one in files.items() if hash_of(work / name) != one["sha256"]]
    if wrong:
        raise HouseError(f"what was written into {work} is not what was read: {wrong[0]}. Look at the disk.")


def _begin(work: Path, given: Iterable[str]) -> None:
    """Have a restored ledger give no number again that was given, and refuse whoever held a form under another."""
    with Ledger.open(Workspace(work)) as ledger, ledger.database.write() as connection:
        for number in given:
            raise_counter(connection, number)
        change(connection, "UPDATE job SET token = :token", token=int(time.time()))
    sync_file(work / ".liasse" / FILE)


def _parts(files: Mapping[str, Mapping[str, Any]]) -> Iterator[list[str]]:
    part: list[str] = []
    size = 0
    for name, one in files.items():
        part.append(name)
        size += one["octets"]
        if size > _AT_ONCE:
            yield part
            part, size = [], 0
    if part:
        yield part


def _given(workspace: Workspace) -> list[str]:
    """The highest numbers that the workspace which is replaced has given: none is given again."""
    given = highest_numbers(workspace)
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(f"file:{workspace.memory / FILE}?mode=ro", uri=True)) as old,
    ):
        given += [f"{year}-{last:03d}" for year, last in old.execute("SELECT year, last FROM numbering")]
    return given


def _put_in_place(workspace: Workspace, aside: Path | None) -> None:
    """Give each part its name, the older one's out of the way first; what was done already is not done again."""
    if aside:
        make_folder(aside)
    for name in (*_PLACES, *_OURS):
        laid, target = workspace.restoring / name, workspace.root / name
        if not laid.exists() or (name in _OURS and target.exists()):
            continue
        if target.exists():  # what lies in the inbox is still to be received, whatever else is replaced
            if name == SCHOOL_FOLDER and not any(laid.iterdir()):
                continue
            if aside and name != "inbox" and not (aside / name).exists():
                target.rename(aside / name)
            else:
                _merge(laid, target)
                continue
        laid.rename(target)
        sync_folder(workspace.root)
        passing("restore-moved")
    if aside:
        sync_folder(aside)


def _merge(laid: Path, target: Path) -> None:
    """Put what is laid ready into a folder that holds nothing of its own, or take the place of a file."""
    if laid.is_file():
        laid.replace(target)
        return
    for one in sorted(laid.iterdir()):
        if one.is_dir() and (target / one.name).is_dir():
            _merge(one, target / one.name)
        else:
            one.replace(target / one.name)
    sync_folder(target)


def _differing(files: Mapping[str, Mapping[str, Any]], workspace: Workspace) -> Iterator[str]:
    """Templates and schemas that are not as in the backup: the installed ones are left, and a person looks."""
    for name, one in files.items():
        if name.split("/")[0] in _OURS and hash_of(workspace.root / name) != one["sha256"]:
            yield name
