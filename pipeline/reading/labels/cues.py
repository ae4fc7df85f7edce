"""Patterns of French that announce an answer in a sentence, made of ``[tournures]``; small letters without accents.

A cue stands before its value. Its target is a path, or the end of one (« .telephone »), which the party that the
sentence speaks of completes. « {e} » is any ending of a feminine or plural, inclusive writing too; « {n} » a « n° ».
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pipeline.core.words import Lexicon

Party = tuple[str, re.Pattern[str]]  # whom the text speaks of, and what says so


class Manner(StrEnum):
    """Extraction mode of a value after its cue."""

    TYPED = "valeur"  # the first value of the field's kind
    PERSON = "personne"  # a name, after small words only
    BESIDE = "personne-ici"  # a name, right there
    NAME = "nom"  # words that begin with a capital, as far as the comma
    WORDS = "mots"  # any words, as far as the comma
    PHRASE = "phrase"  # words as far as the end of the sentence, after a colon or with a capital
    ADDRESS = "adresse"
    BOXES = "cases"  # an option ticked, or written
    NOTHING = "rien"  # only keeps what is before it from running on


@dataclass(frozen=True)
class Cue:
    """Cue pattern; ``party`` is whom the sentence speaks of from here on, if the cue says it."""

    pattern: re.Pattern[str]
    target: str
    manner: Manner
    party: str | None = None


_SIGNS = {"e": r"(?:\s?\(e\)|[.·•]e\b|e)?s?", "n": r"(?:numero|num\.?|n\s?[°o]\.?)"}
_SIGNS["at"] = r"(?: (?:a|au|aux|en|dans|sur)(?= ))?"
_AFTER = r"(?:et|entre|avec|rapports de)\s*:?\s*(?:d'une part|d'autre part)?\s*,?\s*"
_BEGINS = rf"(?:^|[.;:,(]\s*|[–•-]\s+|\b{_AFTER})(?:(?:et|entre)\s+)?"
BEGINS = re.compile(rf"(?:{_BEGINS}|\bstage (?:de|d')\s*)$")


def alternatives(phrases: Iterable[str]) -> str:
    """One pattern for several phrases of ``libelles.toml``, their « {e} », « {n} » and « {at} » written out."""
    return re.sub(r"\{(e|n|at)\}", lambda sign: _SIGNS[sign[1]], "|".join(phrases))


def cues_of(lexicon: Lexicon) -> tuple[Cue, ...]:
    """The cues of ``[tournures]``, in order."""
    return tuple(
        Cue(
            re.compile(rf"(?<![a-z0-9])(?:{alternatives(entry['mots'])})(?![a-z0-9])"),
            entry["champ"],
            Manner(entry["maniere"]),
            entry.get("partie"),
        )
        for entry in lexicon.tables["tournures"]
    )


def bodies_of(lexicon: Lexicon) -> tuple[Party, ...]:
    """Whom a sentence speaks of: a body or a person that begins a part of it. The first that fits wins."""
    articles, ends = r"(?:l'|la |le |un |une )", r"(?: d'accueil| stagiaire)?"
    return tuple(
        (party, re.compile(rf"{_BEGINS}(?P<here>{articles}(?:{alternatives(words)}){ends})(?![a-z])"))
        for party, words in lexicon.tables["parties"].items()
    )


def roles_of(lexicon: Lexicon) -> tuple[Party, ...]:
    """After « M. DUPONT, … »: what tells whose name that is."""
    roles = lexicon.tables["roles"]
    return tuple((party, re.compile(rf"\b(?:{alternatives(words)})")) for party, words in roles.items())


CIVILITY = r"(?:M\.|Mr\.?|MM\.|Monsieur|Mme\.?|Madame|Mlle\.?|Mademoiselle|Mx\.?)"
# Signs and small words that lead to a value, or are left behind it.
SIGNS = re.compile(r"[\s:,–-]*")
LEADING = re.compile(
    r"(?:est|sont|sera|etant|de|du|des|d'|a|au|aux|par|le|la|les|l'|suivante?s?|fixee?|egale?|s'eleve|assuree?|"
    r"confiee?|effectif|numero)(?:(?<=')|(?=[\s:']))[\s:,–-]*"
)
TRAILING = re.compile(r"(?<=[\s,])(?:et|sous|le|la|les|l'|dont|de|du|a|au|par|son|sa|ses|en|est|avec|pour|aupres)$")
LIMITS = re.compile(r"depass|exced|superieur|inferieur|au[- ]dela")  # a clause, not an answer
NOT_A_ROLE = re.compile(r"(?:dont|ci|et|en|qui|joignable|demeurant|ne|nee|domicilie|il|agissant|represent|sis|situe)")
