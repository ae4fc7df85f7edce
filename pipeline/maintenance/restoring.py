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

from pipeline.core.errors import HouseError, NotAllowed
from pipeline.core.modes import make_folder
from pipeline.core.settings import FILE as SETTINGS
from pipeline.core.text import visible_line
from pipeline.core.workspace import Workspace
from pipeline.ledger import lying_beside
from pipeline.ledger.database import change
from pipeline.ledger.numbering import raise_counter
from pipeline.ledger.store import FILE, Ledger
from pipeline.maintenance.filed_numbers import highest_numbers
from pipeline.maintenance.merging import put_beside, put_in_place
from pipeline.maintenance.named_files import ASIDE_FOLDER, SCHOOL_FOLDER, strange_names
from pipeline.maintenance.saved_files import SavedFile, read_saved, saved_files
from pipeline.storage.durable import disk_errors, hash_of, sync_file, sync_folder, write_folder
from pipeline.storage.kill_points import passing
from pipeline.storage.turns import replacing

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

    One that was stopped goes on. Raises NotAllowed for a workspace that holds something, or in which another process
    works, HouseError for a backup that is not whole or not liasse's (nothing is changed then), Transient where the
    disk refuses.
    """
    workspace = Workspace(root.resolve())
    files = saved_files(place)
    with disk_errors(f"{root} cannot be written", "Free space or mend access, then restore again."):
        make_folder(workspace.root)
        with replacing(workspace.root):
            aside = _restored(place, files, workspace, replace=replace)
            differing = tuple(_differing(files, workspace))
            with Ledger.open(workspace) as ledger:
                forms = sum(ledger.entries.counts().values())
    before = set(lying_beside.hashes_in(Workspace(aside).spool)) if aside else set()
    since = len(before - set(lying_beside.hashes_in(workspace.spool)))
    return Restored(forms, len(files), aside, since, differing)


def _restored(place: Path, files: Mapping[str, SavedFile], workspace: Workspace, *, replace: bool) -> Path | None:
    """Do all of it, or what is left to do; where what was there lies."""
    ready, told = workspace.restoring / READY, {name: one.sha256 for name, one in files.items()}
    if not ready.exists():
        _require_empty(workspace, replace=replace)
        _lay_ready(place, files, workspace, replace=replace)
    ours = json.loads(ready.read_bytes())
    if {name: one["sha256"] for name, one in ours["fichiers"].items()} != told:
        raise NotAllowed(f"the restore of another backup into {workspace.root} was stopped: finish that one first.")
    aside = Path(ours["ecarte"]) if ours["ecarte"] else None
    _put_in_place(workspace, aside)
    gone = workspace.root / ".restauration-finie"
    shutil.rmtree(gone, ignore_errors=True)
    workspace.restoring.rename(gone)
    sync_folder(workspace.root)
    shutil.rmtree(gone)
    return aside


def _require_empty(workspace: Workspace, *, replace: bool) -> None:
    held = [name for name in (".liasse", "outbox", "inbox") if _holds(workspace.root / name)]
    if held and not replace:
        raise NotAllowed(
            f"{workspace.root} is not empty ({', '.join(held)}): restore into another folder, or say --replace, and "
            "what is there is moved aside. Stop its service first."
        )


def _holds(place: Path) -> bool:
    return place.is_dir() and any(not one.name.startswith(".gitkeep") for one in place.iterdir())


def _lay_ready(place: Path, files: Mapping[str, SavedFile], workspace: Workspace, *, replace: bool) -> None:
    """The whole backup beside the workspace, on the disk and proved; nothing of the workspace is touched yet."""
    work = workspace.restoring
    shutil.rmtree(work, ignore_errors=True)
    make_folder(work)
    _copy(place, files, work)
    _begin(work, _given(workspace) if replace else [])
    for path in sorted(work.rglob("*"), reverse=True):
        if path.is_dir():
            sync_folder(path)
    passing("restore-laid")
    aside = next(one for n in range(1, 1000) if not (one := workspace.root / f"{ASIDE_FOLDER}{n}").exists())
    said = {name: {"sha256": one.sha256, "octets": one.size} for name, one in files.items()}
    ready = {"fichiers": said, "ecarte": str(aside) if replace else ""}
    write_folder(work, {f"{READY}.part": json.dumps(ready).encode()})
    (work / f"{READY}.part").rename(work / READY)
    sync_folder(work)
    sync_folder(workspace.root)
    passing("restore-ready")


def _copy(place: Path, files: Mapping[str, SavedFile], work: Path) -> None:
    """The files of a backup, each as it was saved; raises HouseError for one that is not."""
    for name in {*(str(Path(one).parent) for one in files), *_PLACES, *_OURS} - {SETTINGS}:
        make_folder(work / name)
    for part in _parts(files):
        write_folder(work, {name: read_saved(place, name) for name in part})
    wrong = [name for name, one in files.items() if hash_of(work / name) != one.sha256]
    if wrong:
        raise HouseError(f"what was written into {work} is not what was read: {wrong[0]}. Look at the disk.")


def _begin(work: Path, given: Iterable[str]) -> None:
    """Have a restored ledger give no number again that was given, and refuse whoever held a form under another."""
    with Ledger.open(Workspace(work)) as ledger, ledger.database.write() as connection:
        for number in given:
            raise_counter(connection, number)
        change(connection, "UPDATE job SET token = :token", token=int(time.time()))
    strange = strange_names(work / ".liasse" / FILE)
    if strange:
        shutil.rmtree(work)
        raise HouseError(
            f"the ledger of the backup is refused, nothing was restored: it names « {visible_line(strange[0])} », "
            "which liasse never does. Choose another backup, and ask where this one comes from."
        )
    sync_file(work / ".liasse" / FILE)


def _parts(files: Mapping[str, SavedFile]) -> Iterator[list[str]]:
    part: list[str] = []
    size = 0
    for name, one in files.items():
        part.append(name)
        size += one.size
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
        if name == "inbox":  # what lies there is still to be received, whatever else is replaced
            put_beside(laid, target)
        elif aside and target.exists() and not (aside / name).exists():
            if name == SCHOOL_FOLDER and not any(laid.iterdir()):
                continue
            target.rename(aside / name)
            put_in_place(laid, target)
        else:
            put_in_place(laid, target)
        passing("restore-moved")
    if aside:
        sync_folder(aside)


def _differing(files: Mapping[str, SavedFile], workspace: Workspace) -> Iterator[str]:
    """Templates and schemas that are not as in the backup: the installed ones are left, and a person looks."""
    for name, one in files.items():
        if name.split("/")[0] in _OURS and hash_of(workspace.root / name) != one.sha256:
            yield name
