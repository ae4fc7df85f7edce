"""The fillable PDF: every slot has its field, named, explained, in order, and what is pre-filled shows."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pypdf
import pytest
from forms_filler import full_record
from people import CNAM, COORDINATION

from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.formation import load_formation
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import Blank, plan_blank
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.forms.drawing.pdf_fields import fitted
from pipeline.forms.paper.metrics import text_width
from pipeline.forms.paper.placement import MARGIN, PAGE_WIDTH, Role
from pipeline.forms.paper.strips import BOTTOM, TOP, place
from pipeline.forms.prefill import slot_texts

BOTH = pytest.mark.parametrize("code", [CNAM, COORDINATION])


@pytest.fixture(scope="session")
def blank_of(workspace: Workspace, dictionary: Dictionary) -> Callable[[str], Blank]:
    """The plan of a formation's form, in the session of the samples."""

    def make(code: str) -> Blank:
        formation = load_formation(workspace, code)
        return plan_blank(dictionary, formation, formation.session("2024-2025"))

    return make


def fields_of(pdf: bytes) -> dict[str, Any]:
    """Field name to its dictionary, in the order of the pages: the order of the tab key."""
    found: dict[str, Any] = {}
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        for reference in page["/Annots"]:
            widget = reference.get_object()
            holder = widget["/Parent"].get_object() if "/Parent" in widget else widget
            found.setdefault(holder["/T"], holder)
    return found


def field_names(blank: Blank) -> list[str]:
    """The names that the fields must have, in form order: one for a choice, one for each other slot."""
    single = (FieldKind.CHOICE, FieldKind.BOOLEAN)
    names = []
    for cell in blank.cells():
        grouped = cell.field.kind in single
        names += [cell.field.path.replace(".", "/")] if grouped else [slot.pdf_name for slot in cell.slots]
    return names


@BOTH
def test_every_slot_is_placed_inside_its_page(blank_of: Callable[[str], Blank], code: str) -> None:
    """No slot is lost, none leaves the margins, and no two overlap."""
    blank = blank_of(code)
    placement = place(blank)

    assert [zone.slot for zone in placement.zones] == list(blank.slots())
    for zone in placement.zones:
        x0, top, x1, bottom = zone.box
        assert (x0 >= MARGIN, x1 <= PAGE_WIDTH - MARGIN + 0.01) == (True, True)
        assert (top >= TOP, bottom <= BOTTOM, x0 < x1, top < bottom) == (True, True, True, True)
        for other in placement.zones:
            apart = other.box[0] >= x1 or other.box[2] <= x0 or other.box[1] >= bottom or other.box[3] <= top
            assert other is zone or other.page != zone.page or apart


@BOTH
def test_labels_stay_in_their_cells(blank_of: Callable[[str], Blank], code: str) -> None:
    """No printed text crosses the border of a cell, and none is printed over a place to answer."""
    placement = place(blank_of(code))
    cells = [frame for frame in placement.frames if frame.role in (Role.CELL, Role.OFFICE, Role.SECTION, Role.PART)]
    for text in placement.texts:
        x0, top, x1, _ = text.box
        for frame in cells:
            if frame.page == text.page and frame.box[0] <= x0 <= frame.box[2] and frame.box[1] <= top <= frame.box[3]:
                assert x1 <= frame.box[2] + 0.5, text.text
        for zone in placement.zones:
            over = zone.page == text.page and zone.box[1] < text.base < zone.box[3] and x0 < zone.box[2]
            assert not (over and x1 > zone.box[0]), text.text


@BOTH
def test_headings_are_not_left_alone(blank_of: Callable[[str], Blank], code: str) -> None:
    """Below each heading, on the same page, something is to be answered, or read."""
    placement = place(blank_of(code))
    told = [frame for frame in placement.frames if frame.role is Role.ADVICE]
    for frame in placement.frames:
        if frame.role in (Role.SECTION, Role.PART):
            below = [z for z in (*placement.zones, *told) if z.page == frame.page and z.box[1] >= frame.box[3]]
            assert below != []


@BOTH
def test_fields_are_named_after_the_slots_in_order(blank_of: Callable[[str], Blank], code: str) -> None:
    """One field for each slot (one group for each choice), in form order, and no other."""
    blank = blank_of(code)

    assert list(fields_of(draw_pdf(blank))) == field_names(blank)


@BOTH
def test_choices_are_exported_by_their_code(blank_of: Callable[[str], Blank], code: str) -> None:
    """A group's buttons export the values of the schema."""
    blank = blank_of(code)
    fields = fields_of(draw_pdf(blank))
    for cell in blank.cells():
        if cell.field.kind in (FieldKind.CHOICE, FieldKind.BOOLEAN):
            kids = [kid.get_object() for kid in fields[cell.field.path.replace(".", "/")]["/Kids"]]
            states = [next(state for state in kid["/AP"]["/N"] if state != "/Off") for kid in kids]
            assert states == [f"/{slot.option}" for slot in cell.slots]


@BOTH
def test_fields_explain_themselves(blank_of: Callable[[str], Blank], code: str) -> None:
    """The tooltip says the full name and whether an answer is due; the required flag agrees."""
    blank = blank_of(code)
    fields = fields_of(draw_pdf(blank))
    for cell in blank.cells():
        name = cell.slots[0].pdf_name if cell.field.kind is FieldKind.DAYS else cell.slots[0].pdf_name.split("=")[0]
        field = fields[name]
        assert field["/TU"].startswith(cell.name)
        assert ("obligatoire" in field["/TU"].removeprefix(cell.name)) == bool(
            cell.star or "obligatoire" in cell.field.help
        )
        assert bool(field["/Ff"] & 2) == cell.required


def test_the_same_form_gives_the_same_bytes(blank_of: Callable[[str], Blank]) -> None:
    """Nothing of the day or of the machine is written into the file."""
    blank = blank_of(COORDINATION)
    record = full_record(blank)

    assert draw_pdf(blank, record, {"stagiaire.nom": "à revoir"}) == draw_pdf(
        blank, record, {"stagiaire.nom": "à revoir"}
    )


def test_the_file_says_what_it_is(blank_of: Callable[[str], Blank]) -> None:
    """Title, author, mark and language are in the file, and the mark stands on every page."""
    blank = blank_of(CNAM)
    reader = pypdf.PdfReader(io.BytesIO(draw_pdf(blank)))

    assert (reader.metadata["/Author"], reader.metadata["/Keywords"]) == ("liasse", blank.mark)
    assert reader.trailer["/Root"]["/Lang"] == "fr-FR"
    assert [blank.mark in page.extract_text() for page in reader.pages] == [True] * 4


@BOTH
def test_prefilled_values_are_held_by_the_fields(blank_of: Callable[[str], Blank], code: str) -> None:
    """What is pre-filled is the value of its field, and has an appearance that any viewer shows."""
    blank = blank_of(code)
    record = full_record(blank)
    texts = slot_texts(blank, record)
    fields = fields_of(draw_pdf(blank, record))
    for slot in blank.slots():
        if slot.option is None:
            field = fields[slot.pdf_name]
            assert field["/V"] == texts.get(slot.name, "")
            assert ("/AP" in field) == (slot.name in texts)
        elif texts.get(slot.name):
            held = fields.get(slot.pdf_name) or fields[slot.path.replace(".", "/")]
            assert held["/V"] in ("/Oui", f"/{slot.option}")


def test_noted_fields_are_flagged(blank_of: Callable[[str], Blank]) -> None:
    """A field to mend carries the flag on the page and the reason in its tooltip."""
    blank = blank_of(CNAM)
    pdf = draw_pdf(blank, {}, {"organisme.siret": "La clé du SIRET est fausse."})
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]

    assert sum(text.count("à corriger") for text in pages) == 1
    assert fields_of(pdf)["organisme/siret"]["/TU"].startswith("À corriger : La clé du SIRET est fausse.")


@pytest.mark.parametrize("lines", [1, 2, 4])
def test_long_values_are_made_smaller_not_cut(lines: int) -> None:
    """Whatever the length, all the words are drawn, within the width of the box."""
    value = " ".join(f"mot{n}" for n in range(25 * lines))
    size, rows = fitted(value, 300, 12.0 * lines + 4, lines)

    assert " ".join(rows) == value
    assert max(text_width(row, size) for row in rows) <= 300
