"""What the tests and the benchmark of filling share: every template of the house with contexts, and random values."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import people

from pipeline.core.programme import Programme
from pipeline.core.units import Piece
from pipeline.core.workspace import Workspace
from pipeline.documents.annexes import listings
from pipeline.documents.rehearsal.invented import made_up
from pipeline.documents.template_context import build_context, signing_parties

LETTERS = "abcdefgh éèçœ’'\"&<>«»\u00a0-—0123456789.,;:"
BREAKS = "\n\t"
TRAPS = (
    "]]>",
    "</w:t></w:r></w:p>",
    "{_{ 7 }_}",
    "}_}",
    "&amp;",
    "\a",
    "\f",
    "\r\n",
    "\n\n",
    "\t\t",
    "",
    "a" * 3000,
    " ",
)


@dataclasses.dataclass(frozen=True)
class Case:
    """One template of the house, and one context that it is made for."""

    template: Path
    title: str
    context: dict[str, Any]


def cases(workspace: Workspace, programme: Programme) -> Iterator[Case]:
    """Every piece of a formation, for every régime, with a full record and a bare one."""
    for regime in programme.dictionary.fields["stagiaire.regime"].choices:
        pieces = [piece for piece in programme.formation.pieces() if piece.belongs_to(regime)]
        for bare in (False, True):
            record = made_up(programme, regime, bare=bare)
            context = build_context(record, programme, number="00000000", on=people.TODAY, pieces=pieces)
            told = listings(pieces, programme.formation.units)
            for number, piece in enumerate(pieces, 1):
                if piece.template is None:
                    continue
                own = told[number - 1] | _own(piece, number, programme, regime, context)
                yield Case(workspace.templates / piece.template, piece.title, context | own)


def _own(piece: Piece, number: int, programme: Programme, regime: str, context: dict[str, Any]) -> dict[str, Any]:
    parties = programme.formation.signataires(regime)
    return {
        "piece": {"code": piece.code, "titre": piece.title, "numero": number},
        "signataires": signing_parties(piece, parties, context, prefix=""),
    }


def chance_of(seed: int | str) -> random.Random:
    """A source of chance that gives the same values each time."""
    return random.Random(seed)  # noqa: S311 -- no secret is made of it


def text(chance: random.Random) -> str:
    """Any text: French letters, what XML and Jinja take for their own, breaks, nothing, a lot."""
    if chance.random() < 0.1:
        return chance.choice(TRAPS)
    letters = LETTERS + (BREAKS if chance.random() < 0.2 else "")
    return "".join(chance.choices(letters, k=chance.randrange(30)))


def scrambled(value: Any, chance: random.Random) -> Any:
    """The same shape with other texts, and lists of other lengths, up to 14."""
    if type(value) is str:
        return text(chance)
    if isinstance(value, dict):
        return {name: scrambled(item, chance) for name, item in value.items()}
    if type(value) is list:
        items = [chance.choice(value) for _ in range(chance.randrange(15))] if value else []
        return [scrambled(item, chance) for item in items]
    if type(value) is tuple:
        return tuple(scrambled(item, chance) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changed = {field.name: scrambled(getattr(value, field.name), chance) for field in dataclasses.fields(value)}
        return dataclasses.replace(value, **changed)
    return value
