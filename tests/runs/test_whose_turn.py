"""Whoever must act decides where a thing goes: what the school alone settles is in no letter; whom to write to."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import people
import pytest
import walking
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject
from test_doubts import stapled

from pipeline.core.errors import FormRejected
from pipeline.core.models import Who
from pipeline.core.outcomes import ToComplete, Waiting
from pipeline.documents.proof import page_texts
from pipeline.dossier.context import Context
from pipeline.dossier.endings import Report
from pipeline.reports.summary import summarise, to_do
from pipeline.reports.workbook import bilan_xlsx
from pipeline.services.form_view import show_form
from pipeline.services.handling import receive

OF = {people.CNAM: people.cnam, people.COORDINATION: people.coordination}
RULE = """
[[regles]]
id = "S9-01"
titre = "Essai"
controle = "pieces_presentes"
documents = ["piece-absente"]
gravite = "bloquante"
source = "essai"
"""


def walked(context: Context, form: bytes, name: str = "formulaire.pdf") -> Report:
    """How a form dropped in the inbox ends."""
    path = context.workspace.inbox / name
    path.write_bytes(form)
    (report,) = walking.run([path], context)
    return report


def letter_of(context: Context, report: Report) -> str:
    """The words of the letter that goes out."""
    assert isinstance(report.outcome, ToComplete)
    folder = context.workspace.outbox / report.outcome.folder
    return " ".join("".join(page_texts((folder / "lettre-de-complement.pdf").read_bytes())).split())


def ticks_unseen(form: bytes) -> bytes:
    """The form as some programs save it: each box has its value, and none shows its tick."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(form)))
    for page in writer.pages:
        for annotation in page["/Annots"]:
            widget = annotation.get_object()
            if "/AS" in widget:
                widget[NameObject("/AS")] = NameObject("/Off")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


@pytest.mark.parametrize("code", OF)
def test_a_missing_regime_is_asked_as_such(context: Context, code: str) -> None:
    """The sender is asked for it; no rule on the house's documents speaks of a packet that is not known yet."""
    report = walked(context, walking.filled(context, OF[code](**{"stagiaire.regime": None}), code))

    letter = letter_of(context, report)
    assert "Statut pendant la formation" in letter
    assert "[[documents]]" not in letter
    assert "il manque convention" not in letter
    assert isinstance(report.outcome, ToComplete)
    assert {one.who for one in report.outcome.problems} <= {*Who} - {Who.SCOLARITE, Who.RESPONSABLE}


@pytest.mark.parametrize("code", OF)
def test_ticks_that_do_not_show_wait_for_the_school(context: Context, code: str) -> None:
    """Régime, weekdays and the rest in doubt: nothing is assumed in their place, and nobody is written to."""
    report = walked(context, ticks_unseen(walking.filled(context, OF[code](), code)))

    assert isinstance(report.outcome, Waiting)
    assert not context.workspace.to_complete.exists()
    assert f"liasse review {report.form.id}" in show_form(context, report.form.id).next_step


@pytest.mark.parametrize("phone", ["02 98 00 00 00", "12"])
def test_a_setting_of_the_house_is_no_letter(context: Context, phone: str) -> None:
    """A rule that misses a document: the form waits, or its letter asks only what the sender can mend."""
    path = context.workspace.templates / people.COORDINATION / "formation.toml"
    path.write_text(path.read_text(encoding="utf-8") + RULE, encoding="utf-8")

    report = walked(context, walking.filled(context, people.coordination(**{"organisme.telephone": phone})))

    if phone == "12":
        assert "piece-absente" not in letter_of(context, report)
    else:
        assert isinstance(report.outcome, Waiting)
        assert any("piece-absente" in reason for reason in report.outcome.reasons)


@pytest.mark.parametrize("phone", ["02 98 00 00 00", "12"])
def test_a_page_behind_is_an_attachment_that_waits(context: Context, phone: str) -> None:
    """Its own PDF, one page without anything that acts, listed by ``show``; a letter for another fault ignores it."""
    data = people.coordination(**{"organisme.telephone": phone})
    report = walked(context, stapled(walking.filled(context, data)))

    (stray,) = show_form(context, report.form.id).remarks
    assert stray.file is not None
    assert stray.file.stat().st_mode & 0o077 == 0
    pages = PdfReader(stray.file).pages
    assert len(pages) == 1
    assert pages[0].extract_text().split()
    if phone == "12":
        letter = letter_of(context, report)
        assert "Motif" not in letter
        assert "n’est pas du formulaire" not in letter
    else:
        assert isinstance(report.outcome, Waiting)


def test_what_only_the_school_can_mend_of_a_file_is_no_letter(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal that is the scolarité's to settle: the file waits."""

    def refuse(*_: Any, **__: Any) -> Any:
        raise FormRejected("PDF_CALQUES", "Ce PDF a des calques masqués.")

    monkeypatch.setattr("pipeline.dossier.context.read", refuse)
    report = walked(context, b"%PDF-1.7 rien")

    assert isinstance(report.outcome, Waiting)
    assert not context.workspace.to_complete.exists()


def test_letters_and_lists_say_to_whom(context: Context) -> None:
    """Name and e-mail of who must act: letter, ``status --todo``, ``show``, the workbook; with the file's name."""
    data = people.coordination(**{"stage.sujet": None, "tuteur.telephone": "12"})
    report = walked(context, walking.filled(context, data), "fiche de Maëlle.pdf")

    letter = letter_of(context, report)
    for person in ("stagiaire", "tuteur"):
        assert data[person]["courriel"] in letter
        assert f"{data[person]['prenom']} {data[person]['nom']}" in letter
    assert "fiche de Maëlle.pdf" in letter
    (line,) = to_do(context)
    assert line.file == "fiche de Maëlle.pdf"
    view = show_form(context, report.form.id)
    for told in (line.people, " ".join(map(str, view.contacts))):
        assert data["stagiaire"]["courriel"] in told
        assert data["tuteur"]["courriel"] in told
    book = openpyxl.load_workbook(io.BytesIO(bilan_xlsx(summarise(context))))
    for sheet in ("Dossiers", "À faire"):
        head, row = book[sheet].iter_rows(values_only=True)
        told_there = dict(zip(head, row, strict=True))
        assert data["tuteur"]["courriel"] in str(told_there["À qui écrire"])
        assert told_there["Fichier"] == "fiche de Maëlle.pdf"


def test_an_address_in_doubt_is_written_to_nobody(context: Context) -> None:
    """An e-mail that the reader does not stand behind is given nowhere; an unread file is told by its name."""
    data = people.coordination(**{"stage.sujet": None, "stagiaire.courriel": "maelle.example.org"})
    walked(context, walking.filled(context, data))
    unread = walked(context, b"rien d'un formulaire", "perdu.txt")

    lines = {line.id: line for line in summarise(context).lines}
    assert "maelle.example.org" not in " ".join(line.people for line in lines.values())
    assert (lines[unread.form.id].file, lines[unread.form.id].people) == ("perdu.txt", "")
    assert "perdu.txt" in letter_of(context, unread)


def test_what_the_school_may_lift_is_said_with_its_command(context: Context) -> None:
    """A rule of the house that a person may lift: the next step names it."""
    path = context.workspace.templates / people.COORDINATION / "formation.toml"
    text = path.read_text(encoding="utf-8") + RULE + "derogeable = true\n"
    path.write_text(text, encoding="utf-8")

    report = walked(context, walking.filled(context, people.coordination()))

    assert isinstance(report.outcome, Waiting)
    assert f"liasse override {report.form.id} S9-01" in show_form(context, report.form.id).next_step


def test_an_unread_file_of_a_known_dossier_names_its_sender(context: Context) -> None:
    """Dropped into a dossier by a person and not read: the letter says whose it is."""
    first = walked(context, walking.filled(context, people.coordination(**{"organisme.telephone": "12"})))
    path = context.workspace.inbox / "suite.txt"
    path.write_bytes(b"rien d'un formulaire")
    arrival = receive(context, path, into=first.number, by="F. GARÇON", reason="sa suite")
    unread = walking.resume(arrival.entry.form, context)

    letter = letter_of(context, unread)
    assert "LE GOFF" in letter
    assert "suite.txt" in letter
