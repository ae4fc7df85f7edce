"""Name parser: a person’s name, taken apart only where capitals say which part is the surname."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.core.folding import fold

_CIVILITIES = {
    "m": "M.",
    "mr": "M.",
    "monsieur": "M.",
    "mme": "Mme",
    "madame": "Mme",
    "mlle": "Mme",
    "mademoiselle": "Mme",
    "mx": "Mx",
}
# Written small before a surname in capitals (« Françoise de LA TOUR »), they belong to it.
_TEXT = """
de du des d la le les van von der den ter ten da do dos das di del della el al ben bin ibn abd ould y e zu af
"""
_PARTICLES = frozenset(_TEXT.split())
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*[-'’]?", re.UNICODE)
_SCOTTISH = re.compile(r"(?:Mc|Mac|Fitz)[^\W\d_]+")


@dataclass(frozen=True)
class Name:
    """The parts of a name as written; ``nom`` and ``prenom`` are ``None`` when ``doubt`` says why not."""

    civilite: str | None
    nom: str | None
    prenom: str | None
    doubt: str | None = None


def civility(text: str) -> str | None:
    """``M.``, ``Mme`` or ``Mx`` for a title written in any usual way, ``None`` for another word."""
    return _CIVILITIES.get(fold(text).rstrip(". "))


def split_name(text: str) -> Name:
    """« DUPONT Marie », « Mme Marie DUPONT », « NGUYEN VAN Anh »: title, surname, given names.

    The capitals must stand together at one end, and the other words must start with one capital followed by small
    letters. Anything else (« Marie Dupont », « DUPONT MARIE », two people, an initial) is a doubt, never a guess.
    """
    words = text.replace("\n", " ").replace(",", " ").split()
    title = civility(words[0]) if words else None
    if title:
        words = words[1:]
        if words and fold(words[0]) in ("et", "ou", "/"):  # « M. et Mme »
            return _ambiguous(None, text)
    kinds = [_kind(word) for word in words]
    split = _border(kinds)
    if split is None or ("," in text.strip(" ,") and not _comma_agrees(text, kinds)):
        return _ambiguous(title, text)
    first, second = " ".join(words[:split]), " ".join(words[split:])
    surname_first = "N" in kinds[:split]
    return Name(title, first, second) if surname_first else Name(title, second, first)


def _ambiguous(title: str | None, text: str) -> Name:
    shown = " ".join(text.split())[:60]
    why = f"« {shown} » ne dit pas sûrement où finit le nom et où commence le prénom (NOM en capitales, Prénom)"
    return Name(title, None, None, why)


def _kind(word: str) -> str:
    """N: in capitals, so a surname; g: a given name; p: a particle in small letters; ?: cannot be told."""
    if not _WORD.fullmatch(word):
        return "?"
    letters = [char for char in word if char.isalpha()]
    if _SCOTTISH.fullmatch(word) and len(word) > 4 and word[-2:].isupper():
        return "N"
    if word.islower():
        return "p" if fold(word).rstrip("'-") in _PARTICLES else "?"
    if all(char.isupper() for char in letters):
        return "N" if len(letters) > 1 else "?"
    if re.fullmatch(r"d['’].+", word) and word[2:].isupper():
        return "N"
    parts = re.split(r"[-'’]", word)
    small = all((part[:1].isupper() and part[1:].islower()) or part.islower() for part in parts if part)
    return "g" if small and word[0].isupper() and len(letters) > 1 else "?"


def _border(kinds: list[str]) -> int | None:
    """Where the second part begins, if capitals and small letters each stand in one run."""
    pattern = "".join(kinds)
    match = re.fullmatch(r"(p*N(?:p*N)*)g+", pattern) or re.fullmatch(r"(g+)(?:p*N)+", pattern)
    return len(match[1]) if match else None


def _comma_agrees(text: str, kinds: list[str]) -> bool:
    """« DUPONT, Marie » has its comma where the capitals end; any other comma separates something else."""
    before = text.strip(" ,").split(",")
    count = len([word for word in before[0].split() if civility(word) is None])
    return len(before) == 2 and 0 < count < len(kinds) and kinds[count - 1] == "N" and set(kinds[count:]) == {"g"}
