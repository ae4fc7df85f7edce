"""Review sheet: what is in doubt on one paper, filled by a person, read back whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import people
import pytest
import walking
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas
from test_confirm import NAME, SUBJECT, hiding

from pipeline.core.errors import InvalidRequest, NotAllowed
from pipeline.core.models import Form
from pipeline.core.outcomes import Waiting
from pipeline.documents.proof import page_texts
from pipeline.dossier import context as contexts
from pipeline.dossier.context import Context
from pipeline.forms.review_fields import MARK, REASON
from pipeline.forms.review_fields import NAME as SIGNED
from pipeline.ledger.entries import State
from pipeline.pictures.pixels import png_of
from pipeline.reports.todo import is_command
from pipeline.services import approvals, form_view, review, sheet_answers

BY = "F. GARÇON"
VALUE, TICK = f"valeur/{NAME.replace('.', '/')}", f"verifie/{NAME.replace('.', '/')}"
HIDDEN = "Structure cachée"


@pytest.fixture
def desk(context: Context) -> Context:
    """A desk that keeps what it read, as that of a command does."""
    return replace(context, reader="de ce jour")


def in_doubt(desk: Context, data: bytes, name: str = "formulaire.pdf") -> Form:
    """A form that waits for a person."""
    path = desk.workspace.inbox / name
    path.write_bytes(data)
    (report,) = walking.run([path], desk)
    assert isinstance(report.outcome, Waiting)
    return report.form


def sheet_of(desk: Context, form: Form, to: Path) -> Path:
    """The PDF of its sheet."""
    pdf, _ = review.write_sheet(desk, review.make_sheet(desk, form.id), to)
    return pdf


def filled(pdf: Path, answers: Mapping[str, str]) -> Path:
    """The sheet as a person saves it from a PDF viewer."""
    writer = PdfWriter(clone_from=PdfReader(pdf))
    for page in writer.pages:
        if "/Annots" in page:
            writer.update_page_form_field_values(page, dict(answers), auto_regenerate=False)
    made = io.BytesIO()
    writer.write(made)
    saved = pdf.with_name("rempli.pdf")
    saved.write_bytes(made.getvalue())
    return saved


def test_a_sheet_among_the_forms_is_told_with_its_command(desk: Context, tmp_path: Path) -> None:
    """Filled or not, dropped into the inbox: nobody is written to, and the form still waits."""
    form = in_doubt(desk, hiding(NAME, HIDDEN))
    dropped = desk.workspace.inbox / "feuille.pdf"
    dropped.write_bytes(filled(sheet_of(desk, form, tmp_path / "ici"), {SIGNED: BY}).read_bytes())

    (report,) = walking.run([dropped], desk)

    assert isinstance(report.outcome, Waiting)
    assert f"liasse confirm {form.id} --sheet" in report.outcome.reasons[0]
    assert desk.ledger.entries.get(form.sha256).state is State.WAITING
    step = form_view.show_form(desk, report.form.id).next_step.splitlines()
    assert [line for line in step if is_command(line)] == [
        f"liasse confirm {form.id} --sheet FICHIER",
        f"liasse discard {report.form.id} --by NOM --reason MOTIF",
    ]


def test_the_sheet_shows_each_doubt_and_is_read_back(desk: Context, tmp_path: Path) -> None:
    """Label, why, picture, the value in a field; once ticked and signed it is confirmed as written."""
    form = in_doubt(desk, hiding(NAME, HIDDEN))
    sheet = review.make_sheet(desk, form.id)
    pdf, page = review.write_sheet(desk, sheet, tmp_path / "ici")

    said = " ".join("".join(page_texts(pdf.read_bytes())).split())
    (item,) = sheet.items
    assert item.label in said
    assert "VALEUR_CACHEE" in said
    assert form.id in said
    assert sheet.mark in said
    assert item.png is not None
    assert item.png.startswith(b"\x89PNG")
    html = page.read_text(encoding="utf-8")
    assert html.count("data:image/png;base64,") == 1
    assert not any(one in html for one in ("<script", "http://", "https://"))
    assert all(one.stat().st_mode & 0o077 == 0 for one in (pdf, page))
    fields = PdfReader(pdf).get_fields() or {}
    assert fields[VALUE]["/V"] == item.proposed == HIDDEN

    read = sheet_answers.confirm_sheet(
        desk, form.id, filled(pdf, {VALUE: "Résidence Les Tilleuls", TICK: "/Oui", SIGNED: BY})
    )

    (settled,) = desk.ledger.decisions(form).confirmations
    assert (settled.after, settled.by) == ("Résidence Les Tilleuls", BY)
    assert "Résidence Les Tilleuls" in read.told[0]


def test_what_is_not_ticked_stays_in_doubt_the_rest_is_as_read(desk: Context, tmp_path: Path) -> None:
    """A value that nobody changed is the value that was proposed, whatever its spelling; an empty one is nothing."""
    data = people.coordination()
    form = in_doubt(desk, _spoiled(desk, data, {"stage.date_debut": "14/04/2025", SUBJECT: "Autre sujet"}))
    start = desk.dictionary.label("stage.date_debut")
    pdf = sheet_of(desk, form, tmp_path)
    (sheet_start,) = (one for one in review.make_sheet(desk, form.id).items if one.label == start)

    sheet_answers.confirm_sheet(desk, form.id, filled(pdf, {sheet_start.tick_field: "/Oui", SIGNED: BY}))

    (settled,) = desk.ledger.decisions(form).confirmations
    assert (settled.field, settled.after) == ("stage.date_debut", "2025-04-14")
    left = {one.path for one in review.make_sheet(desk, form.id).items}
    assert SUBJECT in left
    assert "stage.date_debut" not in left


def test_wrong_values_are_told_together_and_nothing_is_done(desk: Context, tmp_path: Path) -> None:
    """Two wrong values and no name, one right: one message with all, no decision at all."""
    spoiled = {"stage.date_debut": "14/04/2025", "organisme.siret": "12345678900011", SUBJECT: "Autre sujet"}
    form = in_doubt(desk, _spoiled(desk, people.coordination(), spoiled))
    pdf = sheet_of(desk, form, tmp_path)
    answers = {
        "valeur/stage/date_debut": "31/02/2025",
        "verifie/stage/date_debut": "/Oui",
        "valeur/organisme/siret": "trois",
        "verifie/organisme/siret": "/Oui",
        "verifie/stage/sujet": "/Oui",
        SIGNED: "7",
    }

    with pytest.raises(InvalidRequest) as refused:
        sheet_answers.confirm_sheet(desk, form.id, filled(pdf, answers))

    assert "Vérifié par" in str(refused.value)
    for path in ("stage.date_debut", "organisme.siret"):
        assert desk.dictionary.label(path) in str(refused.value)
    assert desk.dictionary.label(SUBJECT) not in str(refused.value)
    assert not desk.ledger.decisions(form).confirmations


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({TICK: "/Oui"}, "le nom"),
        ({SIGNED: BY}, "rien n’est coché"),
        ({TICK: "/Oui", SIGNED: BY, MARK: "0" * 16 + "-" + "0" * 16}, "autre formulaire"),
    ],
)
def test_a_sheet_without_name_tick_or_of_another_form_is_refused(
    desk: Context, tmp_path: Path, answers: dict[str, str], told: str
) -> None:
    """Nothing is written, and what to do is said."""
    form = in_doubt(desk, hiding(NAME, HIDDEN))
    pdf = sheet_of(desk, form, tmp_path)

    with pytest.raises(NotAllowed, match=told):
        sheet_answers.confirm_sheet(desk, form.id, filled(pdf, answers))

    assert not desk.ledger.decisions(form).confirmations


def test_a_sheet_of_an_older_reading_is_refused(desk: Context, tmp_path: Path) -> None:
    """The same form read otherwise since: what stands on the sheet may not be what is in doubt now."""
    form = in_doubt(desk, hiding(NAME, HIDDEN))
    pdf = sheet_of(desk, form, tmp_path)
    own = str((PdfReader(pdf).get_fields() or {})[MARK]["/V"])
    older = filled(pdf, {TICK: "/Oui", SIGNED: BY, MARK: f"{own[:-1]}{'0' if own[-1] != '0' else '1'}"})

    with pytest.raises(NotAllowed, match="lecture plus ancienne"):
        sheet_answers.confirm_sheet(desk, form.id, older)


def test_a_file_that_is_no_sheet_is_refused(desk: Context, tmp_path: Path) -> None:
    """A PDF of ours without the fields, a text: no value is taken from them."""
    form = in_doubt(desk, hiding(NAME, HIDDEN))
    (tmp_path / "texte.pdf").write_bytes(b"valeur/organisme/raison_sociale=Ailleurs")
    (tmp_path / "vierge.pdf").write_bytes(walking.filled(desk, people.coordination()))

    for name in ("texte.pdf", "vierge.pdf"):
        with pytest.raises(NotAllowed, match=name):
            sheet_answers.confirm_sheet(desk, form.id, tmp_path / name, by=BY)


def test_a_sheet_read_twice_writes_once_and_contradicts_nobody(desk: Context, tmp_path: Path) -> None:
    """The second time it is said who did it; where somebody confirmed another value since, theirs stays."""
    form = in_doubt(desk, hiding(NAME, HIDDEN))
    twice = filled(sheet_of(desk, form, tmp_path), {TICK: "/Oui", SIGNED: BY})
    sheet_answers.confirm_sheet(desk, form.id, twice)

    assert BY in sheet_answers.confirm_sheet(desk, form.id, twice).already
    assert len(desk.ledger.decisions(form).confirmations) == 1

    approvals.confirm(desk, form.id, [f"{NAME}=Les Tilleuls"], by="A. MARTIN")
    with pytest.raises(InvalidRequest, match="MARTIN"):
        sheet_answers.confirm_sheet(desk, form.id, twice)


def test_a_picture_from_the_jail_is_pixels_and_nothing_else() -> None:
    """A child that was taken over may answer anything: only so many pixels become a picture."""
    for packed in (
        "",
        "1 1 AAAA",
        "2 2 eJxjYGBgAAAABAAB",
        b"\x89PNG",
        "99999 99999 eJwDAAAAAAE=",
        "1 x eJwDAAAAAAE=",
    ):
        with pytest.raises(ValueError):
            png_of(packed)


def _spoiled(desk: Context, data: dict[str, object], hidden: Mapping[str, str]) -> bytes:
    """A filled form in which these fields hold another value than the one they show."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(walking.filled(desk, data))))
    for page in writer.pages:
        for annotation in page["/Annots"]:
            widget = annotation.get_object()
            path = str(widget.get("/T", "")).replace("/", ".")
            if path in hidden:
                widget[NameObject("/V")] = TextStringObject(hidden[path])
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_remarks_are_lifted_together_with_a_reason(desk: Context, tmp_path: Path) -> None:
    """Words beside the boxes: all ticked, and why: F-03 is lifted with the values, in one decision."""
    form = in_doubt(desk, _with_words(hiding(NAME, HIDDEN)))
    sheet = review.make_sheet(desk, form.id)
    assert sheet.strays
    pdf = sheet_of(desk, form, tmp_path)
    ticks = {one.tick_field: "/Oui" for one in sheet.strays}

    with pytest.raises(InvalidRequest, match="motif"):
        sheet_answers.confirm_sheet(desk, form.id, filled(pdf, {**ticks, TICK: "/Oui", SIGNED: BY}))
    assert not desk.ledger.decisions(form).confirmations

    sheet_answers.confirm_sheet(
        desk, form.id, filled(pdf, {**ticks, TICK: "/Oui", SIGNED: BY, REASON: "date du tampon"})
    )
    decisions = desk.ledger.decisions(form)
    assert [one.rule for one in decisions.overrides] == ["F-03"]
    assert [one.field for one in decisions.confirmations] == [NAME]
    assert contexts.understand(form, decisions, desk).doubts == ()


def _with_words(data: bytes) -> bytes:
    """The form with words written at the foot of its last page."""
    drawn = io.BytesIO()
    canvas = Canvas(drawn)
    canvas.drawString(60, 12, "remis le 3 mars")
    canvas.save()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.pages[-1].merge_page(PdfReader(io.BytesIO(drawn.getvalue())).pages[0])
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
