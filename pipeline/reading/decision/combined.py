"""Combined places of a form: a whole name, a whole address, an amount with its unit, and the fields they answer.

A reading is kept for the combined path itself (``tuteur.nom_prenom``: the words as typed) beside one for each field
it gives (``tuteur.nom``, ``tuteur.prenom``, ``tuteur.civilite``), with the same page, box and raw text. Only the
latter belong in a record: ``is_combined`` tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.core.fields import Dictionary
from pipeline.core.models import JSON, FieldReading
from pipeline.forms.layouts import is_combined
from pipeline.reading.amounts import euros_unit
from pipeline.reading.decision.addresses import split_address
from pipeline.reading.decision.reasons import Reason, say
from pipeline.reading.names import split_name

_NAME = ".nom_prenom"
_PARTS = ("voie", "complement", "code_postal", "ville", "pays")
_AMOUNT, _UNIT = "gratification.montant", "gratification.unite"


def parts_of(
    reading: FieldReading, taken: Mapping[str, FieldReading], dictionary: Dictionary
) -> Iterator[FieldReading]:
    """The readings of the fields that a combined place answers, those that the form asks apart left out.

    A doubt about the whole is a doubt about each part. A whole that cannot be taken apart surely (« Marie Dupont »)
    leaves its parts in doubt, without a proposal.
    """
    if not is_combined(reading.path, dictionary):
        return
    values, doubt = _split(reading)
    for path, value in values.items():
        if path not in dictionary.fields or (path in taken and taken[path].value is not None):
            continue
        if value is None and not path.endswith((".nom", ".prenom", ".voie", ".code_postal", ".ville")):
            continue
        yield replace(reading, path=path, value=value, doubt=reading.doubt or doubt)


def _split(reading: FieldReading) -> tuple[dict[str, JSON], str | None]:
    text = reading.value if isinstance(reading.value, str) else ""
    if reading.path.endswith(_NAME):
        person = reading.path.removesuffix(_NAME)
        if not text:
            return {f"{person}.nom": None, f"{person}.prenom": None}, None
        name = split_name(text)
        parts: dict[str, JSON] = {
            f"{person}.civilite": name.civilite,
            f"{person}.nom": name.nom,
            f"{person}.prenom": name.prenom,
        }
        return parts, say(Reason.SPLIT, name.doubt) if name.doubt else None
    if not text:
        return {f"{reading.path}.{part}": None for part in _PARTS}, None
    address = split_address(text)
    found = {f"{reading.path}.{part}": getattr(address, part) for part in _PARTS}
    return found, say(Reason.SPLIT, address.doubt) if address.doubt else None


def with_unit(readings: dict[str, FieldReading]) -> dict[str, FieldReading]:
    """« 4,50 € / heure » written as the amount also says the unit: it is taken, or it contradicts the box ticked."""
    amount, unit = readings.get(_AMOUNT), readings.get(_UNIT)
    said = euros_unit(amount.raw.split(" ≠ ")[0]) if amount and amount.value is not None else None
    if amount is None or said is None:
        return readings
    if unit is None or unit.value is None:
        return {**readings, _UNIT: replace(amount, path=_UNIT, value=said)}
    if unit.value == said or unit.doubt:
        return readings
    doubt = say(Reason.INCOHERENT, f"le montant est écrit « {amount.raw[:60]} », l’unité dit « {unit.raw} »")
    both = {path: replace(readings[path], doubt=readings[path].doubt or doubt) for path in (_AMOUNT, _UNIT)}
    return {**readings, **both}
