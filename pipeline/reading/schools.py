"""Parser of other schools’ forms: which layout one follows, what two readers see, what is decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.core.fields import Dictionary, Nature
from pipeline.core.models import FieldReading, Kind
from pipeline.forms.layouts import covers
from pipeline.reading.alignment import Compiled, receive, recognise_layout
from pipeline.reading.alignment.layout_reader import MARGIN, LayoutReading, Recognition, read_layout
from pipeline.reading.candidates import Candidate
from pipeline.reading.decision.ballots import Summary
from pipeline.reading.decision.decide import decide
from pipeline.reading.decision.read_value import Rules, read_value
from pipeline.reading.decision.reasons import Reason, doubt_text
from pipeline.reading.exchange import STRAY_LENGTH, STRAYS
from pipeline.reading.labels.label_reader import read_labels
from pipeline.reading.labels.phrases import read_prose
from pipeline.reading.recognise import unknown
from pipeline.reading.sequences import runs
from pipeline.reading.tokens import Source, Stream, Token

_SAME_LINE = 4.0  # points
NEAR = 0.6  # share of a layout's printed words from which an unknown form is another edition of it
DRAFT = 8  # values found by their labels from which an unknown paper is taken for a form, and shown as a draft
_KINDS = {Source.DOCX: Kind.DOCX, Source.ACROFORM: Kind.ACROFORM, Source.PDF: Kind.PDF_TEXT}


@dataclass(frozen=True)
class SchoolReading:
    """Parse result: ``layout`` is ``None`` for a form that no layout describes (a draft: every value in doubt)."""

    kind: Kind
    layout: str | None
    fields: tuple[FieldReading, ...]
    strays: tuple[str, ...] = ()


class PagesAreImages(Exception):
    """Signal that the words of a page are in a picture: the form must be read as a scan."""


def read_school_form(
    data: bytes, layouts: Sequence[Compiled], dictionary: Dictionary, received_on: dt.date
) -> SchoolReading:
    """Read a form that is not one of our own blanks.

    Raises PagesAreImages for a scan, FormRejected when the file cannot be opened or is no form at all.
    """
    received = receive(data)
    if received.scanned:
        raise PagesAreImages
    kind = _KINDS[received.source]
    found = recognise_layout(received, layouts)
    match = found.match
    if match is None and received.covered:
        raise PagesAreImages  # words hidden behind a picture, which say nothing that we know: the picture may
    if match is None:
        fields = draft(received.stream, dictionary, received_on)
        return SchoolReading(kind, None, _of_another_edition(found, fields))
    layout = match.compiled.layout
    reading = read_layout(received, match.compiled, dictionary, match.context)
    fields = decide(
        reading.candidates,
        read_labels(received.stream, dictionary, layout.synonyms),
        summary=summary_of(reading),
        dictionary=dictionary,
        received_on=received_on,
        digital=True,
        month_first=layout.month_first,
    )
    return SchoolReading(kind, layout.id, fields, _strays(reading))


def _of_another_edition(found: Recognition, fields: tuple[FieldReading, ...]) -> tuple[FieldReading, ...]:
    """The same draft; when the form is much like one layout only, the doubts say that it is another edition of it."""
    best = next(iter(found.matches), None)
    if best is None or best.share < NEAR or any(other.share > best.share - MARGIN for other in found.matches[1:]):
        return fields
    title = best.compiled.layout.title
    doubt = doubt_text(
        Reason.CHANGED, f"ce formulaire est une autre version de « {title} » : la valeur est à vérifier"
    )
    unknown_form = Reason.UNKNOWN_FORM.value
    return tuple(
        replace(field, doubt=doubt) if (field.doubt or "").startswith(unknown_form) else field for field in fields
    )


def draft(
    stream: Stream, dictionary: Dictionary, received_on: dt.date, *, digital: bool = True
) -> tuple[FieldReading, ...]:
    """What labels and sentences say of an unknown form, every value in doubt.

    ``digital`` is false for words that were read from an image. Raises FormRejected for what is no form at all.
    """
    fields = decide(
        {},
        proposals(stream, Rules(dictionary, received_on)),
        summary=Summary(known=False),
        dictionary=dictionary,
        received_on=received_on,
        digital=digital,
    )
    if sum(field.value is not None for field in fields) < DRAFT:
        raise unknown()
    return fields


def proposals(stream: Stream, rules: Rules) -> dict[str, Candidate]:
    """What is proposed of a form that nobody described, by path: a label set apart wins over a sentence."""
    labelled, in_prose = read_labels(stream, rules.dictionary), read_prose(stream, rules.dictionary)
    kept = {path: one for path, one in labelled.items() if _holds(one, in_prose.get(path), rules)}
    asked = {path for path, one in kept.items() if one.text and one.sure}
    settled = {name for path in asked for name in (path, *covers(path, rules.dictionary))}
    fresh = {
        path: one for path, one in in_prose.items() if settled.isdisjoint({path, *covers(path, rules.dictionary)})
    }
    return {**kept, **fresh}


def _holds(one: Candidate, sentence: Candidate | None, rules: Rules) -> bool:
    """Whether what stands beside a label is its answer: not the label's own end, nor more than the sentence says."""
    if one.text.endswith(":"):
        return False
    if sentence is None:
        return True
    named = rules.dictionary.nature(one.path) is Nature.FULL_NAME
    more = named and one.text != sentence.text and one.text.startswith(sentence.text)
    return not more and (
        read_value(one.path, one, rules).doubt is None or bool(read_value(one.path, sentence, rules).doubt)
    )


def summary_of(reading: LayoutReading) -> Summary:
    """How well the whole form fits its layout, in numbers."""
    extras = len(reading.unexplained) + len(reading.notes) + len(reading.absent_pages)
    return Summary(match=min(reading.share, reading.names), extras=extras, changed=reading.modified)


def _strays(reading: LayoutReading) -> tuple[str, ...]:
    """What stands in no slot, neighbouring words together, and the notes that were added."""
    tokens = (token for token in reading.unexplained if token.text.strip())
    texts = [
        " ".join(token.text for token in run) for run in runs(tokens, lambda run, token: _beside(run[-1], token))
    ]
    texts += [note.text for note in reading.notes if note.text.strip()]
    return tuple(dict.fromkeys(text[:STRAY_LENGTH] for text in texts))[:STRAYS]


def _beside(last: Token, token: Token) -> bool:
    """Whether two words stand on one line; without places, in one cell or paragraph."""
    if last.box is None or token.box is None:
        return token.box is None and last.place == token.place
    return last.page == token.page and abs(last.box[1] - token.box[1]) < _SAME_LINE
