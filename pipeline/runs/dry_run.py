"""Dry run: a workspace beside the real one, thrown away afterwards, with a copy of its ledger."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from pipeline.core.modes import make_folder
from pipeline.core.settings import FILE as SETTINGS
from pipeline.core.workspace import Workspace
from pipeline.ledger.admission import forget_lines, require_whole
from pipeline.ledger.store import FILE, Ledger
from pipeline.storage.spool import spool_file
from pipeline.storage.temporary import thrown_away


@contextmanager
def rehearsing(workspace: Workspace, *, dry_run: bool) -> Iterator[Workspace]:
    """The workspace itself, or with ``dry_run`` a copy in which everything may be tried."""
    if not dry_run:
        yield workspace
        return
    require_whole(workspace)
    with thrown_away(workspace) as root:
        for name in ("templates", "schemas", SETTINGS):
            if (workspace.root / name).exists():
                (root / name).symlink_to(workspace.root / name)
        if workspace.school.exists():
            (root / "etablissement").symlink_to(workspace.school)
        place = Workspace.at(root)
        make_folder(place.memory)
        if (workspace.memory / FILE).exists():
            _copy_ledger(workspace, place)
        yield place


def _copy_ledger(workspace: Workspace, place: Workspace) -> None:
    """The ledger with nothing in any hand, and the files that are still needed."""
    with (
        closing(sqlite3.connect(workspace.memory / FILE)) as ours,
        closing(sqlite3.connect(place.memory / FILE)) as copy,
    ):
        ours.backup(copy)
    forget_lines(place.memory / FILE)
    with Ledger.open(place) as ledger:
        ledger.jobs.take_from_all()
        for entry in ledger.entries.all():
            theirs = spool_file(workspace, entry.form.sha256)
            if entry.state.needs_its_file and theirs.exists():
                make_folder(entry.form.path.parent)
                entry.form.path.hardlink_to(theirs)
