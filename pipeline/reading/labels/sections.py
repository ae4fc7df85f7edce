"""Section tracker: the heading that each item stands under, above it or at the head of its column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from pipeline.reading.labels.items import Item, Row
from pipeline.reading.labels.vocabulary import Vocabulary, Words, label_words

_NUMBERING = re.compile(
    r"^\s*(?:\(?(?:\d{1,2}|[ivxIVX]{1,4}|[a-hA-H])\s?(?:[.)°–/-]|\s[–-])+|[•▪■►➢#]|partie\s\d\s?[:–-])\s*"
)
_MOST_WORDS = 11
_TOO_COMMON = (("mission",), ("activites",))  # alone, a question of the form


def heading_of(text: str, vocabulary: Vocabulary, *, bent: bool = False) -> str | None:
    """The section that a line announces, if every word of it belongs in a heading; ``bent`` allows OCR's letters."""
    bare = _NUMBERING.sub("", text).strip().rstrip(":").strip()
    words = label_words(bare)
    if not words or len(words) > _MOST_WORDS or ":" in bare or any(map(str.isdigit, bare.replace("1", ""))):
        return None
    known = vocabulary.heading_words
    if bent:
        words = tuple(_unbent(word, known) for word in words)
    if words in _TOO_COMMON or not known.issuperset(words):
        return None
    places = [
        (-len(phrase) if at == 0 else at, order, section)
        for order, (phrase, section) in enumerate(vocabulary.headings)
        if (at := _at(words, phrase)) is not None
    ]
    return min(places)[2] if places else None


def _at(words: Words, phrase: Words) -> int | None:
    span = len(phrase)
    return next((i for i in range(len(words) - span + 1) if words[i : i + span] == phrase), None)


def _unbent(word: str, known: frozenset[str]) -> str:
    if word in known or len(word) < 5:
        return word
    near = [other for other in known if abs(len(other) - len(word)) <= 1 and fuzz.ratio(other, word) >= 88]
    return near[0] if len(near) == 1 else word


@dataclass
class Sections:
    """Section state as the rows go by: one for the whole width, or one for each column."""

    vocabulary: Vocabulary
    titles: Mapping[Words, str]
    bent: bool = False
    _columns: list[tuple[float, str | None]] = field(default_factory=list)
    _section: str | None = None
    _table: int = 0

    def place(self, row: Row) -> tuple[str | None, ...] | None:
        """The section of each item of a row; ``None`` when the row is itself a heading."""
        filled = [item for item in row.items if not item.empty]
        alone = len(filled) == 1
        if row.table != self._table and any(item.box is None for item in row.items):
            self._columns = []
        self._table = row.table
        apart = alone or all(heading_of(item.text, self.vocabulary, bent=self.bent) for item in filled)
        heads = {id(item): self._heading(item, alone=apart) for item in filled}
        if filled and None not in heads.values():
            self._open(row, filled, heads)
            return None
        if alone and self._unknown(filled[0]):
            self._columns, self._section = [], None
            return None
        return tuple(self._of(item, index, row) for index, item in enumerate(row.items))

    def _unknown(self, item: Item) -> bool:
        """A numbered or bold line alone, without an answer: another part begins, whatever it is about."""
        bold = all(atom.token.emphasis for atom in item.atoms) and len(item.atoms) > 1
        numbered = bool(_NUMBERING.match(item.text)) and item.text[-1:] not in ".;,"
        plain = not item.has_tick and not item.typed and not any(atom.leader for atom in item.atoms)
        short = 1 < len(item.words) <= _MOST_WORDS and len({atom.line for atom in item.atoms}) == 1
        digits = any(char.isdigit() for char in _NUMBERING.sub("", item.text))
        return (bold or numbered) and plain and short and not digits and not self._asks(item)

    def _asks(self, item: Item) -> bool:
        return ":" in item.text or self.vocabulary.find(item.words, self._section) is not None

    def _heading(self, item: Item, *, alone: bool) -> str | None:
        if item.has_tick or item.typed or len({atom.line for atom in item.atoms}) > 2:
            return None
        section = self.titles.get(label_words(item.text)) or heading_of(item.text, self.vocabulary, bent=self.bent)
        if section is None or (section == "" and not alone):
            return None
        path = self.vocabulary.find(item.words, self._section)
        if path is None:
            return section
        roots = {name.split(".")[0] for name in (path, section, self._section or "")}
        return section if alone and len(roots) > 1 else None  # a question of the section that stands open

    def _open(self, row: Row, heads: list[Item], sections: Mapping[int, str | None]) -> None:
        if len(heads) == 1:
            section = sections[id(heads[0])]
            section = self._inner(section)
            if len(self._columns) > 1 and len(row.items) == 1 and heads[0].box is not None:
                self._one_column(heads[0], section, row.leeway)
            elif len(self._columns) > 1 and len(row.items) == len(self._columns):
                index = row.items.index(heads[0])
                self._columns[index] = (self._columns[index][0], section)
            else:
                self._columns, self._section = [], section
            return
        self._columns = [
            (item.box[0] if item.box else float(index), sections[id(item)] or None)
            for index, item in enumerate(row.items if len(heads) == len(row.items) else heads)
        ]
        self._section = None

    def _inner(self, section: str | None) -> str | None:
        """« Adresse » and « Signataire » headings stay inside the body that they belong to."""
        root = (self._section or "").split(".")[0]
        if not section:
            return None
        if section in ("organisme.signataire", "organisme.lieu_stage") and root == "employeur":
            return "employeur.signataire" if section.endswith("signataire") else None
        if section == "organisme.signataire" and root == "stagiaire":
            return "stagiaire.representant_legal"
        return section

    def _one_column(self, item: Item, section: str | None, leeway: float) -> None:
        """A heading under two columns: its own column's; from the left margin it may be of the whole width."""
        x = item.box[0] if item.box else 0.0
        index = max((i for i, (left, _) in enumerate(self._columns) if left <= x + leeway), default=0)
        self._columns = [
            (left, section if i == index else None if index == 0 else old)
            for i, (left, old) in enumerate(self._columns)
        ]

    def _of(self, item: Item, index: int, row: Row) -> str | None:
        if len(self._columns) < 2:
            return self._section
        if item.box is not None and row.items[0].box is not None:
            left = [section for x, section in self._columns if x <= item.box[0] + row.leeway]
            return left[-1] if left else self._columns[0][1]
        if len(row.items) % len(self._columns):
            return None
        return self._columns[index * len(self._columns) // len(row.items)][1]
