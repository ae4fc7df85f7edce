"""Voting on one field: accepted, doubted or empty, by the rules of a careful person."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import FieldKind, Nature
from pipeline.core.models import FieldReading
from pipeline.forms.values.figures import Parsed
from pipeline.forms.values.lines import DATED
from pipeline.reading.candidates import Candidate
from pipeline.reading.decision.agreement import Likeness, likeness
from pipeline.reading.decision.ballots import Ballot, Summary, filled, outcome, short
from pipeline.reading.decision.optical import against_label, best_reading, optical
from pipeline.reading.decision.read_value import Rules, read_value
from pipeline.reading.labels.vocabulary import label_words

_BEFORE_COLON = re.compile(r"([^\n:;,.]{2,40}?)\s*:(?=\s|$|\S)")


# Answers that may hold a question: prose, and « Tél. : 06… » as people write it.
_ASKING = (*DATED, FieldKind.LIST, FieldKind.PHONE, FieldKind.EMAIL, FieldKind.SIRET, FieldKind.NIR)


def asks_of_another(path: str, text: str, rules: Rules) -> bool:
    """Whether an answer is a question of every form, or holds one with its colon (« DUPONT Prénom : Marie »)."""
    if label_words(text) in rules.questions:
        return True
    if rules.dictionary.nature(path) is Nature.PHRASE or rules.dictionary.kind(path) in _ASKING:
        return False
    asked = (label_words(match[1]) for match in _BEFORE_COLON.finditer(text))
    return any(words[-size:] in rules.questions for words in asked for size in range(1, len(words) + 1))


_OF_THE_WORDS = (Reason.CROSSED_OUT, Reason.HIDDEN, Reason.AMBIGUOUS_TICK)  # true whatever the place
LEGIBLE_MATCH = 0.85  # below, a page that was recognised is not read well enough to be trusted


def vote(ballot: Ballot, summary: Summary, rules: Rules) -> FieldReading:
    """The field's reading: its value alone when it is accepted, with a doubt when a person must look."""
    ballot = ballot if rules.digital else best_reading(ballot, rules)
    parsed = read_value(ballot.path, ballot.aligned, rules)
    if not filled(ballot.aligned):
        return _empty(ballot, summary, rules)
    stop = _stop(ballot, parsed, summary, rules)
    if stop:
        return outcome(ballot, parsed.value, stop, 0.5)
    if rules.digital and ballot.aligned.certain:
        return outcome(ballot, parsed.value, None, 0.99)
    return _digital(ballot, parsed, summary, rules) if rules.digital else optical(ballot, parsed, rules)


def _confirmed(ballot: Ballot, parsed: Parsed, summary: Summary, rules: Rules) -> bool:
    """Whether the label says the very same, in a form with nothing unexplained: the place is sure then."""
    other = ballot.labelled
    if other is None or not filled(other) or other.doubt or not summary.exact:
        return False
    return likeness(parsed.value, read_value(ballot.path, other, rules).value) is Likeness.SAME


def _own_doubt(ballot: Ballot) -> Doubt | None:
    """The doubt of the place, or what a label surely found says of the words themselves."""
    label = ballot.labelled if ballot.labelled and ballot.labelled.sure and not ballot.aligned.certain else None
    told = label.doubt if label and label.doubt and label.doubt.code in _OF_THE_WORDS else None
    return ballot.aligned.doubt or told


def _stop(ballot: Ballot, parsed: Parsed, summary: Summary, rules: Rules) -> Doubt | None:
    """What alone is enough for a doubt: the reader's own, a value that cannot be, words that belong elsewhere."""
    aligned, own = ballot.aligned, _own_doubt(ballot)
    if own:
        return own
    if summary.match < LEGIBLE_MATCH and not aligned.certain:
        return Doubt(Reason.CHANGED if rules.digital else Reason.ILLEGIBLE)
    if aligned.option is None and asks_of_another(ballot.path, aligned.text, rules):
        return Doubt(Reason.STRAY_TEXT, "le libellé d’une autre question est dans cette réponse")
    if parsed.doubt:
        code = Reason.INCOHERENT if parsed.contradicts else Reason.INVALID
        return Doubt(code, parsed.doubt, rules.corrector)
    if not aligned.sure and not _confirmed(ballot, parsed, summary, rules):
        return Doubt(Reason.CHANGED if summary.changed else Reason.STRAY_TEXT)
    return None


def _empty(ballot: Ballot, summary: Summary, rules: Rules) -> FieldReading:
    """Nothing at the place: believed, unless another reader saw an answer or the place itself is not sure."""
    aligned = ballot.aligned
    if aligned.doubt:
        return outcome(ballot, None, aligned.doubt, 0.5)
    if rules.digital and aligned.certain and aligned.sure:
        return outcome(ballot, None, None, 1.0)
    elsewhere = next(_seen_elsewhere(ballot, summary, rules), None)
    if elsewhere:
        return elsewhere
    confirmed = ballot.labelled is not None and not filled(ballot.labelled)
    if not aligned.sure and not confirmed and not (rules.digital and summary.exact):
        return outcome(ballot, None, Doubt(Reason.EMPTY, who_settles=rules.corrector), 0.3)
    return outcome(ballot, None, None, 1.0)


def _seen_elsewhere(ballot: Ballot, summary: Summary, rules: Rules) -> Iterator[FieldReading]:
    """What the other readers saw where nothing stands, each in doubt; a weak label is not believed against it."""
    label = ballot.labelled
    weak = label is not None and not label.sure and (ballot.aligned.sure or summary.exact)
    for other in (ballot.second, None if weak else label):
        if other is None or not filled(other) or other.doubt:
            continue
        seen = read_value(ballot.path, other, rules)
        if seen.value is not None:
            why = f"une lecture ne voit rien, l’autre « {short(other)} »"
            yield outcome(ballot, seen.value, Doubt(Reason.DIVERGENT, why), 0.3)


def _digital(ballot: Ballot, parsed: Parsed, summary: Summary, rules: Rules) -> FieldReading:
    other = ballot.labelled
    exact = summary.exact or (ballot.aligned.apart and ballot.aligned.sure)
    if other is not None and other.doubt is None:
        read = read_value(ballot.path, other, rules)
        if filled(other) and likeness(parsed.value, read.value) in (Likeness.SAME, Likeness.SIGNS):
            return outcome(ballot, parsed.value, None, 0.99, with_label=True)
        if _against(ballot.aligned, other, exact=exact) and (read.doubt is None or not exact):
            return against_label(ballot, parsed)
    return outcome(ballot, parsed.value, None if exact else Doubt(Reason.CHANGED), 0.97 if exact else 0.5)


def _against(aligned: Candidate, other: Candidate, *, exact: bool) -> bool:
    """Whether a label that says something else is to be believed; of a box that is ticked, its place says more."""
    if exact and aligned.option is not None and not filled(other):
        return False
    return other.sure or (filled(other) and not exact)
