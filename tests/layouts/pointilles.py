"""Layout 2: dotted leaders typed over, several answers on a line, a sentence « du … au … soit … »."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.shared import Cm, Pt
from word_kit import Ink, new_document

TOML = """version = "2025-2026"
titre = "Renseignements pour l’établissement de la convention"
formations = ["cnam-lp-insertion", "coordination-essms"]
pointilles = true
dates = "jour-mois"
"""
# [path:width] is a run of leaders, [path=option] a tick box, \t a tab with a dotted leader.
BODY = """# LE STAGIAIRE
Nom : [stagiaire.nom:48]Prénom : [stagiaire.prenom:44]
Né(e) le : [stagiaire.date_naissance:38] à : [stagiaire.lieu_naissance:56]
N° d’inscription : [stagiaire.numero:34] N° SS : [stagiaire.nir:50]
Demeurant : [stagiaire.adresse.voie:96]
Code postal : [stagiaire.adresse.code_postal:20] Ville : [stagiaire.adresse.ville:70]
Tél. : [stagiaire.telephone:36] Mél : [stagiaire.courriel:62]
Inscrit(e) en : [formation.intitule:94]
Caisse d’assurance maladie : [stagiaire.cpam:74]
# L’ORGANISME D’ACCUEIL
Dénomination : [organisme.raison_sociale:92]
SIRET : [organisme.siret:46] Code APE : [organisme.ape:30]
Siège social : [organisme.adresse.voie:94]
Code postal : [organisme.adresse.code_postal:20] Ville : [organisme.adresse.ville:70]
Tél. : [organisme.telephone:36] Mél : [organisme.courriel:62]
Représenté par (nom et prénom) : [organisme.signataire.nom_prenom:64]
agissant en qualité de : [organisme.signataire.fonction:78]
Service d’accueil : [organisme.service:84]
# LE MAÎTRE DE STAGE
Nom et prénom : [tuteur.nom_prenom:44] Fonction : [tuteur.fonction:40]
Tél. : [tuteur.telephone:36] Mél : [tuteur.courriel:62]
# L’ENSEIGNANT CHARGÉ DU SUIVI
Nom et prénom : [referent.nom_prenom:38] Mél : [referent.courriel:48]
# LE STAGE
Objet : [stage.sujet:98]
Le stage se déroulera du [stage.date_debut:30] au [stage.date_fin:30], soit [stage.duree_heures:22] de présence effective, à raison de [stage.heures_hebdo:18] par semaine.
Stage prévu au cursus : [stage.obligatoire=oui] oui   [stage.obligatoire=non] non
Tâches confiées (séparées par un point-virgule) : [stage.activites:150]
# GRATIFICATION – ASSURANCE
Une gratification est-elle versée ? [gratification.prevue=oui] oui   [gratification.prevue=non] non      Si oui, montant : [gratification.montant:34]
Mode de règlement : [gratification.modalite=virement] virement   [gratification.modalite=cheque] chèque   [gratification.modalite=especes] espèces
Responsabilité civile – compagnie : [assurance_rc.compagnie:36] police n° : [assurance_rc.contrat:30]
À [signatures.lieu:40] le [signatures.stagiaire_le:30]
"""  # noqa: E501 -- one line of the form is one line here
_SLOT = re.compile(r"\[([a-z_.]+)(?::(\d+)|=([a-z]+))\]")
_GLUED = {"stagiaire.nom"}  # the next label follows without a space: the answer keeps leaders on both sides
_TABBED = ("Code postal",)  # these lines end with a tab and its dotted leader, as Word users also do


def draw(ink: Ink, body: str = BODY) -> Document:
    """One copy of the form, or of the form that ``body`` describes."""
    document = new_document("Times New Roman", 11, 2.2)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run("RENSEIGNEMENTS POUR L’ÉTABLISSEMENT\nDE LA CONVENTION DE STAGE")
    run.bold, run.font.size = True, Pt(14)
    note = document.add_paragraph()
    note.add_run(
        "À remettre au secrétariat du département, complété lisiblement, avant le début du stage."
    ).italic = True
    for line in body.splitlines():
        _line(document, ink, line)
    feet = document.add_paragraph()
    feet.paragraph_format.space_before = Pt(8)
    feet.add_run("Signature du stagiaire\t\t\tVisa du chef de département").italic = True
    return document


def _line(document: Document, ink: Ink, line: str) -> None:
    paragraph = document.add_paragraph()
    if line.startswith("# "):
        paragraph.paragraph_format.space_before = Pt(7)
        run = paragraph.add_run(line[2:])
        run.bold = run.underline = True
        return
    paragraph.paragraph_format.line_spacing = 1.25
    for piece in _pieces(ink, line):
        paragraph.add_run(piece)
    if line.startswith(_TABBED):
        paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(16.5), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        paragraph.add_run("\t")


def _pieces(ink: Ink, line: str) -> Iterator[str]:
    position = 0
    for slot in _SLOT.finditer(line):
        yield line[position : slot.start()]
        path, width, option = slot.groups()
        yield ink.box(path, option) if option else typed_over(ink, path, int(width))
        position = slot.end()
    yield line[position:]


def typed_over(ink: Ink, path: str, width: int) -> str:
    """The leaders of a slot with the answer on them: in their middle, after or instead of them."""
    leader = "…" * (width // 3) if len(path) % 3 == 0 else "." * width
    answer = ink.text(path).replace("\n", " ; ")
    if not answer or ink.annotated:
        return answer or leader
    left = max(4, len(leader) - (len(answer) * 5 // 2 if leader[0] == "." else len(answer)))
    habit = 1 if path in _GLUED else (len(answer) + len(path)) % 3
    if habit == 0:
        return answer
    return leader[:2] + answer + leader[: left - 2] if habit == 1 else leader[: min(left, 9)] + answer
