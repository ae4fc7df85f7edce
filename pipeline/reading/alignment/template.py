"""Template model: the annotated blank as a sequence of fixed words, borders, and slots for answers.

Pages that come in another order than the blank’s are told by the words they share with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile

from pipeline.core.boxes import union
from pipeline.core.folding import fold
from pipeline.forms.layouts import PLACEHOLDER, Placeholder
from pipeline.reading.alignment.atoms import Atom, Mark, atoms_of, has_leaders
from pipeline.reading.alignment.margins import margin_lines, repeated
from pipeline.reading.alignment.side_labels import SideLabel, aside_tokens
from pipeline.reading.tokens import Stream, Token, TokenKind

_LONGEST = 14  # words that one printed placeholder may be cut into


@dataclass(frozen=True, slots=True)
class Item:
    """Template item: a fixed atom, or a slot when ``placeholder`` is set."""

    atom: Atom
    placeholder: Placeholder | None = None

    @property
    def is_text(self) -> bool:
        """A slot to write in."""
        return self.placeholder is not None and self.placeholder.option is None

    @property
    def is_box(self) -> bool:
        """A slot to tick."""
        return self.placeholder is not None and self.placeholder.option is not None

    @property
    def literal(self) -> bool:
        """A fixed word that must be found again."""
        return self.placeholder is None and self.atom.wordy


@dataclass(frozen=True)
class Template:
    """Template: the items of one annotated blank, with the stream they come from."""

    stream: Stream
    items: tuple[Item, ...]
    leaders: bool
    everywhere: frozenset[str] = frozenset()  # lines of the margins that each page repeats
    once: frozenset[str] = frozenset()  # lines of the margins that one page has
    asides: tuple[SideLabel, ...] = ()  # labels of several lines that its print has between other words
    columned: bool = False  # its pages are set in columns, like a newspaper's

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The keys of the fixed words, in order."""
        return tuple(item.atom.key for item in self.items if item.literal)

    @cached_property
    def slots(self) -> tuple[int, ...]:
        """The indices of the slots."""
        return tuple(index for index, item in enumerate(self.items) if item.placeholder is not None)

    @cached_property
    def pages(self) -> int:
        """How many pages it has; none of a Word blank."""
        return sum(token.kind is TokenKind.PAGE for token in self.stream)

    def token(self, index: int) -> Token:
        """The token that an item was cut from."""
        return self.stream[self.items[index].atom.token]


def template_of(
    stream: Stream,
    parse: Callable[[str], Placeholder],
    *,
    leaders: bool,
    boxes: dict[int, Placeholder] | None = None,
    margins: bool = True,
    asides: tuple[SideLabel, ...] = (),
) -> Template:
    """The template of an annotated stream; ``boxes`` are the tokens (by index) that are known to be tick slots.

    With ``margins``, what each page repeats at its head or foot is left out; so are those of the ``asides``, by which
    the stream was gathered, that stand beside several rows. Raises whatever ``parse`` raises for the text between the
    braces of a placeholder.
    """
    whole = join_placeholders(stream)
    leading = leaders or has_leaders(whole)
    lines = margin_lines(whole) if margins else ()
    everywhere = repeated(lines)
    idle = {index for line in lines if line.key in everywhere for index in line.tokens}
    idle |= aside_tokens(whole, asides)
    items = [_item(atom, parse, boxes or {}) for atom in atoms_of(whole, leaders=leading, idle=idle)]
    once = frozenset(line.key for line in lines) - everywhere
    return Template(whole, tuple(items), leading, everywhere, once, asides)


def _item(atom: Atom, parse: Callable[[str], Placeholder], boxes: dict[int, Placeholder]) -> Item:
    if atom.token in boxes and atom.mark is Mark.TICK:
        return Item(atom, boxes[atom.token])
    found = PLACEHOLDER.fullmatch(atom.text) if atom.mark is Mark.WORD else None
    return Item(atom, parse(found.group(1)) if found else None)


def join_placeholders(stream: Stream) -> Stream:
    """The stream with each placeholder as one word, though it was printed over several words or lines.

    Indices are kept: what was swallowed becomes empty words, which the atoms leave out.
    """
    tokens = list(stream)
    index = 0
    while index < len(tokens):
        if tokens[index].kind is TokenKind.WORD and "{{" in tokens[index].text and "}}" not in tokens[index].text:
            end = _end(tokens, index)
            if end is not None:
                _merge(tokens, index, end)
                index = end
        index += 1
    return tuple(tokens)


def _end(tokens: Sequence[Token], start: int) -> int | None:
    near = tokens[start + 1 : start + _LONGEST]
    written = takewhile(lambda token: token.kind in (TokenKind.WORD, TokenKind.PARAGRAPH), near)
    return next((index for index, token in enumerate(written, start + 1) if "}}" in token.text), None)


def _merge(tokens: list[Token], start: int, end: int) -> None:
    text = "".join(token.text for token in tokens[start : end + 1])
    rest = text.partition("{{")[2]
    body, _, tail = rest.partition("}}")
    boxes = [token.box for token in tokens[start : end + 1] if token.box]
    tokens[start] = replace(tokens[start], text=f"{{{{{body}}}}}", box=union(boxes))
    for index in range(start + 1, end + 1):
        tokens[index] = replace(tokens[index], kind=TokenKind.WORD, text="")
    if tail.strip():
        tokens[end] = replace(tokens[end], kind=TokenKind.WORD, text=tail)


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
