"""Row labeller: the labels in each row of a form, and whose lines they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.core.fields import Dictionary, FieldKind, Nature
from pipeline.reading.labels.items import Item, Row
from pipeline.reading.labels.matching import Label, is_bent, labels_of
from pipeline.reading.labels.sections import Sections
from pipeline.reading.labels.vocabulary import Vocabulary, Words, label_words

_SIGNED, _SIGNED_AT = "signatures", "signatures.lieu"
_ROLES = (Nature.ROLE, Nature.SERVICE)


@dataclass(frozen=True)
class Placed:
    """Row context: the section of each item and the labels found in it."""

    row: Row
    sections: tuple[str | None, ...]
    labels: tuple[tuple[Label, ...], ...]
    lost: bool  # no heading above

    def end(self, index: int, order: int) -> int:
        """Where, in an item, the next label stands or the item ends."""
        return next((label.start for label in self.labels[index][order + 1 :]), len(self.row.items[index].atoms))


def placed(rows: Sequence[Row], vocabulary: Vocabulary) -> list[Placed | None]:
    """Every row with its labels; ``None`` where a heading stands, which ends what is above it."""
    bent = any(is_bent(item) for row in rows for item in row.items)
    sections = Sections(vocabulary, _titles(vocabulary.dictionary), bent)
    found: list[Placed | None] = []
    person: str | None = None
    for row in rows:
        where = sections.place(row)
        if where is None:
            found.append(None)
            person = None
            continue
        lost = all(section is None for section in where)  # no heading says whose these lines are: the last name does
        labels, person = _labels(row, where, vocabulary, person if lost else None)
        found.append(Placed(row, where, labels, lost))
    return found


def _titles(dictionary: Dictionary) -> dict[Words, str]:
    return {
        label_words(title): path
        for path, title in dictionary.titles.items()
        if not path.endswith(".adresse") and ".horaires." not in path
    }


def _labels(
    row: Row, sections: Sequence[str | None], vocabulary: Vocabulary, person: str | None
) -> tuple[tuple[tuple[Label, ...], ...], str | None]:
    """The labels of each item, and whose name the row asks; what follows a label answers it, unless it is one too.

    After a name, « Fonction » or « Téléphone » on the same line are that person’s.
    """
    nature = vocabulary.dictionary.nature
    found: list[tuple[Label, ...]] = []
    for item, above in zip(row.items, sections, strict=True):
        signing = any(label.path == _SIGNED_AT for labels in found for label in labels)  # « Fait à …  Le … »
        section = _SIGNED if signing else above
        here = person if not signing and _is_theirs(person, section) else section
        tried = (labels_of(item, where, vocabulary) for where in dict.fromkeys((here, section)))
        labels = next(filter(None, tried), ())
        if found and labels and _answers(labels[0], found[-1], item, vocabulary):
            labels = ()
        named = [label.path.rpartition(".")[0] for label in labels if nature(label.path) is Nature.FULL_NAME]
        person = named[-1] if named else person
        found.append(labels)
    return tuple(found), person


def _is_theirs(person: str | None, section: str | None) -> bool:
    """Whether lines of a section may go on about the person whose name the row asked."""
    return person is not None and (section is None or person.startswith(section.split(".")[0]))


def _answers(label: Label, before: tuple[Label, ...], item: Item, vocabulary: Vocabulary) -> bool:
    """Whether what follows a label answers it (« Fonction », « Directeur »), and is no label in a row of titles."""
    if len(before) != 1 or not before[0].whole:
        return False
    if not label.whole:
        return label.start > 0 or not item.atoms[label.end - 1].colon
    fields = vocabulary.dictionary
    if fields.nature(before[0].path) in _ROLES:
        contact = fields.kind(label.path) in (FieldKind.PHONE, FieldKind.EMAIL)
        return not contact and fields.nature(label.path) not in (Nature.SURNAME, Nature.GIVEN_NAME)
    return vocabulary.may_answer(label.path, item.words) and not item.atoms[-1].colon
