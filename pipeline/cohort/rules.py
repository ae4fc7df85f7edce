"""The rules of the cohort: numbers, French titles, sources. What each verifies stands in ``docs/regles.md`` too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.core.models import Severity, Who

_HOUSE = "cohérence de la cohorte"


@dataclass(frozen=True)
class CohortRule:
    """One rule asked of a form among the others; ``field`` is the answer it looks at, ``who`` can mend it.

    ``verifies`` is its line in the documentation.
    """

    id: str
    title: str
    source: str
    who: Who
    field: str
    verifies: str
    severity: Severity = Severity.WARNING
    overridable: bool = False


TWICE, NAMESAKES, OVERLAP, ADDRESS, TUTOR, HOST, SIRET, REFERENT = (f"C-0{number}" for number in range(1, 9))
CUMUL = "C-09"
WAITING = "L-13"  # a rule of the law that only the forms received before can break

RULES: Mapping[str, CohortRule] = {
    rule.id: rule
    for rule in (
        CohortRule(
            TWICE,
            "Un seul stage par personne",
            _HOUSE,
            Who.SCOLARITE,
            "stagiaire.nom",
            "la même personne a un autre stage la même année, à d’autres dates ; autre formation : information",
        ),
        CohortRule(
            NAMESAKES,
            "Homonymes",
            _HOUSE,
            Who.SCOLARITE,
            "stagiaire.nom",
            "un autre stagiaire de l’année porte le même nom : deux personnes, une faute de frappe, ou à comparer",
        ),
        CohortRule(
            OVERLAP,
            "Pas deux stages aux mêmes dates",
            f"{_HOUSE} (L-22)",
            Who.SCOLARITE,
            "stage.date_debut",
            "la même personne n’est pas déjà en stage ailleurs sur ces dates (ces jours, si les deux calendriers "
            "sont remplis) ; attend que la scolarité décide",
            Severity.BLOCKING,
            overridable=True,
        ),
        CohortRule(
            ADDRESS,
            "Un courriel, une personne",
            _HOUSE,
            Who.SCOLARITE,
            "stagiaire.courriel",
            "un courriel n’est pas à la fois celui d’un stagiaire, de l’organisme ou de l’établissement, ni celui de "
            "deux stagiaires : la demande de signature irait à un autre",
        ),
        CohortRule(
            TUTOR,
            "Stagiaires par tuteur",
            "C. éduc., L124-10",
            Who.ORGANISME,
            "tuteur.nom",
            "stagiaires qu’un tuteur suit en même temps, d’après les formulaires reçus "
            "(`stagiaires_par_tuteur` de `droit.toml`) ; hors FI : information",
        ),
        CohortRule(
            HOST,
            "Stagiaires par organisme",
            "C. éduc., L124-8 et R124-10",
            Who.ORGANISME,
            "organisme.effectif",
            "stagiaires d’un établissement (SIRET) la même semaine civile, d’après les formulaires reçus et "
            "l’effectif déclaré ; effectif inconnu : à demander dès que le nombre dépasse celui des petits "
            "organismes ; hors FI : information",
        ),
        CohortRule(
            SIRET,
            "Un SIRET, un nom",
            _HOUSE,
            Who.SCOLARITE,
            "organisme.siret",
            "un SIRET ne porte pas deux noms (un nom peut avoir plusieurs SIRET ; une forme abrégée est le même nom)",
        ),
        CohortRule(
            REFERENT,
            "Stagiaires par enseignant référent",
            "C. éduc., D124-3",
            Who.RESPONSABLE,
            "referent.nom",
            "stagiaires qu’un référent suit en même temps (`stagiaires_par_referent` de `droit.toml`) ; hors FI : "
            "information",
        ),
        CohortRule(
            CUMUL,
            "Durée cumulée dans un même organisme",
            "C. éduc., L124-5 et L124-6",
            Who.SCOLARITE,
            "stage.duree_heures",
            "heures de la même personne dans le même organisme (SIRET) la même année d’enseignement, dossiers déjà "
            "connus compris : 924 h au plus (hors FI : avertissement) ; au-delà de 308 h en tout, la gratification "
            "est due (FI) : avertissement, bloquante si aucune n’est prévue",
            Severity.BLOCKING,
            overridable=True,
        ),
        CohortRule(
            WAITING,
            "Délai de carence entre deux stagiaires",
            "C. éduc., L124-11",
            Who.SCOLARITE,
            "stage.date_debut",
            "un tiers de la durée du stage précédent, entre deux étudiants d’un même tuteur (le formulaire ne nomme "
            "pas le poste) ; sinon dit non décidable, jamais « conforme » (FI)",
        ),
    )
}
