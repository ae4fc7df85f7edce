"""The pages of a dossier's life in tests: a site some days later, its dossiers, and browsers that fill its forms."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from httpx2 import Response
from web_kit import Browser, Site

from pipeline.core.life import Facts
from pipeline.dossier.context import Context
from pipeline.dossier.life.holding import Life

EDITED = dt.date(2025, 3, 24)  # some days after the packets were edited
MAY = dt.date(2025, 5, 6)


def context_of(site: Site) -> Context:
    """The context that the site works in."""
    found: Context = site.app.state.house.context()
    return found


def opened(browser: Browser, life: Life, query: str = "") -> str:
    """The page of a life as somebody opens it."""
    answer = browser.get(f"/dossiers/{life.dossier.number}/vie{query}")
    assert answer.status_code == 200, answer.text
    return answer.text


def seen_in(text: str) -> str:
    """What a page says that whoever acts has looked at."""
    found = re.search(r'name="vu" value="(-?\d+)"', text)
    return found[1] if found else ""


def send(browser: Browser, life: Life, where: str, *, vu: str | None = None, **data: Any) -> Response:
    """A form of that page filled and sent, as it stands unless ``vu`` says otherwise; then the page it leads to."""
    looked = seen_in(opened(browser, life))
    files = data.pop("files", None)
    data["vu"] = vu if vu is not None else looked
    return followed(browser, browser.post(f"/dossiers/{life.dossier.number}/vie/{where}", data, files=files))


def followed(browser: Browser, answer: Response) -> Response:
    """The page that a browser goes on to after something was done; a refusal is the page itself."""
    return browser.get(answer.headers["location"]) if answer.status_code == 303 else answer


def facts_of(site: Site, life: Life) -> Facts:
    """What was told of a dossier."""
    return site.ledger.life.facts(life.dossier.id)


def plain(answer: Response) -> str:
    """The text of a page with ordinary spaces."""
    return re.sub(r"[ \xa0\u202f\n]+", " ", answer.text)
