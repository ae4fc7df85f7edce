"""Particulars of one stage: what papers say otherwise than it was typed, so that each sentence is true of it.

Dates and hours are those of the days of presence; insurance, immersion and DPP get what their clauses need.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pipeline.core.countries import is_address_abroad
from pipeline.core.days import Days, is_same
from pipeline.core.fields import WEEKDAYS
from pipeline.core.french import long_date
from pipeline.core.immersion import immersion_phase
from pipeline.core.law import EMPLOYEES, FULL_TIME_WEEK, WITH_EMPLOYER, as_date, first_day
from pipeline.core.models import Data, get
from pipeline.core.moments import days_said
from pipeline.documents.printable import Hours

_EMPLOYED = EMPLOYEES | WITH_EMPLOYER
_FRENCH = re.compile(r"\d{14}").fullmatch  # abroad, the number of another register
_NO_NUMBER = "—"  # printed where the register of another country gives none
_LAPSED = "à renouveler avant le premier jour du stage"
_TOO_SHORT = "à renouveler avant cette date pour couvrir tout le stage"


def put_particulars(context: dict[str, Any], data: Data, days: Days | None) -> None:
    """Complete the values of the form in ``context``, in their place."""
    stage = context["stage"]
    stage["temps"] = stage["quotite"].label.lower() if stage["quotite"] else None
    if days is not None:
        _put_days(stage, days)
    context["assurance_rc"]["renouvellement"] = _renewal(data)
    for section in ("organisme", "employeur"):
        if context[section]["siret"] is None and is_address_abroad(data, f"{section}.adresse"):
            context[section]["siret"] = _NO_NUMBER
    number = str(context["organisme"]["siret"] or "")
    french = not number or _FRENCH(re.sub(r"\s", "", number))
    context["organisme"]["immatriculation"] = "N° SIRET" if french else "N° d’immatriculation"


def _put_days(stage: dict[str, Any], days: Days) -> None:
    """First day, hours a week and a day are those of the days, never what was typed beside them; Sundays too."""
    if not days.is_assumed:  # a stage begins and ends on a day of presence
        stage["date_debut"], stage["date_fin"] = days.first, days.last
    stage["heures_hebdo"] = Hours(days.weekly)
    stage["heures_jour"] = Hours(days.daily) if days.daily is not None else None
    if stage["quotite"] == "plein" and not _is_full(days):
        stage["temps"] = None
    words = stage["presence_exceptionnelle"]
    said = days_said(words, days.first, days.last) if words else ()
    named = ", ".join(  # the days that its calendar names, beside what the form says in words
        f"{WEEKDAYS[day.weekday()]} {long_date(day)}{f' ({name})' if name not in WEEKDAYS else ''}"
        for day, name in days.exceptional.items()
        if day not in said
    )
    stage["presence_exceptionnelle"] = " ; ".join(filter(None, (words, named))) or None


def _is_full(days: Days) -> bool:
    """Whether the hours a week that papers print are a full time (C. trav., L3121-27)."""
    full = Decimal(FULL_TIME_WEEK)
    return is_same(min(days.weekly, full), full, minutes=days.count)


def _renewal(data: Data) -> str | None:
    """What is said of an assurance de responsabilité civile that ends before the stage; ``None`` for all others."""
    expires, last = as_date(get(data, "assurance_rc.expire_le")), as_date(get(data, "stage.date_fin"))
    if expires is None or last is None or expires >= last:
        return None
    start = first_day(data)
    return _LAPSED if start and expires < start else _TOO_SHORT


def immersion(settings: Mapping[str, Any], first: dt.date, days: Days | None) -> dict[str, dt.date] | None:
    """First and last day of the phase d’immersion, which begins on the ``first`` day; ``None`` if there is none."""
    length = settings["stage"].get("phase_immersion_jours", 0)
    return dict(zip(("debut", "fin"), immersion_phase(length, first, days), strict=True)) if length else None


def dpp_place(context: Mapping[str, Any]) -> str | None:
    """The name of the establishment that the dossier de pratiques professionnelles is about, if it is known.

    A salarié names the employer without its being a party (rule S2-18); who has none has no such establishment.
    """
    where = context["dpp"]["lieu"]
    if where == "employeur":
        return context["employeur"]["raison_sociale"] if context["stagiaire"]["regime"] in _EMPLOYED else None
    return context["organisme"]["raison_sociale"] if where == "stage" else None
