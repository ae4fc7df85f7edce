"""Public holidays of the place of an internship: those of its department by postcode, none abroad."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import holidays

from pipeline.core.law import FRANCE
from pipeline.core.models import Data, get

# Postcode to the part of France whose holidays differ: Alsace-Moselle (C. trav., L3134-13), overseas (L3422-2).
_PARTS = {
    "97133": "BL",
    "97150": "MF",
    "57": "57",
    "67": "6AE",
    "68": "6AE",
    "971": "971",
    "972": "972",
    "973": "973",
    "974": "974",
    "975": "PM",
    "976": "976",
    "986": "WF",
    "987": "PF",
    "988": "NC",
}
_LENGTHS = (5, 3, 2)


@dataclass(frozen=True)
class Place:
    """Where an internship takes place: ``part`` is a code of a part of France; abroad, no holiday is known."""

    abroad: bool = False
    part: str | None = None

    def holiday(self, day: dt.date) -> str | None:
        """The French name of the public holiday that falls on that day there, or ``None``."""
        return None if self.abroad else _holidays(self.part, day.year).get(day)

    def holidays(self, years: range) -> dict[dt.date, str]:
        """The public holidays there over these years, by date."""
        return (
            {} if self.abroad else {day: name for year in years for day, name in _holidays(self.part, year).items()}
        )


def place_of(data: Data) -> Place:
    """The place of the internship in a record: the lieu du stage, or the siège where none is named."""
    there, seat = "organisme.lieu_stage", "organisme.adresse"
    if (get(data, f"{there}.pays") or get(data, f"{seat}.pays") or FRANCE) != FRANCE:
        return Place(abroad=True)
    code = get(data, f"{there}.code_postal") or get(data, f"{seat}.code_postal")
    return Place(part=_part(code) if isinstance(code, str) else None)


def _part(postcode: str) -> str | None:
    found = (_PARTS[postcode[:length]] for length in _LENGTHS if postcode[:length] in _PARTS)
    return next(found, None)


@lru_cache(256)
def _holidays(part: str | None, year: int) -> Mapping[dt.date, str]:
    return dict(holidays.country_holidays("FR", subdiv=part, years=year, language="fr"))
