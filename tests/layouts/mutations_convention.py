"""Other editions of the convention in prose: sentences turned round, other dates, people and sums among ours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from docx.document import Document
from mutations_kit import drift, gone, line_of, mutation, rewritten

_PERIOD = "Le stage aura lieu du [stage.date_debut!] au [stage.date_fin!] inclus."
_TEACHER = (
    "L’établissement confie le suivi pédagogique à [referent.nom_prenom], dont l’adresse électronique est "
    "[referent.courriel]."
)
_TUTOR = (
    "L’organisme confie l’encadrement à [tuteur.nom_prenom], exerçant la fonction de [tuteur.fonction], téléphone "
    "[tuteur.telephone]."
)
_HOST, _STUDENT, _FIRST = "et l’organisme d’accueil dénommé", "et le stagiaire, nom :", "## Article 1 "


@drift("convention", 1)
def _convention_dates_permutees(source: str) -> str:
    """The end first."""
    return rewritten(source, (_PERIOD, "Le stage finira le [stage.date_fin!] et commence le [stage.date_debut!]."))


@drift("convention", 2)
def _convention_dates_inserees(source: str) -> str:
    """Another period in the same sentence."""
    new = "Le stage, précédé d’une préparation du [autre.date] au [autre.date_fin], aura lieu du"
    return rewritten(source, ("Le stage aura lieu du", new))


@drift("convention", 3)
def _convention_suivi_permute(source: str) -> str:
    """The tutor before the teacher."""
    return rewritten(source, (f"{_TEACHER} {_TUTOR}", f"{_TUTOR} {_TEACHER}"))


@drift("convention", 4)
def _convention_parties_permutees(source: str) -> str:
    """The student before the host."""
    host, student, end = source.index(_HOST), source.index(_STUDENT), source.index("## Article 1 ")
    return source[:host] + source[student:end] + source[host:student] + source[end:]


@drift("convention", 5)
def _convention_nom_prenom_permutes(source: str) -> str:
    """The first name comes first."""
    old = "nom : [stagiaire.nom!], prénom : [stagiaire.prenom!]"
    return rewritten(source, (old, "prénom : [stagiaire.prenom!], nom : [stagiaire.nom!]"))


@drift("convention", 6)
def _convention_second_tuteur(source: str) -> str:
    """Two people share the tutoring."""
    old = "L’organisme confie l’encadrement à [tuteur.nom_prenom]"
    return rewritten(source, (old, "L’organisme confie l’encadrement à [autre.personne] puis à [tuteur.nom_prenom]"))


@drift("convention", 8)
def _convention_telephone_detourne(source: str) -> str:
    """Where the student's telephone was, somebody else's is asked."""
    return rewritten(source, ("téléphone [stagiaire.telephone]", "téléphone d’un proche [autre.telephone]"))


@drift("convention", 9)
def _convention_libelle_renomme(source: str) -> str:
    """The same questions in other words."""
    return rewritten(
        source,
        ("immatriculé sous le numéro SIRET [organisme.siret]", "identifié par le numéro [organisme.siret]"),
        ("inscrit(e) sous le numéro", "portant le matricule"),
    )


@drift("convention", 8)
def _convention_article_insere(source: str) -> str:
    """A new article with a sum and hours of its own."""
    extra = (
        "## Article 1 bis – Mission à l’étranger\nUne indemnité de [autre.montant] est versée. La mission représente "
        "une durée totale de [autre.heures].\n"
    )
    return rewritten(source, ("## Article 2 –", f"{extra}## Article 2 –"))


@drift("convention", 9)
def _convention_heures_permutees(source: str) -> str:
    """The hours of a week before those of the whole."""
    return rewritten(
        source,
        ("une durée totale de [stage.duree_heures]", "une présence hebdomadaire de [stage.heures_hebdo]"),
        (
            "la présence hebdomadaire du stagiaire étant fixée à [stage.heures_hebdo].",
            "en tout [stage.duree_heures].",
        ),
    )


@drift("convention", 7)
def _convention_version_precedente(source: str) -> str:
    """Last year's convention: another year, other words, articles 2 and 3 the other way round."""
    source = _convention_suivi_permute(source)
    second, third, fourth = (source.index(f"## Article {number} –") for number in (2, 3, 4))
    source = source[:second] + source[third:fourth] + source[second:third] + source[fourth:]
    return rewritten(
        source,
        ("Année universitaire 2025-2026", "Année universitaire 2024-2025"),
        ("Le stage porte sur le sujet suivant :", "Sujet :"),
    )


@mutation("convention", 1)
def _convention_deux_cases(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    for run in line_of(document, "Le stage est inscrit au programme").runs:
        run.text = run.text.replace("☐", "☒")
    return gone(truth, "stage.obligatoire")


@mutation("convention", 3)
def _convention_valeur_barree(document: Document, truth: dict[str, Any]) -> Iterable[str]:
    """The tutor's telephone struck through, another after it."""
    runs = line_of(document, "L’établissement confie").runs
    place = next(number for number, run in enumerate(runs) if run.text.endswith("téléphone ")) + 1
    runs[place].font.strike = True
    runs[place + 1].text = f" 02 61 91 00 77{runs[place + 1].text}"
    truth["tuteur.telephone"] = "+33261910077"
    return ("tuteur.telephone",)


@drift("convention", 2)
def _convention_alinea_ajoute(source: str) -> str:
    """A sentence of the school's own after the list of tasks, in the same paragraph."""
    old = "sont les suivantes : [stage.activites!]."
    return rewritten(source, (old, f"{old} Elles sont exercées sous la conduite de [autre.personne]."))
