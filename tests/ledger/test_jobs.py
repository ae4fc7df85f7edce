"""The queue: one hand at a time, attempts counted at the claim, old tokens refused, the dead released."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import people
import pytest

from pipeline.core.models import Form
from pipeline.core.settings import Queue
from pipeline.core.workspace import Workspace
from pipeline.ledger.claims import Claim, Fenced, JobState, Step
from pipeline.ledger.database import change
from pipeline.ledger.entries import State
from pipeline.ledger.form_rows import Ending
from pipeline.ledger.store import Ledger
from pipeline.storage.processes import is_dead, this_process

ROOT = Path(__file__).parent.parent.parent


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        """The time that was set."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock of one's own."""
    return Clock()


@pytest.fixture
def ledger(own_workspace: Workspace, clock: Clock) -> Iterator[Ledger]:
    """A ledger on that clock."""
    with Ledger.open(own_workspace, clock=clock) as opened:
        yield opened


def a_form(ledger: Ledger, digit: str = "a") -> Form:
    """A form in the ledger, ready to be walked."""
    form = Form(digit * 64, Path("x"), f"{digit}.pdf", people.TODAY)
    ledger.arrive(form, source=digit, day=people.TODAY)
    return form


def claimed(ledger: Ledger, lease: float = 60) -> Claim:
    """The next job, which there is."""
    claim = ledger.jobs.claim(lease=lease)
    assert claim is not None
    return claim


def test_a_job_is_in_one_hand_and_attempts_are_counted_at_the_claim(ledger: Ledger, clock: Clock) -> None:
    """The second hand gets nothing; after the lease it gets the job, as the second attempt."""
    a_form(ledger)

    first = claimed(ledger)
    assert (first.attempt, first.day) == (1, people.TODAY)
    assert ledger.jobs.claim(lease=60) is None

    clock.now += 61
    second = claimed(ledger)
    assert second.attempt == 2
    assert second.token > first.token


def test_what_this_process_has_in_hand_is_kept_as_long_as_it_says_so(ledger: Ledger, clock: Clock) -> None:
    """A slow reading: its job is given to nobody else; one that is in no hand, or in another's, is left as it was."""
    a_form(ledger)
    claim = claimed(ledger)
    for _ in range(5):
        clock.now += 40
        ledger.jobs.renew_own(lease=60)
        assert ledger.jobs.claim(lease=60) is None
    assert ledger.jobs.holds(claim)

    with ledger.database.write() as connection:
        change(connection, "UPDATE job SET owner = 'ailleurs - 1 1'")
    clock.now += 40
    ledger.jobs.renew_own(lease=60)
    clock.now += 40
    assert claimed(ledger).attempt == 2


def test_a_hand_that_woke_too_late_is_refused(ledger: Ledger, clock: Clock) -> None:
    """Fencing: what the frozen worker settles is not kept, what the second one settles is."""
    form = a_form(ledger)
    frozen = claimed(ledger)
    clock.now += 61
    awake = claimed(ledger)

    with pytest.raises(Fenced):
        ledger.settle(frozen, Ending(State.WAITING))
    assert ledger.entries.get(form.sha256).state is State.RECEIVED
    assert not ledger.jobs.holds(frozen)

    ledger.settle(awake, Ending(State.TO_COMPLETE))
    assert ledger.entries.get(form.sha256).state is State.TO_COMPLETE
    with pytest.raises(Fenced):
        ledger.jobs.put_back(frozen, wait=0, error="x", counted=True)
    assert ledger.jobs.state_of(form.sha256) == (JobState.DONE, "")


def test_the_longest_waiting_comes_first_and_a_put_back_one_later(ledger: Ledger, clock: Clock) -> None:
    """What was put back for a time is not claimed before; an attempt that is not counted costs nothing."""
    first = a_form(ledger, "b")
    clock.now += 1
    a_form(ledger, "a")

    claim = claimed(ledger)
    assert claim.sha256 == first.sha256
    ledger.jobs.put_back(claim, wait=30, error="disk full", counted=False)
    assert claimed(ledger).sha256 != first.sha256
    assert ledger.jobs.claim(lease=60) is None

    clock.now += 31
    again = claimed(ledger)
    assert (again.sha256, again.attempt) == (first.sha256, 1)


def test_a_clock_that_went_back_holds_nothing_up(ledger: Ledger, clock: Clock) -> None:
    """A lease and a wait that lie years ahead are not believed."""
    a_form(ledger, "a")
    put_back = claimed(ledger)
    ledger.jobs.put_back(put_back, wait=60, error="x", counted=False)
    a_form(ledger, "b")
    claimed(ledger, lease=300)

    clock.now -= 400_000_000
    assert {claimed(ledger).sha256[0], claimed(ledger).sha256[0]} == {"a", "b"}


def test_a_decision_takes_the_job_from_whoever_has_it(ledger: Ledger) -> None:
    """Taking a form up again fences the worker that walks it with yesterday's decisions."""
    form = a_form(ledger)
    old = claimed(ledger)
    ledger.take_up(form, people.TODAY)

    assert not ledger.jobs.holds(old)
    assert claimed(ledger).attempt == 1


def test_the_jobs_of_dead_workers_are_released_at_once(ledger: Ledger, own_workspace: Workspace) -> None:
    """A worker killed with -9 holds its job no longer than until the next look; a living one keeps its own."""
    a_form(ledger, "a")
    code = (
        "import os, sys; from pathlib import Path; from pipeline.ledger.store import Ledger\n"
        "from pipeline.core.workspace import Workspace\n"
        f"with Ledger.open(Workspace.at(Path({str(own_workspace.root)!r})), clock=lambda: 1e6) as ledger:\n"
        "    assert ledger.jobs.claim(lease=1e6); os.kill(os.getpid(), 9)"
    )
    dead = subprocess.run([sys.executable, "-c", code], check=False, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert dead.returncode == -9
    a_form(ledger, "b")
    mine = claimed(ledger)
    assert mine.sha256[0] == "b"

    waits: list[int] = []
    assert ledger.jobs.release_the_dead(lambda attempt: waits.append(attempt) or 12.0) == 1  # type: ignore[func-returns-value]
    assert (waits, ledger.jobs.claim(lease=60)) == ([1], None)  # it waits its turn, and a person may hurry it
    assert ledger.jobs.holds(mine)
    ledger.jobs.hurry()
    assert claimed(ledger).sha256[0] == "a"


def test_a_wait_grows_is_bounded_and_never_the_same() -> None:
    """Doubled for each attempt up to the longest, with a part left to chance; none when the attempts are used up."""
    queue = Queue(essais=9, attente=10, attente_max=60)
    waits = {attempt: {queue.pause(attempt) for _ in range(200)} for attempt in range(1, 10)}

    for attempt, longest in {1: 10, 2: 20, 3: 40, 4: 60, 8: 60}.items():
        assert longest / 2 <= min(waits[attempt]) < max(waits[attempt]) <= longest
        assert len(waits[attempt]) > 150
    assert waits[9] == {0}


def test_what_a_dead_batch_looked_at_is_freed_unless_another_takes_it_over(
    ledger: Ledger, own_workspace: Workspace
) -> None:
    """Asked for by a batch that died: ready for anybody, or kept together by the batch that goes on."""
    batch = (
        "import datetime as dt, sys; from pathlib import Path; from pipeline.ledger.jobs import Step; "
        "from pipeline.ledger.store import Ledger; from pipeline.core.models import Form; "
        "from pipeline.core.workspace import Workspace\n"
        "with Ledger.open(Workspace.at(Path(sys.argv[1]))) as ledger:\n"
        "    form = Form(sys.argv[2] * 64, Path('x'), 'x.pdf', dt.date(2025, 3, 17))\n"
        "    ledger.arrive(form, source=sys.argv[2], day=form.received_on, step=Step.CHECK)\n"
    )
    for digit, adopts in (("a", True), ("b", False)):
        command = [sys.executable, "-c", batch, str(own_workspace.root), digit]
        subprocess.run(command, check=True, cwd=ROOT)
        ledger.jobs.mark_checked(claimed(ledger))
        if adopts:
            ledger.jobs.adopt_checked()
        ledger.jobs.release_the_dead(lambda _: 0)

    assert ledger.jobs.counts() == {JobState.CHECKED: 1, JobState.READY: 1}
    assert claimed(ledger).step is Step.WHOLE


def test_who_is_dead() -> None:
    """This process is alive; another birth, or another boot, is dead; of another machine nothing is known."""
    host, boot, pid, birth = this_process().split(" ")

    assert not is_dead(this_process())
    assert is_dead(f"{host} {boot} {pid} {int(birth) - 1}")
    assert is_dead(f"{host} another-boot {pid} {birth}")
    assert not is_dead(f"another-host {boot} {pid} {birth}")


def test_the_same_file_noted_twice_is_no_duplicate_and_another_file_is(ledger: Ledger) -> None:
    """The machine died before the file was put aside: it is the same arrival. A copy is not."""
    form = a_form(ledger)

    assert not ledger.arrive(form, source="a", day=people.TODAY).duplicate
    assert ledger.arrive(form, source="another file", day=people.TODAY).duplicate
    assert [line.event for line in ledger.journal(form.sha256)] == ["received", "received-again"]
