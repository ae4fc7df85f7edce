"""Reading sentences: what a convention says in running text, each value under the party it is about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from label_streams import line, printed

from pipeline.core.fields import Dictionary
from pipeline.reading.labels.phrases import read_prose
from pipeline.reading.tokens import Token

PARTIES = (
    "Entre M. Jean LE FLOCH, demeurant 4 rue des Lilas, 29000 Quimper, né le 12/04/2003 à Brest, et la société ACME "
    "Conseil, SIRET 732 829 320 00074, représentée par sa gérante, Mme Anne MARTIN, tél. 02 98 00 00 01, il est "
    "convenu que le stage se déroule du 2 mars au 29 mai 2026."
)
BLANK = (
    "et l’organisme d’accueil dénommé ……………, dont le siège est établi ……………, code postal ………… à …………, "
    "représenté par …………… en qualité de …………… ;"
)
CLAUSE = (
    "Le stagiaire reçoit une gratification lorsque la durée du stage dépasse 308 heures de cours. Son tuteur de "
    "stage est désigné par l’organisme d’accueil, qui remet une attestation."
)
SCHOOL = (
    "L’École de l’Exemple, 1 place Verte, 75999 Exempleville, représentée par Mme Hélène EXEMPLE, directrice, "
    "tél. 01 99 00 00 00."
)
CUT = (
    "L’organisme confie le suivi à Mme Zoé KERN, tutrice, et l’encadrement à BENAÏSSA",
    "Inès, exerçant la fonction de Cheffe de service, au 02 98 00 00 02 les jours ouvrés.",
)


def lines(*texts: str) -> tuple[Token, ...]:
    """The paragraphs of a Word document."""
    return tuple(token for text in texts for token in line(text))


def told(stream: tuple[Token, ...], dictionary: Dictionary) -> dict[str, str]:
    """Path to text."""
    return {path: candidate.text for path, candidate in read_prose(stream, dictionary).items()}


def test_each_party_of_a_sentence_keeps_its_own(dictionary: Dictionary) -> None:
    """Names, addresses and numbers go to the party that was named last; a year said once is of both dates."""
    assert told(lines(PARTIES), dictionary) == {
        "stagiaire.nom_prenom": "M. Jean LE FLOCH",
        "stagiaire.adresse": "4 rue des Lilas, 29000 Quimper",
        "stagiaire.date_naissance": "12/04/2003",
        "stagiaire.lieu_naissance": "Brest",
        "organisme.raison_sociale": "ACME Conseil",
        "organisme.siret": "732 829 320 00074",
        "organisme.signataire.nom_prenom": "Mme Anne MARTIN",
        "organisme.signataire.fonction": "gérante",
        "organisme.telephone": "02 98 00 00 01",
        "stage.date_debut": "2 mars 2026",
        "stage.date_fin": "29 mai 2026",
    }


def test_the_people_who_follow_the_stage_are_told_apart(dictionary: Dictionary) -> None:
    """An address or a telephone after a name is that person’s, not the organisme’s."""
    stream = lines(
        "L’organisme confie l’encadrement à Inès ABGRALL, cheffe de service, joignable au 02 98 00 00 02. "
        "Le suivi pédagogique est assuré par M. Yann LE GALL, dont le courriel est y.legall@ecole.example.org."
    )
    assert told(stream, dictionary) == {
        "tuteur.nom_prenom": "Inès ABGRALL",
        "tuteur.fonction": "cheffe de service",
        "tuteur.telephone": "02 98 00 00 02",
        "referent.nom_prenom": "M. Yann LE GALL",
        "referent.courriel": "y.legall@ecole.example.org",
    }


def test_words_after_a_colon_may_hold_any_cue(dictionary: Dictionary) -> None:
    """« Encadrement » begins an activity here, not the tuteur’s name; the announcement may be long."""
    stream = lines(
        "Les activités confiées au stagiaire, arrêtées d’un commun accord, sont les suivantes : Encadrement "
        "d’un groupe ; Visite du siège. Le stage a pour thème la refonte du catalogue."
    )
    assert told(stream, dictionary) == {
        "stage.activites": "Encadrement d’un groupe ; Visite du siège",
        "stage.sujet": "la refonte du catalogue",
    }


def test_hours_money_and_insurance(dictionary: Dictionary) -> None:
    """Each number by its unit and the words before it; « 4 mois » is no number of hours."""
    stream = lines(
        "Le stage, d’une durée totale de 4 mois, soit 560 heures, se fait à raison de 35 h par semaine.",
        "La gratification est fixée à 4,50 € par heure, versée chaque mois par virement.",
        "Il est assuré auprès de la compagnie MACIF sous le contrat n° 98 0042 771.",
    )
    assert told(stream, dictionary) == {
        "stage.duree_heures": "560 heures",
        "stage.heures_hebdo": "35 h",
        "gratification.montant": "4,50 € par heure",
        "gratification.modalite": "virement",
        "assurance_rc.compagnie": "MACIF",
        "assurance_rc.contrat": "98 0042 771",
    }


def test_boxes_within_a_sentence(dictionary: Dictionary) -> None:
    """The option ticked, and a doubt where two are."""
    found = read_prose(
        lines("Le stage est gratifié : ☐ oui / ☒ non.", "Elle est versée par ☒ virement, ☒ chèque ou ☐ espèces."),
        dictionary,
    )
    assert found["gratification.prevue"].option == "non"
    assert (found["gratification.modalite"].option, found["gratification.modalite"].doubt is None) == (None, False)


@pytest.mark.parametrize("text", [BLANK, CLAUSE, SCHOOL])
def test_blanks_clauses_and_the_school_itself_say_nothing(dictionary: Dictionary, text: str) -> None:
    """Nothing is proposed for what nobody answered, for what the law says, and for the school’s own lines."""
    assert told(lines(text), dictionary) == {}


def test_a_sentence_goes_on_under_the_foot_of_the_page(dictionary: Dictionary) -> None:
    """Printed lines are put back together, also over a page break; what each page repeats is left out."""
    head, foot = (20.0, [(40.0, "École de l’Exemple")]), (780.0, [(40.0, "page 1 sur 2")])
    first = printed(head, (700, [(40, CUT[0])]), foot)
    second = printed(head, (60, [(40, CUT[1])]), foot)
    stream = (*first, *(Token(one.kind, one.text, 2, one.box, one.source) for one in second))

    found = read_prose(stream, dictionary)

    assert found["tuteur.fonction"].text == "Cheffe de service"
    assert found["tuteur.telephone"].page == 2


@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of the dictionary, when a case is told
@given(st.lists(st.sampled_from([*PARTIES.split(), "M.", "et", ":", "☒", "....", "du", "à", "x@y", "«", "né(e)"])))
def test_whatever_the_words_nothing_is_sure(dictionary: Dictionary, words: list[str]) -> None:
    """Any order of words gives values under known paths, none of them sure."""
    found = read_prose(lines(" ".join(words)), dictionary)
    assert [
        path for path, candidate in found.items() if candidate.sure or not (candidate.text or candidate.doubt)
    ] == []
