"""Spellings of canonical values, as careful people type them: nobody who reads one hesitates."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from layout_people import amount_text, date_text, hours_text, phone_text, siret_text

_DATES = ("slash", "slash", "slash", "points", "tirets", "lettres", "jour", "court")
_PHONES = ("espaces", "espaces", "points", "colle", "plus", "tirets")
_SEPARATORS = (", ", " ", " – ")
BULLETS = "Word’s own bullets"
_MARKS = ("", "", "- ", "• ", "– ", "1. ", "1) ", BULLETS)


@dataclass(frozen=True)
class Hand:
    """How one person writes, drawn once for the whole form."""

    date: str
    phone: str
    hours: str
    siret: str
    capitals: bool
    first_name_first: bool
    mark: str
    one_line_list: bool

    @classmethod
    def drawn(cls, chance: random.Random) -> Hand:
        """A person's habits."""
        return cls(
            date=chance.choice(_DATES),
            phone=chance.choice(_PHONES),
            hours=chance.choice(("h", "nu", "heures", "espace")),
            siret=chance.choice(("colle", "espaces", "groupes")),
            capitals=chance.random() < 0.7,
            first_name_first=chance.random() < 0.5,
            mark=chance.choice(_MARKS),
            one_line_list=chance.random() < 0.25,
        )


def spelt(path: str, value: Any, hand: Hand, chance: random.Random) -> str:
    """What the person types for the value of a path; lists and combined places are composed elsewhere."""
    last = path.rsplit(".", 1)[-1]
    group = path.rsplit(".", 2)[-2]
    spell = _SPELLINGS.get(group if group == "semaine" else last)
    return spell(value, hand, chance) if spell else str(value)


def listed(items: list[str], hand: Hand, *, roomy: bool) -> str:
    """A list as lines with the person's mark, or on one line with semicolons."""
    if not roomy or hand.one_line_list:
        return " ; ".join(items)
    mark = "" if hand.mark == BULLETS else hand.mark
    return "\n".join(f"{mark.replace('1', str(number))}{item}" for number, item in enumerate(items, start=1))


def address(voie: str, code: str, town: str, chance: random.Random, *, roomy: bool) -> str:
    """A whole address, on one line or two."""
    between = "\n" if roomy and chance.random() < 0.4 else chance.choice(_SEPARATORS)
    return f"{voie}{between}{code} {town}"


def full_name(nom: str, prenom: str, hand: Hand) -> str:
    """Given and family name in the person's order: the capitals tell which is which."""
    return f"{prenom} {nom}" if hand.first_name_first else f"{nom} {prenom}"


def _date(value: str, hand: Hand, chance: random.Random) -> str:
    del chance
    return date_text(dt.date.fromisoformat(value), hand.date)


def _birth(value: str, hand: Hand, chance: random.Random) -> str:
    """With two digits of the year nobody could tell the century."""
    del chance
    return date_text(dt.date.fromisoformat(value), "slash" if hand.date in ("court", "jour") else hand.date)


def _hours(value: float, hand: Hand, chance: random.Random) -> str:
    del chance
    hours = Decimal(str(value)).normalize()
    return hours_text(hours, "min" if hours % 1 and hand.hours != "nu" else hand.hours)


def _amount(value: float, hand: Hand, chance: random.Random) -> str:
    """The unit is always said: the amount alone would not tell it."""
    del hand
    amount = Decimal(str(value))
    return amount_text(amount, chance.choice(("€", "€/h", "€/heure")) if amount < 100 else "mois")


_SPELLINGS: dict[str, Callable[[Any, Hand, random.Random], str]] = {
    "nom": lambda value, hand, _: value if hand.capitals else value.title(),
    "civilite": lambda value, hand, _: value if hand.capitals else {"Mme": "Madame", "M.": "Monsieur"}[value],
    "date_naissance": _birth,
    "date_debut": _date,
    "date_fin": _date,
    "expire_le": _date,
    "stagiaire_le": _date,
    "telephone": lambda value, hand, _: phone_text(value, hand.phone),
    "siret": lambda value, hand, _: siret_text(value, hand.siret),
    "ape": lambda value, hand, _: value if hand.siret == "colle" else f"{value[:2]}.{value[2:]}",
    "nir": lambda value, hand, _: value if hand.siret == "colle" else _nir(value),
    "duree_heures": _hours,
    "heures_hebdo": _hours,
    "heures_jour": _hours,
    "semaine": _hours,
    "montant": _amount,
    "debut": _date,
    "fin": _date,
    **dict.fromkeys(
        ("obligatoire", "prevue", "teletravail", "confidentialite"),
        lambda value, hand, _: ("oui" if value else "non") if hand.capitals else ("Oui" if value else "Non"),
    ),
    "quotite": lambda value, *_: {"plein": "temps plein", "partiel": "temps partiel"}[value],
}


def _nir(value: str) -> str:
    return f"{value[0]} {value[1:3]} {value[3:5]} {value[5:7]} {value[7:10]} {value[10:13]} {value[13:]}"
