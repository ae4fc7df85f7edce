"""Header and footer detection: titles and page numbers, which a longer answer pushes about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.core.folding import fold
from pipeline.reading.alignment.atoms import MARKED
from pipeline.reading.tokens import Stream, TokenKind

_SHARE = 0.09  # of the page's height, at its top and at its foot
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class MarginLine:
    """One line in a margin: its words without numbers, and the tokens it is made of."""

    key: str
    page: int
    foot: bool
    tokens: tuple[int, ...]


def margin_lines(stream: Stream) -> tuple[MarginLine, ...]:
    """The lines of the margins, page by page; placeholders and boxes are never part of one."""
    return tuple(_lines(stream))


def repeated(lines: tuple[MarginLine, ...]) -> frozenset[str]:
    """The keys met on more than one page."""
    keys = Counter(key for key, _ in {(line.key, line.page) for line in lines})
    return frozenset(key for key, pages in keys.items() if pages > 1)


def idle_tokens(stream: Stream, everywhere: frozenset[str], once: frozenset[str]) -> frozenset[int]:
    """The tokens to leave out of a filled form.

    They are the lines repeated ``everywhere`` in the blank, and further copies of those that it prints ``once``.
    """
    lines = margin_lines(stream)
    again = repeated(lines)
    idle: set[int] = set()
    for line in lines:
        same = [other for other in lines if other.key == line.key]
        kept = same[-1] if line.foot else same[0]
        if line.key in everywhere or (line.key in again and line.key in once and line is not kept):
            idle.update(line.tokens)
    return frozenset(idle)


def _lines(stream: Stream) -> Iterator[MarginLine]:
    height, page = 0.0, 0
    held: list[int] = []
    inside = False
    for index, token in enumerate(stream):
        if token.kind is TokenKind.PAGE:
            height, page, inside = (token.box[3] if token.box else 0.0), token.page or 0, False
            held = []
        elif token.kind is TokenKind.CELL:
            inside = True
        elif token.kind is TokenKind.ROW:
            inside, held = False, []
        elif token.kind is TokenKind.PARAGRAPH and not inside:
            if held and (line := _line(stream, held, page, height)):
                yield line
            held = []
        elif not inside:
            held.append(index)


def _line(stream: Stream, held: list[int], page: int, height: float) -> MarginLine | None:
    tokens = [stream[index] for index in held]
    if not height or any(token.box is None or "{{" in token.text or token.ticked is not None for token in tokens):
        return None
    top = all(token.box and token.box[3] <= _SHARE * height for token in tokens)
    foot = all(token.box and token.box[1] >= (1 - _SHARE) * height for token in tokens)
    if not (top or foot):
        return None
    return MarginLine(margin_key(" ".join(token.text for token in tokens)), page, foot, tuple(held))


def margin_key(text: str) -> str:
    """What a line of a margin is known by, whatever the number of its page, and the edition."""
    return _NUMBER.sub("#", fold(MARKED.sub(" ", text)))
