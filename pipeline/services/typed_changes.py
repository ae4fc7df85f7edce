"""Typed changes of a convention: « stage.date_fin=16/05/2025 », « stage.calendrier+=2025-06-12=7 » become values.

A list takes « += » and « -= », by line or by day: « stage.interruptions+=2025-05-12..2025-05-23 ».
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.core.errors import InvalidRequest
from pipeline.core.fields import Dictionary, Field, FieldKind
from pipeline.core.french import long_date
from pipeline.core.law import as_date
from pipeline.core.models import JSON, Data, get
from pipeline.reading.decision.read_value import Rules
from pipeline.services.confirmation import field_named, value_of

_TYPED = re.compile(r"\s*([a-z_.]+)\s*(\+=|-=|=)\s*(.*?)\s*", re.DOTALL)
_OF_HOURS = re.compile(r"(?<=\d)\s*=\s*(?=\d)")  # « 2025-06-12=7 »
_UNTIL = re.compile(r"(?<=\d)\s*\.\.\s*(?=\d)")  # « 2025-05-12..2025-05-23 »
_SEVERAL = re.compile(r"\s*[;,]\s*")
_CALENDAR, _EXTRA = "stage.calendrier", "stage.exceptions"
_KEYS = {FieldKind.CALENDAR: "date", FieldKind.CHANGES: "date", FieldKind.PERIODS: "debut"}
_LISTS = (FieldKind.LIST, *_KEYS)


@dataclass(frozen=True)
class Typed:
    """One word of the command line: a field, how it changes (=, += or -=), what was typed."""

    path: str
    sign: str
    text: str

    @classmethod
    def of(cls, word: str) -> Typed:
        """Raises InvalidRequest for a word that says no field and value."""
        match = _TYPED.fullmatch(word)
        if match is None:
            raise InvalidRequest(
                f"« {word[:60]} » : écrivez champ=valeur, par exemple stage.date_fin=24/06/2025 ; pour une liste, "
                "champ+=ligne ou champ-=ligne."
            )
        return cls(match[1], match[2], match[3])


def wanted_of(words: Sequence[str], data: Data, dictionary: Dictionary, today: dt.date) -> dict[str, JSON]:
    """The new value of each field that the words change, from the terms in force; ``None`` for nothing.

    Days that are added to a convention without a calendar, or taken from it, are days apart from its ordinary week.
    Raises InvalidRequest for a word that cannot be understood, a day that is there already or is not, a field twice.
    """
    wanted: dict[str, JSON] = {}
    whole: set[str] = set()
    rules = Rules(dictionary, today)
    for typed in (_apart(Typed.of(word), data) for word in words):
        field = field_named(typed.path, dictionary)
        if typed.path in whole or (typed.sign == "=" and typed.path in wanted):
            raise InvalidRequest(f"{typed.path} est donné deux fois : gardez une seule valeur.")
        if typed.sign == "=":
            whole.add(typed.path)
            wanted[typed.path] = value_of(field, _spelled(field, typed.text), rules)
        else:
            now = wanted[typed.path] if typed.path in wanted else get(data, typed.path)
            wanted[typed.path] = _listed(field, typed, now or [], rules)
    return wanted


def _apart(typed: Typed, data: Data) -> Typed:
    """A day of the calendar, of a convention that has none: a day that is added to its weeks, or nought hours."""
    if typed.path != _CALENDAR or typed.sign == "=" or get(data, _CALENDAR):
        return typed
    if typed.sign == "+=":
        return Typed(_EXTRA, "+=", typed.text)
    return Typed(_EXTRA, "+=", " ; ".join(f"{one} : 0" for one in _SEVERAL.split(typed.text)))


def _spelled(field: Field, text: str) -> str:
    """The short signs of the command line as a form writes them."""
    if field.kind in (FieldKind.CALENDAR, FieldKind.CHANGES):
        return _OF_HOURS.sub(" : ", text)
    return _UNTIL.sub(" au ", text) if field.kind is FieldKind.PERIODS else text


def _listed(field: Field, typed: Typed, now: Sequence[JSON], rules: Rules) -> list[JSON] | None:
    if field.kind not in _LISTS:
        raise InvalidRequest(f"{field.path} n’est pas une liste : écrivez {field.path}=VALEUR.")
    if field.kind is FieldKind.LIST:
        return _items(field, typed, now)
    key = _KEYS[field.kind]
    if typed.sign == "-=":
        return _without(field, typed, now, rules, key)
    come = value_of(field, _spelled(field, typed.text), rules)
    if not come:
        raise InvalidRequest(f"{field.path}+= : rien à ajouter dans « {typed.text} ».")
    there = {str(line[key]) for line in now}
    twice = [str(line[key]) for line in come if str(line.get(key)) in there]
    if twice:
        raise InvalidRequest(
            f"{field.path}+= : le {_day(twice[0])} y est déjà. Retirez-le d’abord ({field.path}-={twice[0]}), ou "
            "donnez un autre jour."
        )
    return sorted([*now, *come], key=lambda line: str(line.get(key)))


def _without(field: Field, typed: Typed, now: Sequence[JSON], rules: Rules, key: str) -> list[JSON] | None:
    """The lines but those of these days; a period is named by its first day, or whole."""
    text = _spelled(field, typed.text)
    if field.kind is not FieldKind.PERIODS:
        text = " ; ".join(f"{one} : 1" for one in _SEVERAL.split(text.partition(" : ")[0]) if one)
    gone = [str(line.get(key)) for line in value_of(field, text, rules) or []]
    there = {str(line[key]) for line in now}
    absent = [one for one in gone if one not in there]
    if absent or not gone:
        named = _day(absent[0]) if absent else typed.text
        raise InvalidRequest(f"{field.path}-= : le {named} n’y est pas, il n’y a rien à retirer.")
    return [line for line in now if str(line[key]) not in gone] or None


def _items(field: Field, typed: Typed, now: Sequence[JSON]) -> list[JSON] | None:
    if typed.sign == "+=":
        if not typed.text or typed.text in now:
            raise InvalidRequest(f"{field.path}+= : « {typed.text} » y est déjà, ou ne dit rien.")
        return [*now, typed.text]
    if typed.text not in now:
        raise InvalidRequest(f"{field.path}-= : « {typed.text} » n’y est pas, tel quel. Recopiez la ligne entière.")
    return [one for one in now if one != typed.text] or None


def _day(value: str) -> str:
    day = as_date(value)
    return long_date(day) if day else value
