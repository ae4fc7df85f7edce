"""Receipt of a file: into the spool, into the ledger, and only then out of the inbox."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

from pipeline.core.errors import Transient
from pipeline.core.timing import step
from pipeline.dossier.context import Context
from pipeline.dossier.tidying import remove_seen
from pipeline.ledger.claims import Step
from pipeline.ledger.entries import MADE, PUT_AWAY, State
from pipeline.ledger.journal import MACHINE
from pipeline.ledger.membership import Assignment
from pipeline.ledger.store import Arrival
from pipeline.storage.aside import changed_aside, put_aside, put_back
from pipeline.storage.aside_place import ASIDE
from pipeline.storage.kill_points import passing
from pipeline.storage.spool import receive

_HALF = "Ce fichier a été complété ou récrit après avoir été pris : il est retourné dans inbox/ et relu en entier."
_FOREIGN = (
    "%d fichier(s) de inbox/%s n’y ont pas été mis par liasse, ou ont été remplacés (%s) : ils ne comptent pas, et "
    "aucun formulaire n’en est écarté. Regardez-les, déposez de nouveau ce qui doit être lu, puis retirez-les."
)
log = logging.getLogger(__name__)
_KEPT = frozenset({State.SUPERSEDED, *MADE, *PUT_AWAY})


@step("receive")
def take_in(path: Path, context: Context, *, step: Step = Step.WHOLE, assigned: Assignment | None = None) -> Arrival:
    """Receive a file and make its form ready, as far as ``step``; ``assigned``: the dossier that a person says.

    Raises Transient, HouseError, or NotAllowed for a known form of another dossier; the file stays where it is.
    """
    require_space(context)
    received = receive(path, context.workspace, context.today, announce=context.ledger.announce)
    arrival = context.ledger.arrive(
        received.form, source=received.source, day=context.today, step=step, assigned=assigned
    )
    passing("noted")
    put_aside(path, context.workspace, received)
    return arrival


def take_back(context: Context, unchanged: set[tuple[str, str]]) -> int:
    """Give files back to the inbox that were written further after they were taken; how many there were.

    What was read of one was a part of it: its form is put away, with any letter, unless a packet was made of it.
    ``unchanged`` is kept by who calls again. What somebody laid there is told, and is no reason to put a form away.
    Raises HouseError; a file is then still where it was.
    """
    ledger, count = context.ledger, 0
    foreign: list[str] = []
    for changed in changed_aside(context.workspace, ledger.entries.sources, unchanged):
        if changed.foreign:
            foreign.append(changed.id)
            continue
        for entry in ledger.entries.starting(changed.id):
            if entry.form.id == changed.id and not ledger.packets.of_form(entry.form.sha256):
                ledger.put_away(entry.form, State.DISCARDED, by=MACHINE, reason=_HALF, unless=_KEPT)
                for place in (context.workspace.to_complete, context.workspace.quarantine):
                    remove_seen(place / changed.id)
        put_back(changed, context.workspace)
        count += 1
    if foreign:
        log.warning(_FOREIGN, len(foreign), ASIDE, ", ".join(sorted({one or "autre nom" for one in foreign})[:5]))
    return count


def require_space(context: Context) -> None:
    """Raise Transient when the disk has less room than the settings ask for."""
    free = shutil.disk_usage(context.workspace.root).free
    if free < context.settings.surveillance.libre:
        raise Transient(
            f"{context.workspace.root} has {free // 1_000_000} MB left, less than the "
            f"{context.settings.surveillance.libre // 1_000_000} MB of [surveillance] libre: nothing is taken in. "
            "Free space; files wait in the inbox."
        )
