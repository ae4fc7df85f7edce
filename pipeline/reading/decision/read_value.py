"""From the text or tick of a candidate to the canonical value of its field, with the checks of a lone value."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from pipeline.core.fields import Dictionary, Field, FieldKind
from pipeline.core.folding import fold
from pipeline.reading.candidates import Candidate
from pipeline.reading.canonical import clean, is_empty, parse
from pipeline.reading.dates import Parsed
from pipeline.reading.decision.choices import coded, parse_choice
from pipeline.reading.decision.lists import split_list
from pipeline.reading.decision.validity import fault

_CHOICES = (FieldKind.CHOICE, FieldKind.BOOLEAN, FieldKind.DAYS)
_TIMETABLE = "stage.horaires."
_NO_HOURS = frozenset({"repos", "ferie", "conge", "absent", "absence", "off"})
_TIMES = re.compile(r"[\d\s:hH.,;/+–-]|\bà\b|\bet\b|\bde\b|\bminutes?\b|\bmin\b|\bheures?\b", re.IGNORECASE)
_CUT_WORD = re.compile(r"(?<=[^\W\d_][-‐])\n(?=[^\W\d_])")
_SHORT_YEAR = re.compile(r"^\s*(\d{1,2}\s?[/.\- ]\s?\d{1,2}\s?[/.\- ]\s?)(\d{2})\s*$")
_YOUNGEST, _OLDEST = 14, 80  # years; the ages at which the rules let somebody do a stage


@dataclass(frozen=True)
class Rules:
    """What reading a value needs beside its text: the fields, the day of reception, the order of dates."""

    dictionary: Dictionary
    received_on: dt.date
    month_first: bool = False
    nir: str | None = None  # once accepted, it tells the century of a birth date written with two digits


def read_value(path: str, candidate: Candidate, rules: Rules) -> Parsed:
    """The canonical value of a candidate for a path, ``None`` if empty; a doubt (without its code) if invalid."""
    field = rules.dictionary.fields.get(path)
    if candidate.option is not None:
        return coded(field, candidate.option) if field else Parsed(candidate.option)
    text = candidate.text
    if field is None:  # a combined path: the words as typed, in one piece
        words = clean(_CUT_WORD.sub("", text), lines=path.endswith(".adresse"))
        parsed = Parsed(None if is_empty(words) else words)
    else:
        parsed = _parsed(field, text, rules)
    if parsed.doubt or parsed.value is None:
        return parsed
    return Parsed(parsed.value, fault(path, field, parsed.value, text))


def _parsed(field: Field, text: str, rules: Rules) -> Parsed:
    if is_empty(clean(text)) and field.kind is not FieldKind.EUROS:
        return Parsed(None)
    if field.kind in _CHOICES:
        return parse_choice(field, clean(text))
    if field.path.startswith(_TIMETABLE):
        return _times(clean(text))
    return Parsed(list(split_list(text)) or None) if field.kind is FieldKind.LIST else _plain(field, text, rules)


def _plain(field: Field, text: str, rules: Rules) -> Parsed:
    """By the general rules, once what only forms do is put right: a word cut at the margin, « le » before a date."""
    if field.kind is FieldKind.DATE:
        text = re.sub(r"^\s*le\s*:?\s+|[\s,;]+$", "", text, flags=re.IGNORECASE)
    if field.kind is FieldKind.LINE:
        text = _CUT_WORD.sub("", text).rstrip(" ,;")
    parsed = parse(field, text, rules.received_on, month_first=rules.month_first)
    if field.path == "stagiaire.date_naissance" and rules.nir and parsed.doubt and (match := _SHORT_YEAR.match(text)):
        return _born(field, match, parsed, rules)
    if field.path.endswith(".ape") and isinstance(parsed.value, str):
        return Parsed(parsed.value.replace(".", ""), parsed.doubt)
    return parsed


def _born(field: Field, match: re.Match[str], parsed: Parsed, rules: Rules) -> Parsed:
    """« 01/02/03 » is the day that the NIR's year and month confirm, if only one century makes a possible age."""
    days = []
    for century in ("19", "20"):
        text = f"{match[1]}{century}{match[2]}"
        full = parse(field, text, rules.received_on, month_first=rules.month_first)
        if full.doubt is None and isinstance(full.value, str) and rules.nir:
            age = (rules.received_on - dt.date.fromisoformat(full.value)).days / 365.25
            same = rules.nir[1:5] == full.value[2:4] + full.value[5:7]
            days += [full.value] if same and _YOUNGEST <= age <= _OLDEST else []
    return Parsed(days[0]) if len(days) == 1 else parsed


def _times(words: str) -> Parsed:
    """The hours of half a day, kept as written; « repos » is nothing, and other words are a doubt."""
    if fold(words) in _NO_HOURS:
        return Parsed(None)
    if _TIMES.sub("", words).strip() or not re.search(r"\d", words):
        return Parsed(words, f"« {words[:60]} » n’est pas un horaire lisible")
    return Parsed(words)
