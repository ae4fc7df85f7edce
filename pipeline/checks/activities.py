"""Rules on words of the objectives and activities: what they must speak of, what they must not."""

from __future__ import annotations

import re

from pipeline.checks.case import Case, Finding, Findings, NotApplicable
from pipeline.checks.messages import quote
from pipeline.checks.parameters import Texts, Themes
from pipeline.checks.phrasing import and_list, first_root
from pipeline.checks.registry import control, legal
from pipeline.core.folding import fold
from pipeline.core.models import Severity, Who

_FORBIDDEN = (
    "remplac",
    "saisonni",
    "surcroit",
    "accroissement temporaire",
    "pic d'activite",
    "poste vacant",
    "interim",
)
# Said of somebody who stands in: « remplacer la cheffe de service », not « remplacer le papier », nor « organiser les
# remplacements ».
_POSTS = (
    r"titulaires?|postes?|salarie\w*|collegues?|agents?|chef\w*|cadres?|direct(?:eur|rice)\w*|coordinat\w*|educat\w*|"
    r"assistant\w*|secretaires?|conseill\w*|format(?:eur|rice)\w*|professionnel\w*|personnels?|employe\w*|responsables?|"
    r"infirmier\w*|animat(?:eur|rice)\w*|charge\w*"
)
_STANDS_IN = re.compile(
    r"(?:\bremplac(?:er|e|era|ant|ante)\b|\ben remplacement\b|^\s*remplacement\b)"
    rf"(?:(?: (?:de|du|des|la|le|les|un|une|son|sa))*(?: d'| l')? ?(?:une? )?(?:{_POSTS})\b|"
    r".*\b(?:conges?|absen\w*|maternite|maladie|arret de travail)\b)|"
    r"\bpostes? vacants?\b|\b(?:assurer|faire|tenir) (?:l'|un |une )?interim\b"
)
_SPOKEN = ("stage.sujet", "stage.objectifs", "stage.activites")


@control("Texte assez détaillé")
def texte_minimum(case: Case, *, champ: str, caracteres: int) -> Findings:
    """The answer at ``champ``, when there is one, has at least ``caracteres`` letters or signs, spaces aside."""
    written = case.text(champ)
    if not written:
        raise NotApplicable
    length = len("".join(written.split()))
    if length < caracteres:
        yield case.finding(champ, f"{length} caractères, {caracteres} au moins sont attendus. Décrivez-le davantage.")


@control("Thèmes abordés")
def themes_abordes(case: Case, *, champs: Texts, themes: Themes) -> Findings:
    """Each theme appears in the ``champs``: a word there begins with one of the theme’s roots.

    ``themes`` maps the French name of a theme to its roots, accents aside. Words only hint: a person may decide.
    """
    written = "\n".join(case.text(champ) for champ in champs)
    if not written.strip():
        raise NotApplicable
    absent = [name for name, roots in themes.items() if first_root(written, roots) is None]
    if absent:
        where = and_list(case.label(champ) for champ in champs)
        yield Finding(
            champs[0],
            f"{where} : rien n’y évoque {and_list(absent)}. Précisez-le, ou voyez le responsable de la formation.",
        )


@legal("L-15", "Usages interdits du stage", Severity.WARNING, "C. éduc., L124-7", overridable=True)
def forbidden_uses(case: Case) -> Findings:
    """No replacement, seasonal job or peak of activity: a word that says so is shown to a person.

    A subject that is to stand in for somebody waits: what the stage is about is not settled by a remark.
    """
    if not any(case.text(path) for path in _SPOKEN):
        raise NotApplicable
    for path in _SPOKEN:
        for line in case.text(path).splitlines():
            if path == "stage.sujet" and _STANDS_IN.search(fold(line)):
                yield case.finding(
                    path,
                    f"{quote(line)}. Un stage ne sert pas à remplacer une personne absente ni à tenir un poste. "
                    "Voyez avec le tuteur ce qui est prévu, puis faites reformuler ou levez cette règle.",
                    Severity.BLOCKING,
                    Who.SCOLARITE,
                    waits=True,
                )
            elif first_root(line, _FORBIDDEN):
                yield case.finding(
                    path,
                    f"{quote(line)}. Un stage ne sert ni à remplacer un salarié, ni à occuper un emploi saisonnier, "
                    "ni à faire face à un surcroît d’activité. Reformulez, ou vérifiez.",
                    who=Who.TUTEUR,
                )
