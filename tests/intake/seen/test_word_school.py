"""A school’s Word form, read by the order of its words: what hides or covers an answer is a doubt there too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from shown_word import MAIN, Change, changed, doubts, part_of, read, run, values, with_spaces

from pipeline.blanks.layout_cache import compile_layouts
from pipeline.core.fields import Dictionary
from pipeline.forms.layouts import load_layout
from pipeline.reading.known_forms import KnownForms

FOLDER = Path(__file__).resolve().parents[2] / "layouts" / "tableau"
HIDDEN, STRUCK, STRAY = "VALEUR_CACHEE", "RATURE", "TEXTE_NON_RATTACHE"
ANSWERS = {
    "stagiaire.nom": "DUPONT",
    "organisme.raison_sociale": "Association « Les Pieds sur Terre »",
    "stage.date_debut": "02/02/2026",
    "stage.sujet": "Accueil temporaire et coordination des parcours",
}


@pytest.fixture(scope="module")
def school(given_out: KnownForms, dictionary: Dictionary, tmp_path_factory: pytest.TempPathFactory) -> KnownForms:
    """Where one school’s form is known."""
    layouts = compile_layouts([load_layout(FOLDER)], dictionary, tmp_path_factory.mktemp("ecole"))
    return replace(given_out, layouts=layouts)


@pytest.fixture(scope="module")
def filled() -> bytes:
    """A copy that somebody filled."""
    return (FOLDER / "00.docx").read_bytes()


def instead(path: str, xml: str) -> Callable[[str], str]:
    """A change of the run that holds an answer; « OLD » is the run as it was."""
    whole = f"<w:t>{ANSWERS[path]}</w:t></w:r>"

    def change(text: str) -> str:
        end = text.index(whole) + len(whole)
        start = text.rindex("<w:r>", 0, end)
        return with_spaces(text[:start] + xml.replace("OLD", text[start:end]) + text[end:])

    return change


def test_the_copy_itself_has_no_doubt(school: KnownForms, filled: bytes) -> None:
    """White titles on dark rows are seen."""
    reading = read(filled, school)
    assert (doubts(reading), reading.strays) == ({}, ())
    assert ANSWERS["stage.sujet"] == values(reading)["stage.sujet"]


@pytest.mark.parametrize("path", ANSWERS)
@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (run("{0}", "<w:vanish/>"), HIDDEN),
        (run("{0}", '<w:color w:val="FFFFFF"/>') + run(" "), HIDDEN),
        (run("{0}", '<w:sz w:val="3"/>'), HIDDEN),
        ("OLD<w:r><w:pict><v:rect style='position:absolute;width:80pt;height:14pt'/></w:pict></w:r>", STRUCK),
        ("OLD<w:r><w:sym w:font='Wingdings' w:char='F0FB'/></w:r>", STRAY),
    ],
    ids=["masqué", "blanc", "petit", "rectangle", "croix"],
)
def test_an_answer_that_is_not_seen_is_a_doubt(
    school: KnownForms, filled: bytes, path: str, xml: str, code: str
) -> None:
    """In names, dates and sentences alike."""
    parts: dict[str, Change] = {MAIN: instead(path, xml.replace("{0}", ANSWERS[path]))}
    assert doubts(read(changed(filled, parts), school))[path] == code


def test_a_text_box_on_a_long_answer_is_a_doubt(school: KnownForms, filled: bytes) -> None:
    """Its words are not a further line."""
    box = f"<v:textbox><w:txbxContent><w:p>{run('et rien d’autre')}</w:p></w:txbxContent></v:textbox>"
    xml = f"OLD<w:r><w:pict><v:shape>{box}</v:shape></w:pict></w:r>"
    assert doubts(read(changed(filled, {MAIN: instead("stage.sujet", xml)}), school))["stage.sujet"] == STRAY


def test_a_header_is_a_doubt_of_the_page_alone(school: KnownForms, filled: bytes) -> None:
    """No answer is doubted for a remark above them all."""
    space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relation = f'<Relationship Id="rId77" Type="{space}/header" Target="header7.xml"/>'
    head = f"<w:hdr>{run('Dossier à revoir avec la direction')}</w:hdr>".replace("<w:r>", "<w:p><w:r>")
    parts: dict[str, Change] = {
        "word/header7.xml": with_spaces(head.replace("<w:hdr>", "<w:document >", 1))
        .replace("w:document", "w:hdr")
        .replace("</w:r></w:hdr>", "</w:r></w:p></w:hdr>"),
        "word/_rels/document.xml.rels": lambda text: text.replace("</Relationships>", f"{relation}</Relationships>"),
        MAIN: lambda text: with_spaces(text).replace(
            "<w:pgSz", '<w:headerReference w:type="default" r:id="rId77"/><w:pgSz', 1
        ),
    }
    assert "<w:pgSz" in part_of(filled, MAIN)
    assert doubts(read(changed(filled, parts), school)) == {"page": STRAY}


def test_tracked_changes_give_the_final_text(school: KnownForms, filled: bytes) -> None:
    """And a note that stops nothing."""
    mark = 'w:id="9" w:author="x"'
    gone = f"<w:del {mark}><w:r><w:delText>01/01/2026</w:delText></w:r></w:del>"
    xml = f"{gone}<w:ins {mark}>OLD</w:ins>"
    reading = read(changed(filled, {MAIN: instead("stage.date_debut", xml)}), school)
    assert (doubts(reading), values(reading)["stage.date_debut"]) == ({}, "2026-02-02")
    assert ["01/01/2026" in one.text for one in reading.strays] == [True]
