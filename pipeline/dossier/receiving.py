"""Receipt of a file: into the spool, into the ledger, and only then out of the inbox."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipeline.core.errors import Transient
from pipeline.core.timing import step
from pipeline.dossier.context import Context
from pipeline.ledger.claims import Step
from pipeline.ledger.membership import Assignment
from pipeline.ledger.store import Arrival
from pipeline.storage.kill_points import passing
from pipeline.storage.spool import put_aside, receive


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


def require_space(context: Context) -> None:
    """Raise Transient when the disk has less room than the settings ask for."""
    free = shutil.disk_usage(context.workspace.root).free
    if free < context.settings.surveillance.libre:
        raise Transient(
            f"{context.workspace.root} has {free // 1_000_000} MB left, less than the "
            f"{context.settings.surveillance.libre // 1_000_000} MB of [surveillance] libre: nothing is taken in. "
            "Free space; files wait in the inbox."
        )
