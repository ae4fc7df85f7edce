"""A session on one page: its archive and its invitations, for who has the right, and told once afterwards."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator

import people
import pytest
from laid_lives import begun
from life_kit import delivered
from life_site import MAY, context_of, followed, plain
from web_kit import Browser, Site, site_of

from pipeline.core.workspace import Workspace
from pipeline.dossier.life.holding import Life
from pipeline.ledger.database import change

APRIL = dt.date(2025, 4, 2)  # some days before the réunion des référents
SESSION = {"formation": people.COORDINATION, "session": "2024-2025"}
HERE = f"/promotion/session?formation={people.COORDINATION}&session=2024-2025"


@pytest.fixture
def in_april(web_workspace: Workspace) -> Iterator[Site]:
    """The site before the réunion."""
    with site_of(web_workspace, day=APRIL) as one:
        yield one


@pytest.fixture
def life(in_april: Site) -> Life:
    """A dossier of the session; the one that the site has besides was delivered without files."""
    return delivered(context_of(in_april))


def opened(site: Site, login: str) -> Browser:
    """A browser that has the page open."""
    browser = site.browser(login)
    assert browser.get(HERE).status_code == 200
    return browser


def test_the_cohort_leads_to_the_session(in_april: Site, life: Life) -> None:
    """Chosen or not, each session of the formation is a link; the page shows its dossiers and its réunion."""
    browser = in_april.browser("karim")
    assert "/promotion/session?formation=" in browser.get(f"/promotion?formation={people.COORDINATION}").text
    assert HERE.replace("&", "&amp;") in browser.get(HERE.replace("/session?", "?")).text
    text = plain(browser.get(HERE))
    assert life.dossier.number in text
    assert "pas encore clos" in text
    assert "Réunion des référents" in text


def test_forms_are_for_who_may(in_april: Site, life: Life) -> None:
    """Who only looks has no form, and is refused; of another formation, or a year that is none, nothing is there."""
    assert life.dossier.number in opened(in_april, "lecteur").get(HERE).text
    reader = opened(in_april, "lecteur")
    assert 'action="/promotion/session' not in reader.get(HERE).text
    stranger = in_april.browser("etranger")
    stranger.get("/")
    assert stranger.get(HERE).status_code == 404
    for where in ("archive", "invitations"):
        assert reader.post(f"/promotion/session/{where}", SESSION).status_code == 403
        assert stranger.post(f"/promotion/session/{where}", SESSION).status_code == 404
        unknown = {**SESSION, "session": "1999-2000"}
        assert opened(in_april, "karim").post(f"/promotion/session/{where}", unknown).status_code == 404
    assert in_april.browser("karim").get("/promotion/session").status_code == 404


def test_people_are_invited_once_and_told_once(in_april: Site, life: Life) -> None:
    """303 to the page, which tells the drafts; again, that everybody is invited; another formation has none."""
    browser = opened(in_april, "karim")
    answer = browser.post("/promotion/session/invitations", SESSION)
    assert answer.status_code == 303, plain(answer)
    text = plain(followed(browser, answer))
    assert text.count("dans outbox/courrier.") == len(list(in_april.workspace.mail.glob("*.eml"))) > 0
    assert life.dossier.number in text
    assert "C’est fait" not in browser.get(HERE).text
    again = followed(browser, browser.post("/promotion/session/invitations", SESSION))
    assert "Tout le monde est déjà invité." in plain(again)


def test_the_archive_is_of_the_session_and_noted_in_each_dossier(web_workspace: Workspace) -> None:
    """A ZIP of its dossiers; who took it stands in the journal of each. What is gone is refused in words."""
    with site_of(web_workspace, day=MAY) as site:
        first = delivered(context_of(site))
        second = begun(context_of(site), "b.pdf", **{"stagiaire.nom": "AUTRE"})
        browser = opened(site, "karim")
        answer = browser.post("/promotion/session/archive", SESSION)
        assert answer.status_code == 200, plain(answer)
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            folders = {name.partition("/")[0] for name in archive.namelist()}
        assert {first.dossier.number, second.dossier.number, "bordereau.pdf"} <= folders
        for life in (first, second):
            taken = [one for one in site.ledger.journal(life.entry.form.sha256) if one.event == "retrait"]
            assert [(one.actor, one.detail) for one in taken] == [
                ("karim", f"archive-{people.COORDINATION}-2024-2025.zip")
            ]
        (site.workspace.outbox / first.packet.folder / "liasse.pdf").unlink()
        refused = browser.post("/promotion/session/archive", SESSION)
        assert refused.status_code == 409
        assert "Rien n’est archivé : des fichiers de cette session manquent" in plain(refused)


def test_a_dossier_of_two_formations_is_for_who_reaches_both(web_workspace: Workspace) -> None:
    """Neither on the page nor in the archive of somebody of one of them: there it is nowhere else either."""
    with site_of(web_workspace, day=MAY) as site:
        alone = delivered(context_of(site))
        mixed = begun(context_of(site), "b.pdf", **{"stagiaire.nom": "AUTRE"})
        foreign = next(one for one in site.ledger.entries.all() if one.formation == people.CNAM)
        with site.ledger.database.write() as connection:
            change(
                connection,
                "UPDATE form SET dossier = :d WHERE sha256 = :s",
                d=mixed.dossier.id,
                s=foreign.form.sha256,
            )
        browser = opened(site, "karim")
        assert mixed.dossier.number not in browser.get(HERE).text
        answer = browser.post("/promotion/session/archive", SESSION)
        assert answer.status_code == 200, plain(answer)
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            folders = {name.partition("/")[0] for name in archive.namelist()}
    assert alone.dossier.number in folders
    assert mixed.dossier.number not in folders
