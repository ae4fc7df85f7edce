"""Other editions of the dotted form, and what students do to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from docx.document import Document
from mutations_kit import drift, gone, line_of, mutation, rewritten

_TUTOR, _TEACHER = "# LE MAÎTRE DE STAGE\n", "# L’ENSEIGNANT CHARGÉ DU SUIVI\n"
_BIRTH = "Né(e) le : [stagiaire.date_naissance:38]"
_PHONE = "Tél. : [stagiaire.telephone:36]"
_PERIOD = "Le stage se déroulera du [stage.date_debut:30] au [stage.date_fin:30]"


@drift("pointilles")
def _pointilles_nom_prenom_permutes(source: str) -> str:
    """The first name comes first."""
    old = "Nom : [stagiaire.nom:48]Prénom : [stagiaire.prenom:44]"
    return rewritten(source, (old, "Prénom : [stagiaire.prenom:44] Nom : [stagiaire.nom:48]"))


@drift("pointilles", 1)
def _pointilles_dates_permutees(source: str) -> str:
    """The sentence says the end first."""
    new = "Le stage se terminera le [stage.date_fin:30], ayant commencé le [stage.date_debut:30]"
    return rewritten(source, (_PERIOD, new))


@drift("pointilles", 2)
def _pointilles_dates_inserees(source: str) -> str:
    """Another period above that of the stage, in the same words."""
    extra = "La préparation se déroulera du [autre.date:30] au [autre.date_fin:30].\n"
    return rewritten(source, (_PERIOD, extra + _PERIOD))


@drift("pointilles", 3)
def _pointilles_telephone_insere(source: str) -> str:
    """Two telephones on the line."""
    return rewritten(source, (_PHONE, f"Tél. : [autre.telephone:36] Portable : {_PHONE[7:]}"))


@drift("pointilles", 4)
def _pointilles_telephone_detourne(source: str) -> str:
    """Where the student's telephone was, somebody else's is asked."""
    return rewritten(source, (_PHONE, "Tél. d’un proche : [autre.telephone:36]"))


@drift("pointilles", 5)
def _pointilles_sections_permutees(source: str) -> str:
    """The teacher before the tutor: both give a name and an address."""
    start, tutor, teacher = source.index(_TUTOR), source.index(_TEACHER), source.index("# LE STAGE\n")
    return source[:start] + source[tutor:teacher] + source[start:tutor] + source[teacher:]


@drift("pointilles", 6)
def _pointilles_second_tuteur(source: str) -> str:
    """Another person is asked for, above the tutor, in the same words."""
    extra = (
        "# LE RESPONSABLE DU SITE\nNom et prénom : [autre.personne:44] Fonction : [autre.fonction:40]\n"
        "Tél. : [autre.telephone:36] Mél : [autre.courriel:62]\n"
    )
    return rewritten(source, (_TUTOR, extra + _TUTOR))


@drift("pointilles", 8)
def _pointilles_adresse_inseree(source: str) -> str:
    """The place of the stage above the seat, with a postcode and a town of its own."""
    extra = "Lieu du stage : [autre.voie:94]\nCode postal : [autre.code_postal:20] Ville : [autre.ville:70]\n"
    return rewritten(source, ("Siège social :", f"{extra}Siège social :"))


@drift("pointilles", 9)
def _pointilles_heures_permutees(source: str) -> str:
    """The hours of a week before those of the whole."""
    old = "soit [stage.duree_heures:22] de présence effective, à raison de [stage.heures_hebdo:18] par semaine."
    new = "à raison de [stage.heures_hebdo:18] par semaine, soit [stage.duree_heures:22] de présence effective."
    return rewritten(source, (old, new))


@drift("pointilles", 8)
def _pointilles_version_precedente(source: str) -> str:
    """Last year's form: other words, the teacher before the tutor, the birth after the address."""
    source = rewritten(
        _pointilles_sections_permutees(source),
        (f"{_BIRTH} à : [stagiaire.lieu_naissance:56]\n", ""),
        ("Inscrit(e) en :", f"{_BIRTH} à : [stagiaire.lieu_naissance:56]\nInscrit(e) en :"),
        ("Objet :", "Sujet du stage :"),
        ("Demeurant :", "Adresse :"),
        ("# L’ORGANISME D’ACCUEIL", "# L’ENTREPRISE"),
    )
    return rewritten(source, ("Caisse d’assurance maladie : [stagiaire.cpam:74]\n", ""))


@drift("pointilles", 9)
def _pointilles_libelle_renomme(source: str) -> str:
    """The same questions in other words."""
    return rewritten(source, ("SIRET :", "Identifiant :"), (_BIRTH, f"Date de naissance{_BIRTH[8:]}"))


@mutation("pointilles", 1)
def _pointilles_deux_cases(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    for run in line_of(document, "Stage prévu au cursus").runs:
        run.text = run.text.replace("☐", "☒")
    return gone(truth, "stage.obligatoire")


@mutation("pointilles", 4)
def _pointilles_valeur_barree(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    paragraph = line_of(document, "Objet")
    for run in paragraph.runs[1:]:
        run.font.strike = True
    paragraph.add_run(" Un autre sujet")
    truth["stage.sujet"] = "Un autre sujet"
    return ("stage.sujet",)


@drift("pointilles", 2)
def _pointilles_question_ajoutee(source: str) -> str:
    """One more question under a list that may have any number of lines."""
    return rewritten(source, ("# GRATIFICATION", "Compétences visées : [autre.fonction:60]\n# GRATIFICATION"))


@drift("pointilles", 3)
def _pointilles_adresse_ajoutee(source: str) -> str:
    """The place of the stage below the seat, with a postcode and a town of its own."""
    extra = "Lieu du stage : [autre.voie:94]\nCode postal : [autre.code_postal:20] Ville : [autre.ville:70]\n"
    return rewritten(source, ("Représenté par", f"{extra}Représenté par"))
