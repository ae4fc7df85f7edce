"""The invented people of ``people.toml``: what each one types on a form, and the truth of it.

A value has a canonical form (the truth) and a spelling (what the person types: « 1er février 2026 », « 37h30 »).
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

_JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_PREFIXES = ("+262", "+33")


@dataclass(frozen=True)
class Person:
    """One filled form to come: ``typed`` by path, the ``truth`` by path, and the paths no reader may settle alone."""

    typed: dict[str, str]
    truth: dict[str, Any]
    doubtful: tuple[str, ...]

    def but(self, **changes: str | None) -> Person:
        """The same person writing something else (``stagiaire__nom="X"``); ``None`` leaves the place empty."""
        typed = dict(self.typed)
        truth = dict(self.truth)
        for key, value in changes.items():
            path = key.replace("__", ".")
            typed.pop(path, None)
            truth.pop(path, None)
            if value is not None:
                typed[path] = truth[path] = value
        return Person(typed, truth, self.doubtful)


def load_people() -> tuple[Person, ...]:
    """Everybody, in the order of the file."""
    with (Path(__file__).parent / "people.toml").open("rb") as file:
        return tuple(_person(row) for row in tomllib.load(file)["personne"])


def _person(row: dict[str, Any]) -> Person:
    style = row.pop("_style")
    written = row.pop("_ecrit", {})
    truth = {path: _keyed(path, value) for path, value in row.items()}
    typed = {path: _spelt(path, value, style) for path, value in truth.items() if not isinstance(value, bool)}
    return Person(typed | written, truth | dict.fromkeys(written), tuple(written))


def _keyed(path: str, value: Any) -> Any:
    if path.endswith(".siret"):
        return siret(value)
    if path.endswith(".nir"):
        return nir(value)
    return value


def siret(thirteen: str) -> str:
    """Thirteen digits and the two Luhn keys: the ninth digit (SIREN) is replaced, the fourteenth added."""
    siren = thirteen[:8] + _luhn_key(thirteen[:8])
    return siren + thirteen[9:] + _luhn_key(siren + thirteen[9:])


def _luhn_key(digits: str) -> str:
    doubled = [int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits))]
    return str(-sum(n - 9 if n > 9 else n for n in doubled) % 10)


def nir(thirteen: str) -> str:
    """Thirteen characters and their key: 97 minus the remainder by 97; 2A counts as 19, 2B as 18."""
    number = int(thirteen.replace("2A", "19").replace("2B", "18"))
    return f"{thirteen}{97 - number % 97:02d}"


def _spelt(path: str, value: Any, style: dict[str, str]) -> str:
    if isinstance(value, list):
        return "\n".join(value)
    spell = _SPELLINGS.get(path.rsplit(".", 1)[-1])
    return spell(value, style) if spell else str(value)


def date_text(day: dt.date, style: str) -> str:
    """A date as people write it; ``court`` is 7/4/25, ``lettres`` is 1er février 2026."""
    first = "1er" if day.day == 1 else str(day.day)
    words = f"{first} {_MOIS[day.month - 1]} {day.year}"
    return {
        "slash": f"{day:%d/%m/%Y}",
        "court": f"{day.day}/{day.month}/{day:%y}",
        "points": f"{day:%d.%m.%Y}",
        "tirets": f"{day:%d-%m-%Y}",
        "lettres": words,
        "jour": f"{_JOURS[day.weekday()]} {words}",
    }[style]


def phone_text(number: str, style: str) -> str:
    """A French number (E.164) with spaces, dots, hyphens, glued, or international with or without its (0)."""
    prefix = next(p for p in _PREFIXES if number.startswith(p))
    rest = number.removeprefix(prefix)
    pairs = _groups(rest, (1, 2, 2, 2, 2)) if prefix == "+33" else _groups(rest, (3, 2, 2, 2))
    national = _groups("0" + rest, (2, 2, 2, 2, 2)) if prefix == "+33" else _groups("0" + rest, (4, 2, 2, 2))
    return {
        "espaces": national,
        "points": national.replace(" ", "."),
        "tirets": national.replace(" ", "-"),
        "colle": national.replace(" ", ""),
        "plus": f"{prefix} {pairs}",
        "zero": f"{prefix} (0){pairs}",
    }[style]


def hours_text(hours: Decimal, style: str) -> str:
    """35 -> 35h, 35, 35 heures, 35 h; 37.5 -> 37h30 (``min``)."""
    whole, rest = divmod(hours, 1)
    plain = f"{hours:f}".replace(".", ",")
    return {
        "h": f"{plain}h",
        "nu": plain,
        "heures": f"{plain} heures",
        "espace": f"{plain} h",
        "min": f"{whole}h{int(rest * 60):02d}",
    }[style]


def amount_text(amount: Decimal, style: str) -> str:
    """4.35 -> 4,35 €, 4,35 €/h, 4.35€ / heure, 669,90 € par mois, 1 200,50 € / mois."""
    comma = f"{amount:.2f}".replace(".", ",")
    return {
        "€": f"{comma} € / heure",
        "€/h": f"{comma} €/h",
        "€/heure": f"{amount:.2f}€ / heure",
        "mois": f"{comma} € par mois",
        "mille": f"{int(amount) // 1000} {int(amount) % 1000:03d},{comma[-2:]} € / mois",
    }[style]


def siret_text(number: str, style: str) -> str:
    """The fourteen digits glued, 3-3-3-5, or 3-3-3-3-2 as hurried people cut them."""
    widths = {"colle": (14,), "espaces": (3, 3, 3, 5), "groupes": (3, 3, 3, 3, 2)}
    return _groups(number, widths[style])


def _groups(text: str, widths: tuple[int, ...]) -> str:
    parts, start = [], 0
    for width in widths:
        parts.append(text[start : start + width])
        start += width
    return " ".join(parts)


def _date(value: str, style: dict[str, str]) -> str:
    return date_text(dt.date.fromisoformat(value), style["date"])


def _birth(value: str, style: dict[str, str]) -> str:
    """With two digits of the year nobody could tell the century; nobody writes the weekday either."""
    return date_text(dt.date.fromisoformat(value), "slash" if style["date"] in {"court", "jour"} else style["date"])


def _hours(value: float, style: dict[str, str]) -> str:
    return hours_text(Decimal(str(value)), style["heures"])


_SPELLINGS: dict[str, Callable[[Any, dict[str, str]], str]] = {
    "date_debut": _date,
    "date_fin": _date,
    "stagiaire_le": _date,
    "date_naissance": _birth,
    "telephone": lambda value, style: phone_text(value, style["tel"]),
    "heures_hebdo": _hours,
    "duree_heures": _hours,
    "montant": lambda value, style: amount_text(Decimal(str(value)), style["montant"]),
    "siret": lambda value, style: siret_text(value, style["siret"]),
    "nir": lambda value, style: _groups(value, (1, 2, 2, 2, 3, 3, 2)) if style["nir"] == "espaces" else value,
}
