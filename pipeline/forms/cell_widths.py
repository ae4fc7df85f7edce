"""Widths of the cells of our own blanks, in twelfths of a row, by what is written there."""

from __future__ import annotations

from pipeline.core.fields import Field, FieldKind

COLUMNS = 12

_WIDTHS = {
    FieldKind.DATE: 3,
    FieldKind.HOURS: 2,
    FieldKind.EUROS: 2,
    FieldKind.WHOLE: 4,
    FieldKind.PHONE: 3,
    FieldKind.EMAIL: 5,
    FieldKind.POSTCODE: 2,
    FieldKind.SIRET: 4,
    FieldKind.TEXT: 12,
    FieldKind.LIST: 12,
    FieldKind.CALENDAR: 12,
    FieldKind.WEEK: 12,
    FieldKind.PERIODS: 6,
    FieldKind.CHANGES: 6,
    FieldKind.DAYS: 8,
    FieldKind.BOOLEAN: 4,
}
_NAMED_WIDTHS = {
    "nom": 5,
    "prenom": 4,
    "lieu_naissance": 5,
    "voie": 7,
    "complement": 5,
    "ville": 6,
    "pays": 4,
    "fonction": 4,
    "raison_sociale": 8,
    "ape": 3,
    "compagnie": 5,
    "contrat": 4,
    "par": 5,
    "reglement_interieur": 7,
    "duree_heures": 4,
    "date_debut": 2,
    "date_fin": 2,
    "financeur": 7,
}
GROWING = frozenset({FieldKind.LINE, FieldKind.EMAIL, FieldKind.CHOICE})


def width_of(field: Field) -> int:
    """The width of the cell of a field, before its row is filled."""
    name = field.path.rpartition(".")[2]
    if field.kind is FieldKind.CHOICE:
        letters = sum(len(label) + 4 for label in field.choices.values())
        return 3 if letters <= 24 else 4 if letters <= 33 else 6 if letters <= 50 else COLUMNS
    if field.kind is FieldKind.LINE and (field.max_length or 0) > 200:
        return COLUMNS
    return _NAMED_WIDTHS.get(name, _WIDTHS.get(field.kind, COLUMNS // 2))
