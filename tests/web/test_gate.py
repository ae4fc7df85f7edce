"""The gate: whose requests are answered, whose changes are made, and what no answer goes without."""

from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from web_kit import HERE, Browser, Site, site_of

from pipeline.core.errors import ConfigError
from pipeline.core.settings import Settings, Web
from pipeline.core.workspace import Workspace
from pipeline.dossier.dossier_index import DossierIndex
from pipeline.web.application import create_app

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
PROXY, ELSEWHERE = ("192.0.2.10", 1), ("192.0.2.66", 1)


@pytest.mark.parametrize(
    "path",
    ["/", "/connexion", "/nulle-part", "/api/v1/nulle-part", "/static/liasse.css", "/static/nulle-part", "/healthz",
     "/metrics", "/accessibilite", "/couleur.css", "/lien/faux/accord"],
)  # fmt: skip
@pytest.mark.parametrize("login", ["", "sophie"])
def test_no_answer_goes_without_its_protection(site: Site, path: str, login: str) -> None:
    """Pages, files, redirects and errors have the same strict policy; what names people is kept by nobody."""
    answer = site.browser(login).get(path)

    assert answer.headers["content-security-policy"] == CSP
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    public = path.startswith("/static/liasse") or path == "/couleur.css"
    assert ("public" if public else "no-store") in answer.headers["cache-control"]


def test_an_answer_too_big_to_be_asked_has_it_too(site: Site) -> None:
    """What is refused before the application sees it: 413, in French, with the policy."""
    browser = site.browser("sophie")
    answer = browser.post("/mot-de-passe", {"actuel": "x" * 1_000_001})

    assert answer.status_code == 413
    assert "déposez moins de fichiers" in answer.text
    assert answer.headers["content-security-policy"] == CSP


def test_a_body_is_not_read_before_its_sender_is_known(site: Site) -> None:
    """Without a session nothing of what is sent is read: the answer is there before the first byte."""
    read = []

    def body() -> object:
        read.append(1)
        yield b"x" * 1000

    answer = site.browser().client.post("/mot-de-passe", content=body(), headers={"Origin": HERE})

    assert (answer.status_code, answer.headers["location"]) == (303, "/connexion")
    assert len(read) <= 1  # the client itself begins


@pytest.mark.parametrize("host", ["ailleurs.example.org", "localhost.example.org", "", "liasse.example.org:8000@x"])
def test_another_host_is_not_ours(site: Site, host: str) -> None:
    """A name that nobody configured is refused (DNS rebinding)."""
    answer = site.browser("sophie").get("/", headers={"Host": host})

    assert answer.status_code in {400, 421}


@pytest.mark.parametrize(
    "host", ["liasse.example.org", "LIASSE.example.org:443", "stages.example.org", "127.0.0.1:8000", "[::1]:8000"]
)
def test_configured_hosts_are_ours(web_workspace: Workspace, host: str) -> None:
    """The address, the other names, and this machine."""
    with site_of(web_workspace, adresse="https://liasse.example.org", hotes=("stages.example.org",)) as site:
        assert site.browser().get("/connexion", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://ailleurs.example.org"},
        {"Origin": "null"},
        {"Origin": "http://localhost:8001"},
        {"Origin": HERE, "Sec-Fetch-Site": "cross-site"},
        {"Origin": HERE, "Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {},
    ],
)
def test_a_change_comes_from_our_own_page(site: Site, headers: dict[str, str]) -> None:
    """From another site, or from nowhere, nothing is done, with the right token and session too."""
    browser = site.browser("sophie")
    answer = browser.client.post("/deconnexion", data={"jeton": browser.token}, headers=headers)

    assert answer.status_code == 403
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
def test_a_change_has_the_token_of_its_session(site: Site, token: str) -> None:
    """Without it, or with that of another session, nothing is done; in a form or in a header."""
    browser, other = site.browser("sophie"), site.browser("karim")
    for wrong in (token, other.token):
        assert browser.post("/deconnexion", {"jeton": wrong}).status_code == 403
        head = {"X-Jeton": wrong.encode()}
        assert browser.post("/deconnexion", headers=head).status_code == 403

    assert browser.get("/").status_code == 200
    assert browser.post("/deconnexion", {"jeton": ""}, headers={"X-Jeton": browser.token}).status_code == 303


def proxied(site: Site, *, peer: tuple[str, int] = PROXY, **headers: str) -> Browser:
    """The browser of somebody behind the reverse proxy, which says who it is."""
    return site.browser(peer=peer, headers={name.replace("_", "-"): value for name, value in headers.items()})


BEHIND = {"identite": "X-Remote-User", "mandataires": ("192.0.2.0/28", "::1")}


def test_the_proxy_says_who_it_is(web_workspace: Workspace) -> None:
    """From its address its word is believed, and a session begins, for the tokens of forms."""
    with site_of(web_workspace, **BEHIND) as site:
        browser = proxied(site, X_Remote_User="Sophie")

        assert "Sophie" in browser.get("/").text
        assert browser.post("/deconnexion").status_code == 303


def test_a_forged_identity_is_refused(web_workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    """From any other address the header is an attack: refused, whatever else is right, and told in the log."""
    with site_of(web_workspace, **BEHIND) as site:
        assert proxied(site, peer=ELSEWHERE, X_Remote_User="sophie").get("/").status_code == 403
        browser = site.browser("sophie", peer=ELSEWHERE)
        assert browser.get("/", headers={"X-Remote-User": "sophie"}).status_code == 403
        assert browser.get("/healthz", headers={"X-Remote-User": "sophie"}).status_code == 403
        assert (
            browser.get("/", headers={"X-Forwarded-For": "192.0.2.10", "x-remote-user": "admin"}).status_code == 403
        )

    told = [json.loads(line) for line in capsys.readouterr().err.splitlines() if "forged" in line]
    assert told[0]["peer"] == ELSEWHERE[0]


def test_two_identities_are_an_attack(web_workspace: Workspace) -> None:
    """A proxy that adds its header to one that was sent lets nobody in."""
    with site_of(web_workspace, **BEHIND) as site:
        client = TestClient(site.app, base_url=HERE, client=PROXY, follow_redirects=False)
        answer = client.get("/", headers=[("X-Remote-User", "admin"), ("X-Remote-User", "sophie")])

    assert answer.status_code == 403


def test_whom_the_proxy_knows_and_we_do_not_is_not_let_in(web_workspace: Workspace) -> None:
    """No account, or a closed one: no access; and a session of somebody else opens nothing."""
    with site_of(web_workspace, **BEHIND) as site:
        site.ledger.accounts.set_enabled(site.ledger.accounts.named("lecteur"), enabled=False, by="essai")
        for login in ("inconnue", "lecteur", ""):
            assert proxied(site, X_Remote_User=login).get("/").status_code == 303
        browser = proxied(site, X_Remote_User="sophie")
        browser.get("/")
        assert browser.get("/", headers={"X-Remote-User": "inconnue"}).status_code == 303
        assert "Karim" in browser.get("/", headers={"X-Remote-User": "karim"}).text


def test_addresses_are_those_of_clients(web_workspace: Workspace) -> None:
    """Behind the proxy, who fails waits by the address that the proxy names; what a client adds is not believed."""
    with site_of(web_workspace, **BEHIND) as site:
        for number in range(30):
            site.ledger.attempts.begin(f"personne{number}", "198.51.100.7")
        there = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7, 192.0.2.11"}
        forged = {"X-Forwarded-For": "198.51.100.7"}

        assert "Trop d’essais" in site.browser(peer=PROXY, headers=there).sign_in("sophie").text
        assert site.browser(peer=ELSEWHERE, headers=forged).sign_in("sophie").status_code == 303


@pytest.mark.parametrize(
    "web",
    [
        {"identite": "X-Remote-User"},
        {"mandataires": ("partout",)},
        {"mandataires": ("10.0.0.1/8",)},
        {"adresse": "liasse.example.org"},
        {"adresse": "https://example.org/liasse"},
        {"adresse": "ftp://liasse.example.org"},
    ],
)
def test_a_place_that_cannot_be_is_said_at_the_start(web_workspace: Workspace, web: dict[str, object]) -> None:
    """A header that nobody may send, an address that is none, ours or a proxy's."""
    with pytest.raises(ConfigError, match=r"liasse\.toml, \[web\] "):
        create_app(web_workspace, Settings(web=Web(**web)))  # type: ignore[arg-type]


def test_who_asks_too_often_waits(web_workspace: Workspace) -> None:
    """Two a second, ten at once: the eleventh is refused, of this person and not of another."""
    with site_of(web_workspace, cadence=2.0) as site:
        browser, other = site.browser("sophie"), site.browser("karim")
        answers = [browser.get("/mot-de-passe").status_code for _ in range(40)]

        assert 429 in answers
        assert answers[0] == 200
        assert other.get("/mot-de-passe").status_code == 200


def test_what_nobody_foresaw_is_told_without_a_name(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fault of ours: a French page, a line in the log with its kind and place, no traceback and no text of it."""

    def broken(*_: object, **__: object) -> None:
        raise ValueError("LE GOFF Maëlle")

    monkeypatch.setattr(DossierIndex, "listed", broken)
    browser = site.browser("sophie")
    answer = browser.get("/")
    told = capsys.readouterr().err

    assert answer.status_code == 500
    assert "prévenez la personne qui veille" in answer.text
    assert '"error": "ValueError"' in told
    assert "GOFF" not in answer.text + told
    assert "Traceback" not in told


def test_the_log_names_nobody(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither who asks, nor what is sought, nor which dossier: the route alone."""
    browser = site.browser("sophie")
    browser.get("/?q=LE+GOFF")
    browser.get(f"/dossiers/{site.dossiers['coordination-essms']}")
    browser.get("/lien/secret-qui-ouvre/accord")
    told = capsys.readouterr().err
    asked = [json.loads(line)["route"] for line in told.splitlines() if '"event": "request"' in line]

    assert asked[-3:] == ["/", "/dossiers/{number}", "-"]
    assert not any(word in told.lower() for word in ("goff", "sophie", "2024-0", "secret-qui"))


def test_websockets_are_not_spoken(site: Site) -> None:
    """Nothing here speaks them: the door is closed before anything is said."""
    client = site.browser("sophie").client
    with pytest.raises(WebSocketDisconnect) as told, client.websocket_connect("/"):
        pass

    assert told.value.code == 1008
