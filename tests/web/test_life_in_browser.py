"""A dossier’s life and what is due today in a real browser: at 320 pixels too, and held by axe."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_kit import chromium, served, window
from laid_lives import issued
from life_kit import delivered
from life_site import MAY
from playwright.sync_api import Browser, expect

from pipeline.core.life import PaperKind
from pipeline.core.workspace import Workspace
from pipeline.runs.context_loader import open_context
from pipeline.services import amends, attending

ROOT = Path(__file__).parents[2]
BY = "F. GARÇON"


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, str]:
    """A workspace with a dossier that has all that the page shows, and its number."""
    root = tmp_path_factory.mktemp("vecu")
    for name in ("templates", "schemas"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("inbox", "outbox"):
        (root / name).mkdir()
    workspace = Workspace.at(root)
    with open_context(workspace, MAY) as context:
        life = delivered(context)
        for basis in ("1", "2"):
            issued(context, life.dossier.id, PaperKind.PRESENCE, "2025-04", basis=basis, signers=("etablissement",))
        attending.note_presence(context, life.dossier.number, ["2025-04-15=P/M"], by=BY)
        amends.ask_change(
            context,
            life.dossier.number,
            ["organisme.lieu_stage.voie=9 rue Haute"],
            effect_on=MAY + dt.timedelta(days=14),
            reason="équipe",
            by=BY,
        )
        return workspace, life.dossier.number


@pytest.fixture(scope="module")
def base(lived_in: tuple[Workspace, str]) -> Iterator[str]:
    """The address of the real server."""
    with served(lived_in[0], MAY.isoformat()) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium."""
    with chromium() as one:
        yield one


def test_a_life_is_told_by_the_page(base: str, browser: Browser, lived_in: tuple[Workspace, str]) -> None:
    """What is due leads to the dossier; a signature is noted, a change is tried, and one that is none is refused."""
    sophie = window(browser, base)
    page, number = sophie.page, lived_in[1]
    sophie.sign_in("sophie")
    page.get_by_role("link", name="À faire aujourd’hui").click()
    faults = sophie.faults("a-faire")
    page.get_by_role("link", name=number).first.click()
    faults += sophie.faults("vie")

    page.get_by_text("convention", exact=False).locator("xpath=ancestor-or-self::summary").first.click()
    page.fill("#signe-convention-le", "2025-03-20")
    page.get_by_role("button", name="Noter la signature").first.click()
    expect(page.get_by_role("status")).to_contain_text("convention : signé de tous")
    faults += sophie.faults("vie-notee")

    page.get_by_text("Demander une modification").click()
    page.fill("#changements", "tuteur.nom=ROSSI")
    page.fill("#effet", "2025-05-20")
    page.fill("#motif-modification", "départ du tuteur")
    page.get_by_role("button", name="Voir ce qui changerait").click()
    expect(page.locator("#essai-titre")).to_be_visible()
    faults += sophie.faults("vie-essai")
    page.fill("#changements", "rien")
    page.get_by_role("button", name="Voir ce qui changerait").click()
    expect(page.get_by_role("alert")).to_contain_text("écrivez champ=valeur")
    assert page.input_value("#changements") == "rien"
    faults += sophie.faults("vie-refus")

    helene = window(browser, base)
    helene.sign_in("helene")
    helene.open(f"/dossiers/{number}/vie")
    faults += helene.faults("vie-avis")
    assert faults == []
    assert [one for one in (*sophie.wrong, *helene.wrong) if "422" not in one] == []
