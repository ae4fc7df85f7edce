"""Papers of a dossier's life as tests fill them: a plan, the answers of invented people, the ways they come back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import people
from forms_filler import fill_acroform, fill_word, print_pdf, print_words

from pipeline.core.fields import Dictionary
from pipeline.core.formation import load_formation
from pipeline.core.models import get, put
from pipeline.core.paper_kinds import OF_A_DOSSIER, PaperForm
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import Blank
from pipeline.forms.drawing.blank_docx import draw_docx
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.forms.paper_plans import plan_paper
from pipeline.forms.prefill import slot_texts

SESSION = "2024-2025"
NUMBER = "2025-001"
RECORDS = {people.CNAM: people.cnam, people.COORDINATION: people.coordination}
CASES = [(code, paper) for code in RECORDS for paper in OF_A_DOSSIER]
DRESSES = ("fillable", "Word", "printed", "Word printed")
_FIVE = ("excellent", "tres_bien", "bien", "moyen", "insuffisant")
_FOUR = ("tout_a_fait", "plutot_oui", "plutot_non", "pas_du_tout", "sans_objet")


def paper_plan(workspace: Workspace, dictionary: Dictionary, code: str, paper: PaperForm) -> Blank:
    """The plan of a paper of a formation, in the session of the samples."""
    formation = load_formation(workspace, code)
    return plan_paper(dictionary, formation, formation.session(SESSION), paper)


def answers(code: str, paper: PaperForm, number: str = NUMBER, **changes: Any) -> dict[str, Any]:
    """What is written on a paper of the sample's person: the record, and what the paper asks besides."""
    data = RECORDS[code]()
    put(data, "dossier.numero", number)
    _FILLED[paper](data)
    for path, value in changes.items():
        put(data, path.replace("__", "."), value)
    return data


def _modification(data: dict[str, Any]) -> None:
    data["modification"] = {
        "date_effet": "2025-05-12",
        "motif": "tuteur",
        "raison": "La tutrice quitte l’association le 9 mai ; un chef de service prend la suite.",
        "demande_par": "organisme",
        "demandeur": "Loïc NGUYEN-VAN",
        "demande_le": "2025-05-02",
    }
    data["tuteur"] |= {"civilite": "M.", "nom": "KERVELLA", "prenom": "Paul", "courriel": "p.kervella@example.org"}
    data["referent"] = {"nom": "ABGRALL", "prenom": "Nolwenn", "courriel": "n.abgrall@example.org"}


def _evaluation(data: dict[str, Any]) -> None:
    for group, names in (
        ("savoir_etre", ("adaptation", "integration", "assiduite", "interet", "organisation", "autonomie")),
        ("savoir_faire", ("cerner_projet", "connaissances", "observation", "synthese", "communication")),
    ):
        for n, name in enumerate(names):
            put(data, f"evaluation.{group}.{name}", _FIVE[n % 5])
    data["evaluation"] |= {
        "generale": "tres_bien",
        "objectifs": "en_partie",
        "appreciation": "Analyse juste des besoins ; l’écrit professionnel reste à travailler.",
        "heures_faites": 133,
        "valide": True,
        "attestation_remise": True,
        "nouveau_stagiaire": False,
        "evaluateur": "Inès BENAÏSSA",
        "fonction": "Cheffe de service",
        "evalue_le": "2025-06-26",
    }


def _questionnaire(data: dict[str, Any]) -> None:
    for n, path in enumerate(
        ("accueil.arrivee", "accueil.equipe", "encadrement.points", "activites.moyens", "respect.securite")
    ):
        put(data, f"questionnaire.{path}", _FOUR[n])
    data["questionnaire"] |= {
        "reussi": "L’accueil de l’équipe et les points du lundi.",
        "difficultes": "Aucun poste informatique la première semaine.",
        "recommande": "reserve",
        "rempli_le": "2025-06-27",
    }


def sheet_of_may() -> dict[str, Any]:
    """May 2025: stage on Tuesdays and Thursdays, 7 h, but for the holidays of the 1st, 8th and 29th; a sick day."""
    days: dict[str, dict[str, Any]] = {}
    for n in range(1, 32):
        day, row = dt.date(2025, 5, n), f"j{n:02d}"
        if n in (1, 8, 29):
            days[row] = {"matin": "F", "apres_midi": "F"}
        elif day.isoweekday() not in (2, 4):
            days[row] = {"matin": "–", "apres_midi": "–"}
        elif n == 20:
            days[row] = {"prevues": 7, "matin": "M", "apres_midi": "M"}
        else:
            days[row] = {"prevues": 7, "matin": "P", "apres_midi": "P", "heures": 7}
    return days


def _emargement(data: dict[str, Any]) -> None:
    data["emargement"] = {
        "mois": "mai 2025",
        "jours": sheet_of_may(),
        "total_heures": 35,
        "stagiaire_le": "2025-05-30",
        "tuteur_le": "2025-06-02",
    }


_FILLED = {
    PaperForm.MODIFICATION: _modification,
    PaperForm.EVALUATION: _evaluation,
    PaperForm.QUESTIONNAIRE: _questionnaire,
    PaperForm.EMARGEMENT: _emargement,
}


def asked_of(blank: Blank, data: Mapping[str, Any]) -> dict[str, Any]:
    """The part of some answers that a paper asks for, by path."""
    found = {cell.field.path: get(data, cell.field.path) for cell in blank.cells()}
    return {path: value for path, value in found.items() if value is not None}


def in_dress(blank: Blank, data: Mapping[str, Any], dress: str) -> bytes:
    """The paper with these answers: typed on screen, in Word, or printed to PDF from either."""
    texts = slot_texts(blank, data)
    if dress == "fillable":
        return fill_acroform(draw_pdf(blank), blank, texts)
    if dress == "printed":
        return print_pdf(draw_pdf(blank, data))
    word = fill_word(draw_docx(blank), texts)
    return word if dress == "Word" else print_words([word])[0]
