"""Two people at two desks say something of one form at one moment: one truth, and each is told what happened."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import people
import pytest
from delivering import delivered, received

from pipeline.blanks.layout_cache import open_forms
from pipeline.core.errors import ChangedMeanwhile, RequestRefused
from pipeline.core.fields import Dictionary
from pipeline.core.law import Law
from pipeline.core.models import Form
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context, as_read
from pipeline.dossier.receiving import take_in
from pipeline.ledger.claims import JobState
from pipeline.ledger.database import rows
from pipeline.ledger.decision_book import Seen
from pipeline.ledger.entries import State
from pipeline.ledger.packet_store import PacketState
from pipeline.ledger.store import Ledger
from pipeline.services import approvals, fetching, handling

ROUNDS = 8
SAMPLES = Path(__file__).parents[1] / "samples"
DESKS = ("A. DUBOIS", "F. GARÇON")


@dataclass(frozen=True)
class Call:
    """What one desk says: a service by its name, of which form, how."""

    service: str
    word: str
    how: dict[str, Any]


@dataclass(frozen=True)
class Told:
    """What a desk was answered: « Decided », « Handled », « Fetched » or the name of a refusal; and its words."""

    what: str
    said: str

    @property
    def is_done(self) -> bool:
        """Whether this desk's word is the one that was written."""
        return self.what in {"Decided", "Handled", "Fetched"} and not self.said


def desk(root: str, by: str, start: Barrier, line: Connection) -> None:
    """One desk, in a process of its own: says each thing at the moment when the other one is ready too."""
    workspace = Workspace.at(Path(root))
    with Ledger.open(workspace) as ledger:
        dictionary = Dictionary.load(workspace)
        forms = open_forms(workspace, dictionary)
        context = Context(workspace, dictionary, Law.load(workspace), ledger, people.TODAY, forms, reader="tests")
        services: dict[str, Callable[..., Any]] = {
            "approve": approvals.approve,
            "override": approvals.override,
            "fetch": fetching.fetch,
            "discard": handling.discard,
        }
        while (call := line.recv()) is not None:
            start.wait(60)
            try:
                done = services[call.service](context, call.word, by=by, **call.how)
                line.send(Told(type(done).__name__, done.already))
            except RequestRefused as refused:
                line.send(Told(type(refused).__name__, str(refused)))


Both = Callable[..., tuple[Told, Told]]


@pytest.fixture
def both(own_workspace: Workspace) -> Iterator[Both]:
    """Has both desks say something of a form at once; what each was answered, in the order of the desks."""
    spawned = multiprocessing.get_context("spawn")
    start, lines, processes = spawned.Barrier(2), [], []
    for by in DESKS:
        ours, theirs = spawned.Pipe()
        processes.append(spawned.Process(target=desk, args=(str(own_workspace.root), by, start, theirs)))
        lines.append(ours)
        processes[-1].start()

    def say(*calls: Call) -> tuple[Told, Told]:
        for line, call in zip(lines, calls * (2 // len(calls)), strict=True):
            line.send(call)
        assert all(line.poll(90) for line in lines), "a desk gave no answer"
        first, second = (line.recv() for line in lines)
        return first, second

    yield say
    for line, process in zip(lines, processes, strict=True):
        line.send(None)
        process.join(30)
        line.close()
        assert process.exitcode == 0


@pytest.fixture
def reading_desk(context: Context) -> Context:
    """A context that keeps what it reads, as those of the commands do."""
    return replace(context, reader="tests")


def taken(context: Context, sample: str, at: int) -> Form:
    """One more form like that sample, received and read."""
    path = context.workspace.inbox / f"{at}-{sample}"
    path.write_bytes((SAMPLES / sample).read_bytes() + b"\n" * at)
    form = take_in(path, context).entry.form
    as_read(form, context)
    return form


def kept(context: Context, form: Form) -> list[tuple[str, str, Any]]:
    """The decisions on a form as they stand in the ledger: kind, by whom, value."""
    with context.ledger.database.read() as connection:
        sql = "SELECT kind, by_whom, value FROM decision WHERE sha256 = :s ORDER BY number"
        return [(kind, by, value and json.loads(value)) for kind, by, value in rows(connection, sql, s=form.sha256)]


def require_one_word(context: Context, form: Form, told: Sequence[Told], event: str) -> str:
    """One desk's word stands, once, also in the journal; the other was told whose. Who it was."""
    (first,) = [by for by, one in zip(DESKS, told, strict=True) if one.is_done]
    (other,) = [one for one in told if not one.is_done]
    assert other.what != "ChangedMeanwhile", "both said the same: it is done, by the other"
    assert first in other.said
    assert [line.actor for line in context.ledger.journal(form.sha256) if line.event == event] == [first]
    assert context.ledger.faults() == []
    return first


def test_an_accord_is_given_once(reading_desk: Context, both: Both) -> None:
    """The same word of both is one decision."""
    for at in range(ROUNDS):
        form = taken(reading_desk, "3-cnam-attente.pdf", at)
        told = both(Call("approve", form.id, {}))
        first = require_one_word(reading_desk, form, told, "accord")
        assert [(kind, by) for kind, by, _ in kept(reading_desk, form)] == [("accord", first)]
        assert reading_desk.ledger.jobs.state_of(form.sha256) == (JobState.READY, "")


@pytest.mark.long
def test_an_accord_given_and_refused_is_not_both(reading_desk: Context, both: Both) -> None:
    """Whoever decided on what was not so any more is told to look again; who had looked has the last word."""
    for at in range(ROUNDS):
        form = taken(reading_desk, "3-cnam-attente.pdf", at)
        told = both(Call("approve", form.id, {}), Call("approve", form.id, {"refuse": True, "reason": "non"}))
        assert {one.what for one in told} <= {"Decided", "ChangedMeanwhile"}
        done = [by for by, one in zip(DESKS, told, strict=True) if one.is_done]
        assert sorted(by for _, by, _ in kept(reading_desk, form)) == sorted(done)
        assert len(done) == sum(one.what == "Decided" for one in told)
        last = reading_desk.ledger.decisions(form).accord
        assert last is not None
        assert last["decision"] == {DESKS[0]: "favorable", DESKS[1]: "defavorable"}[last["par"]]
        assert last["par"] in done
    assert reading_desk.ledger.faults() == []


def test_a_rule_is_lifted_once(own_workspace: Workspace, reading_desk: Context, both: Both) -> None:
    """The reason that is printed is the one of who lifted it."""
    path = own_workspace.templates / people.COORDINATION / "formation.toml"
    text = path.read_text(encoding="utf-8")
    assert 'exacte"\nheures = 140\n' in text
    path.write_text(text.replace('exacte"\nheures = 140\n', 'exacte"\nheures = 141\nderogeable = true\n'))
    for at in range(ROUNDS):
        form = taken(reading_desk, "4-essms-salariee.pdf", at)
        how = {"rule": "S2-01", "reason": "accord"}
        told = both(Call("override", form.id, how))
        first = require_one_word(reading_desk, form, told, "override")
        (lifted,) = reading_desk.ledger.decisions(form).overrides
        assert (lifted.by, len(kept(reading_desk, form))) == (first, 1)


def test_a_packet_is_taken_once(context: Context, both: Both) -> None:
    """The first name stands; the other desk is told whose it is, and both know where the packet lies."""
    for at in range(ROUNDS):
        form = received(context.ledger, context.workspace, f"{at}.pdf")
        packet = delivered(context.ledger, context.workspace, form, f"f/2025/{at}")
        signed = bool(at % 2)
        told = both(Call("fetch", form.id, {"signed": signed}))
        state = PacketState.SIGNED if signed else PacketState.FETCHED
        (first,) = [by for by, one in zip(DESKS, told, strict=True) if one.is_done]
        (other,) = [one.said for one in told if not one.is_done]
        line = context.ledger.packets.get(packet)
        assert line is not None
        assert (line.state, line.locked_by) == (state, first)
        assert first in other
    assert context.ledger.faults() == []


def test_a_form_is_put_away_once(context: Context, both: Both) -> None:
    """One line in the journal; the other desk is told who did."""
    for at in range(ROUNDS):
        form = received(context.ledger, context.workspace, f"{at}.pdf")
        told = both(Call("discard", form.id, {"reason": "doublon"}))
        require_one_word(context, form, told, State.DISCARDED.value)
        assert context.ledger.entries.get(form.sha256).state is State.DISCARDED
        assert context.ledger.jobs.state_of(form.sha256) == (JobState.DONE, "")


@pytest.mark.long
def test_decided_and_put_away_at_once(reading_desk: Context, both: Both) -> None:
    """A word that rests on a form that was put away is not written, and is told of it; the form stays away."""
    for at in range(ROUNDS):
        form = taken(reading_desk, "3-cnam-attente.pdf", at)
        approved, away = both(Call("approve", form.id, {}), Call("discard", form.id, {"reason": "doublon"}))
        assert away.is_done
        assert approved.what in {"Decided", "ChangedMeanwhile", "NotAllowed"}
        assert bool(kept(reading_desk, form)) == approved.is_done
        assert reading_desk.ledger.journal(form.sha256)[-1].event == State.DISCARDED.value
        assert reading_desk.ledger.jobs.state_of(form.sha256) == (JobState.DONE, "")
        assert reading_desk.ledger.entries.get(form.sha256).state is State.DISCARDED
    assert reading_desk.ledger.faults() == []


@pytest.mark.parametrize("meanwhile", ["refuse", "discard"])
def test_who_decides_on_what_is_not_so_any_more_is_told(
    reading_desk: Context, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    """Between the look of one and their word the other refuses, or puts the form away: nothing is written."""
    form = taken(reading_desk, "3-cnam-attente.pdf", 0)
    look = Ledger.seen

    def then_another(ledger: Ledger, looked_at: Form) -> Seen:
        seen = look(ledger, looked_at)
        monkeypatch.undo()
        if meanwhile == "refuse":
            approvals.approve(reading_desk, form.id, by=DESKS[1], refuse=True, reason="non")
        else:
            handling.discard(reading_desk, form.id, by=DESKS[1], reason="doublon")
        return seen

    monkeypatch.setattr(Ledger, "seen", then_another)
    with pytest.raises(ChangedMeanwhile, match="Regardez-le de nouveau"):
        approvals.approve(reading_desk, form.id, by=DESKS[0])

    assert [by for _, by, _ in kept(reading_desk, form)] == [DESKS[1]] * (meanwhile == "refuse")
    assert reading_desk.ledger.journal(form.sha256)[-1].actor == DESKS[1]
