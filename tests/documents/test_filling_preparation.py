"""A prepared template loses what no page shows, and nothing else: LibreOffice draws the same pages."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import filling_kit
import people
import pypdfium2
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from filling_templates import MADE, context_for, make

from pipeline.core.programme import Programme
from pipeline.core.workspace import Workspace
from pipeline.documents.filling import fill, fill_plainly
from pipeline.documents.filling.preparation import prepare
from pipeline.documents.libreoffice import convert
from pipeline.documents.proof import page_texts

DOTS_AN_INCH = 75


def pixels(pdf: bytes) -> list[tuple[tuple[int, int], bytes]]:
    """The size and the pixels of each page."""
    with pypdfium2.PdfDocument(pdf) as document:
        drawn = [page.render(scale=DOTS_AN_INCH / 72) for page in document]
        return [((bitmap.width, bitmap.height), bytes(bitmap.buffer)) for bitmap in drawn]


def drawn_the_same(pairs: dict[str, tuple[bytes, bytes]]) -> list[str]:
    """Convert each pair of documents and compare their pages; the names of those that differ."""
    pdfs = convert({f"{name}{side}": pair[side] for name, pair in pairs.items() for side in (0, 1)})
    return [
        name
        for name in pairs
        if pixels(pdfs[f"{name}0"]) != pixels(pdfs[f"{name}1"])
        or page_texts(pdfs[f"{name}0"]) != page_texts(pdfs[f"{name}1"])
    ]


def test_the_templates_of_the_house_look_the_same(
    workspace: Workspace, programme: Callable[[str], Programme]
) -> None:
    """Each one filled as it is by docxtpl, and filled prepared: the same text and the same pixels on each page."""
    pairs = {}
    for code in (people.CNAM, people.COORDINATION):
        for case in filling_kit.cases(workspace, programme(code)):
            name = case.template.stem
            if name not in pairs:
                whole = fill_plainly(case.template.read_bytes(), case.context, title="Essai", name=name)
                pairs[name] = (whole.docx, fill(case.template, case.context, title="Essai").docx)

    assert len(pairs) > 9
    assert drawn_the_same(pairs) == []


def test_templates_full_of_unused_styles_look_the_same(tmp_path: Path) -> None:
    """Those of python-docx bring 160 styles and a thumbnail: what each leaves on the page is unchanged."""
    pairs = {}
    for number, name in enumerate(sorted(MADE)):
        template = make(tmp_path, name)
        context = context_for(filling_kit.chance_of(name)) | {"oui": True, "non": True}
        whole = fill_plainly(template.read_bytes(), context, title="Essai", name=name).docx
        pairs[f"m{number}"] = (whole, fill(template, context, title="Essai").docx)

    assert drawn_the_same(pairs) == []


def styles(data: bytes) -> set[str]:
    """The names of the styles of a Word file."""
    return {style.name for style in docx.Document(io.BytesIO(data)).styles}


def saved(document: docx.document.Document) -> bytes:
    """The bytes of a document."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def field(document: docx.document.Document, instruction: str) -> None:
    """A field in a paragraph of its own, its instruction cut into two runs as Word does."""
    paragraph = document.add_paragraph()
    half = len(instruction) // 2
    for piece in (instruction[:half], instruction[half:]):
        text = OxmlElement("w:instrText")
        text.text = piece
        paragraph.add_run()._r.append(text)


def test_unused_styles_and_leftovers_go() -> None:
    """Few styles are left; the thumbnail and the copy of the styles for Word 2007 are gone with their links."""
    before = saved(docx.Document())

    after = prepare(before)

    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        texts = {name: archive.read(name) for name in archive.namelist()}
    assert len(styles(before)) > 150
    assert len(styles(after)) < 15
    assert not [name for name in texts if "thumbnail" in name or "WithEffects" in name]
    assert not [name for name, text in texts.items() if b"thumbnail" in text or b"WithEffects" in text]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (WD_STYLE_TYPE.PARAGRAPH, "Titre maison"),
        (WD_STYLE_TYPE.CHARACTER, "Mot maison"),
        (WD_STYLE_TYPE.TABLE, "Tableau maison"),
    ],
)
def test_a_style_in_use_stays_with_those_it_stands_on(kind: WD_STYLE_TYPE, name: str) -> None:
    """In the body, a header or a table: the style, what it is based on, what follows it."""
    document = docx.Document()
    base = document.styles.add_style("Socle", kind)
    style = document.styles.add_style(name, kind)
    style.base_style = base
    document.styles.add_style("Jamais", kind)
    if kind is WD_STYLE_TYPE.PARAGRAPH:
        style.next_paragraph_style = document.styles.add_style("Suite", kind)
        document.sections[0].header.paragraphs[0].style = style
    elif kind is WD_STYLE_TYPE.CHARACTER:
        document.add_paragraph().add_run("mot").style = style
    else:
        document.add_table(1, 1).style = style

    left = styles(prepare(saved(document)))

    assert {name, "Socle"} <= left
    assert ("Suite" in left) == (kind is WD_STYLE_TYPE.PARAGRAPH)
    assert "Jamais" not in left


def test_styles_named_by_a_numbering_or_a_field_stay() -> None:
    """A level of a list, a table of contents and a reference to a style name styles that no paragraph has yet."""
    document = docx.Document()
    for name in ("Puce maison", "Titre annexe", "Jamais"):
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    level = document.part.numbering_part.element.find(f".//{qn('w:lvl')}")
    link = OxmlElement("w:pStyle")
    link.set(qn("w:val"), "Pucemaison")
    level.append(link)
    field(document, 'TOC \\o "1-3" \\t "Titre annexe;2"')

    left = styles(prepare(saved(document)))

    assert {"Puce maison", "Titre annexe", "Heading 1", "Heading 3", "TOC Heading"} <= left
    assert "Jamais" not in left
    assert "Light Shading" not in left


def test_a_style_chosen_by_a_value_keeps_them_all() -> None:
    """Nothing can be said of ``<w:pStyle w:val="{{ style }}"/>``: every style stays."""
    document = docx.Document()
    document.add_paragraph("{{ nom }}").paragraph_format.element.get_or_add_pPr().get_or_add_pStyle().set(
        qn("w:val"), "{{ style }}"
    )
    before = saved(document)

    assert styles(prepare(before)) == styles(before)


def test_the_template_itself_is_left_alone(tmp_path: Path) -> None:
    """The scolarité's file keeps its bytes."""
    template = make(tmp_path, "paragraphs")
    before = template.read_bytes()
    fill(template, context_for(filling_kit.chance_of(1)) | {"nom": "Zoé"}, title="Essai")

    assert template.read_bytes() == before


def test_preparing_twice_changes_nothing_more() -> None:
    """What is left names itself only what is left."""
    once = prepare(saved(docx.Document()))

    assert styles(prepare(once)) == styles(once)
