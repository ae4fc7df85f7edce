"""Public holidays of the place of an internship: those of its department by postcode, none abroad."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import holidays

from pipeline.core.law import FRANCE
from pipeline.core.models import Data, get

# Postcode to the part of France whose holidays differ: Alsace-Moselle (C. trav., L3134-13), the collectivités of the
# Pacific, which have codes of their own, and overseas (L3422-2).
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
_OWN_CALENDAR = frozenset({"57", "6AE", "WF", "PF", "NC"})
# The one day that L3422-2 adds there: custom adds others (21 July, mi-carême), which are no holidays of the law.
_ABOLITION = {
    "976": (4, 27),
    "972": (5, 22),
    "971": (5, 27),
    "MF": (5, 28),
    "973": (6, 10),
    "BL": (10, 9),
    "974": (12, 20),
}


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


@dataclass(frozen=True)
class MovedPlace(Place):
    """A place that changes: ``stays`` are places with the first day of each, in order; the last is this one."""

    stays: tuple[tuple[dt.date, Place], ...] = ()

    def holiday(self, day: dt.date) -> str | None:
        """The public holiday of the place where the internship is on that day."""
        there = next((place for since, place in reversed(self.stays) if since <= day), self)
        return there.holiday(day) if there is not self else super().holiday(day)

    def holidays(self, years: range) -> dict[dt.date, str]:
        """The public holidays of each place over the days of its stay."""
        known = {day for _, place in self.stays for day in place.holidays(years)}
        return {day: name for day in sorted(known) if (name := self.holiday(day))}


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
    own = part if part in _OWN_CALENDAR else None
    found = dict(holidays.country_holidays("FR", subdiv=own, years=year, language="fr"))
    if part in _ABOLITION:
        found[dt.date(year, *_ABOLITION[part])] = "Abolition de l’esclavage"
    return dict(sorted(found.items()))
