"""Troubles of the machine, of a hand that died or of a person's word: no form is blamed, stuck or shown for them."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import people
import pytest
from delivering import beside, claimed, published, received

from pipeline.core.errors import ConfigError, InTurn, NotAllowed, TemplateError, Transient
from pipeline.core.settings import Queue, Settings, Watching
from pipeline.dossier import journey
from pipeline.dossier.context import Context
from pipeline.dossier.versions import history_of
from pipeline.ledger.claims import JobState
from pipeline.ledger.entries import State
from pipeline.ledger.form_rows import Ending
from pipeline.ledger.jobs import Jobs
from pipeline.runs import once, worker
from pipeline.runs.logs import open_log
from pipeline.runs.watch import watch
from pipeline.runs.worker import Trouble
from pipeline.runs.worker_loop import Stop, work_on
from pipeline.services import handling

SAMPLE = Path(__file__).parent.parent / "samples" / "7-essms-erreurs.pdf"


def fails(error: BaseException) -> object:
    """Something that raises it, whatever it is given."""

    def raising(*_: object, **__: object) -> None:
        raise error

    return raising


def drained(context: Context, *, rounds: int = 20, wait: float = 0.01) -> None:
    """A worker in this process, until nothing is left to do; it stops by itself after so many rounds."""
    left = iter(range(rounds))
    quick = replace(context, settings=Settings(file=Queue(attente=wait, attente_max=2 * wait)))
    work_on(lambda: quick, Stop(), open_log(), orphaned=lambda: next(left, None) is None, drain=True)


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENOSPC, errno.EIO])
def test_a_machine_that_can_give_no_more_costs_no_attempt(
    context: Context, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """No process, memory, file or room left: other forms would fail alike."""
    form = received(context.ledger, context.workspace, "a.pdf")
    monkeypatch.setattr(journey, "understand", fails(OSError(number, os.strerror(number))))

    for _ in range(5):
        assert worker.work(claimed(context.ledger, form), context).trouble is Trouble.MACHINE
        context.ledger.jobs.hurry()

    assert claimed(context.ledger, form).attempt == 1


def test_a_form_whose_file_is_gone_holds_up_no_other(context: Context) -> None:
    """A spool that was not restored: the form waits for it, costs nothing, and the next one is walked."""
    lost, other = (received(context.ledger, context.workspace, name) for name in ("a.pdf", "b.pdf"))
    lost.path.unlink()

    drained(context, rounds=3, wait=60)  # two forms in hand, however slow this machine is, and a look at none
    context.ledger.jobs.hurry()

    assert context.ledger.entries.get(other.sha256).state is State.TO_COMPLETE
    assert (context.ledger.entries.get(lost.sha256).state, claimed(context.ledger, lost).attempt) == (State.FAILED, 1)
    assert "Restore" in context.ledger.entries.get(lost.sha256).detail


def test_a_quarantine_that_fails_is_not_tried_at_once_for_ever(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever nobody foresaw there: the form waits longer each time, as any other."""
    form = received(context.ledger, context.workspace, "a.pdf")
    monkeypatch.setattr(journey, "understand", fails(ZeroDivisionError()))
    monkeypatch.setattr(worker, "quarantine", fails(ZeroDivisionError()))
    for _ in range(4):
        context.ledger.jobs.hurry()
        worker.work(claimed(context.ledger, form), context)

    assert context.ledger.jobs.claim(lease=60) is None


def test_a_ledger_that_does_not_answer_costs_no_attempt(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker could not even give the form back: it does so once the ledger answers again."""
    form = received(context.ledger, context.workspace, "a.pdf")
    put_back, outages = Jobs.put_back, iter(range(4))

    def put_back_later(*given: object, **how: object) -> None:
        if next(outages, None) is not None:
            raise Transient("the ledger does not answer")
        put_back(*given, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(journey, "understand", fails(Transient("the ledger does not answer")))
    monkeypatch.setattr(Jobs, "put_back", put_back_later)
    drained(context)
    context.ledger.jobs.hurry()

    assert context.ledger.jobs.state_of(form.sha256) is not None
    assert claimed(context.ledger, form).attempt == 1


def test_a_setting_that_is_saved_half_written_stops_neither_watcher_nor_worker(
    context: Context, capfd: pytest.CaptureFixture[str]
) -> None:
    """They say it, and go on once it is mended."""
    (context.workspace.inbox / "a.pdf").write_bytes(SAMPLE.read_bytes())
    quick = Settings(surveillance=Watching(rythme=0.01, calme=0), file=Queue(attente=0.01, attente_max=0.02))
    days = [replace(context, settings=quick)] * 5

    def changing(stop: Stop) -> Callable[[], Context]:
        """The desk, but for the second look at it; after the last, a wish to stop."""
        looks = [*days[:1], None, *days]

        def look() -> Context:
            stop.asked = len(looks) == 1
            found = looks.pop(0)
            if found is None:
                raise ConfigError("liasse.toml cannot be read")
            return found

        return look

    stop = Stop()
    watch(changing(stop), stop, open_log(), workers=())
    (entry,) = context.ledger.entries.all()
    assert entry.state is State.RECEIVED

    stop = Stop()
    work_on(changing(stop), stop, open_log(), orphaned=lambda: False)
    assert context.ledger.entries.get(entry.form.sha256).state is State.TO_COMPLETE
    assert capfd.readouterr().err.count("liasse.toml cannot be read") == 2


def test_a_packet_that_was_published_by_the_last_attempt_counts(context: Context) -> None:
    """The worker died after it was in the outbox and before it was noted: no quarantine beside a packet."""
    form = received(context.ledger, context.workspace, "a.pdf", people.coordination())
    for _ in range(3):
        claim = claimed(context.ledger, form)
        with context.ledger.database.write() as connection:
            connection.exec_driver_sql("UPDATE job SET lease_until = 0.5")
    published(context.ledger, context.workspace, claim, "f/2025/a")
    with context.ledger.database.write() as connection:
        connection.exec_driver_sql("UPDATE job SET lease_until = 0.5")

    worker.work(claimed(context.ledger, form), context)

    assert context.ledger.entries.get(form.sha256).state is State.DELIVERED
    assert not (context.workspace.outbox / "quarantaine").exists()


def test_a_form_that_is_put_away_leaves_no_packet_and_holds_up_no_version(context: Context) -> None:
    """Its worker died while it made the packet; then a newer form came, and somebody put the old one away."""
    data = people.coordination()
    old, new = (received(context.ledger, context.workspace, name, data) for name in ("v1.pdf", "v2.pdf"))
    claim = claimed(context.ledger, old)
    published(context.ledger, context.workspace, claim, "f/2025/v1")
    context.ledger.jobs.put_back(claim, wait=0, error="disk full", counted=False)
    with pytest.raises(InTurn):
        history_of(context.ledger.entries.get(new.sha256), data, context.ledger)

    handling.discard(context, old.id, by="A. DUBOIS", reason="remplacé")

    assert not (context.workspace.outbox / "f/2025/v1").exists()
    past = history_of(context.ledger.entries.get(new.sha256), data, context.ledger)
    assert (past.before, past.after, past.pending) == ((), (), ())
    assert beside(context.ledger, new.sha256) == set()


def test_what_was_delivered_meanwhile_is_not_put_away(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """The person looked at a form that failed; the worker delivered it before their word came."""
    form = received(context.ledger, context.workspace, "a.pdf", people.coordination())
    seen = context.ledger.entries.get(form.sha256)
    claim = claimed(context.ledger, form)
    packet = published(context.ledger, context.workspace, claim, "f/2025/a")
    context.ledger.settle(claim, Ending(State.DELIVERED, folder=Path("f/2025/a"), packet=packet))

    monkeypatch.setattr(handling, "find_form", lambda *_: seen)
    with pytest.raises(NotAllowed, match="a une liasse"):
        handling.discard(context, form.id, by="A. DUBOIS", reason="par erreur")

    assert context.ledger.entries.get(form.sha256).state is State.DELIVERED
    assert context.ledger.jobs.counts() == {JobState.DONE: 1}


@pytest.mark.parametrize(
    "error", [ValueError("no date: 'LE GOFF'"), TemplateError("a.docx: 1 value is not in the text (« LE GOFF »).")]
)
def test_the_log_of_a_worker_names_nobody(
    context: Context, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], error: Exception
) -> None:
    """What an error quotes stays in the ledger, where it is purged and erased; the log says what kind it was."""
    received(context.ledger, context.workspace, "a.pdf", people.coordination())
    monkeypatch.setattr(journey, "understand", fails(error))
    drained(context)

    said = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert "put back" in {line["event"] for line in said}
    assert "GOFF" not in str(said)


def test_a_disk_that_refuses_a_packet_is_said_without_the_name_of_its_folder(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is the only path that holds a name."""
    form = received(context.ledger, context.workspace, "a.pdf", people.coordination())
    monkeypatch.setattr(Path, "rename", fails(OSError(errno.ENOSPC, "full", "f/LE-GOFF_1a2b3c4d", None, "g")))

    with pytest.raises(Transient) as refused:
        published(context.ledger, context.workspace, claimed(context.ledger, form), "f/2025/LE-GOFF_1a2b3c4d")

    assert "GOFF" not in str(refused.value)
    assert "1a2b3c4d" in str(refused.value)


def test_a_name_that_is_no_text_can_be_printed(context: Context) -> None:
    """The report of a file that could not be received, and why: a terminal takes text alone."""
    full = replace(context, settings=Settings(surveillance=Watching(libre=1 << 60)))
    path = context.workspace.inbox / os.fsdecode(b"DUPONT\xe9.pdf")

    for report in (*once.run([path], full), *once.run([path], context)):
        assert f"{report.form.name} {report.outcome}".encode()
