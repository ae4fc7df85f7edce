"""Prose parser, for drafts only: values in sentences, after the words that announce them.

« … la société ACME, dont le siège est situé 3 rue Haute, 29000 Quimper, représentée par Mme Anne LE BRIS … »: a
convention holds its answers in running text. Each value is looked for between one cue and the next, and goes to the
party that the sentence speaks of. What is found here is never sure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.core.fields import Dictionary
from pipeline.reading.candidates import Candidate
from pipeline.reading.labels.items import around, rows_of
from pipeline.reading.labels.label_reader import one_per_path
from pipeline.reading.labels.parties import marks_in
from pipeline.reading.labels.passages import Passage, passages_of
from pipeline.reading.labels.phrases import Found, Sentences
from pipeline.reading.labels.sections import heading_of
from pipeline.reading.labels.vocabulary import vocabulary_of
from pipeline.reading.tokens import Stream

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
        found = list(Sentences(passage, marks, party, vocabulary, dictionary).answers())
        short = not found and len(passage.text.split()) <= _TITLE
        if short and (heading_of(passage.text) is not None or not passage.text.endswith((":", ","))):
            party = heading_of(passage.text) or None
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
