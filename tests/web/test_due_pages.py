"""What is due today: of one's own formations, chosen and issued together, counted in the head of every page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import people
import pytest
from laid_lives import begun
from life_kit import delivered
from life_site import MAY, context_of, followed, plain, send
from web_kit import Browser, Site, site_of

from pipeline.core.workspace import Workspace
from pipeline.dossier.life.holding import Life
from pipeline.services import amends, attending
from pipeline.services.due_board import DueBoard

BY = "F. GARÇON"


@pytest.fixture
def in_may(web_workspace: Workspace) -> Iterator[Site]:
    """The site once April is over."""
    with site_of(web_workspace, day=MAY) as one:
        yield one


@pytest.fixture
def life(in_may: Site) -> Life:
    """A dossier of the coordination mission whose April is to be attested."""
    return delivered(context_of(in_may))


def confirmed(site: Site, life: Life) -> None:
    """Every day of April told, none yet attested."""
    context = context_of(site)
    presence = attending.note_presence(context, life.dossier.number, [], by=BY).presence.month("2025-04")
    words = [f"{one.day}=P" for one in presence.days]
    attending.note_presence(context, life.dossier.number, words, by=BY)


def head(browser: Browser, path: str = "/a-faire") -> int:
    """The number in the head of a page."""
    found = re.search(r'class="waits">(\d+)', browser.get(path).text)
    return int(found[1]) if found else 0


def test_what_is_due_is_of_ones_own_formations(in_may: Site, life: Life) -> None:
    """Each with its dossier's page; another formation is neither named nor counted."""
    other = begun(context_of(in_may), "autre.pdf", people.CNAM)
    text = in_may.browser("karim").get("/a-faire").text

    assert f'href="/dossiers/{life.dossier.number}/vie"' in text
    assert "attestation de présence" in text
    assert "des signatures manquent" in text
    assert other.dossier.number not in text
    strange = in_may.browser("etranger").get("/a-faire").text
    assert life.dossier.number not in strange
    assert f"/dossiers/{other.dossier.number}/vie" in strange
    assert in_may.browser("admin").get("/a-faire").status_code == 403


def test_who_only_looks_has_nothing_to_do(in_may: Site, life: Life) -> None:
    """The lines are there, under what others do; no box, no button, no number."""
    browser = in_may.browser("lecteur")
    text = browser.get("/a-faire").text

    assert "Rien n’est dû par vous" in plain(browser.get("/a-faire"))
    assert life.dossier.number in text
    assert 'name="d"' not in text
    assert head(browser) == 0


def test_what_is_known_is_issued_together(in_may: Site, life: Life) -> None:
    """Only what was chosen and is ready; then it is not due any more. Nothing chosen: nothing is issued."""
    browser = in_may.browser("karim")
    assert 'name="d"' not in browser.get("/a-faire").text
    confirmed(in_may, life)
    chosen = re.findall(r'name="d" value="([^"]+)"', browser.get("/a-faire").text)
    assert chosen == [f"{life.dossier.number}/ATTESTATION/2025-04"]

    assert "aucune ligne n’est choisie" in plain(browser.post("/a-faire/emettre"))
    stranger = in_may.browser("etranger")
    stranger.get("/a-faire")
    assert "aucune ligne n’est choisie" in plain(stranger.post("/a-faire/emettre", {"d": chosen[0]}))
    assert in_may.ledger.life.papers(life.dossier.id) == ()

    done = plain(followed(browser, browser.post("/a-faire/emettre", {"d": chosen[0]})))
    assert f"{life.dossier.number} : attestation-de-presence-2025-04, version 1" in done
    assert [one.name for one in in_may.ledger.life.papers(life.dossier.id)] == ["attestation-de-presence-2025-04"]
    assert 'name="d"' not in browser.get("/a-faire").text


def test_one_number_is_in_the_head_of_every_page(in_may: Site, life: Life) -> None:
    """Dossiers that wait for a decision, or of which something is due: each once, the same on all pages."""
    karim, helene = in_may.browser("karim"), in_may.browser("helene")
    number = head(karim)
    assert number >= 1
    for path in ("/", "/promotion", f"/dossiers/{life.dossier.number}", f"/dossiers/{life.dossier.number}/vie"):
        assert head(karim, path) == number
    assert head(helene) == 0

    sent = {"effect_on": MAY, "reason": "équipe", "by": BY}
    amends.ask_change(context_of(in_may), life.dossier.number, ["organisme.lieu_stage.voie=9 rue Haute"], **sent)
    assert head(helene) == 1
    assert "avis du référent" in in_may.browser("helene").get("/a-faire").text
    assert "1 autre a quelque chose à faire" in plain(helene.get("/"))


def test_the_count_follows_what_is_done(in_may: Site, life: Life) -> None:
    """A closed dossier asks for nothing: at once, without looking at the others again."""
    karim = in_may.browser("karim")
    assert life.dossier.number in karim.get("/a-faire").text
    send(karim, life, "cloture", geste="clore", motif="abandon")
    assert life.dossier.number not in karim.get("/a-faire").text


def test_only_what_the_journal_tells_of_is_looked_at_again(in_may: Site, life: Life) -> None:
    """The rows of the others are the same objects as before; who only looks changes none."""
    board, context = DueBoard(), context_of(in_may)
    other = begun(context, "autre.pdf", people.CNAM)
    before = board.known(context)
    assert before.whole
    in_may.ledger.looks.note(life.entry.form.sha256, "karim")
    assert board.known(context).rows[life.dossier.id] is before.rows[life.dossier.id]

    attending.note_presence(context, life.dossier.number, ["2025-04-15=M"], by=BY)
    after = board.known(context)
    assert after.rows[life.dossier.id] is not before.rows[life.dossier.id]
    assert after.rows[other.dossier.id] is before.rows[other.dossier.id]
    board.stop()
