"""The Word form that comes back: its controls by tag, deletions left out, additions never lost."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import people
import pytest
from forms_filler import fill_word
from own_answers import Answer, doubted, fields_of
from own_answers import answers_of as read_docx

from pipeline.core.fields import Dictionary
from pipeline.core.formation import load_formation
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import Blank, plan_blank
from pipeline.forms.drawing.blank_docx import draw_docx
from pipeline.forms.prefill import slot_texts

DOCUMENT = "word/document.xml"
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture(scope="module")
def blank(workspace: Workspace, dictionary: Dictionary) -> Blank:
    """The form of the coordination formation."""
    formation = load_formation(workspace, people.COORDINATION)
    return plan_blank(dictionary, formation, formation.session("2024-2025"))


@pytest.fixture(scope="module")
def filled(blank: Blank) -> bytes:
    """That form, filled by hand."""
    return fill_word(draw_docx(blank), slot_texts(blank, people.coordination()))


def edit(docx: bytes, change: Callable[[str], str], extra: dict[str, str] | None = None) -> bytes:
    """The same file with its document changed, and these parts added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            target.writestr(name, change(part.decode()) if name == DOCUMENT else part)
        for name, text in (extra or {}).items():
            target.writestr(name, text)
    return buffer.getvalue()


def content(slot: str, xml: str) -> Callable[[str], str]:
    """A change that puts this XML in a control, no longer a prompt."""
    pattern = re.compile(
        rf'(<w:tag w:val="{re.escape(slot)}"/>(?:(?!</w:sdt>).)*?<w:sdtContent>).*?(</w:sdtContent>)', re.DOTALL
    )

    def change(text: str) -> str:
        changed, count = pattern.subn(lambda m: m[1].replace("<w:showingPlcHdr/>", "") + xml + m[2], text)
        assert count == 1
        return changed

    return change


def answers_of(docx: bytes, blank: Blank) -> dict[str, Answer]:
    """Slot name to answer."""
    return {answer.slot.name: answer for answer in read_docx(docx, blank)}


def codes(answers: dict[str, Answer]) -> dict[str, str]:
    """Slot name to the code of its doubt."""
    return {name: answer.doubt.code for name, answer in answers.items() if answer.doubt}


def text(words: str, properties: str = "") -> str:
    """A run."""
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{words}</w:t></w:r>"


def test_every_control_is_read_and_prompts_are_nothing(blank: Blank, filled: bytes) -> None:
    """What was typed comes out, slot by slot, without any doubt."""
    answers = answers_of(filled, blank)
    assert {name: answer.text for name, answer in answers.items() if answer.text} == slot_texts(
        blank, people.coordination()
    )
    assert (list(answers), codes(answers)) == ([slot.name for slot in blank.slots()], {})


def test_a_blank_form_says_nothing(blank: Blank) -> None:
    """Neither prompts nor labels are taken for answers."""
    answers = answers_of(draw_docx(blank), blank)
    assert [name for name, answer in answers.items() if answer.text or answer.doubt] == []


def test_a_form_sent_back_to_be_mended_has_no_stray_text(blank: Blank) -> None:
    """« à corriger » beside a label is our own text."""
    notes = {cell.field.path: "illisible" for cell in blank.cells()}
    answers = answers_of(draw_docx(blank, people.coordination(), notes), blank)
    assert codes(answers) == {}


ALTERNATE = (
    f"<mc:AlternateContent {MC}><mc:Choice>{text('LE GOFF')}</mc:Choice>"
    f"<mc:Fallback>{text('LE GOFF')}</mc:Fallback></mc:AlternateContent>"
)
INSIDE = [
    (text("LE ") + text("GOFF"), "LE GOFF"),
    (text("LE") + "<w:r><w:tab/></w:r>" + text("GOFF"), "LE GOFF"),
    (text("LE") + "<w:r><w:br/></w:r>" + text("GOFF"), "LE\nGOFF"),
    (f"<w:del>{text('LE BIHAN').replace('w:t>', 'w:delText>')}</w:del><w:ins>{text('LE GOFF')}</w:ins>", "LE GOFF"),
    (f"<w:moveFrom>{text('ICI')}</w:moveFrom><w:moveTo>{text('LE GOFF')}</w:moveTo>", "LE GOFF"),
    (text("Cliquez ou appuyez ici pour entrer du texte."), ""),
    (text("Cliquez pour écrire"), ""),
    (f"<w:sdt><w:sdtContent>{text('LE GOFF')}</w:sdtContent></w:sdt>", "LE GOFF"),
    (ALTERNATE, "LE GOFF"),
    ("", ""),
]


@pytest.mark.parametrize(("xml", "value"), INSIDE, ids=range(len(INSIDE)))
def test_what_word_leaves_in_a_control_is_read_as_it_shows(blank: Blank, filled: bytes, xml: str, value: str) -> None:
    """Split runs, breaks, tracked changes, prompts left as text, nested and alternate content."""
    answers = answers_of(edit(filled, content("stagiaire.nom", xml)), blank)
    assert (answers["stagiaire.nom"].text, codes(answers)) == (value, {})


@pytest.mark.parametrize(
    ("xml", "value", "code"),
    [
        (text("LE BIHAN", "<w:strike/>") + text("LE GOFF"), "LE GOFF", "RATURE"),
        (text("LE BIHAN", "<w:dstrike/>"), "", "RATURE"),
        (text("LE GOFF") + text("DUPONT", "<w:vanish/>"), "LE GOFFDUPONT", "VALEUR_CACHEE"),
    ],
    ids=["struck and new", "struck", "hidden"],
)
def test_what_is_struck_or_hidden_is_a_doubt(blank: Blank, filled: bytes, xml: str, value: str, code: str) -> None:
    """A person looks at it."""
    answers = answers_of(edit(filled, content("stagiaire.nom", xml)), blank)
    assert (answers["stagiaire.nom"].text, codes(answers)) == (value, {"stagiaire.nom": code})


def test_what_is_struck_is_quoted_whole(blank: Blank, filled: bytes) -> None:
    """Not its first word alone."""
    xml = text("LE BIHAN DE KERROS", "<w:strike/>") + text(" LE GOFF")
    doubt = answers_of(edit(filled, content("stagiaire.nom", xml)), blank)["stagiaire.nom"].doubt
    assert doubt
    assert doubt.why == "« LE BIHAN DE KERROS » est barré"


def test_a_box_that_shows_the_contrary_of_its_state_is_a_doubt(blank: Blank, filled: bytes) -> None:
    """Ticked in the file, empty on the page."""
    answers = answers_of(edit(filled, content("stage.quotite=partiel", text("☐"))), blank)
    assert codes(answers) == {"stage.quotite=partiel": "VALEUR_CACHEE"}


def test_a_control_around_a_whole_cell_or_row_is_found(blank: Blank, filled: bytes) -> None:
    """Word may put the control outside the cell or the row."""
    tag = '<w:sdt><w:sdtPr><w:tag w:val="stagiaire.nom"/></w:sdtPr><w:sdtContent>'
    cell = f"<w:tc><w:p>{text('NOUVEAU')}</w:p></w:tc>"
    for around in (
        f"<w:tr>{tag}{cell}</w:sdtContent></w:sdt></w:tr>",
        f"{tag}<w:tr>{cell}</w:tr></w:sdtContent></w:sdt>",
    ):

        def change(xml: str, table: str = f"<w:tbl>{around}</w:tbl>") -> str:
            without = re.sub(r'<w:tag w:val="stagiaire\.nom"/>', "", xml)
            return re.sub(r"<w:sectPr", f"{table}<w:sectPr", without, count=1)

        answers = answers_of(edit(filled, change), blank)
        assert answers["stagiaire.nom"].text == "NOUVEAU"


def test_two_controls_of_one_name_with_two_answers_are_a_doubt(blank: Blank, filled: bytes) -> None:
    """A copied control does not win silently."""
    copied = f'<w:sdtPr><w:tag w:val="stagiaire.nom"/></w:sdtPr><w:sdtContent>{text("X")}</w:sdtContent>'
    twin = f"<w:p><w:sdt>{copied}</w:sdt></w:p>"
    answers = answers_of(edit(filled, lambda xml: xml.replace("<w:sectPr", f"{twin}<w:sectPr", 1)), blank)
    assert codes(answers) == {"stagiaire.nom": "DOUBLON"}


def test_text_typed_beside_the_controls_is_a_doubt_on_the_one_before(blank: Blank, filled: bytes) -> None:
    """A paragraph at the end is seen, and shown beside the last answer."""
    added = f"<w:p>{text('Le tuteur change au 1er mars.')}</w:p><w:sectPr"
    answers = answers_of(edit(filled, lambda xml: xml.replace("<w:sectPr", added, 1)), blank)
    assert codes(answers) == {list(blank.slots())[-1].name: "TEXTE_NON_RATTACHE"}
    assert "1er mars" in str(answers[list(blank.slots())[-1].name].doubt)


def test_a_comment_is_a_doubt_on_the_answer_it_hangs_on(blank: Blank, filled: bytes) -> None:
    """A remark in the margin is not lost."""
    comment = (
        f'<w:comments xmlns:w="{W}"><w:comment w:id="3"><w:p>{text("à vérifier")}</w:p></w:comment></w:comments>'
    )
    reference = content("tuteur.nom", text("BENAÏSSA") + '<w:r><w:commentReference w:id="3"/></w:r>')
    answers = answers_of(edit(filled, reference, {"word/comments.xml": comment}), blank)
    assert codes(answers) == {"tuteur.nom": "TEXTE_NON_RATTACHE"}


def without_controls(xml: str) -> str:
    """The document as a program leaves it that knows no content controls: the words alone."""
    return re.sub(r"<w:sdtPr>.*?</w:sdtPr>|</?w:sdt>|</?w:sdtContent>", "", xml, flags=re.DOTALL)


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace('w:val="tuteur.nom"', 'w:val="tuteur.surnom"'),
        lambda xml: re.sub(r'<w:tag w:val="(?:tuteur|organisme)[^"]*"/>', "", xml),
        without_controls,
    ],
    ids=["one control renamed", "two sections without tags", "no control left"],
)
def test_a_form_that_lost_controls_is_read_by_the_order_of_its_words(
    blank: Blank, filled: bytes, change: Callable[[str], str]
) -> None:
    """Its answers are the same or in doubt: none is lost unseen, and none is another's."""
    wanted, found = fields_of(filled, blank), fields_of(edit(filled, change), blank)
    differ = {path for path, field in wanted.items() if found[path].value != field.value}
    assert {path for path in differ if found[path].doubt is None} == set()
    assert found["tuteur.nom"].value == "BENAÏSSA"


def test_an_emptied_control_is_blank(blank: Blank, filled: bytes) -> None:
    """Erased in Word: nothing is proposed in its place, and nothing else is in doubt."""
    emptied = edit(filled, content("stagiaire.nom", ""))
    assert (fields_of(emptied, blank)["stagiaire.nom"].value, doubted(emptied, blank)) == (None, {})
