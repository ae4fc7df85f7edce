"""A whole day of the scolarité through the services alone: no terminal, no HTTP, nothing that draws."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from test_confirm import NAME, hiding

from pipeline.core.workspace import Workspace

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "samples"
NOT_FOR_SERVICES = (
    "click",
    "rich",
    "starlette",
    "fastapi",
    "flask",
    "uvicorn",
    "aiohttp",
    "http.server",
    "pipeline.cli",
)

DAY = """
import datetime as dt, json, sys
from dataclasses import replace
from pathlib import Path

from pipeline.core.errors import Ambiguous, NotAllowed, NotFound
from pipeline.core.late import is_loaded
from pipeline.core.outcomes import Delivered, ToComplete, Waiting
from pipeline.core.workspace import Workspace
from pipeline.documents.libreoffice import warm_office
from pipeline.dossier.state import DossierState
from pipeline.ledger.entries import State
from pipeline.runs import once
from pipeline.runs.context_loader import open_context
from pipeline.services import approvals, confirmation, dossier_cases, fetching, form_view, handling
from pipeline.services import listing, lookup, personal_data

BY = "F. GARÇON"
root, samples, hidden, field = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
workspace = Workspace.at(root)


def refused(kind, call, *given, **how):
    try:
        call(*given, **how)
    except kind:
        return
    raise AssertionError(f"{call.__name__} was not refused")


def received(context, path):
    place = workspace.inbox / path.name
    place.write_bytes(path.read_bytes())
    arrival = handling.receive(context, place)
    assert not arrival.duplicate and not place.exists()
    return arrival.entry


def walked(entry, context, kind):
    report = once.go_on(entry, context)
    assert isinstance(report.outcome, kind), report
    return report


with open_context(workspace, dt.date(2025, 3, 17)) as context, warm_office():
    # Received, walked, approved: twice the same word is said once.
    student = received(context, samples / "3-cnam-attente.pdf")
    assert student.number == "2024-001"
    walked(student, context, Waiting)
    assert handling.retry(context, student.number, by=BY).entry.form == student.form
    walked(student, context, Waiting)
    refused(NotAllowed, approvals.approve, context, student.number, by=" ")
    done = approvals.approve(context, student.number, by=BY)
    assert not done.already
    assert BY in approvals.approve(context, student.form.id, by="A. DUBOIS").already
    assert walked(done.entry, context, Delivered).number == "2024-001"

    # A rule lifted, eleven days before the start.
    late = replace(context, today=dt.date(2025, 3, 27))
    other = received(late, samples / "1-cnam-etudiante.pdf")
    walked(other, late, ToComplete)
    refused(NotAllowed, approvals.override, late, other.form.id, "S1-22", by=BY, reason="essai")
    done = approvals.override(late, other.form.id, "S1-23", by=BY, reason="accord de la direction")
    walked(done.entry, late, Delivered)

    # A doubt settled.
    doubtful = received(context, hidden)
    walked(doubtful, context, Waiting)
    view = form_view.show_form(context, doubtful.form.id)
    assert [doubt.path for doubt in view.doubts] == [field]
    refused(NotAllowed, approvals.confirm, context, doubtful.form.id, ["tuteur.nom=X"], by=BY)
    done = approvals.confirm(context, doubtful.form.id, [f"{field}=Résidence Les Tilleuls"], by=BY)
    walked(done.entry, context, Delivered)

    # Put away, and not twice.
    empty = workspace.inbox / "vide.pdf"
    empty.write_bytes(b"%PDF-1.7 rien")
    lost = handling.receive(context, empty).entry
    walked(lost, context, ToComplete)
    assert not handling.discard(context, lost.form.id, by=BY, reason="vide").already
    assert BY in handling.discard(context, lost.form.id, by="A. DUBOIS", reason="vide").already
    refused(NotAllowed, approvals.approve, context, lost.form.id, by=BY)
    walked(handling.retry(context, lost.form.id, by=BY).entry, context, ToComplete)
    handling.discard(context, lost.form.id, by=BY, reason="vide")

    # Made again only where something changed; fetched, and not made again then.
    (asked,) = handling.regenerate(context, [student.number], by=BY)
    (same,) = once.go_on_all([asked], context)
    assert "rien n’a changé" in same.note
    assert handling.regenerate(replace(context, today=dt.date(2025, 3, 18)), [], by=BY) == ()
    taken = fetching.fetch(context, student.number, by=BY, to=root / "a-signer")
    assert (taken.place / "liasse-1-contrat.pdf").is_file() and not taken.already
    assert BY in fetching.fetch(context, student.number, by="A. DUBOIS").already
    refused(NotAllowed, handling.regenerate, context, [student.number], by=BY)
    assert not fetching.fetch(context, student.number, by=BY, signed=True).already

    # Joined, undone, split, undone.
    moved = dossier_cases.join(context, lost.form.id, other.form.id, by=BY, reason="même stage")
    assert lookup.find_dossier(context.ledger, lost.number) == lookup.find_dossier(context.ledger, moved.number)
    assert dossier_cases.undo(context, lost.form.id, by=BY).number == lost.number
    dossier_cases.join(context, lost.form.id, other.form.id, by=BY, reason="même stage")
    alone = dossier_cases.split(context, lost.form.id, by=BY, reason="non").number
    assert alone not in (lost.number, other.number)
    assert dossier_cases.undo(context, lost.form.id, by=BY).number == moved.number
    dossier_cases.split(context, lost.form.id, by=BY, reason="non")

    # Looked at, listed, handed over, removed.
    shown = dossier_cases.show_dossier(context, student.number)
    assert (shown.state, [one.form for one in shown.forms]) == (DossierState.SIGNED, [student.form])
    assert form_view.show_form(context, other.form.id).changes is None
    page = listing.list_forms(context.ledger, listing.Wanted(), today=context.today, most=2)
    assert len(page.forms) == 2
    assert page.counts == {State.DELIVERED: 3, State.DISCARDED: 1}
    place = personal_data.export(context.ledger, workspace, student.number, root / "clé")
    assert (place / student.form.id / "registre.json").is_file()
    erase = personal_data.erase
    refused(NotAllowed, erase, context.ledger, workspace, student.number, by="DPD", reason="demande")
    erased = erase(context.ledger, workspace, student.number, by="DPD", reason="archives", signed_too=True)
    assert erased == 1
    assert context.ledger.entries.get(student.form.sha256).state is State.ERASED
    refused(NotAllowed, approvals.approve, context, student.form.id, by=BY)
    for word in ("2024-999", "zz", ""):
        refused(NotFound, form_view.show_form, context, word)
    assert context.ledger.faults() == []
    assert {line.actor for line in context.ledger.journal()} >= {BY, "DPD"}

print(json.dumps([name for name in json.loads(sys.argv[5]) if is_loaded(name)]))
"""


def test_a_day_needs_neither_a_terminal_nor_a_server(own_workspace: Workspace, tmp_path: Path) -> None:
    """Received, walked, decided, fetched, made again, joined, shown, exported, erased; what draws is not there."""
    hidden = tmp_path / "caché.pdf"
    hidden.write_bytes(hiding(NAME, "Structure cachée"))
    script = tmp_path / "day.py"
    script.write_text(DAY, encoding="utf-8")
    asked = [str(own_workspace.root), str(SAMPLES), str(hidden), NAME, json.dumps(NOT_FOR_SERVICES)]

    done = subprocess.run(
        [sys.executable, str(script), *asked],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []
    assert done.stdout.count("\n") == 1
