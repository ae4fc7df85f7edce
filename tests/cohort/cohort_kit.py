"""Members of invented cohorts, made of records as the ledger keeps them."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import people

from pipeline.cohort.examine import examine
from pipeline.core.identity import person_of
from pipeline.core.law import Law
from pipeline.core.member import Member, member_of
from pipeline.ledger.membership import is_same

_FIRST = ("Léa", "Noé", "Inès", "Jules", "Zoé", "Malo", "Anaïs", "Théo", "Aya", "Luc", "Éva", "Gwenaël", "Rim", "Ugo")
_LAST = ("MARTIN", "LE GALL", "DIALLO", "NGUYEN", "ROUX", "PETIT", "HADDAD", "D’ARC", "ÖZ", "SILVA", "BLANC", "KERN")


def record(code: str = people.CNAM, annee: str = "2024-2025", **changes: Any) -> dict[str, Any]:
    """The record of a student of the licence (or of the coordination), with these changes."""
    base = people.cnam if code == people.CNAM else people.coordination
    referent = {"nom": "GARÇON", "prenom": "Françoise", "courriel": "f.garcon@example.org"}
    return base(**{"formation": {"code": code, "annee": annee}, "referent": referent, **changes})


def someone(number: int, **changes: Any) -> dict[str, Any]:
    """The record of one of many people, each with a name, e-mail, tuteur and host of their own."""
    own = {
        "stagiaire__nom": f"NOM{_letters(number)}",
        "stagiaire__courriel": f"s{number}@example.org",
        "stagiaire__telephone": f"+336{number:08d}",
        "stagiaire__numero": f"N{number}",
        "organisme__siret": f"{number:014d}",
        "organisme__raison_sociale": f"Maison {_letters(number)}",
        "organisme__signataire__courriel": f"d{number}@example.org",
        "tuteur__nom": f"TUTEUR{_letters(number)}",
        "tuteur__courriel": f"t{number}@example.org",
    }
    return record(**{**own, **changes})


def sha(number: int) -> str:
    """The hash that stands for the form of that number: its id is the number on eight digits."""
    return f"{number:08d}" + "0" * 56


def cohort(*records: dict[str, Any], printed: tuple[int, ...] = ()) -> tuple[Member, ...]:
    """The members of these records, in order of arrival, numbered from 1, with what the ledger says of each."""
    dossiers = _dossiers(records)
    last = {dossier: at for at, dossier in enumerate(dossiers)}
    return tuple(
        replace(
            member_of(sha(at + 1), data, dossier=dossiers[at]),
            printed=at + 1 in printed,
            replaced=last[dossiers[at]] > at,
        )
        for at, data in enumerate(records)
    )


def _dossiers(records: Sequence[dict[str, Any]]) -> list[str]:
    """The dossier of each record: that of its kin before it where there is one, else one of its own."""
    dossiers: list[str] = []
    known: defaultdict[str, list[tuple[dict[str, Any], str]]] = defaultdict(list)
    for at, data in enumerate(records, 1):
        namesakes = known[person_of(data) or ""]
        homes = {dossier for other, dossier in namesakes if is_same(data, other)}
        dossiers.append(homes.pop() if len(homes) == 1 else f"dossier {at}")
        namesakes.append((data, dossiers[-1]))
    return dossiers


def told(law: Law, *records: dict[str, Any], printed: tuple[int, ...] = ()) -> list[list[str]]:
    """For each record, the rules that speak, « C-03 blocking »."""
    members = cohort(*records, printed=printed)
    found = examine(members, law)
    return [[f"{one.rule} {one.severity.value}" for one in found[member.sha256]] for member in members]


def messages(law: Law, *records: dict[str, Any]) -> list[str]:
    """What the last of these records is told."""
    members = cohort(*records)
    return [problem.message for problem in examine(members, law)[members[-1].sha256]]


def crowd(number: int, seed: int = 1) -> tuple[Member, ...]:
    """The members of that many forms of a university."""
    return cohort(*crowd_records(number, seed))


def crowd_records(number: int, seed: int = 1) -> list[dict[str, Any]]:
    """That many records, as a university's: shared tuteurs and hosts, homonyms, some forms sent again."""
    chance = random.Random(seed)  # noqa: S311 -- invented people, the same each time
    made: list[dict[str, Any]] = []
    for at in range(number):
        if made and chance.random() < 0.05:
            made.append({**chance.choice(made[-200:])})
            continue
        host, month, day = chance.randrange(1 + number // 4), chance.randrange(1, 10), chance.randrange(1, 28)
        own = {
            "stagiaire__nom": f"{chance.choice(_LAST)} {_letters(chance.randrange(1 + number // 10))}",
            "stagiaire__prenom": chance.choice(_FIRST),
            "stagiaire__courriel": f"s{at}@example.org",
            "stagiaire__telephone": f"+336{at:08d}",
            "stagiaire__numero": f"N{at}",
            "stagiaire__date_naissance": f"200{chance.randrange(9)}-0{month}-{day:02d}",
            "organisme__siret": f"{host:014d}",
            "organisme__raison_sociale": f"Maison {_letters(host)}",
            "organisme__effectif": chance.choice((5, 30, 200)),
            "tuteur__nom": f"TUTEUR {_letters(host * 3 + chance.randrange(3))}",
            "tuteur__courriel": f"t{host}@example.org",
            "stage__date_debut": f"2025-0{month}-{day:02d}",
            "stage__date_fin": f"2025-{min(month + 3, 12):02d}-28",
        }
        made.append(record(**own))
    return made


def _letters(number: int) -> str:
    return "".join(chr(ord("A") + int(digit)) for digit in str(number))
