"""Rules about who stands on the form: the tuteur, the employer, those who sign the convention."""

from __future__ import annotations

from pipeline.checks.case import Case, Finding, Findings, NotApplicable, known
from pipeline.checks.employer import NAME as _EMPLOYER
from pipeline.checks.employer import employer_without_part
from pipeline.checks.messages import quote
from pipeline.checks.parameters import Texts
from pipeline.checks.phrasing import and_list, first_root
from pipeline.checks.registry import LooksAt, control
from pipeline.core.folding import fold
from pipeline.core.law import EMPLOYEES, STUDENTS, WITH_EMPLOYER, WITHOUT_CONTRACT
from pipeline.core.models import Severity, Who


@control("Tuteur distinct du stagiaire")
def tuteur_distinct(case: Case) -> Findings:
    """The tuteur is someone else than the stagiaire, and a professional of the organisme.

    An e-mail address in another domain than the organisme's is a remark.
    """
    if not case.text("tuteur.nom"):
        raise NotApplicable
    same_name = _name(case, "stagiaire") == _name(case, "tuteur")
    same_mail = bool(_mail(case, "tuteur")) and _mail(case, "tuteur") == _mail(case, "stagiaire")
    if same_name or same_mail:
        what = "nom" if same_name else "courriel"
        yield Finding(
            "tuteur.nom" if same_name else "tuteur.courriel",
            f"Tuteur : même {what} que le stagiaire. Indiquez le professionnel de l’organisme qui encadre le stage.",
        )
    domains = [_mail(case, who).partition("@")[2] for who in ("tuteur", "organisme")]
    if all(domains) and domains[0] != domains[1]:
        yield case.finding(
            "tuteur.courriel",
            "son domaine n’est pas celui de l’organisme. "
            "Vérifiez que le tuteur est un professionnel de la structure d’accueil.",
            Severity.INFO,
            Who.SCOLARITE,
        )


@control("Formulaire rempli avec le tuteur")
def rempli_avec_le_tuteur(case: Case) -> Findings:
    """The tuteur's block is complete; without the date of the tuteur's signature, a warning."""
    missing = [path for path in case.shape.missing if path.startswith("tuteur.")]
    if missing:
        names = and_list(case.dictionary.fields[path].title.lower() for path in missing)
        yield Finding(
            missing[0],
            f"Tuteur : le formulaire se remplit avec lui, or il manque : {names}. Complétez cette partie ensemble.",
        )
    path = "signatures.tuteur_le"
    if not case.text(path):
        yield case.finding(
            path,
            "la date manque. Le tuteur atteste ainsi qu’il a rempli le formulaire avec vous.",
            Severity.WARNING,
        )


@control("Fonction de la personne")
def fonction_parmi(case: Case, *, champ: str, racines: Texts, sauf: Texts = (), attendu: str) -> Findings:
    """The function written at ``champ`` begins a word with one of ``racines``, and with none of ``sauf``.

    ``attendu`` says in French which functions are expected. A person decides of the others.
    """
    written = case.text(champ)
    if not written:
        raise NotApplicable
    if not first_root(written, racines) or first_root(written, sauf):
        yield case.finding(
            champ,
            f"{quote(written)} ne dit pas {attendu}. Précisez la fonction, choisissez un autre "
            "professionnel, ou demandez l’accord de la scolarité.",
        )


@control("Signataires selon le statut", LooksAt.STATUS)
def signataires_par_statut(
    case: Case, *, toujours: Texts, employeur: Texts, formation_initiale: Texts, document: str = "convention"
) -> Findings:
    """The ``document`` is signed by exactly the roles of the stagiaire's status.

    ``toujours`` sign for everyone, ``employeur`` too for a salarié sent by the employer or an agent public, and
    ``formation_initiale`` instead for a student. An employer named by someone who has none is asked about.
    """
    regime = known(case.regime)
    employed = (*toujours, *(employeur if regime in WITH_EMPLOYER else ()))
    expected = set(formation_initiale if regime in STUDENTS else employed)
    parties = {party.role for party in case.formation.signataires(regime) if party.minor is None}
    for piece in case.pieces:
        signing = parties & set(piece.signataires)
        if piece.code == document and signing != expected:
            yield Finding(
                None,
                f"{piece.title} : signée par {and_list(sorted(signing))}, or ce statut demande "
                f"{and_list(sorted(expected))}. Corrigez [[signataires]] ou [[documents]] de la formation.",
                Severity.BLOCKING,
                Who.SCOLARITE,
            )
    if regime in WITHOUT_CONTRACT:
        yield from employer_without_part(case, regime)


@control("Employeur du stagiaire salarié")
def employeur_du_salarie(case: Case) -> Findings:
    """A salarié sent by the employer, or an agent public, gives a complete employer.

    An employer that is also the organisme d’accueil is a warning: a person says who signs.
    """
    if case.regime not in WITH_EMPLOYER:
        raise NotApplicable
    missing = [path for path in case.shape.missing if path.startswith("employeur.")]
    if missing:
        names = and_list(case.label(path).removeprefix(f"{case.label('employeur')}, ") for path in missing)
        yield Finding(
            missing[0],
            "Employeur : il signe la convention d’un stagiaire salarié ou agent public, or il manque : "
            f"{names}. Complétez cette partie avec lui.",
        )
    elif case.get("employeur.siret") and case.get("employeur.siret") == case.get("organisme.siret"):
        yield Finding(
            "employeur.siret",
            "Employeur : c’est aussi l’organisme d’accueil (même SIRET). Trois ou quatre signataires ?",
            Severity.WARNING,
            Who.SCOLARITE,
        )


@control("Lieu du dossier de pratiques professionnelles")
def lieu_du_dpp(case: Case) -> Findings:
    """A dossier carried at the employer’s: the papers name the establishment, so the form does.

    A salarié names it even where the employer is no party (L-24); whoever has no employer ticks the place of stage.
    """
    if known(case.get("dpp.lieu")) != "employeur" or case.text(_EMPLOYER):
        return
    regime = known(case.regime)
    if regime not in EMPLOYEES | WITH_EMPLOYER:
        status = case.dictionary.fields["stagiaire.regime"].choices.get(regime, regime)
        yield case.finding(
            "dpp.lieu",
            f"« l’établissement employeur » est coché, or le statut coché est {quote(status)}, sans employeur. "
            "Cochez « le lieu de stage », ou corrigez le statut.",
        )
    elif not case.is_doubted(_EMPLOYER):
        part = "" if regime in WITH_EMPLOYER else " (il n’en devient pas partie à la convention)"
        yield case.finding(
            _EMPLOYER,
            f"« l’établissement employeur » est coché à « {case.label('dpp.lieu')} », or il n’est pas nommé. Écrivez "
            f"son nom et son adresse{part}, ou cochez « le lieu de stage ».",
            who=Who.STAGIAIRE,
        )


@control("Lettre de mission de l’employeur")
def lettre_de_mission(case: Case) -> Findings:
    """Recommended for a salarié or agent who is not on a coordination mission and brings none.

    Where the employer is no party, it is a remark to the salarié, who is handed the model and asks for the letter.
    One that the form says is joined is not seen by anybody yet: a remark to the school, never « conforme ».
    """
    if case.regime not in EMPLOYEES | WITH_EMPLOYER or case.get("stagiaire.sur_mission_coordination") is not False:
        raise NotApplicable
    path = "lettre_mission.presente"
    if case.get(path) is not True and case.regime not in WITH_EMPLOYER:
        yield case.finding(
            path,
            "aucune mission de coordination n’est exercée ; une lettre de mission de l’employeur est recommandée "
            "pour fixer les objectifs du projet. Un modèle est remis à part à la personne, libre de le lui "
            "proposer : il n’est pas partie à la convention.",
            Severity.INFO,
            Who.STAGIAIRE,
        )
    elif case.get(path) is not True:
        yield case.finding(
            path,
            "aucune mission de coordination n’est exercée ; une lettre de mission de l’employeur "
            "est recommandée pour fixer les objectifs du projet. Un modèle lui est adressé à part, avec une lettre.",
        )
    else:
        yield case.finding(
            path,
            "« Oui », non vérifiable : aucune lettre n’est jointe au dossier. Demandez-en une copie.",
            Severity.INFO,
            Who.SCOLARITE,
        )


def _name(case: Case, who: str) -> tuple[str, str]:
    return fold(case.text(f"{who}.nom")), fold(case.text(f"{who}.prenom"))


def _mail(case: Case, who: str) -> str:
    return case.text(f"{who}.courriel").casefold()
