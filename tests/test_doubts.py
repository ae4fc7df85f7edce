"""A doubt says who settles it: what the school sees waits for it, what was written wrongly goes to its sender."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import people
import pytest
import walking
from forms_filler import print_pdf
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Line
from reportlab.pdfgen.canvas import Canvas

from pipeline.core.doubts import MEANINGS, Doubt, Reason
from pipeline.core.errors import FormRejected
from pipeline.core.formation import load_formation
from pipeline.core.models import FieldReading, Form, Kind, Reading, Who
from pipeline.core.outcomes import ToComplete, Waiting
from pipeline.documents.proof import page_texts
from pipeline.dossier.context import Context, as_read
from pipeline.dossier.endings import Report
from pipeline.forms.blank import plan_blank
from pipeline.forms.paper.strips import place
from pipeline.ledger.database import change
from pipeline.reading.exchange import FormReading, believe, reading_as_json
from pipeline.services.form_view import show_form
from pipeline.services.read_contract import read_file

NAME, START = "stagiaire.nom", "stage.date_debut"


def typed(context: Context, **answers: Any) -> bytes:
    """The fillable form of a coordination, with these answers of the stage changed."""
    data = people.coordination()
    data["organisme"] |= answers
    return walking.filled(context, data)


def struck(context: Context, form: bytes) -> bytes:
    """The same form with a pen line through the name."""
    formation = load_formation(context.workspace, people.COORDINATION)
    blank = plan_blank(context.dictionary, formation, formation.session("2024-2025"))
    zone = next(zone for zone in place(blank).zones if zone.slot.name == NAME)
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(form)))
    height = float(writer.pages[0].mediabox.height)
    middle = height - (zone.box[1] + zone.box[3]) / 2
    rect = (zone.box[0], middle - 1, zone.box[2], middle + 1)
    writer.add_annotation(zone.page - 1, Line(p1=(rect[0], middle), p2=(rect[2], middle), rect=rect))
    return written(writer)


def stapled(form: bytes) -> bytes:
    """A print of the form with a page of something else behind."""
    sheet = io.BytesIO()
    canvas = Canvas(sheet)
    canvas.drawString(72, 700, "Attestation de responsabilité civile de l’assureur Exemple")
    canvas.save()
    writer = PdfWriter()
    for pages in (print_pdf(form), sheet.getvalue()):
        writer.append(PdfReader(io.BytesIO(pages)))
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    """The bytes of a PDF."""
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def walked(context: Context, form: bytes) -> Report:
    """How a form dropped in the inbox ends."""
    path = context.workspace.inbox / "formulaire.pdf"
    path.write_bytes(form)
    (report,) = walking.run([path], context)
    return report


def test_a_name_crossed_out_waits_for_the_school(context: Context) -> None:
    """A pen line on our own form: nobody is written to, and the screen says who settles it."""
    report = walked(context, struck(context, typed(context)))

    assert isinstance(report.outcome, Waiting)
    assert "RATURE" in report.outcome.reasons[0]
    assert not context.workspace.to_complete.exists()
    (doubt,) = show_form(context, report.form.id).doubts
    assert (doubt.path, doubt.code, doubt.who) == (NAME, Reason.CROSSED_OUT, Who.SCOLARITE)


def test_a_page_stapled_behind_waits_for_the_school(context: Context) -> None:
    """The insurance certificate printed behind our own form: a look settles it."""
    report = walked(context, stapled(typed(context)))

    assert isinstance(report.outcome, Waiting)
    assert ["n’est pas du formulaire" in reason for reason in report.outcome.reasons] == [True]
    assert not context.workspace.to_complete.exists()


def test_the_letter_for_another_fault_does_not_say_it(context: Context) -> None:
    """A name crossed out and a wrong telephone: the letter, its report and its form speak of the telephone only."""
    report = walked(context, struck(context, typed(context, telephone="12")))

    assert isinstance(report.outcome, ToComplete)
    assert [problem.field for problem in report.outcome.problems] == ["organisme.telephone"]
    letter = "".join(
        page_texts((context.workspace.outbox / report.outcome.folder / "lettre-de-complement.pdf").read_bytes())
    )
    told = json.loads((context.workspace.outbox / report.outcome.folder / "rapport.json").read_text(encoding="utf-8"))
    assert "RATURE" not in letter
    assert [problem["field"] for problem in told["problems"]] == ["organisme.telephone"]


def test_a_date_that_cannot_be_read_goes_to_its_sender(context: Context) -> None:
    """Typed in a fillable form, it says the same to everybody: only its sender knows better."""
    data = people.coordination()
    data["stage"]["date_debut"] = "2025-04-07"
    form = walking.filled(context, data)
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(form)))
    for page in writer.pages:
        writer.update_page_form_field_values(page, {START.replace(".", "/"): "au printemps"}, auto_regenerate=False)

    report = walked(context, written(writer))

    assert isinstance(report.outcome, ToComplete)
    (asked,) = [problem for problem in report.outcome.problems if problem.field == START]
    assert (asked.who, asked.waits) == (Who.STAGIAIRE, False)
    assert "au printemps" in asked.message


def test_the_json_says_who(context: Context) -> None:
    """« liasse read --json » gives the doubt as a sentence and who settles it beside; null without a doubt."""
    path = context.workspace.inbox / "formulaire.pdf"
    path.write_bytes(struck(context, typed(context)))

    told = read_file(path, context.workspace, context.today)

    fields = {entry["path"]: (entry["doubt"], entry["who"]) for entry in told["fields"]}
    assert fields[NAME] == ("RATURE : un trait, un dessin ou un tampon recouvre cette case", "scolarite")
    assert fields[START] == (None, None)
    assert [problem["who"] for problem in told["problems"] if problem["field"] == NAME] == ["scolarite"]


def of_fields(*doubts: Doubt | None) -> Reading:
    """A reading of as many names, with these doubts."""
    fields = tuple(FieldReading(NAME, "X", "X", "gabarit", 0.5, doubt=doubt) for doubt in doubts)
    return Reading("ab" * 32, Kind.DOCX, None, None, None, fields)


@pytest.mark.parametrize(
    ("kept", "doubt"),
    [
        ("VALEUR_INVALIDE : « x : y » n’est pas une date", Doubt(Reason.INVALID, "« x : y » n’est pas une date")),
        ("le texte sort de la case : « x »", Doubt(Reason.SPILLED, "le texte sort de la case : « x »")),
        (None, None),
    ],
)
def test_a_reading_kept_by_the_release_before_is_read(
    context: Context, kept: str | None, doubt: Doubt | None
) -> None:
    """Its doubts are texts, some without a code: they are doubts again, for whom the table says."""
    form = walked(context, typed(context)).form
    old = json.dumps({**vars(of_fields()), "sha256": form.sha256, "fields": [old_field(kept)]})
    with context.ledger.readings._db.write() as connection:
        change(connection, "DELETE FROM reading")
        change(
            connection,
            "INSERT INTO reading (sha256, reader, at, body) VALUES (:s, 'old', '2025-01-01', :b)",
            s=form.sha256,
            b=old,
        )

    found = as_read(form, replace(context, reader="old"))

    assert [entry.doubt for entry in found.fields] == [doubt]


def old_field(doubt: str | None) -> dict[str, Any]:
    """A field as the release before kept it."""
    return vars(FieldReading(NAME, "X", "X", "gabarit", 0.5)) | {"doubt": doubt}


def test_a_kept_reading_comes_back_whole(context: Context) -> None:
    """Code, reason and who are kept: also where the maker of the doubt named another than the table."""
    form = walked(context, typed(context)).form
    reading = replace(of_fields(Doubt(Reason.INVALID, "« 3S »", Who.SCOLARITE), None), sha256=form.sha256)
    context.ledger.readings.keep(reading, "now")

    assert context.ledger.readings.get(form.sha256, "now") == reading


def test_a_child_hands_over_code_reason_and_who(context: Context, tmp_path: Any) -> None:
    """The doubt of a jailed child is the doubt that the parent has."""
    form = Form("ab" * 32, tmp_path / "x", "x", context.today)
    reading = of_fields(Doubt(Reason.AMBIGUOUS_TICK, "deux cases", Who.STAGIAIRE))
    answer = json.loads(json.dumps(reading_as_json(FormReading(reading.kind, None, reading.fields))))

    assert believe(answer, form, context.forms).fields == reading.fields


@pytest.mark.parametrize(
    "doubt",
    [
        "RATURE : x",
        {"code": "RIEN", "why": "x", "who_settles": "scolarite"},
        {"code": "RATURE", "why": "x", "who_settles": "personne"},
        {"code": "RATURE", "why": "x"},
    ],
)
def test_a_doubt_that_a_child_makes_up_is_not_believed(context: Context, tmp_path: Any, doubt: Any) -> None:
    """An unknown code, nobody, a text: the child was taken over, the file is refused."""
    form = Form("ab" * 32, tmp_path / "x", "x", context.today)
    reading = of_fields(Doubt(Reason.CROSSED_OUT))
    answer = json.loads(json.dumps(reading_as_json(FormReading(reading.kind, None, reading.fields))))
    answer["fields"][0]["doubt"] = doubt

    with pytest.raises(FormRejected):
        believe(answer, form, context.forms)


def test_every_code_has_its_meaning() -> None:
    """The table is whole, and a doubt without more says what its code says, to whom it says."""
    assert set(MEANINGS) == set(Reason)
    for code, meaning in MEANINGS.items():
        doubt = Doubt(code)
        assert (doubt.who_settles, str(doubt)) == (meaning.who, f"{code.value} : {meaning.says}")
        assert Doubt.parsed(str(doubt)) == doubt
