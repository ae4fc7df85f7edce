"""Value comparison for the evaluation: exact where a value is typed, lenient on signs in free text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.core.fields import FieldKind
from pipeline.core.folding import plain_signs
from pipeline.core.models import JSON, FieldReading

_TEXTS = (FieldKind.LINE, FieldKind.TEXT)
_DASHES, _QUOTES = re.compile(r"\s*-\s*"), re.compile(r'\s*"\s*')
_PARTS = ("nom", "prenom", "civilite", "voie", "complement", "code_postal", "ville", "pays")
_DERIVED = {"gratification.unite": "gratification.montant"}
_FRANCE = "france"


def agrees(kind: FieldKind, expected: JSON, value: JSON) -> bool:
    """Whether a value is the expected one; accents and case always count."""
    if kind is FieldKind.LIST and isinstance(expected, list) and isinstance(value, list):
        return [plain(str(item)) for item in expected] == [plain(str(item)) for item in value]
    if kind in _TEXTS and isinstance(expected, str) and isinstance(value, str):
        return plain(expected) == plain(value)
    if isinstance(expected, bool) or isinstance(value, bool):
        return expected is value
    return bool(expected == value)


def plain(text: str) -> str:
    """Dashes, quotation marks, apostrophes and spaces in one form; accents and case as they are."""
    return " ".join(_QUOTES.sub(' " ', _DASHES.sub("-", plain_signs(text))).split())


def belongs(entry: FieldReading, expected: Mapping[str, JSON]) -> bool | None:
    """Whether an accepted field that the truth does not have is part of a combined one that it has.

    ``None`` when the truth says nothing of it: the form may ask more than its truth tells.
    """
    group, _, last = entry.path.rpartition(".")
    source = f"{group}.nom_prenom" if last in ("nom", "prenom", "civilite") else group
    if entry.combined:
        parts = [value for path, value in expected.items() if _part(path, entry.path) and isinstance(value, str)]
        return all(_words(part) <= _words(str(entry.value)) for part in parts) if parts else None
    if last not in _PARTS or source not in expected:
        return None if entry.path not in _DERIVED else expected.get(_DERIVED[entry.path]) is not None
    whole = expected[source]
    if whole is None:
        return False
    if last == "civilite" or plain(str(entry.value)).casefold() == _FRANCE:
        return True
    return _words(str(entry.value)) <= _words(str(whole))


def _part(path: str, combined: str) -> bool:
    group = combined.removesuffix(".nom_prenom")
    names = ("nom", "prenom") if combined.endswith(".nom_prenom") else _PARTS[3:]
    return any(path == f"{group}.{name}" for name in names)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", plain(text).casefold()))
