"""The fillable PDF that comes back: every field by its name, and nothing that was added is lost."""

from __future__ import annotations

import io

import bad_files
import people
import pytest
from forms_filler import fill_acroform
from own_answers import Answer, answers_of, doubted, fields_of, read_own
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Line
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from pipeline.core.fields import Dictionary
from pipeline.core.formation import load_formation
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import Blank, plan_blank
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.forms.paper.placement import PAGE_HEIGHT, PAGE_WIDTH
from pipeline.forms.paper.strips import place
from pipeline.forms.prefill import slot_texts

pytestmark = pytest.mark.sampled(3)


@pytest.fixture(scope="module")
def blank(workspace: Workspace, dictionary: Dictionary) -> Blank:
    """The form of the coordination formation."""
    formation = load_formation(workspace, people.COORDINATION)
    return plan_blank(dictionary, formation, formation.session("2024-2025"))


@pytest.fixture(scope="module")
def filled(blank: Blank) -> bytes:
    """That form, filled by hand."""
    return fill_acroform(draw_pdf(blank), blank, slot_texts(blank, people.coordination()))


def change(pdf: bytes) -> PdfWriter:
    """A writer on a copy."""
    return PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))


def written(writer: PdfWriter) -> bytes:
    """The bytes of a writer."""
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def widget(writer: PdfWriter, name: str) -> DictionaryObject:
    """The field of that name."""
    found = (item.get_object() for page in writer.pages for item in page["/Annots"])
    return next(item for item in found if item.get("/T") == name)


def doubts(answers: tuple[Answer, ...]) -> dict[str, str]:
    """Slot name to the code of its doubt."""
    return {answer.slot.name: answer.doubt.code for answer in answers if answer.doubt}


def test_every_answer_is_read_where_it_stands(blank: Blank, filled: bytes) -> None:
    """Text and ticks by slot, on the page and in the box that the plan gives them."""
    answers = answers_of(filled, blank)
    zones = {zone.slot.name: zone for zone in place(blank).zones}
    assert {a.slot.name: a.text for a in answers if a.text} == slot_texts(blank, people.coordination())
    assert [a.slot.name for a in answers] == [slot.name for slot in blank.slots()]
    assert {a.slot.name: a.page for a in answers} == {name: zone.page for name, zone in zones.items()}
    assert all(a.box == pytest.approx(zones[a.slot.name].box, abs=0.1) for a in answers)
    assert doubts(answers) == {}


def test_a_value_that_is_not_the_one_shown_is_a_doubt(blank: Blank, filled: bytes) -> None:
    """Changed in the file only: the appearance still shows the old name."""
    writer = change(filled)
    widget(writer, "stagiaire/nom")[NameObject("/V")] = TextStringObject("DUPONT")
    answers = answers_of(written(writer), blank)
    assert doubts(answers) == {"stagiaire.nom": "VALEUR_CACHEE"}


def test_a_tick_that_does_not_show_is_a_doubt(blank: Blank, filled: bytes) -> None:
    """The group says one option, its boxes show none."""
    writer = change(filled)
    kids = (item.get_object() for page in writer.pages for item in page["/Annots"] if "/Parent" in item.get_object())
    for kid in kids:
        if kid["/Parent"].get_object()["/T"] == "stage/quotite":
            kid[NameObject("/AS")] = NameObject("/Off")
    answers = answers_of(written(writer), blank)
    assert doubts(answers) == {"stage.quotite=partiel": "VALEUR_CACHEE"}


def test_a_note_typed_beside_the_boxes_is_a_doubt_on_the_nearest(blank: Blank, filled: bytes) -> None:
    """A text added with the viewer's tool is shown to a person: its words, or its frame that strikes the answer."""
    zone = {zone.slot.name: zone for zone in place(blank).zones}["tuteur.nom"]
    x, bottom = zone.box[0] + 5, 841.89 - zone.box[3]
    writer = change(filled)
    writer.add_annotation(zone.page - 1, FreeText(text="change en mars", rect=(x, bottom, x + 60, bottom + 8)))
    assert list(doubts(answers_of(written(writer), blank))) == ["tuteur.nom"]


@pytest.mark.parametrize(("dx", "dy"), [(5.0, -4.0), (60.0, 3.0)], ids=["above the box", "over the box"])
def test_a_remark_printed_on_the_page_is_a_doubt_on_the_nearest(
    blank: Blank, filled: bytes, dx: float, dy: float
) -> None:
    """Typed with an editor of pages: it is no field and no annotation, and still it is told."""
    zone = {zone.slot.name: zone for zone in place(blank).zones}["tuteur.nom"]
    sheet = io.BytesIO()
    canvas = Canvas(sheet, pagesize=(PAGE_WIDTH, PAGE_HEIGHT))
    canvas.setFont("Helvetica", 8)
    canvas.drawString(
        zone.box[0] + dx, PAGE_HEIGHT - (zone.box[1] if dy < 0 else zone.box[3]) + abs(dy), "part en mars"
    )
    canvas.save()
    writer = change(filled)
    writer.pages[zone.page - 1].merge_page(PdfReader(io.BytesIO(sheet.getvalue())).pages[0])
    fields = fields_of(written(writer), blank)
    told = {path: str(field.doubt) for path, field in fields.items() if field.doubt}
    assert [path.startswith("tuteur.") and "part en mars" in doubt for path, doubt in told.items()] == [True]
    assert fields["tuteur.nom"].value == "BENAÏSSA"


def test_a_stroke_over_an_answer_is_a_doubt(blank: Blank, filled: bytes) -> None:
    """An answer crossed out on the screen is not believed."""
    zone = {zone.slot.name: zone for zone in place(blank).zones}["stage.date_debut"]
    middle = 841.89 - (zone.box[1] + zone.box[3]) / 2
    rect = (zone.box[0], middle - 1, zone.box[2], middle + 1)
    writer = change(filled)
    writer.add_annotation(zone.page - 1, Line(p1=(rect[0], middle), p2=(rect[2], middle), rect=rect))
    assert doubts(answers_of(written(writer), blank)) == {"stage.date_debut": "RATURE"}


def test_a_form_with_a_field_less_is_read_without_it(blank: Blank, filled: bytes) -> None:
    """What nobody could answer is blank, what stands beside is read."""
    writer = change(filled)
    page = writer.pages[0]
    kept = [item for item in page["/Annots"] if item.get_object().get("/T") != "stagiaire/prenom"]
    page[NameObject("/Annots")] = ArrayObject(kept)
    fields = fields_of(written(writer), blank)
    assert (fields["stagiaire.prenom"].value, fields["stagiaire.nom"].value) == (None, "LE GOFF")
    assert doubted(written(writer), blank) == {}


@pytest.mark.parametrize("path", ["stagiaire.telephone", "organisme.siret", "stage.duree_heures", "stage.date_debut"])
def test_what_the_blank_prints_is_not_proposed_as_an_answer(blank: Blank, filled: bytes, path: str) -> None:
    """Where a field was deleted, neither the example under it nor the days of the session stand for its answer."""
    writer = change(filled)
    for page in writer.pages:
        kept = [item for item in page["/Annots"] if item.get_object().get("/T") != path.replace(".", "/")]
        page[NameObject("/Annots")] = ArrayObject(kept)
    field = fields_of(written(writer), blank)[path]
    assert (field.value, field.raw) == (None, "")


def test_what_is_typed_in_a_field_that_is_not_ours_is_told(blank: Blank, filled: bytes) -> None:
    """An answer that no field of ours can hold is not dropped: it is shown beside the nearest, and proposed."""
    writer = change(filled)
    widget(writer, "stagiaire/prenom")[NameObject("/T")] = TextStringObject("surnom")
    doubts = {path: str(field.doubt) for path, field in fields_of(written(writer), blank).items() if field.doubt}
    assert set(doubts) == {"stagiaire.prenom", "stagiaire.nom"}
    assert all("Maëlle" in doubt for doubt in doubts.values())


def test_an_emptied_field_is_blank(blank: Blank, filled: bytes) -> None:
    """Erased on the screen: nothing is proposed in its place, and nothing else is in doubt."""
    texts = slot_texts(blank, people.coordination()) | {"stagiaire.prenom": ""}
    emptied = fill_acroform(filled, blank, texts)
    fields = fields_of(emptied, blank)
    assert (fields["stagiaire.prenom"].value, doubted(emptied, blank)) == (None, {})


def test_a_page_stapled_behind_is_told_once(blank: Blank, filled: bytes) -> None:
    """The certificate of an insurer behind the form: every answer is read, and one doubt names that page."""
    writer = change(filled)
    writer.append(
        io.BytesIO(bad_files.pdf(("Attestation de responsabilité civile", "Assureur Exemple, contrat 12345")))
    )
    stapled = written(writer)
    wanted = {path: field.value for path, field in fields_of(filled, blank).items()}
    assert {path: field.value for path, field in fields_of(stapled, blank).items()} == wanted
    strays = read_own(stapled, blank).strays
    assert (doubted(stapled, blank), [(one.page, str(one.doubt.code)) for one in strays]) == (
        {},
        [(len(PdfReader(io.BytesIO(stapled)).pages), "PAGE_EN_PLUS")],
    )
