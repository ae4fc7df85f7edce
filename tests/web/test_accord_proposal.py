"""An accord that is only ticked on the form: a proposal where the formation says so, confirmed by one click."""

from __future__ import annotations

import re

import people
from test_pages import SAMPLES, walked
from web_kit import Site

from pipeline.ledger.entries import State


def believe_a_word_alone(site: Site) -> None:
    """The formation takes no tick for the accord."""
    path = site.workspace.model(f"{people.CNAM}/formation.toml")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[accord]\n", '[accord]\ncroit = "avis"\n'), encoding="utf-8")


def test_what_is_ticked_is_confirmed_by_one_click(site: Site) -> None:
    """It waits; who judges sees what is ticked, and that it is a proposal; the click notes it in their name."""
    believe_a_word_alone(site)
    entry = walked(site, (SAMPLES / "1-cnam-etudiante.pdf").read_bytes())
    assert entry.state is State.WAITING
    sophie = site.browser("sophie")
    sophie.get(f"/dossiers/{entry.number}/lien")
    made = sophie.post(f"/dossiers/{entry.number}/lien", {"nom": "Hélène NOIRET"})
    found = re.search(r"/lien/[\w-]{43}", made.text)
    assert found
    judge, link = site.browser(), found[0]
    page = judge.get(link).text

    assert "Ce n’est qu’une proposition" in page
    assert site.ledger.decisions(entry.form).accord is None
    form = page.partition("Ce n’est qu’une proposition")[0].rpartition("<form")[2]
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert sent["avis"] == "favorable"
    answer = judge.post(link, sent)
    assert answer.status_code == 303
    accord = site.ledger.decisions(entry.form).accord
    assert accord
    assert (accord["decision"], accord["par"]) == ("favorable", "Hélène NOIRET")
    assert "Ce n’est qu’une proposition" not in judge.get(link).text
