"""Review sheet: what a person has to look at in one form, to be printed, mailed or filled, and read back.

The names of its fields (``forms/review_fields``, and those below) are the contract between who draws it
(``review_pdf``) and who reads it back (``services/sheet_answers``).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from pipeline.core.models import Reading

_VALUE, _TICK, _SEEN = "valeur", "verifie", "lu"


@dataclass(frozen=True)
class Item:
    """One doubt to settle: its field, its French label, why, who settles it, what was read, what is proposed.

    ``proposed`` is written as people write it, one line an item. ``hint`` says how to write another value; ``png``
    is the picture of its place. Of a ``secret`` one (a NIR) nothing is shown, and nothing can be written here.
    """

    path: str
    label: str
    why: str
    who: str
    seen: tuple[str, ...]
    proposed: str
    hint: str = ""
    page: int | None = None
    png: bytes | None = None
    secret: bool = False

    @property
    def value_field(self) -> str:
        """The name of the field that holds its value."""
        return f"{_VALUE}/{self.path.replace('.', '/')}"

    @property
    def tick_field(self) -> str:
        """The name of the box to tick once it is verified."""
        return f"{_TICK}/{self.path.replace('.', '/')}"


@dataclass(frozen=True)
class Stray:
    """One remark of a page, hence of no field: its words, why it is told, its picture."""

    number: int
    text: str
    why: str
    page: int | None = None
    png: bytes | None = None

    @property
    def tick_field(self) -> str:
        """The name of the box to tick once it is read."""
        return f"{_SEEN}/{self.number}"


@dataclass(frozen=True)
class ReviewSheet:
    """All that the sheet of one form says. ``mark`` tells of which reading of which form it is."""

    form_id: str
    number: str
    file: str
    person: str
    formation: str
    mark: str
    day: dt.date
    items: tuple[Item, ...]
    strays: tuple[Stray, ...] = ()

    @property
    def title(self) -> str:
        """« Points à vérifier, dossier 2025-014 »."""
        return f"Points à vérifier, dossier {self.number}"

    @property
    def places(self) -> int:
        """How many places a person has to look at."""
        return len(self.items) + len(self.strays)


def mark_of(reading: Reading) -> str:
    """Fingerprint of one reading of one form, before any confirmation: « 3f2a91c0-5d0c… »."""
    said = {
        "layout": reading.layout,
        "formation": reading.formation,
        "annee": reading.session,
        "champs": [entry.as_json() for entry in reading.fields],
        "remarques": [one.as_json() for one in reading.strays],
    }
    digest = hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()
    return f"{reading.sha256[:16]}-{digest[:16]}"
