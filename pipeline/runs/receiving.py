"""A file taken in: into the spool, into the ledger, and only then out of the inbox."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipeline.errors import Transient
from pipeline.ledger.jobs import Step
from pipeline.ledger.points import passing
from pipeline.ledger.spool import put_aside, receive
from pipeline.ledger.store import Arrival
from pipeline.steps import step
from pipeline.understanding import Desk


@step("receive")
def take_in(path: Path, desk: Desk, *, step: Step = Step.WHOLE) -> Arrival:
    """Receive a file and make its form ready, as far as ``step``.

    Raises Transient or HouseError, and the file stays where it is.
    """
    require_space(desk)
    received = receive(path, desk.workspace, desk.today)
    arrival = desk.ledger.arrive(received.form, source=received.source, day=desk.today, step=step)
    passing("noted")
    put_aside(path, desk.workspace, received)
    return arrival


def require_space(desk: Desk) -> None:
    """Raise Transient when the disk has less room than the settings ask for."""
    free = shutil.disk_usage(desk.workspace.root).free
    if free < desk.settings.surveillance.libre:
        raise Transient(
            f"{desk.workspace.root} has {free // 1_000_000} MB left, less than the "
            f"{desk.settings.surveillance.libre // 1_000_000} MB of [surveillance] libre: nothing is taken in. "
            "Free space; files wait in the inbox."
        )
