"""Members of invented cohorts, made of records as the ledger keeps them."""

from __future__ import annotations

import random
from typing import Any

import people
from pipeline.cohort.members import Member, member_of

from pipeline.cohort.examine import examine
from pipeline.core.law import Law

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
    """The members of these records, in order of arrival, numbered from 1."""
    return tuple(member_of(sha(at), data, printed=at in printed) for at, data in enumerate(records, 1))


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
    """A cohort of that many forms, as a university's: shared tuteurs and hosts, homonyms, some forms sent again."""
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
    return cohort(*made)


def _letters(number: int) -> str:
    return "".join(chr(ord("A") + int(digit)) for digit in str(number))
