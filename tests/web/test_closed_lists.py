"""A closed dossier in lists, those of the page and those of the API: closed, and nobody's turn."""

from __future__ import annotations

from api_kit import program
from life_kit import delivered
from life_site import context_of
from web_kit import Site

from pipeline.services import closures

BY = "F. GARÇON"


def test_lists_follow_what_was_closed_and_opened_again(site: Site) -> None:
    """It is found as « close », waits for nobody, and comes back as it was."""
    number = delivered(context_of(site)).dossier.number
    browser, asked = site.browser("sophie"), program(site)

    def listed(query: str) -> bool:
        return number in browser.get(f"/?{query}").text

    def state() -> str:
        dossiers = asked.get("/dossiers?limit=200").json()["dossiers"]
        return next(str(one["state"]) for one in dossiers if one["number"] == number)

    assert listed("qui=scolarite")
    before = state()

    closures.close(context_of(site), number, by=BY, reason="stage interrompu")
    assert (listed("qui=scolarite"), listed("etat=close&qui=tous")) == (False, True)
    assert state() == asked.get(f"/dossiers/{number}").json()["state"] != before

    closures.reopen(context_of(site), number, by=BY, reason="erreur")
    assert (listed("qui=scolarite"), listed("etat=close&qui=tous"), state()) == (True, False, before)
