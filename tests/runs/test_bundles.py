"""Files that hold several: each form is received for itself, whatever dies on the way; the file is kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import people
import pikepdf
import pytest
import sent_files as sent
import walking
from forms_filler import print_pdf

from pipeline.core.outcomes import Delivered, Divided, ToComplete
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context
from pipeline.dossier.receiving import take_in
from pipeline.ledger.claims import Step
from pipeline.ledger.entries import PUT_AWAY, State
from pipeline.ledger.store import Ledger
from pipeline.maintenance.person import erase
from pipeline.runs.worker import work
from pipeline.services.handling import retry

ROOT = Path(__file__).parent.parent.parent
LOT = sent.united(print_pdf(sent.sample("1-")), sent.sample("6-"))
ARCHIVE = sent.zipped(
    {"classe/fiche.pdf": sent.sample("6-"), "lisez-moi.txt": b"Bonjour", "cadeau.zip": b"PK\x05\x06" + bytes(18)}
)


def dropped(context: Context, name: str, data: bytes) -> Path:
    """A file in the inbox."""
    path = context.workspace.inbox / name
    path.write_bytes(data)
    return path


def test_two_forms_in_a_pdf_become_two_dossiers(context: Context) -> None:
    """Each is told by its pages; the file itself is over, and lies where it was received."""
    whole, first, second = walking.run([dropped(context, "lot.pdf", LOT)], context)

    assert isinstance(whole.outcome, Divided)
    assert [one.form.name for one in (first, second)] == ["pages 1 à 4 de lot.pdf", "pages 5 à 8 de lot.pdf"]
    assert [type(one.outcome) for one in (first, second)] == [Delivered, Delivered]
    assert len({one.number for one in (first, second)}) == 2
    kept = context.ledger.entries.get(whole.form.sha256)
    assert (kept.state, kept.form.path.read_bytes() == LOT) == (State.DIVIDED, True)
    assert all(one.form.id in kept.detail for one in (first, second))
    assert not list(context.workspace.inbox.glob("*.pdf"))


def test_the_same_file_again_makes_nothing_new(context: Context) -> None:
    """Sent twice, or taken up again by a person: the forms in it are known."""
    list(walking.run([dropped(context, "lot.pdf", LOT)], context))
    count = len(context.ledger.entries.all())

    again = list(walking.run([dropped(context, "lot bis.pdf", LOT)], context))
    retry(context, again[0].form.id, by="F. GARÇON")
    list(walking.run([], context))

    assert "doublon" in again[0].note
    assert len(context.ledger.entries.all()) == count


def test_each_file_of_an_archive_has_its_own_end(context: Context) -> None:
    """A form is delivered, a text goes back with its reason, an archive within is not opened; names are no paths."""
    whole, form, text, inner = walking.run([dropped(context, "classe.zip", ARCHIVE)], context)

    assert isinstance(whole.outcome, Divided)
    assert [one.form.name for one in (form, text, inner)] == [
        "classe.zip : fiche.pdf",
        "classe.zip : lisez-moi.txt",
        "classe.zip : cadeau.zip",
    ]
    assert isinstance(form.outcome, Delivered)
    told = [one.outcome.problems[0].rule for one in (text, inner) if isinstance(one.outcome, ToComplete)]
    assert told == ["FORMAT_INCONNU", "ARCHIVE_VIDE"]


def test_an_archive_in_an_archive_is_not_opened(context: Context) -> None:
    """Or one that holds itself would have no end."""
    inner = sent.zipped({"fiche.pdf": sent.sample("6-")})
    _, report = walking.run([dropped(context, "lot.zip", sent.zipped({"dedans.zip": inner}))], context)

    assert isinstance(report.outcome, ToComplete)
    assert report.outcome.problems[0].rule == "ARCHIVE_DANS_ARCHIVE"


def test_who_is_erased_is_erased_from_the_file_too(context: Context) -> None:
    """The file as it came holds her pages: it goes; the other form of it stays."""
    whole, first, second = walking.run([dropped(context, "lot.pdf", LOT)], context)
    erase(
        context.ledger.entries.get(first.form.sha256),
        context.ledger,
        context.workspace,
        by="DPO",
        reason="demande",
        signed_too=True,
    )

    left = {
        name: context.ledger.entries.get(one.form.sha256)
        for name, one in (("whole", whole), ("first", first), ("second", second))
    }
    assert {name: entry.form.path.exists() for name, entry in left.items()} == {
        "whole": False,
        "first": False,
        "second": True,
    }
    assert (left["whole"].state, left["second"].state) == (State.ERASED, State.DELIVERED)
    assert not list((context.workspace.inbox / ".traites").glob(f"{whole.form.id}-*"))


@pytest.mark.parametrize("point", ["part-stored:1", "part-noted:2"])
def test_a_worker_that_dies_while_it_divides_loses_no_form(own_workspace: Workspace, point: str) -> None:
    """Killed with one part in the spool, or with all in the ledger: the next run receives the rest, once."""
    (own_workspace.inbox / "lot.zip").write_bytes(sent.zipped({"a.txt": b"Bonjour", "b.txt": b"Bonsoir"}))
    command = [sys.executable, "-m", "pipeline", "run", "--today", people.TODAY.isoformat()]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    dead = subprocess.run(
        command, check=False, cwd=own_workspace.root, env=environment | {"LIASSE_DIE_AT": point}, capture_output=True
    )
    assert dead.returncode == -9
    subprocess.run(command, check=False, cwd=own_workspace.root, env=environment, capture_output=True, timeout=120)

    with Ledger.open(own_workspace) as ledger:
        ends = sorted((one.form.name, one.state.value) for one in ledger.entries.all())
    assert ends == [("lot.zip", "separe"), ("lot.zip : a.txt", "a-completer"), ("lot.zip : b.txt", "a-completer")]
    assert State.DIVIDED in PUT_AWAY


def test_a_page_kept_out_of_a_part_is_nowhere(context: Context) -> None:
    """A part has its pages, and those alone."""
    _, first, _ = walking.run([dropped(context, "lot.pdf", LOT)], context)
    with pikepdf.open(context.ledger.entries.get(first.form.sha256).form.path) as pdf:
        assert len(pdf.pages) == 4


def test_a_batch_looks_at_the_forms_of_a_file_before_it_prints(context: Context) -> None:
    """They are compared with the others first, as forms that came alone."""
    path = dropped(context, "lot.zip", sent.zipped({"a.txt": b"Bonjour", "b.txt": b"Bonsoir"}))
    whole = take_in(path, context, step=Step.CHECK).entry.form
    claim = context.ledger.jobs.claim(lease=60)
    assert claim is not None

    work(claim, context)

    assert context.ledger.entries.get(whole.sha256).state is State.DIVIDED
    assert context.ledger.jobs.left(Step.CHECK) == 2
