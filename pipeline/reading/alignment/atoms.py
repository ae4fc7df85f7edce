"""Tokenizer for comparison: punctuation apart from words, leaders gone, idle marks left out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from pipeline.core.folding import fold
from pipeline.core.paper_kinds import OF_A_DOSSIER
from pipeline.forms.blank import MARK
from pipeline.reading.tokens import NOTE, Stream, Token, TokenKind

_LEADER = r"\.{2,}|…+|_{2,}|·{2,}|-{4,}"
_PIECE = re.compile(rf"{_LEADER}|\.(?=\.)|[^\W_]+|_|[^\w\s]")
_LEADERS = re.compile(rf"(?:{_LEADER})")
_ABBREVIATED = re.compile(
    r"(?:^|[\W_])(?:(?:[^\W\d_]\.)+[^\W\d_]|etc)$", re.IGNORECASE
)  # the next full stop is its own
# The mark of a blank of ours: it says which edition it is, and is no word of it.
_PAPERS = "|".join(OF_A_DOSSIER)
MARKED = re.compile(
    rf"{MARK}/([a-z0-9][a-z0-9-]{{1,39}})/(\d{{4}}-\d{{4}})(?:/({_PAPERS}))?/([0-9a-f]{{8}})(?![0-9a-z])"
)


class Mark(IntEnum):
    """Kind of an atom."""

    WORD = 0
    CELL = 1
    ROW = 2
    LINE = 3
    TICK = 4


WRITTEN = (Mark.WORD, Mark.TICK)  # what somebody wrote: no border, no line end
_MARKS = {
    TokenKind.CELL: Mark.CELL,
    TokenKind.ROW: Mark.ROW,
    TokenKind.PARAGRAPH: Mark.LINE,
    TokenKind.TICK: Mark.TICK,
}


@dataclass(frozen=True, slots=True)
class Atom:
    """Comparison token: a word, a punctuation mark, a box or a border, cut from the token of index ``token``.

    ``key`` is what is compared: no case, no accents. ``glued``: no space before it. ``span`` is its place in the
    token's text.
    """

    mark: Mark
    key: str
    text: str
    token: int
    glued: bool = False
    span: tuple[int, int] = (0, 0)

    @property
    def wordy(self) -> bool:
        """Whether it is a word or a number, not punctuation."""
        return self.mark is Mark.WORD and self.key[:1].isalnum()


def line_of(atoms: Sequence[Atom]) -> str:
    """The atoms of one line as it was written: no space where there was none."""
    return "".join(atom.text if not index or atom.glued else f" {atom.text}" for index, atom in enumerate(atoms))


def with_line_ends(atoms: Sequence[Atom], mine: Iterable[int]) -> list[int]:
    """The words of one answer in reading order, with a line end wherever the page has one between."""
    found: list[int] = []
    for atom in mine:
        ends = range(found[-1] + 1, atom) if found else ()
        found.extend([end for end in ends if atoms[end].mark is Mark.LINE][:1])
        found.append(atom)
    return found


def has_leaders(stream: Stream) -> bool:
    """Whether answers are written on dotted or underlined leaders."""
    return any(token.kind is TokenKind.WORD and _LEADERS.search(token.text) for token in stream)


def atoms_of(stream: Stream, *, leaders: bool, idle: Collection[int] = ()) -> list[Atom]:
    """The atoms of a stream; with ``leaders``, runs of dots and underscores are left out, ``idle`` tokens always.

    Page marks and notes are left out, the mark of our own blanks, and line ends beside a border, which say nothing
    more than the border.
    """
    atoms: list[Atom] = []
    for index, token in enumerate(stream):
        aside = token.kind in (TokenKind.PAGE, TokenKind.ASIDE) or token.name == NOTE
        if aside or index in idle or MARKED.fullmatch(token.text):
            continue
        if token.kind is TokenKind.WORD:
            atoms.extend(_cut(token, index, leaders=leaders))
        else:
            _add_mark(atoms, token, index)
    return atoms


def words_of(text: str) -> Iterator[str]:
    """The keys of the words and numbers of a plain text."""
    return (key for piece in _PIECE.finditer(text) if (key := fold(piece.group())) and key[:1].isalnum())


def _add_mark(atoms: list[Atom], token: Token, index: int) -> None:
    mark = _MARKS[token.kind]
    if mark is Mark.LINE and (not atoms or atoms[-1].mark in (Mark.LINE, Mark.CELL, Mark.ROW)):
        return
    if mark in (Mark.CELL, Mark.ROW) and atoms and atoms[-1].mark is Mark.LINE:
        atoms.pop()
    atoms.append(Atom(mark, f"\x00{mark.name}", token.text, index))


def _cut(token: Token, index: int, *, leaders: bool) -> list[Atom]:
    if token.text.startswith("{{"):
        return [Atom(Mark.WORD, token.text, token.text, index)]
    found: list[Atom] = []
    last = -1
    for piece in _PIECE.finditer(token.text):
        text = piece.group()
        if leaders and _LEADERS.fullmatch(text):
            if not text.startswith(".") or not _ABBREVIATED.search(token.text[: piece.start()]):
                continue
            text = "."
        key = fold(text) or text
        found.append(Atom(Mark.WORD, key, text, index, piece.start() == last and last > 0, piece.span()))
        last = piece.end()
    return found
