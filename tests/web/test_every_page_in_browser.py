"""Every page in a real browser, for the scolarité and for who judges: axe, 320 pixels, 200 %, a silent console."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import people
import pytest
from api_kit import DELIVERED, WAITS, WRONG
from browser_kit import Desk, chromium, served, window
from life_site import MAY
from playwright.sync_api import Browser, expect
from shown_site import BROKEN, Shown, empty, laid
from test_every_route import routes

# Asked by a page, not opened: pictures, the colour, parts of a page, the mail; and what no person sees.
NO_PAGE = re.compile(r"\.png$|\.css$|\.eml$|/bureau$|/suite$|/direct$|^/(api|healthz|readyz|metrics)\b")
PAGES = sorted(
    {route.path for method, route in routes() if method == "GET" and not NO_PAGE.search(route.path)},
)
ENTRANCE, NO_LINK = "/connexion", "/lien/nul"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """A workspace that has something on every page."""
    return laid(empty(tmp_path_factory.mktemp("montre")))


@pytest.fixture(scope="module")
def base(shown: Shown) -> Iterator[str]:
    """The address of the real server, in the middle of the stages."""
    with served(shown.workspace, MAY.isoformat()) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all."""
    with chromium() as one:
        yield one


def of_scolarite(shown: Shown) -> dict[str, str]:
    """The pages of the scolarité, each in the states that it has, by the name of its picture."""
    at = {name: f"/dossiers/{number}" for name, number in shown.numbers.items()}
    return {
        "a-decider": "/",
        "liste": "/?qui=tous",
        "liste-filtree": f"/?qui=tous&formation={people.COORDINATION}&tri=nom",
        "liste-rien": "/?q=personne",
        "jour": "/a-faire",
        "promotion-choisir": "/promotion",
        "promotion-bilan": f"/promotion?formation={people.COORDINATION}",
        "suivi": "/depots/suivi?" + "&".join(f"f={one}" for one in shown.hashes),
        "mot-de-passe": "/mot-de-passe",
        "accessibilite": "/accessibilite",
        "nulle-part": "/rien",
        "dossier-a-juger": at[WAITS],
        "dossier-liasse": at[DELIVERED],
        "dossier-renvoye": at[WRONG],
        "dossier-en-doute": at["doute.pdf"],
        **{f"dossier-{Path(name).stem}": at[name] for name in BROKEN},
        "liasse-a-prendre": f"{at[DELIVERED]}/liasse",
        "lettre": f"{at[WRONG]}/lettre",
        "lien-a-faire": f"{at[WAITS]}/lien",
        "vie-en-cours": f"{at[DELIVERED]}/vie?mois=2025-05",
        "vie-close": f"{at['close']}/vie",
        "vie-sans": f"{at[WAITS]}/vie",
    }


def of_responsable(shown: Shown) -> dict[str, str]:
    """The pages that are others for who judges."""
    at = {name: f"/dossiers/{number}" for name, number in shown.numbers.items()}
    return {
        "responsable-liste": "/",
        "responsable-refus": f"{at[WAITS]}/lien",
        "responsable-dossier": at[WAITS],
        "responsable-accord": f"{at[WAITS]}/accord",
        "responsable-accord-rien": f"{at[DELIVERED]}/accord",
        "responsable-accord-doute": f"{at['doute.pdf']}/accord",
        "responsable-liasse": f"{at[DELIVERED]}/liasse",
        "responsable-vie": f"{at[DELIVERED]}/vie",
    }


def looked_at(desk: Desk, pages: dict[str, str]) -> list[str]:
    """What is wrong in these pages."""
    found = []
    for name, path in pages.items():
        desk.open(path)
        found += desk.faults(name)
    return found


def said(desk: Desk, *statuses: str) -> list[str]:
    """What went wrong in a window, without what the browser says of each page that was to be answered so."""
    left = list(desk.wrong)
    for status in statuses:
        left.remove(next(one for one in left if f"a status of {status}" in one))
    return left


def link_of(sophie: Desk, shown: Shown) -> str:
    """A link that opens one dossier."""
    sophie.open(f"/dossiers/{shown.numbers[WAITS]}/lien")
    sophie.page.fill("#nom", "Hélène NOIRET")
    sophie.page.get_by_role("button", name="Faire le lien").click()
    return sophie.page.locator("#adresse").input_value()


def test_each_page_has_been_thought_of(shown: Shown) -> None:
    """A route that answers a GET with a page is among those that are opened here."""
    opened = (*of_scolarite(shown).values(), *of_responsable(shown).values(), ENTRANCE, NO_LINK)
    paths = {one.split("?")[0] for one in opened}
    patterns = {page: re.compile(re.sub(r"{\w+}", r"[^/]+", page) + "$") for page in PAGES}

    assert {page for page, pattern in patterns.items() if not any(map(pattern.match, paths))} == set()


def test_every_page_of_the_scolarite(base: str, browser: Browser, shown: Shown) -> None:
    """All that the scolarité opens, and what the forms answer that are filled wrongly."""
    nobody = window(browser, base)
    nobody.open(ENTRANCE)
    nobody.page.fill("#identifiant", "sophie")
    nobody.page.fill("#mot_de_passe", "autre chose que le mot")
    nobody.page.keyboard.press("Enter")
    expect(nobody.page.get_by_role("alert")).to_be_visible()
    faults = nobody.faults("connexion-refus")
    nobody.open(NO_LINK)
    faults += nobody.faults("lien-fini")

    sophie = window(browser, base)
    sophie.sign_in("sophie")
    faults += looked_at(sophie, of_scolarite(shown))
    link = link_of(sophie, shown)
    faults += sophie.faults("lien-pret")
    nobody.page.goto(link)
    expect(nobody.page.get_by_role("button", name="Enregistrer mon avis")).to_be_visible()
    faults += nobody.faults("lien-ouvert")

    assert faults == []
    assert said(nobody, "403", "404") == []
    assert said(sophie, "404") == []


def test_every_page_of_who_judges(base: str, browser: Browser, shown: Shown) -> None:
    """What who judges sees: less to do, other things to say."""
    helene = window(browser, base)
    helene.sign_in("helene")
    faults = looked_at(helene, of_responsable(shown))

    assert faults == []
    assert said(helene, "403") == []
