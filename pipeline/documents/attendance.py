"""Attendance sheet: one line for each day of the stage that is known, lines to fill where none is."""

from __future__ import annotations

from typing import Any

from pipeline.core.days import Days
from pipeline.core.fields import WEEKDAYS
from pipeline.core.french import long_date
from pipeline.core.minutes import sum_of
from pipeline.documents.printable import Hours

_EMPTY = 20  # lines, where no day is known


def attendance(days: Days | None) -> dict[str, Any]:
    """``lignes`` (``jour`` « lundi 7 avril 2025 », ``heures``) or ``vides`` to fill, with ``jours`` and ``total``.

    Days that are only assumed, Monday to Friday, are not printed: the sheet would be signed for the wrong ones.
    """
    known = {} if days is None or days.is_assumed else days.hours
    return {
        "lignes": [
            {"jour": f"{WEEKDAYS[day.weekday()]} {long_date(day)}", "heures": Hours(hours)}
            for day, hours in known.items()
        ],
        "vides": list(range(0 if known else _EMPTY)),
        "jours": len(known),
        "total": Hours(sum_of(known.values())),
    }
