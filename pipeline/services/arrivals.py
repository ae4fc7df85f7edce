"""What lies in the inbox before anybody takes it: how many files, and what is left there with why."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.core.workspace import Workspace
from pipeline.storage.inbox import Left, Why, left_in, scan

MANY = 20  # files from which a batch, on every core, is worth its while


@dataclass(frozen=True)
class Inbox:
    """``files`` to be taken; what is not, and why, in ``left``."""

    files: int = 0
    left: tuple[Left, ...] = ()


def look(workspace: Workspace) -> Inbox:
    """One look at the inbox; files that have not come to their end are in ``left``. Raises OSError."""
    if not workspace.inbox.is_dir():
        return Inbox()
    left = left_in(workspace.inbox)
    halves = sum(one.why is Why.INCOMPLETE for one in left)
    return Inbox(len(scan(workspace.inbox).files) - halves, left)
