"""Name parser: a person’s name, taken apart only where capitals say which part is the surname."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.core.folding import fold
from pipeline.core.words import Lexicon

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*[-'’]?", re.UNICODE)
_SCOTTISH = re.compile(r"(?:Mc|Mac|Fitz)[^\W\d_]+")


@dataclass(frozen=True)
class Name:
    """The parts of a name as written; ``nom`` and ``prenom`` are ``None`` when ``doubt`` says why not."""

    civilite: str | None
    nom: str | None
    prenom: str | None
    doubt: str | None = None


def civility(text: str, lexicon: Lexicon) -> str | None:
    """``M.``, ``Mme`` or ``Mx`` for a title written in any usual way, ``None`` for another word."""
    return lexicon.titles.get(fold(text).rstrip(". "))


def split_name(text: str, lexicon: Lexicon) -> Name:
    """« DUPONT Marie », « Mme Marie DUPONT », « NGUYEN VAN Anh »: title, surname, given names.

    The capitals must stand together at one end, and the other words must start with one capital followed by small
    letters. Anything else (« Marie Dupont », « DUPONT MARIE », two people, an initial) is a doubt, never a guess.
    """
    words = text.replace("\n", " ").replace(",", " ").split()
    title = civility(words[0], lexicon) if words else None
    if title:
        words = words[1:]
        if words and fold(words[0]) in ("et", "ou", "/"):  # « M. et Mme »
            return _ambiguous(None, text)
    kinds = [_kind(word, lexicon.folded["particules"]) for word in words]
    split = _border(kinds)
    if split is None or ("," in text.strip(" ,") and not _comma_agrees(text, kinds, lexicon)):
        return _ambiguous(title, text)
    first, second = " ".join(words[:split]), " ".join(words[split:])
    surname_first = "N" in kinds[:split]
    return Name(title, first, second) if surname_first else Name(title, second, first)


def _ambiguous(title: str | None, text: str) -> Name:
    shown = " ".join(text.split())[:60]
    why = f"« {shown} » ne dit pas sûrement où finit le nom et où commence le prénom (NOM en capitales, Prénom)"
    return Name(title, None, None, why)


def _kind(word: str, particles: frozenset[str]) -> str:
    """N: in capitals, so a surname; g: a given name; p: a particle in small letters; ?: cannot be told."""
    if not _WORD.fullmatch(word):
        return "?"
    if word.islower():
        return "p" if fold(word).rstrip("'-") in particles else "?"
    if sum(map(str.isalpha, word)) < 2:
        return "?"
    if in_capitals(word):
        return "N"
    parts = filter(None, re.split(r"[-'’]", word))
    return "g" if word[0].isupper() and all(part[1:].islower() or part.islower() for part in parts) else "?"


def in_capitals(word: str) -> bool:
    """« LE », « d’ORMESSON », « McDONALD »."""
    scottish = _SCOTTISH.fullmatch(word) and len(word) > 4 and word[-2:].isupper()
    return word.isupper() or bool(scottish) or (word[:2] in ("d'", "d’") and word[2:].isupper())


def _border(kinds: list[str]) -> int | None:
    """Where the second part begins, if capitals and small letters each stand in one run."""
    pattern = "".join(kinds)
    match = re.fullmatch(r"(p*N(?:p*N)*)g+", pattern) or re.fullmatch(r"(g+)(?:p*N)+", pattern)
    return len(match[1]) if match else None


def _comma_agrees(text: str, kinds: list[str], lexicon: Lexicon) -> bool:
    """« DUPONT, Marie » has its comma where the capitals end; any other comma separates something else."""
    before = text.strip(" ,").split(",")
    count = len([word for word in before[0].split() if civility(word, lexicon) is None])
    return len(before) == 2 and 0 < count < len(kinds) and kinds[count - 1] == "N" and set(kinds[count:]) == {"g"}
