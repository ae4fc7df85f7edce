"""Swap detector: a surname and a given name that seem to stand in each other's place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import Dictionary, Nature
from pipeline.core.folding import fold, folded_letters
from pipeline.core.models import FieldReading
from pipeline.core.who import Who
from pipeline.forms.values.names import in_capitals

_STUDENT = "stagiaire"
_WORDS = 12  # of the name of a file, looked at
_SOUNDS = 3  # letters from which capitals are a way of writing, not initials


def with_swaps(
    readings: Mapping[str, FieldReading], dictionary: Dictionary, file: str = ""
) -> dict[str, FieldReading]:
    """The same readings; names that seem exchanged have the doubt INCOHERENCE, which a look at the form settles.

    ``file`` is the name of the file, which may name the stagiaire (« DUPONT Marie.pdf »).
    """
    checked = dict(readings)
    for person, nom, prenom in _pairs(readings, dictionary):
        courriel = readings.get(f"{person}.courriel")
        address = courriel.value if courriel and isinstance(courriel.value, str) else ""
        called = file if person == _STUDENT else ""
        if why := _why(str(nom.value), str(prenom.value), address, called, dictionary.lexicon.folded["prenoms"]):
            doubt = Doubt(Reason.INCOHERENT, why, Who.SCOLARITE)
            sure = [one for one in (nom, prenom) if one.doubt is None]
            checked |= {one.path: replace(one, doubt=doubt, confidence=0.5) for one in sure}
    return checked


def _pairs(
    readings: Mapping[str, FieldReading], dictionary: Dictionary
) -> Iterator[tuple[str, FieldReading, FieldReading]]:
    """Each person whose surname and given name stand in places of their own, one of them at least without a doubt."""
    for path, nom in readings.items():
        person = path.rpartition(".")[0]
        prenom = readings.get(f"{person}.prenom")
        if dictionary.nature(path) is not Nature.SURNAME or prenom is None or nom.raw == prenom.raw:
            continue
        if nom.value and prenom.value and not (nom.doubt and prenom.doubt):
            yield person, nom, prenom


def _why(nom: str, prenom: str, address: str, file: str, known: frozenset[str]) -> str | None:
    order = _order(nom, prenom, address)
    listed = _is_listed(nom, known), _is_listed(prenom, known)
    capitals = _in_capitals(nom), _in_capitals(prenom)
    signs = {
        "le prénom est en capitales": capitals == (False, True),
        "le nom est un prénom courant": listed == (True, False),
        "le courriel les met dans cet ordre": order == (nom, prenom),
        "le nom du fichier met le prénom en capitales": _capitals_of(file, nom, prenom) == (False, True),
    }
    by_case, by_list, by_address, by_file = signs.values()
    against = capitals == (True, False), listed == (False, True), order == (prenom, nom)
    enough = (by_case or by_list or by_file) and not any(against)
    if not (enough or (by_list and by_address)):
        return None
    told = ", ".join(sign for sign, seen in signs.items() if seen)
    return f"« {nom} » comme nom et « {prenom} » comme prénom semblent échangés : {told}"


def _order(nom: str, prenom: str, address: str) -> tuple[str, str] | None:
    """Which of the two the address has first; ``None`` where it has not both, apart."""
    local = re.sub(r"\d+", "", address.partition("@")[0])
    parts = [part for part in re.split(r"[._]", local) if part]
    if len(parts) != 2:
        return None
    first, last = map(folded_letters, parts)
    names = folded_letters(nom), folded_letters(prenom)
    if (first, last) == names:
        return nom, prenom
    return (prenom, nom) if (last, first) == names else None


def _capitals_of(file: str, *names: str) -> tuple[bool, ...]:
    """Whether each name is in capitals in the name of a file; nothing where one of them is not there."""
    words = re.findall(r"[^\W\d_]+", file)[:_WORDS]
    runs = ["".join(words[start:end]) for end in range(len(words) + 1) for start in range(end)]
    found = [next((run for run in runs if folded_letters(run) == folded_letters(name)), "") for name in names]
    return tuple(map(_in_capitals, found)) if all(found) else ()


def _is_listed(name: str, known: frozenset[str]) -> bool:
    words = fold(name).split()
    return bool(words) and all(word in known for word in words)


def _in_capitals(name: str) -> bool:
    return sum(map(str.isalpha, name)) >= _SOUNDS and all(map(in_capitals, name.split()))
