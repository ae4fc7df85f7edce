"""Word rendering of a plan: blank, annotated or filled, with python-docx, as a school's secretary would lay it out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph
from drawn.places import Pen
from drawn.plan import LISTS, Ask, Block, Plan, Section
from word_kit import new_document, shade

_LINE = 92  # dots on a line of text, about
_GAP = "      "
_HOLE = re.compile(r"\{[a-z_.]+\}")


def draw(plan: Plan, pen: Pen) -> Document:
    """One copy of the form."""
    document = new_document(plan.font, plan.size, plan.margins)
    _frame(document, plan)
    sections = list(plan.sections)
    while sections:
        if plan.nested and len(sections) > 2 and all(_narrow(one) for one in sections[:2]):
            _side_by_side(document, sections[:2], plan, pen)
            del sections[:2]
        else:
            _section(document, sections.pop(0), plan, pen)
    feet = document.add_paragraph("Signature du stagiaire\t\t\tCachet et signature de l’organisme")
    feet.paragraph_format.space_before = Pt(10)
    return document


def _frame(document: Document, plan: Plan) -> None:
    """The school's name in the header, the title, the notices, the footer."""
    document.sections[0].header.paragraphs[0].add_run(plan.school).bold = True
    if plan.footer:
        document.sections[0].footer.paragraphs[0].add_run(plan.footer).font.size = Pt(8)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(plan.title)
    run.bold, run.font.size = True, Pt(14)
    for notice in plan.notices:
        document.add_paragraph().add_run(notice).italic = True


def _narrow(section: Section) -> bool:
    """Whether a section fits in half a page: one question a row, no sentence."""
    return all(
        block.kind in ("table2", "stacked") and all(len(row) == 1 for row in block.rows) for block in section.blocks
    )


def _side_by_side(document: Document, sections: list[Section], plan: Plan, pen: Pen) -> None:
    """Two sections as tables within the two cells of an outer one."""
    table = document.add_table(rows=1, cols=2)
    for cell, section in zip(table.rows[0].cells, sections, strict=True):
        _section(cell, section, plan, pen)
        cell._tc.remove(cell.paragraphs[0]._p)
        cell.add_paragraph()


def _section(parent: Any, section: Section, plan: Plan, pen: Pen) -> None:
    if plan.bars == "bar" and hasattr(parent, "sections"):
        bar = parent.add_table(rows=1, cols=1)
        bar.style = "Table Grid"
        shade(bar.cell(0, 0), "D9E2F3")
        bar.cell(0, 0).paragraphs[0].add_run(section.title).bold = True
        parent.add_paragraph().paragraph_format.line_spacing = 0.3
    else:
        paragraph = parent.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(7)
        run = paragraph.add_run(section.title)
        run.bold, run.underline = True, plan.bars == "underlined" or None
        run.font.size = Pt(plan.size + (2 if plan.bars == "heading" else 0))
    for block in section.blocks:
        _BLOCKS[block.kind](parent, block, plan, pen)


def _label(paragraph: Paragraph, ask: Ask, plan: Plan) -> None:
    ends = ask.label.endswith("?")
    paragraph.add_run(ask.label + (" " if ends else plan.colon))


def _ask(paragraph: Paragraph, ask: Ask, plan: Plan, pen: Pen, width: int) -> None:
    """The place of an answer, without its label."""
    if not ask.options:
        pen.put(paragraph, ask, width)
        return
    if ask.chosen:
        pen.choose(paragraph, ask)
    else:
        for number, (option, said) in enumerate(ask.options):
            paragraph.add_run(_GAP if number else "")
            if plan.box_after:
                paragraph.add_run(f"{said} ")
            pen.tick(paragraph, ask, option)
            if not plan.box_after:
                paragraph.add_run(f" {said}")
    note = pen.answer(ask).note
    if note:
        paragraph.add_run(f" {note}")


def _lines(parent: Any, block: Block, plan: Plan, pen: Pen) -> None:
    for row in block.rows:
        paragraph = parent.add_paragraph()
        paragraph.paragraph_format.line_spacing = 1.2
        for number, ask in enumerate(row):
            if ask.roomy:
                _label(paragraph, ask, plan)
                _under(parent, ask, pen, 2)
                continue
            paragraph.add_run(" " if number else "")
            _label(paragraph, ask, plan)
            _ask(
                paragraph,
                ask,
                plan,
                pen,
                max(12, _LINE // len(row) - 2 * len(ask.label)) if len(row) > 1 else _LINE - 12,
            )


def _under(parent: Any, ask: Ask, pen: Pen, lines: int) -> None:
    """Lines to write on under a label: a secretary keeps one placeholder there."""
    pen.put(parent.add_paragraph(), ask, _LINE)
    if pen.annotated or pen.answer(ask).typed or ask.place in ("nothing", "control"):
        return
    for _ in range(lines - 1):
        pen.put(parent.add_paragraph(), ask, _LINE)


def _below(parent: Any, block: Block, plan: Plan, pen: Pen) -> None:
    ((ask,),) = block.rows
    _label(parent.add_paragraph(), ask, plan)
    _under(parent, ask, pen, 3)


def _numbered(mark: str) -> Callable[[Any, Block, Plan, Pen], None]:
    def draw_items(parent: Any, block: Block, plan: Plan, pen: Pen) -> None:
        (row,) = block.rows
        _label(parent.add_paragraph(), row[0], plan)
        for ask in row:
            paragraph = parent.add_paragraph(f"{mark} ".replace("n", str(ask.item)))
            pen.put(paragraph, ask, _LINE - 12)

    return draw_items


def _prose(parent: Any, block: Block, plan: Plan, pen: Pen) -> None:
    (row,) = block.rows
    paragraph = parent.add_paragraph()
    paragraph.paragraph_format.line_spacing = 1.3
    asks = iter(row)
    pieces = _HOLE.split(block.sentence)
    for number, piece in enumerate(pieces):
        paragraph.add_run(piece)
        if number < len(pieces) - 1:
            ask = next(asks)
            _ask(paragraph, ask, plan, pen, 50 if ask.path.endswith(("nom_prenom", "fonction", "courriel")) else 30)


def _grid_table(parent: Any, rows: int, columns: int) -> Any:
    table = parent.add_table(rows=rows, cols=columns)
    if hasattr(table, "style"):
        table.style = "Table Grid"
    return table


def _cell(cell: Any, ask: Ask, plan: Plan, pen: Pen, width: int = 0) -> None:
    _ask(cell.paragraphs[0], ask, plan, pen, width or (40 if ask.place in ("dots", "ellipsis") else 0))


def _two_columns(parent: Any, block: Block, plan: Plan, pen: Pen) -> None:
    table = _grid_table(parent, len(block.rows), 2)
    for row, (ask,) in zip(table.rows, block.rows, strict=True):
        row.cells[0].paragraphs[0].add_run(ask.label).bold = True
        _cell(row.cells[1], ask, plan, pen)
        if ask.path in LISTS and not pen.annotated:
            row.height = Cm(1.6)


def _four_columns(parent: Any, block: Block, plan: Plan, pen: Pen) -> None:
    table = _grid_table(parent, len(block.rows), 4)
    for row, asks in zip(table.rows, block.rows, strict=True):
        cells = row.cells
        if len(asks) == 1:
            cells[1].merge(cells[3])
        for number, ask in enumerate(asks):
            cells[2 * number].paragraphs[0].add_run(ask.label + plan.colon.rstrip())
            _cell(row.cells[2 * number + 1], ask, plan, pen)


def _stacked(parent: Any, block: Block, plan: Plan, pen: Pen) -> None:
    """Each cell holds a label and, under it, its answer."""
    most = max(len(row) for row in block.rows)
    table = _grid_table(parent, len(block.rows), most)
    for row, asks in zip(table.rows, block.rows, strict=True):
        if len(asks) < most:
            row.cells[0].merge(row.cells[-1])
        for number, ask in enumerate(asks):
            cell = row.cells[number]
            cell.paragraphs[0].add_run(ask.label).font.size = Pt(plan.size - 1)
            _ask(cell.add_paragraph(), ask, plan, pen, 40 if ask.place in ("dots", "ellipsis") else 0)


def _grid(parent: Any, block: Block, plan: Plan, pen: Pen) -> None:
    """A row of labels over a row of answers; a question of its own row has its label beside it."""
    for asks in block.rows:
        if len(asks) == 1:
            _two_columns(parent, Block("table2", (asks,)), plan, pen)
        else:
            table = _grid_table(parent, 2, len(asks))
            for number, ask in enumerate(asks):
                table.cell(0, number).paragraphs[0].add_run(ask.label).bold = True
                _cell(table.cell(1, number), ask, plan, pen)
        _apart(parent)


def _apart(parent: Any) -> None:
    """A thin paragraph: Word joins tables that touch."""
    parent.add_paragraph().paragraph_format.line_spacing = 0.3


def _side(parent: Any, block: Block, plan: Plan, pen: Pen) -> None:
    """A first column that names the part of the form, merged over all its rows."""
    table = _grid_table(parent, len(block.rows), 3)
    first = table.cell(0, 0).merge(table.cell(len(block.rows) - 1, 0))
    first.paragraphs[0].add_run("À remplir\npar le\nstagiaire").italic = True
    for number, (ask,) in enumerate(block.rows):
        table.cell(number, 1).paragraphs[0].add_run(ask.label)
        _cell(table.cell(number, 2), ask, plan, pen)


def _week(parent: Any, block: Block, plan: Plan, pen: Pen) -> None:
    """The hours of each day of an ordinary week."""
    (row,) = block.rows
    table = _grid_table(parent, 2, len(row) + 1)
    table.cell(1, 0).paragraphs[0].add_run("Heures de présence")
    for number, ask in enumerate(row, start=1):
        table.cell(0, number).paragraphs[0].add_run(ask.label)
        _cell(table.cell(1, number), ask, plan, pen)
    _apart(parent)


_BLOCKS: dict[str, Callable[[Any, Block, Plan, Pen], None]] = {
    "lines": _lines,
    "below": _below,
    "numbers": _numbered("n."),
    "dashes": _numbered("-"),
    "bullets": _numbered("•"),
    "prose": _prose,
    "table2": _two_columns,
    "table4": _four_columns,
    "stacked": _stacked,
    "grid": _grid,
    "side": _side,
    "week": _week,
}
