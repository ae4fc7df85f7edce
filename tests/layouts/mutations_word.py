"""Forms that drifted: what students and last year's secretaries do to a Word form, one thing at a time.

Each mutation takes a filled copy and its truth, changes both, and gives the paths that may not be accepted wrong.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.table import _Row
from docx.text.paragraph import Paragraph
from word_kit import escaped, symbol_xml

Change = Callable[[Document, dict[str, Any]], Iterable[str]]
_W = nsdecls("w")
_AUTHOR = 'w:id="901" w:author="Camille EXEMPLE" w:date="2026-01-10T09:00:00Z"'


@dataclass(frozen=True)
class WordMutation:
    """A change to the copy of one person on one layout; ``person`` is a place in people.toml."""

    name: str
    layout: str
    person: int
    change: Change


MUTATIONS: list[WordMutation] = []


def _mutation(layout: str, person: int = 0) -> Callable[[Change], Change]:
    def keep(change: Change) -> Change:
        MUTATIONS.append(WordMutation(change.__name__.strip("_").replace("_", "-"), layout, person, change))
        return change

    return keep


def _row(document: Document, label: str) -> _Row:
    return next(row for table in document.tables for row in table.rows if row.cells[0].text == label)


def _line(document: Document, start: str) -> Paragraph:
    return next(paragraph for paragraph in document.paragraphs if paragraph.text.startswith(start))


def _swap(first: Any, second: Any) -> None:
    mark = parse_xml(f"<w:p {_W}/>")
    first.addprevious(mark)
    second.addprevious(first)
    mark.addprevious(second)
    mark.getparent().remove(mark)


def _gone(truth: dict[str, Any], *paths: str) -> tuple[str, ...]:
    truth.update(dict.fromkeys(paths))
    return paths


@_mutation("tableau")
def _tableau_ligne_inseree(document: Document, _truth: dict[str, Any]) -> Iterable[str]:
    row = _row(document, "Nom de famille")
    row._tr.addnext(copy.deepcopy(row._tr))
    cells = next(row for table in document.tables for row in table.rows[3:4]).cells
    for cell, text in zip(cells, ("Nom d’usage", "MARTIN", "", ""), strict=True):
        cell.paragraphs[0].runs[0].text = text
    return ("stagiaire.nom", "stagiaire.prenom")


@_mutation("tableau", 2)
def _tableau_ligne_retiree(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    row = _row(document, "Téléphone portable")._tr
    row.getparent().remove(row)
    return _gone(truth, "stagiaire.telephone", "stagiaire.courriel")


@_mutation("tableau", 3)
def _tableau_lignes_permutees(document: Document, _truth: dict[str, Any]) -> Iterable[str]:
    _swap(_row(document, "Premier jour")._tr, _row(document, "Heures par semaine")._tr)
    return ("stage.date_debut", "stage.date_fin", "stage.heures_hebdo", "stage.duree_heures")


@_mutation("tableau", 5)
def _tableau_colonnes_permutees(document: Document, _truth: dict[str, Any]) -> Iterable[str]:
    for row in document.tables[0].rows:
        cells = list(row._tr.tc_lst)
        if len(cells) == 4:
            _swap(cells[0], cells[2])
            _swap(cells[1], cells[3])
    person = ("civilite", "numero", "nom", "prenom", "date_naissance", "lieu_naissance", "telephone", "courriel")
    places = ("adresse.code_postal", "adresse.ville")
    return tuple(f"stagiaire.{name}" for name in (*person, *places))


@_mutation("tableau", 6)
def _tableau_libelle_renomme(document: Document, _truth: dict[str, Any]) -> Iterable[str]:
    cell = _row(document, "N° SIRET (14 chiffres)").cells[0]
    cell.paragraphs[0].runs[0].text = "Identifiant national de la structure"
    return ("organisme.siret", "organisme.ape")


@_mutation("tableau", 1)
def _tableau_deux_cases(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    run = _row(document, "Stage gratifié").cells[1].paragraphs[0].runs[0]
    run.text = run.text.replace("☐", "☒")
    return _gone(truth, "gratification.prevue")


@_mutation("tableau", 0)
def _tableau_valeur_barree(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    paragraph = _row(document, "Téléphone professionnel").cells[1].paragraphs[0]
    paragraph.runs[0].font.strike = True
    paragraph.add_run(" 02 61 91 00 77")
    truth["tuteur.telephone"] = "+33261910077"
    return ("tuteur.telephone",)


@_mutation("tableau", 2)
def _tableau_option_soulignee(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    paragraph = _row(document, "Le stage est obligatoire").cells[1].paragraphs[0]
    paragraph.runs[0].text = "☐ "
    paragraph.add_run("Oui").font.underline = True
    paragraph.add_run("    ☐ Non")
    return _gone(truth, "stage.obligatoire")


@_mutation("tableau", 3)
def _tableau_suivi_des_modifications(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    paragraph = _row(document, "Tuteur ou tutrice de terrain (nom et prénom)").cells[1].paragraphs[0]
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


@_mutation("tableau", 0)
def _tableau_commentaire(document: Document, _truth: dict[str, Any]) -> Iterable[str]:
    run = _row(document, "Tuteur ou tutrice de terrain (nom et prénom)").cells[1].paragraphs[0].runs[0]
    comment = document.add_comment(
        run, "Attention : tuteur change au 1er mars.", author="Camille EXEMPLE", initials="CE"
    )
    comment._comment_elm.attrib.pop(qn("w:date"), None)
    return ("tuteur.nom_prenom", "tuteur.fonction", "tuteur.telephone", "tuteur.courriel")


@_mutation("tableau", 4)
def _tableau_imbrique(document: Document, _truth: dict[str, Any]) -> Iterable[str]:
    cell = _row(document, "Nom ou dénomination sociale").cells[1]
    value = cell.text
    cell.paragraphs[0].runs[0].text = ""
    cell.add_table(1, 1).rows[0].cells[0].paragraphs[0].add_run(value)
    cell.add_paragraph()
    return ("organisme.raison_sociale",)


@_mutation("tableau", 2)
def _tableau_controle_de_cellule(document: Document, _truth: dict[str, Any]) -> Iterable[str]:
    cell = _row(document, "N° SIRET (14 chiffres)")._tr.tc_lst[1]
    control = parse_xml(f'<w:sdt {_W}><w:sdtPr><w:tag w:val="siret"/></w:sdtPr><w:sdtContent/></w:sdt>')
    cell.addprevious(control)
    control.find(qn("w:sdtContent")).append(cell)
    return ("organisme.siret",)


@_mutation("tableau", 5)
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
        _row(document, old).cells[0].paragraphs[0].runs[0].text = new
    for row in document.tables[1].rows:
        cells = list(row._tr.tc_lst)
        if len(cells) == 4:
            _swap(cells[0], cells[2])
            _swap(cells[1], cells[3])
    _swap(document.tables[2]._tbl, document.tables[3]._tbl)
    return tuple(truth)


@_mutation("pointilles", 0)
def _pointilles_ligne_inseree(document: Document, _truth: dict[str, Any]) -> Iterable[str]:
    line = _line(document, "Né(e) le")
    line.insert_paragraph_before("Nom d’usage : MARTIN")
    return ("stagiaire.nom", "stagiaire.prenom", "stagiaire.date_naissance")


@_mutation("pointilles", 2)
def _pointilles_ligne_retiree(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    line = _line(document, "Tél. :")._p
    line.getparent().remove(line)
    return _gone(truth, "stagiaire.telephone", "stagiaire.courriel")


@_mutation("pointilles", 3)
def _pointilles_lignes_permutees(document: Document, _truth: dict[str, Any]) -> Iterable[str]:
    _swap(_line(document, "N° d’inscription")._p, _line(document, "Demeurant")._p)
    return ("stagiaire.numero", "stagiaire.nir", "stagiaire.adresse.voie")


@_mutation("pointilles", 0)
def _pointilles_phrase_recrite(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    line = _line(document, "Le stage se déroulera")
    for run in line.runs[1:]:
        run.text = ""
    line.runs[0].text = "Le stage se déroulera à partir du 02/02/2026 pendant 16 semaines, à temps plein."
    _gone(truth, "stage.date_fin", "stage.duree_heures", "stage.heures_hebdo")
    return ("stage.date_debut", "stage.date_fin", "stage.duree_heures", "stage.heures_hebdo")


@_mutation("colonnes", 0)
def _colonnes_permutees(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    first, second = document.tables[0].rows[0]._tr.tc_lst
    _swap(first, second)
    return tuple(path for path in truth if path.startswith(("stagiaire.", "organisme.")))


@_mutation("colonnes", 3)
def _colonnes_blocs_permutes(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    _swap(document.tables[1]._tbl, document.tables[2]._tbl)
    return tuple(path for path in truth if not path.startswith(("stagiaire.", "organisme.")))


@_mutation("colonnes", 2)
def _colonnes_deux_cases(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    cell = document.tables[2].rows[0].cells[1]
    for symbol in list(cell._tc.iter(qn("w:sym"))):
        run = symbol.getparent()
        run.addnext(parse_xml(symbol_xml(on=True).replace("<w:r>", f"<w:r {_W}>", 1)))
        run.getparent().remove(run)
    return _gone(truth, "gratification.prevue")


@_mutation("colonnes", 5)
def _colonnes_libelle_ajoute(document: Document, _truth: dict[str, Any]) -> Iterable[str]:
    cell = document.tables[0].rows[0].cells[0]
    label = next(paragraph for paragraph in cell.paragraphs if paragraph.text == "Prénom usuel")
    label.insert_paragraph_before("Nom d’usage")
    label.insert_paragraph_before("SCHMITT")
    return ("stagiaire.nom", "stagiaire.prenom")


@_mutation("convention", 0)
def _convention_phrase_ajoutee(document: Document, _truth: dict[str, Any]) -> Iterable[str]:
    _line(document, "Article 3").insert_paragraph_before("Le stagiaire sera absent du 2 au 13 mars 2026.")
    return ("stage.date_debut", "stage.date_fin", "stage.obligatoire")


@_mutation("convention", 2)
def _convention_paragraphe_retire(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    line = _line(document, "L’établissement confie")._p
    line.getparent().remove(line)
    paths = ("tuteur.nom_prenom", "tuteur.fonction", "tuteur.telephone", "referent.nom_prenom", "referent.courriel")
    return _gone(truth, *paths)
