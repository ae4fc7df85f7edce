"""Word writer of the formulaire préalable: the same plan as the PDF, a content control for each slot.

A section is a table of twenty-four narrow columns; a cell holds its label and, below, where to answer. Lists and
the calendar are pairs of cells: a number or a date, then its answer.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Mapping
from typing import Any

from docx import Document
from docx.oxml import parse_xml

from pipeline.core.fields import WEEKDAYS, FieldKind
from pipeline.core.models import Data
from pipeline.forms.blank import NOTE, Blank, Block, Cell, Row, Slot, kind_of_slot, placeholder
from pipeline.forms.drawing import word_grid
from pipeline.forms.drawing.word_controls import NAMESPACES, Controls, Look, run
from pipeline.forms.drawing.word_page import set_up, settled
from pipeline.forms.drawing.word_tables import (
    COLUMN,
    GRID,
    ORANGE,
    cell_xml,
    kept_xml,
    paragraph_xml,
    row_xml,
    table_xml,
)
from pipeline.forms.notices import PRIVACY, advice, logo_text, privacy, session_line
from pipeline.forms.paper import grids
from pipeline.forms.paper.metrics import text_width
from pipeline.forms.paper.placement import (
    OPTION,
    SQUARE,
    WEEKS_TOGETHER,
    columns_of,
    lines_for,
    share_of,
    special_days,
    weeks_of,
)
from pipeline.forms.paper.strips import OFFICE, ROWS_TOGETHER
from pipeline.forms.paper_notices import TITLES
from pipeline.forms.prefill import slot_texts

_NAVY = "1F4E79"
_LABEL, _HELP = Look(15, bold=True), Look(13, "6B7684", italic=True)
_STAR, _FLAG = Look(15, "C00000", bold=True), Look(14, ORANGE, bold=True)
_CHOICE, _DAY = Look(18), Look(15)
_SECTION, _PART = Look(20, "FFFFFF", bold=True), Look(17, _NAVY, bold=True)
_SPACER = f'<w:p {NAMESPACES}><w:pPr><w:spacing w:line="140" w:lineRule="exact"/></w:pPr></w:p>'
_NEW_PAGE = _SPACER.replace("<w:pPr>", "<w:pPr><w:pageBreakBefore/>")
_SIGNED = "signatures"  # signed on the page that says what becomes of the answers


def draw_docx(
    blank: Blank,
    values: Data | None = None,
    notes: Mapping[str, str] | None = None,
    *,
    texts: Mapping[str, str] | None = None,
) -> bytes:
    """The form as DOCX bytes; the same input gives the same bytes.

    ``values`` (a nested record) pre-fills it, ``texts`` (slot name to what is written) word for word; ``notes``
    (path to French text) marks the fields to mend with an orange border and « à corriger », the text being the
    title of the control.
    """
    document: Any = Document()
    set_up(document, blank)
    drawing = _Drawing(blank, texts or slot_texts(blank, values or {}), notes or {})
    body = document.element.body
    last = body.sectPr
    for xml in drawing.parts():
        last.addprevious(parse_xml(xml))
    buffer = io.BytesIO()
    document.save(buffer)
    return settled(buffer.getvalue())


class _Drawing:
    """Body writer of one form: its paragraphs and tables, with content controls."""

    def __init__(self, blank: Blank, texts: Mapping[str, str], notes: Mapping[str, str]) -> None:
        self._blank, self._texts, self._notes = blank, texts, notes
        self._controls = Controls()

    def parts(self) -> Iterator[str]:
        """The body of the document, in order."""
        yield self._title()
        yield _SPACER
        yield from (
            _shaded(line, Look(17)) for line in advice(self._blank.formation, self._blank.session, self._blank.paper)
        )
        rows: list[str] = []
        for block in self._blank.blocks:
            if block.top:
                yield from table_xml(rows)
                yield _NEW_PAGE if block.path == _SIGNED else _SPACER
                rows = []
            rows.append(_heading(block))
            if block.columns:
                rows.extend(self._grid(block))
                continue
            together = len(block.rows) <= ROWS_TOGETHER
            for row in block.rows:
                drawn = self._rows(block, row)
                rows.extend(map(kept_xml, drawn) if together and row is not block.rows[-1] else drawn)
        yield from table_xml(rows)
        yield _SPACER
        yield _shaded(PRIVACY, _PART, fill="DEEAF6", keep=True)
        yield from (_shaded(line, Look(16)) for line in privacy(self._blank.formation, self._blank.paper))

    def _title(self) -> str:
        blank = self._blank
        logo = cell_xml(
            5, paragraph_xml(run(logo_text(blank.formation), Look(17, "6B7684")), "center"), middle=True, dashed=True
        )
        words = (
            paragraph_xml(run(TITLES[blank.paper], Look(37, _NAVY, bold=True)))
            + paragraph_xml(run(blank.formation.title, Look(21, bold=True)))
            + paragraph_xml(run(session_line(blank.formation, blank.session), Look(19, "6B7684")))
        )
        return next(table_xml([row_xml(logo + cell_xml(GRID - 5, words, bare=True, inset=150), 1150)]))

    def _rows(self, block: Block, row: Row) -> Iterator[str]:
        kind = row.cells[0].field.kind
        if kind is FieldKind.CALENDAR:
            yield from self._calendar(row.cells[0])
        elif kind is FieldKind.LIST:
            yield from self._list(row.cells[0])
        elif row.cells[0].field.parts:
            yield from self._tables(row.cells)
        else:
            fill = "FBF1DC" if block.path == OFFICE else ""
            height = 1500 if any(cell.signed for cell in row.cells) else 0
            cells = "".join(self._cell(cell, fill) for cell in row.cells)
            lines = max(lines_for(cell) for cell in row.cells)
            yield row_xml(cells, max(height, 240 * lines + 230 if lines > 1 else 0))

    def _cell(self, cell: Cell, fill: str) -> str:
        content = self._label(cell)
        if cell.slots[0].option is not None:
            content += self._options(cell)
        else:
            content += paragraph_xml(self._answer(cell, cell.slots[0]))
        if cell.signed:
            content += paragraph_xml(run("Signature", _HELP))
        return cell_xml(cell.width * 2, content, fill=fill, noted=cell.field.path in self._notes)

    def _label(self, cell: Cell, *, keep: bool = False) -> str:
        """The title, its star and flag, then the help: beside them if there is room, else below."""
        runs, letters = run(cell.field.title, _LABEL), cell.field.title
        if cell.star:
            runs += run(f" {cell.star}", _STAR)
        if cell.field.path in self._notes:
            runs += run(f" {NOTE}", _FLAG)
            letters += NOTE
        if not cell.field.help:
            return paragraph_xml(runs, keep=keep)
        room = cell.width * 2 * COLUMN / 20 - 12
        used = text_width(letters, 7.5, bold=True) + text_width(f"{cell.star}  {cell.field.help}", 6.5)
        if used <= room:
            return paragraph_xml(runs + run(f" {cell.field.help}", _HELP), keep=keep)
        return paragraph_xml(runs, keep=keep) + paragraph_xml(run(cell.field.help, _HELP), keep=keep)

    def _alias(self, cell: Cell) -> str:
        note = self._notes.get(cell.field.path)
        return f"À corriger – {note}" if note else cell.field.title

    def _answer(self, cell: Cell, slot: Slot) -> str:
        value, hint, alias = self._texts.get(slot.name, ""), placeholder(cell.field, slot), self._alias(cell)
        if kind_of_slot(cell.field, slot) is FieldKind.DATE:
            return self._controls.date(slot.name, alias, value, hint)
        lines = 2 if cell.field.kind is FieldKind.LIST else lines_for(cell)
        return self._controls.text(slot.name, alias, value, hint, lines=lines)

    def _options(self, cell: Cell) -> str:
        room = cell.width * 2 * COLUMN / 20 - 8
        widths = [SQUARE + 5 + text_width(slot.label, OPTION + 0.2) for slot in cell.slots]
        flat = sum(widths) + 9 * len(widths) <= room
        columns = len(widths) if flat else max(1, int(room // (max(widths) + 9)))
        tab = f'<w:tabs><w:tab w:val="left" w:pos="{int(room * 20 / columns)}"/></w:tabs>' if not flat else ""
        lines = []
        for start in range(0, len(cell.slots), columns):
            parts = [
                self._controls.box(slot.name, slot.label, ticked=bool(self._texts.get(slot.name)))
                + run(f"\u00a0{slot.label}", _CHOICE)
                for slot in cell.slots[start : start + columns]
            ]
            gap = run("   ", _CHOICE) if flat else "<w:r><w:tab/></w:r>"
            lines.append(paragraph_xml(gap.join(parts), tabs=tab))
        return "".join(lines)

    def _head(self, cell: Cell) -> str:
        return row_xml(cell_xml(GRID, self._label(cell, keep=True), noted=cell.field.path in self._notes))

    def _list(self, cell: Cell) -> Iterator[str]:
        noted = cell.field.path in self._notes
        yield self._head(cell)
        for slot in cell.slots:
            number = cell_xml(1, paragraph_xml(run(slot.label, _LABEL), "center"), fill="F0F5FA", middle=True)
            yield row_xml(number + cell_xml(GRID - 1, paragraph_xml(self._answer(cell, slot)), noted=noted), 360)

    def _tables(self, cells: tuple[Cell, ...]) -> Iterator[str]:
        """Answers of several parts side by side: their labels, the names of their parts, then boxes."""
        noted = {cell.field.path for cell in cells} & set(self._notes)
        labels = (
            cell_xml(cell.width * 2, self._label(cell, keep=True), noted=cell.field.path in noted) for cell in cells
        )
        yield row_xml("".join(labels))
        heads = (
            cell_xml(span, paragraph_xml(run(cell.field.parts[slot.part], _HELP), keep=True), fill="F0F5FA")
            for cell in cells
            for slot, span in _spans(cell, columns_of(cell)[0])
        )
        yield kept_xml(row_xml("".join(heads)))
        for number in range(max(len(columns_of(cell)) for cell in cells)):
            answers = (
                cell_xml(span, paragraph_xml(self._answer(cell, slot)), noted=cell.field.path in noted)
                for cell in cells
                for slot, span in _spans(cell, columns_of(cell)[number])
            )
            yield row_xml("".join(answers), 285)

    def _grid(self, block: Block) -> Iterator[str]:
        """A table with a row for each criterion or day, in halves side by side."""
        halves = grids.halves_of(block)
        spans = [word_grid.spans_of(rows[0], len(halves)) for rows in halves]
        yield kept_xml(word_grid.head(halves, spans))
        for number in range(len(halves[0])):
            row = "".join(
                word_grid.row_cells(rows[number], span, self._grid_answer)
                if number < len(rows)
                else word_grid.gap(span)
                for rows, span in zip(halves, spans, strict=True)
            )
            drawn = row_xml(row, word_grid.HEIGHT)
            yield drawn if number == len(halves[0]) - 1 else kept_xml(drawn)

    def _grid_answer(self, cell: Cell, slot: Slot) -> str:
        """One box of a table."""
        if slot.option is not None:
            return self._controls.box(slot.name, slot.label, ticked=bool(self._texts.get(slot.name)))
        return self._answer(cell, slot)

    def _calendar(self, cell: Cell) -> Iterator[str]:
        yield self._head(cell)
        names = (
            cell_xml(4, paragraph_xml(run(name.capitalize(), Look(15, _NAVY, bold=True)), keep=True))
            for name in WEEKDAYS[:6]
        )
        yield row_xml("".join(names))
        slots = {slot.day: slot for slot in cell.slots}
        words = special_days(self._blank)
        mondays = weeks_of(cell)
        for monday in mondays:
            days = (monday + dt.timedelta(days=n) for n in range(6))
            row = row_xml("".join(self._day(cell, day, slots.get(day), words.get(day, "")) for day in days), 285)
            yield kept_xml(row) if monday != mondays[-1] and len(mondays) <= WEEKS_TOGETHER else row

    def _day(self, cell: Cell, day: dt.date, slot: Slot | None, word: str) -> str:
        runs = run(f"{day:%d/%m}", _DAY) + (run(f" {word}", Look(12, "6B7684", italic=True)) if word else "")
        if slot is None:
            grey = paragraph_xml(run(f"{day:%d/%m}", Look(15, "8A9099")))
            return cell_xml(2, grey, fill="E2E4E7", middle=True) + cell_xml(2, paragraph_xml(""), fill="E2E4E7")
        answer = cell_xml(2, paragraph_xml(self._answer(cell, slot)), middle=True)
        return cell_xml(2, paragraph_xml(runs), fill="FBF1DC" if word else "F0F5FA", middle=True) + answer


def _shaded(text: str, look: Look, *, fill: str = "F4F7FA", keep: bool = False) -> str:
    """A paragraph of a notice; ``keep`` holds it on the page of the next."""
    kept = "<w:keepNext/>" if keep else "<w:keepLines/>"
    shade = f'<w:shd w:val="clear" w:fill="{fill}"/>'
    return f"<w:p {NAMESPACES}><w:pPr>{kept}{shade}</w:pPr>{run(text, look)}</w:p>"


def _spans(cell: Cell, slots: tuple[Slot, ...]) -> Iterator[tuple[Slot, int]]:
    """Each slot of a row with the narrow columns that it takes."""
    shares = [share_of(cell, slot) for slot in slots]
    ends = [round(cell.width * 2 * sum(shares[: n + 1]) / sum(shares)) for n in range(len(shares))]
    yield from ((slot, end - start) for slot, start, end in zip(slots, [0, *ends], ends, strict=False))


def _heading(block: Block) -> str:
    look, fill = (_SECTION, _NAVY) if block.top else (_PART, "DEEAF6")
    return row_xml(cell_xml(GRID, paragraph_xml(run(block.title, look), keep=True), fill=fill))
