"""Label matcher: longest first, set apart by a colon, leaders, a border or the end of a line."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.reading.labels.items import Item, lines_of
from pipeline.reading.labels.sections import heading_of
from pipeline.reading.labels.vocabulary import LONGEST, Vocabulary, Words, label_words
from pipeline.reading.tokens import Source

_BENT = (Source.RAPIDOCR, Source.TESSERACT)
# Fields some of whose labels are also everyday answers: « Directeur », « Association », « Formation ».
_ANSWERS = (".nom_prenom", ".raison_sociale", ".financeur", ".sujet", ".intitule", ".activites", ".service")


_ONLY_ASK = frozenset(
    {"nom", "prenom", "raison", "denomination", "sujet", "theme", "intitule", "activites", "missions"}
)


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
        if label is None or (found and _answers(label, found[-1], item)):
            index += 1
        else:
            found.append(label)
            index = label.end
    return tuple(found)


def _answers(label: Label, before: Label, item: Item) -> bool:
    """Whether what looks like a label answers the one just before it: « Fonction : ..Directeur.. »."""
    between = any(not atom.leader for atom in item.atoms[before.end : label.start])
    return (
        not between
        and not item.atoms[label.end - 1].colon
        and may_answer(label.path, label_words(" ".join(atom.text for atom in item.atoms[label.start : label.end])))
    )


def may_answer(path: str, words: Words) -> bool:
    """Whether words that label a field are also what people answer to another."""
    return path.endswith(_ANSWERS) and not set(words) & _ONLY_ASK


def is_bent(item: Item) -> bool:
    """Whether its letters were read from an image."""
    return any(atom.token.source in _BENT for atom in item.atoms)


def _whole(item: Item, section: str | None, vocabulary: Vocabulary) -> Label | None:
    """The item is one label and nothing else, on one line or wrapped, with or without words in brackets."""
    if item.has_tick or not item.atoms or any(atom.typed for atom in item.atoms) or len(item.words) > LONGEST * 2:
        return None
    if any(atom.colon for atom in item.atoms[:-1] if atom.text != ":") or item.empty:
        return None
    end = len(item.atoms)
    inside = [atom for atom in item.atoms if not atom.leader]
    for words in dict.fromkeys((item.words, _unbracketed(item))):
        path = vocabulary.find(words, section) if words else None
        if path:
            return Label(path, 0, end, section, whole=len(inside) == len(item.atoms), strong=True)
    if is_bent(item) and (near := vocabulary.closest(item.words, section)):
        return Label(near[0], 0, end, section, whole=True, strong=False, bent=True)
    return None


def _unbracketed(item: Item) -> Words:
    text = " ".join(atom.text for atom in item.atoms if not atom.leader)
    start, end = text.find("("), text.rfind(")")
    return label_words(text[:start] + text[end + 1 :]) if 0 < start < end else item.words


def _headings(item: Item, section: str | None, vocabulary: Vocabulary) -> dict[int, str]:
    """Where, inside a cell of several lines, a heading starts another section."""
    lines = list(lines_of(item.atoms))
    if len(lines) < 3:
        return {}
    places: dict[int, str] = {}
    index = 0
    for line in lines:
        text = " ".join(atom.text for atom in line)
        named = heading_of(text) if not any(atom.tick or atom.typed for atom in line) else None
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
    atoms, (start, end) = item.atoms, span
    after = atoms[end] if end < len(atoms) else None
    closed = (
        atoms[end - 1].colon or after is None or after.leader or after.tick or after.typed or after.text in (":", "?")
    )
    cut = opens and after is not None and after.line != atoms[end - 1].line
    if not (closed or cut or start == 0):  # without anything after it, a label starts its line
        return None
    text = " ".join(atom.text for atom in atoms[start:end])
    joined = label_words(text)
    if not opens and not (atoms[end - 1].colon or (after is not None and (after.leader or after.text == ":"))):
        return None
    path = vocabulary.find(joined, section, weak=not (closed or cut))
    if path is None and ")" in text and "(" in text and closed:
        bare = label_words(text[: text.find("(")] + text[text.rfind(")") + 1 :])
        path = vocabulary.find(bare, section) if bare else None
    if path is not None:
        return Label(path, start, end, section, whole=False, strong=closed or cut)
    if is_bent(item) and opens and closed and (near := vocabulary.closest(joined, section)):
        return Label(near[0], start, end, section, whole=False, strong=False, bent=True)
    return None
