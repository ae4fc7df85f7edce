"""Other editions of the form in two columns, labels above answers; what stands below a label may be another’s."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from docx.document import Document
from docx.text.paragraph import Paragraph
from mutations_kit import drift, mutation, thawed

Form = list[Any]  # pairs of columns, each a title and its pairs of label and slot


def _pairs(form: Form, title: str) -> list[Any]:
    return next(pairs for sides in form for name, pairs in sides if name == title)


def _place(pairs: list[Any], label: str) -> int:
    return next(number for number, (name, _) in enumerate(pairs) if name == label)


def _exchanged(source: Any, title: str, first: str, second: str) -> Form:
    form = thawed(source)
    pairs = _pairs(form, title)
    one, two = _place(pairs, first), _place(pairs, second)
    pairs[one], pairs[two] = pairs[two], pairs[one]
    return form


def _inserted(source: Any, title: str, label: str, *more: list[str]) -> Form:
    form = thawed(source)
    pairs = _pairs(form, title)
    number = _place(pairs, label)
    pairs[number:number] = more
    return form


def _replaced(source: Any, title: str, label: str, *more: list[str]) -> Form:
    form = _inserted(source, title, label, *more)
    pairs = _pairs(form, title)
    del pairs[_place(pairs, label)]
    return form


@drift("colonnes")
def _colonnes_nom_prenom_permutes(source: Any) -> Form:
    """The first name comes first."""
    return _exchanged(source, "ÉLÈVE STAGIAIRE", "Nom", "Prénom usuel")


@drift("colonnes", 1)
def _colonnes_dates_permutees(source: Any) -> Form:
    """The end of the stage is asked before its beginning."""
    return _exchanged(source, "STAGE", "Date de début", "Date de fin")


@drift("colonnes", 2)
def _colonnes_horaires_permutes(source: Any) -> Form:
    """All the hours before those of a week."""
    return _exchanged(source, "CONDITIONS", "Horaire hebdomadaire", "Nombre total d’heures")


@drift("colonnes", 3)
def _colonnes_telephone_insere(source: Any) -> Form:
    """Another telephone above that of the student."""
    return _inserted(source, "ÉLÈVE STAGIAIRE", "Mobile", ["Téléphone fixe", "autre.telephone"])


@drift("colonnes", 4)
def _colonnes_telephone_detourne(source: Any) -> Form:
    """Where the student's telephone was, somebody else's is asked."""
    return _replaced(source, "ÉLÈVE STAGIAIRE", "Mobile", ["Téléphone d’un proche", "autre.telephone"])


@drift("colonnes", 5)
def _colonnes_libelle_retire(source: Any) -> Form:
    """The date of birth is asked no more."""
    return _replaced(source, "ÉLÈVE STAGIAIRE", "Date de naissance")


@drift("colonnes", 6)
def _colonnes_libelle_renomme(source: Any) -> Form:
    """The same questions in other words."""
    form = _replaced(source, "ENTREPRISE OU ASSOCIATION", "SIRET", ["Identifiant", "organisme.siret"])
    return _replaced(form, "STAGE", "Sujet", ["Thème", "stage.sujet"])


@drift("colonnes", 8)
def _colonnes_second_tuteur(source: Any) -> Form:
    """Another person is asked for, above the tutor, in the same words."""
    title, label = "TUTEUR DANS L’ENTREPRISE", "Nom et prénom"
    more = ["Fonction", "autre.fonction"], ["Téléphone", "autre.telephone"], ["Mail", "autre.courriel"]
    return _inserted(source, title, label, ["Chef de site", "autre.personne"], *more)


@drift("colonnes", 9)
def _colonnes_date_inseree(source: Any) -> Form:
    """Another date above those of the stage."""
    return _inserted(source, "STAGE", "Date de début", ["Date de dépôt", "autre.date"])


@drift("colonnes", 8)
def _colonnes_adresse_inseree(source: Any) -> Form:
    """The place of the stage above the seat, asked by the same words."""
    more = ["Adresse", "autre.voie"], ["Code postal", "autre.code_postal"], ["Ville", "autre.ville"]
    return _inserted(source, "ENTREPRISE OU ASSOCIATION", "Adresse", ["Lieu du stage", "autre.fonction"], *more)


@drift("colonnes", 9)
def _colonnes_version_precedente(source: Any) -> Form:
    """Last year's form: the company on the left, other words, the conditions before the stage."""
    form = _replaced(source, "ÉLÈVE STAGIAIRE", "Matricule", ["N° étudiant", "stagiaire.numero"])
    form = _replaced(form, "CONDITIONS", "Montant", ["Somme versée", "gratification.montant"])
    return [form[0][::-1], form[2][::-1], form[1]]


@mutation("colonnes", 6)
def _colonnes_valeur_barree(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    cell = document.tables[2].rows[0].cells[0]
    paragraph = Paragraph(cell.paragraphs[2]._p, cell)
    for run in paragraph.runs:
        run.font.strike = True
    paragraph.add_run(" Un autre sujet")
    truth["stage.sujet"] = "Un autre sujet"
    return ("stage.sujet",)


@mutation("colonnes", 1)
def _colonnes_reponse_plus_bas(document: Document, _truth: dict[str, Any]) -> Iterable[str]:
    """The answer under « Mobile » was typed in a new line below the empty one, twice."""
    cell = document.tables[0].rows[0].cells[0]
    label = next(paragraph for paragraph in cell.paragraphs if paragraph.text == "Mail personnel")
    label.insert_paragraph_before("02 61 91 00 88")
    return ("stagiaire.telephone", "stagiaire.courriel")


@drift("colonnes", 1)
def _colonnes_adresse_ajoutee(source: Any) -> Form:
    """The place of the stage below the seat, asked by the same words."""
    more = ["Adresse", "autre.voie"], ["Code postal", "autre.code_postal"], ["Ville", "autre.ville"]
    return _inserted(source, "ENTREPRISE OU ASSOCIATION", "Téléphone", ["Lieu du stage", "autre.fonction"], *more)


@drift("colonnes", 2)
def _colonnes_question_ajoutee(source: Any) -> Form:
    """One more question at the end, under a list that may have any number of lines."""
    form = thawed(source)
    _pairs(form, "STAGE").append(["Compétences visées", "autre.fonction"])
    return form
