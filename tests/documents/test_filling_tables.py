"""Styles written out into tables: the same pages, and nothing taken from a table that needs its style."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import docx
import pypdfium2
import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from docx.table import Table

from pipeline.documents.filling.preparation import prepare
from pipeline.documents.libreoffice import convert

TEXTS = ("Nom de l’organisme", "Une ligne\nune autre", "{{ organisme.nom }}")


def with_table(document: Document, style: str | None = "Table Grid", rows: int = 3) -> Table:
    """A table of this style, with a text in each of its nine cells."""
    table = document.add_table(rows, 3)
    if style:
        table.style = document.styles[style]
    for number, cell in enumerate(table._cells):
        cell.text = TEXTS[number % 3]
    return table


def plain(document: Document) -> None:
    """The style that Word itself proposes: borders, and paragraphs without space after them."""
    with_table(document)


def with_own_borders(document: Document) -> None:
    """A table that has a thick line at its foot and wide cells, whatever its style says."""
    look = with_table(document)._tbl.tblPr.find(qn("w:tblLook"))
    look.addprevious(
        parse_xml(
            f'<w:tblBorders {nsdecls("w")}><w:bottom w:val="double" w:sz="24" w:space="0" w:color="FF0000"/>'
            "</w:tblBorders>"
        )
    )
    look.addprevious(parse_xml(f'<w:tblCellMar {nsdecls("w")}><w:left w:w="400" w:type="dxa"/></w:tblCellMar>'))


def with_spaced_paragraphs(document: Document) -> None:
    """Paragraphs that say their own spacing, and some whose style does: the table's does not count for them."""
    table = with_table(document, rows=4)
    table.cell(0, 0).paragraphs[0].paragraph_format.space_after = Pt(18)
    table.cell(1, 1).paragraphs[0].paragraph_format.line_spacing = 2
    table.cell(2, 2).paragraphs[0].style = document.styles["Heading 2"]
    own = document.styles.add_style("Serré", 1)
    own.paragraph_format.space_before = Pt(9)
    table.cell(3, 0).paragraphs[0].style = own


def with_a_table_within(document: Document) -> None:
    """A table in a table's cell, each with its style."""
    cell = with_table(document).cell(1, 1)
    inner = cell.add_table(2, 2)
    inner.style = document.styles["Light Shading"]
    inner.cell(0, 0).text = "dedans"
    cell.add_paragraph("après")


def with_parts(document: Document) -> None:
    """A style that colours first rows and odd ones."""
    with_table(document, "Medium Grid 1 Accent 1")


def with_a_style_that_stands_on_another(document: Document) -> None:
    """A school's own style upon Word's: what that says of paragraphs counts for Word, and not for LibreOffice."""
    own = document.styles.add_style("Maison", WD_STYLE_TYPE.TABLE)
    own.base_style = document.styles["Table Grid"]
    with_table(document, "Maison")


def with_automatic_spacing(document: Document) -> None:
    """A paragraph whose spacing is no length: another attribute takes the place of the table's."""
    paragraph = with_table(document).cell(0, 0).paragraphs[0]._p.get_or_add_pPr()
    paragraph.append(parse_xml(f'<w:spacing {nsdecls("w")} w:afterAutospacing="0"/>'))


def with_sides_of_the_other_name(document: Document) -> None:
    """Margins written as « start », where the style says « left »."""
    look = with_table(document)._tbl.tblPr.find(qn("w:tblLook"))
    look.addprevious(parse_xml(f'<w:tblCellMar {nsdecls("w")}><w:start w:w="600" w:type="dxa"/></w:tblCellMar>'))


def without_a_style(document: Document) -> None:
    """A table that names none: the file's default is its style."""
    with_table(document, None)


def in_the_header(document: Document) -> None:
    """A table at the head of each page."""
    table = document.sections[0].header.add_table(1, 2, Pt(400))
    table.style = document.styles["Table Grid"]
    table.cell(0, 0).text = "École"


WAYS = [
    plain,
    with_own_borders,
    with_spaced_paragraphs,
    with_a_table_within,
    with_parts,
    without_a_style,
    in_the_header,
    with_a_style_that_stands_on_another,
    with_automatic_spacing,
    with_sides_of_the_other_name,
]


def made(change: Callable[[Document], object]) -> bytes:
    """A template with a table."""
    document = docx.Document()
    document.add_paragraph("avant")
    change(document)
    document.add_paragraph("après")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pages(pdf: bytes) -> list[bytes]:
    """Its pages as pixels."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [bytes(page.render(scale=1.5).buffer) for page in document]


def styles_named(data: bytes) -> list[str]:
    """The styles that the tables of the body name."""
    body = docx.Document(io.BytesIO(data)).element.body
    return [style.get(qn("w:val")) for style in body.iter(qn("w:tblStyle"))]


def test_the_same_pages() -> None:
    """Each kind of table as it is and prepared, drawn by LibreOffice."""
    files = {change.__name__: made(change) for change in WAYS}
    pdfs = convert(files | {f"{name} prepared": prepare(data) for name, data in files.items()})

    assert [name for name in files if pages(pdfs[name]) != pages(pdfs[f"{name} prepared"])] == []


@pytest.mark.parametrize("change", [plain, with_own_borders, with_spaced_paragraphs])
def test_a_plain_style_is_written_out(change: Callable[[Document], object]) -> None:
    """The table names it no more, and the file has it no more."""
    prepared = prepare(made(change))

    assert styles_named(prepared) == []
    assert "Table Grid" not in {style.name for style in docx.Document(io.BytesIO(prepared)).styles}


def test_a_style_stays_where_it_says_more_than_can_be_written_out() -> None:
    """What the style below says of paragraphs; a spacing that is no length."""
    assert styles_named(prepare(made(with_a_style_that_stands_on_another))) == ["Maison"]
    assert styles_named(prepare(made(with_automatic_spacing))) == ["TableGrid"]


def test_a_side_is_said_once() -> None:
    """« start » is « left »."""
    table = docx.Document(io.BytesIO(prepare(made(with_sides_of_the_other_name)))).tables[0]._tbl.tblPr
    assert [etree_name(side) for side in table.find(qn("w:tblCellMar"))] == ["top", "start", "bottom", "right"]


def test_a_style_with_parts_stays() -> None:
    """First rows and odd columns cannot be said in a table."""
    assert styles_named(prepare(made(with_parts))) == ["MediumGrid1-Accent1"]


def test_one_style_is_written_out_and_the_other_stays() -> None:
    """Each table of its own, also within another."""
    assert styles_named(prepare(made(with_a_table_within))) == ["LightShading"]


def chosen(document: Document) -> None:
    """A paragraph whose style is a value: what that says of spacing is not known here."""
    cell = with_table(document).cell(0, 0)
    cell.paragraphs[0]._p.get_or_add_pPr().append(parse_xml(f'<w:pStyle {nsdecls("w")} w:val="{{{{ style }}}}"/>'))


def test_a_paragraph_whose_style_a_value_chooses_keeps_the_table_as_it_is() -> None:
    """What is not known is not decided."""
    assert styles_named(prepare(made(chosen))) == ["TableGrid"]


def test_what_a_table_says_itself_wins() -> None:
    """Its own side of the border and of the margin, the style's for the others, in the format's order."""
    table = docx.Document(io.BytesIO(prepare(made(with_own_borders)))).tables[0]._tbl.tblPr
    borders = table.find(qn("w:tblBorders"))
    margins = table.find(qn("w:tblCellMar"))

    assert [etree_name(side) for side in borders] == ["top", "left", "bottom", "right", "insideH", "insideV"]
    assert borders.find(qn("w:bottom")).get(qn("w:color")) == "FF0000"
    assert margins.find(qn("w:left")).get(qn("w:w")) == "400"
    assert margins.find(qn("w:right")).get(qn("w:w")) == "108"


def test_the_order_of_the_format_is_kept() -> None:
    """Word refuses a file whose properties stand in another order."""
    order = ["tblW", "jc", "tblInd", "tblBorders", "tblLayout", "tblCellMar", "tblLook"]
    for change in WAYS:
        for table in docx.Document(io.BytesIO(prepare(made(change)))).element.body.iter(qn("w:tblPr")):
            names = [name for name in map(etree_name, table) if name in order]
            assert names == sorted(names, key=order.index), change.__name__


def etree_name(element: object) -> str:
    """The name of an element without its namespace."""
    return str(getattr(element, "tag", "")).rpartition("}")[2]


def spacings(data: bytes) -> Iterator[tuple[str | None, str | None]]:
    """Space after and between lines, of each paragraph of the first table that says any."""
    for paragraph in docx.Document(io.BytesIO(data)).tables[0]._tbl.iter(qn("w:p")):
        spacing = paragraph.find(f"{qn('w:pPr')}/{qn('w:spacing')}")
        if spacing is not None:
            yield spacing.get(qn("w:after")), spacing.get(qn("w:line"))


def test_a_paragraph_keeps_its_own_spacing() -> None:
    """The table's style says 0 after and single lines; what a paragraph or its own style says is kept."""
    said = list(spacings(prepare(made(with_spaced_paragraphs))))

    assert sorted(said, key=str) == sorted(
        [("0", "240")] * 9 + [("360", "240"), ("0", "480"), (None, "240")], key=str
    )
