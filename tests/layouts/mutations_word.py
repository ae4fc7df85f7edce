"""Filled copies that were changed: what students do to a Word form, one thing at a time.

Each mutation takes a filled copy and its truth, changes both, and gives the paths that may not be accepted wrong.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from mutations_kit import gone, line_of, mutation, row_of, swap
from word_kit import escaped, symbol_xml

_W = nsdecls("w")
_AUTHOR = 'w:id="901" w:author="Camille EXEMPLE" w:date="2026-01-10T09:00:00Z"'


@mutation("tableau")
def _tableau_ligne_inseree(document: Document, _truth: dict[str, Any]) -> Iterable[str]:
    row = row_of(document, "Nom de famille")
    row._tr.addnext(copy.deepcopy(row._tr))
    cells = next(row for table in document.tables for row in table.rows[3:4]).cells
    for cell, text in zip(cells, ("Nom d’usage", "MARTIN", "", ""), strict=True):
        cell.paragraphs[0].runs[0].text = text
    return ("stagiaire.nom", "stagiaire.prenom")


@mutation("tableau", 2)
def _tableau_ligne_retiree(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    row = row_of(document, "Téléphone portable")._tr
    row.getparent().remove(row)
    return gone(truth, "stagiaire.telephone", "stagiaire.courriel")


@mutation("tableau", 3)
def _tableau_lignes_permutees(document: Document, _truth: dict[str, Any]) -> Iterable[str]:
    swap(row_of(document, "Premier jour")._tr, row_of(document, "Heures par semaine")._tr)
    return ("stage.date_debut", "stage.date_fin", "stage.heures_hebdo", "stage.duree_heures")


@mutation("tableau", 5)
def _tableau_colonnes_permutees(document: Document, _truth: dict[str, Any]) -> Iterable[str]:
    for row in document.tables[0].rows:
        cells = list(row._tr.tc_lst)
        if len(cells) == 4:
            swap(cells[0], cells[2])
            swap(cells[1], cells[3])
    person = ("civilite", "numero", "nom", "prenom", "date_naissance", "lieu_naissance", "telephone", "courriel")
    places = ("adresse.code_postal", "adresse.ville")
    return tuple(f"stagiaire.{name}" for name in (*person, *places))


@mutation("tableau", 6)
def _tableau_libelle_renomme(document: Document, _truth: dict[str, Any]) -> Iterable[str]:
    cell = row_of(document, "N° SIRET (14 chiffres)").cells[0]
    cell.paragraphs[0].runs[0].text = "Identifiant national de la structure"
    return ("organisme.siret", "organisme.ape")


@mutation("tableau", 1)
def _tableau_deux_cases(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    run = row_of(document, "Stage gratifié").cells[1].paragraphs[0].runs[0]
    run.text = run.text.replace("☐", "☒")
    return gone(truth, "gratification.prevue")


@mutation("tableau", 0)
def _tableau_valeur_barree(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    paragraph = row_of(document, "Téléphone professionnel").cells[1].paragraphs[0]
    paragraph.runs[0].font.strike = True
    paragraph.add_run(" 02 61 91 00 77")
    truth["tuteur.telephone"] = "+33261910077"
    return ("tuteur.telephone",)


@mutation("tableau", 2)
def _tableau_option_soulignee(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    paragraph = row_of(document, "Le stage est obligatoire").cells[1].paragraphs[0]
    paragraph.runs[0].text = "☐ "
    paragraph.add_run("Oui").font.underline = True
    paragraph.add_run("    ☐ Non")
    return gone(truth, "stage.obligatoire")


@mutation("tableau", 3)
def _tableau_suivi_des_modifications(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    paragraph = row_of(document, "Tuteur ou tutrice de terrain (nom et prénom)").cells[1].paragraphs[0]
    run = paragraph.runs[0]._r
    old = escaped(run.text)
    for xml in (
        f"<w:ins {_W} {_AUTHOR}><w:r><w:t>LE BIHAN Soizic</w:t></w:r></w:ins>",
        f'<w:del {_W} {_AUTHOR}><w:r><w:delText xml:space="preserve">{old}</w:delText></w:r></w:del>',
    ):
        run.addnext(parse_xml(xml))
    run.getparent().remove(run)
    truth["tuteur.nom_prenom"] = "LE BIHAN Soizic"
    return ("tuteur.nom_prenom",)


@mutation("tableau", 0)
def _tableau_commentaire(document: Document, _truth: dict[str, Any]) -> Iterable[str]:
    run = row_of(document, "Tuteur ou tutrice de terrain (nom et prénom)").cells[1].paragraphs[0].runs[0]
    comment = document.add_comment(
        run, "Attention : tuteur change au 1er mars.", author="Camille EXEMPLE", initials="CE"
    )
    comment._comment_elm.attrib.pop(qn("w:date"), None)
    return ("tuteur.nom_prenom", "tuteur.fonction", "tuteur.telephone", "tuteur.courriel")


@mutation("tableau", 4)
def _tableau_imbrique(document: Document, _truth: dict[str, Any]) -> Iterable[str]:
    cell = row_of(document, "Nom ou dénomination sociale").cells[1]
    value = cell.text
    cell.paragraphs[0].runs[0].text = ""
    cell.add_table(1, 1).rows[0].cells[0].paragraphs[0].add_run(value)
    cell.add_paragraph()
    return ("organisme.raison_sociale",)


@mutation("tableau", 2)
def _tableau_controle_de_cellule(document: Document, _truth: dict[str, Any]) -> Iterable[str]:
    cell = row_of(document, "N° SIRET (14 chiffres)")._tr.tc_lst[1]
    control = parse_xml(f'<w:sdt {_W}><w:sdtPr><w:tag w:val="siret"/></w:sdtPr><w:sdtContent/></w:sdt>')
    cell.addprevious(control)
    control.find(qn("w:sdtContent")).append(cell)
    return ("organisme.siret",)


@mutation("tableau", 5)
def _tableau_version_precedente(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    """Last year's form: another year, other words, the columns of B the other way round, C after D."""
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace("2025-2026", "2024-2025").replace("bureau des stages", "secrétariat")
    for old, new in (
        ("Thème du stage", "Sujet"),
        ("Domicile (n° et voie)", "Adresse"),
        ("Diplôme préparé", "Cursus"),
    ):
        row_of(document, old).cells[0].paragraphs[0].runs[0].text = new
    for row in document.tables[1].rows:
        cells = list(row._tr.tc_lst)
        if len(cells) == 4:
            swap(cells[0], cells[2])
            swap(cells[1], cells[3])
    swap(document.tables[2]._tbl, document.tables[3]._tbl)
    return tuple(truth)


@mutation("pointilles", 0)
def _pointilles_ligne_inseree(document: Document, _truth: dict[str, Any]) -> Iterable[str]:
    line = line_of(document, "Né(e) le")
    line.insert_paragraph_before("Nom d’usage : MARTIN")
    return ("stagiaire.nom", "stagiaire.prenom", "stagiaire.date_naissance")


@mutation("pointilles", 2)
def _pointilles_ligne_retiree(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    line = line_of(document, "Tél. :")._p
    line.getparent().remove(line)
    return gone(truth, "stagiaire.telephone", "stagiaire.courriel")


@mutation("pointilles", 3)
def _pointilles_lignes_permutees(document: Document, _truth: dict[str, Any]) -> Iterable[str]:
    swap(line_of(document, "N° d’inscription")._p, line_of(document, "Demeurant")._p)
    return ("stagiaire.numero", "stagiaire.nir", "stagiaire.adresse.voie")


@mutation("pointilles", 0)
def _pointilles_phrase_recrite(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    line = line_of(document, "Le stage se déroulera")
    for run in line.runs[1:]:
        run.text = ""
    line.runs[0].text = "Le stage se déroulera à partir du 02/02/2026 pendant 16 semaines, à temps plein."
    gone(truth, "stage.date_fin", "stage.duree_heures", "stage.heures_hebdo")
    return ("stage.date_debut", "stage.date_fin", "stage.duree_heures", "stage.heures_hebdo")


@mutation("colonnes", 0)
def _colonnes_permutees(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    first, second = document.tables[0].rows[0]._tr.tc_lst
    swap(first, second)
    return tuple(path for path in truth if path.startswith(("stagiaire.", "organisme.")))


@mutation("colonnes", 3)
def _colonnes_blocs_permutes(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    swap(document.tables[1]._tbl, document.tables[2]._tbl)
    return tuple(path for path in truth if not path.startswith(("stagiaire.", "organisme.")))


@mutation("colonnes", 2)
def _colonnes_deux_cases(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    cell = document.tables[2].rows[0].cells[1]
    for symbol in list(cell._tc.iter(qn("w:sym"))):
        run = symbol.getparent()
        run.addnext(parse_xml(symbol_xml(on=True).replace("<w:r>", f"<w:r {_W}>", 1)))
        run.getparent().remove(run)
    return gone(truth, "gratification.prevue")


@mutation("colonnes", 5)
def _colonnes_libelle_ajoute(document: Document, _truth: dict[str, Any]) -> Iterable[str]:
    cell = document.tables[0].rows[0].cells[0]
    label = next(paragraph for paragraph in cell.paragraphs if paragraph.text == "Prénom usuel")
    label.insert_paragraph_before("Nom d’usage")
    label.insert_paragraph_before("SCHMITT")
    return ("stagiaire.nom", "stagiaire.prenom")


@mutation("convention", 0)
def _convention_phrase_ajoutee(document: Document, _truth: dict[str, Any]) -> Iterable[str]:
    line_of(document, "Article 3").insert_paragraph_before("Le stagiaire sera absent du 2 au 13 mars 2026.")
    return ("stage.date_debut", "stage.date_fin", "stage.obligatoire")


@mutation("convention", 2)
def _convention_paragraphe_retire(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    line = line_of(document, "L’établissement confie")._p
    line.getparent().remove(line)
    paths = ("tuteur.nom_prenom", "tuteur.fonction", "tuteur.telephone", "referent.nom_prenom", "referent.courriel")
    return gone(truth, *paths)
