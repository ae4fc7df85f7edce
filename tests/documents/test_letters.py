"""The letter that asks for what is missing: each problem under the whole title of its field."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import people

from pipeline.core.fields import Dictionary
from pipeline.core.models import Form, Kind, Problem, Reading, Refused, Severity, Verdict, Who
from pipeline.core.programme import Programme
from pipeline.core.workspace import Workspace
from pipeline.documents.letters import letter_for_problems
from pipeline.documents.proof import page_texts

FIELDS = {
    "stage.presence_exceptionnelle": "Présence de nuit, le dimanche ou un jour férié (Stage) Répondez.",
    "stage.exceptions": "Jours ajoutés, ou d’une autre durée (Stage) Répondez.",
    "stagiaire.numero": "N° d’auditeur, d’étudiant ou d’inscription (Stagiaire) Répondez.",
    "organisme.lieu_stage.ville": "Ville (Organisme d’accueil, Lieu du stage",
}


def test_a_title_with_a_comma_stays_whole(
    workspace: Workspace, dictionary: Dictionary, programme: Callable[[str], Programme]
) -> None:
    """What is to be mended is the field, between brackets the parts of the form that hold it."""
    house = programme(people.CNAM)
    problems = tuple(
        Problem("L-26", Severity.BLOCKING, path, f"{dictionary.label(path)} : répondez.", Who.STAGIAIRE)
        for path in FIELDS
    )
    verdict = Verdict("L-26", "Nuit, dimanche et jours fériés", "C. éduc.", applies=True, problems=problems)
    reading = Reading("ab" * 32, Kind.ACROFORM, None, people.CNAM, "2024-2025", ())
    files = letter_for_problems(
        Form("ab" * 32, Path("x"), "formulaire.pdf", people.TODAY),
        Refused(people.cnam(), (verdict,), reading),
        number="2024-001",
        dictionary=dictionary,
        formation=house.formation,
        session=house.session,
        workspace=workspace,
        on=people.TODAY,
    )
    text = " ".join(" ".join(page_texts(files["lettre-de-complement.pdf"])).split())
    for said in FIELDS.values():
        assert said in text
