"""Entity tracking in sentences: whose the telephone, the address and the name are that stand there."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.reading.labels.cues import BEGINS, Cue, Manner
from pipeline.reading.labels.passages import Passage
from pipeline.reading.labels.typed import TITLED
from pipeline.reading.labels.vocabulary import Vocabulary, label_words

_SIGHT = 160  # letters after a name within which its role is told
_LONGEST = 7  # words of a label before its colon
_NAMES = {"organisme": "organisme.raison_sociale", "stagiaire": "stagiaire.nom_prenom"}
_MANNERS = {"organisme": Manner.NAME, "stagiaire": Manner.BESIDE}


@dataclass(frozen=True)
class Mark:
    """Cue occurrence: after it a value may stand for its path (``""``: none), in its manner."""

    start: int
    end: int
    path: str
    manner: Manner
    party: str | None
    labelled: bool = False


def marks_in(passage: Passage, party: str | None, vocabulary: Vocabulary) -> tuple[Mark, ...]:
    """The marks of a passage in order, none over another; ``party`` is whom the text above speaks of."""
    cues = [(*match.span(), cue) for cue in vocabulary.cues for match in cue.pattern.finditer(passage.plain)]
    said = [(start, end, cue.party, False) for start, end, cue in cues if cue.party]
    titled = _titled(passage, vocabulary, {end for _, end, _ in cues})
    turns = sorted((*_bodies(passage, vocabulary), *titled, *said))
    parties = Parties(party, [(start, name) for start, _, name, _ in turns])
    found = [
        Mark(start, end, _asked(cue, parties.at(start), vocabulary), cue.manner, parties.at(start))
        for start, end, cue in cues
    ]
    found += [
        Mark(start, end, _NAMES.get(name or "", ""), _MANNERS.get(name or "", Manner.NOTHING), name)
        for start, end, name, body in turns
        if body
    ]
    found += _labels(passage, parties, vocabulary)
    return tuple(_apart(found))


class Parties:
    """Speaker index: whom the text speaks of, place by place."""

    def __init__(self, first: str | None, turns: Iterable[tuple[int, str | None]]) -> None:
        """``turns``: from which place on it speaks of whom, in order."""
        self._turns = list(turns)
        self._places = [place for place, _ in self._turns]
        self._first = first

    def at(self, place: int) -> str | None:
        """Whom the words at a place are about."""
        index = bisect.bisect_right(self._places, place)
        return self._turns[index - 1][1] if index else self._first


def _asked(cue: Cue, party: str | None, vocabulary: Vocabulary) -> str:
    """The path that a cue asks for when the sentence is about that party; ``""`` if it has no such field."""
    return vocabulary.path_of(party, cue.target) if cue.target.startswith(".") else cue.target


def _bodies(passage: Passage, vocabulary: Vocabulary) -> Iterator[tuple[int, int, str | None, bool]]:
    for party, pattern in vocabulary.bodies:
        for match in pattern.finditer(passage.plain):
            yield match.start("here"), match.end("here"), party, True


def _titled(passage: Passage, vocabulary: Vocabulary, cues: set[int]) -> Iterator[tuple[int, int, str | None, bool]]:
    """« et M. DUPONT, né le … » begins what is said of the stagiaire, at his name; ``cues``: where cues end."""
    for match in TITLED.finditer(passage.text):
        if not BEGINS.search(passage.plain[: match.start()]) or not cues.isdisjoint(
            (match.start(), match.start() - 1)
        ):
            continue
        after = passage.plain[match.end() : match.end() + _SIGHT]
        roles = [(found.start(), party) for party, role in vocabulary.roles if (found := role.search(after))]
        if roles:
            yield match.start(), match.start(), min(roles)[1], True


def _labels(passage: Passage, parties: Parties, vocabulary: Vocabulary) -> Iterator[Mark]:
    """« prénom : », « intitulé du stage : »: a label that its colon sets apart, also within a sentence."""
    lefts = [left for left, _ in passage.spans]
    for index, char in enumerate(passage.text):
        if char != ":":
            continue
        before = bisect.bisect_left(lefts, index)
        for start in lefts[max(0, before - _LONGEST) : before]:
            words = label_words(passage.text[start:index])
            path = vocabulary.find(words, parties.at(start), weak=len(words) > 1) if words else None
            if path:
                yield Mark(start, index + 1, path, Manner.WORDS, parties.at(start), labelled=True)
                break


def _apart(marks: list[Mark]) -> Iterator[Mark]:
    """The marks in order; of two that overlap, the one set apart by a colon, then the one that names a field."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda one: (not one.labelled, not one.path, one.start - one.end)):
        if all(mark.end <= other.start or mark.start >= other.end for other in kept if other != mark):
            kept.append(mark)
    yield from sorted(kept, key=lambda one: (one.start, one.end))
