"""Cross-field validation: figures, dates and people that cannot all be right are doubted together."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.folding import fold
from pipeline.core.models import JSON, FieldReading
from pipeline.core.who import Who
from pipeline.forms.values.figures import parse_day_hours

Values = Mapping[str, JSON]
Finding = tuple[tuple[str, ...], str]
_TOTAL, _WEEKLY = "stage.duree_heures", "stage.heures_hebdo"
_DAYS = "stage.calendrier"
_START, _END = "stage.date_debut", "stage.date_fin"
_BIRTH, _NIR, _TITLE = "stagiaire.date_naissance", "stagiaire.nir", "stagiaire.civilite"
_TOLERANCE = 0.10
_NO_DEPARTMENT = re.compile(r"00|96|99")  # no French department has these first figures


def cross_checked(readings: Mapping[str, FieldReading], dictionary: Dictionary, who: Who) -> dict[str, FieldReading]:
    """The same readings; those that contradict each other get the doubt INCOHERENCE, unless they have one already.

    Which of them is right is for ``who`` to settle.
    """
    values = {
        path: reading.value for path, reading in readings.items() if not reading.doubt and reading.value is not None
    }
    checked = dict(readings)
    counted = readings.get(_DAYS)  # a calendar, sure or not, says how the total is made
    checks = [check for check in _CHECKS if check is not _total or counted is None or counted.value is None]
    found = [finding for check in checks for finding in check(values)]
    for paths, why in (*found, *_postcodes(values, dictionary)):
        for path in paths:
            reading = checked.get(path)
            if reading is not None and reading.doubt is None and reading.value is not None:
                checked[path] = replace(reading, doubt=Doubt(Reason.INCOHERENT, why, who), confidence=0.5)
    return checked


def _dates(values: Values) -> Iterator[Finding]:
    start, end = _day(values, _START), _day(values, _END)
    if start and end and start > end:
        yield (_START, _END), "le stage finit avant de commencer"


def _total(values: Values) -> Iterator[Finding]:
    """Total against weekly hours times weeks, within 10 %: it catches 35 read for 85."""
    expected = _expected(values)
    total = values.get(_TOTAL)
    if expected is None or not isinstance(total, int | float):
        return
    if abs(total - expected) > _TOLERANCE * max(expected, 1):
        why = f"{total:g} h au total ne vont pas avec {values[_WEEKLY]:g} h par semaine du début à la fin du stage"
        yield (_TOTAL, _WEEKLY), why.replace(".", ",")


def _expected(values: Values) -> float | None:
    start, end, weekly = _day(values, _START), _day(values, _END), values.get(_WEEKLY)
    if not start or not end or start > end or not isinstance(weekly, int | float):
        return None
    return float(weekly) * ((end - start).days + 1) / 7


def _calendar(values: Values) -> Iterator[Finding]:
    days, total = values.get("stage.calendrier"), values.get(_TOTAL)
    if isinstance(days, list) and isinstance(total, int | float):
        added = sum(day["heures"] for day in days)
        if abs(added - total) > 0.01:
            yield (
                ("stage.calendrier", _TOTAL),
                f"le calendrier fait {added:g} h, le total annoncé est {total:g} h".replace(".", ","),
            )


def _timetable(values: Values) -> Iterator[Finding]:
    """The week's timetable against the weekly hours, which the total may have confirmed already."""
    cells = {path: str(value) for path, value in values.items() if path.startswith("stage.horaires.")}
    weekly = values.get(_WEEKLY)
    hours = [parse_day_hours(re.sub(r"(?<=\d)\s*[hH]?\s*/\s*(?=\d)", "-", text)).value for text in cells.values()]
    if not cells or not isinstance(weekly, int | float) or not all(isinstance(hour, int | float) for hour in hours):
        return
    added = sum(float(hour) for hour in hours if isinstance(hour, int | float))
    if abs(added - weekly) > 0.26:
        total, expected = values.get(_TOTAL), _expected(values)
        sound = (
            isinstance(total, int | float) and expected is not None and abs(total - expected) <= _TOLERANCE * expected
        )
        paths = tuple(cells) if sound else (*cells, _WEEKLY)
        yield paths, f"les horaires font {added:g} h par semaine, et non {weekly:g} h".replace(".", ",")


def _identity(values: Values) -> Iterator[Finding]:
    """The NIR says the year and month of birth (codes above 12 excepted: incomplete records) and the sex."""
    nir, birth, title = values.get(_NIR), values.get(_BIRTH), values.get(_TITLE)
    if not isinstance(nir, str) or not re.fullmatch(r"[1-478]\d{4}.*", nir):
        return
    if isinstance(birth, str):
        month = nir[3:5] if 1 <= int(nir[3:5]) <= 12 else birth[5:7]
        if nir[1:3] != birth[2:4] or month != birth[5:7]:
            yield (_NIR, _BIRTH), "le numéro de sécurité sociale ne dit pas le même mois de naissance que la date"
    if title in ("M.", "Mme") and (nir[0] in "137") != (title == "M."):
        yield (_NIR, _TITLE), "le numéro de sécurité sociale ne va pas avec la civilité"


def _postcodes(values: Values, dictionary: Dictionary) -> Iterator[Finding]:
    for path, value in values.items():
        if dictionary.kind(path) is FieldKind.POSTCODE and _NO_DEPARTMENT.match(str(value)):
            yield (path,), f"aucun département ne commence par {str(value)[:2]}"


def _people(values: Values) -> Iterator[Finding]:
    """The stagiaire is not their own tuteur; a shared address or number is a slip of the pen or of the reader."""
    student = _name(values, "stagiaire")
    for person in ("tuteur", "referent"):
        same = [
            path
            for leaf in ("telephone", "courriel")
            if (path := f"{person}.{leaf}") in values and values[path] == values.get(f"stagiaire.{leaf}")
        ]
        if student and student == _name(values, person):
            same += [path for leaf in ("nom_prenom", "nom", "prenom") if (path := f"{person}.{leaf}") in values]
        if same:
            yield tuple(same), "cette réponse est la même que celle du stagiaire"


def _name(values: Values, person: str) -> frozenset[str]:
    parts = [values.get(f"{person}.{leaf}") for leaf in ("nom", "prenom")]
    whole = (
        " ".join(str(part) for part in parts if part) if all(parts) else str(values.get(f"{person}.nom_prenom") or "")
    )
    return frozenset(re.findall(r"\w+", fold(whole)))


def _day(values: Values, path: str) -> dt.date | None:
    value = values.get(path)
    return dt.date.fromisoformat(value) if isinstance(value, str) else None


_CHECKS: tuple[Callable[[Values], Iterator[Finding]], ...] = (
    _dates,
    _total,
    _calendar,
    _timetable,
    _identity,
    _people,
)
