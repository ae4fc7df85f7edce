"""Bilans of invented cohorts, small and large, with texts that a spreadsheet would obey."""

from __future__ import annotations

import datetime as dt
import random

from pipeline.cohort.rules import RULES
from pipeline.core.models import Severity
from pipeline.ledger.entries import State
from pipeline.reports.account import Bilan, Line, Note, Reason

DAY = dt.date(2025, 3, 17)
LP, ESSMS, YEAR = "cnam-lp-insertion", "coordination-essms", "2024-2025"
ACCORD = Reason(
    "S1-22", "Accord pédagogique", "Accord pédagogique : le responsable doit se prononcer.", "responsable"
)
SIRET = Reason("L-19", "Réponses lisibles et exactes", "Organisme, SIRET : 14 chiffres attendus.", "organisme")
LATE = Reason("S1-23", "Délai avant le début", "Début dans 9 jours, il en faut 12.", "stagiaire")
EVIL = (
    "=1+1",
    "+1+1",
    "-1-1",
    "@SUM(1)",
    '=cmd|"/c calc"!A0',
    "https://example.org/x",
    "007",
    "1e3",
    '=HYPERLINK("https://example.org")',
)
_HOSTS = (
    "Maison d’accueil Les Lilas",
    "Dupont & Fils Insertion",
    "Centre hospitalier de la Côte",
    "Foyer Beauséjour",
    "Association « Les Pieds sur Terre »",
    "Mission locale du Val",
    "Chantiers du Nord",
    "Entraide et logement",
    "Résidence des Tilleuls",
    "Régie de quartier Sud",
)


def small(*, host: str = "Dupont & Fils Insertion") -> Bilan:
    """Four forms: delivered, waiting for the accord, sent back, replaced; one finding."""
    lines = (
        Line(
            "11111111",
            State.DELIVERED,
            DAY,
            "LEFÈVRE",
            "Élise",
            LP,
            YEAR,
            host,
            dt.date(2025, 4, 7),
            dt.date(2025, 7, 25),
            folder="cnam/x_88662ab5",
            packet="88662ab5",
            pages=11,
            signatures=8,
            dossier="2024-001",
        ),
        Line(
            "22222222",
            State.WAITING,
            DAY,
            "ROUX",
            "Anaïs",
            LP,
            YEAR,
            "Chantiers du Nord",
            dt.date(2025, 4, 14),
            dt.date(2025, 7, 25),
            (ACCORD,),
            "Noter l’accord : liasse approve 22222222 --by NOM.",
            dossier="2024-002",
        ),
        Line(
            "33333333",
            State.TO_COMPLETE,
            DAY,
            "PETIT",
            "Chloé",
            ESSMS,
            YEAR,
            host,
            dt.date(2025, 3, 24),
            dt.date(2025, 6, 25),
            (SIRET, SIRET),
            "Envoyer la lettre.",
            "a-completer/33333333",
        ),
        Line("44444444", State.SUPERSEDED, DAY, "LEFÈVRE", "Élise", LP, YEAR, host),
    )
    note = Note(
        "C-02",
        "Homonymes",
        Severity.WARNING,
        "22222222",
        "ROUX Anaïs",
        "même nom, formulaire 11111111",
        "scolarité",
        "cohérence de la cohorte",
    )
    return Bilan(DAY, lines, (note,))


def large(number: int) -> Bilan:
    """A cohort of that many forms, most delivered."""
    chance = random.Random(2)  # noqa: S311 -- invented, the same each time
    rules = tuple(RULES.values())
    notes = (
        Note(rule.id, rule.title, Severity.WARNING, f"{at:08x}", f"NOM{at}", "constat", "scolarité", rule.source)
        for at, rule in ((at, rules[at % len(rules)]) for at in range(number // 6))
    )
    return Bilan(DAY, tuple(_line(at, chance) for at in range(number)), tuple(notes))


def _line(at: int, chance: random.Random) -> Line:
    state = chance.choices((State.DELIVERED, State.WAITING, State.TO_COMPLETE, State.FAILED), (70, 12, 15, 1))[0]
    start = DAY + dt.timedelta(days=round(chance.triangular(-4, 120, 30)))
    done = state is State.DELIVERED
    return Line(
        id=f"{at:08x}",
        state=state,
        received_on=DAY,
        name=f"NOM{at}",
        first_name="Camille",
        formation=chance.choice((LP, ESSMS)),
        year=YEAR,
        host=chance.choices(_HOSTS, range(len(_HOSTS), 0, -1))[0],
        start=start,
        end=start + dt.timedelta(days=90),
        reasons=() if done else (chance.choices((ACCORD, SIRET, LATE), (5, 4, 3))[0],),
        todo="" if done else f"Réessayer : liasse retry {at:08x} --by NOM.",
        packet=f"{at:08x}" if done else "",
        pages=12 if done else None,
        signatures=8 if done else None,
    )
