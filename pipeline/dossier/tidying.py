"""Startup repair of the outbox: what a run that died had still to do there once the ledger knew how a form ended."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from pipeline.core.workspace import Workspace
from pipeline.dossier.life.resuming import resume_papers
from pipeline.dossier.versions import mark_superseded
from pipeline.ledger.entries import MADE, State
from pipeline.ledger.store import Ledger
from pipeline.storage.temporary import sweep, take_down

_ANSWERED = MADE | {State.WAITING, State.SUPERSEDED, State.DISCARDED, State.DIVIDED, State.FILED, State.ERASED}


def tidy(workspace: Workspace, ledger: Ledger) -> None:
    """Sweep what the dead left half written, mark packets that are replaced, remove letters that were answered.

    Papers that were published and did not count yet do from now on.
    """
    sweep(workspace)
    mark_superseded(ledger, workspace)
    resume_papers(workspace, ledger)
    _remove_answered(workspace, ledger)


def remove_seen(folder: Path) -> None:
    """Remove a folder of the outbox that counts no more; one that cannot be removed is left."""
    with suppress(OSError):
        take_down(folder)


def _remove_answered(workspace: Workspace, ledger: Ledger) -> None:
    """The letters of forms that nobody has to complete any more; not of one that a worker has in its hand."""
    if not workspace.to_complete.is_dir():
        return
    letters = {place.name for place in workspace.to_complete.iterdir()}
    if letters:
        in_hand = {entry.form.sha256 for entry in ledger.entries.in_queue()}  # before their states are looked at
        for entry in ledger.entries.in_states(*_ANSWERED):
            if entry.form.id in letters and entry.form.sha256 not in in_hand:
                remove_seen(workspace.to_complete / entry.form.id)
