"""Values as people write and read them in French, whatever is kept of them: « 17/03/1988 », « 06 12 34 56 78 »."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from pipeline.core import french
from pipeline.core.fields import Field, FieldKind, Nature
from pipeline.core.models import JSON, Data

_NUMBERS = (FieldKind.HOURS, FieldKind.EUROS, FieldKind.WHOLE)
_UNITS = {FieldKind.HOURS: " h", FieldKind.EUROS: " €"}


def written(field: Field, value: JSON) -> tuple[str, ...]:
    """A value for people, one line an item; nothing for none."""
    if value is None:
        return ()
    if isinstance(value, bool):
        return ("oui" if value else "non",)
    if isinstance(value, Mapping):
        return tuple(f"{name} : {number_text(hours)} h" for name, hours in value.items())
    if isinstance(value, list | tuple):
        return tuple(_item(field, one) for one in value)
    return (field.choices.get(value, "") or f"{value_text(field, value)}{_UNITS.get(field.kind, '')}",)


def _item(field: Field, value: JSON) -> str:
    if isinstance(value, Mapping):
        return _line(value)
    return str(field.choices.get(value) or value)


def _line(line: Data) -> str:
    """« 07/04/2025 : 7 h », « du 14/07/2025 au 18/07/2025 »."""
    days = [french.written_day(str(line[part])) for part in ("date", "debut", "fin") if line.get(part)]
    said = f"du {days[0]} au {days[1]}" if len(set(days)) > 1 else "".join(days[:1])
    hours = line.get("heures")
    return said if hours is None else f"{said} : {number_text(hours)} h"


def value_text(field: Field, value: JSON) -> str:
    """One value as a person writes it on the form, without its unit: « 17/03/1988 », « 7,5 », « 06 12 34 56 78 »."""
    if field.kind is FieldKind.DATE:
        return french.short_date(dt.date.fromisoformat(str(value)))
    if field.kind in _NUMBERS:
        return number_text(value)
    if field.kind is FieldKind.PHONE:
        return french.phone(str(value)).replace(french.NBSP, " ")
    if field.kind is FieldKind.SIRET:
        return french.siret(str(value)).replace(french.NBSP, " ")
    return french.activity_code(str(value)) if field.nature is Nature.ACTIVITY_CODE else str(value)


def number_text(value: JSON) -> str:
    """« 1 234,5 », with plain spaces."""
    return french.number(Decimal(str(value))).replace(french.NBSP, " ")
