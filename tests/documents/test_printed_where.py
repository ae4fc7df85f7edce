"""Where ``formation.toml`` says that a rule is printed (``imprime``): the article of that convention says it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import people
import pytest

from pipeline.core.formation import Formation
from pipeline.core.programme import Programme

Words = Callable[..., str]
# Régime to what its convention is called.
KINDS = {"FI_ETUDIANT": "convention d’étudiant", "FPC_AUTOFINANCE": "convention de formation continue"}
PLACE = re.compile(r"(convention(?: d’étudiant| de formation continue)?), article (\d+)")
# Rule to words that only its clause has.
SAID = {
    "S1-06": "Projet collectif ou action collective",
    "S1-26": "est annoncé au plus vite, par courriel, au service de scolarité",
    "S1-27": "n’a d’effet qu’une fois accepté par",
    "S1-28": "un avenant, signé des mêmes parties que la convention, est obligatoirement établi",
    "S1-29": "attestations de présence destinées",
    "S2-09": "est annoncé au plus vite, par courriel, au secrétariat",
    "S2-10": "accepté par la référente pédagogique",
    "S2-11": "un avenant, signé des mêmes parties que la convention, est obligatoirement établi",
    "S2-12": "attestations de présence destinées",
    "S2-15": "15 avril 2025, de 14 h 00 à 16 h 00",
    "S2-18": "Dossier de pratiques professionnelles : la situation présentée vient du lieu de stage",
}


def printed(formation: Formation) -> Iterator[tuple[str, str, str]]:
    """Rule, convention and article, for each article that an ``imprime`` names."""
    for line in (*formation.rules, *formation.settings.get("a_venir", ()), *formation.settings.get("vie", ())):
        for name, article in PLACE.findall(line.get("imprime", "")):
            yield from ((line["id"], kind, article) for kind in KINDS.values() if kind.startswith(name))


@pytest.mark.parametrize("regime", list(KINDS))
@pytest.mark.parametrize("code", [people.CNAM, people.COORDINATION])
def test_a_rule_is_printed_where_it_is_said_to_be(
    words: Words, programme: Callable[[str], Programme], code: str, regime: str
) -> None:
    """The clause is in the articles named, and in no other of this convention."""
    parts = re.split(r"Article (\d+)(?: (?:bis|ter))? – ", words(code, "convention", stagiaire__regime=regime))
    articles: dict[str, str] = {}
    for number, text in zip(parts[1::2], parts[2::2], strict=True):
        articles[number] = articles.get(number, "") + text  # 5, then 5 bis
    told = [(rule, article) for rule, kind, article in printed(programme(code).formation) if kind == KINDS[regime]]
    rules = {line["id"] for line in programme(code).formation.rules}
    for later in ("a_venir", "vie"):
        rules |= {line["id"] for line in programme(code).formation.settings.get(later, ())}

    assert {rule for rule, _ in told} <= SAID.keys()
    for rule in rules & SAID.keys():
        found = [article for article, text in articles.items() if SAID[rule] in text]
        assert found == [article for one, article in told if one == rule], rule
