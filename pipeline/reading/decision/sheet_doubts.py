"""Doubts of a feuille d’émargement: half-days of stage that nobody signed, days that its month does not have.

An empty box is never a presence: where hours were planned, or are said to be done, a person looks.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.core.done_days import HALF_DAY
from pipeline.core.doubts import Doubt, Reason
from pipeline.core.models import FieldReading
from pipeline.core.who import Who
from pipeline.forms.values.calendar_months import month_of

_SHEET = "emargement"
MONTH, TOTAL, _ROWS = f"{_SHEET}.mois", f"{_SHEET}.total_heures", f"{_SHEET}.jours"
_DAYS = 31
_AWAY = frozenset({"A", "J", "M", "F", "–"})
_ABSENT = frozenset({"A", "J", "M", "C"})
_SAME = 0.01  # hours
Fields = Mapping[str, FieldReading]
Doubted = Iterator[tuple[str, Doubt]]


def with_sheet_doubts(fields: Fields, *, scanned: bool) -> dict[str, FieldReading]:
    """The same answers; those that cannot be taken as they stand get a doubt, unless they have one already.

    On an image (``scanned``) a code may be the initial of whoever signed: of an absence, a person looks.
    """
    found = dict(fields)
    written = _by_hand(fields) if scanned else ()
    for path, doubt in (*_of_month(fields), *_of_days(fields), *_of_total(fields), *written):
        if path in found and found[path].doubt is None:
            found[path] = replace(found[path], doubt=doubt, confidence=min(found[path].confidence, 0.5))
    return found


def _of_month(fields: Fields) -> Doubted:
    said = _value(fields, MONTH)
    if said is None:
        return
    month = month_of(str(said))
    if month is None:
        yield MONTH, Doubt(Reason.INVALID, f"« {said} » n’est pas un mois (exemple : avril 2025)", Who.SCOLARITE)
        return
    year, number = map(int, month.split("-"))
    last = calendar.monthrange(year, number)[1]
    for day in range(last + 1, _DAYS + 1):
        for part in ("prevues", "matin", "apres_midi", "heures"):
            if _value(fields, _path(day, part)) not in (None, "–"):
                why = f"ce mois n’a que {last} jours : la ligne {day} n’en est pas"
                yield _path(day, part), Doubt(Reason.INCOHERENT, why, Who.SCOLARITE)


def _of_days(fields: Fields) -> Doubted:
    for day in range(1, _DAYS + 1):
        planned, done = (_hours(fields, _path(day, part)) for part in ("prevues", "heures"))
        halves = [_path(day, part) for part in ("matin", "apres_midi")]
        codes = [_value(fields, path) for path in halves]
        if done and all(code in _AWAY for code in codes):
            why = "des heures sont notées un jour d’absence ou sans stage"
            yield _path(day, "heures"), Doubt(Reason.INCOHERENT, why, Who.SCOLARITE)
        if not (planned or done) or (max(planned, done) <= HALF_DAY and any(codes)):
            continue
        told = f"{planned:g} h étaient prévues" if planned else f"{done:g} h sont notées"
        for path, code in zip(halves, codes, strict=True):
            if code is None:
                why = f"la case est vide, et {told} ce jour : présence ou absence, à dire".replace(".", ",")
                yield path, Doubt(Reason.EMPTY, why, Who.SCOLARITE)


def _by_hand(fields: Fields) -> Doubted:
    """The absences that an image shows, and holidays on days of stage."""
    for day in range(1, _DAYS + 1):
        planned = _hours(fields, _path(day, "prevues"))
        for path in (_path(day, "matin"), _path(day, "apres_midi")):
            code = _value(fields, path)
            if code in _ABSENT or (code == "F" and planned):
                why = f"« {code} » est écrit dans la case : une absence, ou l’initiale de qui a signé ?"
                yield path, Doubt(Reason.HANDWRITTEN, why, Who.SCOLARITE)


def _of_total(fields: Fields) -> Doubted:
    """The total against the hours of the days, where all of these are sure."""
    paths = [path for day in range(1, _DAYS + 1) if (path := _path(day, "heures")) in fields]
    total = _value(fields, TOTAL)
    if not isinstance(total, int | float) or any(fields[path].doubt for path in paths):
        return
    added = sum(_hours(fields, path) for path in paths)
    if added and abs(added - total) > _SAME:
        why = f"les jours font {added:g} h, le total dit {total:g} h".replace(".", ",")
        yield TOTAL, Doubt(Reason.INCOHERENT, why, Who.SCOLARITE)


def _path(day: int, part: str) -> str:
    return f"{_ROWS}.j{day:02d}.{part}"


def _value(fields: Fields, path: str) -> object:
    return fields[path].value if path in fields else None


def _hours(fields: Fields, path: str) -> float:
    value = _value(fields, path)
    return float(value) if isinstance(value, int | float) else 0.0
