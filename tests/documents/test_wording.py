"""What papers say for each régime: the words of the filled templates, without printing them."""

from __future__ import annotations

from collections.abc import Callable

import people
import pytest

from pipeline.core.models import Who
from pipeline.core.programme import Programme
from pipeline.documents.letters import _named
from pipeline.documents.nouns import nouns

Words = Callable[..., str]
PAID = {"prevue": True, "montant": 200, "unite": "mois", "modalite": "virement"}
CNAM_FPC = {"stagiaire__regime": "FPC_DEMANDEUR_EMPLOI", "gratification": {"prevue": False}}


def test_the_attestation_of_a_student_asks_for_months_and_gratification(words: Words) -> None:
    """D124-9: the effective duration, by months of 22 days, and the total of the gratification."""
    text = words(people.CNAM, "attestation")

    assert "soit, en mois et jours" in text
    assert "vingt-deux jours" in text
    assert "Montant total de la gratification" in text
    assert "L. 351-17" in text


def test_the_attestation_of_formation_continue_asks_for_neither(words: Words) -> None:
    """No gratification, no month of 22 days, no right to retirement quarters."""
    text = words(people.CNAM, "attestation", **CNAM_FPC)

    for said in ("mois et jours", "vingt-deux jours", "ratification", "L. 351-17"):
        assert said not in text
    assert "Montant total versé" in words(people.CNAM, "attestation", **{**CNAM_FPC, "gratification": PAID})


def test_an_amount_of_formation_continue_is_printed(words: Words) -> None:
    """Case d: 200 € a month stand in the convention; without an amount nothing is said of one."""
    paid = words(people.CNAM, "convention", **{**CNAM_FPC, "gratification": PAID})

    assert "200,00 € par mois" in paid
    assert "par virement" in paid
    assert "Versement facultatif" not in words(people.CNAM, "convention", **CNAM_FPC)


@pytest.mark.parametrize(
    ("regime", "named"), [("FPC_SALARIE_EMPLOYEUR", True), ("FPC_SALARIE_INDIVIDUEL", False), ("FI_ETUDIANT", False)]
)
def test_nothing_is_printed_of_an_employer_who_is_no_party(words: Words, regime: str, named: bool) -> None:  # noqa: FBT001
    """Case g: neither convention nor attestation nor annexe 6 name the employer; a student has no financeur."""
    lieu = "employeur" if named or regime == "FI_ETUDIANT" else "stage"
    for piece in ("convention", "annexe-2", "annexe-6"):
        text = words(people.COORDINATION, piece, stagiaire__regime=regime, dpp__lieu=lieu)
        assert ("Fondation Exemple" in text) is named
    told = words(people.COORDINATION, "annexe-2", stagiaire__regime=regime)
    assert ("OPCO Santé" in told) is (regime != "FI_ETUDIANT")


def test_a_salarie_on_their_own_names_where_the_dossier_is_carried(words: Words) -> None:
    """S2-18: the establishment is named in annexes 4 and 6 and in article 2, its employer is no party for that."""
    changes = {"stagiaire__regime": "FPC_SALARIE_INDIVIDUEL", "dpp__lieu": "employeur"}
    convention = words(people.COORDINATION, "convention", **changes)

    assert "vient de l’établissement employeur, Fondation Exemple." in convention
    assert "4. L’employeur" not in convention
    assert "Fondation Exemple" not in words(people.COORDINATION, "annexe-2", **changes)
    for piece in ("annexe-4", "annexe-6"):
        assert "Fondation Exemple" in words(people.COORDINATION, piece, **changes)


def test_the_contract_says_who_must_do_the_stage_only_of_them(words: Words) -> None:
    """Case m: « n’ont pas un an d’expérience » is for those with less than a year."""
    said = "n’ont pas un an d’expérience"

    assert said in words(people.CNAM, "contrat-pedagogique")
    assert said not in words(people.CNAM, "contrat-pedagogique", stagiaire__experience_insertion_mois=24)
    assert said not in words(people.CNAM, "contrat-pedagogique", stage__obligatoire=False)


def test_words_agree_with_the_person_and_the_group(words: Words) -> None:
    """« L’apprenante … elle », « L’apprenant … il »; an unknown civilité keeps both endings."""
    hers = words(people.COORDINATION, "convention")
    his = words(people.COORDINATION, "convention", stagiaire__civilite="M.", stagiaire__prenom="Malo")
    theirs = words(people.COORDINATION, "convention", stagiaire__civilite=None)

    assert "L’apprenante reste affiliée" in hers
    assert "Elle est couverte" in hers
    assert "Née le" in hers
    assert "Salariée, formation" in hers
    assert "L’apprenant reste affilié à" in his
    assert "Né le" in his
    assert "Né(e) le" in theirs
    for text in (hers, his, theirs):
        assert "organisme d’accueil" not in text.partition("Article 1")[2]
        assert "stagiaire" not in text.partition("Article 7")[2].partition("Signatures")[0]


@pytest.mark.parametrize(
    ("code", "pieces"),
    [
        (people.CNAM, ("convention", "contrat-pedagogique", "evaluation-tuteur", "attestation")),
        (people.COORDINATION, ("convention", "annexe-1", "annexe-2", "annexe-3", "annexe-4", "annexe-6")),
    ],
)
def test_no_paper_says_what_was_seen_to_be_wrong(words: Words, code: str, pieces: tuple[str, ...]) -> None:
    """No « visa », no name in its own brackets, no two brackets at once, no lower case after a full stop."""
    for piece in pieces:
        text = words(code, piece)
        for wrong in ("Visa", " vise", "(tuteur)", "(Teams))", "à À COMPLÉTER", ". aucun", "((", " .", "Logo"):
            assert wrong not in text, (piece, wrong)


def test_dates_have_their_weekday_and_what_is_absent_is_left_out(words: Words) -> None:
    """« du mardi 8 avril »; no label without its answer; télétravail and hours where they were read."""
    text = words(people.COORDINATION, "convention", organisme__telephone=None, stagiaire__numero=None)
    school = words(
        people.COORDINATION,
        "convention",
        stage__teletravail=True,
        stage__horaires={"lundi": {"matin": "9 h – 12 h"}},
    )

    assert "du mardi 8 avril 2025 au mardi 24 juin 2025" in text
    assert "le mardi 15 avril 2025, de 14 h 00 à 16 h 00, en visioconférence (Teams)." in text
    assert "N° d’inscription" not in text
    assert "—" not in text.partition("Le stage")[2].partition("Signatures")[0]
    assert "Télétravail" not in text
    assert "Télétravail prévu" in school
    assert "lundi : 9 h – 12 h" in school


def test_tuteur_and_referent_sign_a_students_convention(words: Words) -> None:
    """D124-4: five sign, under the group's words; nobody gives a visa."""
    text = words(people.CNAM, "convention").rpartition("Signatures")[2]

    for party in ("L’auditrice", "La structure d’accueil", "Le tuteur", "responsable du tutorat", "Cnam"):
        assert party in text
    assert "Visa" not in text


def test_the_referent_is_named_with_the_civility_of_the_settings(words: Words) -> None:
    """No form asks for it: the school's settings say « Mme » or « M. », and the group's word agrees with it."""
    garcon, bohm = {"nom": "GARÇON", "prenom": "François"}, {"nom": "BÖHM", "prenom": "Anaïk"}
    other = {"nom": "ROY", "prenom": "Ada"}  # whom a school's own form names

    assert "M. François GARÇON" in words(people.CNAM, "convention", referent=garcon)
    coordination = words(people.COORDINATION, "convention", referent=bohm)
    assert "Mme Anaïk BÖHM" in coordination
    assert "La référente pédagogique" in coordination
    assert "M. Ada ROY" not in words(people.CNAM, "convention", referent=other)


def test_a_letter_names_who_must_act_in_the_gender_of_the_person(programme: Callable[[str], Programme]) -> None:
    """« L’auditrice » for Mme LEFÈVRE; who is of the house has no gender, an unknown person the usual word."""
    formation = programme(people.CNAM).formation
    hers = nouns(formation, {"stagiaire": {"civilite": "Mme"}, "tuteur": {"civilite": "Mme"}})

    assert [_named(who, hers) for who in (Who.STAGIAIRE, Who.TUTEUR, Who.ORGANISME, Who.SCOLARITE)] == [
        "L’auditrice",
        "La tutrice, dans la structure d’accueil",
        "La structure d’accueil",
        "Le service de scolarité",
    ]
    assert _named(Who.STAGIAIRE, nouns(formation, {"stagiaire": {"civilite": "M."}})) == "L’auditeur"
    assert _named(Who.STAGIAIRE, nouns(formation, {})) == "L’auditeur"
