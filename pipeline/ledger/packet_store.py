"""Packets and their versions: intended before anything is seen in the outbox, current once delivered.

A packet that was fetched or signed is locked: the scolarité decides before another takes its place.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa

from pipeline.core.errors import HouseError, InTurn
from pipeline.ledger.database import Database, Row, change, row, rows
from pipeline.ledger.jobs import Claim, require_ours
from pipeline.ledger.journal import append, now


class PacketState(StrEnum):
    """What a packet is worth."""

    INTENDED = "prevue"
    CURRENT = "en-cours"
    FETCHED = "retiree"
    SIGNED = "signee"
    SUPERSEDED = "remplacee"
    SIGNED_SUPERSEDED = "signee-remplacee"  # kept all the same: it was signed
    PURGED = "purgee"


LOCKED = frozenset({PacketState.FETCHED, PacketState.SIGNED})
LIVE = frozenset({PacketState.CURRENT}) | LOCKED
SIGNED = frozenset({PacketState.SIGNED, PacketState.SIGNED_SUPERSEDED})


@dataclass(frozen=True)
class PacketLine:
    """One packet; ``folder`` is relative to the outbox, ``locked_at`` the moment it was fetched or signed (UTC).

    ``day`` is the day of edition that stands on the papers, ``made_at`` the moment by this machine's clock.
    """

    id: str
    sha256: str
    folder: Path
    state: PacketState
    made_at: str
    locked_at: str | None
    locked_by: str | None
    day: str = ""


_SELECT = (
    "SELECT packet.id, packet.sha256, packet.folder, packet.state, made_at, locked_at, locked_by, day FROM packet"
)


class Taken(HouseError):
    """A packet that was to be made anew was fetched, signed or replaced meanwhile: it stays what it is."""

    def __init__(self, packet: str) -> None:
        super().__init__(f"packet {packet[:8]} was taken or replaced meanwhile; it is not made anew.")


class Packets:
    """The packets of one ledger."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def intend(self, claim: Claim, packet: str, folder: Path, *, beside: Collection[str]) -> None:
        """Note a packet before it is published, so that a crash between the two is understood.

        ``beside`` are the packets known of people of that name; raises InTurn when another appeared meanwhile,
        Fenced when the job is no longer ours.
        """
        with self._db.write() as connection:
            require_ours(connection, claim)
            if {line.id for line in _of_name_beside(connection, claim.sha256)} != set(beside):
                raise InTurn(f"{claim.sha256[:8]}: another form of that name was delivered meanwhile; walked again.")
            change(
                connection,
                "INSERT INTO packet (id, sha256, folder, state, made_at, day) "
                "VALUES (:id, :sha256, :folder, 'prevue', :now, :day) "
                "ON CONFLICT (id) DO UPDATE SET state = 'prevue', folder = excluded.folder, day = excluded.day "
                "WHERE packet.state NOT IN ('en-cours', 'retiree', 'signee', 'signee-remplacee')",
                id=packet,
                sha256=claim.sha256,
                folder=str(folder),
                now=now(),
                day=claim.day.isoformat(),
            )

    def require_untaken(self, connection: sa.Connection, packet: str) -> None:
        """Raise Taken unless a packet is current, within a transaction that holds the right to write."""
        found = row(connection, "SELECT 1 FROM packet WHERE id = :id AND state = 'en-cours'", id=packet)
        if found is None:
            raise Taken(packet)

    def forget_intended(self, connection: sa.Connection, sha256: str, *, but: str | None) -> None:
        """The packets of a form that were intended and came to nothing."""
        change(
            connection,
            "UPDATE packet SET state = 'purgee' WHERE sha256 = :sha256 AND state = 'prevue' AND id <> :but",
            sha256=sha256,
            but=but or "",
        )

    def withdraw(self, claim: Claim) -> None:
        """Forget the packets that an earlier attempt at a claimed form intended; raises Fenced."""
        with self._db.write() as connection:
            require_ours(connection, claim)
            self.forget_intended(connection, claim.sha256, but=None)

    def make_current(self, connection: sa.Connection, packet: str, forms: Collection[str]) -> None:
        """The packet counts from now on; the other packets of these forms are superseded."""
        for sha256 in sorted(forms):
            change(
                connection,
                "UPDATE packet SET state = CASE WHEN state IN ('signee', 'signee-remplacee') "
                "THEN 'signee-remplacee' ELSE 'remplacee' END "
                "WHERE sha256 = :sha256 AND id <> :packet AND state <> 'purgee'",
                sha256=sha256,
                packet=packet,
            )
        change(
            connection,
            "UPDATE packet SET state = CASE WHEN state = 'signee-remplacee' THEN 'signee' ELSE 'en-cours' END "
            "WHERE id = :packet AND state NOT IN ('retiree', 'signee')",
            packet=packet,
        )

    def lock(self, packet: str, state: PacketState, by: str) -> bool:
        """Note that a packet was fetched or signed, and by whom; the first time counts, signed wins over fetched.

        Answers whether it is locked now: one that was replaced or purged meanwhile is not.
        """
        with self._db.write() as connection:
            changed = change(
                connection,
                "UPDATE packet SET state = :state, locked_at = coalesce(locked_at, :now), "
                "locked_by = coalesce(locked_by, :by) "
                "WHERE id = :id AND state NOT IN ('signee', 'remplacee', 'signee-remplacee', 'purgee')",
                state=state.value,
                now=now(),
                by=by,
                id=packet,
            )
            line = row(connection, "SELECT sha256, state FROM packet WHERE id = :id", id=packet)
            if line:
                append(connection, state.value if changed else "taken", line[0], packet[:8], actor=by)
        return line is not None and PacketState(line[1]) in LOCKED

    def set_state(self, packet: str, state: PacketState) -> None:
        """Note what became of a packet's files."""
        with self._db.write() as connection:
            change(connection, "UPDATE packet SET state = :state WHERE id = :id", state=state.value, id=packet)

    def of_name_beside(self, sha256: str) -> tuple[PacketLine, ...]:
        """The packets, intended or live, of other forms by people of the same folded name."""
        with self._db.read() as connection:
            return _of_name_beside(connection, sha256)

    def intended(self, sha256: str) -> tuple[PacketLine, ...]:
        """The packets of a form that were to be published when its worker was last heard of."""
        return self._lines("WHERE sha256 = :sha256 AND state = 'prevue'", sha256=sha256)

    def of_form(self, sha256: str) -> tuple[PacketLine, ...]:
        """The packets made of one form, the oldest first."""
        return self._lines("WHERE sha256 = :sha256", sha256=sha256)

    def get(self, packet: str) -> PacketLine | None:
        """One packet by its whole id."""
        return next(iter(self._lines("WHERE packet.id = :id", id=packet)), None)

    def current(self) -> tuple[PacketLine, ...]:
        """The packets that count and that nobody has taken, the oldest first."""
        return self._lines("WHERE packet.state = 'en-cours'")

    def superseded(self) -> tuple[PacketLine, ...]:
        """The packets that another replaced."""
        return self._lines("WHERE packet.state IN ('remplacee', 'signee-remplacee')")

    def all(self) -> tuple[PacketLine, ...]:
        """Every packet."""
        return self._lines("")

    def _lines(self, where: str, **values: str) -> tuple[PacketLine, ...]:
        with self._db.read() as connection:
            return tuple(_line(one) for one in rows(connection, f"{_SELECT} {where} ORDER BY made_at, id", **values))


def _of_name_beside(connection: sa.Connection, sha256: str) -> tuple[PacketLine, ...]:
    where = (
        "JOIN form ON form.sha256 = packet.sha256 WHERE form.sha256 <> :sha256 "
        "AND form.person = (SELECT person FROM form WHERE sha256 = :sha256) "
        "AND packet.state IN ('prevue', 'en-cours', 'retiree', 'signee') ORDER BY packet.made_at, packet.id"
    )
    return tuple(_line(one) for one in rows(connection, f"{_SELECT} {where}", sha256=sha256))


def _line(found: Row) -> PacketLine:
    packet, sha256, folder, state, made_at, locked_at, locked_by, day = found
    return PacketLine(packet, sha256, Path(folder), PacketState(state), made_at, locked_at, locked_by, day)
