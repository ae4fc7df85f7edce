"""The mark at the foot of a form says which of our forms it is; without it, it is another school's."""

from __future__ import annotations

from pathlib import Path

import bad_files
import people
import pytest
from forms_filler import print_pdf

from pipeline.blanks.edition_store import open_blanks
from pipeline.core.errors import ConfigError, FormRejected
from pipeline.core.fields import Dictionary
from pipeline.core.formation import formation_codes, load_formation
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import MARK, Blank, plan_blank
from pipeline.forms.drawing.blank_docx import draw_docx
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.reading.alignment import receive
from pipeline.reading.alignment.received import marks_in
from pipeline.reading.digital import PagesAreImages, read_form
from pipeline.reading.known_forms import KnownForms
from pipeline.sandbox.untrusted_xml import parse_xml


@pytest.fixture(scope="module")
def blanks(workspace: Workspace, dictionary: Dictionary) -> list[Blank]:
    """Every form that is given out."""
    formations = [load_formation(workspace, code) for code in formation_codes(workspace)]
    return [plan_blank(dictionary, one, session) for one in formations for session in one.sessions]


def test_every_blank_of_ours_is_recognised_in_each_of_its_dresses(given_out: KnownForms, blanks: list[Blank]) -> None:
    """The fillable PDF, its print and the Word form each name the form by its mark."""
    for blank in blanks:
        for data in (draw_pdf(blank), print_pdf(draw_pdf(blank)), draw_docx(blank)):
            found = given_out.own.named_by(receive(data).marks)
            assert found is not None
            assert (found.layout.id, f"{MARK}/{found.layout.id}/{found.layout.version}") == (blank.layout, blank.mark)


def test_the_mark_is_found_at_the_foot_when_the_keywords_are_lost(blanks: list[Blank]) -> None:
    """A printer writes no keywords: what stands at the foot of each page is enough."""
    received = receive(print_pdf(draw_pdf(blanks[0])))
    assert (received.keywords, [str(mark) for mark in received.marks]) == ("", [blanks[0].mark])


def test_a_document_without_a_mark_is_nobody_of_ours(given_out: KnownForms) -> None:
    """Another school's form has no mark."""
    assert given_out.own.named_by(receive(bad_files.pdf(bad_files.OTHER_SCHOOL)).marks) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("liasse/cuisine/2024-2025/0123abcd", "FORMATION_INCONNUE"),
        (f"liasse/{people.COORDINATION}/1999-2000/0123abcd", "SESSION_INCONNUE"),
        (
            f"liasse/{people.COORDINATION}/2024-2025/0123abcd liasse/{people.CNAM}/2024-2025/0123abcd",
            "PLUSIEURS_FORMULAIRES",
        ),
    ],
)
def test_a_form_that_cannot_be_handled_here_is_refused(given_out: KnownForms, text: str, reason: str) -> None:
    """Another formation, another year, two forms in one file: each has its code."""
    with pytest.raises(FormRejected) as caught:
        given_out.own.named_by(marks_in(text))
    assert caught.value.reason == reason


def test_a_version_that_nobody_kept_is_read_as_the_one_of_today(given_out: KnownForms, blanks: list[Blank]) -> None:
    """The version is the last part of the mark."""
    found = given_out.own.named_by(marks_in(f"liasse/{people.COORDINATION}/2024-2025/0123abcd"))
    today = next(blank for blank in blanks if blank.layout == f"{people.COORDINATION}/2024-2025")
    assert found is not None
    assert found.layout.version == today.version


def test_a_broken_formation_is_ours_to_mend_and_does_not_stop_the_others(
    own_workspace: Workspace, dictionary: Dictionary
) -> None:
    """Only a form of that formation meets the error."""
    path = Path(own_workspace.templates, people.CNAM, "formation.toml")
    path.write_text("code = ", encoding="utf-8")
    own = open_blanks(own_workspace, dictionary)
    assert {mark.formation for mark in own.current} == {people.COORDINATION}
    with pytest.raises(ConfigError, match="not valid TOML"):
        own.named_by(marks_in(f"liasse/{people.CNAM}/2024-2025/0123abcd"))


def test_a_scan_is_told_from_a_form(given_out: KnownForms) -> None:
    """Pages without words are pictures: their words are for the reader of scans."""
    with pytest.raises(PagesAreImages):
        read_form(bad_files.pdf_scan(), given_out, people.TODAY)


def test_an_entity_is_never_resolved(tmp_path: Path) -> None:
    """A part that declares one is refused, whatever it names."""
    secret = tmp_path / "secret"
    secret.write_text("secret", encoding="utf-8")
    with pytest.raises(FormRejected) as caught:
        parse_xml(f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]><x>&e;</x>'.encode())
    assert caught.value.reason == "WORD_DOCTYPE"
