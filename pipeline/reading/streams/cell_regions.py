"""Regions of Word table styles: what a style says of a cell by where it lies in its table."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from pipeline.reading.streams.ooxml import VALUE, W, is_true
from pipeline.reading.streams.run_styles import Stylesheet


def styled_parts(cell: etree._Element, sheet: Stylesheet) -> Iterator[etree._Element]:
    """What the table’s style says of a cell, of the whole table first, then of the regions it lies in."""
    row, table = _around(cell, "tr"), _around(cell, "tbl")
    said = table.find(f"{W}tblPr/{W}tblStyle") if table is not None else None
    name = said.get(VALUE) if said is not None else None
    yield from sheet.table_style(name)
    regions = sheet.table_regions(name)
    if regions and row is not None and table is not None:
        for region in _regions(cell, row, table, sheet):
            yield from regions.get(region, ())


def _around(node: etree._Element, name: str) -> etree._Element | None:
    return next(node.iterancestors(f"{W}{name}"), None)


def _regions(cell: etree._Element, row: etree._Element, table: etree._Element, sheet: Stylesheet) -> Iterator[str]:
    """The regions of a table style in which a cell lies; those that the table does not ask for are left out."""
    look = table.find(f"{W}tblPr/{W}tblLook")
    rows = sheet.rows_of(table)
    cells = [one for one in row.iter(f"{W}tc") if _around(one, "tr") is row]
    at, place = rows[row], cells.index(cell)
    first, last = _asked(look, "firstRow", 0x20), _asked(look, "lastRow", 0x40)
    if not _asked(look, "noHBand", 0x200):
        yield "band1Horz" if (at - first) % 2 == 0 else "band2Horz"
    for region, holds, bit in (
        ("firstCol", place == 0, 0x80),
        ("lastCol", place == len(cells) - 1, 0x100),
    ):
        if holds and _asked(look, region.replace("Col", "Column"), bit):
            yield region
    if last and at == len(rows) - 1:
        yield "lastRow"
    if first and at == 0:
        yield "firstRow"


def _asked(look: etree._Element | None, name: str, bit: int) -> bool:
    if look is None:
        return False
    said = look.get(f"{W}{name}")
    if said is not None:
        return is_true(said)
    try:
        return bool(int(look.get(VALUE) or "0", 16) & bit)
    except ValueError:
        return False
