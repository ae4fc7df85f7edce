"""Conventions of an invented school, each written for another system or by hand: six shapes, and mixtures."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import docx
import template_kit

# What each line of the convention says before its place, the name that a system gives it, and the field meant.
LINES = (
    ("L’établissement d’enseignement : ", "nom_etablissement", "etablissement.nom"),
    ("Adresse : ", "adresse_etablissement", "etablissement.adresse"),
    ("Représenté par : ", "signataire_etablissement", "etablissement.signataire.nom_prenom"),
    ("L’organisme d’accueil, raison sociale : ", "raison_sociale", "organisme.raison_sociale"),
    ("N° SIRET : ", "siret_organisme", "organisme.siret"),
    ("Adresse de l’organisme : ", "adresse_organisme", "organisme.adresse"),
    ("Nom du stagiaire : ", "nom_stagiaire", "stagiaire.nom"),
    ("Prénom du stagiaire : ", "prenom_stagiaire", "stagiaire.prenom"),
    ("Date de naissance : ", "date_naissance_stagiaire", "stagiaire.date_naissance"),
    ("Courriel du stagiaire : ", "courriel_stagiaire", "stagiaire.courriel"),
    ("Nom du tuteur : ", "nom_tuteur", "tuteur.nom_prenom"),
    ("Fonction du tuteur : ", "fonction_tuteur", "tuteur.fonction"),
    ("Sujet du stage : ", "sujet_stage", "stage.sujet"),
    ("Date de début du stage : ", "date_debut_stage", "stage.date_debut"),
    ("Date de fin du stage : ", "date_fin_stage", "stage.date_fin"),
    ("Activités confiées : ", "activites", "stage.activites"),
)


def saved(document: Any) -> bytes:
    """The bytes of a Word document."""
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _lines(place: Callable[[Any, str], None]) -> bytes:
    document = docx.Document()
    document.add_heading("Convention de stage", 1)
    document.add_paragraph("École d’essai, 1 rue de l’Exemple, 75001 Paris, ecole@example.org")
    for words, name, _ in LINES:
        place(document.add_paragraph(words), name)
    document.add_paragraph("Fait à ……………………, le …………………… Signature : ……………………")
    return saved(document)


def camel(name: str) -> str:
    """« nomStagiaire »."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def in_table() -> bytes:
    """Labels in the first column, «X» in the second."""
    document = docx.Document()
    table = document.add_table(rows=0, cols=2)
    for words, name, _ in LINES:
        row = table.add_row()
        row.cells[0].text = words.rstrip(" :")
        row.cells[1].text = f"«{name.title()}»"
    return saved(document)


def in_prose() -> bytes:
    """Sentences with dots: what a secretary typed years ago."""
    document = docx.Document()
    for words in (
        "CONVENTION DE STAGE",
        "ENTRE L’ÉTABLISSEMENT D’ENSEIGNEMENT École d’essai,",
        "ET L’ORGANISME D’ACCUEIL",
        "Raison sociale : ……………………………………",
        "N° SIRET : ____________________",
        "Représenté par : …………………………………… Fonction : ……………………",
        "LE STAGIAIRE",
        "Nom : …………………………… Prénom : ……………………………",
        "Né(e) le : ………………………",
        "Courriel : ………………………………………",
        "ARTICLE 2 – Le stage a pour sujet : ………………………………………………",
        "Dates : du ……………… au ………………",
        "Nom et prénom du tuteur : ………………………………",
        "Fait à ……………………, le ……………………",
    ):
        document.add_paragraph(words)
    return saved(document)


def english() -> bytes:
    """The names of a system in English, ``${studentLastname}``, in the body and in the header."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Convention de ${studentFirstname} ${studentLastname}"
    for words in (
        "Entre ${companyName}, ${companyAddress}, téléphone ${companyPhone}",
        "et ${studentFirstname} ${studentLastname}, ${studentEmail}, né(e) le ${studentBirthdate}",
        "Stage du ${internshipStart} au ${internshipEnd} : ${internshipSubject}",
        "Tuteur : ${tutorName}, ${tutorJob}. Divers : ${zzUnknown42}",
    ):
        document.add_paragraph(words)
    return saved(document)


SHAPES: dict[str, Callable[[], bytes]] = {
    "champs de publipostage": lambda: _lines(template_kit.merge_field),
    "champs simples": lambda: _lines(lambda paragraph, name: template_kit.merge_field(paragraph, name, simple=True)),
    "dollar": lambda: _lines(lambda paragraph, name: paragraph.add_run(f"${{{camel(name)}}}")),
    "accolades": lambda: _lines(lambda paragraph, name: paragraph.add_run(f"{{{name.upper()}}}")),
    "crochets": lambda: _lines(lambda paragraph, name: paragraph.add_run(f"[{name.replace('_', ' ').upper()}]")),
    "guillemets": in_table,
    "points": lambda: _lines(lambda paragraph, _: paragraph.add_run("………………………………")),
    "traits": lambda: _lines(lambda paragraph, _: paragraph.add_run("______________________")),
}
