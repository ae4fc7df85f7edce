"""Job queue: each form to be walked is one job, held by one worker at a time under a lease with a fencing token.

An attempt is counted when the job is claimed, before any work: a form that kills its worker is counted too. A worker
that wakes up after its lease was given to another finds that its token is old, and everything it does is refused.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from pipeline.ledger.claims import Claim, Fenced, JobState, Step, is_ours, require_ours
from pipeline.ledger.database import Database, change, row, rows
from pipeline.ledger.journal import append
from pipeline.storage.processes import is_dead, this_process

CLOCK_SLACK = 60.0  # seconds; a job claimed later than that from now was claimed before the clock went back
_DUE = (
    "(state = 'ready' AND (not_before <= :now OR not_before > :horizon)) "
    "OR (state = 'claimed' AND (lease_until < :now OR claimed_at > :now + :slack))"
)


_CLAIM = (
    "UPDATE job SET state = 'claimed', attempts = attempts + 1, token = token + 1, owner = :owner, "
    "claimed_at = :now, lease_until = :until"
)
_FIRST = "ORDER BY queued_at, sha256 LIMIT 1"
_TAKEN = "RETURNING sha256, token, attempts, day, step, regenerates"


class Jobs:
    """The jobs of one ledger. ``clock`` answers seconds since 1970."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._db = database
        self._clock = clock

    def enqueue(
        self, connection: sa.Connection, sha256: str, day: dt.date, step: Step = Step.WHOLE, *, regenerates: str = ""
    ) -> None:
        """Make a form ready to be walked, from the beginning of its attempts; one in hand is taken from that hand.

        ``regenerates`` is the packet whose next version is asked for: once asked, it stays so until that job is over.
        """
        change(
            connection,
            "INSERT INTO job (sha256, state, day, queued_at, step, regenerates, batch) "
            "VALUES (:sha256, 'ready', :day, :now, :step, :regenerates, :batch) ON CONFLICT (sha256) DO UPDATE SET "
            "regenerates = CASE WHEN excluded.regenerates = '' AND job.state IN ('ready', 'claimed') "
            "THEN job.regenerates ELSE excluded.regenerates END, state = 'ready', day = excluded.day, "
            "queued_at = excluded.queued_at, "
            "step = excluded.step, batch = excluded.batch, attempts = 0, token = job.token + 1, owner = '', "
            "not_before = 0, error = ''",
            sha256=sha256,
            day=day.isoformat(),
            now=self._clock(),
            step=step.value,
            regenerates=regenerates,
            batch=this_process() if step is Step.CHECK else "",
        )

    def claim(self, *, lease: float, only: str | None = None, horizon: float = 86_400.0) -> Claim | None:
        """Take the job that waits longest, or the one of ``only``, for ``lease`` seconds; ``None`` if none is due.

        A wait that ends later than ``horizon`` seconds from now is not believed: the clock went back.
        """
        now = self._clock()
        narrowed = "AND sha256 = :only" if only else ""
        first = f"SELECT sha256 FROM job WHERE ({_DUE}) {narrowed} {_FIRST}"
        given = {"now": now, "horizon": now + horizon, "slack": CLOCK_SLACK, **({"only": only} if only else {})}
        with self._db.read() as connection:
            if row(connection, first, **given) is None:
                return None
        with self._db.write() as connection:
            taken = row(
                connection,
                f"{_CLAIM} WHERE sha256 = ({first}) {_TAKEN}",
                owner=this_process(),
                until=now + lease,
                **given,
            )
        if taken is None:
            return None
        return Claim(taken[0], taken[1], taken[2], dt.date.fromisoformat(taken[3]), Step(taken[4]), taken[5])

    def holds(self, claim: Claim) -> bool:
        """Whether the claim is still ours."""
        with self._db.read() as connection:
            return is_ours(connection, claim)

    def renew(self, claim: Claim, *, lease: float) -> None:
        """Keep a claimed job for ``lease`` seconds from now, if a third of its lease is over; raises Fenced."""
        with self._db.read() as connection:
            found = row(connection, "SELECT lease_until FROM job WHERE sha256 = :s", s=claim.sha256)
        if found and found[0] - self._clock() > lease * 2 / 3:
            return
        with self._db.write() as connection:
            require_ours(connection, claim)
            change(
                connection,
                "UPDATE job SET lease_until = :until WHERE sha256 = :s",
                until=self._clock() + lease,
                s=claim.sha256,
            )

    def renew_own(self, *, lease: float) -> None:
        """Keep for ``lease`` seconds from now what this process has in hand, where a third of its lease is over."""
        mine = "state = 'claimed' AND owner = :owner AND lease_until < :soon"
        given = {"owner": this_process(), "soon": self._clock() + lease * 2 / 3}
        with self._db.read() as connection:
            found = row(connection, f"SELECT 1 FROM job WHERE {mine}", **given)
        if found:
            with self._db.write() as connection:
                until = self._clock() + lease
                change(connection, f"UPDATE job SET lease_until = :until WHERE {mine}", until=until, **given)

    @contextmanager
    def held(self, claim: Claim) -> Iterator[None]:
        """Within, the claim is surely ours: nobody takes it, nor writes at all. Raises Fenced."""
        with self._db.write() as connection:
            require_ours(connection, claim)
            yield

    def finish(self, connection: sa.Connection, claim: Claim, state: JobState = JobState.DONE) -> None:
        """Let go of a job that is over, in the transaction that notes how; raises Fenced if it is ours no more."""
        self._let_go(connection, claim, state, not_before=0, error="", attempts=claim.attempt)

    def put_back(self, claim: Claim, *, wait: float, error: str, counted: bool, event: str = "put-back") -> None:
        """Let go of a job to be tried again after ``wait`` seconds; ``counted`` if the form may be to blame."""
        with self._db.write() as connection:
            self._let_go(
                connection,
                claim,
                JobState.READY,
                not_before=self._clock() + wait,
                error=error[:500],
                attempts=claim.attempt if counted else claim.attempt - 1,
            )
            if event:
                append(connection, event, claim.sha256, f"attempt {claim.attempt}")

    def _let_go(
        self,
        connection: sa.Connection,
        claim: Claim,
        state: JobState,
        *,
        not_before: float,
        error: str,
        attempts: int,
    ) -> None:
        changed = change(
            connection,
            "UPDATE job SET state = :state, owner = '', lease_until = 0, not_before = :not_before, error = :error, "
            "attempts = :attempts WHERE sha256 = :sha256 AND token = :token AND state = 'claimed'",
            state=state.value,
            not_before=not_before,
            error=error,
            attempts=attempts,
            sha256=claim.sha256,
            token=claim.token,
        )
        if not changed:
            raise Fenced(claim.sha256)

    def mark_checked(self, claim: Claim) -> None:
        """Let go of a job whose form was checked: it waits for the rest of its batch. Raises Fenced.

        The batch is the program that asked for it; should that die, ``release_the_dead`` frees the job.
        """
        with self._db.write() as connection:
            self._let_go(connection, claim, JobState.CHECKED, not_before=0, error="", attempts=0)

    def adopt_checked(self) -> None:
        """Take over, for the batch that this program runs, the forms that an earlier one asked to check."""
        with self._db.write() as connection:
            change(
                connection,
                "UPDATE job SET batch = :batch WHERE state = 'checked' OR step = 'check'",
                batch=this_process(),
            )

    def release_checked(self) -> int:
        """Make ready, for all the rest of the way, the jobs whose forms were checked; how many there were."""
        with self._db.write() as connection:
            return change(
                connection,
                "UPDATE job SET state = 'ready', step = 'whole', token = token + 1 WHERE state = 'checked'",
            )

    def left(self, step: Step | None = None) -> int:
        """How many jobs (of one step) are in hands or will soon be; those that wait for us to mend something are not.

        A job whose failure was counted is tried again soon; one whose was not waits for a template or a program.
        """
        sql = (
            "SELECT count(*) FROM job WHERE (state = 'claimed' OR (state = 'ready' AND "
            "(error = '' OR attempts > 0 OR not_before <= :now))) AND (:step = '' OR step = :step)"
        )
        with self._db.read() as connection:
            found = row(connection, sql, now=self._clock(), step=step.value if step else "")
        return int(found[0]) if found else 0

    def hurry(self, sha256: str | None = None) -> None:
        """Forget what jobs were waiting for: a person asks for them now."""
        with self._db.write() as connection:
            change(
                connection,
                "UPDATE job SET not_before = 0 WHERE state = 'ready' AND (:sha256 = '' OR sha256 = :sha256)",
                sha256=sha256 or "",
            )

    def release_the_dead(self, pause: Callable[[int], float]) -> int:
        """Take forms out of the hands of workers of this machine that are no more; how many there were.

        Each waits for what ``pause`` says (seconds) of its attempts before it is tried again.

        Forms that a batch had checked, or had asked to check, when it died are ready for whoever comes.
        """
        with self._db.read() as connection:
            if not any(_left_behind(connection)):
                return 0
        with self._db.write() as connection:
            kept, held = _left_behind(connection)
            for sha256 in kept:
                change(
                    connection,
                    "UPDATE job SET state = CASE WHEN state = 'checked' THEN 'ready' ELSE state END, step = 'whole', "
                    "batch = '' WHERE sha256 = :sha256",
                    sha256=sha256,
                )
            for sha256, attempts in held:
                change(
                    connection,
                    "UPDATE job SET state = 'ready', owner = '', lease_until = 0, token = token + 1, "
                    "not_before = :due WHERE sha256 = :sha256",
                    sha256=sha256,
                    due=self._clock() + pause(attempts),
                )
                append(connection, "released", sha256, "its worker is gone")
        return len(held)

    def take_from_all(self) -> None:
        """Make ready whatever is in a hand, as if it had never been claimed: in a copy of the ledger nobody works."""
        with self._db.write() as connection:
            change(
                connection,
                "UPDATE job SET state = 'ready', owner = '', lease_until = 0, attempts = attempts - 1, "
                "token = token + 1 WHERE state = 'claimed'",
            )

    def state_of(self, sha256: str) -> tuple[JobState, str] | None:
        """The state of a form's job and its last error; ``None`` if it never had one."""
        with self._db.read() as connection:
            found = row(connection, "SELECT state, error FROM job WHERE sha256 = :sha256", sha256=sha256)
        return (JobState(found[0]), found[1]) if found else None

    def counts(self) -> dict[JobState, int]:
        """How many jobs are in each state."""
        with self._db.read() as connection:
            found = rows(connection, "SELECT state, count(*) FROM job GROUP BY state")
        return {JobState(state): number for state, number in found}

    def waits_now(self) -> bool:
        """Whether some job is not over: ready, put back for later, or in a hand."""
        counts = self.counts()
        return bool(counts.get(JobState.READY) or counts.get(JobState.CLAIMED))


def _left_behind(connection: sa.Connection) -> tuple[list[str], list[tuple[str, int]]]:
    """Of programs of this machine that ended: forms that their batch had checked; those in hand, with attempts."""
    kept = rows(connection, "SELECT sha256, batch FROM job WHERE state = 'checked' OR step = 'check'")
    held = rows(connection, "SELECT sha256, owner, attempts FROM job WHERE state = 'claimed'")
    return (
        [sha256 for sha256, batch in kept if not batch or is_dead(batch)],
        [(sha256, attempts) for sha256, owner, attempts in held if is_dead(owner)],
    )
