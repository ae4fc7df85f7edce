"""Phase d’immersion of an internship: its first and last day, as the contract prints them and rules look at them."""

from __future__ import annotations

import datetime as dt

from pipeline.core.days import Days


def immersion_phase(length: int, first: dt.date, days: Days | None) -> tuple[dt.date, dt.date]:
    """First and last day of a phase of about ``length`` calendar days that begins on the ``first`` day of the stage.

    It ends on the day of presence nearest to its nominal last day, the earlier of two as near; where the days are not
    known, on that last day itself.
    """
    nominal = first + dt.timedelta(days=length - 1)
    present = () if days is None or days.is_assumed else days.hours
    return first, min((day for day in present if day >= first), key=lambda day: abs(day - nominal), default=nominal)
