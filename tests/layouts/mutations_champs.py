"""Other editions of the PDF form: the same names of fields (« Texte12 ») over other questions, as schools do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from champs import PAGES, Pages, draw_blank, fill
from layout_people import Person
from mutations_kit import OtherInk, name_of, thawed

Form = list[Any]  # pages of sections, each a title and its rows of (label, slot, share of the width)
Drift = Callable[[Form], Form]


@dataclass(frozen=True)
class FieldMutation:
    """Another edition of the form, and the place in people.toml of the one whose copy is kept among the files."""

    name: str
    person: int
    before: Drift


MUTATIONS: list[FieldMutation] = []


def _drift(person: int) -> Callable[[Drift], Drift]:
    def keep(change: Drift) -> Drift:
        MUTATIONS.append(FieldMutation(name_of(change), person, change))
        return change

    return keep


def draw_fields(mutation: FieldMutation, person: Person, target: Path) -> dict[str, Any]:
    """Draw the other edition and fill it at ``target``; comes out the truth (``None``: nothing may be accepted)."""
    pages: Any = mutation.before(thawed(PAGES))
    blank = target.with_suffix(".blank")
    ink = OtherInk(person)
    names = draw_blank(blank, ink, pages)
    fill(blank, target, ink, names)
    blank.unlink()
    return dict.fromkeys(_asked(PAGES)) | ink.truth()


def _asked(pages: Pages) -> list[str]:
    slots = [slot for sections in pages for _, rows in sections for row in rows for _, slot, _ in row]
    return [slot if isinstance(slot, str) else slot[1] for slot in slots]


def _rows(form: Form) -> list[list[Any]]:
    """The lists of rows of every section."""
    return [rows for sections in form for _, rows in sections]


def _place(form: Form, path: str) -> tuple[list[Any], int, int]:
    """The rows, the number of the row and the place in it of the question that gives this path."""
    for rows in _rows(form):
        for number, row in enumerate(rows):
            for place, (_, slot, _) in enumerate(row):
                if (slot if isinstance(slot, str) else slot[1]) == path:
                    return rows, number, place
    raise KeyError(path)


def _inserted(form: Form, path: str, *more: list[list[Any]]) -> Form:
    """New rows above the one of this path."""
    rows, number, _ = _place(form, path)
    rows[number:number] = more
    return form


def _asking(form: Form, path: str, label: str, slot: Any) -> Form:
    """Another question in the place of this one."""
    rows, number, place = _place(form, path)
    rows[number][place] = [label, slot, rows[number][place][2]]
    return form


def _turned(form: Form, path: str) -> Form:
    """The questions of a row in the other order, the places as they were."""
    rows, number, _ = _place(form, path)
    shares = [share for _, _, share in rows[number]]
    asked = rows[number][::-1]
    rows[number] = [[label, slot, share] for (label, slot, _), share in zip(asked, shares, strict=True)]
    return form


@_drift(0)
def _champs_ligne_inseree(form: Form) -> Form:
    """A row « Nom d’usage » above the name: every field below has the name of the one before it."""
    row = [["Nom d’usage", "autre.nom_usage", 0.5], ["Personne à prévenir", "autre.personne", 0.5]]
    return _inserted(form, "stagiaire.nom", row)


@_drift(1)
def _champs_ligne_retiree(form: Form) -> Form:
    rows, number, _ = _place(form, "stagiaire.telephone")
    del rows[number]
    return form


@_drift(2)
def _champs_lignes_permutees(form: Form) -> Form:
    """The tutor and the teacher the other way round."""
    rows, one, _ = _place(form, "tuteur.nom_prenom")
    rows[one : one + 3] = [rows[one + 2], *rows[one : one + 2]]
    return form


@_drift(3)
def _champs_nom_prenom_permutes(form: Form) -> Form:
    return _turned(form, "stagiaire.nom")


@_drift(4)
def _champs_dates_permutees(form: Form) -> Form:
    """The end before the beginning, in the fields of the same names."""
    form = _asking(form, "stage.date_debut", "Fin ", "autre.date")
    form = _asking(form, "stage.date_fin", "Début", "stage.date_debut")
    return _asking(form, "autre.date", "Fin", "stage.date_fin")


@_drift(5)
def _champs_heures_permutees(form: Form) -> Form:
    form = _asking(form, "stage.heures_hebdo", "Heures en tout", "autre.heures")
    form = _asking(form, "stage.duree_heures", "Heures par semaine", "stage.heures_hebdo")
    return _asking(form, "autre.heures", "Heures en tout", "stage.duree_heures")


@_drift(6)
def _champs_libelle_renomme(form: Form) -> Form:
    """The same questions in other words."""
    form = _asking(form, "organisme.siret", "Identifiant", "organisme.siret")
    return _asking(form, "stage.sujet", "Thème", "stage.sujet")


@_drift(8)
def _champs_telephone_detourne(form: Form) -> Form:
    """Where the student's telephone was, somebody else's is asked, in the field of the same name."""
    return _asking(form, "stagiaire.telephone", "Téléphone d’un proche", "autre.telephone")


@_drift(9)
def _champs_date_detournee(form: Form) -> Form:
    """Where the beginning was, the day to hand in the file is asked."""
    return _asking(form, "stage.date_debut", "Dépôt", "autre.date")


@_drift(8)
def _champs_adresse_inseree(form: Form) -> Form:
    """The place of the stage above the seat: postcode and town are asked twice, by the same words."""
    row = [["Code postal", "autre.code_postal", 0.25], ["Ville", "autre.ville", 0.75]]
    return _inserted(form, "organisme.adresse.voie", [["Lieu du stage (n°, voie)", "autre.voie", 1.0]], row)


@_drift(9)
def _champs_cases_permutees(form: Form) -> Form:
    """« Non » before « oui »: the first button of the group now says no."""
    for path, label in (
        ("gratification.prevue", "Êtes-vous gratifié"),
        ("stage.obligatoire", "Ce stage est obligatoire"),
    ):
        form = _asking(form, path, label, ("radio", path, (("non", "non"), ("oui", "oui"))))
    return form


@_drift(7)
def _champs_second_tuteur(form: Form) -> Form:
    """Another person is asked for, above the tutor, in the same words."""
    first = [["Chef de site", "autre.personne", 0.5], ["Sa fonction", "autre.fonction", 0.5]]
    second = [["Son téléphone", "autre.telephone", 0.4], ["Son courriel", "autre.courriel", 0.6]]
    return _inserted(form, "tuteur.nom_prenom", first, second)


@_drift(8)
def _champs_version_precedente(form: Form) -> Form:
    """Last year's form: the host before the student, other words, two questions the other way round."""
    form[0] = form[0][::-1]
    form = _turned(_turned(form, "stagiaire.nom"), "organisme.siret")
    return _asking(form, "stage.sujet", "Thème du stage", "stage.sujet")


@_drift(1)
def _champs_adresse_ajoutee(form: Form) -> Form:
    """The place of the stage below the seat, asked by the same words."""
    row = [["Code postal", "autre.code_postal", 0.25], ["Ville", "autre.ville", 0.75]]
    return _inserted(form, "organisme.telephone", [["Lieu du stage (n°, voie)", "autre.voie", 1.0]], row)
