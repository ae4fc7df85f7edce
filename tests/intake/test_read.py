"""The whole room: a file in, a reading out, or a refusal that says what to do."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bad_files
import people
import pytest
from by_value import ByValue
from forms_filler import fill_acroform, fill_word, print_pdf, print_words
from pypdf import PdfReader, PdfWriter

from pipeline.core.errors import FormRejected
from pipeline.core.fields import Dictionary
from pipeline.core.formation import load_formation
from pipeline.core.models import Form, Kind, Reading, get, put
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import Blank, plan_blank
from pipeline.forms.drawing.blank_docx import draw_docx
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.forms.prefill import slot_texts
from pipeline.reading import reader as intake
from pipeline.reading.known_forms import KnownForms

Read = Callable[[bytes], Reading]
RECORDS = {people.CNAM: people.cnam(), people.COORDINATION: people.coordination()}


@pytest.fixture
def read(given_out: KnownForms, tmp_path: Path) -> Read:
    """Bytes to a reading, as for a received file."""

    def run(data: bytes) -> Reading:
        path = tmp_path / "recu"
        path.write_bytes(data)
        form = Form(hashlib.sha256(data).hexdigest(), path, "../../formulaire.docx", people.TODAY)
        return intake.read(form, given_out)

    return run


def plan(workspace: Workspace, dictionary: Dictionary, code: str) -> Blank:
    """The form of a formation."""
    formation = load_formation(workspace, code)
    return plan_blank(dictionary, formation, formation.session("2024-2025"))


def asked(blank: Blank, data: dict[str, Any]) -> dict[str, Any]:
    """The part of a record that the form asks for, its activity code as the directory of businesses writes it."""
    kept: dict[str, Any] = {}
    for cell in blank.cells():
        value = get(data, cell.field.path)
        if value is not None:
            put(kept, cell.field.path, value.replace(".", "") if cell.field.path.endswith(".ape") else value)
    return kept


@pytest.mark.parametrize("code", RECORDS)
@pytest.mark.parametrize(
    ("dress", "kind"),
    [
        ("fillable", Kind.ACROFORM),
        ("Word", Kind.DOCX),
        ("printed", Kind.PDF_TEXT),
        ("Word printed", Kind.PDF_TEXT),
    ],
)
def test_a_whole_record_comes_back_as_it_was_written(
    read: Read, workspace: Workspace, dictionary: Dictionary, *, code: str, dress: str, kind: Kind
) -> None:
    """Filled on the screen, in Word, or printed to PDF: the same record, and not one doubt."""
    blank, data = plan(workspace, dictionary, code), RECORDS[code]
    texts = slot_texts(blank, data)
    dresses: dict[str, Callable[[], bytes]] = {
        "fillable": lambda: fill_acroform(draw_pdf(blank), blank, texts),
        "Word": lambda: fill_word(draw_docx(blank), texts),
        "printed": lambda: print_pdf(draw_pdf(blank, data)),
        "Word printed": lambda: print_words([fill_word(draw_docx(blank), texts)])[0],
    }
    reading = read(dresses[dress]())
    assert (reading.kind, reading.layout, reading.formation) == (kind, blank.layout, code)
    assert [(field.path, field.doubt) for field in reading.doubts] == []
    assert min(field.confidence for field in reading.fields) >= 0.97
    assert reading.values == asked(blank, data)


def test_an_owner_password_does_not_keep_a_form_from_being_read(
    read: Read, workspace: Workspace, dictionary: Dictionary
) -> None:
    """Only a password to open hides the content."""
    blank = plan(workspace, dictionary, people.CNAM)
    file = bad_files.pdf_encrypted(draw_pdf(blank, people.cnam()), user="", owner="chef")
    assert read(file).values == asked(blank, people.cnam())


def printed_with_another_text(workspace: Workspace, dictionary: Dictionary) -> bytes:
    """A page that bears the mark of our form, and none of its words."""
    blank = plan(workspace, dictionary, people.CNAM)
    lines = (*bad_files.OTHER_SCHOOL, "Des mots pour en compter vingt et davantage sur cette page.")
    return bad_files.pdf((*lines, blank.mark.removesuffix(blank.version) + "0123abcd"))


def two_forms(workspace: Workspace, dictionary: Dictionary) -> bytes:
    """The printed forms of both formations in one file."""
    writer = PdfWriter()
    for code in RECORDS:
        writer.append(PdfReader(io.BytesIO(print_pdf(draw_pdf(plan(workspace, dictionary, code))))))
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "FICHIER_VIDE"),
    "photo": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "IMAGE_ENDOMMAGEE"),
    "old Word": (bad_files.OLE + "WordDocument".encode("utf-16-le"), "WORD_ANCIEN"),
    "protected Word": (bad_files.OLE + "EncryptedPackage".encode("utf-16-le"), "WORD_PROTEGE"),
    "web page": (b"<html><body>Connexion</body></html>", "PAGE_WEB"),
    "truncated PDF": (bad_files.pdf()[:500], "PDF_ENDOMMAGE"),
    "PDF with a password": (bad_files.pdf_encrypted(bad_files.pdf(), user="a", owner="b"), "PDF_CHIFFRE"),
    "500 pages": (bad_files.pdf(pages=500), "PDF_TROP_DE_PAGES"),
    "zip bomb": (bad_files.docx({"word/media/image1.bin": b" " * 5_000_000}), "WORD_BOMBE"),
    "two documents": (bad_files.docx_with_twins(), "WORD_DOUBLONS"),
    "path trick": (bad_files.docx_named("../../evil.txt"), "WORD_CHEMIN"),
    "entities": (bad_files.docx({"word/document.xml": "<!DOCTYPE x><x/>"}), "WORD_DOCTYPE"),
    "macros": (bad_files.docx({"word/vbaProject.bin": b"."}), "WORD_MACRO"),
    "scan": (bad_files.pdf_scan(), "ILLISIBLE"),
    "PDF of another school": (bad_files.pdf(bad_files.OTHER_SCHOOL), "FORMULAIRE_INCONNU"),
    "Word of another school": (bad_files.docx(), "FORMULAIRE_INCONNU"),
    "another formation": (bad_files.pdf(keywords="liasse/cuisine/2024-2025/0123abcd"), "FORMATION_INCONNUE"),
}


@pytest.mark.parametrize(("data", "reason"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_with_its_own_code(read: Read, data: bytes, reason: str) -> None:
    """Whatever its name; the message is French and says what to do."""
    with pytest.raises(FormRejected) as caught:
        read(data)
    said = caught.value.message
    assert (caught.value.reason, said.endswith("."), len(said) > 60) == (reason, True, True)


def test_every_code_has_its_own_message(read: Read) -> None:
    """Two different troubles are never told in the same words."""
    said: dict[str, set[str]] = {}
    for data, reason in BAD.values():
        with pytest.raises(FormRejected) as caught:
            read(data)
        said.setdefault(caught.value.message, set()).add(reason)
    assert [reasons for reasons in said.values() if len(reasons) > 1] == []


@pytest.mark.parametrize(
    ("build", "reason"),
    [(printed_with_another_text, "FORMULAIRE_INCONNU"), (two_forms, "PLUSIEURS_FICHIERS")],
)
def test_a_printed_form_that_cannot_be_placed_is_refused(
    read: Read,
    workspace: Workspace,
    dictionary: Dictionary,
    build: Callable[[Workspace, Dictionary], bytes],
    reason: str,
) -> None:
    """A mark without the form behind it says nothing; two forms are not one."""
    with pytest.raises(FormRejected) as caught:
        read(build(workspace, dictionary))
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {"kind": "acroform", "layout": "nowhere/2024-2025", "fields": []},
        {"kind": "acroform", "layout": f"{people.CNAM}/2024-2025", "fields": []},
        {"kind": "acroform", "layout": f"{people.CNAM}/2024-2025", "fields": [{"path": "x"}]},
    ],
)
def test_a_child_that_lies_is_not_believed(
    read: Read, monkeypatch: pytest.MonkeyPatch, workspace: Workspace, dictionary: Dictionary, answer: Any
) -> None:
    """What comes out of the jail must be a reading of one of our forms, field by field."""
    monkeypatch.setattr(intake, "_digitally", ByValue(lambda *_args, **_kwargs: answer))
    with pytest.raises(FormRejected) as caught:
        read(draw_pdf(plan(workspace, dictionary, people.CNAM)))
    assert caught.value.reason == "FICHIER_REFUSE"
