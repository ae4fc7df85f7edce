"""A reading that was stopped by no fault of the file: tried again, then alone, then ours; no letter, nothing lost."""

from __future__ import annotations

import fcntl
from dataclasses import replace
from pathlib import Path

import pytest
from delivering import claimed, received

from pipeline.core.errors import ReadingStopped
from pipeline.core.models import Form, Reading
from pipeline.core.outcomes import Delivered, Failed, ToComplete
from pipeline.core.refusals import Refusal, refused
from pipeline.dossier import context as understanding
from pipeline.dossier.context import Context
from pipeline.dossier.receiving import take_in
from pipeline.ledger.claims import JobState, Step
from pipeline.ledger.entries import State
from pipeline.ledger.form_rows import Ending
from pipeline.reading import reader
from pipeline.runs import once, worker
from pipeline.runs.worker import Trouble
from pipeline.services import handling

SAMPLES = Path(__file__).parent.parent / "samples"
SCAN = Path(__file__).parent.parent / "layouts" / "colonnes" / "00.scan.pdf"
SLOW = "Le fichier demande un temps de lecture anormal : il est refusé. Ouvrez le formulaire."


def others_may_read(context: Context) -> bool:
    """Whether another could read now."""
    with (context.workspace.memory / "room.lock").open("ab") as room:
        try:
            fcntl.flock(room, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


@pytest.fixture
def sample(context: Context) -> Form:
    """A form that ends in a packet, in the queue."""
    path = context.workspace.inbox / "a.docx"
    path.write_bytes((SAMPLES / "5-essms-emploi.docx").read_bytes())
    return take_in(path, context).entry.form


@pytest.mark.parametrize("step", Step)
def test_it_is_tried_again_then_alone_and_then_it_is_ours(
    context: Context, monkeypatch: pytest.MonkeyPatch, sample: Form, step: Step
) -> None:
    """Three tries, the last while no other reads; then « en panne » without a letter, until a person asks."""
    beside: list[bool] = []

    def stopped(*_: object, **__: object) -> Reading:
        beside.append(others_may_read(context))
        raise ReadingStopped("the reader of a form was killed.")

    monkeypatch.setattr(understanding, "read", stopped)
    context.ledger.take_up(sample, context.today, step=step)
    troubles = []
    for _ in range(3):
        context.ledger.jobs.hurry()
        done = worker.work(claimed(context.ledger, sample), context)
        troubles.append(done.trouble)
        assert isinstance(done.report.outcome, Failed)
        assert context.ledger.entries.get(sample.sha256).state is State.FAILED

    assert (troubles, beside) == ([Trouble.FORM, Trouble.FORM, Trouble.OVER], [True, True, False])
    assert "the last time alone" in context.ledger.entries.get(sample.sha256).detail
    assert context.ledger.jobs.counts() == {JobState.DONE: 1}
    assert [place.name for place in context.workspace.outbox.rglob("*") if place.is_file()] == []

    monkeypatch.undo()
    ready = handling.retry(context, sample.id, by="F. GARÇON")
    assert isinstance(once.go_on(ready.entry, context).outcome, Delivered)


def test_a_scan_cut_by_the_clock_is_not_kept_and_goes_back_to_the_queue(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both engines were at work on it: half a reading is none."""
    limits = replace(reader.SCAN_LIMITS, hang=2)
    monkeypatch.setattr(reader, "SCAN_LIMITS", limits)
    path = context.workspace.inbox / "scan.pdf"
    path.write_bytes(SCAN.read_bytes())
    form = take_in(path, context).entry.form

    done = worker.work(claimed(context.ledger, form), replace(context, reader="this one"))

    assert (done.trouble, "had not ended after 2 s" in done.said) == (Trouble.FORM, True)
    assert context.ledger.readings.latest(form.sha256) is None
    assert context.ledger.jobs.counts() == {JobState.READY: 1}


def test_a_worker_keeps_its_form_while_it_is_read_slowly(
    context: Context, monkeypatch: pytest.MonkeyPatch, sample: Form
) -> None:
    """Whoever waits for a reader says that it is still there, before its lease is over."""
    claim = claimed(context.ledger, sample)
    with context.ledger.database.write() as connection:
        connection.exec_driver_sql("UPDATE job SET lease_until = 1.0")
    seen: list[bool] = []

    def slow(*_: object, **given: object) -> Reading:
        given["waiting"]()  # type: ignore[operator]
        seen.append(context.ledger.jobs.claim(lease=60) is None)
        raise ReadingStopped("it did not end")

    monkeypatch.setattr(understanding, "read", slow)
    worker.work(claim, context)

    assert seen == [True]


def test_what_an_earlier_release_refused_for_want_of_time_is_read_again(context: Context, sample: Form) -> None:
    """The sentence is in the ledger; so is one that was refused for what it is, which gets its letter again."""
    context.ledger.settle(claimed(context.ledger, sample), Ending(State.TO_COMPLETE, SLOW))
    other = received(context.ledger, context.workspace, "b.pdf")
    context.ledger.settle(claimed(context.ledger, other), Ending(State.TO_COMPLETE, "Le fichier est vide."))

    assert not context.ledger.entries.get(other.sha256).is_failed
    again = handling.retry(context, other.id, by="F. GARÇON")
    assert isinstance(once.go_on(again.entry, context).outcome, ToComplete)
    ready = handling.retry(context, sample.id, by="F. GARÇON")

    assert isinstance(once.go_on(ready.entry, context).outcome, Delivered)


@pytest.mark.parametrize("step", Step)
def test_a_form_that_takes_more_processor_than_it_is_given_is_not_refused(
    context: Context, monkeypatch: pytest.MonkeyPatch, sample: Form, step: Step
) -> None:
    """Three tries, the last alone with more of it, then ours; no letter. On a faster machine it passes."""
    given: list[int] = []

    def slow(*_: object, patience: int, **__: object) -> Reading:
        given.append(patience)
        raise refused(Refusal.SLOW)

    monkeypatch.setattr(understanding, "read", slow)
    context.ledger.take_up(sample, context.today, step=step)
    troubles = []
    for _ in range(3 + (step is Step.CHECK)):
        context.ledger.jobs.release_checked()
        context.ledger.jobs.hurry()
        troubles.append(worker.work(claimed(context.ledger, sample), context).trouble)

    assert troubles[-3:] == [Trouble.FORM, Trouble.FORM, Trouble.OVER]
    assert given[-3:] == [1, 1, 5]
    assert context.ledger.entries.get(sample.sha256).state is State.FAILED
    assert [place.name for place in context.workspace.outbox.rglob("*") if place.is_file()] == []

    monkeypatch.undo()
    ready = handling.retry(context, sample.id, by="F. GARÇON")
    assert isinstance(once.go_on(ready.entry, context).outcome, Delivered)


def test_a_letter_for_what_could_not_be_read_is_taken_back_by_a_better_reader(
    context: Context, monkeypatch: pytest.MonkeyPatch, sample: Form
) -> None:
    """« Illisible » to yesterday's reader; retried with today's, its packet is made and its letter goes."""

    def illegible(*_: object, **__: object) -> Reading:
        raise refused(Refusal.EMPTY)

    monkeypatch.setattr(understanding, "read", illegible)
    assert isinstance(once.go_on(context.ledger.entries.get(sample.sha256), context).outcome, ToComplete)
    assert (context.workspace.to_complete / sample.id).is_dir()
    monkeypatch.undo()

    ready = handling.retry(context, sample.id, by="F. GARÇON")

    assert isinstance(once.go_on(ready.entry, context).outcome, Delivered)
    assert not (context.workspace.to_complete / sample.id).exists()
