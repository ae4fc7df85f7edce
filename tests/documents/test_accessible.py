"""What a screen reader would miss, seen in Word templates; and text that is copied as it was written."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from PIL import Image

from pipeline.core.formation import formation_codes, load_formation
from pipeline.core.workspace import Workspace
from pipeline.documents.accessible import ROW_HEAD, inaccessible
from pipeline.documents.drafts import CONTROL
from pipeline.documents.filling.archive import deflate, write_archive
from pipeline.documents.filling.rewriting import changed
from pipeline.documents.filling.unmarked import without_words
from pipeline.documents.letters import LETTER
from pipeline.documents.libreoffice.ligatures import without_ligatures
from pipeline.maintenance.formations import inspect

Write = Callable[[Any], Any]


def paper(tmp_path: Path, *parts: Write) -> Path:
    """A template with a title, then these parts."""
    document = docx.Document()
    document.add_heading("Convention de stage", 1)
    for write in parts:
        write(document)
    path = tmp_path / "modele.docx"
    document.save(str(path))
    return path


def grid(rows: int, columns: int, *, head: bool = False, first_column: bool = False, style: str = "") -> Write:
    """A table of words, with what Word may say of its heads."""

    def write(document: Any) -> None:
        if style and style not in document.styles:
            document.styles.add_style(style, WD_STYLE_TYPE.PARAGRAPH)
        table = document.add_table(rows, columns)
        for number, cell in enumerate(table._cells):
            cell.text = f"mot {number}"
            if style and number % columns == 0:
                cell.paragraphs[0].style = style
        look = table._tbl.tblPr.find(qn("w:tblLook"))
        look.set(qn("w:firstColumn"), str(int(first_column)))
        look.set(qn("w:firstRow"), "0")
        if head:
            table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        document.add_paragraph("Après le tableau.")

    return write


def picture(text: str | None) -> Write:
    """A logo, with an alternative text or without."""

    def write(document: Any) -> None:
        image = io.BytesIO()
        Image.new("RGB", (8, 8), "navy").save(image, "PNG")
        image.seek(0)
        document.add_paragraph().add_run().add_picture(image)
        if text is not None:
            document.element.body.find(f".//{qn('wp:docPr')}").set("descr", text)

    return write


def ruled(document: Any) -> None:
    """An empty paragraph with a line under it: it is seen."""
    border = OxmlElement("w:pBdr")
    document.add_paragraph()._p.get_or_add_pPr().append(border)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        pytest.param([lambda d: d.add_heading("Annexe", 3)], "de niveau 3 après un titre 1", id="level skipped"),
        pytest.param([grid(3, 2)], "le tableau « mot 0mot 1 » n’a pas d’en-têtes", id="table without head"),
        pytest.param([picture(None)], "n’a pas de texte de remplacement", id="picture without text"),
        pytest.param([picture("  ")], "n’a pas de texte de remplacement", id="picture with a blank text"),
        pytest.param(
            [lambda d: d.add_paragraph("• accueillir")],
            "« • accueillir » commence par un tiret ou un point",
            id="dot",
        ),
        pytest.param([lambda d: d.add_paragraph("– accueillir")], "commence par un tiret", id="dash"),
        pytest.param(
            [lambda d: d.add_paragraph("Objet"), lambda d: d.add_paragraph(), lambda d: d.add_paragraph("Suite")],
            "un paragraphe vide après « Objet » fait un espace",
            id="space",
        ),
        pytest.param(
            [lambda d: d.add_table(2, 1), lambda d: d.add_paragraph(), lambda d: d.add_paragraph("Suite")],
            "un paragraphe vide après «  » fait un espace",
            id="space after a table",
        ),
        pytest.param(
            [lambda d: d.add_paragraph("Visa {{ s.ancre }}")], "mettez la marque seule", id="mark in a line"
        ),
    ],
)
def test_what_a_screen_reader_would_miss_is_told(tmp_path: Path, parts: list[Write], said: str) -> None:
    """Each fault with the words where it is."""
    (fault,) = inaccessible(paper(tmp_path, *parts))

    assert said in fault


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([lambda d: d.add_heading("Objet", 2), lambda d: d.add_heading("Détail", 3)], id="levels"),
        pytest.param([lambda d: d.add_heading("{{ stage.sujet }}", 2), lambda d: d.add_heading("B", 1)], id="back"),
        pytest.param([grid(3, 2, head=True)], id="head row"),
        pytest.param([grid(3, 2, first_column=True)], id="head column, as Word says it"),
        pytest.param([grid(3, 2, style=ROW_HEAD)], id="head column, by its style"),
        pytest.param([grid(1, 3)], id="one row"),
        pytest.param([grid(4, 1)], id="one column"),
        pytest.param([picture("Logo de l’école")], id="picture"),
        pytest.param([lambda d: d.add_paragraph("accueillir", style="List Bullet")], id="list"),
        pytest.param([lambda d: d.add_paragraph("—"), lambda d: d.add_paragraph("-12 °C")], id="dashes of no list"),
        pytest.param(
            [lambda d: d.add_table(2, 1), lambda d: d.add_paragraph(), lambda d: d.add_table(2, 1), ruled],
            id="wanted",
        ),
        pytest.param(
            [lambda d: d.add_paragraph("{%p if x %}"), lambda d: d.add_paragraph("{{ s.ancre }}")], id="mark"
        ),
    ],
)
def test_what_is_well_made_is_let_be(tmp_path: Path, parts: list[Write]) -> None:
    """Nothing is said."""
    assert inaccessible(paper(tmp_path, *parts)) == ()


def test_a_paper_without_title_is_told(tmp_path: Path) -> None:
    """Bold words are no heading."""
    document = docx.Document()
    document.add_paragraph().add_run("Convention").bold = True
    document.save(str(tmp_path / "modele.docx"))

    assert inaccessible(tmp_path / "modele.docx") == (
        "aucun paragraphe n’est un titre : donnez au sien le style « Titre 1 ».",
    )


def test_a_style_based_on_a_heading_is_one(tmp_path: Path) -> None:
    """« Article », based on Heading 2, or with an outline level of its own."""

    def article(document: Any) -> None:
        style = document.styles.add_style("Article", WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Heading 2"]
        document.add_paragraph("Article 1", style="Article")
        document.add_heading("Détail", 3)

    assert inaccessible(paper(tmp_path, article)) == ()


def test_every_template_of_ours_is_accessible(workspace: Workspace) -> None:
    """Those of both formations, the control sheet and the letter."""
    names = {CONTROL, LETTER}
    names |= {
        piece.template
        for code in formation_codes(workspace)
        for piece in load_formation(workspace, code).pieces()
        if piece.template
    }

    assert {name: inaccessible(workspace.templates / name) for name in sorted(names)} == dict.fromkeys(
        sorted(names), ()
    )


def test_check_tells_it_of_a_formation(own_workspace: Workspace) -> None:
    """With the template's name, apart from the faults: its papers are made all the same."""
    path = own_workspace.templates / "commun" / "attestation.docx"
    document = docx.Document(str(path))
    document.add_paragraph("• fait main")
    document.save(str(path))

    found = next(one for one in inspect(own_workspace) if one.formation == "cnam-lp-insertion")

    assert found.faults == ()
    assert [said for said in found.accessibility if said.startswith("commun/attestation.docx : « • fait main »")]


def test_ligatures_are_off_for_libreoffice_alone(tmp_path: Path) -> None:
    """Each font named for Latin letters, once; what names none is copied as it was; what is no zip stays."""
    path = paper(tmp_path)
    before = path.read_bytes()
    after = without_ligatures(before)

    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        assert new.testzip() is None
        assert new.namelist() == old.namelist()
        theme, styles = new.read("word/theme/theme1.xml").decode(), new.read("word/styles.xml").decode()
        assert '<a:latin typeface="Calibri:-liga"' in theme
        assert 'w:ascii="Courier:-liga"' in styles
        assert f"w:val={quoteattr('Table Grid')}" in styles
        assert new.read("word/document.xml") == old.read("word/document.xml")
    assert without_ligatures(after) == without_ligatures(after)
    assert b":-liga:-liga" not in b"".join(
        zipfile.ZipFile(io.BytesIO(without_ligatures(after))).read(n) for n in new.namelist()
    )
    assert without_ligatures(b"rien") == b"rien"


def test_marks_leave_the_word_file_too() -> None:
    """A text of the body that is exactly the mark; nothing else, and nothing elsewhere."""
    text = b"<w:t>sign1-stagiaire</w:t><w:t>d2-sign1-stagiaire</w:t><w:t>voir sign1-stagiaire</w:t>"
    archive = write_archive(
        [deflate("word/document.xml", text), deflate("word/header1.xml", text), deflate("a.png", b"x")]
    )

    def left(words: set[str]) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(without_words(archive, words))) as opened:
            return {name: opened.read(name) for name in opened.namelist()}

    assert left({"sign1-stagiaire"}) == {
        "word/document.xml": text.replace(b">sign1-stagiaire<", b"><"),
        "word/header1.xml": text,
        "a.png": b"x",
    }
    assert without_words(archive, set()) == archive
    assert without_words(b"rien", {"sign1-stagiaire"}) == b"rien"
    assert without_words(archive[:-30], {"sign1-stagiaire"}) == archive[:-30]
    assert changed(archive, re.compile(".*"), lambda entry: entry) == archive
