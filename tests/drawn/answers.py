"""Answers of one person to one form: what is typed or ticked at each question, and the truth of it.

A truth has an entry by path of the record: the value a careful reader understands (``None`` when only a doubt or
nothing is right) and the ``kind`` of its answer: ``clear``, ``empty``, an awkwardness, or ``implied``, said beside
another answer (a civility before a name, « /h » behind an amount): right if it is read and no loss if not.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from typing import Any

from drawn import awkward, spelling
from drawn.chance import chance_of, happens
from drawn.plan import LISTS, Ask, Plan

AWKWARD = 0.10
_OFTEN_EMPTY = (
    "stagiaire.lieu_naissance",
    "stagiaire.cpam",
    "organisme.courriel",
    "organisme.ape",
    "stage.avantages",
)
_WEEK, _AWAY, _UNIT = "stage.semaine", "stage.interruptions", "gratification.unite"


@dataclass(frozen=True)
class Answer:
    """What is put in one place: ``typed`` words or ``ticked`` options, an old value ``struck`` out before it.

    ``note`` is typed behind a tick; ``below`` says that the answer is under its place, which is left as it was;
    ``bulleted`` that its lines have Word's own bullets.
    """

    typed: str = ""
    ticked: tuple[str, ...] = ()
    struck: str = ""
    note: str = ""
    below: bool = False
    bulleted: bool = False


@dataclass
class Copy:
    """One filled copy: the answers by the name of their place, and the truth."""

    answers: dict[str, Answer] = field(default_factory=dict)
    truth: dict[str, dict[str, Any]] = field(default_factory=dict)

    def tell(self, values: dict[str, Any], kind: str) -> None:
        """Note the truth of an answer; what was told is not told again as implied."""
        for path, value in values.items():
            if kind != "implied" or path not in self.truth:
                self.truth[path] = {"value": value, "clear": kind == "clear", "kind": kind}


def fill(plan: Plan, person: dict[str, Any], seed: str) -> Copy:
    """The answers of a person to every question of a form."""
    return _Filler(plan, person, seed).fill()


class _Filler:
    """A person before a form: the facts, the handwriting, the copy so far."""

    def __init__(self, plan: Plan, person: dict[str, Any], seed: str) -> None:
        self.asks = list(plan.asks)
        self.person = person
        self.seed = seed
        self.hand = spelling.Hand.drawn(chance_of(seed, "hand"))
        self.copy = Copy()

    def fill(self) -> Copy:
        for ask in self.asks:
            chance = chance_of(self.seed, ask.name)
            if ask.path == _AWAY:
                self._period(ask, chance)
            elif (ask.item or 1) == 1 and ask.name not in self.copy.answers:
                self._answer(ask, chance)
        self._settle_week()
        return self.copy

    def _answer(self, ask: Ask, chance: random.Random) -> None:
        parts = values_asked(ask, self.person)
        if not parts or happens(chance, 0.15 if ask.path in _OFTEN_EMPTY else 0.01):
            self.copy.tell(dict.fromkeys(parts or (ask.path,)), "empty")
        elif not happens(chance, AWKWARD / 4 if ask.path.startswith(_WEEK) else AWKWARD) or not self._odd(
            ask, chance
        ):
            self._clear(ask, parts, chance)

    def _clear(self, ask: Ask, parts: dict[str, Any], chance: random.Random) -> None:
        if ask.options:
            ((path, value),) = parts.items()
            self.copy.answers[ask.name] = Answer(ticked=(option_of(value),))
            self.copy.tell({path: value}, "clear")
            return
        typed, truth, implied = self._typed(ask, parts, chance)
        if ask.item:
            for number, item in enumerate(truth[ask.path], start=1):
                self.copy.answers[f"{ask.path}.{number}"] = Answer(item)
        else:
            bulleted = ask.path in LISTS and self.hand.mark == spelling.BULLETS and "\n" in typed
            self.copy.answers[ask.name] = Answer(typed, bulleted=bulleted)
        self.copy.tell(truth, "clear")
        self.copy.tell(implied, "implied")

    def _typed(
        self, ask: Ask, parts: dict[str, Any], chance: random.Random
    ) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """What is typed when nothing is odd, its truth, and what it says besides."""
        if ask.last == "nom_prenom":
            return self._whole_name(ask, parts, chance)
        if ask.last == "adresse":
            return spelling.address(*parts.values(), chance, roomy=ask.roomy), parts, {}
        if ask.path in LISTS:
            return spelling.listed(parts[ask.path], self.hand, roomy=ask.roomy), parts, {}
        typed = spelling.spelt(ask.path, parts[ask.path], self.hand, chance)
        if ask.path == "gratification.montant" and any(one.path == _UNIT for one in self.asks):
            return f"{typed.split('€')[0].strip()} €", parts, {}
        if ask.last == "nom":
            return typed, {ask.path: typed}, {}
        return typed, parts, {_UNIT: self.person[_UNIT]} if ask.last == "montant" else {}

    def _whole_name(
        self, ask: Ask, parts: dict[str, Any], chance: random.Random
    ) -> tuple[str, dict[str, Any], dict[str, Any]]:
        typed = spelling.full_name(*parts.values(), self.hand)
        if not happens(chance, 0.12):
            return typed, parts, {}
        civility = f"{ask.path.removesuffix('nom_prenom')}civilite"
        return f"{self.person[civility]} {typed}", parts, {civility: self.person[civility]}

    def _odd(self, ask: Ask, chance: random.Random) -> bool:
        """Give an awkward answer; false if no oddness fits this question."""
        if ask.options:
            odd_ticks = awkward.ticks(ask, option_of(self.person[ask.path]), chance)
            self.copy.answers[ask.name] = Answer(ticked=odd_ticks.ticked, note=odd_ticks.note)
            self.copy.tell({ask.path: None}, odd_ticks.kind)
            return True
        if ask.item:
            return False
        if self._exchanged(ask, chance):
            return True
        flat = replace(ask, roomy=False)
        typed, truth, implied = self._typed(flat, values_asked(ask, self.person), chance)
        odd = awkward.answer(awkward.Case(ask, typed, truth, self.person, chance))
        self.copy.answers[ask.name] = Answer(odd.typed, struck=odd.struck, below=odd.below)
        self.copy.tell(odd.truth, odd.kind)
        self.copy.tell(implied if typed in odd.typed else {}, "implied")
        return True

    def _exchanged(self, ask: Ask, chance: random.Random) -> bool:
        """The given name in the place of the family name, and the other way round."""
        given = f"{ask.path.removesuffix('nom')}prenom"
        if ask.last != "nom" or given not in {one.path for one in self.asks} or not happens(chance, 0.5):
            return False
        nom, prenom = self.person[ask.path], self.person[given]
        self.copy.answers |= {ask.name: Answer(prenom), given: Answer(nom)}
        self.copy.tell({ask.path: nom, given: prenom}, "exchanged")
        return True

    def _period(self, ask: Ask, chance: random.Random) -> None:
        """One date of a period without presence."""
        periods = self.person[_AWAY] or []
        self.copy.tell({_AWAY: periods or None}, "clear" if periods else "empty")
        if ask.item and ask.item <= len(periods):
            day = periods[ask.item - 1][ask.part]
            self.copy.answers[ask.name] = Answer(spelling.spelt(f"{_AWAY}.{ask.part}", day, self.hand, chance))

    def _settle_week(self) -> None:
        """The days of a week are one answer: beside an awkward day, the others are not clear."""
        days = {path: told for path, told in self.copy.truth.items() if path.startswith(_WEEK)}
        if any(told["kind"] not in ("clear", "empty") for told in days.values()):
            for told in days.values():
                if told["clear"]:
                    told |= {"clear": False, "kind": "awkward-week"}


def values_asked(ask: Ask, person: dict[str, Any]) -> dict[str, Any]:
    """The values a question asks by path of the record: several for a combined place, none if there is no answer."""
    parts: tuple[str, ...] = (ask.path,)
    if ask.last == "nom_prenom":
        parts = tuple(f"{ask.path.removesuffix('nom_prenom')}{part}" for part in ("nom", "prenom"))
    elif ask.last == "adresse":
        parts = tuple(f"{ask.path}.{part}" for part in ("voie", "code_postal", "ville"))
    return {path: person[path] for path in parts if person.get(path) is not None}


def option_of(value: Any) -> str:
    """The option of a value: oui and non for a boolean."""
    return {True: "oui", False: "non"}[value] if isinstance(value, bool) else str(value)
