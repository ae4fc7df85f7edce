"""Label-based parser: each value is beside, after or under the label of its field, within its section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import Dictionary
from pipeline.reading.candidates import Candidate
from pipeline.reading.labels.answer_places import answer_part, below, beside, carried_on, timetable_of, titles
from pipeline.reading.labels.items import Atom, Item, Row, around, rows_of, text_of
from pipeline.reading.labels.matching import Label, is_bent, labels_of, may_answer
from pipeline.reading.labels.sections import Sections
from pipeline.reading.labels.typed import sentences_in
from pipeline.reading.labels.vocabulary import Vocabulary, Words, label_words, vocabulary_of
from pipeline.reading.labels.worded_ticks import answers_by_boxes, field_of_ticks, read_ticks
from pipeline.reading.sequences import grouped
from pipeline.reading.tokens import Stream

METHOD = "libelles"
_TWICE = Doubt(Reason.DIVERGENT, "plusieurs endroits du formulaire répondent à ce libellé")


def candidate_of(
    path: str,
    atoms: Sequence[Atom],
    item: Item,
    *,
    sure: bool,
    option: str | None = None,
    doubt: Doubt | None = None,
    ticks: bool = False,
) -> Candidate:
    """The candidate of a path: what these atoms say, and where; ``item`` says where when there are none."""
    kept = [atom for atom in atoms if not atom.leader]
    page, box = around(kept) if kept else (item.page, item.box)
    marks = [atom.token.doubt for atom in kept if atom.token.doubt]
    source = next((atom.token.source.value for atom in (*kept, *item.atoms)), "")
    confidence = min((atom.token.confidence for atom in kept), default=1.0)
    text = option or "" if ticks else text_of(kept)
    return Candidate(
        path, text, option, page, box, METHOD, sure, confidence, doubt or next(iter(marks), None), source
    )


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


def whole_fields(found: dict[str, Candidate]) -> dict[str, Candidate]:
    """« Nom » without any « Prénom » holds a whole name, « Adresse » without « Code postal » a whole address."""
    whole = dict(found)
    for path in found:
        group, _, last = path.rpartition(".")
        if last == "nom" and f"{group}.prenom" not in found:
            name, other = f"{group}.nom_prenom", f"{group}.prenom"
        elif last == "voie" and group.endswith(".adresse"):
            name, other = group, f"{group}.code_postal"
        else:
            continue
        if other not in found and name not in found:
            whole[name] = replace(whole.pop(path), path=name)
    return whole


_CONTACTS = (".telephone", ".courriel", ".nom", ".prenom")
_ROLES = (".fonction", ".service", ".activite", ".diplome", ".anciennete")
_SIGNED = "signatures"
_MOST_UNSET = 8  # words of an answer that nothing sets apart from its label


@dataclass(frozen=True)
class Placed:
    """Row context: the section of each item and the labels found in it."""

    row: Row
    sections: tuple[str | None, ...]
    labels: tuple[tuple[Label, ...], ...]
    lost: bool  # no heading above


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
    placed = _placed([row for row in rows if id(row) not in taken], vocabulary, dictionary)
    halves = (candidate_of(path, item.atoms, item, sure=True) for path, item, _ in grid)
    return whole_fields(one_per_path([*halves, *_answers(placed, dictionary)]))


def _placed(rows: Sequence[Row], vocabulary: Vocabulary, dictionary: Dictionary) -> list[Placed | None]:
    """Every row with its labels; ``None`` where a heading stands, which ends what is above it."""
    bent = any(is_bent(item) for row in rows for item in row.items)
    sections = Sections(vocabulary, _titles(dictionary), bent)
    placed: list[Placed | None] = []
    person: str | None = None
    for row in rows:
        where = sections.place(row)
        if where is None:
            placed.append(None)
            person = None
            continue
        lost = all(section is None for section in where)  # no heading says whose these lines are: the last name does
        labels, person = _labels(row, where, vocabulary, person if lost else None)
        placed.append(Placed(row, where, labels, lost))
    return placed


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
    found: list[tuple[Label, ...]] = []
    for item, above in zip(row.items, sections, strict=True):
        signing = any(label.path == f"{_SIGNED}.lieu" for labels in found for label in labels)  # « Fait à …  Le … »
        section = _SIGNED if signing else above
        theirs = section is None or (person or "").startswith(section.split(".")[0])
        here = person if person and theirs and not signing else section
        labels = labels_of(item, here, vocabulary)
        if not labels and here != section:
            labels = labels_of(item, section, vocabulary)
        before = found[-1][0] if found and len(found[-1]) == 1 and found[-1][0].whole else None
        if before is not None and labels and not _is_label(labels[0], before, item):
            labels = ()
        named = [label.path.rpartition(".")[0] for label in labels if label.path.endswith(".nom_prenom")]
        person = named[-1] if named else person
        found.append(labels)
    return tuple(found), person


def _is_label(label: Label, before: Label, item: Item) -> bool:
    """Whether what follows a label is another one (a row of titles), not its answer (« Fonction », « Directeur »)."""
    if not label.whole:
        return label.start == 0 and item.atoms[label.end - 1].colon
    if before.path.endswith(_ROLES):
        return label.path.endswith(_CONTACTS)
    return not may_answer(label.path, item.words) or item.atoms[-1].colon


def _answers(placed: Sequence[Placed | None], dictionary: Dictionary) -> Iterator[Candidate]:
    used: set[int] = set()
    for number, entry in enumerate(placed):
        if entry is None:
            continue
        for index, item in enumerate(entry.row.items):
            if id(item) in used:
                continue
            yield from _in_sentences(entry, index)
            for order, label in enumerate(entry.labels[index]):
                atoms, sure, items = _value(placed, number, index, order)
                used.update(id(other) for other in items)
                yield from _candidates(label, atoms, item, dictionary, sure=sure and not entry.lost)
        yield from _unlabelled(entry, used, dictionary)


def _value(
    placed: Sequence[Placed | None], number: int, index: int, order: int
) -> tuple[tuple[Atom, ...], bool, tuple[Item, ...]]:
    """The atoms that answer a label, whether their place is sure, and the other items they take up."""
    entry = placed[number]
    if entry is None:
        return (), False, ()
    item, labels = entry.row.items[index], entry.labels[index]
    label = labels[order]
    end = labels[order + 1].start if order + 1 < len(labels) else len(item.atoms)
    inside = answer_part(item.atoms[label.end : end])
    rest = [(other.row, other.labels) if other else None for other in placed[number + 1 : number + 8]]
    if any(not atom.leader for atom in inside):
        last = end == len(item.atoms) and index == len(entry.row.items) - 1 and not entry.row.table
        more = carried_on(item, rest, alone=True) if last and not any(atom.tick for atom in inside) else ()
        return (*inside, *(atom for other in more for atom in other.atoms)), label.strong and not more, more
    if end < len(item.atoms) or any(atom.leader for atom in (*inside, *item.atoms[label.start : label.end])):
        return (), label.strong, ()
    next_to = None if titles(entry.row, index, rest) else beside(entry.row, entry.labels, index)
    if next_to is not None:
        atoms = tuple(atom for other in next_to for atom in other.atoms)
        more = () if entry.row.table else carried_on(next_to[-1], rest)
        atoms += tuple(atom for other in more for atom in other.atoms)
        return atoms, label.strong and (len(next_to) == 1 or any(atom.tick for atom in atoms)), (*next_to, *more)
    under = below(entry.row, index, rest)
    return tuple(atom for other in under for atom in other.atoms), False, under


def _candidates(
    label: Label, atoms: tuple[Atom, ...], item: Item, dictionary: Dictionary, *, sure: bool
) -> Iterator[Candidate]:
    field = dictionary.fields.get(label.path)
    if any(atom.tick for atom in atoms):
        asked = field if field and answers_by_boxes(field) else None
        first = next(number for number, atom in enumerate(atoms) if atom.tick)
        ticked = read_ticks(atoms, asked) if asked else None
        if ticked is not None and asked is not None:
            yield candidate_of(
                asked.path, atoms, item, sure=sure, option=ticked.option, doubt=ticked.doubt, ticks=True
            )
        elif first and asked is None:
            yield candidate_of(label.path, atoms[:first], item, sure=False)
        return
    if not label.strong and not label.bent and len(text_of(atoms).split()) > _MOST_UNSET:
        return  # a sentence that begins with a label's word
    if any(
        True for _ in sentences_in((*item.atoms[label.start : label.end], *atoms), label.section)
    ):  # « Dates : du … au … »: the sentence says which words are which
        return
    yield candidate_of(label.path, atoms, item, sure=sure and not label.bent)


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
            yield candidate_of(
                field.path, atoms, run[0][0], sure=False, option=ticked.option, doubt=ticked.doubt, ticks=True
            )
