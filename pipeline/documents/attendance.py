"""Attendance sheet: one line for each day of the stage that is known, lines to fill where none is."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from pipeline.core.fields import WEEKDAYS
from pipeline.core.french import long_date
from pipeline.core.models import Data, get
from pipeline.documents.printable import Hours

_EMPTY = 20  # lines, where the form gives no calendar


def attendance(data: Data) -> dict[str, Any]:
    """``emargement``: ``lignes`` (``jour`` « lundi 7 avril 2025 », ``heures``) or ``vides``, ``jours``, ``total``."""
    hours = {dt.date.fromisoformat(one["date"]): one["heures"] for one in get(data, "stage.calendrier") or ()}
    lines = [
        {"jour": f"{WEEKDAYS[day.weekday()]} {long_date(day)}", "heures": Hours(str(hours[day]))}
        for day in sorted(hours)
    ]
    return {
        "emargement": {
            "lignes": lines,
            "vides": list(range(0 if lines else _EMPTY)),
            "jours": len(lines),
            "total": Hours(sum((Decimal(str(value)) for value in hours.values()), Decimal())),
        }
    }
