"""Answers of whoever is abroad: what only France writes in one way is not doubted for being written in another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipeline.core.countries import ADDRESS_OF, is_french
from pipeline.core.doubts import Reason
from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.models import FieldReading

_FRENCH_KINDS = frozenset({FieldKind.SIRET, FieldKind.POSTCODE, FieldKind.PHONE})


def as_abroad(readings: Mapping[str, FieldReading], dictionary: Dictionary) -> dict[str, FieldReading]:
    """The same readings; a number or a postcode typed for an address abroad has no doubt for not being a French one.

    The value is what was typed: a local number is printed as its owner writes it.
    """
    return {path: _accepted(entry, readings, dictionary) for path, entry in readings.items()}


def _accepted(entry: FieldReading, readings: Mapping[str, FieldReading], dictionary: Dictionary) -> FieldReading:
    doubted = entry.doubt is not None and entry.doubt.code is Reason.INVALID
    if not doubted or not isinstance(entry.value, str) or dictionary.kind(entry.path) not in _FRENCH_KINDS:
        return entry
    typed = any(char.isdigit() for char in entry.value)
    return replace(entry, doubt=None) if typed and _is_abroad(readings.get(_country_of(entry.path))) else entry


def _is_abroad(country: FieldReading | None) -> bool:
    """Whether a country is surely another than France."""
    sure = country is not None and country.doubt is None
    return bool(sure and country and isinstance(country.value, str) and not is_french(country.value))


def _country_of(path: str) -> str:
    """The field of the country by which an answer goes: its own address's, else its section's."""
    address, _, name = path.rpartition(".")
    address = address if name == "code_postal" else ADDRESS_OF.get(path.split(".", maxsplit=1)[0], "")
    return f"{address}.pays"
