"""Word writer of the tables of our papers: a row for each criterion or day, a control in each of its boxes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.forms.blank import Cell, Row, Slot
from pipeline.forms.drawing.word_controls import Look, run
from pipeline.forms.drawing.word_tables import GRID, cell_xml, paragraph_xml, row_xml
from pipeline.forms.paper.grids import DAY, columns_of_row, is_ticked

HEIGHT = 330  # of a row, in twentieths of a point: enough to sign in
_TITLES = 14  # narrow columns that the titles of criteria take; days take one
_HEAD, _TITLE = Look(14, "1F4E79", bold=True), Look(17)


def spans_of(row: Row, halves: int) -> tuple[int, ...]:
    """How many narrow columns the title of a row takes, then each of its boxes."""
    room, columns = GRID // halves, columns_of_row(row)
    first = _TITLES if is_ticked(row) else 1
    ends = [round((room - first) * (n + 1) / len(columns)) for n in range(len(columns))]
    return (first, *(end - start for start, end in zip([0, *ends], ends, strict=False)))


def head(halves: Sequence[Sequence[Row]], spans: Sequence[tuple[int, ...]]) -> str:
    """The titles of the columns."""
    return row_xml(
        "".join(
            cell_xml(width, paragraph_xml(run(title, _HEAD), "center", keep=True), fill="DEEAF6", middle=True)
            for rows, widths in zip(halves, spans, strict=True)
            for title, width in zip(
                ("" if is_ticked(rows[0]) else DAY, *(one.title for one in columns_of_row(rows[0]))),
                widths,
                strict=True,
            )
        )
    )


def row_cells(row: Row, spans: tuple[int, ...], answer: Callable[[Cell, Slot], str]) -> str:
    """One row: its title, and the control of each box, which ``answer`` makes."""
    boxes = [(cell, slot) for cell in row.cells for slot in cell.slots]
    title = cell_xml(spans[0], paragraph_xml(run(row.title, _TITLE)), middle=True)
    return title + "".join(
        cell_xml(width, paragraph_xml(answer(cell, slot), "center"), middle=True)
        for (cell, slot), width in zip(boxes, spans[1:], strict=True)
    )


def gap(spans: tuple[int, ...]) -> str:
    """What stands beside the last row of the longer half."""
    return cell_xml(sum(spans), paragraph_xml(""), fill="E2E4E7")
