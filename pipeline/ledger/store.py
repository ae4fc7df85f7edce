"""The ledger: what liasse knows of each form, each decision and each packet, across runs and crashes.

Every change is one durable transaction with its line in the journal. How a form ended is noted in the transaction
that ends its job: a form is never half over.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa

from pipeline.core.models import Form
from pipeline.core.workspace import Workspace
from pipeline.ledger import journal
from pipeline.ledger.care import LedgerCare
from pipeline.ledger.database import Database, Row, change, row, rows
from pipeline.ledger.decision_book import DecisionBook
from pipeline.ledger.jobs import Claim, Jobs, JobState, Step
from pipeline.ledger.packet_store import Packets
from pipeline.ledger.readings import Readings
from pipeline.storage.spool import spool_file

FILE = "ledger.sqlite3"


class State(StrEnum):
    """Where a form has got."""

    RECEIVED = "recu"
    DELIVERED = "delivre"
    WAITING = "en-attente"
    TO_COMPLETE = "a-completer"
    FAILED = "en-panne"
    SUPERSEDED = "remplace"
    QUARANTINED = "quarantaine"
    DISCARDED = "ecarte"
    ERASED = "efface"

    @property
    def needs_its_file(self) -> bool:
        """Whether the received file must still be there."""
        return self not in {State.DELIVERED, State.SUPERSEDED, State.DISCARDED, State.ERASED}


@dataclass(frozen=True)
class Entry:
    """One form as the ledger knows it. ``folder`` is relative to the outbox; ``replaces`` is an older form's hash."""

    form: Form
    state: State
    formation: str | None
    stagiaire: str | None
    detail: str
    folder: Path | None
    packet: str | None
    version: int = 1
    replaces: str | None = None
    received_at: float = 0.0


@dataclass(frozen=True)
class Arrival:
    """What receiving a file amounted to; ``duplicate`` when these bytes had come before, as another file."""

    entry: Entry
    duplicate: bool


@dataclass(frozen=True)
class Ending:
    """How the walk of a form ended: what is not given is forgotten, it belonged to the state before."""

    state: State
    detail: str = ""
    formation: str | None = None
    stagiaire: str | None = None
    folder: Path | None = None
    packet: str | None = None
    person: str | None = None
    version: int = 1
    replaces: str | None = None
    overtakes: tuple[str, ...] = ()  # older forms of the same internship that wait or were sent back: over now


_COLUMNS = (
    "sha256, name, received_on, state, formation, stagiaire, detail, folder, packet, version, replaces, received_at"
)


class Ledger(DecisionBook, LedgerCare):
    """The memory of one workspace."""

    def __init__(self, database: Database, workspace: Workspace, clock: Callable[[], float] = time.time) -> None:
        super().__init__(database)
        self.jobs = Jobs(database, clock=clock)
        self.packets = Packets(database)
        self.readings = Readings(database)
        self._workspace = workspace
        self._clock = clock

    @classmethod
    @contextmanager
    def open(cls, workspace: Workspace, *, clock: Callable[[], float] = time.time) -> Iterator[Ledger]:
        """Open (or make) the ledger of a workspace; raises HouseError if the file cannot be used."""
        with Database.open(workspace.memory / FILE) as database:
            yield cls(database, workspace, clock)

    def arrive(self, form: Form, *, source: str, day: dt.date, step: Step = Step.WHOLE) -> Arrival:
        """Note a received file and make its form ready to be walked, as far as ``step``.

        ``source`` names the file itself (device, inode, time, size): the same file noted twice, because the machine
        died before it was put aside, is no duplicate. Bytes already known keep their first name and day, and are
        walked again unless a packet was made of them or somebody put them away. Sent again once erased, they are new.
        """
        with self.database.write() as connection:
            known = row(connection, "SELECT state FROM form WHERE sha256 = :sha256", sha256=form.sha256)
            replayed = row(connection, "SELECT 1 FROM arrival WHERE source = :source", source=source)
            if known is None or (replayed is None and State(known[0]) is State.ERASED):
                known = None
                change(
                    connection,
                    "INSERT INTO form (sha256, name, received_on, state, changed_at, received_at) "
                    "VALUES (:sha256, :name, :day, :state, :now, :at) "
                    "ON CONFLICT (sha256) DO UPDATE SET name = :name, received_on = :day, state = :state, "
                    "changed_at = :now, received_at = :at, detail = ''",
                    sha256=form.sha256,
                    name=form.name,
                    day=form.received_on.isoformat(),
                    state=State.RECEIVED.value,
                    now=journal.now(),
                    at=self._clock(),
                )
            if replayed is None:
                change(
                    connection,
                    "INSERT INTO arrival (source, sha256, name, at) VALUES (:source, :sha256, :name, :at)",
                    source=source,
                    sha256=form.sha256,
                    name=form.name,
                    at=journal.now(),
                )
                journal.append(connection, "received" if known is None else "received-again", form.sha256)
            if known is None or (replayed is None and State(known[0]) in _WALKED_AGAIN):
                self.jobs.enqueue(connection, form.sha256, day, step)
        return Arrival(self.entry(form.sha256), duplicate=known is not None and replayed is None)

    def take_up(
        self,
        form: Form,
        day: dt.date,
        *,
        event: str = "",
        actor: str = journal.MACHINE,
        step: Step = Step.WHOLE,
        anew: str = "",
    ) -> None:
        """Make a form ready to be walked again, after a decision or because somebody asks.

        ``anew`` is the packet of that form which is to be made anew.
        """
        with self.database.write() as connection:
            self.jobs.enqueue(connection, form.sha256, day, step, anew=anew)
            if event:
                journal.append(connection, event, form.sha256, actor=actor)

    def settle(self, claim: Claim, ending: Ending) -> None:
        """Note how a form ended and let go of its job, in one transaction; raises Fenced if the job is not ours.

        Raises Taken, and notes nothing, when the packet that was to be made anew is current no more.
        """
        over = JobState.QUARANTINED if ending.state is State.QUARANTINED else JobState.DONE
        with self.database.write() as connection:
            self.jobs.finish(connection, claim, over)
            if claim.anew:
                self.packets.require_untaken(connection, claim.anew)
                journal.append(
                    connection, "regenerated", claim.sha256, f"{claim.anew[:8]} by {str(ending.packet)[:8]}"
                )
            self._write_ending(connection, claim.sha256, ending)
            self.packets.forget_intended(connection, claim.sha256, but=ending.packet)
            if ending.state is State.DELIVERED and ending.packet:
                self._supersede(connection, claim, ending)
            journal.append(connection, ending.state.value, claim.sha256)

    def let_go(self, claim: Claim) -> None:
        """End the job of a form that was over already."""
        with self.database.write() as connection:
            self.jobs.finish(connection, claim)

    def keep_packet(self, claim: Claim, said: str) -> None:
        """End the job of a packet that is not made anew: it stays what it is, and ``said`` stands beside its form."""
        with self.database.write() as connection:
            self.jobs.finish(connection, claim)
            self.packets.forget_intended(connection, claim.sha256, but=None)
            if said:
                change(connection, "UPDATE form SET detail = :said WHERE sha256 = :s", said=said, s=claim.sha256)
            journal.append(connection, "kept", claim.sha256, claim.anew[:8])

    def put_away(self, form: Form, state: State, *, by: str, reason: str, unless: Collection[State] = ()) -> bool:
        """End a form by a person's word: discarded or erased; ``False`` if its state has become one of ``unless``."""
        with self.database.write() as connection:
            found = row(connection, "SELECT state FROM form WHERE sha256 = :s", s=form.sha256)
            if found is None or State(found[0]) in unless:
                return False
            self.packets.forget_intended(connection, form.sha256, but=None)
            change(connection, "UPDATE job SET state = 'done', token = token + 1 WHERE sha256 = :s", s=form.sha256)
            change(
                connection,
                "UPDATE form SET state = :state, detail = :detail, changed_at = :now WHERE sha256 = :s",
                state=state.value,
                detail=reason,
                now=journal.now(),
                s=form.sha256,
            )
            journal.append(connection, state.value, form.sha256, actor=by)
        return True

    def note(self, form: Form, state: State, detail: str) -> None:
        """Say why a form whose job will be tried again is not over."""
        with self.database.write() as connection:
            change(
                connection,
                "UPDATE form SET state = :state, detail = :detail, changed_at = :now WHERE sha256 = :s",
                state=state.value,
                detail=detail,
                now=journal.now(),
                s=form.sha256,
            )

    def _write_ending(self, connection: sa.Connection, sha256: str, ending: Ending) -> None:
        change(
            connection,
            "UPDATE form SET state = :state, detail = :detail, formation = :formation, stagiaire = :stagiaire, "
            "folder = :folder, packet = :packet, person = coalesce(:person, person), version = :version, "
            "replaces = :replaces, changed_at = :now WHERE sha256 = :sha256",
            state=ending.state.value,
            detail=ending.detail,
            formation=ending.formation,
            stagiaire=ending.stagiaire,
            folder=str(ending.folder) if ending.folder else None,
            packet=ending.packet,
            person=ending.person,
            version=ending.version,
            replaces=ending.replaces,
            now=journal.now(),
            sha256=sha256,
        )

    def _supersede(self, connection: sa.Connection, claim: Claim, ending: Ending) -> None:
        """The new packet counts; the others of this form, and those of the forms it replaces, do no more."""
        sha256 = claim.sha256
        replaced = [ending.replaces] if ending.replaces and not claim.anew else []  # a packet made anew: long since
        older = {*ending.overtakes, *replaced} - {sha256}
        self.packets.make_current(connection, str(ending.packet), {sha256, *older})
        for one in sorted(older):
            change(
                connection,
                "UPDATE form SET state = :state, changed_at = :now WHERE sha256 = :s",
                state=State.SUPERSEDED.value,
                now=journal.now(),
                s=one,
            )
            change(connection, "UPDATE job SET state = 'done', token = token + 1 WHERE sha256 = :s", s=one)
            journal.append(connection, State.SUPERSEDED.value, one, f"by {sha256[:8]}")

    def journal_end(self) -> int:
        """The number of the newest line of the journal."""
        with self.database.read() as connection:
            found = row(connection, "SELECT coalesce(max(number), 0) FROM journal")
        return int(found[0]) if found else 0

    def endings_since(self, number: int) -> tuple[int, tuple[tuple[str, State], ...]]:
        """The forms that ended after a line of the journal, each with how, and the number of the newest line."""
        with self.database.read() as connection:
            found = rows(
                connection, "SELECT number, sha256, event FROM journal WHERE number > :n ORDER BY number", n=number
            )
        endings = tuple((sha256, State(event)) for _, sha256, event in found if event in _ENDINGS)
        return (found[-1][0] if found else number), endings

    def find(self, start: str) -> tuple[Entry, ...]:
        """The forms whose id, or the id of one of whose packets, begins so."""
        pattern = start.lower().replace("%", "").replace("_", "") + "%"
        made = "SELECT sha256 FROM packet WHERE id LIKE :start"
        where = f"WHERE sha256 LIKE :start OR packet LIKE :start OR sha256 IN ({made})"
        return self._entries(where, start=pattern)

    def entries(self) -> tuple[Entry, ...]:
        """Every form, the latest received last."""
        return self._entries("")

    def entry(self, sha256: str) -> Entry:
        """One form; raises KeyError for a hash that is not known."""
        found = self._entries("WHERE sha256 = :sha256", sha256=sha256)
        if not found:
            raise KeyError(sha256)
        return found[0]

    def namesakes(self, sha256: str) -> tuple[Entry, ...]:
        """The other forms by people of the same folded name."""
        where = "WHERE sha256 <> :s AND person = (SELECT person FROM form WHERE sha256 = :s)"
        return self._entries(where, s=sha256)

    def of_person(self, person: str) -> tuple[Entry, ...]:
        """The forms of people of one folded name."""
        return self._entries("WHERE person = :person", person=person)

    def _entries(self, where: str, **values: str) -> tuple[Entry, ...]:
        sql = f"SELECT {_COLUMNS} FROM form {where} ORDER BY received_on, received_at, sha256"  # noqa: S608 -- ours
        with self.database.read() as connection:
            return tuple(self._entry(one) for one in rows(connection, sql, **values))

    def _entry(self, found: Row) -> Entry:
        sha256, name, received_on, state, formation, stagiaire, detail, folder, packet, *version = found
        form = Form(sha256, spool_file(self._workspace, sha256), name, dt.date.fromisoformat(received_on))
        place = Path(folder) if folder else None
        return Entry(form, State(state), formation, stagiaire, detail, place, packet, *version)


_ENDINGS = frozenset({State.DELIVERED, State.WAITING, State.TO_COMPLETE, State.QUARANTINED})
_WALKED_AGAIN = frozenset({State.RECEIVED, State.WAITING, State.TO_COMPLETE, State.FAILED})
