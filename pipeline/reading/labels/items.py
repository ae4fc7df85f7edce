"""Row tokenizer: the cells of a table row, or what stands on one line with wide gaps between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.core.boxes import union
from pipeline.core.models import Box
from pipeline.core.sequences import runs
from pipeline.reading.labels.vocabulary import Words, label_words
from pipeline.reading.tokens import Stream, Token, TokenKind

_GAP = 1.1  # of a line's height: words farther apart are two answers
_LEVEL = 0.6  # of a line's height
_LEEWAY = 1.2  # of a line's height: how unevenly the items of a column begin
_BACK = 0.1  # of a line's height: how far left of a word the next one of its line may begin
_PIECES = re.compile(r"(?:[.…‥·_]\s?){3,}|^\.{2,}|\.{2,}$|…+|_{2,}|[☎✆📞✉📧]")
_COLON = re.compile(r"([^\W\d_][^\d:]*:)(?!//)(.+)", re.DOTALL)
_LEADER = re.compile(r"[.…‥·_/|\s]{2,}|…|_")


@dataclass(frozen=True)
class Atom:
    """Token of an item: a word, a tick box or a run of leaders. ``line`` counts the lines of its item."""

    text: str
    token: Token
    line: int
    words: Words

    @property
    def tick(self) -> bool:
        """Whether it is a tick box."""
        return self.token.kind is TokenKind.TICK

    @property
    def leader(self) -> bool:
        """Whether it is only the dots or the line to write on."""
        return not self.tick and bool(_LEADER.fullmatch(self.text))

    @property
    def colon(self) -> bool:
        """Whether a label ends here."""
        return self.text.endswith((":", "?"))

    @property
    def typed(self) -> bool:
        """Whether it was written into a form field: then it is an answer, never a label."""
        return bool(self.token.name) and not self.tick


@dataclass(frozen=True)
class Item:
    """A cell, a paragraph, or a stretch of a line; ``table`` is the number of its table, 0 outside."""

    atoms: tuple[Atom, ...]
    page: int | None
    box: Box | None
    table: int

    @property
    def empty(self) -> bool:
        """Whether nothing but leaders stands in it."""
        return all(atom.leader for atom in self.atoms)

    @cached_property
    def words(self) -> Words:
        """The label words of all of it, across its lines."""
        return label_words(" ".join(atom.text for atom in self.atoms if not atom.leader and not atom.tick))

    @property
    def line(self) -> float:
        """The height of its tallest word; 0 without any that has a place."""
        return max((atom.token.spot[3] - atom.token.spot[1] for atom in self.atoms), default=0.0)

    @property
    def text(self) -> str:
        """What is written, without leaders; lines are kept apart."""
        return text_of(self.atoms)

    @property
    def has_tick(self) -> bool:
        """Whether a tick box stands in it."""
        return any(atom.tick for atom in self.atoms)

    @property
    def typed(self) -> bool:
        """Whether some of it was written into a form field."""
        return any(atom.typed for atom in self.atoms)


@dataclass(frozen=True)
class Row:
    """Items side by side, left to right."""

    items: tuple[Item, ...]
    table: int

    @property
    def leeway(self) -> float:
        """How far left of its column's beginning an item of it may begin."""
        return _LEEWAY * max(item.line for item in self.items)


def text_of(atoms: Iterable[Atom]) -> str:
    """Words with spaces, lines with line breaks, without leaders and tick boxes."""
    words = [atom for atom in atoms if not atom.leader and not atom.tick]
    lines = runs(words, lambda line, atom: line[-1].line == atom.line and _level(line[-1].token, atom.token))
    return "\n".join(" ".join(atom.text for atom in line) for line in lines).strip()


def lines_of(atoms: tuple[Atom, ...]) -> Iterator[tuple[Atom, ...]]:
    """The atoms of an item, line by line."""
    for number in sorted({atom.line for atom in atoms}):
        yield tuple(atom for atom in atoms if atom.line == number)


def around(atoms: Sequence[Atom]) -> tuple[int | None, Box | None]:
    """The page and the box that hold these atoms (those of the first one's page)."""
    page = next((atom.token.page for atom in atoms), None)
    boxes = [atom.token.box for atom in atoms if atom.token.box is not None and atom.token.page == page]
    return page, union(boxes)


def rows_of(stream: Stream) -> tuple[Row, ...]:
    """Every row of the stream, in order."""
    return tuple(row for row in _Builder().read(stream) if row.items)


class _Builder:
    """Row builder, in one pass: the cells of the row under way, and the free line under way."""

    def __init__(self) -> None:
        self._cells: list[tuple[Token, list[list[Token]]]] = []
        self._line: list[Token] = []
        self._in_cell = False
        self._table = 0

    def read(self, stream: Stream) -> Iterator[Row]:
        """The rows, one by one."""
        last = 0
        for token in (one for one in stream if one.kind is not TokenKind.ASIDE):
            if token.kind in (TokenKind.CELL, TokenKind.PAGE):
                yield from self._free()
            if token.kind is TokenKind.CELL:
                if not self._cells:
                    self._table = last or self._table + 1
                last = self._table
                self._cells.append((token, [[]]))
                self._in_cell = True
            elif token.kind in (TokenKind.ROW, TokenKind.PAGE):
                yield from self._row()
            elif token.kind is TokenKind.PARAGRAPH:
                if self._in_cell:
                    self._cells[-1][1].append([])
                else:
                    yield from self._free()
            elif self._in_cell:
                self._cells[-1][1][-1].append(token)
            else:
                last = 0
                if self._line and not _level(self._line[-1], token):
                    yield from self._free()
                self._line.append(token)
        yield from self._row()
        yield from self._free()

    def _row(self) -> Iterator[Row]:
        items = tuple(_item(lines, cell, self._table) for cell, lines in self._cells)
        self._cells, self._in_cell = [], False
        yield Row(items, self._table)

    def _free(self) -> Iterator[Row]:
        line, self._line = self._line, []
        if line:
            yield Row(tuple(_item([part], None, 0) for part in runs(line, _beside)), 0)


def _level(left: Token, right: Token) -> bool:
    """Whether two words may stand on one line; words without places follow each other."""
    if left.box is None or right.box is None:
        return True
    height = max(left.box[3] - left.box[1], right.box[3] - right.box[1])
    if left.page != right.page or right.box[0] < left.box[0] - _BACK * height:
        return False
    return abs((left.box[1] + left.box[3]) - (right.box[1] + right.box[3])) / 2 <= _LEVEL * height


def _beside(part: Sequence[Token], token: Token) -> bool:
    """Whether a word stands near enough to the one before it to belong to the same item."""
    before = part[-1]
    if token.box is None or before.box is None or before.kind is TokenKind.TICK:
        return True
    height = min(token.box[3] - token.box[1], before.box[3] - before.box[1])
    return token.box[0] - before.box[2] <= _GAP * height


def _item(lines: Sequence[Sequence[Token]], cell: Token | None, table: int) -> Item:
    atoms = tuple(
        atom
        for number, line in enumerate(line for line in lines if line)
        for token in line
        for atom in _atoms(token, number)
    )
    page, box = around(atoms)
    return Item(atoms, page, cell.box if cell and cell.box else box, table)


def _atoms(token: Token, line: int) -> Iterator[Atom]:
    """A word as it is, or cut where leaders or a colon are stuck to other letters (« Nom:....DUPONT »)."""
    if token.kind is TokenKind.TICK:
        yield Atom(token.text, token, line, ())
        return
    if token.name or _LEADER.fullmatch(token.text):  # typed into a field, or only « ../../.... »: not taken apart
        yield Atom(token.text, token, line, label_words(token.text))
        return
    pieces: list[str] = []
    start = 0
    for match in _PIECES.finditer(token.text):
        pieces += [token.text[start : match.start()], match[0]]
        start = match.end()
    pieces.append(token.text[start:])
    for piece in pieces:
        cut = _COLON.fullmatch(piece)
        for part in (cut[1], cut[2]) if cut and not piece.lower().startswith("mailto:") else (piece,):
            if part.strip():
                yield Atom(
                    part,
                    token,
                    line,
                    label_words(part) if any(map(str.isalnum, part)) or "☎" in part or "✉" in part else (),
                )
