"""Whose paper this is: when two forms speak of one internship of one person, and what changed between them.

Names alone tell nobody apart: two people may bear one name. So one more thing that belongs to the person must agree,
and none that both forms give may differ.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.decisions import Override
from pipeline.fields import Dictionary
from pipeline.models import JSON, Data, get, leaves

_OWN = ("stagiaire.date_naissance", "stagiaire.numero", "stagiaire.nir")  # these never differ for one person
_REACHED = ("stagiaire.courriel", "stagiaire.telephone")  # these may change, but are nobody else's


@dataclass(frozen=True)
class Difference:
    """One field whose value is not the same in two versions of a form; ``None`` where it is not given."""

    field: str
    label: str
    before: JSON
    after: JSON


@dataclass(frozen=True)
class Comparison:
    """What a new version changes: the id of the form it replaces, the day on its papers (ISO), the fields.

    ``lifted`` is the decision of a person where the older packet had been fetched or signed.
    """

    form: str
    day: str
    changes: tuple[Difference, ...]
    lifted: Override | None = None


def person_of(data: Data) -> str | None:
    """The folded name of the stagiaire, by which candidates are looked up; ``None`` without a name."""
    words = _words(f"{get(data, 'stagiaire.nom') or ''} {get(data, 'stagiaire.prenom') or ''}")
    return " ".join(sorted(words)) or None


def same_person(one: Data, other: Data) -> bool:
    """Whether two forms are surely of one person: homonyms are two, and so are two who cannot be compared."""
    if person_of(one) is None or person_of(one) != person_of(other):
        return False
    if any(_agree(one, other, path) is False for path in _OWN):
        return False
    return any(_agree(one, other, path) for path in (*_OWN, *_REACHED))


def same_internship(one: Data, other: Data) -> bool:
    """Whether two forms of one person speak of one internship: formation, organisme and days in common."""
    if get(one, "formation.code") != get(other, "formation.code"):
        return False
    host = _agree(one, other, "organisme.siret")
    if host is None:
        names = [_words(str(get(data, "organisme.raison_sociale") or "")) for data in (one, other)]
        host = bool(names[0]) and sorted(names[0]) == sorted(names[1])
    return host and _overlap(one, other)


def differences(before: Data, after: Data, dictionary: Dictionary) -> Iterator[Difference]:
    """What changed from one version of a form to the next, in the order of the form."""
    old, new = dict(leaves(before)), dict(leaves(after))
    for path in dictionary.fields:
        if old.get(path) != new.get(path):
            yield Difference(path, dictionary.label(path), old.get(path), new.get(path))


def _overlap(one: Data, other: Data) -> bool:
    days = [get(data, f"stage.{end}") for data in (one, other) for end in ("date_debut", "date_fin")]
    if not all(isinstance(day, str) for day in days):
        return False
    return bool(days[0] <= days[3] and days[2] <= days[1])  # ISO dates order as text


def _agree(one: Data, other: Data, path: str) -> bool | None:
    """Whether a field says the same in both; ``None`` where one of them does not give it."""
    values = [get(data, path) for data in (one, other)]
    if any(value in (None, "") for value in values):
        return None
    return _fold(str(values[0])) == _fold(str(values[1]))


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in _fold(text)).split()


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
