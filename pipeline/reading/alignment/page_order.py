"""Page sorter: pages in another order than the blank’s are told by the words they share."""

from __future__ import annotations

from collections import Counter

from pipeline.core.folding import fold
from pipeline.reading.alignment.template import Template
from pipeline.reading.tokens import Stream, Token, TokenKind

_CLEAR = 0.6  # share of a page's fixed words that a page must have to be taken for it
_TWICE = 0.8  # share of all the fixed words met twice from which there are two forms in the file


def in_order(stream: Stream, template: Template) -> Stream:
    """The stream with its pages in the order of the blank's, when every one of them is told for certain."""
    blank, filled = _pages(template.stream), _pages(stream)
    if len(blank) != len(filled) or len(filled) < 2:
        return stream
    counts = [_words(page) for page in filled]
    order = []
    for page in blank:
        wanted = _words(page)
        shares = [(wanted & count).total() / max(wanted.total(), 1) for count in counts]
        best = max(range(len(shares)), key=shares.__getitem__)
        if shares[best] < _CLEAR:
            return stream
        order.append(best)
    if sorted(order) != list(range(len(filled))) or order == sorted(order):
        return stream
    return tuple(token for index in order for token in filled[index])


def holds_two(stream: Stream, template: Template) -> bool:
    """Whether the file holds the form twice: nearly each fixed word is there twice as often as in the blank."""
    wanted = _words(template.stream)
    doubled = Counter({word: 2 * count for word, count in wanted.items()})
    return (doubled & _words(stream)).total() >= _TWICE * doubled.total() + (1 - _TWICE) * wanted.total()


def _pages(stream: Stream) -> list[tuple[Token, ...]]:
    pages: list[list[Token]] = []
    for token in stream:
        if token.kind is TokenKind.PAGE:
            pages.append([])
        if pages:
            pages[-1].append(token)
    return [tuple(page) for page in pages]


def _words(stream: Stream) -> Counter[str]:
    return Counter(fold(token.text) for token in stream if token.kind is TokenKind.WORD and "{{" not in token.text)
