"""Answers of one person to one form: what is typed or ticked at each question, and the truth of it.

A truth has an entry by path of the record: the value a careful reader understands (``None`` when only a doubt or
nothing is right) and whether the answer is ``clear``, ``awkward`` with its kind, ``empty``, or only ``implied``: said
beside another answer (a civility before a name, « /h » behind an amount), right if it is read and no loss if not.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from drawn import awkward, spelling
from drawn.plan import LISTS, Ask, Plan

AWKWARD = 0.10
_MAY_BE_EMPTY = (
    "stagiaire.lieu_naissance",
    "stagiaire.cpam",
    "organisme.courriel",
    "organisme.ape",
    "stage.avantages",
)
_EMPTY = 0.15


@dataclass(frozen=True)
class Answer:
    """What is put in one place: ``typed`` words or ``ticked`` options, an old value ``struck`` before it."""

    typed: str = ""
    ticked: tuple[str, ...] = ()
    struck: str = ""
    note: str = ""


@dataclass
class Copy:
    """One filled copy: the answers by the name of their place, and the truth."""

    answers: dict[str, Answer] = field(default_factory=dict)
    truth: dict[str, dict[str, Any]] = field(default_factory=dict)

    def tell(self, values: dict[str, Any], kind: str) -> None:
        """Note the truth of an answer; ``kind`` is clear, empty, implied or the name of an awkwardness."""
        for path, value in values.items():
            if kind == "implied" and path in self.truth:
                continue
            self.truth[path] = {"value": value, "clear": kind == "clear", "kind": kind}


def fill(plan: Plan, person: dict[str, Any], seed: str) -> Copy:
    """The answers of a person to every question of a form."""
    hand = spelling.Hand.drawn(random.Random(f"{seed}-hand"))
    copy = Copy()
    asks = list(plan.asks)
    for ask in asks:
        if (ask.item or 1) == 1:
            _answer(ask, person, hand, random.Random(f"{seed}-{ask.name}"), copy, asks)
    return copy


def _answer(
    ask: Ask, person: dict[str, Any], hand: spelling.Hand, chance: random.Random, copy: Copy, asks: list[Ask]
) -> None:
    if ask.name in copy.answers:  # given with another one: names that were exchanged
        return
    parts = values_asked(ask, person)
    if not parts or (ask.path in _MAY_BE_EMPTY and chance.random() < _EMPTY):
        copy.tell(dict.fromkeys(parts or (ask.path,)), "empty")
        return
    if chance.random() < AWKWARD and _awkward(ask, person, hand, chance, copy, asks):
        return
    if ask.options:
        ((path, value),) = parts.items()
        copy.answers[ask.name] = Answer(ticked=(option_of(value),))
        copy.tell({path: value}, "clear")
        return
    typed, truth, implied = clear(ask, person, hand, chance)
    if ask.item:
        for number, item in enumerate(truth[ask.path], start=1):
            copy.answers[f"{ask.path}.{number}"] = Answer(item)
    else:
        copy.answers[ask.name] = Answer(typed)
    copy.tell(truth, "clear")
    copy.tell(implied, "implied")


def values_asked(ask: Ask, person: dict[str, Any]) -> dict[str, Any]:
    """The values a question asks by path of the record: several for a combined place, none if there is no answer."""
    root, _, last = ask.path.rpartition(".")
    parts: Iterable[str] = (ask.path,)
    if last == "nom_prenom":
        parts = (f"{root}.nom", f"{root}.prenom")
    elif last == "adresse":
        parts = tuple(f"{ask.path}.{part}" for part in ("voie", "code_postal", "ville"))
    return {path: person[path] for path in parts if person.get(path) is not None}


def option_of(value: Any) -> str:
    """The option of a value: oui and non for a boolean."""
    return {True: "oui", False: "non"}[value] if isinstance(value, bool) else str(value)


def clear(
    ask: Ask, person: dict[str, Any], hand: spelling.Hand, chance: random.Random
) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """What is typed when nothing is odd, its truth, and what it says besides."""
    parts = values_asked(ask, person)
    root, _, last = ask.path.rpartition(".")
    if last == "nom_prenom":
        return _whole_name(root, parts, hand, person, chance)
    if last == "adresse":
        return spelling.address(*parts.values(), chance, roomy=ask.roomy), parts, {}
    if ask.path in LISTS:
        return spelling.listed(parts[ask.path], hand, roomy=ask.roomy), parts, {}
    typed = spelling.spelt(ask.path, parts[ask.path], hand, chance)
    if last == "nom":
        return typed, {ask.path: typed}, {}
    implied = {"gratification.unite": person["gratification.unite"]} if last == "montant" else {}
    return typed, parts, implied


def _whole_name(
    root: str, parts: dict[str, Any], hand: spelling.Hand, person: dict[str, Any], chance: random.Random
) -> tuple[str, dict[str, Any], dict[str, Any]]:
    typed = spelling.full_name(*parts.values(), hand)
    if chance.random() < 0.12:
        return f"{person[f'{root}.civilite']} {typed}", parts, {f"{root}.civilite": person[f"{root}.civilite"]}
    return typed, parts, {}


def _awkward(
    ask: Ask, person: dict[str, Any], hand: spelling.Hand, chance: random.Random, copy: Copy, asks: list[Ask]
) -> bool:
    """Give an odd answer; false if no oddness fits this question."""
    if ask.options:
        odd = awkward.ticks(ask, option_of(person[ask.path]), chance)
        copy.answers[ask.name] = Answer(ticked=odd.ticked, note=odd.note)
        copy.tell({ask.path: person[ask.path] if odd.understood else None}, odd.kind)
        return True
    if ask.item:
        return False
    sibling = _exchangeable(ask, asks)
    if sibling and chance.random() < 0.5:
        nom, prenom = person[ask.path], person[sibling.path]
        copy.answers[ask.name], copy.answers[sibling.name] = Answer(prenom), Answer(nom)
        copy.tell({ask.path: nom, sibling.path: prenom}, "exchanged")
        return True
    typed, truth, _ = clear(replace(ask, roomy=False), person, hand, chance)
    odd_text = awkward.text(ask, typed, truth, person, chance)
    if odd_text is None:
        return False
    copy.answers[ask.name] = Answer(odd_text.typed, struck=odd_text.struck)
    copy.tell(odd_text.truth, odd_text.kind)
    copy.tell(odd_text.implied, "implied")
    return True


def _exchangeable(ask: Ask, asks: list[Ask]) -> Ask | None:
    """The question of the given name that goes with this one of the family name."""
    if not ask.path.endswith(".nom"):
        return None
    return next((one for one in asks if one.path == f"{ask.path.removesuffix('nom')}prenom"), None)
