"""Layout 3: two columns side by side, labels above their answers, Wingdings ticks, legacy Word fields."""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from word_kit import Ink, append, legacy_box_xml, legacy_text_xml, new_document, run_xml, shade, symbol_xml

TOML = """version = "v4"
titre = "Fiche de liaison stage"
formations = ["cnam-lp-insertion", "coordination-essms"]
dates = "jour-mois"

[libelles]
"referent.nom_prenom" = ["Suivi pédagogique assuré par"]
"""
_YES_NO = (("oui", "Oui"), ("non", "Non"))
# Left column, right column; each a title and its (label, slot) pairs.
Blocks = tuple[tuple[tuple[str, tuple[tuple[str, Any], ...]], ...], ...]
BLOCKS: Blocks = (
    (
        (
            "ÉLÈVE STAGIAIRE",
            (
                ("Civilité", ("stagiaire.civilite", (("Mme", "Mme"), ("M.", "M.")))),
                ("Nom", "stagiaire.nom"),
                ("Prénom usuel", "stagiaire.prenom"),
                ("Date de naissance", "stagiaire.date_naissance"),
                ("Matricule", "stagiaire.numero"),
                ("Adresse", "stagiaire.adresse.voie"),
                ("Code postal", "stagiaire.adresse.code_postal"),
                ("Ville", "stagiaire.adresse.ville"),
                ("Mobile", "stagiaire.telephone"),
                ("Mail personnel", "stagiaire.courriel"),
            ),
        ),
        (
            "ENTREPRISE OU ASSOCIATION",
            (
                ("Raison sociale", "organisme.raison_sociale"),
                ("SIRET", "organisme.siret"),
                ("APE", "organisme.ape"),
                ("Adresse", "organisme.adresse.voie"),
                ("Code postal", "organisme.adresse.code_postal"),
                ("Ville", "organisme.adresse.ville"),
                ("Téléphone", "organisme.telephone"),
                ("Mail", "organisme.courriel"),
                ("Nom du signataire", "organisme.signataire.nom_prenom"),
                ("Qualité du signataire", "organisme.signataire.fonction"),
            ),
        ),
    ),
    (
        (
            "ÉCOLE",
            (
                ("Cursus", "formation.intitule"),
                ("Suivi pédagogique assuré par", "referent.nom_prenom"),
                ("Mail", "referent.courriel"),
            ),
        ),
        (
            "TUTEUR DANS L’ENTREPRISE",
            (
                ("Nom et prénom", "tuteur.nom_prenom"),
                ("Fonction", "tuteur.fonction"),
                ("Téléphone", "tuteur.telephone"),
                ("Mail", "tuteur.courriel"),
            ),
        ),
    ),
    (
        (
            "STAGE",
            (
                ("Sujet", "stage.sujet"),
                ("Date de début", "stage.date_debut"),
                ("Date de fin", "stage.date_fin"),
                ("Stage obligatoire ?", ("stage.obligatoire", _YES_NO)),
                ("Fonctions et tâches", "stage.activites"),
            ),
        ),
        (
            "CONDITIONS",
            (
                ("Horaire hebdomadaire", "stage.heures_hebdo"),
                ("Nombre total d’heures", "stage.duree_heures"),
                ("Gratification ?", ("gratification.prevue", _YES_NO)),
                ("Montant", "gratification.montant"),
                ("Assureur responsabilité civile", "assurance_rc.compagnie"),
                ("N° de contrat", "assurance_rc.contrat"),
            ),
        ),
    ),
)
_WINGDINGS = {"stagiaire.civilite", "gratification.prevue"}  # the other ticks are legacy boxes
_PLAIN = {"stage.activites", "stage.sujet", "referent.courriel"}  # no legacy field there: typed in an empty line
_RULE = '<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="1" w:color="7A9CC6"/></w:pBdr>'


def draw(ink: Ink, blocks: Blocks = BLOCKS) -> Document:
    """One copy of the form, or of the form that ``blocks`` describe."""
    document = new_document("Arial", 9.5, 1.6)
    head = document.add_paragraph()
    run = head.add_run("FICHE DE LIAISON STAGE")
    run.bold, run.font.size, run.font.color.rgb = True, Pt(18), RGBColor(0x2E, 0x4A, 0x7D)
    document.add_paragraph(
        "École d’application de l’Exemple · service des relations avec les entreprises · version 4"
    )
    for left, right in blocks:
        table = document.add_table(rows=1, cols=2)
        for cell, block in zip(table.rows[0].cells, (left, right), strict=True):
            cell.width = Cm(8.9)
            _block(cell, ink, block)
        document.add_paragraph().paragraph_format.line_spacing = Pt(5)
    _signature(document, ink)
    return document


def _block(cell: Any, ink: Ink, block: tuple[str, tuple[tuple[str, Any], ...]]) -> None:
    title, pairs = block
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(title)
    run.bold, run.font.color.rgb = True, RGBColor(0x2E, 0x4A, 0x7D)
    shade(cell, "F7F9FC")
    for label, slot in pairs:
        above = cell.add_paragraph()
        above.paragraph_format.space_before = Pt(3)
        run = above.add_run(label)
        run.font.size, run.font.color.rgb = Pt(7.5), RGBColor(0x55, 0x55, 0x55)
        below = cell.add_paragraph()
        below._p.get_or_add_pPr().append(parse_xml(_RULE.replace("<w:pBdr", f"<w:pBdr {nsdecls('w')}", 1)))
        _answer(below, ink, slot)


def _answer(paragraph: Paragraph, ink: Ink, slot: Any) -> None:
    if isinstance(slot, str):
        value = ink.text(slot)
        xml = run_xml(value) if slot in _PLAIN else legacy_text_xml(f"Texte{len(ink.asked)}", value)
        append(paragraph, xml)
        return
    path, options = slot
    for option, label in options:
        append(paragraph, _tick(ink, path, option) + run_xml(f" {label}      "))


def _tick(ink: Ink, path: str, option: str) -> str:
    on = ink.ticked(path, option)
    if ink.annotated:
        return run_xml(ink.box(path, option))
    return symbol_xml(on=on) if path in _WINGDINGS else legacy_box_xml(f"CaseACocher{len(ink.asked)}{option}", on=on)


def _signature(document: Document, ink: Ink) -> None:
    paragraph = document.add_paragraph("Fait le ")
    append(paragraph, legacy_text_xml("DateSignature", ink.text("signatures.stagiaire_le")))
    paragraph.add_run("      Signatures de l’élève, de l’entreprise et de l’école :")
