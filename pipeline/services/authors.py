"""Author of a decision: whose name it bears and why, checked once for every door, before anything is looked up."""

from __future__ import annotations

import unicodedata

from pipeline.core.errors import InvalidRequest
from pipeline.core.folding import folded_words
from pipeline.core.text import refusal

_LINES = "contient un saut de ligne ou une tabulation"
_NAME = 100  # characters
_REASON = 500
_EXAMPLE = "écrivez le nom de la personne qui décide, par exemple « F. GARÇON »"
_TO_REPLACE = frozenset(
    {"nom", "prenom", "prenom nom", "nom prenom", "motif", "raison", "valeur"}
)  # as screens write
_WHY = "dites pourquoi en quelques mots, par exemple « accord de la direction »"


def author(name: str) -> str:
    """The name of the person who decides, as it is kept: NFC, single spaces.

    Raises InvalidRequest for one without two letters, over 100 characters, that does not print, or that is the word
    which screens put in its place (« NOM »).
    """
    return _checked(name, "le nom (--by)", _EXAMPLE, _NAME)


def motive(reason: str) -> str:
    """Why a person decides, as it is kept; raises InvalidRequest as ``author``, over 500 characters."""
    return _checked(reason, "le motif (--reason)", _WHY, _REASON)


def _checked(text: str, what: str, example: str, longest: int) -> str:
    said = " ".join(unicodedata.normalize("NFC", text).split())
    if sum(char.isalpha() for char in said) < 2:
        raise InvalidRequest(f"Rien n’est fait : {what} manque ou ne dit rien. Que faire : {example}.")
    if " ".join(folded_words(said)) in _TO_REPLACE:
        raise InvalidRequest(
            f"Rien n’est fait : « {said} » est le mot à remplacer, ce n’est pas {what}. Que faire : {example}."
        )
    if len(said) > longest:
        raise InvalidRequest(
            f"Rien n’est fait : {what} a {len(said)} caractères, {longest} au plus. Que faire : abrégez."
        )
    wrong = _LINES if set(text.strip()) & set("\n\t") else refusal(text.strip())
    if wrong:
        raise InvalidRequest(f"Rien n’est fait : {what} {wrong}. Que faire : {example}.")
    return said
