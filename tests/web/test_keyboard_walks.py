"""Decisions taken with the keyboard alone, in a real browser; each place that Tab comes to shows that it is there."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import people
import pytest
import walking
from api_kit import DELIVERED, SAMPLES, WAITS
from browser_kit import Desk, chromium, served, window
from playwright.sync_api import Browser, Locator, expect
from shown_site import empty

from pipeline.core.workspace import Workspace
from pipeline.ledger.store import Ledger
from pipeline.runs.context_loader import ContextLoader

STOPS = 150  # presses of Tab on one page
EFFECT = ("05052025", "2025-05-05")  # as it is typed, whichever comes first, day or month
_SEEN = """
() => {
  const here = document.activeElement;
  if (!here || here === document.body) return "";
  const style = getComputedStyle(here);
  const shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return shown ? "" : here.outerHTML.slice(0, 200);
}
"""


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with a dossier to judge, one whose packet is ready, one that a rule holds which may be lifted."""
    workspace = empty(tmp_path_factory.mktemp("clavier"))
    with Ledger.open(workspace) as ledger:
        context = ContextLoader(workspace, ledger, lambda: people.TODAY).context()
        person = {"stagiaire__nom": "KERMADEC", "stagiaire__prenom": "Yann", "tuteur__fonction": "Secrétaire"}
        data = people.coordination(**person, stagiaire__courriel="yann.kermadec@example.org")
        (workspace.inbox / "kermadec.pdf").write_bytes(walking.filled(context, data))
        paths = [Path(shutil.copy(SAMPLES / name, workspace.inbox)) for name in (WAITS, DELIVERED)]
        assert len(list(walking.run([*paths, workspace.inbox / "kermadec.pdf"], context))) == 3
    return workspace


@pytest.fixture(scope="module")
def base(walked: Workspace) -> Iterator[str]:
    """The address of the real server."""
    with served(walked, people.TODAY.isoformat()) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all."""
    with chromium() as one:
        yield one


def seated(browser: Browser, base: str, login: str) -> Desk:
    """The window of somebody who has signed in."""
    desk = window(browser, base)
    desk.sign_in(login)
    return desk


def to(desk: Desk, wanted: Locator) -> None:
    """Press Tab until that is reached; whatever has the focus on the way shows it."""
    expect(wanted).to_have_count(1)
    for _ in range(STOPS):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        desk.page.keyboard.press("Tab")
        assert desk.page.evaluate(_SEEN) == "", "the focus is not seen"
    raise AssertionError(f"{wanted} is not reached by Tab")


def press(desk: Desk, wanted: Locator, key: str = "Enter") -> None:
    """Go there by Tab, and press a key."""
    to(desk, wanted)
    desk.page.keyboard.press(key)


def write(desk: Desk, wanted: Locator, text: str) -> None:
    """Go there by Tab, and type."""
    to(desk, wanted)
    desk.page.keyboard.type(text)


def test_an_accord_is_given_with_its_reason(base: str, browser: Browser) -> None:
    """From the list to the word: chosen, with a reason, and told."""
    helene = seated(browser, base, "helene")
    page = helene.page
    press(helene, page.get_by_role("link", name="ROUX Anaïs"))
    press(helene, page.get_by_role("link", name="Donner un avis"))
    press(helene, page.get_by_label("Favorable : la convention peut être éditée"), "Space")
    write(helene, page.locator("#motif"), "projet solide")
    press(helene, page.get_by_role("button", name="Enregistrer mon avis"))
    expect(page.get_by_text("Votre avis favorable est enregistré.")).to_be_visible()
    press(helene, page.get_by_role("navigation", name="Fil d’Ariane").get_by_role("link", name="2024-"))
    expect(page.get_by_text("Avis favorable de Hélène NOIRET")).to_contain_text("projet solide")
    assert helene.wrong == []


def test_a_rule_is_lifted_with_its_reason(base: str, browser: Browser) -> None:
    """The finding is opened, the reason typed, and Enter sends it."""
    sophie = seated(browser, base, "sophie")
    page = sophie.page
    press(sophie, page.get_by_role("link", name="KERMADEC Yann"))
    press(sophie, page.locator("summary", has_text="Passer outre, avec un motif"))
    write(sophie, page.locator("#motif-S2-13"), "accord de la direction")
    page.keyboard.press("Enter")
    expect(page.get_by_text("✓ levé")).to_be_visible()
    assert sophie.wrong == []


def test_packets_are_taken_as_one_archive(base: str, browser: Browser) -> None:
    """A dossier is ticked in the list, and what is ticked is taken."""
    sophie = seated(browser, base, "sophie")
    page = sophie.page
    row = page.get_by_role("row", name="LE GOFF Maëlle")
    press(sophie, row.get_by_role("checkbox"), "Space")
    expect(row.get_by_role("checkbox")).to_be_checked()
    with page.expect_download() as waited:
        press(sophie, page.get_by_role("button", name="Prendre les liasses cochées (ZIP)"))
    with zipfile.ZipFile(io.BytesIO(Path(waited.value.path()).read_bytes())) as archive:
        assert archive.testzip() is None
        assert any(name.endswith("liasse.pdf") for name in archive.namelist())
    assert sophie.wrong == []


def test_a_convention_is_amended(base: str, browser: Browser) -> None:
    """A change is tried, asked, then judged by who may; the avenant is there."""
    sophie = seated(browser, base, "sophie")
    page = sophie.page
    sophie.open("/?q=GOFF&qui=tous")
    press(sophie, page.get_by_role("link", name="LE GOFF Maëlle"))
    press(sophie, page.get_by_role("link", name="Vie du dossier"))
    press(sophie, page.locator("summary", has_text="Demander une modification"))
    write(sophie, page.locator("#changements"), "organisme.lieu_stage.voie=9 rue Haute")
    write(sophie, page.locator("#effet"), EFFECT[0])
    expect(page.locator("#effet")).to_have_value(EFFECT[1])
    write(sophie, page.locator("#motif-modification"), "déménagement de l’équipe")
    press(sophie, page.get_by_role("button", name="Voir ce qui changerait"))
    expect(page.locator("#essai-titre")).to_be_visible()
    press(sophie, page.get_by_role("button", name="Demander ce changement"))
    expect(page.get_by_role("status").filter(has_text="est demandé")).to_be_visible()

    helene = seated(browser, base, "helene")
    helene.open(page.url.replace(base, "").split("/vie")[0] + "/vie")
    press(helene, helene.page.get_by_label("Favorable : l’avenant est établi"), "Space")
    write(helene, helene.page.locator("#avis-1-motif"), "pour Anaïk BÖHM, absente")
    press(helene, helene.page.get_by_role("button", name="Enregistrer l’avis"))
    expect(helene.page.get_by_role("status").filter(has_text="accepté")).to_be_visible()
    expect(helene.page.get_by_role("cell", name="en vigueur").first).to_be_visible()
    assert [*sophie.wrong, *helene.wrong] == []
