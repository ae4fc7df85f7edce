"""Word tables as XML: table, row, cell and paragraph, on a grid of twenty-four narrow columns."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.forms.drawing.word_controls import NAMESPACES

GRID = 24
TWIPS = 10466  # the width of a table: A4 less margins of 12.7 mm
COLUMN = TWIPS / GRID
ORANGE = "E36C0A"
_LINE = "9DB2C7"
_SIDES = ("top", "left", "bottom", "right")


def table_xml(rows: list[str]) -> Iterator[str]:
    """The table of these rows; none without rows."""
    if not rows:
        return
    edges = _edges((*_SIDES, "insideH", "insideV"), "single", 4, _LINE)
    grid = "".join(f'<w:gridCol w:w="{int(COLUMN)}"/>' for _ in range(GRID))
    yield (
        f'<w:tbl {NAMESPACES}><w:tblPr><w:tblW w:w="{TWIPS}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="16" w:type="dxa"/><w:left w:w="60" w:type="dxa"/>'
        '<w:bottom w:w="16" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def row_xml(cells: str, height: int = 0) -> str:
    """A row that is never cut by the end of a page."""
    tall = f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{tall}</w:trPr>{cells}</w:tr>"


def kept_xml(row: str) -> str:
    """The same row, on the page of the next one."""
    return row.replace("<w:keepNext/>", "").replace("<w:pPr>", "<w:pPr><w:keepNext/>")


def cell_xml(
    span: int,
    content: str,
    *,
    fill: str = "",
    noted: bool = False,
    middle: bool = False,
    bare: bool = False,
    dashed: bool = False,
    inset: int = 0,
) -> str:
    """A cell over ``span`` columns; ``noted`` is one to mend, ``bare`` has no borders."""
    kind, colour = ("dashed", _LINE) if dashed else ("nil", _LINE) if bare else ("single", ORANGE)
    edges = _edges(_SIDES, kind, 12 if noted else 4, colour)
    borders = f"<w:tcBorders>{edges}</w:tcBorders>" if noted or bare or dashed else ""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    margin = f'<w:tcMar><w:left w:w="{inset}" w:type="dxa"/></w:tcMar>' if inset else ""
    centred = '<w:vAlign w:val="center"/>' if middle else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{int(span * COLUMN)}" w:type="dxa"/><w:gridSpan w:val="{span}"/>'
        f"{borders}{shade}{margin}{centred}</w:tcPr>{content}</w:tc>"
    )


def paragraph_xml(runs: str, align: str = "", *, keep: bool = False, tabs: str = "") -> str:
    """A paragraph of these runs; ``keep`` holds it on the page of the next."""
    kept = "<w:keepNext/>" if keep else ""
    side = f'<w:jc w:val="{align}"/>' if align else ""
    return f"<w:p><w:pPr>{kept}{tabs}{side}</w:pPr>{runs}</w:p>"


def _edges(sides: tuple[str, ...], kind: str, size: int, colour: str) -> str:
    return "".join(f'<w:{side} w:val="{kind}" w:sz="{size}" w:space="0" w:color="{colour}"/>' for side in sides)
