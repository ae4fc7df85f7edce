"""Awkward answers: what hurried people type or tick, and what a careful reader may make of it.

``None`` as truth: only a doubt, or nothing, is right. A value as truth: it may be accepted, or doubted.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from drawn.plan import DATES, LISTS, Ask

_NOTHING = (
    "?", "??", "XXX", "idem", "voir au dos", "cf. convention", "à voir", "NC", "RAS", "aucun", "/", "-", "à compléter",
    "en attente", "voir pièce jointe", "je ne sais pas", "...", "à venir", "cf. mail", "n.c.", "pas encore", "voir plus haut",
)  # fmt: skip
_REMARKS = (
    "(à confirmer)", "(voir verso)", "voir au dos", "- à vérifier", "(sous réserve)", "???", "(provisoire)", "(cf. mail)",
    "voir pièce jointe", "(?)", "* voir note", "à préciser",
)  # fmt: skip
_PHONE, _MAIL = "telephone", "courriel"
_HOURS = ("duree_heures", "heures_hebdo", "heures_jour")
_ONE_NAME = ("raison_sociale", "compagnie")  # which may take two lines
_CODES = ("siret", "nir", "telephone")


@dataclass(frozen=True)
class Odd:
    """An awkward answer: what is typed, its truth by path, its kind, what it says besides, what is struck out."""

    typed: str
    truth: dict[str, Any]
    kind: str
    implied: dict[str, Any] = field(default_factory=dict)
    struck: str = ""


@dataclass(frozen=True)
class OddTicks:
    """An awkward ticking: the options ticked, a note typed behind, whether the answer is still understood."""

    ticked: tuple[str, ...]
    kind: str
    understood: bool
    note: str = ""


def ticks(ask: Ask, option: str, chance: random.Random) -> OddTicks:
    """Two boxes ticked, none, or a remark behind the right one. A drop-down can only be left alone."""
    other = chance.choice([value for value, _ in ask.options if value != option])
    if ask.chosen or chance.random() < 0.4:
        return OddTicks((), "no-tick", understood=False)
    if chance.random() < 0.5:
        return OddTicks((option, other), "two-ticks", understood=False)
    return OddTicks((option,), "tick-remark", understood=False, note=chance.choice(_REMARKS))


def text(ask: Ask, typed: str, truth: dict[str, Any], person: dict[str, Any], chance: random.Random) -> Odd | None:
    """One of the awkward ways to answer this question."""
    last = ask.path.rsplit(".", 1)[-1]
    ways: list[Callable[[], Odd]] = [
        lambda: Odd(chance.choice(_NOTHING), dict.fromkeys(truth), "non-answer"),
        lambda: Odd(f"{typed} {chance.choice(_REMARKS)}", dict.fromkeys(truth), "remark"),
        lambda: Odd(typed, truth, "struck", struck=_older(typed)),
        *_of_kind(ask, last, typed, truth, person, chance),
    ]
    return chance.choice(ways)()


def _of_kind(
    ask: Ask, last: str, typed: str, truth: dict[str, Any], person: dict[str, Any], chance: random.Random
) -> list[Callable[[], Odd]]:
    """What goes wrong with this nature of answer only; listed twice what is seen most."""
    none = dict.fromkeys(truth)
    ways: list[Callable[[], Odd]] = []
    if last in ("nom", "nom_prenom", "voie", "ville", "sujet", "raison_sociale", "fonction", "compagnie"):
        ways.append(lambda: Odd(f"{chance.choice(('. ', '_ ', '.. '))}{typed}", truth, "stray-leader"))
        ways.append(lambda: Odd(f"{typed}{chance.choice((' _', ' ..', ' …'))}", truth, "stray-leader"))
        if "fi" in typed or "fl" in typed:
            ways.append(lambda: Odd(typed.replace("fi", "ﬁ").replace("fl", "ﬂ"), truth, "ligature"))
    if last in ("voie", "ville"):
        ways.append(lambda: Odd(f"{typed}.", truth, "final-dot"))
    if last in _TWO:
        joint = chance.choice((" / ", " ou ", "\n" if ask.roomy and last not in _ONE_NAME else " ou "))
        ways += [lambda: Odd(f"{typed}{joint}{_TWO[last](typed)}", none, "two-values")] * 2
    if last == _PHONE:
        ways.append(lambda: Odd(typed[:-1], none, "digit-missing"))
        ways.append(lambda: Odd(person[ask.path.replace(_PHONE, _MAIL)], none, "other-field"))
    if last == _MAIL:
        ways.append(lambda: Odd(f"{typed}\nperso" if ask.roomy else f"{typed} perso", truth, "mail-remark"))
        ways.append(lambda: Odd(person[ask.path.replace(_MAIL, _PHONE)], none, "other-field"))
    if last in DATES:
        ways += [
            lambda: Odd(chance.choice(("31/02/2026", "février 2026", "dès que possible", "02/2026")), none, "no-date")
        ]
    if last in _HOURS:
        ways += [lambda: Odd(chance.choice(("24.30", "37.30", "7.30", "31.15")), none, "clock-dot")] * 2
        ways.append(lambda: Odd("trente-cinq heures", {ask.path: 35}, "in-words"))
    if last in (*_HOURS, "montant", "effectif") and ask.roomy:
        ways.append(lambda: Odd("48\n150", none, "broken-digits"))
    if last in _CODES and ask.roomy and " " in typed:
        ways.append(lambda: Odd("\n".join(typed.rsplit(" ", 1)), truth, "broken-code"))
    if ask.path in LISTS:
        ways += [lambda: _glued(truth[ask.path], ask.path, chance)] * 3
    if last == "nom_prenom":
        nom, prenom = truth.values()
        ways.append(
            lambda: Odd(
                f"{nom.title()} {prenom}", dict(zip(truth, (nom.title(), prenom), strict=True)), "no-capitals"
            )
        )
    return ways


def _glued(items: list[str], path: str, chance: random.Random) -> Odd:
    shapes = (
        ("A- ", "B- ", "C- "),
        ("1) ", "2) ", "3) "),
        ("- ", "- ", "- "),
        ("1. ", "2. ", "3. "),
        ("• ", "• ", "• "),
    )
    marks = chance.choice(shapes)
    return Odd(
        " ".join(f"{mark}{item}" for mark, item in zip(marks, items, strict=False)), {path: items}, "glued-list"
    )


def _older(typed: str) -> str:
    """What was written first: another value of the same nature."""
    if "@" in typed:
        return f"ancien.{typed}"
    for sign in reversed(typed):
        if sign.isdigit():
            return str((int(sign) + 3) % 10).join(typed.rsplit(sign, 1))
    return "Dupond" if len(typed) < 25 else "Ancienne réponse à ne pas lire"


_TWO: dict[str, Callable[[str], str]] = {
    "telephone": lambda typed: _older(typed),
    "courriel": lambda typed: f"perso.{typed}",
    "nom": lambda _: "DUPOND",
    "nom_prenom": lambda _: "Michel DUPOND",
    "raison_sociale": lambda _: "Mairie de Sainte-Luce",
    "duree_heures": lambda _: "217 h",
    "heures_hebdo": lambda _: "17 h",
    "montant": lambda _: "3,90 €/h",
    "compagnie": lambda _: "Groupama",
    "date_debut": lambda _: "16/03/2026",
    "date_fin": lambda _: "26/06/2026",
    "siret": lambda _: "213 503 501 00018",
}
