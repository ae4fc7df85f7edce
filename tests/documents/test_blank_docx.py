"""The Word form: a tagged content control for each slot, the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import docx
import pytest
from forms_filler import full_record
from lxml import etree
from people import CNAM, COORDINATION

from pipeline.core.fields import LINED, Dictionary
from pipeline.core.formation import load_formation
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import Blank, Slot, placeholder, plan_blank
from pipeline.forms.drawing.blank_docx import draw_docx
from pipeline.forms.paper.placement import columns_of
from pipeline.forms.prefill import slot_texts

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
BOTH = pytest.mark.parametrize("code", [CNAM, COORDINATION])


@pytest.fixture
def blank(code: str, workspace: Workspace, dictionary: Dictionary) -> Blank:
    """The plan of a formation's form, in the session of the samples."""
    formation = load_formation(workspace, code)
    return plan_blank(dictionary, formation, formation.session("2024-2025"))


def controls_of(data: bytes) -> dict[str, etree._Element]:
    """Tag to control, in document order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    return {item.find(f"{W}sdtPr/{W}tag").get(f"{W}val"): item for item in root.iter(f"{W}sdt")}


def text_of(control: etree._Element) -> str:
    """What the control shows."""
    return "".join(node.text or "" for node in control.iter(f"{W}t"))


def as_written(blank: Blank) -> Iterator[Slot]:
    """The slots as a Word table has them: answers of several lines that stand side by side go line by line."""
    for row in (row for block in blank.blocks for row in block.rows):
        if row.cells[0].field.kind in LINED:
            lines = zip(*(columns_of(cell) for cell in row.cells), strict=True)
            yield from (slot for line in lines for part in line for slot in part)
        else:
            yield from (slot for cell in row.cells for slot in cell.slots)


@BOTH
def test_every_slot_has_its_control_in_order(blank: Blank) -> None:
    """Tags are the slots' names; numbers are unique."""
    controls = controls_of(draw_docx(blank))
    numbers = [control.find(f"{W}sdtPr/{W}id").get(f"{W}val") for control in controls.values()]

    assert list(controls) == [slot.name for slot in as_written(blank)]
    assert len(set(numbers)) == len(numbers)


@BOTH
def test_empty_controls_invite_to_write(blank: Blank) -> None:
    """Nothing written: the invitation shows, declared as such; boxes are empty."""
    controls = controls_of(draw_docx(blank))
    for cell in blank.cells():
        for slot in cell.slots:
            control = controls[slot.name]
            hint = control.find(f"{W}sdtPr/{W}showingPlcHdr") is not None
            expected = (False, "☐") if slot.option is not None else (True, placeholder(cell.field, slot))
            assert (hint, text_of(control)) == expected


@BOTH
def test_prefilled_controls_hold_the_answers(blank: Blank) -> None:
    """What is pre-filled stands in the controls, which no longer invite."""
    record = full_record(blank)
    texts = slot_texts(blank, record)
    controls = controls_of(draw_docx(blank, record))
    shown = {name: text_of(control) for name, control in controls.items() if name in texts}
    ticked = {name: "☒" if "=" in name else text for name, text in texts.items()}

    assert shown == ticked
    for name in texts:
        settings = controls[name].find(f"{W}sdtPr")
        assert settings.find(f"{W}showingPlcHdr") is None
        box = settings.find(f"{W14}checkbox/{W14}checked")
        assert box is None or box.get(f"{W14}val") == "1"


@BOTH
def test_the_same_form_gives_the_same_bytes(blank: Blank) -> None:
    """Nothing of the day or of the machine is written into the file."""
    record = full_record(blank)

    assert draw_docx(blank, record, {"tuteur.nom": "à revoir"}) == draw_docx(
        blank, record, {"tuteur.nom": "à revoir"}
    )


@pytest.mark.parametrize("code", [CNAM])
def test_the_file_says_what_it_is(blank: Blank) -> None:
    """Properties and footer carry the mark."""
    document = docx.Document(io.BytesIO(draw_docx(blank)))

    assert (document.core_properties.author, document.core_properties.keywords) == ("liasse", blank.mark)
    assert document.sections[0].footer.paragraphs[0].text.startswith(blank.mark)


@pytest.mark.parametrize("code", [COORDINATION])
def test_noted_fields_are_flagged(blank: Blank) -> None:
    """A field to mend carries the flag after its label, and the reason as the title of its control."""
    data = draw_docx(blank, {}, {"organisme.siret": "La clé du SIRET est fausse."})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        flags = archive.read("word/document.xml").decode().count("> à corriger<")
    alias = controls_of(data)["organisme.siret"].find(f"{W}sdtPr/{W}alias").get(f"{W}val")

    assert (flags, alias) == (1, "À corriger – La clé du SIRET est fausse.")


@pytest.mark.parametrize("code", [CNAM])
def test_characters_that_xml_cannot_hold_are_seen(blank: Blank) -> None:
    """A control character becomes a visible mark; the form is drawn all the same."""
    data = draw_docx(blank, {"stagiaire": {"nom": "LE\x02GOFF <&>"}})

    assert text_of(controls_of(data)["stagiaire.nom"]) == "LE\ufffdGOFF <&>"
