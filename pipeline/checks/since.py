"""What the rules look at once a convention is made: why its terms change, and what was paid before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

SHORTENED = frozenset({"fin-anticipee", "suspension"})  # motives after which hours may be missing (L124-15)


@dataclass(frozen=True)
class Since:
    """A change of a convention: its motive, and euros an hour from each day on which terms begin to hold."""

    motive: str = ""
    rates: Sequence[tuple[dt.date, Decimal]] = ()

    @property
    def shortened(self) -> bool:
        """Whether the stage is interrupted or ends before its term: the school decides of its validation."""
        return self.motive in SHORTENED
