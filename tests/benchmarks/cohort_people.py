"""The invented people of a cohort: what each has to say, and on which kind of form."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import people
from layout_people import Person, load_people, siret

_FIRST = ("Léa", "Noé", "Inès", "Jules", "Zoé", "Malo", "Anaïs", "Théo", "Aya", "Luc", "Éva", "Gwenaël", "Rim", "Ugo")
_LAST = ("MARTIN", "LE GALL", "DIALLO", "NGUYEN", "ROUX", "PETIT", "HADDAD", "D’ARC", "SILVA", "KERN", "MÜLLER")
_HOSTS = ("Association", "Fondation", "Maison", "Foyer", "Centre social", "Chantier")
_SHARED = 50  # forms: of so many, four have one tuteur


@dataclass(frozen=True)
class Someone:
    """One person: number from 1, kind of form, formation, values by path (``a__b``), values on another school's."""

    number: int
    kind: str
    code: str
    data: dict[str, Any]
    elsewhere: Person
    chance: random.Random


def people_of(count: int, shares: Mapping[str, int], seed: int) -> Iterator[Someone]:
    """So many people; of each kind of form as many as its share, in an order drawn from the seed."""
    chance = random.Random(seed)  # noqa: S311 -- invented people, the same each time
    others = load_people()
    for number, kind in enumerate(_kinds(count, shares, chance), 1):
        own = random.Random(f"{seed} {number}")  # noqa: S311
        code = people.CNAM if kind == "douteux" else own.choice((people.CNAM, people.COORDINATION))
        changes = _own(number, own) | _wrong(kind)
        base = people.cnam if code == people.CNAM else people.coordination
        if kind == "incomplet":
            changes |= {"stage__sujet": None, "assurance_rc__compagnie": None, "organisme__ape": None}
        elsewhere = others[number % len(others)].but(**_elsewhere(changes))
        yield Someone(number, kind, code, base(**changes), elsewhere, own)


def _kinds(count: int, shares: Mapping[str, int], chance: random.Random) -> list[str]:
    """Every kind in its share, the rest on the first; the order is drawn."""
    kinds = [kind for kind, share in shares.items() for _ in range(round(count * share / 100))][:count]
    kinds += [next(iter(shares))] * (count - len(kinds))
    chance.shuffle(kinds)
    return kinds


def _own(number: int, chance: random.Random) -> dict[str, Any]:
    spelt = _letters(number)
    tutor = number - number % _SHARED if number % _SHARED in range(4) else number
    host = siret(f"{10_000_000 + number * 7919 % 80_000_000:08d}000{chance.randrange(10, 99)}")
    name = f"{chance.choice(_HOSTS)} {spelt.capitalize()}"
    return {
        "stagiaire__nom": f"{chance.choice(_LAST)}-{spelt}",
        "stagiaire__prenom": chance.choice(_FIRST),
        "stagiaire__courriel": f"personne{number}@example.org",
        "stagiaire__telephone": f"+336{20_000_000 + number}",
        "stagiaire__numero": f"N{number:06d}",
        "stagiaire__adresse__voie": f"{1 + number % 90} rue des Écoles",
        "stagiaire__date_naissance": f"{1985 + number % 20}-{1 + number % 12:02d}-{1 + number % 28:02d}",
        "organisme__raison_sociale": name,
        "organisme__siret": host,
        "organisme__adresse__voie": f"{1 + number % 120} avenue de la Gare",
        "organisme__signataire__nom": f"{chance.choice(_LAST)}-{spelt[::-1]}",
        "organisme__signataire__courriel": f"direction{number}@example.org",
        "tuteur__nom": f"TUTEUR-{_letters(tutor)}",
        "tuteur__prenom": _FIRST[tutor % len(_FIRST)],
        "tuteur__courriel": f"tuteur{tutor}@example.org",
        "tuteur__telephone": f"+337{60_000_000 + tutor}",
    }


def _wrong(kind: str) -> dict[str, Any]:
    if kind == "faux":
        return {"organisme__siret": "73282932000079", "stage__duree_heures": 12}
    if kind == "douteux":
        return {"accord_pedagogique": {}}  # the centre has not agreed yet
    return {}


def _elsewhere(changes: Mapping[str, Any]) -> dict[str, str]:
    """Of these values, those that other schools ask in the same words."""
    kept = (
        "stagiaire__nom",
        "stagiaire__prenom",
        "stagiaire__courriel",
        "stagiaire__numero",
        "organisme__raison_sociale",
        "organisme__siret",
        "tuteur__courriel",
    )
    names = {"tuteur__nom_prenom": f"{changes['tuteur__nom']} {changes['tuteur__prenom']}"}
    return {path: str(changes[path]) for path in kept} | names


def _letters(number: int) -> str:
    """A number spelt in letters, as part of a name."""
    return "".join("ABCDEFGHIJ"[int(digit)] for digit in f"{number:04d}")
