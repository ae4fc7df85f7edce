"""What a value cannot be: a SIRET without its key, a name with figures, an address without its « @ »."""

from __future__ import annotations

import re
from collections.abc import Callable

from stdnum.exceptions import ValidationError
from stdnum.fr import nir, siret

from pipeline.core.fields import Field, FieldKind
from pipeline.core.models import JSON

_LA_POSTE = "356000000"
_PLACES = (".ville", ".lieu_naissance")
_NAMES = (".nom", ".prenom", ".nom_naissance", ".nom_prenom")
_EMAIL = re.compile(r"[^@\s,;]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}")


def fault(path: str, field: Field | None, value: JSON, text: str) -> str | None:
    """Why the value read from a text cannot be the answer, in French; ``None`` if it may be.

    ``field`` is ``None`` for a combined place (``tuteur.nom_prenom``). The keys are those of INSEE.
    """
    why = _of_kind(path, field, value, text) or _of_name(path, str(value))
    shown = " ".join(str(value).split())
    return f"« {shown if len(shown) <= 60 else shown[:59] + '…'} » {why}" if why else None


def _of_kind(path: str, field: Field | None, value: JSON, text: str) -> str | None:
    if field is None:
        return None
    if field.kind is FieldKind.EUROS:
        return "vient d’une part, et non d’un montant" if "%" in text else None
    if not isinstance(value, str):
        return None
    check, why = _CHECKS.get(field.kind, (None, ""))
    if check is not None and not check(value):
        return why
    if path.endswith(".ape") and not re.fullmatch(r"\d{4}[A-Z]", value):
        return "n’est pas un code APE"
    return "est trop long pour cette réponse" if field.max_length and len(value) > field.max_length else None


def _of_name(path: str, words: str) -> str | None:
    """A name has no figures and no « @ »; a town may have only those of its CEDEX or arrondissement."""
    if path.endswith(_NAMES) and re.search(r"[\d@:/\\_=]", words):
        return "n’est pas un nom de personne"
    if path.endswith(_PLACES) and re.search(r"[@:]|\d{3}", words):
        return "n’est pas un nom de lieu"
    return None


def siret_ok(value: str) -> bool:
    """Fourteen digits with their key; the offices of La Poste have their own: the sum of the digits divides by 5."""
    try:
        siret.validate(value)
    except ValidationError:
        return value.startswith(_LA_POSTE) and value.isdigit() and len(value) == 14 and not sum(map(int, value)) % 5
    return True


def nir_ok(value: str) -> bool:
    """Fifteen characters with their key (2A and 2B for Corsica)."""
    try:
        nir.validate(value)
    except ValidationError:
        return False
    return len(value) == 15


def _matches(pattern: str) -> Callable[[str], bool]:
    return lambda value: re.fullmatch(pattern, value) is not None


_CHECKS: dict[FieldKind, tuple[Callable[[str], bool], str]] = {
    FieldKind.SIRET: (siret_ok, "n’a pas la clé d’un SIRET à quatorze chiffres"),
    FieldKind.NIR: (nir_ok, "n’a pas la clé d’un numéro de sécurité sociale à quinze chiffres"),
    FieldKind.EMAIL: (_matches(_EMAIL.pattern), "n’est pas une adresse de courriel"),
    FieldKind.POSTCODE: (_matches(r"\d{5}"), "n’est pas un code postal à cinq chiffres"),
}
