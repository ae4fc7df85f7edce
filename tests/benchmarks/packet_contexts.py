"""What the measured packets say: invented, different each time, with the letters and signs that break things."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from packet_templates import FIELDS

ROLES = ("stagiaire", "organisme", "tuteur", "responsable")
ANCHORS = tuple(f"sign{number}-{role}" for number, role in enumerate(ROLES, 1))
_WORDS = (
    "Éléonore",
    "L’Haÿ-les-Roses",
    "Dupont & Fils",
    "cœur",
    "<accueil>",
    "Maëlys",
    "forêt",
    "où",
    "« Bouger »",
    "n° 12",
    "atelier",
    "équipe",
    "œuvre",
    "29 000",
    "Noël",
    "garçon",
    "à mi-temps",
    "d’Arc",
    "R&D",
    "Saint-Brieuc",
)
_LONG = frozenset({"sujet", "objectifs", "encadrement", "evaluation"})


def context(number: int) -> dict[str, Any]:
    """The values of one packet; the same number gives the same ones."""
    chance = random.Random(number)  # noqa: S311 -- invented values, the same each time
    values: dict[str, Any] = {
        holder: {name: _said(chance, 9 if name in _LONG else 2) for name in names} for holder, names in FIELDS.items()
    }
    values["gratification"]["prevue"] = chance.random() < 0.5
    start = dt.date(2025, 4, 1)
    values["calendrier"] = [
        {"date": f"{start + dt.timedelta(days=day):%d/%m/%Y}", "heures": 5 + day % 3, "lieu": _said(chance, 1)}
        for day in range(chance.randint(10, 14))
    ]
    values["activites"] = [_said(chance, 8) for _ in range(4)]
    values["competences"] = [_said(chance, 6) for _ in range(5)]
    values["signataires"] = [
        {"qualite": role, "nom": _said(chance, 2), "ancre": anchor}
        for role, anchor in zip(ROLES, ANCHORS, strict=True)
    ]
    return values


def _said(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_WORDS, k=words)) + f" {chance.randrange(1000)}"
