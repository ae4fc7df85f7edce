"""Invented people and their stages: the records that sample forms are filled with. All addresses are example.org."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

from pipeline.core.models import put

TODAY = dt.date(2025, 3, 17)
CNAM, COORDINATION = "cnam-lp-insertion", "coordination-essms"


def coordination(**changes: Any) -> dict[str, Any]:
    """A salariée sent by her employer, not yet on a coordination mission: four sign, a lettre de mission is due."""
    return _changed(_COORDINATION, changes)


def cnam(**changes: Any) -> dict[str, Any]:
    """A student in formation initiale, full time for eighty days, with a gratification of 4.35 € an hour."""
    return _changed(_CNAM, changes)


def _changed(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    data = copy.deepcopy(base)
    for path, value in changes.items():
        put(data, path.replace("__", "."), value)
    return data


def days(start: dt.date, weekdays: tuple[int, ...], count: int) -> list[dict[str, Any]]:
    """``count`` days of seven hours from ``start`` on these ISO weekdays, public holidays of spring 2025 left out."""
    closed = {
        dt.date(2025, 4, 21),
        dt.date(2025, 5, 1),
        dt.date(2025, 5, 8),
        dt.date(2025, 5, 29),
        dt.date(2025, 6, 9),
    }
    chosen: list[dict[str, Any]] = []
    day = start
    while len(chosen) < count:
        if day.isoweekday() in weekdays and day not in closed:
            chosen.append({"date": day.isoformat(), "heures": 7})
        day += dt.timedelta(days=1)
    return chosen


_COORDINATION: dict[str, Any] = {
    "stagiaire": {
        "civilite": "Mme",
        "nom": "LE GOFF",
        "prenom": "Maëlle",
        "date_naissance": "1988-03-17",
        "lieu_naissance": "Quimper",
        "adresse": {
            "voie": "12 rue de l’Église",
            "complement": "Bât. B",
            "code_postal": "29000",
            "ville": "Quimper",
            "pays": "France",
        },
        "telephone": "+33612345678",
        "courriel": "maelle.legoff@example.org",
        "numero": "NPE012345",
        "regime": "FPC_SALARIE_EMPLOYEUR",
        "contact_urgence": "Yann LE GOFF, 06 12 34 56 79",
        "sur_mission_coordination": False,
        "cpam": "CPAM du Finistère",
    },
    "organisme": {
        "raison_sociale": "Association « Les Pieds sur Terre »",
        "siret": "73282932000074",
        "ape": "88.99B",
        "activite": "Accueil temporaire d’adultes handicapés",
        "type": "association",
        "secteur": "medico-social",
        "effectif": 48,
        "droit_public": False,
        "adresse": {"voie": "3 place du Marché", "code_postal": "29200", "ville": "Brest", "pays": "France"},
        "telephone": "+33298001122",
        "courriel": "contact@example.org",
        "service": "Pôle habitat",
        "signataire": {
            "civilite": "M.",
            "nom": "NGUYEN-VAN",
            "prenom": "Loïc",
            "fonction": "Directeur général",
            "courriel": "direction@example.org",
            "telephone": "+33298001120",
        },
        "lieu_stage": {"voie": "5 rue Basse", "code_postal": "29200", "ville": "Brest", "pays": "France"},
        "stagiaires_en_cours": 1,
    },
    "tuteur": {
        "civilite": "Mme",
        "nom": "BENAÏSSA",
        "prenom": "Inès",
        "fonction": "Cheffe de service",
        "telephone": "+33298001123",
        "courriel": "ines.benaissa@example.org",
        "anciennete": "6 ans",
        "stagiaires_en_cours": 0,
    },
    "employeur": {
        "raison_sociale": "Fondation Exemple",
        "siret": "35600000009075",
        "courriel_attestations": "formation@example.org",
        "financeur": "OPCO Santé",
        "adresse": {"voie": "1 quai du Port", "code_postal": "29000", "ville": "Quimper", "pays": "France"},
        "signataire": {
            "civilite": "Mme",
            "nom": "MÜLLER",
            "prenom": "Zoé",
            "fonction": "Directrice des ressources humaines",
            "courriel": "rh@example.org",
        },
    },
    "stage": {
        "sujet": "Coordonner l’accueil temporaire d’un pôle habitat",
        "objectifs": "Comprendre la place du coordonnateur dans l’équipe et conduire un projet d’accueil temporaire.",
        "activites": [
            "Observer les réunions de coordination et en tenir le relevé de décisions",
            "Préparer l’accueil temporaire de trois personnes avec l’équipe",
            "Rendre compte de l’avancement du projet à la cheffe de service",
        ],
        "competences": [
            "Coordonner les étapes d’un projet personnalisé",
            "Animer une réunion pluriprofessionnelle",
        ],
        "date_debut": "2025-04-08",
        "date_fin": "2025-06-24",
        "duree_heures": 140,
        "heures_hebdo": 14,
        "heures_jour": 7,
        "quotite": "partiel",
        "calendrier": days(dt.date(2025, 4, 8), (2, 4), 20),
        "modalites_encadrement": "Entretien hebdomadaire avec la référente de stage, bilan à mi-parcours.",
        "avantages": "Titres-restaurant",
        "obligatoire": True,
    },
    "dpp": {"lieu": "stage"},
    "lettre_mission": {"presente": False},
    "gratification": {"prevue": False},
    "assurance_rc": {"compagnie": "MAIF", "contrat": "4012345A", "expire_le": "2025-12-31"},
    "signatures": {"stagiaire_le": "2025-03-10", "tuteur_le": "2025-03-11"},
}

_CNAM: dict[str, Any] = {
    "stagiaire": {
        "civilite": "Mme",
        "nom": "LEFÈVRE",
        "prenom": "Élise",
        "date_naissance": "2002-09-24",
        "lieu_naissance": "L’Haÿ-les-Roses",
        "adresse": {
            "voie": "8 allée des Tilleuls",
            "complement": "Esc. C, 3e étage",
            "code_postal": "94240",
            "ville": "L’Haÿ-les-Roses",
            "pays": "France",
        },
        "telephone": "+33698765432",
        "courriel": "elise.lefevre@example.org",
        "numero": "IDF204518",
        "regime": "FI_ETUDIANT",
        "contact_urgence": "Paul LEFÈVRE, 06 98 76 54 31",
        "experience_insertion_mois": 3,
        "cpam": "CPAM du Val-de-Marne",
    },
    "organisme": {
        "raison_sociale": "Dupont & Fils Insertion",
        "siret": "81234560100007",
        "ape": "88.99B",
        "activite": "Chantiers d’insertion",
        "type": "association",
        "secteur": "insertion",
        "effectif": 26,
        "droit_public": False,
        "adresse": {"voie": "14 avenue Jean-Jaurès", "code_postal": "94110", "ville": "Arcueil", "pays": "France"},
        "telephone": "+33145678901",
        "courriel": "accueil@example.org",
        "service": "Accompagnement socioprofessionnel",
        "signataire": {
            "civilite": "M.",
            "nom": "O’CONNOR",
            "prenom": "Marc",
            "fonction": "Directeur",
            "courriel": "marc.oconnor@example.org",
            "telephone": "+33145678902",
        },
        "reglement_interieur": "Règlement remis à l’arrivée, articles 2 à 9",
        "stagiaires_en_cours": 0,
    },
    "tuteur": {
        "civilite": "M.",
        "nom": "D’ALMEIDA",
        "prenom": "João",
        "fonction": "Responsable de l’accompagnement",
        "telephone": "+33145678903",
        "courriel": "joao.dalmeida@example.org",
        "anciennete": "4 ans",
        "stagiaires_en_cours": 0,
    },
    "stage": {
        "sujet": "Participer à un atelier collectif de mobilité pour des salariés en insertion",
        "objectifs": "Découvrir le champ de l’insertion et ses dispositifs ; acquérir la méthodologie de la conduite"
        " de projet en participant à une action collective.",
        "activites": [
            "Observer des entretiens d’accompagnement et des animations de groupe",
            "Accueillir et conseiller le public avec un professionnel",
            "Participer à la conception de l’atelier collectif et à sa mise en œuvre",
            "Rendre compte de l’action dans un bilan écrit",
        ],
        "competences": [
            "Conduire un entretien d’accueil",
            "Animer une action collective",
            "Évaluer un projet avec ses partenaires",
        ],
        "projet_collectif": "Atelier « Bouger pour travailler » : douze salariés en insertion préparent ensemble"
        " leurs trajets vers l’emploi.",
        "date_debut": "2025-04-07",
        "date_fin": "2025-08-04",
        "duree_heures": 560,
        "heures_hebdo": 35,
        "semaine": {"lundi": 7, "mardi": 7, "mercredi": 7, "jeudi": 7, "vendredi": 7},
        "quotite": "plein",
        "conges_modalites": "Deux jours par mois, demandés une semaine avant",
        "modalites_encadrement": "Point hebdomadaire avec le tuteur ; deux visites du responsable du tutorat.",
        "avantages": "Titres-restaurant, moitié du titre de transport",
        "obligatoire": True,
    },
    "gratification": {"prevue": True, "montant": 4.35, "unite": "heure", "modalite": "virement"},
    "assurance_rc": {"compagnie": "MATMUT", "contrat": "980 0012 345", "expire_le": "2025-12-31"},
    "signatures": {"stagiaire_le": "2025-03-12", "tuteur_le": "2025-03-12"},
    "accord_pedagogique": {"decision": "favorable", "date": "2025-03-14", "par": "Françoise GARÇON"},
}
