"""Parser of digital forms: which layout one follows, what two readers see, what is decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.errors import FormRejected
from pipeline.core.fields import Dictionary, Nature
from pipeline.core.models import FieldReading, Kind
from pipeline.core.refusals import Refusal, refused
from pipeline.forms.layouts import covers
from pipeline.forms.review_fields import reviewed_form
from pipeline.reading.alignment import Compiled, Received, receive, recognise_layout
from pipeline.reading.alignment.compiled_layout import Trust
from pipeline.reading.alignment.layout_reader import LayoutReading, fit, laid_out, read_layout
from pipeline.reading.alignment.named import names_share
from pipeline.reading.alignment.received import as_printed, without
from pipeline.reading.alignment.recognition import MARGIN, Recognition
from pipeline.reading.alignment.surroundings import ABSENT, Context
from pipeline.reading.candidates import Candidate
from pipeline.reading.decision.ballots import Summary
from pipeline.reading.decision.decide import decide
from pipeline.reading.decision.read_value import Rules, read_value
from pipeline.reading.exchange import FormReading
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.labels.label_reader import read_labels
from pipeline.reading.labels.phrases import read_prose
from pipeline.reading.legibility import is_language
from pipeline.reading.page_groups import groups_of
from pipeline.reading.page_remarks import other_pages, page_remarks
from pipeline.reading.seen.eye import Eye
from pipeline.reading.seen.eyesight import Look, blind
from pipeline.reading.tokens import Source, Stream

NEAR = 0.6  # share of a layout's printed words from which an unknown form is another edition of it
_OTHER = "c’est peut-être celui d’un autre établissement, ou une copie sans le repère imprimé au pied de chaque page"
_WORDLESS = "il n’a presque pas de texte, ni rien qui se lise comme une image"
_SEEN = "lu comme une image, il n’a les mots d’aucun formulaire connu ici"
NAMED = 0.5  # share of our fields' names below which a program renamed them, and they are read by what they show
DRAFT = 8  # values found by their labels from which an unknown paper is taken for a form, and shown as a draft
_KINDS = {Source.DOCX: Kind.DOCX, Source.ODT: Kind.ODT, Source.ACROFORM: Kind.ACROFORM, Source.PDF: Kind.PDF_TEXT}


class FormsTogether(Exception):
    """Signal that a PDF holds several forms; ``groups`` are the pages (from 1) of each."""

    def __init__(self, groups: Sequence[Sequence[int]]) -> None:
        super().__init__()
        self.groups = groups


class PagesAreImages(Exception):
    """Signal that the words of a page are in a picture: the form must be read as a scan."""


def read_form(data: bytes, known: KnownForms, received_on: dt.date, look: Look | None = blind) -> FormReading:
    """Read a PDF or a Word document: by the edition of our own blank that its mark names, else by a school’s layout.

    ``look`` reads the crops of answers whose letters only OCR can tell; where it is ``None``, PicturesWanted is
    raised for the first one. Raises PagesAreImages for a scan, FormsTogether for a PDF of several, FormRejected when
    the file cannot be opened or is no form at all, ConfigError when the settings of the form’s formation are broken.
    """
    received = receive(data)
    with Eye(received, look) as eye:
        try:
            return _read(eye, known, received_on)
        except FormRejected as rejection:
            if rejection.reason == Refusal.SEVERAL and received.printed and (groups := groups_of(received, known)):
                raise FormsTogether(groups) from None
            raise


def _read(eye: Eye, known: KnownForms, received_on: dt.date) -> FormReading:
    received = eye.received
    if form := reviewed_form({one.name: one.text for one in received.fields}):
        raise refused(Refusal.REVIEW_SHEET, form=form)
    try:
        own = known.own.named_by(received.marks)
    except FormRejected as rejection:
        if rejection.reason != "FORMATION_INCONNUE" or not known.layouts:
            raise
        own = None  # a school's form that was drawn by another liasse
    if received.scanned_only:
        raise PagesAreImages
    if received.few_words and own is None:
        raise refused(Refusal.PDF_PORTFOLIO) if received.portfolio else refused(Refusal.UNKNOWN_FORM, why=_WORDLESS)
    if own is not None:
        return _read_with(eye, own, None, known.fields_of(own.layout.id), received_on)
    if received.scanned:
        raise PagesAreImages
    found = recognise_layout(received, known.layouts)
    match = found.match
    if match is None and received.covered:
        raise PagesAreImages  # words hidden behind a picture, which say nothing that we know: the picture may
    if match is None:
        fields = _drafted(received, known.dictionary, received_on)
        return FormReading(_KINDS[received.source], None, _of_another_edition(found, fields))
    return _read_with(eye, match.compiled, match.context, known.dictionary, received_on)


def _read_with(
    eye: Eye, compiled: Compiled, context: Context | None, dictionary: Dictionary, received_on: dt.date
) -> FormReading:
    layout, received = compiled.layout, laid_out(eye.received, compiled)
    if compiled.ours and received.fields and names_share(received.fields, compiled.names) < NAMED:
        received = as_printed(received)
    others = other_pages(received, compiled)
    if others:
        received, context = without(received, [one.page for one in others if one.page]), None
    reading = read_layout(received, compiled, dictionary, context)
    _require_its_words(received, compiled, reading)
    candidates = eye.answers(reading.candidates, reading.source)
    labelled: dict[str, Candidate] = {}
    if not all(candidate.certain for candidate in candidates.values()):
        context = context or fit(received, compiled)
        told = _told(received, compiled, context)
        found = read_labels(context.stream, dictionary, layout.synonyms)
        labelled = {
            path: replace(
                one, sure=one.sure and one.seen.isdisjoint(told)
            )  # it took words of the blank for an answer
            for path, one in found.items()
            if not one.seen or not one.seen <= told
        }
    fields = decide(
        candidates,
        labelled,
        summary=summary_of(reading),
        dictionary=dictionary,
        received_on=received_on,
        digital=True,
        month_first=layout.month_first,
    )
    return FormReading(_KINDS[reading.source], layout.id, fields, (*page_remarks(reading), *others))


def _require_its_words(received: Received, compiled: Compiled, reading: LayoutReading) -> None:
    """Raise PagesAreImages, or FormRejected, for a form of ours that lacks the words that it prints."""
    if compiled.trust is Trust.EXACT and reading.share < NEAR and received.printed and not reading.absent_pages:
        raise PagesAreImages  # a program that prints letters without saying which they are: the pages show them
    if compiled.ours and reading.share < ABSENT and not received.printed:
        raise refused(Refusal.EMPTIED, where="")


def _told(received: Received, compiled: Compiled, context: Context) -> set[int]:
    """The ids of the tokens that answer no label: the words of the blank, and what names of our own blanks tell."""
    kept = {
        context.atoms[context.aligned.pairs[index]].token for index in context.literals if index not in context.lost
    }
    answered = {context.atoms[atom].token for atoms in context.aligned.fallen.values() for atom in atoms}
    names = {*compiled.names, *compiled.controls} if compiled.trust is Trust.EXACT else set()
    named = {id(token) for token in received.stream if token.name in names}
    return named | {id(context.stream[token]) for token in kept - answered}


def _of_another_edition(found: Recognition, fields: tuple[FieldReading, ...]) -> tuple[FieldReading, ...]:
    """The same draft; when the form is much like one layout only, the doubts say that it is another edition of it."""
    best = next(iter(found.matches), None)
    if best is None or best.share < NEAR or any(other.share > best.share - MARGIN for other in found.matches[1:]):
        return fields
    title = best.compiled.layout.title
    doubt = Doubt(Reason.CHANGED, f"ce formulaire est une autre version de « {title} » : la valeur est à vérifier")
    return tuple(
        replace(field, doubt=doubt) if field.doubt and field.doubt.code is Reason.UNKNOWN_FORM else field
        for field in fields
    )


def _drafted(received: Received, dictionary: Dictionary, received_on: dt.date) -> tuple[FieldReading, ...]:
    """The draft of an unknown form; raises PagesAreImages for one whose letters say nothing."""
    try:
        return draft(received.stream, dictionary, received_on)
    except FormRejected:
        if received.printed and not received.fields and not is_language(received.words):
            raise PagesAreImages from None
        if received.portfolio:
            raise refused(Refusal.PDF_PORTFOLIO) from None
        raise


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
        raise refused(Refusal.UNKNOWN_FORM, why=_OTHER if digital else _SEEN)
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
