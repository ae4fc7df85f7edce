"""Word rendering of a plan: blank, annotated or filled, with python-docx, as a secretary would lay it out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph
from word_kit import new_document, shade

from drawn.drafting import HOLE
from drawn.places import Pen, halves
from drawn.plan import LEADERS, LISTS, Ask, Block, Look, Plan, Section

_GAP = "      "
_IN_CELLS = 40  # dots in a cell that has some


def draw(plan: Plan, pen: Pen) -> Document:
    """One copy of the form."""
    document = new_document(plan.look.font, plan.look.size, plan.look.margins)
    pen.line //= plan.look.columns
    _frame(document, plan)
    sections = list(plan.sections)
    while sections:
        if plan.look.nested and len(sections) > 2 and all(_narrow(one) for one in sections[:2]):
            _beside(document, sections[:2], pen)
            del sections[:2]
        else:
            _section(document, sections.pop(0), pen)
    _feet(document, plan, pen)
    return document


def _frame(document: Document, plan: Plan) -> None:
    """The school's name in the header, the title, the notices, the footer; then one column or two."""
    document.sections[0].header.paragraphs[0].add_run(plan.school).bold = True
    if plan.footer:
        document.sections[0].footer.paragraphs[0].add_run(plan.footer).font.size = Pt(8)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(plan.title)
    run.bold, run.font.size = True, Pt(14)
    for notice in plan.notices:
        document.add_paragraph().add_run(notice).italic = True
    if plan.look.columns > 1:
        properties = document.sections[0]._sectPr
        for columns in properties.findall(qn("w:cols")):
            properties.remove(columns)
        properties.append(parse_xml(f'<w:cols {nsdecls("w")} w:num="{plan.look.columns}" w:space="400"/>'))


def _feet(document: Document, plan: Plan, pen: Pen) -> None:
    """Where people sign, and what the school keeps for itself, which somebody may have filled."""
    signing = document.add_paragraph("Signature du stagiaire\t\tCachet et signature de l’organisme")
    signing.paragraph_format.space_before = Pt(10)
    if plan.look.reserved:
        cell = _table(document, 1, 1).cell(0, 0)
        cell.paragraphs[0].add_run("Cadre réservé à l’établissement").bold = True
        number = "{{ ignorer }}" if pen.annotated else "........................"
        if pen.copy and pen.chance.random() < 0.3:
            number = f"2026-{pen.chance.randint(100, 999)}"
        cell.add_paragraph(f"N° de convention : {number}")


def _narrow(section: Section) -> bool:
    """Whether a section fits in half a page: one question a row, no sentence."""
    return all(
        block.kind in ("table2", "stacked") and all(len(row) == 1 for row in block.rows) for block in section.blocks
    )


def _beside(document: Document, sections: list[Section], pen: Pen) -> None:
    """Two sections as tables within the two cells of an outer one."""
    table = document.add_table(rows=1, cols=2)
    for cell, section in zip(table.rows[0].cells, sections, strict=True):
        _section(cell, section, pen)
        cell._tc.remove(cell.paragraphs[0]._p)
        cell.add_paragraph()


def _section(parent: Any, section: Section, pen: Pen) -> None:
    look = pen.look
    if look.titles == "bar" and hasattr(parent, "sections"):
        bar = _table(parent, 1, 1).cell(0, 0)
        shade(bar, "D9E2F3")
        bar.paragraphs[0].add_run(section.title).bold = True
        _apart(parent)
    else:
        paragraph = parent.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(7)
        run = paragraph.add_run(section.title)
        run.bold, run.underline = True, look.titles == "underlined" or None
        run.font.size = Pt(look.size + (2 if look.titles == "heading" else 0))
    for block in section.blocks:
        _BLOCKS[block.kind](parent, block, pen)


def _label(paragraph: Paragraph, ask: Ask, look: Look, *, colon: bool = True) -> None:
    text = ask.label.upper() if look.labels == "capitals" else ask.label
    run = paragraph.add_run(text)
    run.bold, run.italic = look.labels == "bold" or None, look.labels == "italic" or None
    if colon:
        paragraph.add_run(" " if text.endswith("?") else look.colon)


def _ask(paragraph: Paragraph, ask: Ask, pen: Pen, width: int) -> None:
    """The place of an answer, without its label."""
    if not ask.options:
        pen.put(paragraph, ask, width)
    elif ask.chosen:
        pen.choose(paragraph, ask)
    else:
        _options(paragraph, ask, pen)


def _options(paragraph: Paragraph, ask: Ask, pen: Pen) -> None:
    """Tick boxes in a row or one under the other, before their words or after; a remark stands behind all of them."""
    for number, (option, said) in enumerate(ask.options):
        if number and pen.look.options_stacked:
            paragraph.add_run().add_break()
        elif number:
            paragraph.add_run(_GAP)
        if pen.look.box_after:
            paragraph.add_run(f"{said} ")
        pen.tick(paragraph, ask, option)
        if not pen.look.box_after:
            paragraph.add_run(f" {said}")
    note = pen.answer(ask).note
    if note:
        paragraph.add_run(f" {note}")


def _lines(parent: Any, block: Block, pen: Pen) -> None:
    for row in block.rows:
        paragraph = parent.add_paragraph(block.mark)
        paragraph.paragraph_format.line_spacing = 1.2
        for number, ask in enumerate(row):
            paragraph.add_run(" " if number else "")
            _label(paragraph, ask, pen.look)
            if ask.roomy:
                _under(parent, ask, pen, 2)
            else:
                alone = pen.line - 12
                _ask(paragraph, ask, pen, alone if len(row) == 1 else max(12, pen.line // 2 - 2 * len(ask.label)))
        for ask in row:
            if pen.answer(ask).below:
                parent.add_paragraph(pen.answer(ask).typed)


def _under(parent: Any, ask: Ask, pen: Pen, lines: int) -> None:
    """Lines to write on under a label: a secretary keeps one placeholder there, people fill one of them or two."""
    answer = pen.answer(ask)
    long = len(answer.typed) > 40 and not any(sign in answer.typed for sign in "\n;")
    if long and ask.place in LEADERS[:4] and not answer.struck and pen.chance.random() < 0.4:
        for half in halves(answer):
            pen.put(parent.add_paragraph(), ask, pen.line, half)
        return
    pen.put(parent.add_paragraph(), ask, pen.line)
    if not pen.annotated and not answer.typed and ask.place in LEADERS:
        for _ in range(lines - 1):
            pen.put(parent.add_paragraph(), ask, pen.line)


def _below(parent: Any, block: Block, pen: Pen) -> None:
    ((ask,),) = block.rows
    _label(parent.add_paragraph(), ask, pen.look)
    _under(parent, ask, pen, 3)


def _items(parent: Any, block: Block, pen: Pen) -> None:
    """A list with a printed mark for each of its lines."""
    (row,) = block.rows
    _label(parent.add_paragraph(), row[0], pen.look)
    for ask in row:
        pen.put(parent.add_paragraph(block.mark.replace("n", str(ask.item))), ask, pen.line - 12)


def _prose(parent: Any, block: Block, pen: Pen) -> None:
    paragraph = parent.add_paragraph()
    paragraph.paragraph_format.line_spacing = 1.3
    pieces = HOLE.split(block.sentence)[::2]
    for piece, ask in zip(pieces, block.rows[0], strict=False):
        paragraph.add_run(piece)
        _ask(paragraph, ask, pen, 50 if ask.last in ("nom_prenom", "fonction", "courriel", "adresse") else 30)
    paragraph.add_run(pieces[-1])


def _table(parent: Any, rows: int, columns: int) -> Any:
    table = parent.add_table(rows=rows, cols=columns)
    table.style = "Table Grid"
    return table


def _cell(paragraph: Paragraph, ask: Ask, pen: Pen) -> None:
    _ask(paragraph, ask, pen, _IN_CELLS if ask.place in LEADERS else 0)


def _apart(parent: Any) -> None:
    """A thin paragraph: Word joins tables that touch."""
    parent.add_paragraph().paragraph_format.line_spacing = 0.3


def _two_columns(parent: Any, block: Block, pen: Pen) -> None:
    for row, (ask,) in zip(_table(parent, len(block.rows), 2).rows, block.rows, strict=True):
        _label(row.cells[0].paragraphs[0], ask, pen.look, colon=False)
        _cell(row.cells[1].paragraphs[0], ask, pen)
        if ask.path in LISTS:
            row.height = Cm(1.6)


def _four_columns(parent: Any, block: Block, pen: Pen) -> None:
    for row, asks in zip(_table(parent, len(block.rows), 4).rows, block.rows, strict=True):
        if len(asks) == 1:
            row.cells[1].merge(row.cells[3])
        for number, ask in enumerate(asks):
            _label(row.cells[2 * number].paragraphs[0], ask, pen.look)
            _cell(row.cells[2 * number + 1].paragraphs[0], ask, pen)


def _stacked(parent: Any, block: Block, pen: Pen) -> None:
    """Each cell holds a label and, under it, its answer."""
    most = max(len(row) for row in block.rows)
    for row, asks in zip(_table(parent, len(block.rows), most).rows, block.rows, strict=True):
        if len(asks) < most:
            row.cells[0].merge(row.cells[-1])
        for number, ask in enumerate(asks):
            _label(row.cells[number].paragraphs[0], ask, pen.look, colon=False)
            _cell(row.cells[number].add_paragraph(), ask, pen)


def _grid(parent: Any, block: Block, pen: Pen) -> None:
    """A row of labels over a row of answers; a question of its own row has its label beside it."""
    for asks in block.rows:
        if len(asks) == 1:
            _two_columns(parent, Block("table2", (asks,)), pen)
        else:
            table = _table(parent, 2, len(asks))
            for number, ask in enumerate(asks):
                _label(table.cell(0, number).paragraphs[0], ask, pen.look, colon=False)
                _cell(table.cell(1, number).paragraphs[0], ask, pen)
        _apart(parent)


def _side(parent: Any, block: Block, pen: Pen) -> None:
    """A first column that says who fills the part, merged over all its rows."""
    table = _table(parent, len(block.rows), 3)
    first = table.cell(0, 0).merge(table.cell(len(block.rows) - 1, 0))
    first.paragraphs[0].add_run("À remplir\npar le\nstagiaire").italic = True
    for number, (ask,) in enumerate(block.rows):
        _label(table.cell(number, 1).paragraphs[0], ask, pen.look, colon=False)
        _cell(table.cell(number, 2).paragraphs[0], ask, pen)


def _week(parent: Any, block: Block, pen: Pen) -> None:
    """The hours of each day of an ordinary week."""
    (row,) = block.rows
    table = _table(parent, 2, len(row) + 1)
    table.cell(1, 0).paragraphs[0].add_run("Heures de présence")
    for number, ask in enumerate(row, start=1):
        _label(table.cell(0, number).paragraphs[0], ask, pen.look, colon=False)
        _cell(table.cell(1, number).paragraphs[0], ask, pen)
    _apart(parent)


_BLOCKS: dict[str, Callable[[Any, Block, Pen], None]] = {
    "lines": _lines,
    "below": _below,
    "items": _items,
    "prose": _prose,
    "table2": _two_columns,
    "table4": _four_columns,
    "stacked": _stacked,
    "grid": _grid,
    "side": _side,
    "week": _week,
}
