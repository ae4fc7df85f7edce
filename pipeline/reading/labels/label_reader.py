"""Label-based parser: each value is beside, after or under the label of its field, within its section."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import FULL_NAME, Dictionary, Nature
from pipeline.core.sequences import grouped
from pipeline.reading.candidates import Candidate
from pipeline.reading.labels.answer_places import (
    Below,
    answer_part,
    below,
    beside,
    carried_on,
    timetable_of,
    titles,
)
from pipeline.reading.labels.items import Atom, Item, around, rows_of, text_of
from pipeline.reading.labels.matching import Label
from pipeline.reading.labels.row_labels import Placed, placed
from pipeline.reading.labels.typed import sentences_in
from pipeline.reading.labels.vocabulary import vocabulary_of
from pipeline.reading.labels.worded_ticks import Ticked, answers_by_boxes, field_of_ticks, read_ticks
from pipeline.reading.tokens import Stream

METHOD = "libelles"
_TWICE = Doubt(Reason.DIVERGENT, "plusieurs endroits du formulaire répondent à ce libellé")


def candidate_of(
    path: str, atoms: Sequence[Atom], item: Item, *, sure: bool, tick: Ticked | None = None
) -> Candidate:
    """The candidate of a path: what these atoms say, and where; ``item`` says where when there are none."""
    kept = [atom for atom in atoms if not atom.leader]
    page, box = around(kept) if kept else (item.page, item.box)
    doubt = next((one for one in (tick.doubt if tick else None, *(atom.token.doubt for atom in kept)) if one), None)
    source = next((atom.token.source.value for atom in (*kept, *item.atoms)), "")
    confidence = min((atom.token.confidence for atom in kept), default=1.0)
    text, option = (tick.said, tick.option) if tick else (text_of(kept).lstrip(") "), None)  # what closes the label
    seen = frozenset(id(atom.token) for atom in kept if atom.tick or any(map(str.isalnum, atom.text)))
    return Candidate(path, text, option, page, box, METHOD, sure, confidence, doubt, source, seen=seen)


def one_per_path(found: Iterable[Candidate]) -> dict[str, Candidate]:
    """One candidate a path: the filled one; several different ones are a doubt, and nobody's answer is sure."""
    return {
        path: _agreed(several)
        for path, several in grouped((candidate.path, candidate) for candidate in found).items()
    }


def _agreed(several: Sequence[Candidate]) -> Candidate:
    filled = [candidate for candidate in several if candidate.text] or several[:1]
    if len({candidate.text for candidate in filled}) > 1:
        return replace(filled[0], sure=False, doubt=filled[0].doubt or _TWICE)
    return replace(filled[0], sure=filled[0].sure and len(several) == 1)


def whole_fields(found: dict[str, Candidate], dictionary: Dictionary) -> dict[str, Candidate]:
    """« Nom » without any « Prénom » holds a whole name, « Adresse » without « Code postal » a whole address."""
    whole = dict(found)
    for path in found:
        group = path.rpartition(".")[0]
        wholes: dict[Nature | None, tuple[str, str]] = {
            Nature.SURNAME: (f"{group}.{FULL_NAME}", f"{group}.prenom"),
            Nature.STREET: (group, f"{group}.code_postal"),
        }
        name, other = wholes.get(dictionary.nature(path), (path, path))
        if other not in found and name not in found:
            whole[name] = replace(whole.pop(path), path=name)
    return whole


_SIGHT = 8  # rows from a label's to the last one that may hold its answer
_MOST_UNSET = 8  # words of an answer that nothing sets apart from its label


def read_labels(
    stream: Stream, dictionary: Dictionary, extra: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Candidate]:
    """What labels alone say of each field, by path; ``extra`` adds a layout's own labels.

    A field asked once and left blank has a candidate with the text ``""``. One that two places answer differently
    has a doubt. ``sure`` is true where a label set apart, in a known section, has its answer in the next cell or
    after its colon; an answer found under a label, or through letters bent by OCR, never is.
    """
    vocabulary = vocabulary_of(dictionary, extra)
    rows = rows_of(stream)
    grid = list(timetable_of(rows))
    taken = {id(row) for _, _, row in grid}
    others = placed([row for row in rows if id(row) not in taken], vocabulary)
    halves = (candidate_of(path, item.atoms, item, sure=True) for path, item, _ in grid)
    return whole_fields(one_per_path([*halves, *_answers(others, dictionary)]), dictionary)


def _answers(rows: Sequence[Placed | None], dictionary: Dictionary) -> Iterator[Candidate]:
    used: set[int] = set()
    for number, entry in enumerate(rows):
        if entry is None:
            continue
        for index, item in enumerate(entry.row.items):
            if id(item) in used:
                continue
            yield from _in_sentences(entry, index)
            for order, label in enumerate(entry.labels[index]):
                rest = [(row.row, row.labels) if row else None for row in rows[number + 1 : number + _SIGHT]]
                value = _value(entry, index, order, rest)
                used.update(id(other) for other in value.items)
                yield from _candidates(label, value.atoms, item, dictionary, sure=value.sure and not entry.lost)
        yield from _unlabelled(entry, used, dictionary)


@dataclass(frozen=True)
class _Value:
    """What answers a label, whether its place is sure, and the other items that it takes up."""

    atoms: tuple[Atom, ...] = ()
    sure: bool = False
    items: tuple[Item, ...] = ()

    def and_items(self, items: Sequence[Item], *, sure: bool) -> _Value:
        """With what other items hold."""
        atoms = (*self.atoms, *(atom for item in items for atom in item.atoms))
        return _Value(atoms, sure, (*self.items, *items))


def _value(entry: Placed, index: int, order: int, rest: Sequence[Below | None]) -> _Value:
    """What answers a label: behind it, beside it, or in the rows under it (``rest``)."""
    row, item, label = entry.row, entry.row.items[index], entry.labels[index][order]
    end = entry.end(index, order)
    inside = answer_part(item.atoms[label.end : end])
    if any(not atom.leader for atom in inside):
        last = end == len(item.atoms) and index == len(row.items) - 1 and not row.table
        return _carried(_Value(inside), item, rest if last else (), label)
    if end < len(item.atoms) or any(atom.leader for atom in (*inside, *item.atoms[label.start : label.end])):
        return _Value(sure=_is_left_blank(label, end, item))
    next_to = None if titles(row, index, rest) else beside(row, entry.labels, index)
    if next_to is None:
        return _Value().and_items(below(row, index, rest), sure=False)
    more = () if row.table else carried_on(next_to[-1], rest)
    value = _Value().and_items((*next_to, *more), sure=label.strong)
    return value if len(next_to) == 1 or any(atom.tick for atom in value.atoms) else replace(value, sure=False)


def _is_left_blank(label: Label, end: int, item: Item) -> bool:
    """Whether a label surely has no answer: « Interruptions : du … au … », where another follows at once, has one."""
    return label.strong and not label.end == end < len(item.atoms)


def _carried(value: _Value, item: Item, rest: Sequence[Below | None], label: Label) -> _Value:
    """An answer behind its label with the lines that carry it on; where there are any, its end is not sure."""
    more = () if any(atom.tick for atom in value.atoms) else carried_on(item, rest, alone=True)
    return value.and_items(more, sure=label.strong and not more)


def _candidates(
    label: Label, atoms: tuple[Atom, ...], item: Item, dictionary: Dictionary, *, sure: bool
) -> Iterator[Candidate]:
    if any(atom.tick for atom in atoms):
        yield from _ticked(label, atoms, item, dictionary, sure=sure)
        return
    if not label.strong and not label.bent and len(text_of(atoms).split()) > _MOST_UNSET:
        return  # a sentence that begins with a label's word
    words = (*item.atoms[label.start : label.end], *atoms)
    if (
        next(sentences_in(words, label.section), None) is None
    ):  # « Dates : du … au … »: the sentence says which is which
        yield candidate_of(label.path, atoms, item, sure=sure and not label.bent)


def _ticked(
    label: Label, atoms: tuple[Atom, ...], item: Item, dictionary: Dictionary, *, sure: bool
) -> Iterator[Candidate]:
    """What boxes after a label say of its field, or the words before them where it is not asked by boxes."""
    field = dictionary.fields.get(label.path)
    if field is None or not answers_by_boxes(field):
        before = tuple(itertools.takewhile(lambda atom: not atom.tick, atoms))
        if before:
            yield candidate_of(label.path, before, item, sure=False)
    elif ticked := read_ticks(atoms, field):
        yield candidate_of(field.path, atoms, item, sure=sure, tick=ticked)


def _in_sentences(entry: Placed, index: int) -> Iterator[Candidate]:
    """Answers told by a turn of phrase."""
    item = entry.row.items[index]
    beside_label = index and entry.row.table and any(label.whole for label in entry.labels[index - 1])
    if not beside_label:
        for path, atoms in sentences_in(item.atoms, entry.sections[index]):
            yield candidate_of(path, atoms, item, sure=False)


def _unlabelled(entry: Placed, used: set[int], dictionary: Dictionary) -> Iterator[Candidate]:
    """Boxes that no label announces, where one question of the section has these options."""
    runs: list[list[tuple[Item, str | None, tuple[Atom, ...]]]] = [[]]
    for item, section, labels in zip(entry.row.items, entry.sections, entry.labels, strict=True):
        loose = item.atoms[: labels[0].start] if labels else item.atoms
        if id(item) in used or not any(atom.tick for atom in loose):
            runs.append([])
            continue
        runs[-1].append((item, section, loose))
        if labels:
            runs.append([])
    for run in runs:
        atoms = tuple(atom for _, _, loose in run for atom in loose)
        field = field_of_ticks(atoms, run[0][1], dictionary) if run else None
        ticked = read_ticks(atoms, field) if field else None
        if field and ticked:
            yield candidate_of(field.path, atoms, run[0][0], sure=False, tick=ticked)
