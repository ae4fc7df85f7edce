"""Awkward answers: what hurried people type or tick, and what a careful reader may make of it.

``None`` as truth: only a doubt, or nothing, is right. A value as truth: it may be accepted, or doubted.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from drawn.plan import DATES, LEADERS, LISTS, Ask
from drawn.words import words

_CHARACTERS = LEADERS[:4]
_HOURS = ("duree_heures", "heures_hebdo", "heures_jour")
_NUMBERS = (*_HOURS, "montant", "effectif")
_CODES = ("siret", "nir", "telephone")
_TEXTS = (
    "nom",
    "nom_prenom",
    "voie",
    "ville",
    "sujet",
    "raison_sociale",
    "fonction",
    "compagnie",
    "service",
    "objectifs",
)
_ONE_NAME = ("raison_sociale", "compagnie")  # which may take two lines


@dataclass(frozen=True)
class Case:
    """A question, what a careful person would type, its truth by path, and the person's other facts."""

    ask: Ask
    typed: str
    truth: dict[str, Any]
    person: dict[str, Any]
    chance: random.Random

    @property
    def none(self) -> dict[str, Any]:
        """The truth of an answer that nobody can accept."""
        return dict.fromkeys(self.truth)


@dataclass(frozen=True)
class Odd:
    """An awkward answer: typed words, truth by path, kind, what is struck out before; ``below`` its place."""

    typed: str
    truth: dict[str, Any]
    kind: str
    struck: str = ""
    below: bool = False


@dataclass(frozen=True)
class OddTicks:
    """An awkward ticking, whose answer nobody can accept: the options ticked, a note typed behind."""

    ticked: tuple[str, ...]
    kind: str
    note: str = ""


def ticks(ask: Ask, option: str, chance: random.Random) -> OddTicks:
    """Two boxes ticked, none, or a remark behind the right one. A drop-down can only be left alone."""
    if ask.chosen or chance.random() < 0.4:
        return OddTicks((), "no-tick")
    if chance.random() < 0.5:
        other = chance.choice([value for value, _ in ask.options if value != option])
        return OddTicks((option, other), "two-ticks")
    return OddTicks((option,), "tick-remark", note=chance.choice(words()["odd"]["remarks"]))


def answer(case: Case) -> Odd:
    """One of the awkward ways to answer this question."""
    ways = [way for way, fits in _WAYS if fits(case.ask)]
    return case.chance.choice(ways)(case)


def _non_answer(case: Case) -> Odd:
    said = [
        one for one in words()["odd"]["nothing"] if case.ask.last not in _NUMBERS or one not in words()["odd"]["zero"]
    ]
    return Odd(case.chance.choice(said), case.none, "non-answer")


def _remark(case: Case) -> Odd:
    return Odd(f"{case.typed} {case.chance.choice(words()['odd']['remarks'])}", case.none, "remark")


def _struck(case: Case) -> Odd:
    return Odd(case.typed, case.truth, "struck", struck=_older(case.typed))


def _stray_leader(case: Case) -> Odd:
    shape = case.chance.choice((". {}", "_ {}", ".. {}", "{} _", "{} ..", "{} …", "{}_", "…{}"))
    return Odd(shape.format(case.typed), case.truth, "stray-leader")


def _ligature(case: Case) -> Odd:
    return Odd(case.typed.replace("fi", "ﬁ").replace("fl", "ﬂ"), case.truth, "ligature")


def _final_dot(case: Case) -> Odd:
    return Odd(f"{case.typed}.", case.truth, "final-dot")


def _two_values(case: Case) -> Odd:
    joints = (" / ", " ou ", "\n" if case.ask.roomy and case.ask.last not in _ONE_NAME else " ou ")
    other = words()["odd"]["others"].get(case.ask.last) or _older(case.typed)
    return Odd(f"{case.typed}{case.chance.choice(joints)}{other}", case.none, "two-values")


def _digit_missing(case: Case) -> Odd:
    return Odd(case.typed[:-1], case.none, "digit-missing")


def _other_field(case: Case) -> Odd:
    root, _, last = case.ask.path.rpartition(".")
    return Odd(case.person[f"{root}.{'courriel' if last == 'telephone' else 'telephone'}"], case.none, "other-field")


def _mail_remark(case: Case) -> Odd:
    apart = "\n" if case.ask.roomy else " "
    return Odd(f"{case.typed}{apart}perso", case.truth, "mail-remark")


def _no_date(case: Case) -> Odd:
    return Odd(case.chance.choice(words()["odd"]["dates"]), case.none, "no-date")


def _clock_dot(case: Case) -> Odd:
    return Odd(case.chance.choice(("24.30", "37.30", "7.30", "31.15")), case.none, "clock-dot")


def _about(case: Case) -> Odd:
    return Odd(f"{case.chance.choice(('environ', 'max.', 'entre 20 et'))} {case.typed}", case.none, "about")


def _in_words(case: Case) -> Odd:
    return Odd("trente-cinq heures", dict.fromkeys(case.truth, 35), "in-words")


def _broken_digits(case: Case) -> Odd:
    return Odd(case.chance.choice(("48\n150", "600\n650", "12\n5")), case.none, "broken-digits")


def _broken_code(case: Case) -> Odd:
    half = len(case.typed) // 2
    return Odd(f"{case.typed[:half].strip()}\n{case.typed[half:].strip()}", case.truth, "broken-code")


def _glued_list(case: Case) -> Odd:
    shapes = (("A- ", "B- ", "C- "), ("1) ", "2) ", "3) "), ("- ",) * 3, ("1. ", "2. ", "3. "), ("• ",) * 3)
    ((path, items),) = case.truth.items()
    marked = zip(case.chance.choice(shapes), items, strict=False)
    return Odd(" ".join(f"{mark}{item}" for mark, item in marked), {path: items}, "glued-list")


def _no_capitals(case: Case) -> Odd:
    (nom_path, nom), (prenom_path, prenom) = case.truth.items()
    truth = {nom_path: nom.title(), prenom_path: prenom}
    return Odd(f"{nom.title()} {prenom}", truth, "no-capitals")


def _name_in_two_lines(case: Case) -> Odd:
    nom, prenom = case.truth.values()
    return Odd(f"{nom}\n{prenom}", case.truth, "two-lines")


def _only_family_name(case: Case) -> Odd:
    nom, prenom = case.truth
    return Odd(case.truth[nom], {nom: case.truth[nom], prenom: None}, "half-name")


def _beside_prompt(case: Case) -> Odd:
    return Odd(f"{case.ask.prompt} {case.typed}", case.truth, "prompt-left")


def _below(case: Case) -> Odd:
    return Odd(case.typed, case.truth, "next-line", below=True)


def _older(typed: str) -> str:
    """What was written first: another value of the same nature."""
    if "@" in typed:
        return f"ancien.{typed}"
    for sign in reversed(typed):
        if sign.isdigit():
            return str((int(sign) + 3) % 10).join(typed.rsplit(sign, 1))
    return "Dupond" if len(typed) < 25 else "Ancienne réponse à ne pas lire"


def _of(*lasts: str) -> Callable[[Ask], bool]:
    return lambda ask: ask.last in lasts


def _roomy(*lasts: str) -> Callable[[Ask], bool]:
    return lambda ask: ask.roomy and ask.last in lasts


_WAYS: tuple[tuple[Callable[[Case], Odd], Callable[[Ask], bool]], ...] = (
    (_non_answer, lambda _: True),
    (_remark, lambda _: True),
    (_struck, lambda ask: ask.place != "legacy"),
    (_stray_leader, _of(*_TEXTS)),
    (_ligature, _of("service", "sujet", "objectifs", "modalites_encadrement")),
    (_final_dot, _of("voie", "ville")),
    (_two_values, lambda ask: ask.last in words()["odd"]["others"]),
    (_two_values, _of("telephone", "courriel", "date_naissance")),
    (_digit_missing, _of("telephone")),
    (_other_field, _of("telephone", "courriel")),
    (_mail_remark, _of("courriel")),
    (_no_date, _of(*DATES)),
    (_clock_dot, _of(*_HOURS)),
    (_clock_dot, _of(*_HOURS)),
    (_about, _of(*_HOURS, "montant")),
    (_in_words, _of("heures_hebdo")),
    (_broken_digits, _roomy(*_NUMBERS)),
    (_broken_code, _roomy(*_CODES)),
    (_glued_list, lambda ask: ask.path in LISTS),
    (_glued_list, lambda ask: ask.path in LISTS),
    (_no_capitals, _of("nom_prenom")),
    (_name_in_two_lines, _roomy("nom_prenom")),
    (_only_family_name, _of("nom_prenom")),
    (_beside_prompt, lambda ask: ask.place == "prompt"),
    (_below, lambda ask: bool(ask.label) and not ask.roomy and ask.place in _CHARACTERS),
)
