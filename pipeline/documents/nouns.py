"""The group's words in templates: ``mot.stagiaire.le`` is « l’apprenante » where formation and person say so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.core.formation import Formation
from pipeline.core.grammar import Noun, agree

# The law's own words, for a formation that has no other: masculine, feminine.
_LAW = {
    "stagiaire": ("le stagiaire", "la stagiaire"),
    "organisme": ("l’organisme d’accueil", None),
    "tuteur": ("le tuteur", "la tutrice"),
    "referent": ("l’enseignant référent", "l’enseignante référente"),
    "employeur": ("l’employeur", None),
    "etablissement": ("l’établissement", None),
}


def nouns(formation: Formation, context: Mapping[str, Any]) -> dict[str, Noun]:
    """The words for each party by role, those of people in the gender of their civilité (``context`` holds them).

    Where the civilité is not known, or the formation gives no feminine, the masculine stands for both.
    """
    words: Mapping[str, str] = formation.settings.get("vocabulaire", {})
    feminine: Mapping[str, str] = formation.settings.get("feminin", {})
    return {
        role: Noun(_agreed(role, words.get(role), feminine.get(role), context.get(role)))
        for role in dict.fromkeys((*_LAW, *words))
    }


def _agreed(role: str, own: str | None, own_feminine: str | None, person: Any) -> str:  # noqa: ANN401 -- a context
    usual, usual_feminine = _LAW.get(role, ("", None))
    word = own or usual
    other = own_feminine or (usual_feminine if word == usual else None)
    civility = person.get("civilite") if isinstance(person, Mapping) else None
    return agree(word, civility, other or word)
