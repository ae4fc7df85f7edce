"""Format checks of the school's settings: what is wrong in a given value, in French."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from pipeline.checks.formats import is_email, is_phone, is_siret
from pipeline.core.school import Setting, SettingKind
from pipeline.core.text import refusal

CIVILITIES = ("Mme", "M.")
_WRITTEN: dict[SettingKind, Callable[[str], bool]] = {
    SettingKind.SIRET: is_siret,
    SettingKind.EMAIL: is_email,
    SettingKind.PHONE: is_phone,
    SettingKind.CIVILITY: CIVILITIES.__contains__,
    SettingKind.ACTIVITY_NUMBER: lambda value: re.fullmatch(r"[0-9]{3}[0-9AB][0-9]{7}", value) is not None,
    SettingKind.SCHOOL_CODE: lambda value: re.fullmatch(r"[0-9]{7}[A-Z]", value) is not None,
}
_ANY = (255, re.compile(r"[^\n]+"), "255 caractères au plus")
_NAME = (80, re.compile(r"[^0-9<>{}]+"), "80 lettres au plus, sans chiffre")
_ROLE = (120, re.compile(r"[^\n]+"), "120 caractères au plus")
# Of a person: what ``formulaire.schema.json`` asks of the same answers on a form, where no sender could mend ours.
OF_A_PERSON = {"nom": _NAME, "prenom": _NAME, "fonction": _ROLE}
_PERSONS = ("referent.", "etablissement.signataire.")
_EXPECTED = {
    SettingKind.TEXT: "un texte sur une ligne",
    SettingKind.CIVILITY: "Mme ou M.",
    SettingKind.SIRET: "quatorze chiffres, clé comprise",
    SettingKind.ACTIVITY_NUMBER: "onze chiffres",
    SettingKind.SCHOOL_CODE: "sept chiffres et une lettre",
    SettingKind.EMAIL: "une adresse telle que scolarite@example.org",
    SettingKind.PHONE: "dix chiffres, ou +32… à l’étranger",
    SettingKind.HOURS: "un nombre d’heures tel que 450",
}


def fault_of(setting: Setting, value: object) -> str:
    """What is wrong in a given value of a setting, in French; empty when it is as it should be."""
    if setting.kind is SettingKind.HOURS:
        right = isinstance(value, int | float) and not isinstance(value, bool) and value > 0
    else:
        right = isinstance(value, str) and _WRITTEN.get(setting.kind, _is_line)(value)
    if not right:
        return f"« {value} » ne convient pas, il faut {_EXPECTED[setting.kind]}"
    return _unfit(setting, value) if isinstance(value, str) else ""


def _unfit(setting: Setting, value: str) -> str:
    """What is wrong in a value of the right kind: a character that cannot be printed, its length, what is no name."""
    if why := refusal(value):
        return f"« {value} » {why}"
    last = setting.key.rpartition(".")[2]
    longest, shape, expected = OF_A_PERSON.get(last, _ANY) if setting.key.startswith(_PERSONS) else _ANY
    if len(value) > longest or not shape.fullmatch(value):
        return f"« {value} » ne convient pas, il faut {expected}"
    return ""


def _is_line(value: str) -> bool:
    """A text on one line, with the spaces of French typography (U+00A0 before a colon); no tab, no new line."""
    plain = "".join(" " if unicodedata.category(char) == "Zs" else char for char in value)
    return plain.isprintable() and bool(plain.strip())
