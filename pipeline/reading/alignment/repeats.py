"""Repeats of the blank in answers: the words that end an answer, or its label, written once more by its writer."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from pipeline.reading.alignment.align import Aligned
from pipeline.reading.alignment.atoms import Atom, Mark
from pipeline.reading.alignment.template import Item

_TELLING = 2  # fixed words in a row that tell where an answer ends, unless it holds both of them in a row
_LINKS = frozenset(("puis", "et", "ou", "ensuite", "aussi", "ainsi", "que", "soit", "voire", "avec"))
_NAMES = ("nom", "prenom", "nom_prenom", "raison_sociale")
_BORDERS = (Mark.CELL, Mark.ROW)
Fit = tuple[Sequence[Item], Sequence[Atom], Aligned]


def separator_repeated(
    slot: int, items: Sequence[Item], atoms: Sequence[Atom], aligned: Aligned, *, placed: bool
) -> bool:
    """Whether an answer holds what ends it, or what stands before it: where it ends is then a guess.

    « Le Havre » holds the « le » of « Fait à …, le … », and not its comma: the two together tell it apart.
    ``placed``: its neighbours are told apart by their places.
    """
    if not items[slot].is_text:
        return False
    answer = _trimmed([atoms[index] for index in aligned.fallen.get(slot, ())])
    return any(_ambiguous(slot, side, answer, (items, atoms, aligned), placed=placed) for side in (1, -1))


def _trimmed(answer: list[Atom]) -> list[Atom]:
    """An answer without its line ends, and without the marks that stand alone at its ends: leaders, one by one."""
    kept = [atom for atom in answer if atom.mark is not Mark.LINE]
    while kept and kept[-1].mark is Mark.WORD and not kept[-1].wordy and not kept[-1].glued:
        kept.pop()
    while len(kept) > 1 and kept[0].mark is Mark.WORD and not kept[0].wordy and not kept[1].glued:
        kept.pop(0)
    return kept


def _marks(answer: Sequence[Atom]) -> set[str]:
    """The marks of an answer that could end it: a full stop inside an e-mail address does not."""
    followers = (*answer[1:], None)
    return {
        atom.key
        for atom, after in zip(answer, followers, strict=False)
        if not atom.wordy and (after is None or not after.glued)
    }


def _ambiguous(slot: int, side: int, answer: Sequence[Atom], fit: Fit, *, placed: bool) -> bool:
    items = fit[0]
    run = _words_beside(slot, side, fit)
    if run:
        told = [items[index].atom.key for index in run[::side]]
        nearest = next(items[index].atom.key for index in run if items[index].literal)
        return _holds([atom.key for atom in answer], told) or _goes_on(answer, nearest, named=_is_name(items[slot]))
    marks = _marks(answer)
    separated = repeated = False
    for index in _beside(slot, side, items):  # marks alone part it from the next slot, or from the end of the line
        item = items[index]
        if item.placeholder is not None:
            alone = not separated and not placed
            return item.is_text and (repeated or alone) and not _is_postcode(index, fit)
        if item.atom.mark is Mark.LINE:
            return repeated and side == 1
        repeated = repeated or item.atom.key in marks
        separated = True
    return False


def _goes_on(answer: Sequence[Atom], word: str, *, named: bool) -> bool:
    """Whether a word beside a slot leads to a second answer within the first: « LE BRIS Anne puis à BENAÏSSA Inès ».

    In a name it always does.
    """
    places = [index for index, atom in enumerate(answer) if atom.key == word]
    linked = (index and (answer[index - 1].key in _LINKS or not answer[index - 1].wordy) for index in places)
    return bool(places) if named else any(linked)


def _is_name(item: Item) -> bool:
    return item.placeholder is not None and item.placeholder.path.rpartition(".")[2] in _NAMES


def _words_beside(slot: int, side: int, fit: Fit) -> list[int]:
    """The fixed marks and words in a row beside a slot, the nearest first, as far as the second word; or none."""
    items, atoms, aligned = fit
    run: list[int] = []
    words = 0
    for index in _beside(slot, side, items):
        item = items[index]
        if words == _TELLING or item.placeholder is not None or item.atom.mark is Mark.LINE:
            break
        if run and not _adjoin(run[-1], index, atoms, aligned):
            if words:
                break
            run.clear()
        words += item.literal
        run += [index] if item.literal or index in aligned.pairs else []
    return run if words else []


def _adjoin(one: int, two: int, atoms: Sequence[Atom], aligned: Aligned) -> bool:
    """Whether two fixed words were found right beside each other, or on two lines."""
    if one not in aligned.pairs or two not in aligned.pairs:
        return False
    first, last = sorted((aligned.pairs[one], aligned.pairs[two]))
    return all(atom.mark is Mark.LINE for atom in atoms[first + 1 : last])


def _holds(keys: Sequence[str], told: Sequence[str]) -> bool:
    size = len(told)
    return any(list(keys[start : start + size]) == list(told) for start in range(len(keys) - size + 1))


def _is_postcode(slot: int, fit: Fit) -> bool:
    """Whether a slot for a French postcode holds just that: what stands beside it ends where it begins."""
    items, atoms, aligned = fit
    placeholder = items[slot].placeholder
    if placeholder is None or not placeholder.path.endswith("code_postal"):
        return False
    keys = [atoms[index].key for index in aligned.fallen.get(slot, ())]
    return len(keys) == 1 and len(keys[0]) == 5 and keys[0].isdigit()


def _beside(slot: int, side: int, items: Sequence[Item]) -> Iterator[int]:
    """The items on one side of a slot, as far as the border of a cell."""
    index = slot + side
    while 0 <= index < len(items):
        item = items[index]
        if item.placeholder is None and item.atom.mark in _BORDERS:
            return
        yield index
        index += side


def label_of(slot: int, items: Sequence[Item]) -> tuple[str, ...]:
    """The fixed words before a slot that ask for it: all the lines of a cell, the last line outside tables."""
    lines: list[list[str]] = [[]]
    whole = False
    for index in range(slot - 1, -1, -1):
        item = items[index]
        if item.placeholder is not None:
            break
        if item.atom.mark in _BORDERS and any(lines):
            whole = item.atom.mark is Mark.CELL
            break
        if item.atom.mark is Mark.LINE and lines[0]:
            lines.insert(0, [])
        if item.literal:
            lines[0].insert(0, item.atom.key)
    return tuple(key for line in (lines if whole else lines[-1:]) for key in line)


def loose_labels(atoms: Sequence[Atom], free: Collection[int]) -> frozenset[tuple[str, ...]]:
    """What reads as a label among the words that are no fixed words (``free``, by index).

    They are whole lines, and what precedes a colon.
    """
    found: set[tuple[str, ...]] = set()
    words: list[str] = []
    whole = True
    for index, atom in enumerate(atoms):
        if atom.mark is not Mark.WORD:
            found.update([tuple(words)] if words and whole else ())
            words, whole = [], True
        elif index not in free:
            words, whole = [], False
        elif atom.wordy:
            words.append(atom.key)
        elif atom.key == ":":
            found.update(tuple(words[start:]) for start in range(len(words)))
            words, whole = [], False
    return frozenset(found)
