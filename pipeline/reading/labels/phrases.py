"""Prose parser, for drafts only: values in sentences, after the words that announce them.

« … la société ACME, dont le siège est situé 3 rue Haute, 29000 Quimper, représentée par Mme Anne LE BRIS … »: a
convention holds its answers in running text. Each value is looked for between one cue and the next, and goes to the
party that the sentence speaks of. What is found here is never sure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.core.doubts import Doubt
from pipeline.core.fields import Dictionary, FieldKind, Nature
from pipeline.forms.values.choices import option_words
from pipeline.reading.candidates import Candidate
from pipeline.reading.labels.cues import LEADING, LIMITS, NOT_A_ROLE, SIGNS, TRAILING, Manner
from pipeline.reading.labels.items import around, rows_of
from pipeline.reading.labels.label_reader import one_per_path
from pipeline.reading.labels.parties import Mark, marks_in
from pipeline.reading.labels.passages import BOX, Passage, passages_of, plain
from pipeline.reading.labels.sections import heading_of
from pipeline.reading.labels.typed import IDENTIFIERS, PERSON, POSTCODE, lone_values, shape_of, town_at
from pipeline.reading.labels.vocabulary import Vocabulary, vocabulary_of
from pipeline.reading.labels.worded_ticks import read_ticks
from pipeline.reading.tokens import Stream

_END = re.compile(r"(?<!\bM)(?<!\bMr)(?<!\bMme)(?<!\bDr)(?<!\bn)\.(?=\s+[«(A-ZÀ-ÖØ-Þ]|\s*$)")
_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-ÞŒ«\"“\d]")
_LOWER_ROLE = re.compile(r"\s*,\s*([a-zà-ÿœ][^,;.:()]{2,60}?)\s*(?=[,;.)]|$)")
_HIS_ROLE = re.compile(r"\b(?:sa|son)\s+([a-zà-ÿœ][^,;.]{2,50}?)\s*,?\s*$")
_PLACE = re.compile(r"\s*,?\s*à\s+")
_TO_TOWN = re.compile(r"\s+à\s+(?=\d{5})")
_DANGLING = " ,;:–(-"
_LAST_WORD = 12  # letters: as long as a small word and the space before it
_FAR = 90  # letters between a cue and its value
_INTRODUCTION = 170  # letters of « … confiées au stagiaire, arrêtées d’un commun accord, sont les suivantes : »
_SHORT = 4  # letters: no street is as short
_LONG = (FieldKind.LIST, FieldKind.TEXT)
_PHRASES = (Nature.PHRASE, Nature.HEADLINE)


@dataclass(frozen=True)
class Found:
    """Extracted answer: where it stands in its paragraph, as written, or the option that its boxes say."""

    path: str
    start: int
    end: int
    text: str
    option: str | None = None
    doubt: Doubt | None = None


class Sentences:
    """Paragraph parser: one paragraph and the marks in it."""

    def __init__(
        self,
        passage: Passage,
        marks: Sequence[Mark],
        above: str | None,
        vocabulary: Vocabulary,
    ) -> None:
        """``marks`` are those of the passage, in order; ``above`` is whom the text above it speaks of."""
        self._above = above
        self._text, self._plain, self._passage = passage.text, passage.plain, passage
        self._marks, self._vocabulary, self._fields = marks, vocabulary, vocabulary.dictionary.fields
        self._stops = [match.start() for match in _END.finditer(self._text)]
        self._ways: Mapping[Manner, Callable[[Mark, int], Iterator[Found]]] = {
            Manner.TYPED: self._typed,
            Manner.PERSON: self._person,
            Manner.BESIDE: self._person,
            Manner.NAME: self._words,
            Manner.WORDS: self._words,
            Manner.PHRASE: self._phrase,
            Manner.ADDRESS: self._address,
            Manner.BOXES: self._boxes,
        }

    def answers(self) -> Iterator[Found]:
        """Every answer, once for each place: after its cue, or known by its shape alone."""
        taken: list[Found] = []
        for number, mark in enumerate(self._marks):
            inside = any(one.start < mark.end and mark.start < one.end for one in taken)
            if not mark.path or inside:
                continue
            after = self._marks[number + 1].start if number + 1 < len(self._marks) else len(self._text)
            taken += self._ways[self._manner(mark)](mark, after)
        yield from taken
        paths = {one.path for one in taken}
        for path, start, end, text in lone_values(self._passage, self._party, self._vocabulary):
            if path not in paths and all(end <= other.start or start >= other.end for other in taken):
                paths.add(path)
                yield Found(path, start, end, text)

    def _party(self, place: int) -> str | None:
        """Whom the words at a place are about."""
        before = [mark.party for mark in self._marks if mark.start <= place]
        return before[-1] if before else self._above

    def _manner(self, mark: Mark) -> Manner:
        """A label with its colon does not say how its answer stands; the field does."""
        if not mark.labelled:
            return mark.manner
        field = self._fields.get(mark.path)
        if field is None:
            nature = self._vocabulary.dictionary.nature(mark.path)
            return Manner.PERSON if nature is Nature.FULL_NAME else Manner.ADDRESS
        if field.nature is Nature.STREET:
            return Manner.ADDRESS
        if field.choices:
            return Manner.BOXES
        if shape_of(field):
            return Manner.TYPED
        return Manner.PHRASE if field.kind in _LONG or field.nature in _PHRASES else Manner.WORDS

    def _stop(self, start: int) -> int:
        """The end of the sentence around a place."""
        return next((stop for stop in self._stops if stop >= start), len(self._text))

    def _led(self, start: int, end: int) -> int:
        """Past the small words that lead to a value; « Les » with its capital belongs to a name."""
        signs = SIGNS.match(self._plain, start, end)
        start = signs.end() if signs else start
        while (lead := LEADING.match(self._plain, start, end)) and self._text[lead.start() : lead.end()].islower():
            start = lead.end()
        return start

    def _cut(self, path: str, start: int, end: int) -> Iterator[Found]:
        """The words between two places, without what dangles at their ends; nothing if nothing is left."""
        box = self._text.find(BOX, start, end)
        text = self._text[start : end if box < 0 else box].rstrip(_DANGLING)
        while left := TRAILING.search(plain(text[-_LAST_WORD:])):
            text = text[: left.start() - left.end()].rstrip(_DANGLING)
        bare = text.lstrip(" :,;–-")
        start += len(text) - len(bare)
        if any(map(str.isalnum, bare)):
            yield Found(path, start, start + len(bare), bare)

    def _typed(self, mark: Mark, after: int) -> Iterator[Found]:
        field = self._fields.get(mark.path)
        shape = shape_of(field) if field else None
        if field is None or shape is None:
            return
        end = min(after, self._stop(mark.end), mark.end + _FAR)
        if field.nature in IDENTIFIERS:  # many words have that shape: only right after the cue
            start = self._led(mark.end, end)
            match = shape.match(self._text, start, end)
        else:
            match = shape.search(self._text, mark.end, end)
        if match is None or LIMITS.search(self._plain, mark.end, match.start()):
            return
        yield Found(mark.path, match.start(), match.end(), match[0].rstrip(" ,"))
        if field.kind is FieldKind.POSTCODE and (town := town_at(self._text, match.end())):
            yield Found(f"{field.group}.ville", *town, self._text[slice(*town)])
        if field.nature is Nature.BIRTH and _PLACE.match(self._text, match.end()):
            place = town_at(self._text, match.end())
            if place:
                yield Found("stagiaire.lieu_naissance", *place, self._text[slice(*place)])

    def _person(self, mark: Mark, after: int) -> Iterator[Found]:
        """A name, if only small words stand before it; « sa directrice, Mme … » and « …, gérant » are a role."""
        end = min(after, self._stop(mark.end))
        match = PERSON.search(self._text, mark.end, end)
        before = self._text[mark.end : match.start()] if match else ""
        far = 0 if mark.manner is Manner.BESIDE else _FAR
        if match is None or len(before.strip(" :,")) > far or any(map(str.isupper, before)):
            return
        yield Found(mark.path, match.start(), match.end(), match[0])
        role = self._vocabulary.path_of(mark.path.rpartition(".")[0], ".fonction")
        his, apposed = _HIS_ROLE.search(before), _LOWER_ROLE.match(self._text, match.end(), after)
        if role and his:
            yield Found(role, mark.end + his.start(1), mark.end + his.end(1), his[1])
        elif role and apposed and not NOT_A_ROLE.match(self._plain[apposed.start(1) :]):
            yield Found(role, apposed.start(1), apposed.end(1), apposed[1])

    def _words(self, mark: Mark, after: int) -> Iterator[Found]:
        """As far as the comma; a name begins with a capital."""
        start = mark.end if mark.labelled else self._led(mark.end, after)
        if mark.labelled or mark.manner is not Manner.NAME or _CAPITAL.match(self._text, start):
            yield from self._cut(mark.path, start, min(after, self._comma(start), self._stop(start)))

    def _comma(self, start: int) -> int:
        """The first comma or semicolon, or bracket, outside « guillemets »."""
        quoted = False
        for index in range(start, len(self._text)):
            char = self._text[index]
            quoted = char == "«" or (quoted and char != "»")
            if not quoted and char in ",;(" and not self._text[index + 1 : index + 2].isdigit():
                return index
        return len(self._text)

    def _phrase(self, mark: Mark, after: int) -> Iterator[Found]:
        """As far as the end of the sentence: after a colon, an answer of several words may hold any other cue."""
        field = self._fields.get(mark.path)
        several = field is not None and field.kind is FieldKind.LIST
        stop = min(self._stop(mark.end), *self._places(r"[,(]?\s*ci[- ]apres", mark.end))
        stop = stop if several else min(stop, *self._places(";", mark.end))
        colon = mark.end if mark.labelled else self._colon(mark.end, stop)
        if colon is not None:
            yield from self._cut(mark.path, colon, stop)
            return
        start = self._led(mark.end, stop)
        if _CAPITAL.match(self._text, start):
            yield from self._cut(mark.path, start, min(stop, after))
        elif field is not None and field.nature is Nature.PHRASE:  # « a pour thème la refonte du catalogue »
            yield from self._cut(mark.path, mark.end, min(stop, after))

    def _colon(self, start: int, stop: int) -> int | None:
        """The place after the colon that ends the announcement: « … sont les suivantes : »."""
        colon = self._text.find(":", start, min(stop, start + _INTRODUCTION))
        before = self._text[start:colon]
        return None if colon < 0 or any(char.isupper() or char.isdigit() for char in before) else colon + 1

    def _places(self, pattern: str, start: int) -> tuple[int, int]:
        """The first place of a pattern, twice (so that it can be one of several), or the end of the text."""
        match = re.compile(pattern).search(self._plain, start)
        place = match.start() if match else len(self._text)
        return place, place

    def _address(self, mark: Mark, after: int) -> Iterator[Found]:
        """As far as the town after its postcode, in one piece; without a postcode, the street alone."""
        path = mark.path.removesuffix(".voie")
        end = min(after, self._stop(mark.end))
        code = POSTCODE.search(self._text, mark.end, end)
        town = town_at(self._text, code.end()) if code else None
        if town:
            for one in self._cut(path, mark.end, town[1]):
                yield replace(one, text=_TO_TOWN.sub(", ", one.text))
        elif code is None:
            for one in self._cut(f"{path}.voie", mark.end, end):
                if not NOT_A_ROLE.match(plain(one.text)) and len(one.text) > _SHORT:
                    yield one

    def _boxes(self, mark: Mark, after: int) -> Iterator[Found]:
        """The option ticked among the boxes that follow, or the one that is written out."""
        field = self._fields.get(mark.path)
        if field is None:
            return
        stop = self._stop(mark.end)
        atoms = self._passage.within(mark.end, stop)
        ticked = read_ticks(atoms, field) if any(atom.tick for atom in atoms) else None
        if ticked is not None and (ticked.option or ticked.doubt):
            yield Found(mark.path, mark.end, stop, ticked.said, ticked.option, ticked.doubt)
        elif not any(atom.tick for atom in atoms) and field.kind is FieldKind.CHOICE:
            start = self._led(mark.end, min(after, stop))
            words = option_words(field)
            named = [word for word in words if re.compile(rf"{re.escape(word)}\b").match(self._plain, start)]
            if named:
                word = max(named, key=len)
                yield Found(mark.path, start, start + len(word), self._text[start : start + len(word)])


METHOD = "phrases"
_TITLE = 12  # words of a line that may be a title


def read_prose(stream: Stream, dictionary: Dictionary) -> dict[str, Candidate]:
    """What the sentences of a form say of each field, by path; fields left blank are not in it."""
    return one_per_path(_candidates(stream, dictionary))


def _candidates(stream: Stream, dictionary: Dictionary) -> Iterator[Candidate]:
    vocabulary = vocabulary_of(dictionary)
    party: str | None = None
    for passage in passages_of(rows_of(stream)):
        marks = marks_in(passage, party, vocabulary)
        found = list(Sentences(passage, marks, party, vocabulary).answers())
        short = not found and len(passage.text.split()) <= _TITLE
        heading = heading_of(passage.text, vocabulary) if short else None
        if short and (heading is not None or not passage.text.endswith((":", ","))):
            party = heading or None
        elif marks:
            party = marks[-1].party
        yield from _made(found, passage)


def _made(found: Iterable[Found], passage: Passage) -> Iterator[Candidate]:
    for one in found:
        atoms = passage.within(one.start, one.end)
        page, box = around(atoms)
        doubt = one.doubt or next((atom.token.doubt for atom in atoms if atom.token.doubt), None)
        yield Candidate(
            one.path,
            one.text,
            one.option,
            page,
            box,
            METHOD,
            sure=False,
            confidence=min((atom.token.confidence for atom in atoms), default=1.0),
            doubt=doubt,
            source=atoms[0].token.source.value if atoms else "",
        )
