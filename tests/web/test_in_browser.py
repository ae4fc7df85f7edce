"""The scolarité's day in a real browser: dropped, corrected by the keyboard, judged by a link, lifted, taken."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import people
import pytest
import walking
from browser_kit import Desk, chromium, served, window
from playwright.sync_api import Browser, expect
from test_confirm import hiding

from pipeline.core.fields import Dictionary
from pipeline.core.workspace import Workspace

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "samples"
HOST = "Résidence Les Tilleuls"


@pytest.fixture(scope="module")
def workspace_served(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace of its own, empty."""
    root = tmp_path_factory.mktemp("servi")
    for name in ("templates", "schemas"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("inbox", "outbox"):
        (root / name).mkdir()
    return Workspace.at(root)


@pytest.fixture(scope="module")
def base(workspace_served: Workspace) -> Iterator[str]:
    """The address of the real server, on the day of the samples."""
    with served(workspace_served, people.TODAY.isoformat()) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all."""
    with chromium() as one:
        yield one


def lenient(workspace: Workspace) -> bytes:
    """A form whose tuteur has a function that the formation lets somebody accept: S2-13, and nothing else."""
    data = people.coordination(
        stagiaire__nom="KERMADEC",
        stagiaire__prenom="Yann",
        stagiaire__courriel="yann.kermadec@example.org",
        tuteur__fonction="Secrétaire",
    )
    desk = SimpleNamespace(dictionary=Dictionary.load(workspace), workspace=workspace)
    return walking.filled(desk, data)  # type: ignore[arg-type]


def test_a_day_at_the_scolarite(base: str, browser: Browser, workspace_served: Workspace) -> None:
    """Three forms dropped: one packet, one doubt corrected by the keyboard, one accord by its link; a rule lifted."""
    sophie = window(browser, base)
    page = sophie.page
    sophie.open("/connexion")
    faults = sophie.faults("connexion")
    sophie.sign_in("sophie")
    faults += sophie.faults("accueil-vide")

    sophie.drop(
        [
            ("etudiante.pdf", (SAMPLES / "1-cnam-etudiante.pdf").read_bytes()),
            ("attente.pdf", (SAMPLES / "3-cnam-attente.pdf").read_bytes()),
            ("doute.pdf", hiding("organisme.raison_sociale", "Structure cachée")),
        ]
    )
    told = page.locator("ul.deposits")
    expect(told).to_contain_text("✓ liasse prête")
    expect(told.locator("li", has_text="? à décider")).to_have_count(2)
    faults += sophie.faults("accueil-depots")

    sophie.open("/")
    expect(page.locator("h1")).to_have_text("À faire par vous")
    faults += sophie.faults("accueil")
    faults += settle_by_keyboard(sophie)
    faults += judge_by_link(sophie, browser)
    faults += lift_a_rule(sophie, workspace_served)
    faults += take_the_cohort(sophie)

    assert faults == []
    assert sophie.wrong == []


def settle_by_keyboard(sophie: Desk) -> list[str]:
    """The doubt is opened, corrected, checked as it is typed and confirmed without the mouse; the packet follows."""
    page = sophie.page
    page.get_by_role("link", name="LE GOFF Maëlle").focus()
    page.keyboard.press("Enter")
    typed = page.locator("#saisie-organisme\\.raison_sociale")
    expect(typed).to_be_focused()
    expect(typed).to_have_value("")  # what was hidden is not offered
    faults = sophie.faults("dossier-doute")
    typed.focus()
    page.keyboard.type(HOST)
    expect(page.locator("#essai-organisme\\.raison_sociale")).to_contain_text("✓ convient")
    page.keyboard.press("Enter")
    expect(page.get_by_text("✓ liasse prête")).to_be_visible()
    assert page.locator("[data-doubt]").count() == 0
    faults += sophie.faults("dossier-pret")
    page.get_by_role("link", name="Voir et prendre la liasse").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".book img").first).to_be_visible()
    return faults + sophie.faults("liasse")


def judge_by_link(sophie: Desk, browser: Browser) -> list[str]:
    """A link is made, opened by a scanner without any effect, then by who it is for, whose word makes the packet."""
    page = sophie.page
    sophie.open("/?q=ROUX&qui=tous")
    page.get_by_role("link", name="ROUX Anaïs").click()
    number = page.url.rsplit("/", 1)[1]
    page.get_by_role("link", name="Demander l’avis").click()
    faults = sophie.faults("lien-avant")
    page.fill("#nom", "Hélène NOIRET")
    page.fill("#courriel", "helene.noiret@example.org")
    page.get_by_role("button", name="Faire le lien").click()
    link = page.locator("#adresse").input_value()
    faults += sophie.faults("lien-fait")

    outside = window(browser, sophie.base)
    for _ in range(3):
        outside.page.goto(link)
    expect(outside.page.get_by_role("button", name="Enregistrer mon avis")).to_be_visible()
    faults += outside.faults("avis")
    sophie.open(f"/dossiers/{number}")
    expect(page.get_by_text("L’accord du responsable pédagogique est attendu")).to_be_visible()

    outside.page.get_by_label("Favorable : la convention peut être éditée").focus()
    outside.page.keyboard.press("Space")
    outside.page.get_by_role("button", name="Enregistrer mon avis").focus()
    outside.page.keyboard.press("Enter")
    expect(outside.page.get_by_text("Votre avis favorable est enregistré.")).to_be_visible()
    faults += outside.faults("avis-donne")
    assert outside.wrong == []

    sophie.open(f"/dossiers/{number}")
    expect(page.get_by_text("✓ liasse prête")).to_be_visible()
    expect(page.get_by_text("Avis favorable de Hélène NOIRET")).to_be_visible()
    return faults


def lift_a_rule(sophie: Desk, workspace: Workspace) -> list[str]:
    """A form goes back for a rule that may be lifted; somebody lifts it with a reason, and the packet is made."""
    page = sophie.page
    sophie.open("/")
    sophie.drop([("kermadec.pdf", lenient(workspace))])
    expect(page.locator("ul.deposits")).to_contain_text("↩ à compléter")
    page.locator("ul.deposits a").click()
    page.get_by_text("Passer outre, avec un motif").click()
    faults = sophie.faults("dossier-constats")
    page.locator("#motif-S2-13").fill("accord de la direction")
    page.keyboard.press("Enter")
    expect(page.get_by_text("✓ liasse prête")).to_be_visible()
    expect(page.get_by_text("✓ levé")).to_be_visible()
    return faults + sophie.faults("dossier-leve")


def take_the_cohort(sophie: Desk) -> list[str]:
    """All packets to be signed of a formation as one ZIP that opens, with its bilan; who took them is said."""
    page = sophie.page
    sophie.open("/promotion?formation=cnam-lp-insertion")
    faults = sophie.faults("promotion")
    with page.expect_download() as waited:
        page.get_by_role("button", name="Prendre toutes les liasses à signer").click()
    data = Path(waited.value.path()).read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
    assert "bilan.xlsx" in names
    assert sum(name.endswith("liasse-2-convention.pdf") for name in names) == 2
    sophie.open("/?q=LEF%C3%88VRE&qui=tous")
    page.get_by_role("link", name="LEFÈVRE Élise").click()
    expect(page.get_by_text("prise par Sophie MARCHAL")).to_be_visible()
    return faults
