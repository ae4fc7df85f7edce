"""The cohort on the whole walk: real forms, their control sheets, decisions, and the bilan of the workspace."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import openpyxl
import people
import pytest
import walking
from click.testing import CliRunner
from walking import sent

from pipeline.cli.main import cli
from pipeline.cohort.rules import OVERLAP
from pipeline.core.models import put
from pipeline.core.outcomes import Delivered, ToComplete, Waiting
from pipeline.documents.proof import page_texts
from pipeline.dossier.context import Context
from pipeline.ledger.entries import State
from pipeline.maintenance import person
from pipeline.reports.summary import summarise
from pipeline.reports.workbook import bilan_xlsx
from pipeline.services.approvals import override
from pipeline.services.handling import discard, retry

ELSEWHERE = {"organisme__siret": "81234560100007", "organisme__raison_sociale": "Foyer des Lilas"}
SAMPLES = Path(__file__).parents[1] / "samples"


@pytest.fixture
def reading_desk(context: Context) -> Context:
    """A desk that keeps what it reads, as those of the commands do."""
    return replace(context, reader="tests")


def control_sheet(context: Context, outcome: Delivered) -> str:
    """The words of a packet's control sheet."""
    texts = page_texts((context.workspace.outbox / outcome.folder / "controle.pdf").read_bytes())
    return " ".join(" ".join(texts).split())


def test_an_overlap_waits_is_lifted_by_name_and_printed_so(reading_desk: Context) -> None:
    """C-03: the second form of one person waits; the bilan says why; ``override`` takes the rule; the sheet tells."""
    context = reading_desk
    first = sent(context, "a.pdf", people.coordination())
    second = sent(context, "b.pdf", people.coordination(**ELSEWHERE))

    assert isinstance(first.outcome, Delivered)
    assert isinstance(second.outcome, Waiting)
    assert first.form.id in second.outcome.reasons[0]
    (waiting,) = summarise(context).due
    number = second.form.id
    assert (waiting.id, waiting.rules, waiting.who) == (number, ("C-03",), ("scolarité",))
    assert waiting.todo.splitlines() == [
        "Faire ce qui est demandé :",
        f"liasse dossier join {number} {first.form.id} --by NOM --reason MOTIF",
        "ou lever la règle :",
        f"liasse override {number} C-03 --by NOM --reason MOTIF",
        "ou écarter :",
        f"liasse discard {number} --by NOM --reason MOTIF",
    ]

    override(context, number, "C-03", by="F. GARÇON", reason="deux mi-temps")
    outcome = walking.resume(second.form, context).outcome

    assert isinstance(outcome, Delivered)
    sheet = control_sheet(context, outcome)
    assert "deux mi-temps" in sheet
    assert "C-08" in sheet
    # The packet that was there is as it was: nothing is made of it again.
    again = walking.resume(first.form, context).outcome
    assert again == replace(first.outcome, already=True)


def test_an_overlap_is_over_when_the_other_form_is_put_away(reading_desk: Context) -> None:
    """C-03 looks at forms that count: after ``discard`` of the other, ``retry`` delivers."""
    context = reading_desk
    first = sent(context, "a.pdf", people.coordination(tuteur__fonction="Secrétaire"))
    second = sent(context, "b.pdf", people.coordination(**ELSEWHERE))
    assert isinstance(first.outcome, ToComplete)
    assert isinstance(second.outcome, Waiting)

    discard(context, first.form.id, by="F. GARÇON", reason="autre organisme")
    retry(context, second.form.id, by="F. GARÇON")
    report = walking.resume(second.form, context)

    assert isinstance(report.outcome, Delivered)


def test_a_warning_is_printed_and_counted(reading_desk: Context) -> None:
    """C-02: the homonym's packet is made, its sheet names the other form, its warnings are one more."""
    context = reading_desk
    other = people.coordination(
        stagiaire__date_naissance="1991-12-03",
        stagiaire__numero="NPE099999",
        stagiaire__courriel="homonyme@example.org",
        stagiaire__telephone="+33611111111",
    )
    first, second = sent(context, "a.pdf", people.coordination()), sent(context, "b.pdf", other)

    assert isinstance(first.outcome, Delivered)
    assert isinstance(second.outcome, Delivered)
    assert second.outcome.warnings == first.outcome.warnings + 1
    assert first.form.id in control_sheet(context, second.outcome)
    assert [(note.rule, note.id) for note in summarise(context).notes] == [("C-02", second.form.id)]


def test_the_members_follow_the_ledger(context: Context) -> None:
    """A member is kept with its form's values, made anew when they change, gone when the form is put away."""
    report = sent(context, "a.pdf", people.coordination(tuteur__fonction="Secrétaire"))
    members, sha256 = context.ledger.members, report.form.sha256
    assert [(one.sha256, one.printed) for one in members.everybody(OVERLAP)] == [(sha256, False)]
    kept = context.ledger.readings.record(sha256)
    assert kept is not None
    changed = dict(kept)
    put(changed, "tuteur.nom", "AUTRE")

    context.ledger.keep_values(sha256, changed)
    assert [one.tutor for one in members.everybody(OVERLAP)] == ["Inès AUTRE"]

    context.ledger.put_away(report.form, State.DISCARDED, by="x", reason="x")
    assert members.everybody(OVERLAP) == ()


def test_the_bilan_of_a_workspace(reading_desk: Context) -> None:
    """Delivered, waiting for the accord, sent back, unreadable: each with its reasons, what to do, who."""
    context = reading_desk
    (context.workspace.inbox / "vide.pdf").write_bytes(b"%PDF-1.7 nothing")
    names = ("1-cnam-etudiante.pdf", "3-cnam-attente.pdf", "7-essms-erreurs.pdf")
    done, waits, back, unread = walking.run(
        [*(SAMPLES / name for name in names), context.workspace.inbox / "vide.pdf"], context
    )

    lines = {line.id: line for line in summarise(context).lines}

    assert isinstance(done.outcome, Delivered)
    delivered = lines[done.form.id]
    assert (delivered.pages, delivered.signatures, delivered.reasons) == (
        done.outcome.pages,
        done.outcome.signatures,
        (),
    )
    assert delivered.packet in delivered.folder
    waiting = lines[waits.form.id]
    assert (waiting.rules, waiting.who) == (("S1-22",), ("responsable pédagogique",))
    assert waiting.todo.splitlines()[:2] == [
        "Noter l’accord pédagogique :",
        f"liasse approve {waits.form.id} --by NOM",
    ]
    sent_back = lines[back.form.id]
    assert sent_back.rules == tuple(dict.fromkeys(one.rule for one in back.outcome.problems))
    assert {reason.title for reason in sent_back.reasons}.isdisjoint({"", "Formulaire illisible"})
    assert [reason.title for reason in lines[unread.form.id].reasons] == ["Formulaire illisible"]
    assert summarise(context) == summarise(context)


def test_the_command_writes_the_papers_and_erasing_removes_them(context: Context) -> None:
    """``liasse bilan`` writes three files where they are asked for; who is erased stands in none of them."""
    report = sent(context, "a.pdf", people.coordination(tuteur__fonction="Secrétaire"))
    root = str(context.workspace.root)
    ran = CliRunner().invoke(cli, ["bilan", "--workspace", root, "--today", "2025-03-17"], catch_exceptions=False)

    assert ran.exit_code == 0
    folder = context.workspace.bilan
    assert sorted(path.name for path in folder.iterdir()) == ["bilan.pdf", "bilan.xlsx", "bordereau.pdf"]
    assert [str(folder / name) in ran.output for name in ("bilan.pdf", "bilan.xlsx", "bordereau.pdf")] == [True] * 3
    entry = context.ledger.entries.get(report.form.sha256)
    person.erase(entry, context.ledger, context.workspace, by="DPD", reason="demande", signed_too=False)
    assert not folder.exists()
    assert summarise(context).lines == ()
    elsewhere = context.workspace.root / "pour" / "le-jury"
    CliRunner().invoke(cli, ["bilan", str(elsewhere), "--workspace", root], catch_exceptions=False)
    book = openpyxl.load_workbook(io.BytesIO((elsewhere / "bilan.xlsx").read_bytes()))
    assert book["Dossiers"].max_row == 1
    assert bilan_xlsx(summarise(context)) == bilan_xlsx(summarise(context))
