"""The group's words in templates: ``mot.stagiaire.le`` is « l’apprenante » where formation and person say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.core.formation import Formation
from pipeline.core.grammar import agree, capital

# The law's own words, for a formation that has no other: masculine, feminine.
_LAW = {
    "stagiaire": ("le stagiaire", "la stagiaire"),
    "organisme": ("l’organisme d’accueil", None),
    "tuteur": ("le tuteur", "la tutrice"),
    "referent": ("l’enseignant référent", "l’enseignante référente"),
    "employeur": ("l’employeur", None),
    "etablissement": ("l’établissement", None),
}


_ARTICLES = {"le ": ("du ", "au "), "la ": ("de la ", "à la "), "l’": ("de l’", "à l’"), "les ": ("des ", "aux ")}
_VOWELS = "aeiouyàâéèêëîïôöùûœhAEIOUYÉÈÊÀÂÎÔÛŒH"


@dataclass(frozen=True)
class Noun:
    """A noun with its definite article, « le site qualifiant » or « l’apprenant », or a bare name."""

    le: str
    masculin: str = ""  # the same before it agreed with a person

    @property
    def nom(self) -> str:
        """Without its article: « site qualifiant »."""
        return self.le[len(self._article) :]

    @property
    def de(self) -> str:
        """« de site qualifiant », « d’apprenante »."""
        return f"{'d’' if self.nom[:1] in _VOWELS else 'de '}{self.nom}"

    @property
    def du(self) -> str:
        """« du site qualifiant », « de l’apprenante »."""
        return self._contracted(0) or f"{'d’' if self.le[:1] in _VOWELS else 'de '}{self.le}"

    @property
    def au(self) -> str:
        """« au site qualifiant », « à l’apprenante »."""
        return self._contracted(1) or f"à {self.le}"

    @property
    def Le(self) -> str:  # noqa: N802 -- as it is written in a template
        """« Le site qualifiant »."""
        return capital(self.le)

    @property
    def Nom(self) -> str:  # noqa: N802 -- as it is written in a template
        """« Site qualifiant »."""
        return capital(self.nom)

    @property
    def _article(self) -> str:
        return next((article for article in _ARTICLES if self.le.startswith(article)), "")

    def _contracted(self, way: int) -> str:
        return _ARTICLES[self._article][way] + self.nom if self._article else ""


def nouns(formation: Formation, context: Mapping[str, Any]) -> dict[str, Noun]:
    """The words for each party by role, those of people in the gender of their civilité (``context`` holds them).

    Where the civilité is not known, or the formation gives no feminine, the masculine stands for both.
    """
    words: Mapping[str, str] = formation.settings.get("vocabulaire", {})
    feminine: Mapping[str, str] = formation.settings.get("feminin", {})
    return {
        role: _agreed(role, words.get(role), feminine.get(role), context.get(role))
        for role in dict.fromkeys((*_LAW, *words))
    }


def title_of(role: str, context: Mapping[str, Any], usual: str) -> str:
    """How a party is called where it signs: the formation's title, whose noun agrees with the person."""
    noun = context["mot"].get(role)
    if noun is None or not usual.startswith(capital(noun.masculin)):
        return usual
    return str(noun.Le) + usual[len(noun.masculin) :]


def _agreed(role: str, own: str | None, own_feminine: str | None, person: Any) -> Noun:  # noqa: ANN401 -- a context
    usual, usual_feminine = _LAW.get(role, ("", None))
    word = own or usual
    other = own_feminine or (usual_feminine if word == usual else None)
    civility = person.get("civilite") if isinstance(person, Mapping) else None
    return Noun(agree(word, civility, other or word), word)
