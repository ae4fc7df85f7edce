"""Failures told apart: the form's, ours, the machine's; quarantine, retry, discard; and the walk in two processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import people
import pytest
from caged import gone, office_of

from pipeline.core.errors import (
    ConfigError,
    ConversionStopped,
    NotAllowed,
    TemplateError,
    ToolMissing,
    Transient,
)
from pipeline.core.outcomes import Delivered, Failed, ToComplete
from pipeline.core.settings import Queue, Settings, Watching
from pipeline.documents import packaging as packets
from pipeline.documents.libreoffice import find_bridge
from pipeline.dossier.context import Context
from pipeline.dossier.receiving import take_in
from pipeline.ledger.claims import JobState
from pipeline.ledger.entries import State
from pipeline.runs import once, worker
from pipeline.runs.worker import Trouble
from pipeline.services import handling

SAMPLES = Path(__file__).parent.parent / "samples"
ROOT = Path(__file__).parent.parent.parent


def taken(context: Context, name: str = "5-essms-emploi.docx") -> str:
    """A sample in the queue; its hash."""
    path = context.workspace.inbox / name
    path.write_bytes((SAMPLES / name).read_bytes())
    return take_in(path, context).entry.form.sha256


def attempt(context: Context) -> worker.Done | None:
    """One claim, worked on, whatever it waits for."""
    context.ledger.jobs.hurry()
    claim = context.ledger.jobs.claim(lease=60)
    return worker.work(claim, context) if claim else None


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (Transient("disk full"), Trouble.MACHINE),
        (ToolMissing("no soffice"), Trouble.MACHINE),
        (TemplateError("misspelt"), Trouble.OURS),
        (ConfigError("no session"), Trouble.OURS),
        (ConversionStopped("slow"), Trouble.FORM),
        (ZeroDivisionError("bug"), Trouble.FORM),
    ],
)
def test_only_what_may_be_the_forms_fault_costs_it_an_attempt(
    context: Context, monkeypatch: pytest.MonkeyPatch, error: Exception, trouble: Trouble
) -> None:
    """Ten outages in a row burn nothing; three unforeseen failures put the form in quarantine."""

    def broken(*_: object, **__: object) -> object:
        raise error

    sha256 = taken(context)
    monkeypatch.setattr(packets, "make_packet", broken)
    monkeypatch.setattr(worker, "answers", lambda: True)
    for _ in range(3):
        done = attempt(context)
        assert done is not None
        assert done.trouble is trouble
        assert isinstance(done.report.outcome, Failed)
        assert context.ledger.entries.get(sha256).state is State.FAILED
    done = attempt(context)

    if trouble is Trouble.FORM:
        assert context.ledger.entries.get(sha256).state is State.QUARANTINED
        monkeypatch.undo()
        context.ledger.take_up(context.ledger.entries.get(sha256).form, context.today)
        assert isinstance(once.go_on(context.ledger.entries.get(sha256), context).outcome, Delivered)
    else:
        assert context.ledger.entries.get(sha256).state is State.FAILED
        monkeypatch.undo()
        done = attempt(context)
        assert done is not None
        assert isinstance(done.report.outcome, Delivered)


def test_a_libreoffice_that_answers_nobody_is_the_machines_fault(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same timeout, and LibreOffice does not print one line either: no form is blamed."""

    def slow(*_: object, **__: object) -> object:
        raise ConversionStopped("slow")

    taken(context)
    monkeypatch.setattr(packets, "make_packet", slow)
    monkeypatch.setattr(worker, "answers", lambda: False)

    done = attempt(context)

    assert done is not None
    assert done.trouble is Trouble.MACHINE


def test_a_form_that_kills_its_worker_ends_in_quarantine(context: Context) -> None:
    """Three workers die on it, kill -9; the fourth puts it aside with the original, the reason and the facts."""
    sha256 = taken(context)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LIASSE_DIE_AT": "read:1"}
    command = [sys.executable, "-m", "pipeline", "worker", "--drain", "--today", "2025-03-17"]
    for _ in range(3):
        dead = subprocess.run(command, check=False, cwd=context.workspace.root, env=environment, capture_output=True)
        assert dead.returncode == -9
        assert context.ledger.jobs.release_the_dead(lambda _: 0) == 1
    subprocess.run(command, check=True, cwd=context.workspace.root, env=environment, capture_output=True)

    entry = context.ledger.entries.get(sha256)
    assert entry.state is State.QUARANTINED
    assert entry.folder is not None
    place = context.workspace.outbox / entry.folder
    assert (place / "formulaire-recu.docx").read_bytes() == (SAMPLES / "5-essms-emploi.docx").read_bytes()
    assert "Que faire" in (place / "raison.txt").read_text()
    assert json.loads((place / "error.json").read_text())["attempts"] == 3
    assert "released" in {line.event for line in context.ledger.journal(sha256)}

    ready = handling.retry(context, entry.form.id, by="F. GARÇON")
    assert isinstance(once.go_on(ready.entry, context).outcome, Delivered)


def test_a_form_can_be_put_away_and_not_once_it_has_a_packet(context: Context) -> None:
    """Discard says who and why, and ends the job; a delivered form is not discarded."""
    sha256 = taken(context)
    handling.discard(context, sha256[:8], by="F. GARÇON", reason="envoyé par erreur")
    entry = context.ledger.entries.get(sha256)

    assert (entry.state, entry.detail) == (State.DISCARDED, "envoyé par erreur")
    assert context.ledger.jobs.claim(lease=60) is None
    assert context.ledger.journal(sha256)[-1].actor == "F. GARÇON"

    assert isinstance(
        once.go_on(handling.retry(context, sha256[:8], by="F. GARÇON").entry, context).outcome, Delivered
    )
    with pytest.raises(NotAllowed, match="a une liasse"):
        handling.discard(context, sha256[:8], by="F. GARÇON", reason="envoyé par erreur")
    with pytest.raises(NotAllowed, match="only one that failed"):
        handling.retry(context, sha256[:8], by="F. GARÇON")


def test_the_quarantine_is_also_for_a_form_that_waits_for_the_machine_to_be_mended(context: Context) -> None:
    """With no room on the disk nothing is taken in, and the file stays in the inbox until there is some."""
    full = replace(context, settings=Settings(surveillance=Watching(libre=1 << 60), file=Queue()))
    path = context.workspace.inbox / "a.docx"
    path.write_bytes((SAMPLES / "5-essms-emploi.docx").read_bytes())

    with pytest.raises(Transient, match="nothing is taken in"):
        take_in(path, full)
    assert path.exists()
    assert context.ledger.entries.all() == ()

    (report,) = once.run([path], context)
    assert isinstance(report.outcome, Delivered)


def test_a_duplicate_says_what_it_repeats(context: Context) -> None:
    """The second copy gets no packet of its own; the table names the first file and its day."""
    name = "7-essms-erreurs.pdf"
    copy = context.workspace.inbox / "encore.pdf"
    copy.write_bytes((SAMPLES / name).read_bytes())

    first, second = once.run([SAMPLES / name, copy], context)

    assert first.note == ""
    assert second.note == f"doublon du fichier reçu le {people.TODAY:%d/%m/%Y} sous le nom {name}"
    assert isinstance(second.outcome, ToComplete)
    assert context.ledger.jobs.counts() == {JobState.DONE: 1}


def test_a_worker_keeps_one_libreoffice_and_takes_it_with_it(context: Context) -> None:
    """Two packets by the same office; at SIGTERM the worker ends it, and leaves nothing on the disk."""
    first = taken(context)
    if not find_bridge().python:
        pytest.skip(find_bridge().why)
    working = context.workspace.memory / "travail"
    command = [sys.executable, "-m", "pipeline", "worker", "--today", "2025-03-17"]
    worker_process = subprocess.Popen(
        command, cwd=context.workspace.root, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL
    )
    try:
        offices = [_office_after(context, first, working)]
        offices.append(_office_after(context, taken(context, "4-essms-salariee.pdf"), working))
    finally:
        worker_process.terminate()
        worker_process.wait(30)

    assert worker_process.returncode == 0
    assert len(offices[0]) == 1
    assert offices[1] == offices[0]
    assert gone(str(working))
    assert list(working.iterdir()) == []


def _office_after(context: Context, sha256: str, working: Path) -> list[int]:
    """The soffice that runs once a form has its packet."""
    deadline = time.monotonic() + 60
    while context.ledger.entries.get(sha256).state is not State.DELIVERED and time.monotonic() < deadline:
        time.sleep(0.05)
    assert context.ledger.entries.get(sha256).state is State.DELIVERED
    return office_of(working)["soffice"]
