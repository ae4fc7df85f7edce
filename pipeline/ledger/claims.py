"""Claims: a job held by one worker under a lease, with a fencing token that proves it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from pipeline.core.errors import HouseError
from pipeline.ledger.database import row


class Step(StrEnum):
    """How far a job goes: all the way, or in a batch only as far as the values, before anything is printed."""

    WHOLE = "whole"
    CHECK = "check"


class JobState(StrEnum):
    """Where a job is. One whose form was checked waits for the rest of its batch."""

    READY = "ready"
    CHECKED = "checked"
    CLAIMED = "claimed"
    DONE = "done"
    QUARANTINED = "quarantined"


@dataclass(frozen=True)
class Claim:
    """A job in hand: ``token`` proves it is ours, ``attempt`` counts from 1, ``day`` dates what is edited.

    ``regenerates`` is the packet whose next version is asked for, empty for a form that has none yet.
    """

    sha256: str
    token: int
    attempt: int
    day: dt.date
    step: Step = Step.WHOLE
    regenerates: str = ""


class Fenced(HouseError):
    """The form is in other hands by now: what this worker made is not kept."""

    def __init__(self, sha256: str) -> None:
        super().__init__(f"{sha256[:8]} was given to another worker meanwhile; this one's work is dropped.")


def is_ours(connection: sa.Connection, claim: Claim) -> bool:
    """Whether the claim is still held, within a transaction."""
    found = row(
        connection,
        "SELECT 1 FROM job WHERE sha256 = :sha256 AND token = :token AND state = 'claimed'",
        sha256=claim.sha256,
        token=claim.token,
    )
    return found is not None


def require_ours(connection: sa.Connection, claim: Claim) -> None:
    """Raise Fenced unless the claim is still ours, within a transaction that holds the right to write."""
    if not is_ours(connection, claim):
        raise Fenced(claim.sha256)
