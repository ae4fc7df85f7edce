"""Pieces of a packet and its signing units, as a ``formation.toml`` declares them.

A *unit* is one PDF that is signed at one moment: ``liasse.pdf``, or ``liasse-1-contrat.pdf`` then
``liasse-2-convention.pdf`` where a formation has several. A piece is of one unit, or handed out apart (``remise``):
what is filled during or after the stage, and what goes to the employer, is signed with nothing, unless the formation
gives it a unit, as an annex.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

COUNTRY_SHEET = "fiche-pays"  # the code of the sheet on the rights in a country abroad (L124-20)
ONLY_UNIT = "liasse"  # the code of the unit of a formation that declares none


class Handing(StrEnum):
    """When, or to whom, a piece is handed out that is not signed with the others."""

    EMPLOYER = "employeur"
    DURING = "pendant-le-stage"
    END = "fin-de-stage"


@dataclass(frozen=True)
class Unit:
    """One PDF signed at one moment: its code, its title, and its file in the packet."""

    code: str
    title: str
    file: str


@dataclass(frozen=True)
class Piece:
    """One document of the packet: a Word template, a PDF of the school, or a PDF that a person joins.

    ``unit`` is the code of the unit it is bound in, ``None`` for one that is handed out apart.
    """

    code: str
    title: str
    template: str | None
    pdf: str | None
    regimes: frozenset[str]
    signataires: tuple[str, ...]
    only_if_rule: str | None
    joined: bool = False
    unit: str | None = ONLY_UNIT
    handing: Handing | None = None

    def belongs_to(self, regime: str) -> bool:
        """Whether a packet of this régime holds it."""
        return not self.regimes or regime in self.regimes


def units_of(settings: Mapping[str, Any]) -> tuple[Unit, ...]:
    """The units of a formation, in the order in which they are signed: ``[[unites]]``, else one."""
    declared = settings.get("unites", ())
    if len(declared) <= 1:
        code, title = (declared[0]["code"], declared[0]["titre"]) if declared else (ONLY_UNIT, "Liasse de stage")
        return (Unit(code, title, "liasse.pdf"),)
    return tuple(
        Unit(one["code"], one["titre"], f"liasse-{number}-{one['code']}.pdf")
        for number, one in enumerate(declared, 1)
    )


def pieces_of(settings: Mapping[str, Any]) -> tuple[Piece, ...]:
    """The ``[[documents]]`` of a formation, in order."""
    units = units_of(settings)
    return tuple(_piece(item, units) for item in settings["documents"])


def _piece(item: Mapping[str, Any], units: Sequence[Unit]) -> Piece:
    handing = Handing(item["remise"]) if "remise" in item else None
    return Piece(
        code=item["code"],
        title=item["titre"],
        template=item.get("modele"),
        pdf=item.get("pdf"),
        regimes=frozenset(item.get("regimes", ())),
        signataires=tuple(item.get("signataires", ())),
        only_if_rule=item.get("si_regle"),
        joined=item.get("joint", False),
        unit=item.get("unite") or (None if handing else units[0].code),
        handing=handing,
    )


def faults_of_pieces(settings: Mapping[str, Any]) -> Iterator[str]:
    """What ``[[unites]]`` and ``[[documents]]`` say that cannot be followed, each with its mend."""
    units = units_of(settings)
    codes = [unit.code for unit in units]
    if len(set(codes)) < len(codes):
        yield f"[[unites]]: two units have the same code ({', '.join(codes)}). Give each its own."
    for item in settings["documents"]:
        name, unit = f"document {item['code']}", item.get("unite")
        if unit and unit not in codes:
            yield f"{name}: there is no unit {unit!r} (there are: {', '.join(codes)}). Mend unite, or add [[unites]]."
        elif len(units) > 1 and not unit and "remise" not in item:
            yield f"{name}: say in which unit it is signed (unite = {codes[0]!r}…) or when it is given (remise)."
        if "remise" in item and item.get("signataires"):
            yield f"{name}: who signs it at the end has no field today: remove signataires, or remise."
        if item.get("joint") and ("modele" in item or "pdf" in item):
            yield f"{name}: a person joins it (joint = true): remove modele and pdf."
