"""Weekly hours as a school's form gives them, half-day by half-day, for templates."""

from __future__ import annotations

from pipeline.core.fields import WEEKDAYS
from pipeline.core.models import Data, get

_HALVES = ("matin", "apres_midi")


def half_days(data: Data) -> list[str]:
    """« lundi : 9 h – 12 h, 13 h – 17 h », one text a day that the form speaks of; empty when it gives no hours."""
    written = ((day, [get(data, f"stage.horaires.{day}.{half}") for half in _HALVES]) for day in WEEKDAYS)
    return [f"{day} : {', '.join(str(one) for one in halves if one)}" for day, halves in written if any(halves)]
