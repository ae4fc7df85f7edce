"""Other editions of the bordered form: rows and columns elsewhere, new questions beside ours, names that changed."""

from __future__ import annotations

from typing import Any

from mutations_kit import drift, thawed

Form = list[list[Any]]  # sections: a title and its rows


def _place(form: Form, label: str) -> tuple[list[Any], int]:
    """The rows among which the row of this label stands, and where."""
    for _, rows in form:
        for number, row in enumerate(rows):
            if label in row[::2]:
                return rows, number
    raise KeyError(label)


def _renamed(form: Form, **names: str) -> Form:
    for old, new in names.items():
        label = old.replace("_", " ")
        rows, number = _place(form, label)
        rows[number][rows[number].index(label)] = new
    return form


def _inserted(form: Form, label: str, *rows: list[str]) -> Form:
    """New rows before the one of this label."""
    known, number = _place(form, label)
    known[number:number] = rows
    return form


@drift("tableau")
def _tableau_dates_permutees(source: Any) -> Form:
    """The last day is asked before the first."""
    form = thawed(source)
    rows, number = _place(form, "Premier jour")
    rows[number] = rows[number][2:] + rows[number][:2]
    return form


@drift("tableau", 1)
def _tableau_telephone_insere(source: Any) -> Form:
    """Another telephone and another address above those that we ask."""
    return _inserted(
        thawed(source),
        "Téléphone portable",
        ["Téléphone fixe", "autre.telephone", "Courriel de secours", "autre.courriel"],
    )


@drift("tableau", 2)
def _tableau_dates_inserees(source: Any) -> Form:
    """Two other dates above those of the stage."""
    row = ["Dépôt du dossier", "autre.date", "Soutenance", "autre.date_fin"]
    return _inserted(thawed(source), "Premier jour", row)


@drift("tableau", 3)
def _tableau_sections_permutees(source: Any) -> Form:
    """The host before the student: the same labels, of another."""
    form = thawed(source)
    form[0][1], form[1][1] = form[1][1], form[0][1]
    form[0][0], form[1][0] = "A. La structure d’accueil", "B. Le ou la stagiaire"
    return form


@drift("tableau", 4)
def _tableau_second_tuteur(source: Any) -> Form:
    """Another person is asked for, above the tutor."""
    return _inserted(
        thawed(source),
        "Tuteur ou tutrice de terrain (nom et prénom)",
        ["Responsable de site (nom et prénom)", "autre.personne", "Fonction exercée", "autre.fonction"],
        ["Téléphone professionnel", "autre.telephone", "Courriel professionnel", "autre.courriel"],
    )


@drift("tableau", 5)
def _tableau_telephone_detourne(source: Any) -> Form:
    """Where the tutor's telephone was, another one is asked: nothing tells the tutor's."""
    form = _renamed(thawed(source), Téléphone_professionnel="Téléphone du standard")
    rows, number = _place(form, "Téléphone du standard")
    rows[number][1] = "autre.telephone"
    return form


@drift("tableau", 6)
def _tableau_date_detournee(source: Any) -> Form:
    """Where the first day was, the day to hand in the file is asked."""
    form = _renamed(thawed(source), Premier_jour="Date de dépôt")
    rows, number = _place(form, "Date de dépôt")
    rows[number][1] = "autre.date"
    return form


@drift("tableau", 8)
def _tableau_adresse_inseree(source: Any) -> Form:
    """The place of the stage above the seat: postcode and town are asked twice, by the same words."""
    return _inserted(
        thawed(source),
        "Adresse du siège",
        ["Adresse du lieu de stage", "autre.voie"],
        ["Code postal", "autre.code_postal", "Commune", "autre.ville"],
    )


@drift("tableau", 9)
def _tableau_cases_permutees(source: Any) -> Form:
    """« Non » before « Oui »."""
    form = thawed(source)
    for label in ("Le stage est obligatoire", "Stage gratifié"):
        rows, number = _place(form, label)
        path, options = rows[number][1]
        rows[number][1] = (path, tuple(reversed(options)))
    return form


@drift("tableau", 8)
def _tableau_libelles_voisins(source: Any) -> Form:
    """The same questions in other words."""
    names = {
        "Premier_jour": "Début",
        "Dernier_jour": "Fin",
        "Thème_du_stage": "Sujet",
        "Date_de_naissance": "Né(e) le",
    }
    return _renamed(thawed(source), **names)


@drift("tableau", 9)
def _tableau_adresse_ajoutee(source: Any) -> Form:
    """The place of the stage below the seat: which of the two is the seat’s postcode is told by place alone."""
    return _inserted(
        thawed(source),
        "Convention signée par",
        ["Adresse du lieu de stage", "autre.voie"],
        ["Code postal", "autre.code_postal", "Commune", "autre.ville"],
    )
