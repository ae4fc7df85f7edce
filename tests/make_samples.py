"""Make the sample forms again (``make samples``): invented people, filled as a student would fill them.

Run from anywhere; the files go to ``tests/samples``. They replay 17 March 2025.
"""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import docx
import people
from docx.oxml.ns import qn
from forms_filler import fill_acroform, fill_word, print_pdf

from pipeline.core.fields import Dictionary
from pipeline.core.formation import load_formation
from pipeline.core.workspace import Workspace
from pipeline.documents.binding.assembly import settle_piece
from pipeline.documents.libreoffice import convert
from pipeline.forms.blank import plan_blank
from pipeline.forms.drawing.blank_docx import draw_docx
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.forms.prefill import slot_texts

SAMPLES = Path(__file__).parent / "samples"
ROOT = Path(__file__).parent.parent
STANDARD = "Référentiel de compétence et de certification (exemple)"


def jobseeker() -> dict[str, Any]:
    """A jobseeker of the coordination: three sign."""
    return people.coordination(
        stagiaire__civilite="M.",
        stagiaire__nom="D’ASSIGNIES",
        stagiaire__prenom="Noël",
        stagiaire__regime="FPC_DEMANDEUR_EMPLOI",
        stagiaire__date_naissance="1979-11-02",
        stagiaire__courriel="noel.dassignies@example.org",
        stagiaire__numero="NPE012388",
        employeur={},
        lettre_mission={},
        stagiaire__sur_mission_coordination=True,
        stage__calendrier=people.days(dt.date(2025, 4, 14), (1, 3, 5), 20),
        stage__date_debut="2025-04-14",
        stage__date_fin="2025-05-30",
        stage__heures_hebdo=21,
    )


def agent() -> dict[str, Any]:
    """An agent public already on a coordination mission: four sign, no lettre de mission."""
    return people.coordination(
        stagiaire__nom="ÖZTÜRK",
        stagiaire__prenom="Aylin",
        stagiaire__regime="AGENT_PUBLIC",
        stagiaire__courriel="aylin.ozturk@example.org",
        stagiaire__numero="NPE012401",
        stagiaire__sur_mission_coordination=True,
        lettre_mission={},
        employeur__raison_sociale="CCAS d’Exempleville",
    )


def to_correct() -> dict[str, Any]:
    """Six days in a week, a day of 6 h 30, a wrong SIRET, a tuteur who does not coordinate: it goes back."""
    calendar = [*people.days(dt.date(2025, 6, 9), (1, 2, 3, 4, 5, 6), 19), {"date": "2025-07-03", "heures": 6.5}]
    return people.coordination(
        stagiaire__nom="PETIT",
        stagiaire__prenom="Chloé",
        stagiaire__courriel="chloe.petit@example.org",
        stagiaire__numero="NPE012512",
        organisme__siret="73282932000079",
        tuteur__fonction="Secrétaire",
        stage__calendrier=calendar,
        stage__date_debut="2025-06-10",
        stage__date_fin="2025-07-03",
        stage__heures_hebdo=35,
    )


def cnam_jobseeker() -> dict[str, Any]:
    """An auditeur in formation continue, part time: no gratification, the same 560 hours."""
    return people.cnam(
        stagiaire__civilite="M.",
        stagiaire__nom="HADDAD",
        stagiaire__prenom="Samir",
        stagiaire__regime="FPC_DEMANDEUR_EMPLOI",
        stagiaire__date_naissance="1985-01-30",
        stagiaire__courriel="samir.haddad@example.org",
        stagiaire__numero="IDF198877",
        gratification={"prevue": False},
        stage__date_debut="2025-04-14",
        stage__date_fin="2025-10-21",
        stage__heures_hebdo=21,
        stage__semaine={"lundi": 7, "mardi": 7, "mercredi": 7},
        stage__quotite="partiel",
    )


def cnam_waiting() -> dict[str, Any]:
    """An auditrice whose responsable pédagogique has not given the accord yet."""
    return people.cnam(
        stagiaire__nom="ROUX",
        stagiaire__prenom="Anaïs",
        stagiaire__regime="FPC_AUTOFINANCE",
        stagiaire__courriel="anais.roux@example.org",
        stagiaire__numero="IDF200113",
        accord_pedagogique={},
        gratification={"prevue": False},
        stage__date_debut="2025-04-28",
        stage__date_fin="2025-09-23",
        stage__heures_hebdo=28,
        stage__quotite="partiel",
        stage__semaine={"lundi": 7, "mardi": 7, "jeudi": 7, "vendredi": 7},
    )


WANTED = (
    ("1-cnam-etudiante", people.CNAM, people.cnam, "pdf"),
    ("2-cnam-emploi", people.CNAM, cnam_jobseeker, "docx"),
    ("3-cnam-attente", people.CNAM, cnam_waiting, "pdf"),
    ("4-essms-salariee", people.COORDINATION, people.coordination, "pdf"),
    ("5-essms-emploi", people.COORDINATION, jobseeker, "docx"),
    ("6-essms-imprime", people.COORDINATION, agent, "printed"),
    ("7-essms-erreurs", people.COORDINATION, to_correct, "pdf"),
)


def standard() -> bytes:
    """The référentiel of the coordination, as an invented certifier would hand it over: a tagged PDF of one page."""
    word = docx.Document()
    word.core_properties.title = STANDARD
    word.add_heading("Référentiel de compétence et de certification", 1)
    word.add_paragraph(
        "Document inventé pour les exemples de liasse : il n’a aucune valeur, et ne reprend aucun référentiel publié."
    )
    word.add_heading("Compétences", 2)
    table = word.add_table(rows=1, cols=2, style="Table Grid")
    skills = (
        ("Compétence", "Indicateur"),
        ("Coordonner l’action d’une équipe", "Chacun sait ce qu’il a à faire, et pour quand"),
        ("Conduire un projet", "Le projet a un objet, un calendrier et un bilan"),
        ("Rendre compte", "L’écrit dit ce qui a été fait, et ce qui reste à faire"),
    )
    for number, words in enumerate(skills):
        cells = table.rows[0].cells if number == 0 else table.add_row().cells
        for cell, text in zip(cells, words, strict=True):
            cell.text = text
    head = table.rows[0]._tr.get_or_add_trPr()
    head.append(head.makeelement(qn("w:tblHeader"), {}))
    word.add_heading("Certification", 2)
    word.add_paragraph("Un dossier de pratiques professionnelles est présenté devant un jury.")
    made = io.BytesIO()
    word.save(made)
    pdf = convert({"referentiel": made.getvalue()}, pdfa=True)["referentiel"]  # for packets that are archived too
    return settle_piece(pdf, title=STANDARD, on=people.TODAY, pdfa=True)


def main() -> None:
    """Write every sample."""
    place = SAMPLES / "etablissement" / people.COORDINATION / "referentiel.pdf"
    place.write_bytes(standard())
    workspace = Workspace.at(ROOT)
    dictionary = Dictionary.load(workspace)
    SAMPLES.mkdir(exist_ok=True)
    for name, code, data, kind in WANTED:
        formation = load_formation(workspace, code)
        blank = plan_blank(dictionary, formation, formation.session("2024-2025"))
        texts = slot_texts(blank, data())
        if kind == "docx":
            (SAMPLES / f"{name}.docx").write_bytes(fill_word(draw_docx(blank), texts))
            continue
        filled = fill_acroform(draw_pdf(blank), blank, texts)
        (SAMPLES / f"{name}.pdf").write_bytes(print_pdf(filled) if kind == "printed" else filled)


if __name__ == "__main__":
    main()
