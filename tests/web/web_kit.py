"""The page asked in this process: a site with its people and two dossiers, and browsers that keep cookies."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import delivering
import people
from httpx2 import Response
from starlette.testclient import TestClient

from pipeline.core.settings import Settings, Web
from pipeline.core.visitors import Role
from pipeline.core.workspace import Workspace
from pipeline.ledger.account_book import Account
from pipeline.ledger.entries import State
from pipeline.ledger.form_rows import Ending
from pipeline.ledger.store import Ledger
from pipeline.services.secret_words import hashed
from pipeline.web.application import Application, create_app

HERE = "http://localhost"
PASSWORD = "quatre mots sans rapport"  # noqa: S105 -- of invented people
HASH = hashed(PASSWORD)  # once: it takes its time on purpose
PEER = ("127.0.0.1", 50000)
# login: roles, formations
PEOPLE: dict[str, tuple[set[Role], set[str] | None]] = {
    "sophie": ({Role.SCOLARITE}, None),
    "karim": ({Role.SCOLARITE}, {people.COORDINATION}),
    "helene": ({Role.RESPONSABLE}, {people.COORDINATION}),
    "etranger": ({Role.SCOLARITE}, {people.CNAM}),
    "lecteur": ({Role.LECTURE}, None),
    "admin": ({Role.ADMINISTRATION}, None),
}


@dataclass
class Browser:
    """Somebody's browser: it keeps cookies, says where it comes from, and sends the token of the page it saw."""

    client: TestClient
    token: str = ""

    def get(self, path: str, **options: Any) -> Response:
        """A page; its forms' token is kept."""
        answer = self.client.get(path, **options)
        found = re.search(r'name="jeton" value="(\w+)"', answer.text)
        self.token = found[1] if found else self.token
        return answer

    def post(self, path: str, data: dict[str, str] | None = None, **options: Any) -> Response:
        """A form sent from our own page."""
        headers = {"Origin": HERE, "Sec-Fetch-Site": "same-origin", **options.pop("headers", {})}
        return self.client.post(path, data={"jeton": self.token, **(data or {})}, headers=headers, **options)

    def sign_in(self, login: str, password: str = PASSWORD) -> Response:
        """The form of sign-in, opened and filled."""
        self.get("/connexion")
        return self.post("/connexion", {"identifiant": login, "mot_de_passe": password})


@dataclass
class Site:
    """One application, its ledger, and the numbers of its dossiers by formation."""

    app: Application
    workspace: Workspace
    dossiers: dict[str, str]
    later: Callable[[float], None]

    @property
    def ledger(self) -> Ledger:
        """The ledger that the application has open."""
        ledger: Ledger = self.app.state.house.ledger
        return ledger

    def browser(
        self,
        login: str = "",
        *,
        peer: tuple[str, int] = PEER,
        cookie: str = "",
        headers: dict[str, str] | None = None,
    ) -> Browser:
        """A new browser; with ``login``, of somebody who has signed in."""
        client = TestClient(self.app, base_url=HERE, follow_redirects=False, client=peer, headers=headers)
        if cookie:
            client.cookies.set("liasse", cookie, domain="localhost.local")
        browser = Browser(client)
        if login:
            assert browser.sign_in(login).status_code == 303
            browser.get("/mot-de-passe")
        return browser


def populate(workspace: Workspace) -> None:
    """People with accounts, and a delivered dossier of each formation."""
    with Ledger.open(workspace) as ledger:
        for login, (roles, formations) in PEOPLE.items():
            where = None if formations is None else frozenset(formations)
            account = Account("", login, login.capitalize(), frozenset(roles), where, HASH)
            assert ledger.accounts.add(account, by="essai")
        for name, formation, stagiaire in (
            ("cnam.pdf", people.CNAM, "ROUSSEL Inès"),
            ("essms.pdf", people.COORDINATION, "LE GOFF Maëlle"),
        ):
            form = delivering.received(ledger, workspace, name)
            claim = delivering.claimed(ledger, form)
            folder = f"{formation}/2024-2025/{name}"
            packet = delivering.published(ledger, workspace, claim, folder)
            ledger.settle(claim, Ending(State.DELIVERED, "", formation, stagiaire, Path(folder), packet))


@contextmanager
def site_of(workspace: Workspace, *, day: dt.date = people.TODAY, **web: Any) -> Iterator[Site]:
    """The site of a populated workspace on a day, with these settings of ``[web]``; time goes on when it is told."""
    settings = dataclasses.replace(Settings(), web=Web(**{"cadence": 0.0, **web}))
    app = create_app(workspace, settings, day=day)
    with TestClient(app, base_url=HERE):
        ledger: Ledger = app.state.house.ledger
        late = [0.0]
        for book in (ledger.accounts, ledger.attempts, ledger.passes):
            book._clock = lambda: time.time() + late[0]

        def later(seconds: float) -> None:
            late[0] += seconds

        numbers = {str(one.formation): one.number for one in ledger.entries.all()}
        yield Site(app, workspace, numbers, later)
