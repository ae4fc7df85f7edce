"""What people write around an answer, in its place or twice: one gate for every field, whatever the kind of file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.fields import Dictionary
from pipeline.core.workspace import Workspace
from pipeline.reading.candidates import Candidate
from pipeline.reading.decision.read_value import Rules, read_value

FIELDS = Dictionary.load(Workspace.at(Path(__file__).parents[3]))
TODAY = dt.date(2025, 3, 17)
SERVICE, ROLE, NAME, GIVEN, WHOLE_NAME = (
    "organisme.service",
    "tuteur.fonction",
    "tuteur.nom",
    "tuteur.prenom",
    "tuteur.nom_prenom",
)
BODY, STREET, TOWN, BIRTHPLACE = (
    "organisme.raison_sociale",
    "organisme.adresse.voie",
    "organisme.adresse.ville",
    "stagiaire.lieu_naissance",
)
SUBJECT, GOALS, TASKS, SKILLS = "stage.sujet", "stage.objectifs", "stage.activites", "stage.competences"
LEAVE, PERKS, NIGHTS = "stage.conges_modalites", "stage.avantages", "stage.presence_exceptionnelle"
STAFF, AMOUNT, TOTAL, WEEKLY, DAILY = (
    "organisme.effectif",
    "gratification.montant",
    "stage.duree_heures",
    "stage.heures_hebdo",
    "stage.heures_jour",
)
MAIL, PHONE, NIR, POLICY, INSURER = (
    "tuteur.courriel",
    "tuteur.telephone",
    "stagiaire.nir",
    "assurance_rc.contrat",
    "assurance_rc.compagnie",
)
MORNING, END, MORE = "stage.horaires.jeudi.matin", "stage.date_fin", "stagiaire.adresse.complement"


def answered(dictionary: Dictionary, path: str, text: str) -> tuple[Any, str | None]:
    """The value that is read of a text at a place that is sure, and the doubt."""
    plain = Candidate(path, text, None, 1, None, "champ", sure=True, confidence=1.0, doubt=None, source="docx")
    parsed = read_value(path, plain, Rules(dictionary, TODAY))
    return parsed.value, parsed.doubt


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        (SERVICE, ".Compta.", "Compta"),
        (SERVICE, ". . Compta . . .", "Compta"),
        (SERVICE, "_Compta_", "Compta"),
        (SERVICE, "-----Compta----", "Compta"),
        (SERVICE, "‥Compta‥", "Compta"),
        (SERVICE, "· · · Compta · · ·", "Compta"),
        (SERVICE, "………\nCompta\n. . . . . .", "Compta"),
        (SERVICE, "Compta _ _ _", "Compta"),
        (NAME, ".Müller", "Müller"),
        (WHOLE_NAME, ".Adélaïde ROUX", "Adélaïde ROUX"),
        (GIVEN, "Jean P.", "Jean P."),
        (STREET, ".67, avenue de la Paix", "67, avenue de la Paix"),
        (STREET, "_ 27 bis avenue Foch", "27 bis avenue Foch"),
        (STREET, "12 à 14 rue de la Paix.", "12 à 14 rue de la Paix"),
        (TOWN, "Toulouse. . ", "Toulouse"),
        (TOWN, "St-Malo", "St-Malo"),
        (TOWN, "Neuilly s/ Seine", "Neuilly s/ Seine"),
        (BIRTHPLACE, "Alger (Algérie)", "Alger (Algérie)"),
        (BODY, "St. Malo Habitat", "St. Malo Habitat"),
        (BODY, "Dupont S.A.", "Dupont S.A."),
        (BODY, "S.A.R.L. Dupont......", "S.A.R.L. Dupont"),
        (BODY, "Dupont S.A.R.L.......", "Dupont S.A.R.L."),
        (BODY, "Dupont et Cie.", "Dupont et Cie."),
        (BODY, "SARL Dupont.", "SARL Dupont"),
        (BODY, "Voir Ensemble", "Voir Ensemble"),
        (BODY, "L’Idem", "L’Idem"),
        (BODY, "Œuvres & Compagnie", "Œuvres & Compagnie"),
        (BODY, "Dupont et Fils", "Dupont et Fils"),
        (ROLE, "Dir. adj.", "Dir. adj."),
        (ROLE, "- Directrice", "Directrice"),
        (ROLE, "Éducateur / Coordinateur", "Éducateur / Coordinateur"),
        (ROLE, "Directrice par intérim (remplaçante)", "Directrice par intérim (remplaçante)"),
        (SERVICE, "Service social (2e étage)", "Service social (2e étage)"),
        (SERVICE, "Cellule .NET", "Cellule .NET"),
        (SUBJECT, "Choisir son métier", "Choisir son métier"),
        (SUBJECT, ".NET et accessibilité", ".NET et accessibilité"),
        (SUBJECT, ".Mise en œuvre d’un plan....", "Mise en œuvre d’un plan"),
        (SUBJECT, "Comment accueillir ?", "Comment accueillir ?"),
        (SUBJECT, "L’école est-elle inclusive ?", "L’école est-elle inclusive ?"),
        ("formation.intitule", "Master Attention et cognition", "Master Attention et cognition"),
        (GOALS, "Observer.\nApprendre.", "Observer.\nApprendre."),
        (GOALS, "Accueillir, animer, etc.....", "Accueillir, animer, etc."),
        (GOALS, "Construire un projet à définir avec l’équipe", "Construire un projet à définir avec l’équipe"),
        (TASKS, ".Veille\n.Rédaction de notes\n....Saisie", ["Veille", "Rédaction de notes", "Saisie"]),
        (SKILLS, "· Écouter\n· Rendre compte", ["Écouter", "Rendre compte"]),
        (END, ".26/04/2026", "2026-04-26"),
        (TOTAL, ".539 heures...", 539),
        (WEEKLY, ".24,5 h / semaine", 24.5),
        (DAILY, "7 h 30", 7.5),
        (DAILY, "7.5", 7.5),
        (WEEKLY, "37.50", 37.5),
        (MORNING, ".8h30-12h.", "8h30-12h"),
        (STAFF, "1 200", 1200),
        (STAFF, "250 000", 250000),
        (STAFF, "aucun", 0),
        (AMOUNT, "12 345,67 €", 12345.67),
        (AMOUNT, "-", None),
        (MAIL, "_contact@example.org", "contact@example.org"),
        (MAIL, "contact@example.org.", "contact@example.org"),
        (MAIL, "maelle.legoff@example.o\nrg", "maelle.legoff@example.org"),
        (MAIL, "jean-baptiste.\ndupont@example.org", "jean-baptiste.dupont@example.org"),
        (PHONE, "02 98 00 11 22 poste 12", "+33298001122"),
        (PHONE, "02 98 00 11 22 (poste 12)", "+33298001122"),
        (PHONE, ".06 66 79 91 81...", "+33666799181"),
        (NIR, "1 02 06 62 561 434", "1020662561434"),
        (SERVICE, "Diﬃcultés ﬁnancières", "Difficultés financières"),
        (MAIL, "o\ufb03ce@example.org", "office@example.org"),
        (PERKS, "Aucun", "Aucun"),
        (NIGHTS, "aucune", "aucune"),
        (LEAVE, "Aucun congé", "Aucun congé"),
    ],
)
def test_the_answer_is_what_its_writer_wrote(dictionary: Dictionary, path: str, text: str, value: Any) -> None:
    """Without leaders, its own full stops kept; honest answers gain no doubt."""
    assert answered(dictionary, path, text) == (value, None)


@pytest.mark.parametrize("path", [SERVICE, ROLE, NAME, BODY, TOWN, MORE, PHONE, MAIL, INSURER])
@pytest.mark.parametrize(
    "text", ["-", "néant", "RAS", "NC", "aucun", "Sans objet", "......", "_ _ _", "— à choisir —"]
)
def test_what_says_that_there_is_nothing_is_empty(dictionary: Dictionary, path: str, text: str) -> None:
    """Never words that a contract prints."""
    assert answered(dictionary, path, text) == (None, None)


@pytest.mark.parametrize(
    "path", [SERVICE, ROLE, NAME, BODY, STREET, TOWN, SUBJECT, GOALS, TASKS, POLICY, MAIL, PHONE]
)
@pytest.mark.parametrize(
    "text",
    ["?", "???", "XXX", "idem", "voir au dos", "cf. convention", "à voir", "en cours", "TBD", "(à confirmer)", "〃"],
)
def test_what_is_no_answer_is_asked(dictionary: Dictionary, path: str, text: str) -> None:
    """In every field of words, and those of contacts: a doubt, and no proposal."""
    value, doubt = answered(dictionary, path, text)

    assert (value, bool(doubt)) == (None, True)


@pytest.mark.parametrize(
    ("path", "text", "proposed"),
    [
        (NAME, "LE GOFF (à confirmer)", "LE GOFF"),
        (NAME, "LE GOFF (née MARTIN)", "LE GOFF"),
        (ROLE, "Éducatrice spécialisée voir verso", "Éducatrice spécialisée"),
        (ROLE, "Directeur technique (voir au dos)", "Directeur technique"),
        (ROLE, "Attention : directrice", "directrice"),
        (SERVICE, "Compta ?", "Compta"),
        (SERVICE, "Compta, à voir avec la DRH", "Compta"),
        (TOWN, "Quimper - à vérifier", "Quimper"),
        (BODY, "Les Acacias cf. Kbis", "Les Acacias"),
        (POLICY, "12345678A (cf. mail)", "12345678A"),
        (INSURER, "MAIF (provisoire)", "MAIF"),
        (STREET, "12 rue Haute svp", "12 rue Haute"),
        (TOWN, "Brest * voir note", "Brest"),
        (SUBJECT, "L’accueil (voir annexe 2)", "L’accueil"),
        (SUBJECT, "L’accueil ???", "L’accueil"),
        (SUBJECT, "L’accueil des jeunes ?", "L’accueil des jeunes"),
        (GOALS, "Acquérir une méthode à préciser", "Acquérir une méthode"),
        ("stagiaire.cpam", "MSA d’Armorique ???", "MSA d’Armorique"),
        ("formation.intitule", "Licence pro (à confirmer)", "Licence pro"),
        (TASKS, "Accueillir\nAnimer (?)", ["Accueillir", "Animer"]),
        (MAIL, "paul.martin@gmail.com\nperso", "paul.martin@gmail.com"),
        (MAIL, "paul.martin@gmail.com (perso)", "paul.martin@gmail.com"),
        (MAIL, "perso\npaul.martin@gmail.com", "paul.martin@gmail.com"),
        (MAIL, "a.b@example.org\nc.d@example.org", "a.b@example.org"),
    ],
)
def test_a_remark_beside_an_answer_is_a_doubt(dictionary: Dictionary, path: str, text: str, proposed: Any) -> None:
    """The answer without it is proposed."""
    value, doubt = answered(dictionary, path, text)

    assert (value, bool(doubt)) == (proposed, True)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (NAME, "DUPONT / MARTIN"),
        (GIVEN, "Paul et Marie"),
        (WHOLE_NAME, "M. DUPONT Paul et Mme MARTIN Anne"),
        (BODY, "Association Alpha / Mairie de Brest"),
        (BODY, "Association Alpha ou Mairie de Brest"),
        (BODY, "Association Alpha\nMairie de Brest"),
        (TOWN, "Quimper / Brest"),
        (INSURER, "Matmut / Groupama"),
        (ROLE, "Cheffe de service\nAdjointe"),
        (POLICY, "12345\n6789"),
        (STAFF, "48\n150"),
        (STAFF, "48 / 150"),
        (STAFF, "48 150"),
        (AMOUNT, "600 650"),
        (AMOUNT, "600 650 €"),
        (AMOUNT, "600\n650"),
        (TOTAL, "35 560"),
        (TOTAL, "140\n560"),
        (WEEKLY, "24.30"),
        (WEEKLY, "37.30"),
        (DAILY, "7.30 h"),
        (DAILY, "7,45"),
        (GOALS, "Observer les pratiques de l’équipeVeiller"),
        (GOALS, "Préparer le retour à"),
        (INSURER, "Assurances du"),
        (BODY, "Maison des jeunes et de la culture de"),
        (SKILLS, "Conduire un entretienTravailler en équipe"),
    ],
)
def test_two_answers_where_one_is_asked_are_a_doubt(dictionary: Dictionary, path: str, text: str) -> None:
    """A line break or a space makes no number, name or word of two."""
    assert answered(dictionary, path, text)[1]


_EDGES = st.text(alphabet=" ._…·", max_size=6)


@given(_EDGES, _EDGES, st.sampled_from((SERVICE, NAME, TOWN, ROLE, BODY)))
def test_no_leader_is_left_at_an_edge(left: str, right: str, path: str) -> None:
    """Whatever is left of them on either side."""
    assert answered(FIELDS, path, f"{left}Quimper{right}") == ("Quimper", None)
