"""Synthetic people: the facts of one internship by path, drawn from a seed and consistent with each other."""

from __future__ import annotations

import datetime as dt
import random
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from layout_people import nir, siret

from pipeline.core.folding import fold

TODAY = dt.date(2026, 1, 20)  # the day on which the forms come in


@cache
def facts() -> dict[str, list[Any]]:
    """The pools of ``facts.toml``."""
    return tomllib.loads((Path(__file__).parent / "facts.toml").read_text(encoding="utf-8"))


def draw_person(chance: random.Random) -> dict[str, Any]:
    """Everything that a form may ask of one internship, canonical, by path of the record."""
    pool = facts()
    used: set[str] = set()
    person: dict[str, Any] = {}
    for who in ("stagiaire", "organisme.signataire", "tuteur", "referent"):
        person |= _identity(who, chance, used)
    person |= _student(person, chance) | _host(chance) | _stage(chance)
    for who in ("organisme.signataire", "tuteur", "referent"):
        person[f"{who}.fonction"] = chance.choice(pool["fonctions"])
    return person


def _identity(who: str, chance: random.Random, used: set[str]) -> dict[str, Any]:
    pool = facts()
    woman = chance.random() < 0.55
    nom = chance.choice([one for one in pool["noms"] if one not in used])
    prenom = chance.choice([one for one in pool["prenoms_f" if woman else "prenoms_m"] if one not in used])
    used.update((nom, prenom))
    domain = {"stagiaire": "etu.example.org", "referent": "ecole.example.org"}.get(who, "structure.example.com")
    address = f"{_ascii(prenom)}.{_ascii(nom)}@{domain}"
    return {
        f"{who}.civilite": "Mme" if woman else "M.",
        f"{who}.nom": nom,
        f"{who}.prenom": prenom,
        f"{who}.telephone": _phone(chance, mobile=who == "stagiaire"),
        f"{who}.courriel": address,
    }


def _ascii(text: str) -> str:
    return "".join(sign for sign in fold(text) if sign.isalnum())


def _phone(chance: random.Random, *, mobile: bool) -> str:
    start = chance.choice(("612", "698", "751", "782") if mobile else ("144", "298", "240", "381", "478", "556"))
    return f"+33{start}{chance.randint(100_000, 999_999)}"


def _place(root: str, chance: random.Random) -> dict[str, Any]:
    code, town = chance.choice(facts()["villes"])
    return {f"{root}.voie": chance.choice(facts()["voies"]), f"{root}.code_postal": code, f"{root}.ville": town}


def _student(person: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    pool = facts()
    born = dt.date(chance.randint(1985, 2006), chance.randint(1, 12), chance.randint(1, 28))
    sex = "2" if person["stagiaire.civilite"] == "Mme" else "1"
    commune = f"{chance.choice((29, 35, 44, 59, 75)):02}{chance.randint(1, 180):03}"
    return _place("stagiaire.adresse", chance) | {
        "stagiaire.date_naissance": born.isoformat(),
        "stagiaire.lieu_naissance": chance.choice(pool["villes"])[1],
        "stagiaire.nationalite": chance.choice(pool["nationalites"]),
        "stagiaire.numero": f"22{chance.randint(100_000, 999_999)}",
        "stagiaire.nir": nir(f"{sex}{born:%y%m}{commune}{chance.randint(1, 600):03}"),
        "stagiaire.cpam": chance.choice(pool["cpams"]),
        "formation.intitule": chance.choice(pool["formations"]),
    }


def _host(chance: random.Random) -> dict[str, Any]:
    pool = facts()
    return _place("organisme.adresse", chance) | {
        "organisme.raison_sociale": chance.choice(pool["organismes"]),
        "organisme.siret": siret(
            f"{chance.randint(31, 89)}{chance.randint(10**6, 10**7 - 1)}{chance.randint(1, 40):04}"
        ),
        "organisme.ape": chance.choice(pool["apes"]),
        "organisme.activite": chance.choice(pool["activites_organisme"]),
        "organisme.effectif": chance.randint(4, 900),
        "organisme.telephone": _phone(chance, mobile=False),
        "organisme.courriel": f"{chance.choice(('contact', 'accueil', 'secretariat'))}@structure.example.com",
        "organisme.service": chance.choice(pool["services"]),
    }


def _away(start: dt.date, weeks: int, chance: random.Random) -> list[dict[str, str]] | None:
    """One or two weeks without presence, or none."""
    if weeks < 8 or chance.random() < 0.4:
        return None
    first = [
        start + dt.timedelta(weeks=week) for week in sorted(chance.sample(range(2, weeks - 2), chance.choice((1, 2))))
    ]
    return [{"debut": day.isoformat(), "fin": (day + dt.timedelta(days=4)).isoformat()} for day in first]


def _stage(chance: random.Random) -> dict[str, Any]:
    pool = facts()
    start = dt.date(2026, 2, 2) + dt.timedelta(weeks=chance.randint(0, 9))
    weeks, weekly = chance.randint(4, 16), chance.choice((35, 35, 30, 25, 32.5, 37.5))
    paid = chance.random() < 0.6
    pay: dict[str, Any] = {"gratification.prevue": paid}
    if paid:
        unit = chance.choice(("heure", "heure", "mois"))
        amount = chance.choice((4.5, 4.65, 5.2, 6)) if unit == "heure" else chance.choice((600, 650.5, 693, 1050))
        pay |= {"gratification.montant": amount, "gratification.unite": unit}
        pay["gratification.modalite"] = chance.choice(("virement", "virement", "cheque"))
    return pay | {
        "stage.sujet": chance.choice(pool["sujets"]),
        "stage.objectifs": chance.choice(pool["objectifs"]),
        "stage.activites": chance.sample(pool["activites"], 3),
        "stage.competences": chance.sample(pool["competences"], chance.choice((2, 3))),
        "stage.date_debut": start.isoformat(),
        "stage.date_fin": (start + dt.timedelta(weeks=weeks, days=-3)).isoformat(),
        "stage.interruptions": _away(start, weeks, chance),
        "stage.heures_hebdo": weekly,
        "stage.heures_jour": weekly / 5,
        "stage.duree_heures": weeks * weekly,
        "stage.quotite": "plein" if weekly >= 35 else "partiel",
        "stage.obligatoire": chance.random() < 0.7,
        "stage.teletravail": chance.random() < 0.3,
        "stage.confidentialite": chance.random() < 0.2,
        "stage.modalites_encadrement": chance.choice(pool["encadrements"]),
        "stage.avantages": chance.choice(pool["avantages"]),
        **{f"stage.semaine.{day}": weekly / 5 for day in ("lundi", "mardi", "mercredi", "jeudi", "vendredi")},
        "assurance_rc.compagnie": chance.choice(pool["compagnies"]),
        "assurance_rc.contrat": f"{chance.randint(1_000_000, 9_999_999)}{chance.choice('ABCKX')}",
        "assurance_rc.expire_le": dt.date(2026, 12, 31).isoformat(),
        "signatures.lieu": chance.choice(pool["villes"])[1],
        "signatures.stagiaire_le": (dt.date(2025, 12, 1) + dt.timedelta(days=chance.randint(0, 45))).isoformat(),
    }
