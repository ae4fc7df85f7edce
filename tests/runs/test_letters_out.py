"""Letters of the outbox: one lies there while its form is to be completed, and not a moment longer."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
import sent_files as sent
import walking

from pipeline.core.outcomes import ToComplete, Waiting
from pipeline.dossier.context import Context
from pipeline.dossier.tidying import tidy
from pipeline.ledger.entries import Entry, State
from pipeline.runs import once
from pipeline.services import approvals, handling

BY = "F. GARÇON"


@pytest.fixture
def late(context: Context) -> Context:
    """A day on which the accord's term is over, for a form that also waits for the accord."""
    return replace(context, today=dt.date(2025, 4, 25))


@pytest.fixture
def asked(late: Context) -> Entry:
    """A form that was sent back, its letter in the outbox."""
    path = late.workspace.inbox / "attente.pdf"
    path.write_bytes(sent.sample("3-"))
    (report,) = walking.run([path], late)
    assert isinstance(report.outcome, ToComplete)
    assert letter(late, report.form.id).is_dir()
    return late.ledger.entries.get(report.form.sha256)


def letter(context: Context, form: str) -> Path:
    """Where the letter of a form lies."""
    return context.workspace.to_complete / form


def test_a_form_that_waits_has_no_letter(late: Context, asked: Entry) -> None:
    """A person lifted what it asked for: the student would put their internship off for nothing."""
    done = approvals.override(late, asked.form.id, "S1-23", by=BY, reason="accord de la direction")
    report = once.go_on(done.entry, late)

    assert isinstance(report.outcome, Waiting)
    assert not letter(late, asked.form.id).exists()


def test_a_form_that_was_put_away_has_none_until_it_is_reopened(late: Context, asked: Entry) -> None:
    """And then its own again."""
    handling.discard(late, asked.form.id, by=BY, reason="renoncé")
    assert not letter(late, asked.form.id).exists()

    report = once.go_on(handling.reopen(late, asked.form.id, by=BY).entry, late)
    assert isinstance(report.outcome, ToComplete)
    assert letter(late, asked.form.id).is_dir()


@pytest.mark.parametrize("state", [State.WAITING, State.DISCARDED, State.DELIVERED])
def test_what_a_death_left_is_taken_at_the_next_start(late: Context, asked: Entry, state: State) -> None:
    """The state was noted, and the letter not yet taken away."""
    with late.ledger.database.write() as connection:
        connection.exec_driver_sql("UPDATE form SET state = ? WHERE sha256 = ?", (state.value, asked.form.sha256))

    tidy(late.workspace, late.ledger)

    assert not letter(late, asked.form.id).exists()


def test_a_letter_that_is_still_true_stays(late: Context, asked: Entry) -> None:
    """At any start."""
    tidy(late.workspace, late.ledger)
    assert letter(late, asked.form.id).is_dir()
