"""Clauses that are true of one stage, not of another: abroad, a minor, an agent public, dates, amounts, insurance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import people
import pytest

from pipeline.documents.template_context import build_context

Words = Callable[..., str]

BELGIUM = {"voie": "1 rue de la Loi", "code_postal": "1000", "ville": "Bruxelles", "pays": "Belgique"}
FRENCH_ONLY = (
    "hors jours fériés",
    "ni un jour férié",
    "comité social et économique",
    "registre unique du personnel",
    "due dès la première heure",
    "à la caisse désignée plus haut",
)
UNPAID = {"gratification": {"prevue": False}}
A_CNAM_EMPLOYER = {
    "raison_sociale": "Fondation Exemple",
    "siret": "32345678900017",
    "signataire": {"civilite": "Mme", "nom": "ROUX", "prenom": "Léa", "fonction": "Directrice"},
}
YOUNG = {"nom": "LEFÈVRE", "prenom": "Jeanne", "telephone": "+33612345678", "courriel": "jeanne@example.org"}
SALARIED = {**UNPAID, "stagiaire__regime": "FPC_SALARIE_EMPLOYEUR", "employeur": A_CNAM_EMPLOYER}


def test_abroad_no_french_holiday_or_law_of_employees_is_promised(words: Words) -> None:
    """A host in Brussels: its holidays, its law, the accident declared by the school within 48 h of notice."""
    there = words(people.CNAM, "convention", organisme__adresse=BELGIUM, **UNPAID)
    here = words(people.CNAM, "convention")

    for said in FRENCH_ONLY:
        assert said in here
        assert said not in there
    assert "jours fériés sont ceux du pays d’accueil" in there
    assert "n’a pas son siège en France" in there
    assert "organisme établi à l’étranger" in there
    assert "la déclaration à la caisse d’assurance maladie incombe au Cnam" in there
    assert "étranger" not in here
    assert "jours fériés du pays d’accueil n’y sont pas marqués" in words(
        people.CNAM, "contrat-pedagogique", organisme__adresse=BELGIUM, **UNPAID
    )


def test_a_french_host_abroad_keeps_what_it_owes(words: Words) -> None:
    """The seat decides on gratification and rights of employees, the place on holidays and accidents."""
    text = words(people.CNAM, "convention", organisme__lieu_stage=BELGIUM)

    assert "comité social et économique" in text
    assert "due dès la première heure" in text
    assert "jours fériés sont ceux du pays d’accueil" in text
    assert "6.2 Accidents du travail à l’étranger" in text


def test_why_no_gratification_is_due_is_said(words: Words) -> None:
    """The hours of this stage are said, never that none is due: another stage may change it; over 308 h, nothing."""
    days = people.days(dt.date(2025, 4, 7), (1, 2), 20)
    short = words(people.COORDINATION, "convention", stagiaire__regime="FI_ETUDIANT", stage__calendrier=days)

    assert "Aucune gratification n’est prévue pour ce stage de 140 h de présence. " in short
    assert "validation de droits à la retraite" not in short
    assert "Aucune gratification n’est prévue. " in words(people.CNAM, "convention", **UNPAID)
    assert "validation de droits à la retraite" in words(people.CNAM, "convention")


@pytest.mark.parametrize(
    ("expires", "said"),
    [
        ("2025-08-04", "atteste l’être aussi, pour toute la durée du stage : compagnie MATMUT"),
        ("2025-06-30", "garantie jusqu’au 30 juin 2025, à renouveler avant cette date pour couvrir tout le stage."),
        ("2025-03-31", "garantie jusqu’au 31 mars 2025, à renouveler avant le premier jour du stage."),
    ],
)
def test_the_insurance_is_said_to_cover_what_it_covers(words: Words, expires: str, said: str) -> None:
    """A policy that ends before the stage is to be renewed, and nobody attests the contrary."""
    text = words(people.CNAM, "convention", assurance_rc__expire_le=expires)

    assert said in text
    assert ("pour toute la durée du stage :" in text) is (expires == "2025-08-04")
    assert ("à renouveler" in words(people.CNAM, "convention", **SALARIED, assurance_rc__expire_le=expires)) is (
        expires != "2025-08-04"
    )


def test_an_amount_by_the_month_names_its_hours(words: Words) -> None:
    """669,90 € are for 154 h of presence; an amount by the hour needs no such words."""
    month = {"prevue": True, "montant": 669.9, "unite": "mois", "modalite": "virement"}

    for changes in ({}, {"stagiaire__regime": "FPC_AUTOFINANCE"}):
        text = words(people.CNAM, "convention", **changes, gratification=month)
        assert "669,90 € par mois de 154 h de présence" in text
    assert "4,35 € par heure Versement" in words(people.CNAM, "convention")


def test_the_average_is_that_of_the_weeks_of_stage(words: Words) -> None:
    """12 April, then four weeks of June: 28 h are no week of the spring, and no full time."""
    saturday, june = {"date": "2025-04-12", "heures": 7}, people.days(dt.date(2025, 6, 2), (1, 2, 3, 4, 5), 19)
    gaps = words(people.COORDINATION, "convention", stage__quotite="plein", stage__calendrier=[saturday, *june])
    full = words(people.CNAM, "convention")

    assert "28 h en moyenne par semaine de stage" in gaps
    assert "temps plein" not in gaps
    assert "35 h par semaine, hors jours fériés (temps plein)" in full
    assert "(temps partiel)" in words(people.COORDINATION, "convention", stage__quotite="partiel")


@pytest.mark.parametrize("regime", ["FPC_DEMANDEUR_EMPLOI", "FPC_SALARIE_EMPLOYEUR"])
def test_a_minor_in_formation_continue_has_the_hours_of_a_minor(words: Words, regime: str) -> None:
    """Eight hours, thirty-five, two days of rest, the employer's hours counted; nothing of it for an adult."""
    changes = {**SALARIED, "stagiaire__regime": regime, "stagiaire__representant_legal": YOUNG}
    minor = words(people.CNAM, "convention", **changes, stagiaire__date_naissance="2008-01-10")

    assert "ne dépasse pas huit heures par jour et trente-cinq heures par semaine" in minor
    assert "deux jours de repos consécutifs" in minor
    assert ("jointe à ses heures de travail" in minor) is (regime == "FPC_SALARIE_EMPLOYEUR")
    assert "huit heures par jour" not in words(people.CNAM, "convention", **changes)


def test_who_comes_of_age_between_signing_and_starting_has_only_a_representative(words: Words) -> None:
    """Eighteen on the first day: the representative signs, the hours are those of an adult."""
    for changes in ({}, SALARIED):
        text = words(
            people.CNAM,
            "convention",
            **changes,
            stagiaire__date_naissance="2007-04-07",
            stagiaire__representant_legal=YOUNG,
        )
        assert "mineure à la date de la convention, son représentant légal la signe" in text
        assert "huit heures par jour" not in text


def test_formation_continue_abroad_promises_no_cover(words: Words) -> None:
    """Outside France the cover is asked for before leaving, by the employer who signs, else by the school."""
    here = words(people.CNAM, "convention", **SALARIED)
    there = words(people.CNAM, "convention", **SALARIED, organisme__lieu_stage=BELGIUM)
    alone = words(
        people.CNAM, "convention", **{**UNPAID, "stagiaire__regime": "FPC_AUTOFINANCE"}, organisme__lieu_stage=BELGIUM
    )

    assert "Elle est couverte contre les accidents du travail" in here
    assert "Stage à l’étranger" not in here
    for text, who in ((there, "l’employeur"), (alone, "le Cnam")):
        assert "Elle est couverte" not in text
        assert f"Avant le départ, {who} demande à la caisse" in text
        assert f"{who} souscrit pour l’auditrice une assurance" in text
        assert "jours fériés sont ceux du pays d’accueil" in text


@pytest.mark.parametrize(
    ("regime", "seen", "own_caisse"),
    [
        ("FPC_DEMANDEUR_EMPLOI", "L. 6343-1 à L. 6343-4 (statut", True),
        ("FPC_SALARIE_EMPLOYEUR", "sixième partie ; le code de la sécurité sociale", True),
        ("AGENT_PUBLIC", "sixième partie ; le code général de la fonction publique", False),
    ],
)
def test_the_law_named_is_that_of_the_status(words: Words, regime: str, seen: str, own_caisse: bool) -> None:  # noqa: FBT001
    """L. 6343-1 is for those without a contract; an agent's accident is not declared to a caisse."""
    text = words(people.COORDINATION, "convention", stagiaire__regime=regime)

    assert seen in text
    assert ("L. 6343-1" in text) is (regime == "FPC_DEMANDEUR_EMPLOI")
    assert ("caisse à contacter en cas d’accident" in text) is own_caisse
    assert ("relèvent de son régime statutaire" in text) is not own_caisse


def test_an_agent_public_is_paid_within_the_rules_of_cumul(words: Words) -> None:
    """A public host adds nothing to its own pay; for a jobseeker nothing is said of cumul."""
    paid: dict[str, Any] = {
        "gratification": {"prevue": True, "montant": 200, "unite": "mois", "modalite": "virement"},
        "organisme__droit_public": True,
    }
    agent = words(people.COORDINATION, "convention", stagiaire__regime="AGENT_PUBLIC", **paid)

    assert "règles de cumul des agents publics et ne s’ajoute pas à une rémunération" in agent
    assert "cumul" not in words(people.COORDINATION, "convention", stagiaire__regime="FPC_DEMANDEUR_EMPLOI", **paid)


def test_a_public_host_protects_from_harassment_too(words: Words) -> None:
    """Article 5 ter says of agents what 5 bis says of employees."""
    text = words(people.CNAM, "convention", organisme__droit_public=True)

    assert "Article 5 ter" in text
    assert "lutte contre les harcèlements et les discriminations, dans les mêmes conditions que les agents" in text


@pytest.mark.parametrize(
    ("regime", "to", "parties"),
    [
        ("FPC_SALARIE_EMPLOYEUR", "à l’employeur", "l’apprenante, le site qualifiant et l’employeur : quatre"),
        ("FPC_DEMANDEUR_EMPLOI", "à l’apprenante", "l’apprenante et le site qualifiant : trois"),
    ],
)
def test_attestations_go_to_those_who_are_there(words: Words, regime: str, to: str, parties: str) -> None:
    """Without an employer who signs nobody sends one anything; the list of parties ends with « et »."""
    for piece in ("convention", "annexe-1", "annexe-2", "annexe-4"):
        text = words(people.COORDINATION, piece, stagiaire__regime=regime)
        unnamed = words(people.COORDINATION, piece, stagiaire__regime=regime, employeur__financeur=None)
        assert f"{to} et au financeur (OPCO Santé)" in text, piece
        assert f"{to} et, s’il y a lieu, au financeur" in unnamed, piece
        assert "s’il y a lieu, au financeur" not in text
    assert parties in words(people.COORDINATION, "annexe-4", stagiaire__regime=regime)
    assert "financeur" not in words(people.COORDINATION, "annexe-1", stagiaire__regime="FI_ETUDIANT")


def test_the_dossier_is_about_an_establishment_that_has_a_name(words: Words) -> None:
    """The employer's is named where the employer signs; else the sentence is left out and annexe 6 asks for it."""
    named = {"stagiaire__regime": "FPC_SALARIE_EMPLOYEUR", "dpp__lieu": "employeur"}
    unknown = {
        "stagiaire__regime": "FPC_SALARIE_INDIVIDUEL",
        "dpp__lieu": "employeur",
        "employeur": {"raison_sociale": None},
    }

    assert "vient de l’établissement employeur, Fondation Exemple." in words(
        people.COORDINATION, "convention", **named
    )
    assert "la situation présentée" not in words(people.COORDINATION, "convention", **unknown)
    assert "vient du lieu de stage." in words(people.COORDINATION, "convention", dpp__lieu="stage")
    assert "ici, le choix" not in words(people.COORDINATION, "annexe-4", **unknown)
    assert "à indiquer par l’apprenante" in words(people.COORDINATION, "annexe-6", **unknown)
    assert "à indiquer par" not in words(people.COORDINATION, "annexe-6", **named)


def test_a_stage_is_printed_from_its_first_day_to_its_last(words: Words) -> None:
    """From Saturday 5 April to Sunday 3 August, Monday to Friday: from Monday 7 April to Friday 1 August."""
    changes = {"stage__date_debut": "2025-04-05", "stage__date_fin": "2025-08-03"}
    text = words(people.CNAM, "contrat-pedagogique", **changes)

    assert "du lundi 7 avril 2025 au vendredi 1er août 2025" in text
    assert "du lundi 7 avril 2025 au mardi 22 avril 2025 (15 jours environ)" in text
    assert "5 avril" not in text.replace("15 avril", "")


def test_the_hours_of_a_minor_end_with_the_minority(words: Words) -> None:
    """Eighteen on 8 April: the day before is the last whose hours are limited; under age to the end, nothing."""
    for changes in ({}, SALARIED):
        young = {**changes, "stagiaire__representant_legal": YOUNG}
        one_day = words(people.CNAM, "convention", **young, stagiaire__date_naissance="2007-04-08")
        whole = words(people.CNAM, "convention", **young, stagiaire__date_naissance="2008-04-08")
        assert "sa présence, jusqu’au lundi 7 avril 2025 inclus, veille de ses dix-huit ans, " in one_day
        assert "veille de ses dix-huit ans" not in whole


@pytest.mark.parametrize(
    ("regime", "counted", "piece"),
    [
        ("FI_ETUDIANT", True, "convention"),
        ("FI_ETUDIANT", True, "annexe-2"),
        ("FPC_AUTOFINANCE", False, "convention"),
        ("FPC_AUTOFINANCE", False, "annexe-2"),
    ],
)
def test_leave_counts_where_the_law_counts_it(words: Words, regime: str, counted: bool, piece: str) -> None:  # noqa: FBT001
    """L124-18 counts a student's leave on a day of presence; elsewhere its hours are done another day."""
    text = words(people.COORDINATION, piece, stagiaire__regime=regime)

    assert ("y reste compté" in text) is counted
    if piece == "convention":
        assert ("comptent dans la durée du stage" in text) is counted
        assert ("ne compte pas dans la durée du stage : ses heures sont faites un autre jour" in text) is not counted


def test_leave_is_not_paid_by_the_hour(words: Words) -> None:
    """A gratification for hours of presence is not due for leave, unless the host keeps it up."""
    assert "ils n’y ouvrent pas droit, sauf si" in words(people.CNAM, "convention")
    assert "ouvrent pas droit" not in words(people.CNAM, "convention", **UNPAID)


def test_own_work_is_spoken_of_to_a_salarie_alone(words: Words) -> None:
    """Who works elsewhere keeps to the most hours of both; who has no contract has the hours of L. 6343-2."""
    own = words(people.COORDINATION, "convention", stagiaire__regime="FPC_SALARIE_INDIVIDUEL")
    none = words(people.COORDINATION, "convention", stagiaire__regime="FPC_AUTOFINANCE")

    assert "salariée, suit le stage à titre individuel" in own
    assert "L. 6343" not in own
    assert "à titre individuel" not in none
    assert "L. 6343-2 à L. 6343-4" in none


@pytest.mark.parametrize("piece", ["convention", "annexe-1", "annexe-2", "annexe-4"])
def test_who_pays_alone_has_no_financeur(words: Words, piece: str) -> None:
    """Autofinancé: no financeur is promised anything, unless the form names one."""
    alone = {"stagiaire__regime": "FPC_AUTOFINANCE", "employeur": None}
    paid = {"stagiaire__regime": "FPC_AUTOFINANCE", "employeur": {"financeur": "Région Exemple"}}

    assert "financeur" not in words(people.COORDINATION, piece, **alone)
    assert "financeur" in words(people.COORDINATION, piece, **paid)


@pytest.mark.parametrize("regime", ["FI_ETUDIANT", "FPC_DEMANDEUR_EMPLOI", "FPC_SALARIE_EMPLOYEUR", "AGENT_PUBLIC"])
def test_no_employer_is_spoken_of_where_there_is_none(words: Words, regime: str) -> None:
    """The DPP of a student or jobseeker is about the place of stage, and nobody writes them a lettre de mission."""
    works = regime in {"FPC_SALARIE_EMPLOYEUR", "AGENT_PUBLIC"}
    for piece in ("annexe-4", "annexe-6"):
        text = words(people.COORDINATION, piece, stagiaire__regime=regime, dpp__lieu="stage")
        assert ("lettre de mission" in text) is works, piece
        assert ("établissement employeur" in text) is works, piece


def test_a_lettre_de_mission_is_for_whoever_works(words: Words) -> None:
    """An agent public is no « personne salariée »; alone, an employer that is not named has its lines."""
    alone = {"stagiaire__regime": "FPC_SALARIE_INDIVIDUEL", "employeur": None}

    for regime in ("AGENT_PUBLIC", "FPC_SALARIE_EMPLOYEUR", "FPC_SALARIE_INDIVIDUEL"):
        text = words(people.COORDINATION, "annexe-6", stagiaire__regime=regime)
        assert "recommandée à la personne en emploi qui" in text
    letter = words(people.COORDINATION, "lettre-de-mission", **alone, dpp__lieu="employeur")
    assert "Raison sociale ………" in letter
    assert "son employeur lui confie le projet" in letter
    with pytest.raises(StopIteration):  # nothing is written to an employer that is no party
        words(people.COORDINATION, "demande-de-lettre-de-mission", **alone)


@pytest.mark.parametrize(
    ("code", "civility", "tutor", "pronoun"),
    [
        (people.CNAM, "Mme", "de lieu, de tutrice ou d’activités", "elle"),
        (people.CNAM, "M.", "de lieu, de tuteur ou d’activités", "il"),
        (people.COORDINATION, "Mme", "de lieu, de référente de stage ou d’activités", "elle"),
        (people.COORDINATION, "M.", "de lieu, de référent de stage ou d’activités", "il"),
    ],
)
def test_a_change_and_a_mission_agree_with_the_person(
    words: Words, code: str, civility: str, tutor: str, pronoun: str
) -> None:
    """The formation's word for the tuteur, and « il » or « elle »."""
    person = {"tuteur__civilite": civility, "stagiaire__civilite": civility}

    assert tutor in words(code, "convention", **person)
    if code == people.COORDINATION:
        assert tutor in words(code, "annexe-4", **person)
        assert f"avec qui {pronoun} coordonne" in words(code, "lettre-de-mission", **person)


def test_abroad_no_french_law_of_the_host_is_cited(words: Words) -> None:
    """A host in Brussels keeps no French registre; the legend of annexe 1 has no French holiday."""
    there = words(people.CNAM, "convention", organisme__adresse=BELGIUM, **UNPAID)

    assert "L. 1221-13" not in there
    assert "code de la sécurité sociale, article L. 412-8." in there
    assert "L. 1221-13" in words(people.CNAM, "convention")
    assert "jour férié formation" not in words(people.COORDINATION, "annexe-1", organisme__lieu_stage=BELGIUM)
    assert "jour férié réunion" in words(people.COORDINATION, "annexe-1")
    assert "jour férié réunion" not in words(people.COORDINATION, "annexe-1", organisme__lieu_stage=BELGIUM)


def test_a_foreign_number_is_no_siret(words: Words) -> None:
    """The number of a Belgian register is printed under its own name, a SIRET under its."""
    abroad = {"organisme__adresse": BELGIUM, "organisme__siret": "0403170701", **UNPAID}
    for piece in ("convention", "contrat-pedagogique", "attestation"):
        assert "N° d’immatriculation 0403" in words(people.CNAM, piece, **abroad), piece
        assert "N° SIRET 8" in words(people.CNAM, piece), piece


def test_a_foreign_seat_in_france_is_under_french_law(words: Words) -> None:
    """A stage in Lille for a host of Brussels has the French articles: no « pays d’accueil » is France."""
    lille = {"voie": "3 rue Neuve", "code_postal": "59000", "ville": "Lille", "pays": "France"}
    text = words(people.CNAM, "convention", organisme__adresse=BELGIUM, organisme__lieu_stage=lille)

    assert "droit du pays d’accueil" not in text
    assert "due dès la première heure" in text
    assert "L. 1221-13" in text


def test_a_salarie_alone_keeps_the_status_of_salarie(words: Words) -> None:
    """Article 6 says of a salarié what article 3 says; a jobseeker is a stagiaire de la formation professionnelle."""
    status = "le statut de stagiaire de la formation professionnelle"
    own = words(people.COORDINATION, "convention", stagiaire__regime="FPC_SALARIE_INDIVIDUEL")

    assert "garde son statut de salariée auprès de son employeur, qui n’est pas partie" in own
    assert status not in own
    assert status in words(people.COORDINATION, "convention", stagiaire__regime="FPC_DEMANDEUR_EMPLOI")


def test_an_agent_abroad_is_covered_in_france(words: Words) -> None:
    """One article does not say « covered » and « not acquired » of the same place."""
    agent = {"stagiaire__regime": "AGENT_PUBLIC"}

    abroad = words(people.COORDINATION, "convention", **agent, organisme__lieu_stage=BELGIUM)
    assert "relèvent, en France, de son" in abroad
    assert "relèvent de son" in words(people.COORDINATION, "convention", **agent)


def test_a_year_is_no_number(words: Words) -> None:
    """« 2025 », without the space of thousands."""
    assert "plafond de la sécurité sociale de 2025 " in words(people.CNAM, "convention")


def test_a_status_is_printed_without_the_help_of_the_form(words: Words) -> None:
    """« (CPF, temps libre) » helps to tick; a person on leave paid by a région signs nothing of it."""
    text = words(people.COORDINATION, "convention", stagiaire__regime="FPC_SALARIE_INDIVIDUEL")

    assert "Salariée se formant à titre individuel" in text
    assert "temps libre" not in text


@pytest.mark.parametrize(("place", "own"), [("employeur", True), ("stage", False)])
def test_the_dossier_and_its_paper_speak_of_one_place(words: Words, place: str, own: bool) -> None:  # noqa: FBT001
    """The DPP at the employer's is not drawn from the stage; at the stage, the employer confides nothing."""
    said = {"stagiaire__regime": "FPC_SALARIE_EMPLOYEUR", "dpp__lieu": place}
    paper, letter = (words(people.COORDINATION, piece, **said) for piece in ("annexe-6", "lettre-de-mission"))

    assert ("au regard des objectifs du stage" in paper) is not own
    assert ("situation de travail de l’établissement employeur" in paper) is own
    assert ("lui confie le projet" in letter) is own


@pytest.mark.parametrize(("day", "convened"), [(dt.date(2025, 4, 15), True), (dt.date(2025, 4, 16), False)])
def test_a_meeting_that_is_over_is_not_convened(
    programme: Callable[[str], Any],
    checked: Callable[[str, dict[str, Any]], Any],
    day: dt.date,
    convened: bool,  # noqa: FBT001
) -> None:
    """The meeting of 15 April is announced until that day."""
    house, record = programme(people.COORDINATION), checked(people.COORDINATION, people.coordination())
    context = build_context(record, house, number="1", on=day, pieces=house.formation.pieces())
    assert (context["session"]["reunion"] is not None) is convened
