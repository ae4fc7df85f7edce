"""How long a formation's stages are: so many hours, or between two numbers of hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipeline.core.french import hours, number


@dataclass(frozen=True)
class StageLength:
    """Hours at least and at most, ``None`` where nothing is said; the same for an exact length."""

    least: Decimal | None
    most: Decimal | None

    @classmethod
    def of(cls, stage: Mapping[str, Any]) -> StageLength:
        """What ``[stage]`` of a ``formation.toml`` says: ``duree_heures``, or ``heures_min`` and ``heures_max``."""
        if "duree_heures" in stage:
            exact = Decimal(str(stage["duree_heures"]))
            return cls(exact, exact)
        least, most = (Decimal(str(stage[key])) if key in stage else None for key in ("heures_min", "heures_max"))
        return cls(least, most)

    @property
    def exact(self) -> Decimal | None:
        """The hours of every stage, where all have the same."""
        return self.least if self.least == self.most else None

    def admits(self, total: Decimal) -> bool:
        """Whether a stage may have so many hours."""
        return (self.least is None or total >= self.least) and (self.most is None or total <= self.most)

    def told(self, *, unit: bool = True) -> str:
        """« 560 h », « de 800 h à 924 h », « 924 h au plus »; without ``unit`` « de 800 à 924 »."""
        least, most = (
            None if one is None else hours(one) if unit else number(one) for one in (self.least, self.most)
        )
        if least == most:
            return least or ""
        if least is None:
            return f"{most} au plus"
        return f"{least} au moins" if most is None else f"de {least} à {most}"
