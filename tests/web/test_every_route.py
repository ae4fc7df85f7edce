"""Every route with every person: who has no session, who has not the right, whose formation it is not."""

from __future__ import annotations

from collections.abc import Iterator

import people
import pytest
from fastapi.routing import APIRoute
from web_kit import HERE, PEOPLE, Site

from pipeline.core.visitors import Right, rights_of
from pipeline.ledger.database import row
from pipeline.web.application import ROUTERS
from pipeline.web.gate import LINK, OPEN
from pipeline.web.troubles import API
from pipeline.web.visits import NEEDS, SAFE

# What stands in a path between braces: the dossier of the coordination mission, and words for what hangs on it.
PARAMETERS = {
    "number": "{dossier}",
    "page": "1",
    "file": "liasse.pdf",
    "act": "reessayer",
    "identity": "00000000",
    "paper": "0" * 64,
    "change": "1",
}
NOBODYS = "2024-999"


def routes() -> Iterator[tuple[str, APIRoute]]:
    """Every route with each of its methods."""
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute), f"{route} is no route that tests go through"
            yield from ((method, route) for method in sorted(route.methods))


def is_open(route: APIRoute) -> bool:
    """Whether a route is for everybody, or for who holds its link."""
    return any(route.path == one or (one.endswith("/") and route.path.startswith(one)) for one in OPEN)


def needed(route: APIRoute) -> Right | None:
    """The right that its visit asks for; ``None``: to be signed in."""
    (right,) = [NEEDS[one.call] for one in route.dependant.dependencies if one.call in NEEDS]
    return right


ALL_CLOSED = [
    pytest.param(method, route, id=f"{method} {route.path}") for method, route in routes() if not is_open(route)
]
CLOSED = [one for one in ALL_CLOSED if not one.values[1].path.startswith(API)]  # the API: test_api_scopes.py
UNSAFE = [one for one in CLOSED if one.values[0] not in SAFE]
OF_A_DOSSIER = [one for one in CLOSED if "{number}" in one.values[1].path]


def path_of(route: APIRoute, dossier: str) -> str:
    """The path of a route, for a dossier."""
    return route.path.format(**{name: value.format(dossier=dossier) for name, value in PARAMETERS.items()})


def test_every_closed_route_asks_for_a_visit() -> None:
    """A handler takes exactly one visit, which says the right; who adds one cannot forget it."""
    assert len(CLOSED) >= 4
    for one in ALL_CLOSED:
        needed(one.values[1])


def test_links_have_their_visit_too() -> None:
    """Under the path of links, the handler asks for a right as everywhere: the link says which."""
    for _, route in routes():
        if route.path.startswith(LINK):
            assert needed(route) is not None


@pytest.mark.parametrize(("method", "route"), CLOSED)
def test_without_a_session_nothing_is_there(site: Site, method: str, route: APIRoute) -> None:
    """A page leads to the sign-in, the API says 401; the same for a dossier that is there and for one that is not."""
    seen = set()
    for dossier in (site.dossiers[people.COORDINATION], NOBODYS):
        headers = {"Origin": HERE} if method not in SAFE else {}
        answer = site.browser().client.request(method, path_of(route, dossier), headers=headers)
        where = answer.headers.get("location", "").replace(dossier, "X")
        seen.add((answer.status_code, where, answer.text.replace(dossier, "X")))

    assert len(seen) == 1
    status = next(iter(seen))[0]
    assert status == (401 if route.path.startswith(API) else 303)


@pytest.mark.parametrize(("method", "route"), CLOSED)
def test_who_has_not_the_right_is_refused(site: Site, method: str, route: APIRoute) -> None:
    """403 for everybody whose roles do not have it, and for nobody else."""
    right = needed(route)
    for login, (roles, _) in PEOPLE.items():
        if right is None:
            continue
        browser = site.browser(login)
        headers = {"Origin": HERE, "X-Jeton": browser.token} if method not in SAFE else {}
        path = path_of(route, site.dossiers[people.COORDINATION])
        status = browser.client.request(method, path, headers=headers).status_code

        assert (status == 403) is (right not in rights_of(roles)), (login, status)


@pytest.mark.parametrize(("method", "route"), OF_A_DOSSIER)
def test_a_foreign_dossier_is_not_there(site: Site, method: str, route: APIRoute) -> None:
    """Who is of another formation is answered exactly as for a number that nobody has."""
    browser = site.browser("etranger")
    answers = []
    for dossier in (site.dossiers[people.COORDINATION], NOBODYS):
        headers = {"Origin": HERE, "X-Jeton": browser.token} if method not in SAFE else {}
        answer = browser.client.request(method, path_of(route, dossier), headers=headers)
        answers.append((answer.status_code, answer.text.replace(dossier, "X"), sorted(answer.headers)))

    assert answers[0][0] in {403, 404}
    assert answers[0] == answers[1]
    assert "GOFF" not in answers[0][1]


@pytest.mark.parametrize(("method", "route"), UNSAFE)
def test_a_change_is_asked_from_our_own_page(site: Site, method: str, route: APIRoute) -> None:
    """Without the token, from another site, or from nowhere: refused, for everybody, and nothing is changed."""
    for login in ("sophie", "helene", "admin"):
        browser = site.browser(login)
        before = head(site)
        for headers in (
            {"Origin": HERE},
            {"Origin": HERE, "X-Jeton": "0" * 64},
            {"Origin": "https://ailleurs.example.org", "X-Jeton": browser.token},
            {"Sec-Fetch-Site": "cross-site", "X-Jeton": browser.token},
            {"X-Jeton": browser.token},
        ):
            path = path_of(route, site.dossiers[people.COORDINATION])
            assert browser.client.request(method, path, headers=headers).status_code == 403
        assert head(site) == before


def head(site: Site) -> object:
    """The newest sealed line of the ledger: it moves with every change."""
    with site.ledger.database.read() as connection:
        return row(connection, "SELECT max(number) FROM copy_line")


def test_a_list_tells_of_no_other_formation(site: Site) -> None:
    """Neither names nor counts: not by looking, and not by seeking what is there."""
    mine, all_ = site.browser("etranger"), site.browser("sophie")

    assert "ROUSSEL" in mine.get("/").text
    for query in ("", "?q=GOFF", f"?q={site.dossiers[people.COORDINATION]}", "?q=essms"):
        text = mine.get(f"/{query}").text
        assert "GOFF" not in text.replace('value="GOFF"', "").replace("?q=GOFF&", "")  # what was asked
        assert people.COORDINATION not in text
    assert "GOFF" in all_.get("/?q=goff").text


def test_who_administers_accounts_sees_no_student(site: Site) -> None:
    """The one who looks after accounts has no right to the dossiers, unless it is given too."""
    browser = site.browser("admin")

    assert browser.get("/").status_code == 403
    for number in (site.dossiers[people.CNAM], NOBODYS):
        answer = browser.get(f"/dossiers/{number}")
        assert answer.status_code == 403
        assert "ROUSSEL" not in answer.text


def test_each_look_is_noted_once_an_hour(site: Site) -> None:
    """Who saw which dossier stands in the journal: one line for a person, a dossier and an hour."""
    number = site.dossiers[people.COORDINATION]
    for login in ("sophie", "sophie", "karim", "etranger", "admin"):
        site.browser(login).get(f"/dossiers/{number}")
    form = site.ledger.entries.of_dossier(site.ledger.dossiers.named(number)[0])[0].form
    seen = [line.actor for line in site.ledger.journal(form.sha256) if line.event == "vu"]

    assert seen == ["sophie", "karim"]


def test_a_look_is_noted_once_by_two_servers(site: Site) -> None:
    """A server that was started again knows from the ledger what was noted."""
    form = site.ledger.entries.all()[0].form.sha256
    site.ledger.looks.note(form, "sophie")
    site.ledger.looks._noted.clear()
    site.ledger.looks.note(form, "sophie")

    assert [line.event for line in site.ledger.journal(form)].count("vu") == 1
