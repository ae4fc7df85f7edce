"""The whole walk on real files: from a filled form to a packet, a wait or a letter; nothing stops the others."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import people
import pytest
import walking
from pypdf import PdfReader

from pipeline.core.decisions import Override
from pipeline.core.outcomes import Delivered, Failed, ToComplete, Waiting
from pipeline.documents import packaging as packets
from pipeline.documents.proof import page_texts
from pipeline.dossier.context import Context
from pipeline.dossier.endings import Report
from pipeline.ledger.entries import State
from pipeline.runs import once

SAMPLES = Path(__file__).parent / "samples"


def walk(name: str, context: Context) -> Report:
    """Walk one sample form."""
    (report,) = walking.run([SAMPLES / name], context)
    return report


@pytest.mark.parametrize(
    ("name", "signatures", "pieces"),
    [
        ("1-cnam-etudiante.pdf", 8, 6),
        ("2-cnam-emploi.docx", 8, 5),
        ("4-essms-salariee.pdf", 4, 10),
        ("5-essms-emploi.docx", 3, 8),
        ("6-essms-imprime.pdf", 4, 8),
    ],
)
def test_a_good_form_becomes_a_packet(context: Context, name: str, signatures: int, pieces: int) -> None:
    """Each kind of file, both formations, three to five parties: a whole packet by one rename."""
    outcome = walk(name, context).outcome

    assert isinstance(outcome, Delivered)
    assert outcome.signatures == signatures
    folder = context.workspace.outbox / outcome.folder
    assert len(json.loads((folder / "manifest.json").read_text())["pieces"]) == pieces
    files = {unit["fichier"] for unit in json.loads((folder / "signature.json").read_text())["unites"]}
    assert files == ({"liasse-1-contrat.pdf", "liasse-2-convention.pdf"} if "cnam" in name else {"liasse.pdf"})
    assert sum(len(PdfReader(folder / file).pages) for file in files) == outcome.pages
    assert {path.name for path in folder.iterdir()} == files | {
        "controle.pdf",
        "record.json",
        "signature.json",
        "manifest.json",
        "pieces",
        "a-part",
    }
    assert not list(context.workspace.outbox.rglob(".tmp-*"))


def test_a_form_without_the_accord_waits_and_is_delivered_when_it_is_given(context: Context) -> None:
    """S1-22: nothing is printed before the responsable pédagogique has agreed."""
    waiting = walk("3-cnam-attente.pdf", context)

    assert isinstance(waiting.outcome, Waiting)
    assert list(context.workspace.outbox.iterdir()) == []

    accord = {"decision": "favorable", "date": people.TODAY.isoformat(), "par": "F. GARÇON"}
    seen = context.ledger.seen(waiting.form)
    assert context.ledger.decide_accord(waiting.form, accord, "F. GARÇON", seen=seen, day=context.today)
    delivered = walking.resume(waiting.form, context).outcome

    assert isinstance(delivered, Delivered)
    record = json.loads((context.workspace.outbox / delivered.folder / "record.json").read_text())
    assert record["accord_pedagogique"] == accord


def test_a_refused_accord_goes_back_with_its_reason(context: Context) -> None:
    """An unfavourable accord is not a wait: the student is told, and why."""
    form = walk("3-cnam-attente.pdf", context).form
    accord = {
        "decision": "defavorable",
        "date": "2025-03-17",
        "par": "F. GARÇON",
        "motif": "le projet n’est pas collectif",
    }
    seen = context.ledger.seen(form)
    assert context.ledger.decide_accord(form, accord, "F. GARÇON", seen=seen, day=context.today)

    outcome = walking.resume(form, context).outcome

    assert isinstance(outcome, ToComplete)
    assert "le projet n’est pas collectif" in " ".join(problem.message for problem in outcome.problems)


def test_a_form_with_problems_goes_back_with_a_letter_and_what_was_read(context: Context) -> None:
    """The letter names each problem; the same form comes with it, pre-filled; the file received is there too."""
    outcome = walk("7-essms-erreurs.pdf", context).outcome

    assert isinstance(outcome, ToComplete)
    assert {problem.rule for problem in outcome.problems} == {"S2-01", "S2-03", "S2-04", "S2-13", "L-19"}
    folder = context.workspace.outbox / outcome.folder
    letter = " ".join("".join(page_texts((folder / "lettre-de-complement.pdf").read_bytes())).split())
    assert "73282932000079" in letter
    assert "Dossier 2024-001 (à rappeler" in letter
    assert "6 jours de stage au lieu de 5" in letter
    assert (folder / "formulaire-recu.pdf").read_bytes() == (SAMPLES / "7-essms-erreurs.pdf").read_bytes()
    fields = PdfReader(folder / "formulaire-prerempli.pdf").get_form_text_fields()
    assert fields["stagiaire/nom"] == "PETIT"
    assert {fields[f"signatures/{who}_le"] for who in ("stagiaire", "tuteur")} == {""}
    told = json.loads((folder / "rapport.json").read_text())
    assert (len(told["problems"]), told["dossier"]) == (len(outcome.problems), "2024-001")


def test_the_prefilled_form_once_corrected_is_delivered(context: Context) -> None:
    """What was sent back is filled in where it was wrong, dropped again, and becomes a packet."""
    from forms_filler import fill_acroform  # noqa: PLC0415 -- only this test plays the student again

    from pipeline.core.formation import load_formation  # noqa: PLC0415
    from pipeline.forms.blank import plan_blank  # noqa: PLC0415
    from pipeline.forms.prefill import slot_texts  # noqa: PLC0415

    outcome = walk("7-essms-erreurs.pdf", context).outcome
    assert isinstance(outcome, ToComplete)
    back = (context.workspace.outbox / outcome.folder / "formulaire-prerempli.pdf").read_bytes()
    formation = load_formation(context.workspace, people.COORDINATION)
    blank = plan_blank(context.dictionary, formation, formation.session())
    whole = dict.fromkeys((slot.name for slot in blank.slots() if slot.day), "")
    mended = whole | slot_texts(blank, people.coordination())
    path = context.workspace.inbox / "corrigé.pdf"
    path.write_bytes(fill_acroform(back, blank, mended))

    (report,) = walking.run([path], context)

    assert isinstance(report.outcome, Delivered)
    assert not path.exists()


def test_lifting_a_rule_delivers_the_form_and_is_told_on_the_control_sheet(context: Context) -> None:
    """S1-23 is overridable: eleven days before the start, a named person lifts it with a reason."""
    late = replace(context, today=dt.date(2025, 3, 27))
    report = walk("1-cnam-etudiante.pdf", late)
    assert isinstance(report.outcome, ToComplete)
    assert [problem.rule for problem in report.outcome.problems] == ["S1-23"]
    left = context.workspace.to_complete / report.form.id
    assert left.is_dir()

    lifting = Override("S1-23", "F. GARÇON", "direction d’accord", late.today)
    seen = late.ledger.seen(report.form)
    assert late.ledger.decide_override(report.form, lifting, seen=seen, day=late.today)
    outcome = walking.resume(report.form, late).outcome

    assert isinstance(outcome, Delivered)
    sheet = " ".join(page_texts((context.workspace.outbox / outcome.folder / "controle.pdf").read_bytes()))
    assert "direction d’accord" in sheet
    assert "Fiche de contrôle du dossier 2024-001" in sheet
    assert not left.exists()


def test_the_same_bytes_twice_are_one_form(context: Context) -> None:
    """Dropped twice under two names: one form, one packet."""
    first = walk("5-essms-emploi.docx", context)
    copy = context.workspace.inbox / "encore.docx"
    copy.write_bytes((SAMPLES / "5-essms-emploi.docx").read_bytes())

    (second,) = walking.run([copy], context)

    assert isinstance(second.outcome, Delivered)
    assert second.outcome.already
    assert second.form.id == first.form.id
    assert len(context.ledger.entries.all()) == 1


def test_one_bad_form_never_stops_the_others(context: Context, tmp_path: Path) -> None:
    """An empty file, a missing one and a photo stand before a good form, which is delivered."""
    empty, photo = tmp_path / "vide.pdf", tmp_path / "photo.pdf"
    empty.touch()
    photo.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(2000))

    reports = list(walking.run([empty, tmp_path / "absent.pdf", photo, SAMPLES / "5-essms-emploi.docx"], context))

    assert [type(report.outcome) for report in reports] == [ToComplete, Failed, ToComplete, Delivered]
    assert {entry.state for entry in context.ledger.entries.all()} == {State.TO_COMPLETE, State.DELIVERED}


def test_a_broken_template_is_ours_to_mend_and_the_form_is_kept(context: Context) -> None:
    """A misspelt field in Word: the form stays, nothing is published, and it goes through once mended."""
    docx = pytest.importorskip("docx")
    path = context.workspace.templates / people.COORDINATION / "annexe-4-commande-de-stage.docx"
    good = path.read_bytes()
    document = docx.Document(str(path))
    document.add_paragraph("{{ stagiaire.prenon }}")
    document.save(str(path))
    form = context.workspace.inbox / "formulaire.docx"
    form.write_bytes((SAMPLES / "5-essms-emploi.docx").read_bytes())

    (failed,) = walking.run([form], context)

    assert isinstance(failed.outcome, Failed)
    assert "prenon" in failed.outcome.error
    assert "annexe-4-commande-de-stage.docx" in failed.outcome.error
    assert failed.form.path.read_bytes() == (SAMPLES / "5-essms-emploi.docx").read_bytes()
    assert list(context.workspace.outbox.iterdir()) == []

    path.write_bytes(good)
    (again,) = once.run_left(context)
    assert isinstance(again.outcome, Delivered)


def test_an_unexpected_error_is_kept_to_its_form(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever happens in one form, it is said, the form is kept, and the next is walked."""
    real = packets.make_packet

    def broken(record: object, form: object, **rest: object) -> object:
        if getattr(form, "name", "").startswith("4-"):
            raise ZeroDivisionError
        return real(record, form, **rest)

    monkeypatch.setattr(packets, "make_packet", broken)
    names = ("4-essms-salariee.pdf", "5-essms-emploi.docx")

    reports = list(walking.run([SAMPLES / name for name in names], context))

    assert isinstance(reports[0].outcome, Failed)
    assert "ZeroDivisionError" in reports[0].outcome.error
    assert isinstance(reports[1].outcome, Delivered)
