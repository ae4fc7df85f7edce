"""The mark at the foot of a form says which of our forms it is; without it, it is another school's."""

from __future__ import annotations

from pathlib import Path

import bad_files
import people
import pytest
from pipeline.reading.catalogue import Catalogue

from pipeline.core.errors import ConfigError, FormRejected
from pipeline.core.fields import Dictionary
from pipeline.core.workspace import Workspace
from pipeline.forms.drawing.blank_docx import draw_docx
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.reading.gates import open_docx, open_pdf
from pipeline.reading.recognise import find_form, keywords, page_texts, parse_xml, word_texts


@pytest.fixture(scope="module")
def catalogue(workspace: Workspace, dictionary: Dictionary) -> Catalogue:
    """Every form of the workspace."""
    return Catalogue.load(workspace, dictionary)


def test_every_blank_of_ours_is_recognised_by_keywords_and_by_footer(catalogue: Catalogue) -> None:
    """PDF keywords, PDF footers, Word keywords and footers each name the form."""
    for layout, blank in catalogue.blanks.items():
        pdf, parts = draw_pdf(blank), open_docx(draw_docx(blank))
        sources = ([keywords(open_pdf(pdf))], page_texts(pdf), word_texts(parts)[:1], word_texts(parts)[1:])
        found = [find_form(texts, catalogue) for texts in sources]
        assert [(one.blank.layout, one.same_version) for one in found if one] == [(layout, True)] * 4


def test_a_document_without_a_mark_is_nobody_of_ours(catalogue: Catalogue) -> None:
    """Another school's form has no mark."""
    assert find_form(page_texts(bad_files.pdf(bad_files.OTHER_SCHOOL)), catalogue) is None


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        (["liasse/cuisine/2024-2025/0123abcd"], "FORMATION_INCONNUE"),
        ([f"liasse/{people.COORDINATION}/1999-2000/0123abcd"], "SESSION_INCONNUE"),
        (
            [f"liasse/{people.COORDINATION}/2024-2025/0123abcd", f"liasse/{people.CNAM}/2024-2025/0123abcd"],
            "PLUSIEURS_FORMULAIRES",
        ),
    ],
)
def test_a_form_that_cannot_be_handled_here_is_refused(catalogue: Catalogue, texts: list[str], reason: str) -> None:
    """Another formation, another year, two forms in one file: each has its code."""
    with pytest.raises(FormRejected) as caught:
        find_form(texts, catalogue)
    assert caught.value.reason == reason


def test_an_older_version_is_known_as_such(catalogue: Catalogue) -> None:
    """The version is the last part of the mark."""
    found = find_form([f"liasse/{people.COORDINATION}/2024-2025/0123abcd"], catalogue)
    assert found is not None
    assert (found.blank.layout, found.same_version) == (f"{people.COORDINATION}/2024-2025", False)


def test_a_broken_formation_is_ours_to_mend_and_does_not_stop_the_others(
    own_workspace: Workspace, dictionary: Dictionary
) -> None:
    """Only a form of that formation meets the error."""
    path = Path(own_workspace.templates, people.CNAM, "formation.toml")
    path.write_text("code = ", encoding="utf-8")
    catalogue = Catalogue.load(own_workspace, dictionary)
    assert catalogue.codes == {people.COORDINATION}
    with pytest.raises(ConfigError, match="not valid TOML"):
        find_form([f"liasse/{people.CNAM}/2024-2025/0123abcd"], catalogue)


def test_a_scan_is_told_from_a_form() -> None:
    """Pages without words are pictures: the sender is told to fill the form on a computer."""
    with pytest.raises(FormRejected, match="sans le scanner") as caught:
        page_texts(bad_files.pdf_scan())
    assert caught.value.reason == "ILLISIBLE"


def test_an_entity_is_never_resolved(tmp_path: Path) -> None:
    """A part that declares one is refused, whatever it names."""
    secret = tmp_path / "secret"
    secret.write_text("secret", encoding="utf-8")
    with pytest.raises(FormRejected) as caught:
        parse_xml(f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]><x>&e;</x>'.encode())
    assert caught.value.reason == "WORD_DOCTYPE"
