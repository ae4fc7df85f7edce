"""Every route of the API with every scope, with none, and from a foreign formation: nothing leaks."""

from __future__ import annotations

import re
from typing import Any

import people
import pytest
from api_kit import DELIVERED, WAITS, Program, program
from starlette.testclient import TestClient
from web_kit import HERE, Site

from pipeline.core.visitors import Right
from pipeline.ledger.webhook_book import Webhook
from pipeline.services.webhook_events import NAMES
from pipeline.web.api.document import document

ROUTES = [
    (method.upper(), path, operation)
    for path, operations in document()["paths"].items()
    for method, operation in operations.items()
]
NOTHING_SEEN = Webhook("", "", "", frozenset(), None, "", "")
OPEN = {"get_health", "get_form"}  # any token: what it may do; what it sent itself
BY = {"by": "F. GARÇON"}
BODIES: dict[str, Any] = {
    "give_accord": {"decision": "favorable", **BY},
    "settle_values": {"everything_as_read": True, **BY},
    "lift_rule": {"rule": "S2-01", "reason": "vu avec eux", **BY},
    "try_again": BY,
    "put_away": {"reason": "envoyé par erreur", **BY},
    "take_up_again": BY,
    "take_packet": BY,
    "add_webhook": {"url": "https://127.0.0.1/"},
    "tell_signature": {"paper": "convention", "on": "2025-03-17", **BY},
    "ask_change": {
        "values": [{"field": "stage.date_fin", "value": "16/05/2025"}],
        "effect_on": "2025-04-20",
        "reason": "demande",
        **BY,
    },
    "judge_change": {"judgement": "favorable", **BY},
    "tell_presence": {"days": [{"day": "2025-03-17", "was": "P"}], **BY},
    "issue_attestations": BY,
    "tell_mid_term": {"on": "2025-03-17", "text": "Projet engagé.", **BY},
    "invite_dossier": BY,
    "invite_formation": BY,
    "close_dossier": BY,
    "reopen_dossier": {"reason": "une pièce est revenue", **BY},
}


def needed(operation: dict[str, Any]) -> set[str]:
    """The scope that the document says a route needs."""
    (scheme,) = (one["token"] for one in operation["security"] if "token" in one)
    return set(scheme)


def called(asked: Program, route: tuple[str, str, dict[str, Any]], ids: dict[str, str]) -> tuple[int, str]:
    """The status of a route, and what is told."""
    method, path, operation = route
    name = operation["operationId"]
    which = "packet" if "/packets/" in path else "webhook" if "/webhooks/" in path else "dossier"
    which = "form" if "/forms/" in path else which
    filled = path.replace("{id}", ids[which]).replace("{number}", "1").replace("{kind}", "pdf")
    filled = (
        filled.replace("{code}", people.COORDINATION).replace("{name}", "liasse.pdf").replace("{paper}", "e" * 16)
    )
    options: dict[str, Any] = {"headers": {"If-Match": "*"}}
    if path.endswith("/forms"):
        options = {"content": b"%PDF-", "headers": {"Content-Type": "application/pdf"}}
    elif path.endswith("/signed"):
        options |= {
            "files": {"file": ("scan.pdf", b"%PDF-")},
            "data": {"paper": "convention", "on": "2025-03-17", **BY},
        }
    elif method == "POST":
        options["json"] = BODIES.get(name, {})
    answer = asked.client.request(method, filled, **options)
    return answer.status_code, answer.text


def ids_of(site: Site) -> dict[str, str]:
    """The form, packet and dossier of a delivered sample."""
    form = program(site).form(DELIVERED)
    return {"form": form["sha256"], "packet": form["packet"], "dossier": form["dossier"], "webhook": "0" * 16}


def test_the_document_names_a_scope_for_every_route() -> None:
    """Each is one of the rights; the two that any token may ask are known."""
    without = {one[2]["operationId"] for one in ROUTES if not needed(one[2])}

    assert without == OPEN
    assert {scope for _, _, operation in ROUTES for scope in needed(operation)} == set(Right)


def test_each_route_needs_its_scope_and_no_other(busy: Site) -> None:
    """With all scopes but its own a route is 403 or 404; with its own (and lecture) it is not."""
    ids = ids_of(busy)
    without = {right: program(busy, *(set(Right) - {right})) for right in Right}
    wrong, passed = [], []
    for route in ROUTES:
        for scope in needed(route[2]):
            status, _ = called(without[Right(scope)], route, ids)
            if status not in {403, 404}:
                wrong.append((route[:2], scope, status))
    for route in reversed(ROUTES):  # those that decide come after those that look
        asked = program(busy, Right.SEE, *(Right(one) for one in needed(route[2])))
        status, _ = called(asked, route, ids)
        passed.append((status, route[0], route[1]))

    assert wrong == []
    assert [one for one in passed if one[0] in {401, 403, 405} or one[0] >= 500] == []


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer liasse_nothing"}, {"Cookie": "liasse=nothing"}])
def test_without_a_token_nothing_is_told(site: Site, headers: dict[str, str]) -> None:
    """No token, a token that does not hold, a cookie that does not: 401 and a problem, whatever is asked."""
    ids = dict.fromkeys(("form", "packet", "dossier", "webhook"), "0" * 32)
    asked = Program(TestClient(site.app, base_url=HERE, headers={"Origin": HERE, **headers}))

    answers = [(route[:2], *called(asked, route, ids)) for route in ROUTES]

    assert [one for one in answers if one[1] != 401 or '"unauthenticated"' not in one[2]] == []


def test_by_cookie_alone_nothing_is_changed(busy: Site) -> None:
    """Each change is refused without the token of the page, or from another site, and none is made."""
    ids = ids_of(busy)
    browser = busy.browser("sophie")
    last = busy.ledger.webhooks.news(NOTHING_SEEN)[-1].number
    refused = []
    for headers in ({"Origin": HERE}, {"Origin": "https://ailleurs.example.org", "X-Jeton": browser.token}):
        browser.client.headers.update(headers)
        asked = Program(browser.client)
        refused += [(one[:2], called(asked, one, ids)[0]) for one in ROUTES if one[0] not in {"GET", "HEAD"}]

    assert [one for one in refused if one[1] != 403] == []
    assert busy.ledger.webhooks.news(NOTHING_SEEN)[-1].number == last


def test_what_is_of_a_foreign_formation_is_not_there(busy: Site) -> None:
    """Asked by its ids, it is answered word for word as what was never there; nothing of it is in any list."""
    ids = ids_of(busy)
    waits = program(busy).form(WAITS)
    stranger = program(busy, formations=(people.CNAM,))
    nothing = {"form": "e" * 64, "packet": "e" * 16, "dossier": "e" * 32, "webhook": "e" * 16}

    def plain(text: str) -> str:
        return re.sub(r"« [^»]* »|\b[0-9a-f]{16,64}\b", "", text)

    told = []
    for route in ROUTES:
        if "{id}" in route[1]:
            status, text = called(stranger, route, ids)
            other, said = called(stranger, route, nothing)
            told.append((route[:2], status, other, plain(text) == plain(said)))
    assert [one for one in told if one[1:] != (404, 404, True)] == []
    lists = [stranger.get(path).text for path in ("/dossiers?limit=200", "/bilan", "/formations", "/webhooks")]
    assert not any(word in text for text in lists for word in (ids["dossier"], "LE GOFF", people.COORDINATION))
    assert waits["number"] in lists[0]


def test_a_token_of_one_formation_tells_webhooks_of_that_one(busy: Site) -> None:
    """It can name no other, and does not see webhooks that tell of more."""
    every, mine = program(busy), program(busy, Right.ADMINISTER, formations=(people.CNAM,))
    object.__setattr__(busy.app.state.settings.web, "crochets", ("127.0.0.1",))
    url = "http://127.0.0.1:9/"

    wide = every.post("/webhooks", {"url": url}).json()
    narrow = mine.post("/webhooks", {"url": url}).json()
    foreign = mine.post("/webhooks", {"url": url, "formations": [people.COORDINATION]})

    assert narrow["formations"] == [people.CNAM]
    assert foreign.status_code == 422
    assert [one["id"] for one in mine.get("/webhooks").json()["webhooks"]] == [narrow["id"]]
    assert mine.get(wide["links"]["self"]).status_code == 404
    assert mine.get("/webhooks").json()["events"] == list(NAMES)


def test_a_token_that_was_taken_back_opens_nothing(site: Site) -> None:
    """From the next request on."""
    asked = program(site)
    assert asked.get("/health").status_code == 200
    (token,) = site.ledger.passes.tokens()

    site.ledger.passes.revoke_token(token, by="essai")

    assert asked.get("/health").status_code == 401


def test_health_tells_what_a_token_may_do(site: Site) -> None:
    """Its scopes and its formations."""
    told = program(site, Right.SEE, formations=(people.CNAM,)).get("/health").json()

    assert (told["ready"], told["scopes"], told["formations"]) == (True, ["lecture"], [people.CNAM])
