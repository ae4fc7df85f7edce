"""Unit of work: the ledger, what liasse knows of each form, each decision and each packet, across runs and crashes.

Every change is one durable transaction with its line in the journal. How a form ended is noted in the transaction
that ends its job: a form is never half over.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from pipeline.core.errors import NotAllowed
from pipeline.core.formation import Session
from pipeline.core.models import Data, Form, packet_number
from pipeline.core.modes import standing
from pipeline.core.workspace import Workspace
from pipeline.ledger import admission, journal, membership
from pipeline.ledger.account_book import AccountBook
from pipeline.ledger.attempts import Attempts
from pipeline.ledger.care import LedgerCare
from pipeline.ledger.claims import Claim, JobState, Step
from pipeline.ledger.database import Database, change, row, rows
from pipeline.ledger.decision_book import DecisionBook
from pipeline.ledger.dossier_pages import DossierPages
from pipeline.ledger.dossiers import Dossiers
from pipeline.ledger.entries import ENDINGS, MADE, WALKED_AGAIN, Entries, Entry, State
from pipeline.ledger.filing import Filing, file_paper
from pipeline.ledger.form_rows import Ending, end_job, forget_spare, insert_form, set_state, write_ending
from pipeline.ledger.jobs import Jobs
from pipeline.ledger.kept_values import write_values
from pipeline.ledger.life_book import LifeBook
from pipeline.ledger.looks import Looks
from pipeline.ledger.lying_beside import SPOOL
from pipeline.ledger.members import Members
from pipeline.ledger.numbering import open_dossier
from pipeline.ledger.packet_store import Packets
from pipeline.ledger.pass_book import PassBook
from pipeline.ledger.readings import Readings
from pipeline.ledger.taken_letters import Letters
from pipeline.ledger.upload_keys import UploadKeys
from pipeline.ledger.webhook_book import WebhookBook
from pipeline.storage.access import close_places
from pipeline.storage.temporary import sweep_memory
from pipeline.storage.turns import present

FILE = admission.FILE


@dataclass(frozen=True)
class Arrival:
    """What receiving a file amounted to; ``duplicate`` when these bytes had come before, as another file."""

    entry: Entry
    duplicate: bool


class Ledger(DecisionBook, LedgerCare):
    """The memory of one workspace."""

    def __init__(self, database: Database, workspace: Workspace, clock: Callable[[], float] = time.time) -> None:
        self.database = database
        self.jobs = Jobs(database, clock=clock)
        self.packets = Packets(database)
        self.readings = Readings(database)
        self.entries = Entries(database, workspace)
        self.dossiers = Dossiers(database, self.jobs)
        self.dossier_pages = DossierPages(database)
        self.members = Members(database)
        self.letters = Letters(database)
        self.life = LifeBook(database)
        self.accounts = AccountBook(database, clock)
        self.attempts = Attempts(database, clock)
        self.looks = Looks(database)
        self.passes = PassBook(database, clock)
        self.uploads = UploadKeys(database, clock)
        self.webhooks = WebhookBook(database, clock)
        self._clock = clock

    @classmethod
    @contextmanager
    def open(
        cls, workspace: Workspace, *, clock: Callable[[], float] = time.time, recovering: bool = False
    ) -> Iterator[Ledger]:
        """Open (or make) the ledger of a workspace; raises HouseError, LedgerBehind as ``admission.admitted``.

        What of the workspace was open to other accounts is closed first, what the dead left half written removed.
        Nobody restores or recovers the workspace as long as it is open.
        """
        with present(workspace.root):
            close_places(workspace)
            sweep_memory(workspace)
            with admission.admitted(workspace, recovering=recovering) as database, standing(workspace.memory):
                yield cls(database, workspace, clock)

    def arrive(
        self,
        form: Form,
        *,
        source: str,
        day: dt.date,
        step: Step = Step.WHOLE,
        assigned: membership.Assignment | None = None,
        incomplete: str = "",
    ) -> Arrival:
        """Note a received file, open its dossier, and make its form ready to be walked, as far as ``step``.

        ``incomplete``: why it is not whole (French); new, it is put in quarantine and not walked.

        ``assigned`` by a person, it joins that dossier; raises NotAllowed, and notes nothing, if it is of another.

        ``source`` names the file itself (device, inode, time, size): the same file noted twice, because the machine
        died before it was put aside, is no duplicate. Bytes already known keep their first name and day, and are
        walked again unless a packet was made of them or somebody put them away. Sent again once erased, they are new.
        """
        with self.database.write() as connection:
            known = row(connection, "SELECT state FROM form WHERE sha256 = :sha256", sha256=form.sha256)
            forget_spare(connection, SPOOL, form.sha256)
            replayed = row(connection, "SELECT 1 FROM arrival WHERE source = :source", source=source)
            if known is None or (replayed is None and State(known[0]) is State.ERASED):
                known = None
                insert_form(connection, form, at=self._clock(), incomplete=incomplete)
                change(connection, "DELETE FROM membership WHERE sha256 = :s", s=form.sha256)  # before it was erased
                own = open_dossier(connection, form.sha256, form.received_on)
                if assigned:
                    membership.assign(connection, form.sha256, own.id, assigned)
            elif assigned and membership.dossier_of(connection, form.sha256) != assigned.dossier:
                raise NotAllowed(
                    f"ce fichier est connu : c’est le formulaire {form.id}, d’un autre dossier. Rien n’est fait ; "
                    f"« liasse dossier join {form.id} … » le met dans celui-ci, si c’est ce qui est voulu."
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
            walked = known is None or (replayed is None and State(known[0]) in WALKED_AGAIN)
            if walked and not incomplete:
                self.jobs.enqueue(connection, form.sha256, day, step)
        return Arrival(self.entries.get(form.sha256), duplicate=known is not None and replayed is None)

    def take_up(
        self,
        form: Form,
        day: dt.date,
        *,
        event: str = "",
        actor: str = journal.MACHINE,
        step: Step = Step.WHOLE,
        regenerates: str = "",
        without_projet: bool = False,
        without_packet: str = "",
    ) -> None:
        """Make a form ready to be walked again because somebody asks; ``regenerates``: that packet's next version.

        ``without_projet``: its projets count no more; ``without_packet``: nor does this one, that nobody took. Raises
        Taken, and does nothing, if somebody did.
        """
        with self.database.write() as connection:
            if without_packet:
                self.packets.take_back(connection, without_packet)
            if without_projet:
                self.packets.forget_drafts(connection, form.sha256)
            self.jobs.enqueue(connection, form.sha256, day, step, regenerates=regenerates)
            change(connection, "UPDATE form SET state = 'recu' WHERE sha256 = :s AND state = 'ecarte'", s=form.sha256)
            if event:
                journal.append(connection, event, form.sha256, actor=actor)

    def keep_values(self, sha256: str, data: Data, session: Session | None = None) -> None:
        """Keep the values of a form as checked, whose they are, and have it join the dossier of its internship.

        ``session`` is the one in which it was checked: its days are counted without those in the centre.

        Nothing is kept of a form that was erased: a worker may have had it in its hand.
        """
        with self.database.write() as connection:
            write_values(connection, sha256, data, session)

    def settle(self, claim: Claim, ending: Ending) -> None:
        """Note how a form ended and let go of its job, in one transaction; raises Fenced if the job is not ours.

        Raises Taken, and notes nothing, when the packet that was to be regenerated is current no more.
        """
        over = JobState.QUARANTINED if ending.state is State.QUARANTINED else JobState.DONE
        with self.database.write() as connection:
            self.jobs.finish(connection, claim, over)
            if claim.regenerates:
                self.packets.require_untaken(connection, claim.regenerates)
                by = f"{packet_number(claim.regenerates)} by {packet_number(str(ending.packet))}"
                journal.append(connection, "regenerated", claim.sha256, by)
            write_ending(connection, claim.sha256, ending)
            self.packets.forget_intended(connection, claim.sha256, but=ending.packet)
            if ending.state in MADE and ending.packet:
                self._supersede(connection, claim, ending)
            journal.append(connection, ending.state.value, claim.sha256, ending.acts)

    def file(self, claim: Claim, ending: Ending, filing: Filing) -> bool:
        """File a returned paper in its dossier and let go of its job; raises Fenced if the job is not ours.

        ``False``, and nothing is noted, where a fact of that dossier was told since it was looked at.
        """
        with self.database.write() as connection:
            if not file_paper(connection, claim.sha256, filing):
                return False
            self.jobs.finish(connection, claim, JobState.DONE)
            write_ending(connection, claim.sha256, ending)
            journal.append(connection, ending.state.value, claim.sha256)
        return True

    def let_go(self, claim: Claim) -> None:
        """End the job of a form that was over already."""
        with self.database.write() as connection:
            self.jobs.finish(connection, claim)

    def keep_packet(self, claim: Claim, reason: str) -> None:
        """End the job of a packet that is not regenerated: it stays, and ``reason`` stands beside its form."""
        with self.database.write() as connection:
            self.jobs.finish(connection, claim)
            self.packets.forget_intended(connection, claim.sha256, but=None)
            if reason:
                change(
                    connection, "UPDATE form SET detail = :reason WHERE sha256 = :s", reason=reason, s=claim.sha256
                )
            journal.append(connection, "kept", claim.sha256, packet_number(claim.regenerates))

    def put_away(
        self, form: Form, state: State, *, by: str, reason: str, unless: Collection[State] = ()
    ) -> State | None:
        """End a form by a person's word: discarded or erased.

        ``None``; or the state of the form if it has become one of ``unless``, and nothing is done.
        """
        with self.database.write() as connection:
            found = row(connection, "SELECT state FROM form WHERE sha256 = :s", s=form.sha256)
            if found is None or State(found[0]) in unless:
                return State(found[0]) if found else State.ERASED
            self.packets.forget_intended(connection, form.sha256, but=None)
            self.packets.forget_drafts(connection, form.sha256)
            end_job(connection, form.sha256)
            set_state(connection, form.sha256, state, reason)
            journal.append(connection, state.value, form.sha256, actor=by)
        return None

    def note(self, form: Form, state: State, detail: str) -> None:
        """Say why a form whose job will be tried again is not over."""
        with self.database.write() as connection:
            set_state(connection, form.sha256, state, detail)

    def _supersede(self, connection: sa.Connection, claim: Claim, ending: Ending) -> None:
        """The new packet counts; the others of this form, and those of the forms it replaces, do no more."""
        sha256 = claim.sha256
        replaced = [ending.replaces] if ending.replaces and not claim.regenerates else []
        older = {*ending.overtakes, *replaced} - {sha256}
        if ending.state is State.DRAFT:  # nobody can sign it: what can be signed of another form still counts
            older -= self.packets.signable_among(connection, older)
        self.packets.make_current(
            connection,
            str(ending.packet),
            {sha256, *older},
            ending.pages,
            ending.signatures,
            draft=ending.state is State.DRAFT,
        )
        for one in sorted(older):
            set_state(connection, one, State.SUPERSEDED)
            end_job(connection, one)
            journal.append(connection, State.SUPERSEDED.value, one, f"by {sha256[:8]}")

    def endings_since(self, number: int) -> tuple[int, tuple[tuple[str, State], ...]]:
        """The forms that ended after a line of the journal, each with how, and the number of the newest line."""
        with self.database.read() as connection:
            found = rows(
                connection, "SELECT number, sha256, event FROM journal WHERE number > :n ORDER BY number", n=number
            )
        endings = tuple((sha256, State(event)) for _, sha256, event in found if event in ENDINGS)
        return (found[-1][0] if found else number), endings
