"""French of printed texts: agreement, articles, counts, no-break spaces; and the group's words in templates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import people
import pytest

from pipeline.core.formation import Formation, load_formation
from pipeline.core.grammar import agree, closed, count, full_date, gendered, nobreak
from pipeline.core.workspace import Workspace
from pipeline.documents.nouns import Noun, nouns, title_of
from pipeline.documents.weekly_hours import half_days


@pytest.mark.parametrize(
    ("noun", "du", "au", "capital", "bare"),
    [
        ("le site qualifiant", "du site qualifiant", "au site qualifiant", "Le site qualifiant", "site qualifiant"),
        ("l’apprenante", "de l’apprenante", "à l’apprenante", "L’apprenante", "apprenante"),
        ("la structure", "de la structure", "à la structure", "La structure", "structure"),
        ("les équipes", "des équipes", "aux équipes", "Les équipes", "équipes"),
        ("Emmaüs", "d’Emmaüs", "à Emmaüs", "Emmaüs", "Emmaüs"),
        ("Cap Avenir", "de Cap Avenir", "à Cap Avenir", "Cap Avenir", "Cap Avenir"),
    ],
)
def test_a_noun_contracts_with_its_article(noun: str, du: str, au: str, capital: str, bare: str) -> None:
    """De + le = du; an elided article stays; a name has none."""
    word = Noun(noun)

    assert (word.du, word.au, word.Le, word.nom) == (du, au, capital, bare)
    assert word.de == (f"d’{bare}" if bare[0] in "aéE" else f"de {bare}")


@pytest.mark.parametrize(
    ("civility", "expected"),
    [("M.", ("né", "tuteur")), ("Mme", ("née", "tutrice")), ("Mx", ("né(e)", "tuteur")), (None, ("né(e)", "tuteur"))],
)
def test_a_word_agrees_with_the_civility(civility: str | None, expected: tuple[str, str]) -> None:
    """Unknown or neither: both endings, or the masculine where the feminine is another word."""
    assert (agree("né", civility), agree("tuteur", civility, "tutrice")) == expected


def test_a_label_for_both_is_written_for_one() -> None:
    """The options of the form, printed for a known person."""
    text = "Demandeur(se), agent(e) public(que), salarié(e) (CPF, temps libre)"

    assert gendered(text, "M.") == "Demandeur, agent public, salarié (CPF, temps libre)"
    assert gendered(text, "Mme") == "Demandeuse, agente publique, salariée (CPF, temps libre)"
    assert gendered(text, None) == text


def test_counts_days_and_sentences() -> None:
    """Plural from two on, the weekday before the date, one full stop."""
    assert [count(Decimal(n), "jour") for n in ("0", "1", "1.5", "20")] == [
        "0\u00a0jour",
        "1\u00a0jour",
        "1,5\u00a0jour",
        "20\u00a0jours",
    ]
    assert full_date(dt.date(2025, 4, 15)).replace("\u00a0", " ") == "mardi 15 avril 2025"
    assert [closed(text) for text in ("Oui", "Oui.", "Oui ?", "Oui ;", "Oui…")] == [
        "Oui.",
        "Oui.",
        "Oui ?",
        "Oui.",
        "Oui…",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a : b ; c ?",
        "« Les Pieds sur Terre »",
        "articles L. 124-7 et D. 124-9",
        "n° 3, M. LE GOFF",
        "14 h 30, 20 jours, 15 %, 200 €",
    ],
)
def test_no_line_ends_before_a_sign_or_a_unit(text: str) -> None:
    """French no-break spaces, and not one letter changed; a second time changes nothing."""
    written = nobreak(text)

    assert written.replace("\u00a0", " ") == text
    assert nobreak(written) == written
    assert not any(
        pair in written for pair in (" :", " ;", " ?", "« ", " »", "n° ", "M. ", "L. ", " h", " jours", " %", " €")
    )


def test_addresses_and_times_keep_their_own_spaces() -> None:
    """Nothing is changed in a web address, a time with colons, a plain sentence."""
    for text in ("https://example.org/a:b", "14:30", "Une phrase simple, sans signe"):
        assert nobreak(text) == text


def _words(formation: Formation, **people_there: dict[str, Any]) -> dict[str, str]:
    return {role: noun.le for role, noun in nouns(formation, people_there).items()}


def test_the_group_s_words_agree_with_the_person(workspace: Workspace) -> None:
    """Feminine where the civilité says so, for those who are persons."""
    formation = load_formation(workspace, people.COORDINATION)
    said = _words(formation, stagiaire={"civilite": "Mme"}, tuteur={"civilite": "M."}, referent={"civilite": None})

    assert said["stagiaire"] == "l’apprenante"
    assert said["tuteur"] == "le référent de stage"
    assert said["organisme"] == "le site qualifiant"
    assert said["referent"] == "le référent pédagogique"


def test_a_formation_without_words_has_those_of_the_law(workspace: Workspace) -> None:
    """« la stagiaire », « l’organisme d’accueil »; « la tutrice »."""
    whole = load_formation(workspace, people.COORDINATION)
    bare = {key: value for key, value in whole.settings.items() if key not in ("vocabulaire", "feminin")}
    formation = Formation(whole.code, whole.folder, bare)
    there = {"stagiaire": {"civilite": "Mme"}, "tuteur": {"civilite": "Mme"}}

    assert _words(formation, **there)["stagiaire"] == "la stagiaire"
    assert _words(formation, **there)["tuteur"] == "la tutrice"


def test_the_title_of_a_party_agrees_too(workspace: Workspace) -> None:
    """The formation's title stands; its noun takes the gender of the person, what follows it stays."""
    formation = load_formation(workspace, people.CNAM)
    hers = {"mot": nouns(formation, {"stagiaire": {"civilite": "Mme"}, "tuteur": {"civilite": "Mme"}})}

    assert title_of("stagiaire", hers, "L’auditeur stagiaire") == "L’auditrice stagiaire"
    assert title_of("tuteur", hers, "Le tuteur de stage") == "La tutrice de stage"
    assert title_of("stagiaire", hers, "L’élève") == "L’élève"
    assert title_of("referent", hers, "Le responsable du tutorat") == "Le responsable du tutorat"


def test_hours_of_half_days_are_printed_day_by_day() -> None:
    """Only the days of which the form speaks."""
    data = {"stage": {"horaires": {"mardi": {"apres_midi": "13 h – 17 h"}, "lundi": {"matin": "9 h – 12 h"}}}}

    assert half_days(data) == ["lundi : 9 h – 12 h", "mardi : 13 h – 17 h"]
    assert half_days({"stage": {}}) == []
