"""Static analysis of templates: what is sure of every rendering before any is made.

A patched source is XML with Jinja's tags in it. Read straight through, each branch taken once, it is parsed here,
with a mark at each tag. If the same elements are open wherever a block begins, branches and ends, then any choice
of branches and any number of turns is as well formed, as long as values are escaped and hold only characters that
XML knows. A source that cannot be proved so (a test inside an attribute, a row opened in one branch and closed in
another) is parsed each time it is rendered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from pipeline.documents.filling.language import ENVIRONMENT

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TABLE, _ROW, _CELL, _GRID, _COLUMN, _SPAN = (
    f"{_W}{tag}" for tag in ("tbl", "tr", "tc", "tblGrid", "gridCol", "gridSpan")
)
_DOCPR = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_OPENING, _BETWEEN, _CLOSING = ("if", "for", "with"), ("elif", "else"), ("endif", "endfor", "endwith")
_VALUE = "&amp;"  # allowed just where an escaped value may stand: in text, in an attribute's quotes
_NOT_FOLLOWED = ("<!", "<?")  # comments, CDATA and instructions: a value in one is not read as text
_PARSER = etree.XMLParser(recover=False, resolve_entities=False, no_network=True)

_Element = etree._Element  # noqa: SLF001 -- lxml has no public name for its elements


@dataclass(frozen=True)
class Outline:
    """Parsed source that was proved: its elements in order, each with the branches that it stands in."""

    branches: dict[_Element, tuple[int, ...]]
    blocks: tuple[tuple[_Element, ...], ...]  # the marks of each block, from its beginning to its end

    @property
    def pictures(self) -> int:
        """How many drawings have an id that docxtpl numbers."""
        return sum(element.tag == _DOCPR for element in self.branches)

    @property
    def has_blank_text(self) -> bool:
        """Whether white space stands alone between two tags, where python-docx drops some of it."""
        texts = [element.text for element in self.branches] + [element.tail for element in self.branches]
        texts += [mark.tail for block in self.blocks for mark in block]
        return any(text and text.isspace() for text in texts)

    @property
    def grids_hold(self) -> bool:
        """Whether each table's grid fits whatever rows are rendered, so that docxtpl would leave it alone.

        A table left without any row is not counted: see ``rows_may_vanish``.
        """
        kept = all(len({_enclosing(mark) for mark in block}) == 1 for block in self.blocks)
        return kept and all(self._grid_holds(table) for table in self.branches if table.tag == _TABLE)

    @property
    def rows_may_vanish(self) -> bool:
        """Whether a table has no row that is always there, so that the rendered text must be looked at."""
        tables = [table for table in self.branches if table.tag == _TABLE]
        return any(self.branches[row] != self.branches[table] for table in tables for row in table.findall(_ROW))

    def _grid_holds(self, table: _Element) -> bool:
        columns = self._columns(table)
        widths = {row: self._width(row) for row in table.iter(_ROW)}
        if not columns or any(width is None or len(row.findall(_CELL)) > columns for row, width in widths.items()):
            return False
        wide = {row for row, width in widths.items() if width is not None and width >= columns}
        always = any(self.branches[row] == self.branches[table] for row in table.findall(_ROW) if row in wide)
        return always or _holds_only(table, wide)

    def _columns(self, table: _Element) -> int:
        """How many columns the grid of a table has; none if it has no grid, or one that depends on values."""
        columns = table.findall(f"{_GRID}[1]/{_COLUMN}")
        return 0 if any(self.branches[column] != self.branches[table] for column in columns) else len(columns)

    def _width(self, row: _Element) -> int | None:
        """How many columns a row spans; ``None`` if that depends on values."""
        total = 0
        for cell in row.findall(_CELL):
            spans = cell.findall(f"{_W}tcPr/{_SPAN}")
            columns = spans[0].get(f"{_W}val", "") if spans else "1"
            known = {self.branches[element] for element in (cell, *spans)} == {self.branches[row]}
            if not known or not columns.isdecimal():
                return None
            total += int(columns)
        return total


def outline(source: str) -> Outline | None:
    """What is sure of the source; ``None`` if it cannot be proved. Raises jinja2.TemplateSyntaxError."""
    pieces = list(_pieces(source))
    if None in pieces:
        return None
    try:
        tree = etree.fromstring("".join(piece or "" for piece in pieces), _PARSER)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return _follow(tree)


def _follow(tree: _Element) -> Outline | None:
    """The branches of each element; ``None`` if what is open changes within a block."""
    branches: dict[_Element, tuple[int, ...]] = {}
    open_blocks: list[list[_Element]] = []
    blocks: list[tuple[_Element, ...]] = []
    path: list[int] = []
    for number, element in enumerate(tree.iter()):
        word = _word(element)
        if word is None:
            branches[element] = tuple(path)
            continue
        if word in _OPENING:
            open_blocks.append([element])
        else:
            path.pop()
            open_blocks[-1].append(element)
            if _opened(element) != _opened(open_blocks[-1][0]):
                return None
        if word in _CLOSING:
            blocks.append(tuple(open_blocks.pop()))
        else:
            path.append(number)
    return Outline(branches, tuple(blocks))


def _word(element: _Element) -> str | None:
    """The word of Jinja that a mark stands for; ``None`` for an element."""
    return None if isinstance(element.tag, str) else str(element.text)


def _opened(mark: _Element) -> list[tuple[object, ...]]:
    """The elements that are open at a mark, each as its end tag and its children see it."""
    return [(element.prefix, element.tag, element.nsmap) for element in mark.iterancestors()]


def _enclosing(mark: _Element) -> _Element | None:
    """The row, cell or table that it stands in, the nearest."""
    return next(mark.iterancestors(_TABLE, _ROW, _CELL), None)


def _holds_only(table: _Element, rows: set[_Element]) -> bool:
    """Whether nothing but these rows stands after the grid of a table."""
    grid = next(table.iterchildren(_GRID))
    after = (grid, *grid.itersiblings())
    return not any(one.tail for one in after) and rows.issuperset(
        one for one in after[1:] if isinstance(one.tag, str)
    )


def _pieces(source: str) -> Iterator[str | None]:
    """What stands for each token of the source; ``None`` for one that nothing can be said of."""
    inside: list[tuple[str, str]] | None = None
    for _, kind, text in ENVIRONMENT.lex(source):
        if kind == "data":
            yield None if any(mark in text for mark in _NOT_FOLLOWED) else text
        elif kind == "block_begin":
            inside = []
        elif kind == "block_end":
            yield _block(inside or [])
            inside = None
        elif kind == "variable_begin":
            yield _VALUE
        elif kind.startswith("raw"):
            yield None
        elif inside is not None and kind != "whitespace":
            inside.append((kind, text))


def _block(tokens: list[tuple[str, str]]) -> str | None:
    word = tokens[0][1] if tokens else ""
    if word in _OPENING + _BETWEEN + _CLOSING:
        return f"<?block {word}?>"
    return "" if word == "set" and ("operator", "=") in tokens else None
