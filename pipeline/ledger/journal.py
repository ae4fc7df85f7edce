"""Audit log (journal), hash-chained: who did what to which form, and when. Lines are only added.

It holds ids, never a student's name. A line that is changed, removed from the middle or inserted breaks the chain.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from pipeline.ledger.database import change, row, rows

MACHINE = "liasse"  # the actor of what nobody asked for by hand


@dataclass(frozen=True)
class Line:
    """One line; ``previous`` is the hash of the line before, ``hash`` covers all the rest."""

    number: int
    at: str
    actor: str
    sha256: str
    event: str
    detail: str
    previous: str
    hash: str

    @property
    def seal(self) -> str:
        """The hash that this line must have."""
        said = (self.previous, str(self.number), self.at, self.actor, self.sha256, self.event, self.detail)
        return hashlib.sha256("\x1f".join(said).encode()).hexdigest()


def now() -> str:
    """This second, in UTC, as the ledger writes it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def append(
    connection: sa.Connection, event: str, sha256: str = "", detail: str = "", *, actor: str = MACHINE
) -> None:
    """Add a line within a transaction that holds the right to write."""
    last = row(connection, "SELECT number, hash FROM journal ORDER BY number DESC LIMIT 1")
    line = Line((last[0] if last else 0) + 1, now(), actor, sha256, event, detail, last[1] if last else "", "")
    change(
        connection,
        "INSERT INTO journal (number, at, actor, sha256, event, detail, previous, hash) "
        "VALUES (:number, :at, :actor, :sha256, :event, :detail, :previous, :hash)",
        **{**line.__dict__, "hash": line.seal},
    )


def lines(connection: sa.Connection, sha256: str | None = None) -> tuple[Line, ...]:
    """The lines, all or those of one form, the oldest first."""
    where = "WHERE sha256 = :sha256" if sha256 is not None else ""
    found = rows(
        connection,
        f"SELECT number, at, actor, sha256, event, detail, previous, hash FROM journal {where} ORDER BY number",
        **({"sha256": sha256} if sha256 is not None else {}),
    )
    return tuple(Line(*one) for one in found)


def faults(chain: Sequence[Line]) -> Iterator[str]:
    """Where the chain is broken. Lines older than the chain itself bear no seal, and may only stand first."""
    before: Line | None = None
    for line in chain:
        if line.hash and line.hash != line.seal:
            yield f"line {line.number} was changed after it was written"
        if before is not None and line.number != before.number + 1:
            yield f"{line.number - before.number - 1} line(s) are missing before line {line.number}"
        elif before is not None and line.previous != before.hash:
            yield f"line {line.number} does not follow line {before.number}"
        before = line
