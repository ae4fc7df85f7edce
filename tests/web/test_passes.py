"""Tokens of programs and links to one dossier: what they open, where, how long, and that nobody keeps them."""

from __future__ import annotations

from typing import Annotated

import people
import pytest
from fastapi import APIRouter, Form
from starlette.responses import PlainTextResponse
from web_kit import HERE, Site

from pipeline.core.errors import InvalidRequest, NotFound
from pipeline.core.visitors import Right, Role, Visitor, rights_of
from pipeline.services import passes
from pipeline.services.permissions import Forbidden, Reached, reach
from pipeline.services.secret_words import key_of
from pipeline.web.visits import Judging, Seeing

DAY = 86_400.0
SCOPES = (Right.SEE, Right.DEPOSIT)


@pytest.fixture
def asked(site: Site) -> Site:
    """The site with a route of the API and one of a link beside its own: what they are for comes later."""
    router = APIRouter()

    @router.get("/api/v1/dossiers/{number}")
    @router.post("/api/v1/dossiers/{number}")
    def of_program(visit: Seeing, number: str) -> PlainTextResponse:
        return PlainTextResponse(f"{visit.visitor.name} {visit.reach(Right.SEE, number).number}")

    @router.get("/lien/{secret}/accord/{number}")
    def look(visit: Judging, secret: str, number: str) -> PlainTextResponse:
        del secret
        reached = visit.reach(Right.JUDGE, number)
        token = visit.request.scope["state"]["form_token"]
        return PlainTextResponse(f'{visit.visitor.name} {reached.number} name="jeton" value="{token}"')

    @router.post("/lien/{secret}/accord/{number}")
    def judge(visit: Judging, secret: str, number: str, avis: Annotated[str, Form()] = "") -> PlainTextResponse:
        del secret
        return PlainTextResponse(f"{visit.visitor.name} {visit.reach(Right.JUDGE, number).number} {avis}")

    site.app.include_router(router)
    return site


def token_of(site: Site, *, formations: tuple[str, ...] = (), days: int = 30) -> dict[str, str]:
    """The header of a program with a new token."""
    made = passes.issue_token(
        site.ledger, site.workspace, "ENT", SCOPES, formations=formations, days=days, by="console"
    )
    return {"Authorization": f"Bearer {made}"}


def sophie(*rights: Right) -> Visitor:
    """Somebody of the scolarité, or with these rights."""
    return Visitor("sophie", "Sophie", frozenset(rights) or rights_of([Role.SCOLARITE]))


def dossier(site: Site, formation: str = people.COORDINATION) -> Reached:
    """A dossier as the scolarité reaches it."""
    return reach(sophie(), Right.SEE, site.dossiers[formation], site.ledger)


def link_to(site: Site, *, days: int = 14) -> str:
    """The path of a new link by which the référente judges the coordination dossier."""
    secret = passes.issue_link(site.ledger, sophie(), dossier(site), "Hélène NDIAYE", days=days)
    return f"/lien/{secret}/accord/{site.dossiers[people.COORDINATION]}"


def test_a_program_is_known_by_its_token(asked: Site) -> None:
    """It is answered under its label, without a cookie; its changes need no token of a page."""
    browser, headers = asked.browser(), token_of(asked)
    path = f"/api/v1/dossiers/{asked.dossiers[people.CNAM]}"

    assert browser.get(path, headers=headers).json()["number"] == asked.dossiers[people.CNAM]
    assert browser.client.post(path, headers=headers).status_code == 200
    assert browser.get(path).status_code == 401


def test_a_token_is_for_the_api_alone(asked: Site) -> None:
    """On the page it opens nothing; and where it does not hold, a cookie beside it does not help."""
    assert asked.browser().get("/", headers=token_of(asked)).status_code == 303
    wrong = {"Authorization": "Bearer liasse_inventé".encode()}
    path = f"/api/v1/dossiers/{asked.dossiers[people.CNAM]}"
    assert asked.browser("sophie").client.get(path, headers=wrong).status_code == 401


def test_a_cookie_alone_changes_nothing_through_the_api(asked: Site) -> None:
    """The page's own scripts may ask the API, with the token of the page; another site may not."""
    browser, path = asked.browser("sophie"), f"/api/v1/dossiers/{asked.dossiers[people.CNAM]}"

    assert browser.client.post(path, headers={"Origin": HERE}).status_code == 403
    assert browser.client.post(path, headers={"Origin": HERE, "X-Jeton": browser.token}).status_code == 200


def test_a_token_keeps_to_its_formations(asked: Site) -> None:
    """A dossier of another formation is not there."""
    headers = token_of(asked, formations=(people.CNAM,))
    status = [
        asked.browser().get(f"/api/v1/dossiers/{number}", headers=headers).status_code
        for number in (asked.dossiers[people.CNAM], asked.dossiers[people.COORDINATION], "2024-999")
    ]

    assert status == [200, 404, 404]


def test_a_token_ends_and_is_taken_back(asked: Site) -> None:
    """After its days, or at once."""
    path = f"/api/v1/dossiers/{asked.dossiers[people.CNAM]}"
    first, second = token_of(asked, days=30), token_of(asked, days=365)
    asked.later(29 * DAY)
    assert asked.browser().get(path, headers=first).status_code == 200
    asked.later(2 * DAY)
    assert asked.browser().get(path, headers=first).status_code == 401
    assert asked.browser().get(path, headers=second).status_code == 200

    held = asked.ledger.passes.token(key_of(second["Authorization"].removeprefix("Bearer ")))
    assert held
    passes.revoke_token(asked.ledger, held.id, by="console")
    assert asked.browser().get(path, headers=second).status_code == 401
    with pytest.raises(NotFound):
        passes.revoke_token(asked.ledger, "zz", by="console")


@pytest.mark.parametrize(
    ("label", "rights", "formations", "days"),
    [("", SCOPES, (), 30), ("ENT", (), (), 30), ("ENT", SCOPES, ("inconnue",), 30), ("ENT", SCOPES, (), 0),
     ("ENT", SCOPES, (), 401)],
)  # fmt: skip
def test_a_token_that_cannot_be_is_refused(
    site: Site, label: str, rights: tuple[Right, ...], formations: tuple[str, ...], days: int
) -> None:
    """Without a label or a scope, for a formation that is not there, for ever."""
    with pytest.raises(InvalidRequest):
        passes.issue_token(site.ledger, site.workspace, label, rights, formations=formations, days=days, by="console")

    assert site.ledger.passes.tokens() == ()


def test_a_link_opens_one_dossier_for_one_person(asked: Site) -> None:
    """Under the name of whom it was made for; no other dossier, no list, nothing but its own path."""
    browser, path = asked.browser(), link_to(asked)
    assert browser.get(path).text.startswith(f"Hélène NDIAYE {asked.dossiers[people.COORDINATION]}")

    other = path.replace(asked.dossiers[people.COORDINATION], asked.dossiers[people.CNAM])
    assert browser.get(other).status_code == 404
    assert browser.get("/").status_code == 303
    assert browser.get(path.replace("/accord/", "/autre/")).status_code == 404


def test_a_link_is_not_followed_into_a_decision(asked: Site) -> None:
    """To look changes nothing but the note of the look; to decide takes the page's token, from the page itself."""
    browser, path = asked.browser(), link_to(asked)
    for method in ("GET", "HEAD", "OPTIONS"):
        assert browser.client.request(method, path).status_code in {200, 405}
    assert browser.client.post(path, data={"avis": "favorable"}).status_code == 403
    assert browser.client.post(path, data={"avis": "favorable"}, headers={"Origin": HERE}).status_code == 403

    browser.get(path)
    assert browser.post(path, {"avis": "favorable"}).text.endswith(" favorable")


def test_a_link_ends_and_is_taken_back(asked: Site) -> None:
    """After its days, or at once; what it says then is the same as for one that never was."""
    gone, other = link_to(asked, days=14), link_to(asked, days=30)
    asked.later(15 * DAY)
    never = asked.browser().get("/lien/jamais/accord/2024-001")
    assert (never.status_code, "Que faire : demandez-en un autre" in never.text) == (404, True)
    assert asked.browser().get(gone).text == never.text
    assert asked.browser().get(other).status_code == 200

    held = max(asked.ledger.passes.links_of(dossier(asked).id), key=lambda one: one.expires_at)
    passes.revoke_link(asked.ledger, sophie(), dossier(asked), held.id)
    assert asked.browser().get(other).text == never.text


def test_who_may_not_decide_makes_no_link(site: Site) -> None:
    """Nor takes one back; nor one of another dossier."""
    link_to(site)
    (held,) = site.ledger.passes.links_of(dossier(site).id)
    with pytest.raises(Forbidden):
        passes.issue_link(site.ledger, sophie(Right.SEE), dossier(site), "Hélène NDIAYE", days=14)
    with pytest.raises(Forbidden):
        passes.revoke_link(site.ledger, sophie(Right.SEE), dossier(site), held.id)
    with pytest.raises(NotFound):
        passes.revoke_link(site.ledger, sophie(), dossier(site, people.CNAM), held.id)
    with pytest.raises(InvalidRequest):
        passes.issue_link(site.ledger, sophie(), dossier(site), "Hélène NDIAYE", days=61)

    assert len(site.ledger.passes.links_of(dossier(site).id)) == 1


def test_the_ledger_keeps_neither_tokens_nor_links(asked: Site) -> None:
    """Their hashes alone, in the database, its copy and the journal; who made them and when is noted."""
    token, link = token_of(asked)["Authorization"].removeprefix("Bearer "), link_to(asked).split("/")[2]
    kept = b"".join(path.read_bytes() for path in asked.workspace.memory.rglob("*") if path.is_file())

    assert token.encode() not in kept
    assert link.encode() not in kept
    events = [(line.event, line.actor) for line in asked.ledger.journal()][-2:]
    assert events == [("token-added", "console"), ("link-added", "sophie")]
