"""Labels of several lines beside what is answered: their words put together again, in a print where nothing is ruled.

Such a page is read line by line, and the lines of a label fall between those of the answer or of the rows beside it,
differently on each copy. The Word blank says which words are one cell’s: they are found under one another and read
where the first one stands. A label beside several rows has no place among their words, and is left out of comparison.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.core.folding import fold
from pipeline.reading.tokens import Stream, Token, TokenKind

_NEXT = 2.2  # heights of a line between two lines of one label
_GAP = 1.5  # of a line's height between two words of one line
_SPACE = 0.5  # of a line's height: words nearer to each other are of one sentence
_ASIDE = 60.0  # points by which the lines of a centred label begin farther left than the first
_SHIFTED = 20.0  # points: how far programs may print a column from where the blank has it
_BORDERS = (TokenKind.CELL, TokenKind.ROW)
_ENDS = (*_BORDERS, TokenKind.PAGE)


@dataclass(frozen=True)
class SideLabel:
    """A label of several lines: its words, where it begins from the left, whether it stands beside several rows."""

    words: tuple[str, ...]
    left: float
    rows: bool


def side_labels(word: Stream, printed: Stream) -> tuple[SideLabel, ...]:
    """The cells of a Word blank, of fixed words only, that its print does not have in one piece, or has elsewhere.

    In ``printed`` the n-th different placeholder of ``word`` is its number. Longer labels come first: a shorter one
    may stand in them.
    """
    cells = sorted(_unruled(word, printed), key=lambda cell: -len(cell.words))
    chains = _apart([(cell.words, None) for cell in cells], printed)
    found = (_out_of_order(chain, cell, printed) for cell, chain in zip(cells, chains, strict=True) if chain)
    return tuple(label for label in found if label is not None)


def _apart(labels: Sequence[tuple[tuple[str, ...], float | None]], stream: Stream) -> list[list[int]]:
    """Where each label stands, in the order given: no word is of two; nothing for one that is not found."""
    taken: set[int] = set()
    found: list[list[int]] = []
    for words, left in labels:
        chain = next((one for one in _chains(words, stream, left) if taken.isdisjoint(one)), [])
        taken.update(chain)
        found.append(chain)
    return found


@dataclass(frozen=True)
class _Cell:
    """A cell of fixed words: them, and how many different placeholders the Word blank has before it."""

    words: tuple[str, ...]
    before: int


def _cells(word: Stream) -> Iterator[_Cell]:
    seen: set[str] = set()
    held: list[Token] | None = None
    for token in word:
        if token.kind in _BORDERS:
            if held and len(held) > 1 and all(one.kind is TokenKind.WORD and "{{" not in one.text for one in held):
                yield _Cell(tuple(fold(one.text) for one in held), len(seen))
            held = [] if token.kind is TokenKind.CELL else None
        elif held is not None and token.kind is not TokenKind.PARAGRAPH:
            held.append(token)
        if "{{" in token.text:
            seen.add(token.text)


def _unruled(word: Stream, printed: Stream) -> Iterator[_Cell]:
    """The cells of fixed words that the print does not have in ruled cells of their own: there they are in order."""
    ruled = Counter(cell.words for cell in _cells(printed))
    for cell in _cells(word):
        if ruled[cell.words] <= 0:
            yield cell
        ruled[cell.words] -= 1


def _out_of_order(chain: Sequence[int], cell: _Cell, printed: Stream) -> SideLabel | None:
    """The label that these words are, if other words stand between them or the answer that comes next before them."""
    between = [printed[index] for index in range(chain[0], chain[-1]) if index not in chain]
    following = f"{{{{{cell.before + 1}}}}}"
    moved = any(token.text == following for token in printed[: chain[0]])
    if not moved and all(token.kind is TokenKind.PARAGRAPH for token in between):
        return None
    top, bottom = printed[chain[0]].spot[1], printed[chain[-1]].spot[3]
    level = (token for token in printed if token.page == printed[chain[0]].page and "{{" in token.text)
    rows = moved or sum(top <= token.middle[1] <= bottom for token in level) > 1
    return SideLabel(cell.words, printed[chain[0]].spot[0], rows)


def _chains(words: Sequence[str], stream: Stream, left: float | None) -> Iterator[list[int]]:
    """Each place where these words stand side by side or under one another, as the indices of their tokens."""
    keys = [fold(token.text) if token.kind is TokenKind.WORD and token.box else "" for token in stream]
    for start, key in enumerate(keys):
        if key == words[0] and (left is None or abs(stream[start].spot[0] - left) <= _SHIFTED):
            chain = _chain(words, keys, stream, start)
            if len(chain) == len(words) and not _is_ruled(chain, stream) and _alone(chain, stream):
                yield chain


def _chain(words: Sequence[str], keys: Sequence[str], stream: Stream, start: int) -> list[int]:
    """As many of these words as follow one another from a token on, each time the nearest one."""
    chain = [start]
    for wanted in words[1:]:
        near = [
            (distance, index)
            for index in range(chain[-1] + 1, len(stream))
            if keys[index] == wanted
            and (distance := _distance(stream[start], stream[chain[-1]], stream[index])) is not None
        ]
        if not near:
            break
        chain.append(min(near)[1])
    return chain


def _is_ruled(chain: Sequence[int], stream: Stream) -> bool:
    """Whether these words stand in a ruled cell, or on both sides of a border: such a page is read by its cells."""
    before = next((stream[index].kind for index in range(chain[0] - 1, -1, -1) if stream[index].kind in _ENDS), None)
    return before is TokenKind.CELL or any(stream[index].kind in _BORDERS for index in range(chain[0], chain[-1]))


def _alone(chain: Sequence[int], stream: Stream) -> bool:
    """Whether no other word stands right before or behind these on their lines: they are no part of a sentence."""
    mine = [stream[index] for index in chain]
    others = [token for index, token in enumerate(stream) if index not in chain and token.text and token.box]
    return not any(_adjoins(one, other) for one in mine for other in others if other.page == one.page)


def _adjoins(one: Token, other: Token) -> bool:
    high = one.spot[3] - one.spot[1]
    level = abs(one.middle[1] - other.middle[1]) < high / 2
    return level and max(one.spot[0] - other.spot[2], other.spot[0] - one.spot[2]) < _SPACE * high


def _distance(first: Token, last: Token, token: Token) -> float | None:
    """How far a word is behind another of its label; ``None`` when it cannot be the next one."""
    if token.page != last.page:
        return None
    high = last.spot[3] - last.spot[1]
    down, across = token.middle[1] - last.middle[1], token.spot[0] - last.spot[2]
    if abs(down) < high / 2:
        return across if -1 < across < _GAP * high else None
    below = 0 < down < _NEXT * high and abs(token.spot[0] - first.spot[0]) < _ASIDE
    return 1000 * down if below else None


def gathered_labels(stream: Stream, labels: Sequence[SideLabel]) -> Stream:
    """The stream with each label in one piece.

    A label beside one answer is read before it, where its first word stands; one beside several is a line of its own.
    """
    chains = _apart([(label.words, label.left) for label in labels], stream)
    held = [[stream[index] for index in chain] for chain in chains]
    for label, words in zip(labels, held, strict=True):
        if words:
            stream = _gathered(stream, words, line=label.rows)
    return stream


def _gathered(stream: Stream, words: list[Token], *, line: bool) -> Stream:
    marks = {id(token) for token in words}
    start = next(index for index, token in enumerate(stream) if id(token) in marks)
    before = list(stream[:start])
    after = [token for token in stream[start:] if id(token) not in marks]
    if line:
        words = [*words, Token(TokenKind.PARAGRAPH, page=words[0].page)]
        begins = _line_start(before)
        after = [*before[begins:], *after]
        before = before[:begins]
    return (*before, *words, *after)


def aside_tokens(stream: Stream, labels: Sequence[SideLabel]) -> frozenset[int]:
    """The tokens (by index) of the labels that stand beside several rows, once labels are gathered."""
    chains = _apart([(label.words, label.left) for label in labels], stream)
    return frozenset(i for label, chain in zip(labels, chains, strict=True) if label.rows for i in chain)


def _line_start(tokens: Sequence[Token]) -> int:
    """Where the line that these tokens end with begins."""
    start = len(tokens)
    while start > 0 and tokens[start - 1].kind in (TokenKind.WORD, TokenKind.TICK):
        start -= 1
    return start
