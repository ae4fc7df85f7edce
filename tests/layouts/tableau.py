"""Layout 1: one bordered table per section, label cells in grey, tick boxes as characters."""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Cm, Pt, RGBColor
from word_kit import Ink, new_document, shade

TOML = """version = "2025-09"
titre = "Demande de convention de stage"
formations = ["cnam-lp-insertion", "coordination-essms"]
dates = "jour-mois"

[libelles]
"organisme.signataire.nom_prenom" = ["Convention signée par"]
"""
_WIDTHS = (3.9, 4.9, 3.7, 4.9)
_YES_NO = (("oui", "Oui"), ("non", "Non"))
_MODES = (("cheque", "Chèque"), ("virement", "Virement"), ("especes", "Espèces"))
_CIVILITY = (("Mme", "Madame"), ("M.", "Monsieur"))
# A row is label, slot, and maybe a second label and slot; a slot is a path, or a path and its options.
Sections = tuple[tuple[str, tuple[tuple[Any, ...], ...]], ...]
SECTIONS: Sections = (
    (
        "A. Le ou la stagiaire",
        (
            ("Civilité", ("stagiaire.civilite", _CIVILITY), "N° étudiant", "stagiaire.numero"),
            ("Nom de famille", "stagiaire.nom", "Prénom(s)", "stagiaire.prenom"),
            ("Date de naissance", "stagiaire.date_naissance", "Lieu de naissance", "stagiaire.lieu_naissance"),
            ("Numéro de sécurité sociale", "stagiaire.nir"),
            ("Domicile (n° et voie)", "stagiaire.adresse.voie"),
            ("Code postal", "stagiaire.adresse.code_postal", "Commune", "stagiaire.adresse.ville"),
            ("Téléphone portable", "stagiaire.telephone", "Adresse électronique", "stagiaire.courriel"),
            ("Diplôme préparé", "formation.intitule"),
        ),
    ),
    (
        "B. La structure d’accueil",
        (
            ("Nom ou dénomination sociale", "organisme.raison_sociale"),
            ("N° SIRET (14 chiffres)", "organisme.siret", "Code NAF", "organisme.ape"),
            ("Adresse du siège", "organisme.adresse.voie"),
            ("Code postal", "organisme.adresse.code_postal", "Commune", "organisme.adresse.ville"),
            ("Téléphone", "organisme.telephone", "Adresse électronique", "organisme.courriel"),
            (
                "Convention signée par",
                "organisme.signataire.nom_prenom",
                "En qualité de",
                "organisme.signataire.fonction",
            ),
            ("Service où se déroule le stage", "organisme.service"),
        ),
    ),
    (
        "C. L’encadrement",
        (
            (
                "Tuteur ou tutrice de terrain (nom et prénom)",
                "tuteur.nom_prenom",
                "Fonction exercée",
                "tuteur.fonction",
            ),
            ("Téléphone professionnel", "tuteur.telephone", "Courriel professionnel", "tuteur.courriel"),
            (
                "Enseignant référent (nom et prénom)",
                "referent.nom_prenom",
                "Courriel de l’enseignant",
                "referent.courriel",
            ),
        ),
    ),
    (
        "D. Le stage",
        (
            (
                "Le stage est obligatoire",
                ("stage.obligatoire", _YES_NO),
                "Télétravail prévu",
                ("stage.teletravail", _YES_NO),
            ),
            ("Thème du stage", "stage.sujet"),
            ("Premier jour", "stage.date_debut", "Dernier jour", "stage.date_fin"),
            ("Heures par semaine", "stage.heures_hebdo", "Total des heures de présence", "stage.duree_heures"),
            ("Missions confiées", "stage.activites"),
            ("Avantages accordés", "stage.avantages"),
        ),
    ),
    (
        "E. Gratification et assurance",
        (
            ("Stage gratifié", ("gratification.prevue", _YES_NO), "Montant prévu", "gratification.montant"),
            ("Versement par", ("gratification.modalite", _MODES)),
            ("Assureur (responsabilité civile)", "assurance_rc.compagnie", "N° de police", "assurance_rc.contrat"),
        ),
    ),
)


def draw(ink: Ink, sections: Sections = SECTIONS) -> Document:
    """One copy of the form, or of the form that ``sections`` describe."""
    document = new_document("Calibri", 10, 1.8)
    _title(document)
    for title, rows in sections:
        _section(document, ink, title, rows)
    _signatures(document, ink)
    return document


def _title(document: Document) -> None:
    head = document.add_paragraph()
    run = head.add_run("Institut des métiers du social – Campus de l’Exemple")
    run.italic, run.font.size = True, Pt(9)
    title = document.add_paragraph()
    run = title.add_run("DEMANDE DE CONVENTION DE STAGE")
    run.bold, run.font.size, run.font.color.rgb = True, Pt(16), RGBColor(0x1F, 0x5C, 0x3A)
    document.add_paragraph(
        "Année 2025-2026. Une demande par stage, remplie au clavier puis déposée au bureau des stages au moins trois "
        "semaines avant le départ. Toute demande incomplète sera retournée."
    )


def _section(document: Document, ink: Ink, title: str, rows: tuple[tuple[Any, ...], ...]) -> None:
    table = document.add_table(rows=0, cols=4)
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    bar = table.add_row().cells
    merged = bar[0].merge(bar[3])
    shade(merged, "1F5C3A")
    run = merged.paragraphs[0].add_run(title)
    run.bold, run.font.color.rgb = True, RGBColor(0xFF, 0xFF, 0xFF)
    for row in rows:
        cells = table.add_row().cells
        for cell, width in zip(cells, _WIDTHS, strict=True):
            cell.width = Cm(width)
        if len(row) == 2:
            cells[1].merge(cells[3])
        for number, content in enumerate(row):
            if number % 2:
                _answer(cells[number], ink, content)
            else:
                shade(cells[number], "EDEDED")
                cells[number].paragraphs[0].add_run(content).font.size = Pt(9)
    document.add_paragraph().paragraph_format.line_spacing = Pt(6)


def _answer(cell: Any, ink: Ink, slot: Any) -> None:
    if isinstance(slot, str):
        lines = ink.text(slot).split("\n")
        cell.paragraphs[0].add_run(lines[0] if len(lines) == 1 else f"- {lines[0]}")
        for line in lines[1:]:
            cell.add_paragraph(f"- {line}")
        return
    path, options = slot
    cell.paragraphs[0].add_run("    ".join(f"{ink.box(path, option)} {label}" for option, label in options))


def _signatures(document: Document, ink: Ink) -> None:
    place = ink.text("signatures.lieu", "……………………")
    day = ink.text("signatures.stagiaire_le", "…… / …… / …………")
    document.add_paragraph(f"Fait à {place}, le {day}")
    table = document.add_table(rows=2, cols=3)
    table.style = "Table Grid"
    titles = ("Signature du ou de la stagiaire", "Cachet et signature de la structure", "Avis du bureau des stages")
    for cell, title in zip(table.rows[0].cells, titles, strict=True):
        cell.paragraphs[0].add_run(title).font.size = Pt(9)
    table.rows[1].height = Cm(1.6)
