"""Label matcher: longest first, set apart by a colon, leaders, a border or the end of a line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.reading.labels.items import Atom, Item, lines_of
from pipeline.reading.labels.sections import heading_of
from pipeline.reading.labels.vocabulary import LONGEST, Vocabulary, Words, label_words
from pipeline.reading.tokens import Source

_BENT = (Source.RAPIDOCR, Source.TESSERACT)


@dataclass(frozen=True)
class Label:
    """Label match, of atoms ``start`` to ``end``; ``whole``: nothing else is there, ``strong``: set apart."""

    path: str
    start: int
    end: int
    section: str | None
    whole: bool
    strong: bool
    bent: bool = False


def labels_of(item: Item, section: str | None, vocabulary: Vocabulary) -> tuple[Label, ...]:
    """The labels of an item in order; a heading line inside a tall cell changes the section below it."""
    whole = _whole(item, section, vocabulary)
    if whole is not None:
        return (whole,)
    headings = _headings(item, section, vocabulary)
    found: list[Label] = []
    index = 0
    while index < len(item.atoms):
        section = headings.get(index, section)
        label = _at(item, index, section, vocabulary)
        if label is None or (found and _answers(label, found[-1], item, vocabulary)):
            index += 1
        else:
            found.append(label)
            index = label.end
    return tuple(found)


def _answers(label: Label, before: Label, item: Item, vocabulary: Vocabulary) -> bool:
    """Whether what looks like a label answers the one just before it: « Fonction : ..Directeur.. »."""
    between = any(not atom.leader for atom in item.atoms[before.end : label.start])
    words = label_words(_text(item.atoms[label.start : label.end]))
    return not between and not item.atoms[label.end - 1].colon and vocabulary.may_answer(label.path, words)


def _text(atoms: Iterable[Atom]) -> str:
    return " ".join(atom.text for atom in atoms)


def is_bent(item: Item) -> bool:
    """Whether its letters were read from an image."""
    return any(atom.token.source in _BENT for atom in item.atoms)


def _whole(item: Item, section: str | None, vocabulary: Vocabulary) -> Label | None:
    """The item is one label and nothing else, on one line or wrapped, with or without words in brackets."""
    if item.empty or item.has_tick or item.typed or len(item.words) > LONGEST * 2:
        return None
    if any(atom.colon for atom in item.atoms[:-1] if atom.text != ":"):
        return None
    inside = [atom for atom in item.atoms if not atom.leader]
    whole = len(inside) == len(item.atoms)
    for words in dict.fromkeys((item.words, _unbracketed(_text(inside)))):
        path = vocabulary.find(words, section) if words else None
        if path:
            return Label(path, 0, len(item.atoms), section, whole=whole, strong=True)
    return _near(item, (0, len(item.atoms)), section, vocabulary, whole=True)


def _near(
    item: Item, span: tuple[int, int], section: str | None, vocabulary: Vocabulary, *, whole: bool
) -> Label | None:
    """The label that these atoms look like, if an engine may have bent their letters."""
    words = item.words if whole else label_words(_text(item.atoms[slice(*span)]))
    near = vocabulary.closest(words, section) if is_bent(item) else None
    return Label(near[0], *span, section, whole=whole, strong=False, bent=True) if near else None


def _unbracketed(text: str) -> Words:
    """The words of a text without what stands in brackets."""
    start, end = text.find("("), text.rfind(")")
    return label_words(text[:start] + text[end + 1 :] if 0 <= start < end else text)


def _headings(item: Item, section: str | None, vocabulary: Vocabulary) -> dict[int, str]:
    """Where, inside a cell of several lines, a heading starts another section."""
    lines = list(lines_of(item.atoms))
    if len(lines) < 3:
        return {}
    places: dict[int, str] = {}
    index = 0
    for line in lines:
        text = _text(line)
        named = heading_of(text, vocabulary) if not any(atom.tick or atom.typed for atom in line) else None
        if named and vocabulary.find(label_words(text), section) is None and (index == 0 or text.isupper()):
            places[index] = section = named
        index += len(line)
    return places


def _at(item: Item, index: int, section: str | None, vocabulary: Vocabulary) -> Label | None:
    """The longest label that starts at an atom and is set apart from what follows."""
    atoms = item.atoms
    first = atoms[index]
    if first.typed or first.tick or first.leader or not first.words:
        return None
    opens = index == 0 or atoms[index - 1].leader or atoms[index - 1].line != first.line
    count = 0
    best: Label | None = None
    for end in range(index + 1, min(index + LONGEST + 4, len(atoms)) + 1):
        atom = atoms[end - 1]
        if atom.typed or atom.tick or atom.leader:
            break
        count += len(atom.words)
        if count > LONGEST * 2:
            break
        best = _label(item, (index, end), section, vocabulary, opens=opens) or best
        if atom.colon:
            break
    return best


def _label(
    item: Item, span: tuple[int, int], section: str | None, vocabulary: Vocabulary, *, opens: bool
) -> Label | None:
    """These atoms as a label, if their words are one and something sets them apart."""
    ends = _ends(item.atoms, span, opens=opens)
    if ends is None:
        return None
    text, strong = _text(item.atoms[slice(*span)]), any(ends)
    path = vocabulary.find(label_words(text), section, weak=not strong)
    if path is None and ends.closed and "(" in text and (bare := _unbracketed(text)):
        path = vocabulary.find(bare, section)
    if path is not None:
        return Label(path, *span, section, whole=False, strong=strong)
    return _near(item, span, section, vocabulary, whole=False) if opens and ends.closed else None


class _Ends(NamedTuple):
    closed: bool  # a colon, leaders, a box or nothing stands behind
    cut: bool  # the line ends


def _ends(atoms: tuple[Atom, ...], span: tuple[int, int], *, opens: bool) -> _Ends | None:
    """What sets atoms apart from those behind; ``None`` for words inside a text, which are no label."""
    last = atoms[span[1] - 1]
    if span[1] == len(atoms):
        asks, ends = last.colon, _Ends(closed=True, cut=False)
    else:
        after = atoms[span[1]]  # dots behind words that do not begin a line may end an answer
        asks = last.colon or (after.leader and opens) or after.text == ":"
        closed = asks or after.leader or after.tick or after.typed or after.text == "?"
        ends = _Ends(closed, opens and after.line != last.line)
    begins = opens and (any(ends) or span[0] == 0)  # without anything after it, a label starts its line
    return ends if asks or begins else None
