"""Voting on an image: by two engines, by keys, by ink; nothing is believed for being plausible."""

from __future__ import annotations

import re
from dataclasses import replace

from rapidfuzz import fuzz

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import PROPER_NAMES, FieldKind, Nature
from pipeline.core.models import JSON, FieldReading
from pipeline.forms.values.figures import Parsed
from pipeline.reading.decision.agreement import Likeness, accented, likeness
from pipeline.reading.decision.ballots import Ballot, filled, outcome, short
from pipeline.reading.decision.read_value import Rules, read_value

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
        FieldKind.WEEK,
        FieldKind.CHANGES,
        FieldKind.PERIODS,
    }
)
_CODES = (Nature.ACTIVITY_CODE, Nature.CODE, Nature.TIMES)
_CODE = re.compile(r"(\d{4})([A-Z])")
_FIGURES = {"Z": "72", "B": "8", "S": "5", "G": "6", "I": "1", "O": "0", "D": "0"}  # as engines read them
_KEYED = (FieldKind.SIRET, FieldKind.NIR)
_WITHOUT_KEY = 13  # figures of a NIR whose key was left out: nothing vouches for them
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
        return against_label(ballot, parsed)
    keyed = _has_key(ballot.path, rules) and len(str(parsed.value)) > _WITHOUT_KEY
    vouched = keyed and ballot.aligned.confidence >= _VOUCHED
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


def against_label(ballot: Ballot, parsed: Parsed) -> FieldReading:
    """A doubt: the label has another answer than the place."""
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
