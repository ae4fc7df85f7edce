"""Repository of packets and their versions: intended before anything is seen in the outbox, current once delivered.

A packet that was fetched or signed is locked: the scolarité decides before another takes its place.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa

from pipeline.core.errors import HouseError, InTurn
from pipeline.core.models import packet_number
from pipeline.ledger.claims import Claim, require_ours
from pipeline.ledger.database import Database, Row, change, change_many, row, rows
from pipeline.ledger.entries import PRINTED
from pipeline.ledger.journal import append, now


class PacketState(StrEnum):
    """What a packet is worth."""

    INTENDED = "prevue"
    DRAFT = "projet"  # it counts, and nobody can take it to be signed
    CURRENT = "en-cours"
    FETCHED = "retiree"
    SIGNED = "signee"
    SUPERSEDED = "remplacee"
    SIGNED_SUPERSEDED = "signee-remplacee"  # kept all the same: it was signed
    PURGED = "purgee"


LOCKED = frozenset({PacketState.FETCHED, PacketState.SIGNED})
TAKEABLE = frozenset({PacketState.CURRENT}) | LOCKED
LIVE = frozenset({PacketState.DRAFT}) | TAKEABLE
SIGNED = frozenset({PacketState.SIGNED, PacketState.SIGNED_SUPERSEDED})


@dataclass(frozen=True)
class PacketLine:
    """One packet; ``folder`` is relative to the outbox, ``locked_at`` the moment it was fetched or signed (UTC).

    ``day`` is the day of edition that stands on the papers, ``made_at`` the moment by this machine's clock.
    ``incomplete``: an older liasse printed « À COMPLÉTER » on it, and it was taken all the same.
    """

    id: str
    sha256: str
    folder: Path
    state: PacketState
    made_at: str
    locked_at: str | None
    locked_by: str | None
    day: str = ""
    pages: int | None = None
    signatures: int | None = None
    incomplete: bool = False


PACKETS = (
    "SELECT packet.id, packet.sha256, packet.folder, packet.state, made_at, locked_at, locked_by, day, "
    "pages, signatures, coalesce(packet.incomplete, 0) FROM packet"
)


class Taken(HouseError):
    """A packet that was to be regenerated was fetched, signed or replaced meanwhile: it stays what it is."""

    def __init__(self, packet: str) -> None:
        super().__init__(f"packet {packet_number(packet)} was taken or replaced meanwhile; it is not regenerated.")


class Packets:
    """The packets of one ledger."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def intend(self, claim: Claim, packet: str, folder: Path, *, dossier: str, beside: Collection[str]) -> None:
        """Note a packet before it is published, so that a crash between the two is understood.

        ``dossier`` is the form's, ``beside`` the packets known of its other forms; raises InTurn when either has
        changed meanwhile, Fenced when the job is no longer ours.
        """
        with self._db.write() as connection:
            require_ours(connection, claim)
            home = row(connection, "SELECT dossier FROM form WHERE sha256 = :s", s=claim.sha256)
            known = {line.id for line in _beside(connection, claim.sha256)}
            if home is None or home[0] != dossier or known != set(beside):
                raise InTurn(f"{claim.sha256[:8]}: another form of its dossier went on meanwhile; walked again.")
            change(
                connection,
                "INSERT INTO packet (id, sha256, folder, state, made_at, day, incomplete) "
                "VALUES (:id, :sha256, :folder, 'prevue', :now, :day, 0) "
                "ON CONFLICT (id) DO UPDATE SET state = 'prevue', folder = excluded.folder, day = excluded.day "
                "WHERE packet.state NOT IN ('projet', 'en-cours', 'retiree', 'signee', 'signee-remplacee')",
                id=packet,
                sha256=claim.sha256,
                folder=str(folder),
                now=now(),
                day=claim.day.isoformat(),
            )

    def require_untaken(self, connection: sa.Connection, packet: str) -> None:
        """Raise Taken unless a packet is current, within a transaction that holds the right to write."""
        if row(connection, "SELECT 1 FROM packet WHERE id = :id AND state = 'en-cours'", id=packet) is None:
            raise Taken(packet)

    def forget_intended(self, connection: sa.Connection, sha256: str, *, but: str | None) -> None:
        """The packets of a form that were intended and came to nothing."""
        change(
            connection,
            "UPDATE packet SET state = 'purgee' WHERE sha256 = :sha256 AND state = 'prevue' AND id <> :but",
            sha256=sha256,
            but=but or "",
        )

    def forget_drafts(self, connection: sa.Connection, sha256: str) -> None:
        """The projets of a form that is put away: they count no more."""
        change(connection, "UPDATE packet SET state = 'purgee' WHERE sha256 = :s AND state = 'projet'", s=sha256)

    def take_back(self, connection: sa.Connection, packet: str) -> None:
        """Make a delivered form as if its packet were still to be made; raises Taken unless that is current."""
        self.require_untaken(connection, packet)
        sql = "UPDATE form SET state = 'recu', packet = NULL, folder = NULL WHERE packet = :id AND state = 'delivre'"
        change(connection, sql, id=packet)
        change(connection, "UPDATE packet SET state = 'purgee' WHERE id = :id", id=packet)

    def withdraw(self, claim: Claim) -> None:
        """Forget the packets that an earlier attempt at a claimed form intended; raises Fenced."""
        with self._db.write() as connection:
            require_ours(connection, claim)
            self.forget_intended(connection, claim.sha256, but=None)

    def make_current(
        self,
        connection: sa.Connection,
        packet: str,
        forms: Collection[str],
        pages: int | None,
        signatures: int | None,
        *,
        draft: bool = False,
    ) -> None:
        """The packet counts from now on, with so many pages and signatures; the others of these forms do no more.

        ``draft``: it is a projet, and takes the place of projets only; what can be signed, or was, counts until then.
        """
        which = "state IN ('projet', 'prevue')" if draft else "state <> 'purgee'"
        for sha256 in sorted(forms):
            change(
                connection,
                "UPDATE packet SET state = CASE WHEN state IN ('signee', 'signee-remplacee') "
                "THEN 'signee-remplacee' ELSE 'remplacee' END "
                f"WHERE sha256 = :sha256 AND id <> :packet AND {which}",
                sha256=sha256,
                packet=packet,
            )
        change(
            connection,
            "UPDATE packet SET state = CASE WHEN state = 'signee-remplacee' THEN 'signee' ELSE :state END, "
            "pages = :pages, signatures = :signatures WHERE id = :packet AND state NOT IN ('retiree', 'signee')",
            packet=packet,
            state=(PacketState.DRAFT if draft else PacketState.CURRENT).value,
            pages=pages,
            signatures=signatures,
        )

    def signable_among(self, connection: sa.Connection, forms: Collection[str]) -> set[str]:
        """Those of these forms that have a packet which can be signed, or was."""
        sql = "SELECT sha256 FROM packet WHERE sha256 = :s AND state IN ('en-cours', 'retiree', 'signee')"
        return {one for one in forms if row(connection, sql, s=one)}

    def lock(self, packet: str, state: PacketState, by: str) -> PacketLine | None:
        """Note that a packet was fetched or signed, and by whom; the first time counts, signed wins over fetched.

        The packet as it was before; ``None``, and nothing is noted, for one that was replaced or purged meanwhile.
        """
        with self._db.write() as connection:
            return lock_packet(connection, packet, state, by)

    def set_state(self, packet: str, state: PacketState) -> None:
        """Note what became of a packet's files."""
        with self._db.write() as connection:
            change(connection, "UPDATE packet SET state = :state WHERE id = :id", state=state.value, id=packet)

    def beside(self, sha256: str) -> tuple[PacketLine, ...]:
        """The packets, intended or live, of the other forms of a form's dossier."""
        with self._db.read() as connection:
            return _beside(connection, sha256)

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

    def live(self) -> tuple[PacketLine, ...]:
        """The packets that count, taken or not."""
        return self._lines("WHERE packet.state IN ('projet', 'en-cours', 'retiree', 'signee')")

    def unexamined(self) -> tuple[PacketLine, ...]:
        """The packets that count and of which nobody knows whether they were issued with a hole."""
        return self._lines("WHERE packet.incomplete IS NULL AND packet.state IN ('en-cours', 'retiree', 'signee')")

    def note_examined(self, packet: PacketLine, *, holed: bool, told: str) -> None:
        """Note whether a packet was issued with a hole: one that nobody took is a projet, for the reason told."""
        with self._db.write() as connection:
            first = change(
                connection,
                "UPDATE packet SET incomplete = :holed WHERE id = :id AND incomplete IS NULL",
                holed=int(holed and packet.state in LOCKED),
                id=packet.id,
            )
            if not (first and holed):
                return
            withdrawn = change(
                connection, "UPDATE packet SET state = 'projet' WHERE id = :id AND state = 'en-cours'", id=packet.id
            )
            if withdrawn:
                change(
                    connection,
                    "UPDATE form SET state = 'projet', detail = :told WHERE sha256 = :s AND state = 'delivre'",
                    s=packet.sha256,
                    told=told,
                )
            append(connection, "issued-incomplete", packet.sha256, packet.id[:8])

    def untold(self) -> tuple[PacketLine, ...]:
        """The packets that were taken with a hole and that nobody has been told of."""
        return self._lines("WHERE packet.incomplete = 1")

    def note_told(self, packets: Collection[str]) -> None:
        """Note that these were told, by id."""
        with self._db.write() as connection:
            sql = "UPDATE packet SET incomplete = 2 WHERE incomplete = 1 AND id = :id"
            change_many(connection, sql, [{"id": one} for one in packets])

    def superseded(self, dossier: str | None = None) -> tuple[PacketLine, ...]:
        """The packets that another replaced, all or those of one dossier."""
        return self._lines(
            "JOIN form ON form.sha256 = packet.sha256 WHERE packet.state IN ('remplacee', 'signee-remplacee') "
            "AND (:dossier = '' OR form.dossier = :dossier)",
            dossier=dossier or "",
        )

    def all(self) -> tuple[PacketLine, ...]:
        """Every packet."""
        return self._lines("")

    def _lines(self, where: str, **values: str) -> tuple[PacketLine, ...]:
        with self._db.read() as connection:
            return tuple(
                packet_line(one) for one in rows(connection, f"{PACKETS} {where} ORDER BY made_at, id", **values)
            )


def lock_packet(connection: sa.Connection, packet: str, state: PacketState, by: str) -> PacketLine | None:
    """``Packets.lock`` within a transaction that holds the right to write."""
    found = row(connection, f"{PACKETS} WHERE packet.id = :id", id=packet)
    before = packet_line(found) if found else None
    if before is None or before.state not in TAKEABLE | {PacketState.INTENDED}:
        return None
    if before.state is not PacketState.SIGNED:
        first = "locked_at = coalesce(locked_at, :now), locked_by = coalesce(locked_by, :by)"
        sql = f"UPDATE packet SET state = :state, {first} WHERE id = :id"
        change(connection, sql, state=state.value, now=now(), by=by, id=packet)
    event = "taken" if before.state is PacketState.SIGNED else state.value
    append(connection, event, before.sha256, packet_number(packet), actor=by)
    return before


def _beside(connection: sa.Connection, sha256: str) -> tuple[PacketLine, ...]:
    where = (
        "JOIN form ON form.sha256 = packet.sha256 WHERE form.sha256 <> :sha256 "
        "AND form.dossier = (SELECT dossier FROM form WHERE sha256 = :sha256) "
        f"AND packet.state IN {PRINTED} ORDER BY packet.made_at, packet.id"
    )
    return tuple(packet_line(one) for one in rows(connection, f"{PACKETS} {where}", sha256=sha256))


def packet_line(found: Row) -> PacketLine:
    """A row of ``PACKETS``."""
    packet, sha256, folder, state, *rest, incomplete = found
    line = PacketLine(packet, sha256, Path(folder), PacketState(state), *rest)
    return replace(line, incomplete=bool(incomplete))
