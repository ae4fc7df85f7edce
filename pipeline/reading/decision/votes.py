"""Voting on one field: accepted, doubted or empty, by the rules of a careful person.

On an image it is by two engines, by keys, by ink; nothing is believed for being plausible.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from rapidfuzz import fuzz

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import PROPER_NAMES, FieldKind, Nature
from pipeline.core.models import JSON, FieldReading
from pipeline.reading.decision.agreement import Likeness, accented, likeness
from pipeline.reading.decision.ballots import Ballot, Summary, filled, outcome, short
from pipeline.reading.decision.read_value import Rules, read_value
from pipeline.reading.figures import Parsed
from pipeline.reading.labels.vocabulary import label_words

_TYPED = frozenset(
    {
        FieldKind.DATE,
        FieldKind.HOURS,
        FieldKind.EUROS,
        FieldKind.WHOLE,
        FieldKind.SIRET,
        FieldKind.NIR,
        FieldKind.PHONE,
        FieldKind.EMAIL,
        FieldKind.POSTCODE,
        FieldKind.CALENDAR,
    }
)
_CODES = (Nature.ACTIVITY_CODE, Nature.CODE, Nature.TIMES)
_CODE = re.compile(r"(\d{4})([A-Z])")
_FIGURES = {"Z": "72", "B": "8", "S": "5", "G": "6", "I": "1", "O": "0", "D": "0"}  # as engines read them
_KEYED = (FieldKind.SIRET, FieldKind.NIR)
_VOUCHED = 0.9  # the engine's confidence from which a number with its key is believed alone
_ANOTHER = 50.0  # rapidfuzz ratio below which two texts are two answers, not two readings of one


def best_reading(ballot: Ballot, rules: Rules) -> Ballot:
    """The same ballot, the other engine's reading first where only that one can be the answer (its key is right)."""
    second = ballot.second
    if second is None or not filled(second) or second.doubt or not _has_key(ballot.path, rules):
        return ballot
    first, other = read_value(ballot.path, ballot.aligned, rules), read_value(ballot.path, second, rules)
    if first.doubt and filled(ballot.aligned) and other.doubt is None and other.value is not None:
        place = replace(second, sure=ballot.aligned.sure, page=ballot.aligned.page, box=ballot.aligned.box)
        return replace(ballot, aligned=place, second=ballot.aligned)
    return ballot


def optical(ballot: Ballot, parsed: Parsed, rules: Rules) -> FieldReading:
    """A valid value at a sure place of an image: accepted if the other engine, or its key, confirms it.

    Tick boxes are told by their ink. Names want every accent from both engines; elsewhere lost accents are restored.
    """
    if ballot.aligned.option is not None:
        return _ticked(ballot, parsed)
    if _contradicted(ballot, parsed, rules):
        return _against_label(ballot, parsed)
    vouched = _has_key(ballot.path, rules) and ballot.aligned.confidence >= _VOUCHED
    if ballot.second is None or not filled(ballot.second):
        why = Doubt(Reason.DIVERGENT, "une seule des deux lectures voit cette réponse")
        return outcome(ballot, parsed.value, None if vouched else why, 0.9 if vouched else 0.4)
    read = read_value(ballot.path, ballot.second, rules)
    alike = likeness(parsed.value, read.value)
    if alike is Likeness.SAME or (vouched and read.doubt):  # the key refutes one reading and confirms the other
        return outcome(ballot, parsed.value, None, 0.97 if alike is Likeness.SAME else 0.9)
    if rules.dictionary.nature(ballot.path) is Nature.ACTIVITY_CODE and _same_code(parsed.value, read.value):
        return outcome(ballot, parsed.value, None, 0.9)
    return _unlike(ballot, parsed, read, alike, rules)


def _same_code(value: JSON, other: JSON) -> bool:
    """Whether two readings of an activity code differ only by its letter, read as the figure that looks like it."""
    if not isinstance(value, str) or not isinstance(other, str):
        return False
    code, twin = _CODE.fullmatch(value), other.replace(".", "").replace(" ", "")
    return bool(code and len(twin) == 5 and twin[:4] == code[1] and twin[4] in _FIGURES.get(code[2], ""))


def _ticked(ballot: Ballot, parsed: Parsed) -> FieldReading:
    other = ballot.second.option if ballot.second else None
    if other not in (None, ballot.aligned.option):
        doubt = Doubt(Reason.AMBIGUOUS_TICK, "les deux lectures voient des cases différentes")
        return outcome(ballot, None, doubt, 0.3)
    return outcome(ballot, parsed.value, None, 0.95)


def _unlike(ballot: Ballot, parsed: Parsed, read: Parsed, alike: Likeness, rules: Rules) -> FieldReading:
    typed = _is_typed(ballot.path, rules)
    free = not typed and rules.dictionary.nature(ballot.path) not in PROPER_NAMES
    if alike is Likeness.SIGNS and free:
        return outcome(ballot, parsed.value, None, 0.9)
    if alike is Likeness.ACCENTS and not typed:
        best = _accented(parsed.value, read.value)
        if best is not None and free:
            return outcome(ballot, best, None, 0.9)
        why = f"les accents diffèrent entre « {short(ballot.aligned)} » et « {short(ballot.second)} »"
        return outcome(ballot, best or parsed.value, Doubt(Reason.ACCENT, why), 0.6)
    why = f"« {short(ballot.aligned)} » pour l’une, « {short(ballot.second)} » pour l’autre"
    return outcome(ballot, parsed.value, Doubt(Reason.DIVERGENT, why), 0.3)


def _against_label(ballot: Ballot, parsed: Parsed) -> FieldReading:
    why = f"« {short(ballot.aligned)} » à sa place, « {short(ballot.labelled)} » d’après le libellé"
    return outcome(ballot, parsed.value, Doubt(Reason.DIVERGENT, why), 0.3)


def _accented(left: JSON, right: JSON) -> JSON:
    if isinstance(left, list) and isinstance(right, list):
        items = [accented(str(one), str(two)) for one, two in zip(left, right, strict=True)]
        return items if all(item is not None for item in items) else None
    return accented(str(left), str(right))


def _contradicted(ballot: Ballot, parsed: Parsed, rules: Rules) -> bool:
    """Whether the label, surely found, has another answer altogether (a slip of one row, not of one letter)."""
    other = ballot.labelled
    if other is None or not other.sure or other.doubt or not filled(other):
        return False
    if likeness(parsed.value, read_value(ballot.path, other, rules).value) is not Likeness.OTHER:
        return False
    return fuzz.ratio(ballot.aligned.text.casefold(), other.text.casefold()) < _ANOTHER


def _is_typed(path: str, rules: Rules) -> bool:
    return rules.dictionary.kind(path) in _TYPED or rules.dictionary.nature(path) in _CODES


def _has_key(path: str, rules: Rules) -> bool:
    return rules.dictionary.kind(path) in _KEYED


_BEFORE_COLON = re.compile(r"([^\n:;,.]{2,40}?)\s*:(?=\s|$|\S)")


# Answers that may hold a question: prose, and « Tél. : 06… » as people write it.
_ASKING = (FieldKind.LIST, FieldKind.PHONE, FieldKind.EMAIL, FieldKind.SIRET, FieldKind.NIR)


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


def _stop(ballot: Ballot, parsed: Parsed, summary: Summary, rules: Rules) -> Doubt | None:
    """What alone is enough for a doubt: the reader's own, a value that cannot be, words that belong elsewhere."""
    aligned = ballot.aligned
    other = ballot.labelled.doubt if ballot.labelled and ballot.labelled.sure and not aligned.certain else None
    own = aligned.doubt or (other if other and other.code in _OF_THE_WORDS else None)
    if own:
        return own
    if summary.match < LEGIBLE_MATCH and not aligned.certain:
        return Doubt(Reason.CHANGED if rules.digital else Reason.ILLEGIBLE)
    if asks_of_another(ballot.path, aligned.text, rules):
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
    if other is not None and other.doubt is None:
        read = read_value(ballot.path, other, rules)
        if filled(other) and likeness(parsed.value, read.value) in (Likeness.SAME, Likeness.SIGNS):
            return outcome(ballot, parsed.value, None, 0.99, with_label=True)
        against = other.sure or (filled(other) and not summary.exact)
        if against and (read.doubt is None or not summary.exact):
            return _against_label(ballot, parsed)
    if summary.exact:
        return outcome(ballot, parsed.value, None, 0.97)
    return outcome(ballot, parsed.value, Doubt(Reason.CHANGED), 0.5)
