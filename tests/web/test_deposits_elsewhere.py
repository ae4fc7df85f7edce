"""Forms of a formation that is not the depositor's: received all the same, and nothing of them is told."""

from __future__ import annotations

import delivering
import people
import pytest
from web_kit import Site

from pipeline.ledger.entries import State
from pipeline.ledger.form_rows import Ending

NAME = "ROUSSEL Inès"


@pytest.fixture
def foreign(site: Site) -> str:
    """The hash of a form of another formation, that was read."""
    form = delivering.received(site.ledger, site.workspace, "venu.pdf")
    claim = delivering.claimed(site.ledger, form)
    site.ledger.settle(claim, Ending(State.WAITING, "accord", people.CNAM, NAME))
    return form.sha256


def test_the_same_bytes_tell_nothing_of_a_foreign_dossier(site: Site, foreign: str) -> None:
    """Neither its number, nor whose it is, nor how far it got, nor that it had come."""
    entry = site.ledger.entries.get(foreign)
    data = entry.form.path.read_bytes()
    answers = {}
    for login in ("sophie", "karim"):
        browser = site.browser(login)
        browser.get("/")
        sent = [("fichier", ("mien.pdf", data))]
        answers[login] = browser.post("/depots", files=sent, headers={"X-Depot": "1"}).text

    assert "déjà reçu" in answers["sophie"]
    assert NAME in answers["sophie"]
    assert "✓ reçu" in answers["karim"]
    assert "mien.pdf" in answers["karim"]
    for word in (NAME, entry.number, "déjà", "à décider", foreign):
        assert word not in answers["karim"]


def test_a_browser_without_scripts_is_told_the_same(site: Site, foreign: str) -> None:
    """The whole page: received, and no more; nothing fails."""
    browser = site.browser("karim")
    browser.get("/")
    sent = [("fichier", ("mien.pdf", site.ledger.entries.get(foreign).form.path.read_bytes()))]
    answer = browser.post("/depots", files=sent)

    assert answer.status_code == 200
    assert "qui n’est pas d’une formation que vous suivez" in answer.text
    assert NAME not in answer.text


def test_a_foreign_form_that_is_read_again_is_not_followed(site: Site) -> None:
    """Its formation is known while it waits for a worker: that it is being read is for nobody else."""
    entry = next(one for one in site.ledger.entries.all() if one.formation == people.CNAM)
    assert entry.packet
    site.ledger.take_up(entry.form, people.TODAY, event="letter", actor="Sophie", without_packet=entry.packet)
    assert site.ledger.entries.get(entry.form.sha256).state is State.RECEIVED
    address = f"/depots/suivi?f={entry.form.sha256}"
    seen = {login: site.browser(login).get(address).text for login in ("sophie", "karim")}

    assert entry.number in seen["sophie"]
    assert entry.number not in seen["karim"]
    assert NAME not in seen["karim"]
