"""Rules about the employer: its part in the convention (L-24), the hours worked for one who has none (L-30)."""

from __future__ import annotations

from pipeline.checks.case import WEEKLY, Case, Finding, Findings, NotApplicable, known
from pipeline.checks.registry import legal
from pipeline.core.french import hours
from pipeline.core.law import EMPLOYEES, FULL_TIME_WEEK, WITH_EMPLOYER, WITHOUT_CONTRACT, same_company
from pipeline.core.models import Severity, Who

NAME, _SIRET = "employeur.raison_sociale", "employeur.siret"
_SIREN = 9
_BY_STATUS = "signataires_par_statut"


def employer_without_part(case: Case, regime: str) -> Findings:
    """An employer named by someone for whom none signs: nothing may be printed of it, nor sent to it.

    A salarié may name the establishment that the dossier de pratiques professionnelles is about (S2-18).
    """
    about_it = regime in EMPLOYEES and case.get("dpp.lieu") == "employeur"
    if regime in WITH_EMPLOYER or about_it or not case.text(NAME):
        return
    status = case.dictionary.fields["stagiaire.regime"].choices.get(regime, regime)
    yield case.finding(
        NAME,
        f"un employeur est indiqué, or le statut coché est « {status} » : il ne serait pas partie à la convention et "
        "ne recevrait aucune attestation. Effacez l’employeur, ou cochez le statut de salarié envoyé par lui.",
        who=Who.STAGIAIRE,
    )


@legal(
    "L-24",
    "Employeur, partie à la convention",
    Severity.BLOCKING,
    "C. éduc., L124-1 (champ) ; C. trav., L6353-9",
    overridable=True,
)
def part_of_the_employer(case: Case) -> Findings:
    """The employer named on the form signs, and is somebody else than the organisme d’accueil.

    One SIRET for both waits for the scolarité; another établissement of the same company (SIREN) is a warning.
    Of people without a contract the formation's own rule asks where it has one (S2-07).
    """
    regime = known(case.regime)
    if not case.text(NAME):
        raise NotApplicable
    asked = regime in WITHOUT_CONTRACT and any(line["controle"] == _BY_STATUS for line in case.formation.rules)
    if not asked:
        yield from employer_without_part(case, regime)
    if regime not in WITH_EMPLOYER:
        return
    if same_company(case.data):
        yield Finding(
            _SIRET,
            "Employeur : c’est aussi l’organisme d’accueil (même SIRET). Assurez-vous que le stage ne se fait pas au "
            "poste de travail et que chacun sait à quel titre il signe, puis levez cette règle.",
            who=Who.SCOLARITE,
            waits=True,
        )
    elif case.text(_SIRET)[:_SIREN] == case.text("organisme.siret")[:_SIREN] != "":
        yield Finding(
            _SIRET,
            "Employeur : un autre établissement de l’organisme d’accueil (même SIREN). Vérifiez que le stage ne se "
            "fait pas au poste de travail.",
            Severity.WARNING,
            Who.SCOLARITE,
        )


@legal(
    "L-30",
    "Heures de stage et heures de travail",
    Severity.WARNING,
    "C. trav., L3121-20 (L3162-1 pour un mineur), L3131-1 et L3132-1",
    regimes=EMPLOYEES - WITH_EMPLOYER,
)
def beside_own_work(case: Case) -> Findings:
    """A salarié whose employer is no party: where the fullest week leaves no room for full-time work, one asks.

    Both together keep to the most hours a week (48; a minor's 35): the form does not give those worked.
    """
    weekly = case.days.busiest if case.days else case.number(WEEKLY)
    if weekly is None:
        raise NotApplicable
    minor = case.age is not None and case.age < case.law.majority
    most = (case.law.minors if minor else case.law.adults).hours_a_week
    if weekly + FULL_TIME_WEEK > most:
        yield case.finding(
            WEEKLY,
            f"{hours(weekly)} la semaine la plus remplie, pour une personne salariée dont l’employeur n’est pas "
            f"partie à la convention : avec un travail à temps plein ({FULL_TIME_WEEK} h), le total passerait "
            f"{hours(most)}{' (C. trav., L3162-1)' if minor else ''}. "
            "Demandez-lui si elle est en congé ou à temps partiel, et quels jours elle travaille.",
            who=Who.SCOLARITE,
        )
