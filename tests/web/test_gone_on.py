"""After something was done, the browser is sent on to the page, which tells it once: a reload does nothing again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from life_kit import delivered
from life_site import MAY, context_of, facts_of, opened, plain, seen_in
from web_kit import Site, site_of

from pipeline.core.workspace import Workspace
from pipeline.dossier.life.holding import Life
from pipeline.web.told_once import Outcomes

MOVED = {"changements": "organisme.lieu_stage.voie=9 rue Haute", "effet": "2025-05-20", "motif": "déménagement"}
DONE: dict[str, tuple[dict[str, Any], str]] = {  # where, what is sent; then what the page tells
    "signature": ({"piece": "convention", "le": "2025-03-20"}, "convention : signé de tous"),
    "presence": ({"mois": "2025-04", "autres": "2025-04-15=M"}, "1 jour noté."),
    "attestation": ({"mois": "2025-04", "prevu": "oui"}, "attestation-de-presence-2025-04, version 1 : émise"),
    "bilan": ({"le": "2025-05-05", "texte": "Projet engagé."}, "Le bilan est noté."),
    "cloture": ({"geste": "clore", "motif": "abandon"}, "Le dossier est clos, incomplet."),
}


@pytest.fixture
def in_may(web_workspace: Workspace) -> Iterator[Site]:
    """The site while the internship goes on."""
    with site_of(web_workspace, day=MAY) as one:
        yield one


@pytest.fixture
def life(in_may: Site) -> Life:
    """A dossier of the coordination mission."""
    return delivered(context_of(in_may))


def test_what_is_done_is_told_once_by_the_page_it_leads_to(in_may: Site, life: Life) -> None:
    """Each act answers 303 to the page; who acted reads it there, once, and nobody else does."""
    karim, other = in_may.browser("karim"), in_may.browser("karim")
    here = f"/dossiers/{life.dossier.number}/vie"
    for where, (sent, told) in DONE.items():
        answer = karim.post(f"{here}/{where}", {**sent, "vu": seen_in(opened(karim, life))})
        assert answer.status_code == 303, plain(answer)
        assert answer.headers["location"].partition("?")[0] == here
        assert answer.text == ""
        noted = facts_of(in_may, life).seen

        assert told not in plain(other.get(here))
        assert told in plain(karim.get(answer.headers["location"]))
        again = karim.get(answer.headers["location"])
        assert again.status_code == 200
        assert "C’est fait." not in again.text
        assert facts_of(in_may, life).seen == noted


def test_days_lead_to_their_month(in_may: Site, life: Life) -> None:
    """The month that was on the page is on it again, whatever was sent as one."""
    karim = in_may.browser("karim")
    here = f"/dossiers/{life.dossier.number}/vie"
    sent = {"autres": "2025-04-17=M", "vu": seen_in(opened(karim, life))}
    answer = karim.post(f"{here}/presence", {**sent, "mois": "2025-04"})
    assert answer.headers["location"] == f"{here}?mois=2025-04"

    sent = {"autres": "2025-04-15=M", "vu": seen_in(opened(karim, life))}
    answer = karim.post(f"{here}/presence", {**sent, "mois": "//b\r\nx"})
    assert answer.headers["location"].startswith(f"{here}?mois=%2F%2Fb")


def test_a_change_that_was_asked_and_judged_leads_back_too(in_may: Site, life: Life) -> None:
    """Its trial, which keeps nothing, is drawn at once; asking and judging lead to the page."""
    karim, helene = in_may.browser("karim"), in_may.browser("helene")
    here = f"/dossiers/{life.dossier.number}/vie"
    sent = {**MOVED, "vu": seen_in(opened(karim, life))}
    tried = karim.post(f"{here}/modification", {**sent, "geste": "essai"})
    assert tried.status_code == 200
    (trial,) = re.findall(r'name="essai" value="(\w+)"', tried.text)
    asked = karim.post(f"{here}/modification", {**sent, "geste": "demande", "essai": trial})
    assert (asked.status_code, asked.headers["location"]) == (303, here)
    assert "Le changement 1 est demandé" in plain(karim.get(here))

    word = {"avis": "defavorable", "motif": "trop tard", "vu": seen_in(opened(helene, life))}
    judged = helene.post(f"{here}/modification/1/avis", word)
    assert (judged.status_code, judged.headers["location"]) == (303, here)
    assert "Changement 1 refusé" in plain(helene.get(here))


def test_an_outcome_waits_for_who_acted_and_for_a_while() -> None:
    """Two acts before the page is opened are both told; of very many, the oldest are forgotten."""
    outcomes = Outcomes()
    outcomes.keep("karim", "/vie", ["un"])
    outcomes.keep("karim", "/vie", ["deux"])
    assert outcomes.take("sophie", "/vie") == outcomes.take("karim", "/autre") == ()
    assert outcomes.take("karim", "/vie") == ("un", "deux")
    assert outcomes.take("karim", "/vie") == ()

    for number in range(2_001):
        outcomes.keep("karim", f"/{number}", ["x"])
    assert outcomes.take("karim", "/0") == ()
    assert outcomes.take("karim", "/2000") == ("x",)
