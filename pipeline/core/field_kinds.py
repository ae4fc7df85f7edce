"""Kinds of answers: what an entry of the schema asks to be written, ticked or dated."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

_POSTCODE = "code-postal"


class FieldKind(StrEnum):
    """What a field's answer is: decides its box on a form, how it is read, checked and printed."""

    LINE = "ligne"
    TEXT = "texte"
    LIST = "liste"
    DATE = "date"
    HOURS = "heures"
    EUROS = "euros"
    WHOLE = "entier"
    BOOLEAN = "oui-non"
    CHOICE = "choix"
    CODE = "code"  # one option, written as its code
    DAYS = "jours"
    CALENDAR = "calendrier"
    WEEK = "semaine"  # hours of each weekday
    CHANGES = "jours-heures"  # lines of a date and hours
    PERIODS = "periodes"  # lines of a first and a last day
    SIRET = "siret"
    NIR = "nir"
    PHONE = "telephone"
    EMAIL = "courriel"
    POSTCODE = "code-postal"


_BY_TYPE = {"boolean": FieldKind.BOOLEAN, "integer": FieldKind.WHOLE}
_BY_FORMAT = {
    "date": FieldKind.DATE,
    "heures": FieldKind.HOURS,
    "euros": FieldKind.EUROS,
    "siret": FieldKind.SIRET,
    "siret-pays": FieldKind.SIRET,
    "nir": FieldKind.NIR,
    "telephone": FieldKind.PHONE,
    "courriel": FieldKind.EMAIL,
}


def kind_of(spec: Mapping[str, Any]) -> FieldKind:
    """The kind of the answer that an entry of the schema describes."""
    if spec.get("type") == "array":
        return _list_kind(spec)
    if spec.get("type") == "object":
        return FieldKind.WEEK
    if spec.get("type") in _BY_TYPE:
        return _BY_TYPE[spec["type"]]
    if "enum" in spec:
        return FieldKind.CODE if spec.get("x-ecrit") else FieldKind.CHOICE
    if spec.get("x-nature") == _POSTCODE:
        return FieldKind.POSTCODE
    plain = FieldKind.TEXT if "x-lignes" in spec else FieldKind.LINE
    return _BY_FORMAT[spec["format"]] if "format" in spec else plain


def _list_kind(spec: Mapping[str, Any]) -> FieldKind:
    """A calendar has a place for each day; with ``x-lignes``, the date is written too."""
    items = spec["items"]
    if "enum" in items:
        return FieldKind.DAYS
    if items.get("type") != "object":
        return FieldKind.LIST
    if "heures" not in items["properties"]:
        return FieldKind.PERIODS
    return FieldKind.CHANGES if "x-lignes" in spec else FieldKind.CALENDAR
