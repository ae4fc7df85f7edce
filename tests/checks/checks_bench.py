"""Valid forms of invented people, and a bench: change one answer, look at one rule."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.checks import validate
from pipeline.core.decisions import Decisions
from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import Dictionary
from pipeline.core.formation import Formation, Session
from pipeline.core.law import Law
from pipeline.core.models import (
    FieldReading,
    Kind,
    Problem,
    Reading,
    Record,
    Refused,
    Severity,
    Verdict,
    put,
)


def twenty_days() -> list[dict[str, Any]]:
    """Twenty Mondays and Tuesdays of seven hours, none on a holiday nor on the day of the meeting."""
    first = dt.date(2025, 4, 7)
    off = {dt.date(2025, 4, 15), dt.date(2025, 4, 21), dt.date(2025, 6, 9)}
    days = [first + dt.timedelta(weeks=week, days=day) for week in range(13) for day in (0, 1)]
    return calendar([day for day in days if day not in off][:20])


def calendar(days: Iterable[dt.date], hours: float = 7) -> list[dict[str, Any]]:
    """The calendar of these days, each of so many hours."""
    return [{"date": day.isoformat(), "heures": hours} for day in days]


_PLACE = {"voie": "3 place du Marché", "code_postal": "29200", "ville": "Brest", "pays": "France"}
_COMMON: dict[str, Any] = {
    "stagiaire": {
        "civilite": "Mme",
        "nom": "LE GOFF",
        "prenom": "Maëlle",
        "date_naissance": "1988-03-17",
        "adresse": {**_PLACE, "voie": "12 rue de l’Église"},
        "telephone": "+33612345678",
        "courriel": "maelle.legoff@example.org",
        "numero": "NPE012345",
    },
    "organisme": {
        "raison_sociale": "Association « Les Pieds sur Terre »",
        "siret": "73282932000074",
        "ape": "8899B",
        "type": "association",
        "effectif": 48,
        "droit_public": False,
        "adresse": _PLACE,
        "telephone": "+33298000000",
        "courriel": "contact@example.org",
        "signataire": {
            "civilite": "M.",
            "nom": "NGUYEN-VAN",
            "prenom": "Loïc",
            "fonction": "Directeur général",
            "courriel": "dg@example.org",
        },
    },
    "tuteur": {
        "civilite": "Mme",
        "nom": "BENAÏSSA",
        "prenom": "Inès",
        "fonction": "Cheffe de service",
        "telephone": "+33298000001",
        "courriel": "ines@example.org",
    },
    "stage": {
        "sujet": "L’accueil temporaire",
        "competences": ["Conduire une réunion"],
        "modalites_encadrement": "Entretien hebdomadaire",
        "obligatoire": True,
    },
    "signatures": {"stagiaire_le": "2025-03-15", "tuteur_le": "2025-03-16"},
}
_EMPLOYER = {
    "raison_sociale": "Fondation Exemple",
    "siret": "35600000009075",
    "adresse": _PLACE,
    "signataire": {"nom": "MÜLLER", "prenom": "Zoé", "fonction": "DRH", "courriel": "drh@example.org"},
}


def coordination() -> dict[str, Any]:
    """A salariée of the coordination training: 140 hours over a calendar."""
    data = copy.deepcopy(_COMMON)
    data["stagiaire"] |= {"regime": "FPC_SALARIE_EMPLOYEUR", "sur_mission_coordination": True}
    data["organisme"]["secteur"] = "medico-social"
    data["employeur"] = copy.deepcopy(_EMPLOYER)
    data["dpp"] = {"lieu": "stage"}
    data["stage"] |= {
        "objectifs": "Comprendre la coordination des parcours",
        "activites": ["Suivre les projets personnalisés"],
        "date_debut": "2025-04-07",
        "date_fin": "2025-06-23",
        "duree_heures": 140,
        "heures_hebdo": 14,
        "heures_jour": 7,
        "quotite": "partiel",
        "calendrier": twenty_days(),
    }
    return data


def licence(regime: str = "FPC_SALARIE_INDIVIDUEL") -> dict[str, Any]:
    """An auditrice of the licence, full time: 560 hours in eighty days of 2026, accord given."""
    data = copy.deepcopy(_COMMON)
    data["stagiaire"] |= {"regime": regime, "experience_insertion_mois": 3}
    data["organisme"]["secteur"] = "insertion"
    data["stage"] |= {
        "objectifs": "Découvrir le champ de l’insertion et acquérir la méthodologie de projet",
        "activites": ["Observer des entretiens d’accueil", "Animer un atelier collectif et en rendre compte"],
        "projet_collectif": "Un atelier de mobilité avec les habitants du quartier",
        "date_debut": "2026-02-02",
        "date_fin": "2026-05-29",
        "duree_heures": 560,
        "heures_hebdo": 35,
        "heures_jour": 7,
        "quotite": "plein",
    }
    data["accord_pedagogique"] = {"decision": "favorable", "date": "2026-01-12", "par": "F. GARÇON"}
    data["signatures"] = {"stagiaire_le": "2026-01-09", "tuteur_le": "2026-01-09"}
    if regime == "FI_ETUDIANT":
        data["stagiaire"]["cpam"] = "CPAM du Finistère"
        data["stage"]["conges_modalites"] = "Deux jours par mois, sur demande écrite"
        data["gratification"] = {"prevue": True, "montant": 4.5, "unite": "heure", "modalite": "virement"}
        data["assurance_rc"] = {"compagnie": "Assureur Exemple", "contrat": "A-40123", "expire_le": "2026-12-31"}
    if regime in ("FPC_SALARIE_EMPLOYEUR", "AGENT_PUBLIC"):
        data["employeur"] = copy.deepcopy(_EMPLOYER)
    return data


def leaves(data: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every (path, value) of nested mappings; lists and the hours of a week are one answer."""
    for key, value in data.items():
        if isinstance(value, Mapping) and key != "semaine":
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def reading_of(data: Mapping[str, Any], formation: Formation, session: Session) -> Reading:
    """The reading that a perfect reader would make of these answers."""
    fields = tuple(FieldReading(path, value, str(value), "acroform", 0.99, page=1) for path, value in leaves(data))
    return Reading(
        "0" * 64, Kind.ACROFORM, f"{formation.code}/{session.annee}", formation.code, session.annee, fields
    )


@dataclass(frozen=True)
class Bench:
    """One form on the bench: change it with ``having``, look at it with ``verdict`` or ``problems``."""

    dictionary: Dictionary
    formation: Formation
    session: Session
    law: Law
    reading: Reading
    today: dt.date
    received_on: dt.date
    decisions: Decisions = field(default_factory=Decisions)

    def having(self, answers: Mapping[str, Any] | None = None, **changes: Any) -> Bench:
        """The same form with other answers by path (None: left blank), or another ``today`` or ``decisions``."""
        data: dict[str, Any] = {}
        for entry in self.reading.fields:
            put(data, entry.path, entry.value)
        for path, value in (answers or {}).items():
            put(data, path, value)
        reading = reading_of(data, self.formation, self.session) if answers else self.reading
        return replace(self, **({"reading": reading} | changes))

    def doubting(self, path: str, raw: str, why: str, code: Reason = Reason.INVALID) -> Bench:
        """The same form where the reader doubts one value."""
        kept = [entry for entry in self.reading.fields if entry.path != path]
        doubt = FieldReading(path, None, raw, "pdf", 0.4, page=2, doubt=Doubt(code, why))
        return replace(self, reading=replace(self.reading, fields=(*kept, doubt)))

    def ruled(self, rule: str, **parameters: Any) -> Bench:
        """The same form under a formation whose rule has other parameters."""
        rules = [line | parameters if line["id"] == rule else line for line in self.formation.rules]
        settings = {**self.formation.settings, "regles": rules}
        return replace(self, formation=replace(self.formation, settings=settings))

    def outcome(self) -> Record | Refused:
        """The result of the checks."""
        return validate(
            self.reading,
            dictionary=self.dictionary,
            formation=self.formation,
            session=self.session,
            law=self.law,
            decisions=self.decisions,
            today=self.today,
            received_on=self.received_on,
        )

    def verdict(self, rule: str) -> Verdict:
        """What one rule said."""
        return next(verdict for verdict in self.outcome().verdicts if verdict.rule == rule)

    def problems(self, rule: str) -> tuple[Problem, ...]:
        """The problems of one rule."""
        return self.verdict(rule).problems

    def severities(self, rule: str) -> list[str]:
        """How severe one rule’s problems are, in order: empty when it holds."""
        return [problem.severity.value for problem in self.problems(rule)]

    def blocking(self) -> list[str]:
        """The numbers of the rules that block, once each."""
        return [
            verdict.rule
            for verdict in self.outcome().verdicts
            if any(problem.severity is Severity.BLOCKING for problem in verdict.problems)
        ]
