"""Upkeep of the ledger: its integrity, and what must be forgotten of it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from pipeline.ledger import journal
from pipeline.ledger.database import Database, change, row, rows, rows_among
from pipeline.ledger.journal import Line
from pipeline.ledger.looks import SEEN
from pipeline.ledger.lying_beside import JOINED, SPOOL
from pipeline.ledger.members import forget_member

_FORGETTING = (
    "UPDATE form SET name = '', stagiaire = NULL, person = NULL, folder = NULL WHERE sha256 = :s",
    "UPDATE form SET detail = '' WHERE sha256 = :s AND state <> 'efface'",
    "UPDATE packet SET folder = '-' WHERE sha256 = :s",
    "UPDATE arrival SET name = '' WHERE sha256 = :s",
    "UPDATE job SET error = '' WHERE sha256 = :s",
    "DELETE FROM decision WHERE sha256 = :s",
    "DELETE FROM record WHERE sha256 = :s",
    "DELETE FROM reading WHERE sha256 = :s",
    "UPDATE membership SET reason = '' WHERE sha256 = :s",
)


class Spare(NamedTuple):
    """A file that no form rests on: where it lies, its hash, since when, why."""

    place: str
    sha256: str
    at: str
    reason: str


_SPARE = (
    "INSERT INTO spare_file (place, sha256, at, reason) SELECT :place, :s, :at, :reason WHERE NOT EXISTS "
    "(SELECT 1 FROM form WHERE sha256 = :s AND state <> 'efface' AND :place = 'spool') "
    "ON CONFLICT (place, sha256) DO UPDATE SET at = excluded.at, reason = excluded.reason"
)


def _spare_files_of(connection: sa.Connection, told: Iterable[str]) -> None:
    for one in told:
        file = json.loads(one)["sha256"]
        change(connection, _SPARE, place=JOINED, s=file, at=journal.now(), reason="oublie")


class LedgerCare:
    """What purge, erase and doctor ask of one ledger."""

    database: Database

    def faults(self) -> Sequence[str]:
        """What is wrong in the file or in the journal's chain: nothing, it is hoped."""
        with self.database.read() as connection:
            chain = journal.lines(connection)
        return [*self.database.integrity(), *(f"journal: {fault}" for fault in journal.faults(chain))]

    def journal(self, sha256: str | None = None) -> tuple[journal.Line, ...]:
        """The journal, whole or of one form."""
        with self.database.read() as connection:
            return journal.lines(connection, sha256)

    def journal_end(self) -> int:
        """The number of the newest line of the journal."""
        with self.database.read() as connection:
            found = row(connection, "SELECT coalesce(max(number), 0) FROM journal")
        return int(found[0]) if found else 0

    def changed_since(self, number: int) -> frozenset[str]:
        """The forms of which a line of the journal tells after that one; who only looked at them changed nothing."""
        with self.database.read() as connection:
            sql = "SELECT DISTINCT sha256 FROM journal WHERE number > :n AND sha256 <> '' AND event <> :seen"
            return frozenset(str(one) for (one,) in rows(connection, sql, n=number, seen=SEEN))

    def last_details(self, forms: Collection[str], event: str) -> dict[str, str]:
        """What the newest line of each form's journal says that tells of such an event."""
        sql = "SELECT sha256, detail, number FROM journal WHERE event = :event AND sha256 IN :several"
        with self.database.read() as connection:
            found = rows_among(connection, sql, forms, event=event)
        return {sha256: detail for sha256, detail, _ in sorted(found, key=lambda one: int(one[2]))}

    def last_event(self, sha256: str, event: str) -> Line | None:
        """The newest line of a form's journal that tells of such an event; nothing where none is kept."""
        return next((one for one in reversed(self.journal(sha256)) if one.event == event), None)

    def tell_projet(self, sha256: str, packet: str, detail: str) -> None:
        """Say what a projet lacks by now; nothing where it is that projet no more."""
        with self.database.write() as connection:
            change(
                connection,
                "UPDATE form SET detail = :detail WHERE sha256 = :s AND state = 'projet' AND packet = :packet",
                detail=detail,
                s=sha256,
                packet=packet,
            )

    def journal_before(self, limit: dt.date) -> int:
        """How many lines are older than a day."""
        with self.database.read() as connection:
            found = row(connection, "SELECT count(*) FROM journal WHERE at < :limit", limit=limit.isoformat())
        return int(found[0]) if found else 0

    def prune_journal(self, limit: dt.date) -> None:
        """Forget the lines older than a day: always the beginning of the chain, never its middle."""
        with self.database.write() as connection:
            change(
                connection,
                "DELETE FROM journal WHERE number < "
                "(SELECT coalesce(min(number), 0) FROM journal WHERE at >= :limit)",
                limit=limit.isoformat(),
            )
            journal.append(connection, "purge", detail="journal")

    def changed_on(self, sha256: str) -> dt.date:
        """The day on which a form last changed."""
        with self.database.read() as connection:
            found = row(connection, "SELECT changed_at FROM form WHERE sha256 = :s", s=sha256)
        return dt.date.fromisoformat(found[0][:10]) if found else dt.date.min

    def forget_names(self, forms: Sequence[str], dossiers: Collection[str] = ()) -> None:
        """Keep of forms their hashes, states and dates: no name, no file name, no value. All or none.

        Of ``dossiers`` nothing that was told or issued in their life is kept.
        """
        with self.database.write() as connection:
            for dossier in sorted(dossiers):
                self._forget_life(connection, dossier)
            for sha256 in forms:
                sql = "SELECT value FROM decision WHERE sha256 = :s AND kind = 'join'"
                _spare_files_of(connection, (value for (value,) in rows(connection, sql, s=sha256)))
                for sql in _FORGETTING:
                    change(connection, sql, s=sha256)
                forget_member(connection, sha256)
                journal.append(connection, "forgotten", sha256)

    def _forget_life(self, connection: sa.Connection, dossier: str) -> None:
        sql = "SELECT body FROM fact WHERE dossier = :d AND kind = 'retour'"
        _spare_files_of(connection, (body for (body,) in rows(connection, sql, d=dossier)))
        change(connection, "DELETE FROM fact WHERE dossier = :d", d=dossier)
        change(connection, "DELETE FROM paper WHERE dossier = :d", d=dossier)

    def forget_facts(self, dossier: str, kinds: Collection[str]) -> None:
        """Forget what was told of these kinds; a line in the journal says that it was purged."""
        with self.database.write() as connection:
            for kind in sorted(kinds):
                change(connection, "DELETE FROM fact WHERE dossier = :d AND kind = :kind", d=dossier, kind=kind)
            journal.append(connection, "purge", detail="faits")

    def forget_paper(self, paper: str) -> None:
        """Keep of a paper whose files were removed its version and state only."""
        with self.database.write() as connection:
            change(connection, "UPDATE paper SET folder = '-', body = '{}' WHERE id = :p", p=paper)
            journal.append(connection, "purge", detail=f"papier {paper[:12]}")

    def note_archived(self, what: str) -> None:
        """A line in the journal for an archive that was written: of a dossier by its number, or a session."""
        with self.database.write() as connection:
            journal.append(connection, "archived", detail=what)

    def note_purge(self, sha256: str, what: str) -> None:
        """A line in the journal for what was purged."""
        with self.database.write() as connection:
            journal.append(connection, "purge", sha256, what)

    def announce(self, sha256: str, reason: str = "arrive") -> None:
        """Say of a received file that no form rests on it yet, or never will: it may be purged in its time."""
        with self.database.write() as connection:
            change(connection, _SPARE, place=SPOOL, s=sha256, at=journal.now(), reason=reason)

    def announce_joined(self, sha256: str) -> None:
        """Say of a file that it is about to be joined."""
        with self.database.write() as connection:
            change(connection, _SPARE, place=JOINED, s=sha256, at=journal.now(), reason="arrive")

    def spare_files(self) -> tuple[Spare, ...]:
        """The files that no form rests on, the oldest first."""
        with self.database.read() as connection:
            sql = "SELECT place, sha256, at, reason FROM spare_file ORDER BY at, sha256"
            return tuple(Spare(*one) for one in rows(connection, sql))

    def drop_spare(self, spare: Spare, remove: Callable[[], object]) -> None:
        """Remove such a file, unless it was announced again meanwhile; nobody can announce it before it is gone."""
        with self.database.write() as connection:
            gone = change(
                connection,
                "DELETE FROM spare_file WHERE place = :place AND sha256 = :s AND at = :at",
                place=spare.place,
                s=spare.sha256,
                at=spare.at,
            )
            if gone:
                remove()
                journal.append(connection, "purge", detail=f"{spare.place} {spare.sha256[:8]}")
