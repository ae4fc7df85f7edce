"""Printed copies: what was typed comes back to the letter, and whatever is not certain comes back with a doubt."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import pypdf
import pytest
from forms_filler import fill_acroform, fill_word, full_record, print_pdf, print_words
from own_answers import Answer, fields_of, read_own
from own_answers import answers_of as read_printed
from people import CNAM, COORDINATION
from pypdf.generic import NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from pipeline.core.errors import FormRejected
from pipeline.core.fields import Dictionary
from pipeline.core.formation import load_formation
from pipeline.core.models import Box
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import Blank, plan_blank
from pipeline.forms.drawing.blank_docx import draw_docx
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.forms.paper.placement import PAGE_HEIGHT
from pipeline.forms.paper.strips import place
from pipeline.forms.prefill import slot_texts
from pipeline.reading.digital import FormsTogether

pytestmark = pytest.mark.sampled(3)

BOTH = pytest.mark.parametrize("code", [CNAM, COORDINATION])
NOTES = {"stagiaire.nom": "à revoir", "stagiaire.regime": "à revoir", "stage.activites": "à revoir"}
Blanks = Callable[[str], Blank]


@pytest.fixture(scope="session")
def blank_of(workspace: Workspace, dictionary: Dictionary) -> Blanks:
    """The plan of a formation's form, in the session of the samples."""

    def make(code: str) -> Blank:
        formation = load_formation(workspace, code)
        return plan_blank(dictionary, formation, formation.session("2024-2025"))

    return make


@pytest.fixture(scope="session")
def word_prints(blank_of: Blanks) -> dict[str, bytes]:
    """Word forms printed by LibreOffice in one run: blank, typed and sent back, of both formations."""
    documents: dict[str, bytes] = {}
    for code in (CNAM, COORDINATION):
        blank = blank_of(code)
        record = full_record(blank)
        documents[f"{code} blank"] = draw_docx(blank)
        documents[f"{code} typed"] = fill_word(draw_docx(blank), slot_texts(blank, record))
        documents[f"{code} noted"] = draw_docx(blank, record, NOTES)
    wrapped = {"tuteur.courriel": LONG_EMAIL, "stage.objectifs": PARAGRAPH, "stagiaire.lieu_naissance": "m" * 60}
    documents["wrapped"] = fill_word(draw_docx(blank_of(CNAM)), wrapped)
    return dict(zip(documents, print_words(list(documents.values())), strict=True))


LONG_EMAIL = "ines.benaissa-de-la-tour-du-pin.responsable@association-departementale.example.org"
PARAGRAPH = "Comprendre l’organisation du service, puis conduire un entretien d’accueil avec chaque personne. " * 3


def texts(answers: Sequence[Answer]) -> dict[str, str]:
    """Slot name to text, for those that hold one."""
    return {answer.slot.name: answer.text for answer in answers if answer.text}


def doubts(answers: Sequence[Answer]) -> dict[str, str]:
    """Slot name to why it is in doubt, for those that are."""
    return {answer.slot.name: answer.doubt.why for answer in answers if answer.doubt}


def overlay(pdf: bytes, page: int, draw: Callable[[Canvas], None]) -> bytes:
    """The PDF with something drawn over one of its pages (from 1)."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595.28, PAGE_HEIGHT))
    draw(canvas)
    canvas.save()
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(pdf)))
    writer.pages[page - 1].merge_page(pypdf.PdfReader(io.BytesIO(buffer.getvalue())).pages[0])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def typed_at(x: float, top: float, text: str, size: float = 9) -> Callable[[Canvas], None]:
    """Draws that text there."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", size)
        canvas.drawString(x, PAGE_HEIGHT - top, text)

    return draw


@BOTH
def test_printed_form_reads_back(blank_of: Blanks, code: str) -> None:
    """Every field typed, ticked and printed by poppler comes back the same, without a doubt."""
    blank = blank_of(code)
    wanted = slot_texts(blank, full_record(blank))
    answers = read_printed(print_pdf(fill_acroform(draw_pdf(blank), blank, wanted)), blank)

    assert (texts(answers), doubts(answers)) == (wanted, {})
    assert [answer.slot for answer in answers] == list(blank.slots())


@BOTH
def test_form_sent_back_and_printed_reads_back(blank_of: Blanks, code: str) -> None:
    """The flags of a form sent back are not taken for answers."""
    blank = blank_of(code)
    record = full_record(blank)
    answers = read_printed(print_pdf(draw_pdf(blank, record, NOTES)), blank)

    assert (texts(answers), doubts(answers)) == (slot_texts(blank, record), {})


@BOTH
def test_blank_form_reads_as_nothing(blank_of: Blanks, word_prints: dict[str, bytes], code: str) -> None:
    """Neither the boxes' own drawing nor Word's invitations are answers."""
    blank = blank_of(code)
    for printed in (print_pdf(draw_pdf(blank)), word_prints[f"{code} blank"]):
        answers = read_printed(printed, blank)
        assert (texts(answers), doubts(answers)) == ({}, {})


@BOTH
@pytest.mark.parametrize("way", ["typed", "noted"])
def test_printed_word_form_reads_back(blank_of: Blanks, word_prints: dict[str, bytes], code: str, way: str) -> None:
    """Every field of the Word form printed by LibreOffice comes back the same, without a doubt."""
    blank = blank_of(code)
    answers = read_printed(word_prints[f"{code} {way}"], blank)

    assert (texts(answers), doubts(answers)) == (slot_texts(blank, full_record(blank)), {})
    assert [answer.slot for answer in answers] == list(blank.slots())


def test_wrapped_answers_are_joined(blank_of: Blanks, word_prints: dict[str, bytes]) -> None:
    """An address cut by the word processor is whole again; a word cut anywhere is a doubt."""
    answers = read_printed(word_prints["wrapped"], blank_of(CNAM))

    assert texts(answers)["tuteur.courriel"] == LONG_EMAIL
    assert texts(answers)["stage.objectifs"] == PARAGRAPH.strip()
    assert doubts(answers) == {"stagiaire.lieu_naissance": "un mot est coupé en deux lignes"}


@pytest.mark.parametrize(("scale", "across", "up"), [(0.94, 18, 25), (0.8, 0, 0), (1.04, -10, -5)])
def test_scaled_prints_are_brought_back(blank_of: Blanks, scale: float, across: float, up: float) -> None:
    """« Ajuster à la page » moves and shrinks everything: the footer tells by how much."""
    blank = blank_of(CNAM)
    record = full_record(blank)
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(print_pdf(draw_pdf(blank, record)))))
    for page in writer.pages:
        page.add_transformation(pypdf.Transformation().scale(scale).translate(across, up))
    out = io.BytesIO()
    writer.write(out)

    assert texts(read_printed(out.getvalue(), blank)) == slot_texts(blank, record)


def test_pages_in_another_order_are_read(blank_of: Blanks) -> None:
    """Pages know their number: their order in the file does not matter."""
    blank = blank_of(CNAM)
    record = full_record(blank)
    pages = pypdf.PdfReader(io.BytesIO(print_pdf(draw_pdf(blank, record)))).pages
    writer = pypdf.PdfWriter()
    for page in reversed(pages):
        writer.add_page(page)
    out = io.BytesIO()
    writer.write(out)

    assert texts(read_printed(out.getvalue(), blank)) == slot_texts(blank, record)


def rewritten(pdf: bytes, font: str, values: dict[str, str], *, appearances: bool) -> bytes:
    """The form as a careless program fills it: type of one size, whatever does not fit is cut by the box."""
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(pdf)))
    widgets = [note.get_object() for page in writer.pages for note in page["/Annots"]]
    chosen = [widget for widget in widgets if widget.get("/T") in values]
    for widget in chosen:
        widget[NameObject("/DA")] = TextStringObject(font)
    for page in writer.pages:
        writer.update_page_form_field_values(page, values, auto_regenerate=not appearances)
    for widget in chosen:
        if not appearances:
            widget.pop("/AP", None)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("appearances", [True, False])
@pytest.mark.parametrize("size", [7, 8, 9, 10, 12])
def test_cut_text_is_never_taken_for_whole(blank_of: Blanks, size: int, appearances: bool) -> None:  # noqa: FBT001 -- a parameter of pytest
    """Text larger than its box, whatever the size and the program, is either read whole or doubted."""
    blank = blank_of(CNAM)
    long = " ".join(f"mot{n}" for n in range(150))
    values = {
        "tuteur/courriel": LONG_EMAIL,
        "organisme/raison_sociale": long[:130],
        "stage/sujet": long[:290],
        "stage/objectifs": long,
        "stage/activites/2": long[:200],
        "stage/activites/5": long[:600],
        "stage/modalites_encadrement": long[:420],
        "stagiaire/nom": long[:60],
    }
    pdf = rewritten(draw_pdf(blank), f"/Helv {size} Tf 0 g", values, appearances=appearances)
    answers = {answer.slot.pdf_name: answer for answer in read_printed(print_pdf(pdf), blank)}
    silent = {
        name: answers[name].text
        for name, value in values.items()
        if answers[name].doubt is None and answers[name].text != value.strip()
    }

    assert silent == {}


def strike(box: Box) -> Callable[[Canvas], None]:
    """Draws a line through the middle of a box."""
    middle = PAGE_HEIGHT - (box[1] + box[3]) / 2
    return lambda canvas: canvas.line(box[0] + 3, middle, box[0] + 60, middle)


def test_marks_and_text_out_of_place_are_doubts(blank_of: Blanks) -> None:
    """A remark in the margin, a label written over, a struck answer, hidden text: the nearest slot says so."""
    blank = blank_of(COORDINATION)
    printed = print_pdf(draw_pdf(blank, full_record(blank)))
    zones = {zone.slot.name: zone for zone in place(blank).zones}
    ville, nom, prenom = (zones[f"stagiaire.{name}"] for name in ("adresse.ville", "nom", "prenom"))

    def white(canvas: Canvas) -> None:
        canvas.setFillGray(1)
        typed_at(prenom.box[0] + 60, prenom.box[3] - 4, "Paul")(canvas)

    cases: list[tuple[str, Callable[[Canvas], None], str]] = [
        ("stagiaire.adresse.ville", typed_at(ville.box[0] + 80, ville.box[1] - 2, "tuteur à changer"), "à changer"),
        ("stagiaire.nom", strike(nom.box), "barré"),
        ("stagiaire.prenom", white, "invisible"),
    ]
    for name, draw, word in cases:
        found = doubts(read_printed(overlay(printed, zones[name].page, draw), blank))
        assert (list(found), word in found.get(name, "")) == ([name], True)


def test_two_ticks_for_one_choice_are_doubts(blank_of: Blanks) -> None:
    """Two boxes of a single choice: neither is believed; a cross typed in a box is a tick."""
    blank = blank_of(COORDINATION)
    printed = print_pdf(draw_pdf(blank, {"stagiaire": {"civilite": "Mme"}}))
    zone = {zone.slot.name: zone for zone in place(blank).zones}["stagiaire.civilite=Mx"]
    crossed = overlay(printed, zone.page, typed_at(zone.box[0] + 1.5, zone.box[3] - 1.5, "X"))
    title = fields_of(crossed, blank)["stagiaire.civilite"]

    assert texts(read_printed(crossed, blank)) == {"stagiaire.civilite=Mme": "x", "stagiaire.civilite=Mx": "x"}
    assert (title.value, str(title.doubt)) == (None, "CASE_AMBIGUE : plusieurs cases sont cochées : « Mme », « Mx »")


def test_a_drawn_tick_counts_and_a_blackened_box_is_asked(blank_of: Blanks) -> None:
    """A tick drawn by hand is one; a square blackened with a drawing tool is a tick or its correction."""
    blank = blank_of(CNAM)
    zones = {zone.slot.name: zone for zone in place(blank).zones}
    first, second = zones["stagiaire.civilite=Mme"].box, zones["organisme.droit_public=oui"].box

    def draw(canvas: Canvas) -> None:
        canvas.rect(first[0], PAGE_HEIGHT - first[3], first[2] - first[0], first[3] - first[1], fill=1)
        path = canvas.beginPath()
        path.moveTo(second[0] + 1, PAGE_HEIGHT - second[1] - 5)
        path.lineTo(second[0] + 4, PAGE_HEIGHT - second[3] + 1)
        path.lineTo(second[2] + 3, PAGE_HEIGHT - second[1] + 3)
        canvas.drawPath(path)

    answers = read_printed(overlay(print_pdf(draw_pdf(blank)), 1, draw), blank)

    assert texts(answers)["organisme.droit_public=oui"] == "x"
    assert list(doubts(answers)) == ["stagiaire.civilite=Mme"]
    assert fields_of(overlay(print_pdf(draw_pdf(blank)), 1, draw), blank)["stagiaire.civilite"].doubt


@pytest.mark.parametrize("worked", [True, False])
def test_a_cross_drawn_over_a_day_is_a_doubt(blank_of: Blanks, worked: bool) -> None:  # noqa: FBT001 -- a case
    """A pen cross over a day of the calendar, with hours or empty: a day more, or one less, nobody can tell."""
    blank = blank_of(COORDINATION)
    record = full_record(blank)
    days = {day["date"] for day in record["stage"]["calendrier"]}
    zones = {zone.slot.name: zone for zone in place(blank).zones if zone.slot.name.startswith("stage.calendrier.")}
    name = next(name for name in zones if (name.rpartition(".")[2] in days) is worked)
    box = zones[name].box

    def cross(canvas: Canvas) -> None:
        canvas.line(box[0] + 2, PAGE_HEIGHT - box[1] - 1, box[2] - 2, PAGE_HEIGHT - box[3] + 1)
        canvas.line(box[0] + 2, PAGE_HEIGHT - box[3] + 1, box[2] - 2, PAGE_HEIGHT - box[1] - 1)

    found = doubts(read_printed(overlay(print_pdf(draw_pdf(blank, record)), zones[name].page, cross), blank))

    assert list(found) == [name]


def test_missing_page_is_refused(blank_of: Blanks) -> None:
    """A form with a page left out goes back whole."""
    blank = blank_of(CNAM)
    writer = pypdf.PdfWriter()
    for page in pypdf.PdfReader(io.BytesIO(print_pdf(draw_pdf(blank)))).pages[:-1]:
        writer.add_page(page)
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(FormRejected) as refused:
        read_own(out.getvalue(), blank)

    assert (refused.value.reason, "avec toutes ses pages" in refused.value.message) == ("PAGE_MANQUANTE", True)


def test_a_form_is_told_by_its_mark(blank_of: Blanks, word_prints: dict[str, bytes]) -> None:
    """Each formation's form is read by its own edition, and by nothing where that formation is not known."""
    other = blank_of(COORDINATION)
    for printed in (print_pdf(draw_pdf(other)), word_prints[f"{COORDINATION} typed"]):
        assert read_own(printed, blank_of(CNAM), other).layout == other.layout
        with pytest.raises(FormRejected) as refused:
            read_own(printed, blank_of(CNAM))
        assert refused.value.reason == "FORMATION_INCONNUE"


def test_two_forms_in_one_file_are_told_apart(blank_of: Blanks) -> None:
    """They are not mixed: the pages of each are told, to be read for themselves."""
    blank = blank_of(CNAM)
    writer = pypdf.PdfWriter()
    for data in (draw_pdf(blank), draw_pdf(blank, {"stagiaire": {"nom": "AUTRE"}})):
        writer.append(io.BytesIO(print_pdf(data)))
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(FormsTogether) as together:
        read_own(out.getvalue(), blank)

    assert together.value.groups == ((1, 2, 3, 4), (5, 6, 7, 8))


def test_words_beside_the_word_form_are_doubts(blank_of: Blanks, word_prints: dict[str, bytes]) -> None:
    """A remark typed between the tables, or among boxes to tick, is told and not lost."""
    blank = blank_of(CNAM)
    printed = word_prints[f"{CNAM} typed"]
    clean = read_printed(printed, blank)
    civility: Any = next(answer for answer in clean if answer.slot.name == "stagiaire.civilite=M.")
    x1, bottom = civility.box[2], civility.box[3]
    remarked = overlay(printed, 1, typed_at(300, PAGE_HEIGHT - 45, "absent en mai"))
    remark = read_printed(remarked, blank)
    among = fields_of(overlay(printed, 1, typed_at(x1 - 30, bottom - 3.5, "ou Dr")), blank)["stagiaire.civilite"]

    assert texts(remark) == texts(clean)
    (stray,) = read_own(remarked, blank).strays
    assert (doubts(remark), stray.text, stray.page) == ({}, "absent en mai", 1)
    assert "ou Dr" in str(among.doubt)
