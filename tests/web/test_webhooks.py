"""Webhooks tell real receivers of what happens: signed, in order, again until it is taken, and to nowhere else."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import time
from collections.abc import Callable, Iterator

import delivering
import people
import pytest
from api_kit import V1, Program, program
from hook_server import Receiver, receiver
from web_kit import Site

from pipeline.core.errors import InvalidRequest
from pipeline.core.settings import Settings
from pipeline.core.visitors import Right
from pipeline.ledger.entries import State
from pipeline.ledger.form_rows import Ending
from pipeline.runs.logs import open_log
from pipeline.services import webhook_calls
from pipeline.services.webhook_addresses import address_of, own_networks, require_allowed, target_of
from pipeline.services.webhook_rounds import WAITS, make_round
from pipeline.web.webhook_loop import webhooks_told

REFUSED = [
    "http://127.0.0.1/",
    "https://127.0.0.1/",
    "https://localhost:8000/",
    "https://2130706433/",  # 127.0.0.1 as one number
    "https://0x7f.1/",
    "https://10.1.2.3/",
    "https://192.168.0.1/",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/",
    "https://0.0.0.0/",
    "https://[::1]/",
    "https://[fe80::1]/",
    "https://[fec0::1]/",
    "https://192.88.99.1/",
    "https://[fd00::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "http://192.0.2.1/",
    "ftp://example.org/",
    "file:///etc/passwd",
    "https://user:secret@example.org/",
    "https://example.org/#part",
    "https://nothing.invalid/",
    "https:///",
    "https://example.org:0/",
    "https://example.org:99999/",
    "https://exa mple.org/",
    "https://example.org/\r\nX: 1",
    "https://é.example.org/",
    "not an address",
]


@pytest.fixture
def hooked(site: Site) -> Iterator[Receiver]:
    """A receiver that a webhook of the site calls."""
    object.__setattr__(site.app.state.settings.web, "crochets", ("127.0.0.1",))
    with receiver() as one:
        yield one


@pytest.fixture
def later(site: Site) -> Callable[[float], None]:
    """Have time go on for the webhooks."""
    late = [0.0]
    site.ledger.webhooks._clock = lambda: time.time() + late[0]

    def wait(seconds: float) -> None:
        late[0] += seconds

    return wait


def subscribed(site: Site, hooked: Receiver, **more: object) -> tuple[Program, dict[str, str]]:
    """A program that administers, and its webhook."""
    asked = program(site)
    answer = asked.post("/webhooks", {"url": f"{hooked.url}/in?x=1", **more})
    assert answer.status_code == 201, answer.text
    return asked, answer.json()


def settings_of(site: Site) -> Settings:
    """The settings of the application."""
    settings: Settings = site.app.state.settings
    return settings


def happen(site: Site, name: str = "neuf.pdf", formation: str = people.CNAM) -> str:
    """A form is received and waits; its hash."""
    form = delivering.received(site.ledger, site.workspace, name)
    claim = delivering.claimed(site.ledger, form)
    site.ledger.settle(claim, Ending(State.WAITING, "accord", formation, "ROUSSEL Inès"))
    return form.sha256


def test_what_happens_is_told_signed_and_without_a_name(site: Site, hooked: Receiver) -> None:
    """Each change since it was added, in order, once; the signature is that of the secret; ids and states only."""
    happen(site, "avant.pdf")
    _, hook = subscribed(site, hooked)
    sha256 = happen(site)

    assert make_round(site.ledger, settings_of(site)) == 2
    assert make_round(site.ledger, settings_of(site)) == 0

    bodies = [json.loads(one.body) for one in hooked.calls]
    assert [one["event"] for one in bodies] == ["form.received", "form.waiting"]
    assert bodies[1]["form"] == {"id": sha256[:8], "sha256": sha256, "state": "en-attente"}
    assert bodies[1]["links"]["form"] == f"{V1}/forms/{sha256}"
    assert "ROUSSEL" not in hooked.calls[1].body.decode() + str(hooked.calls[1].headers)
    call = hooked.calls[0]
    at, made = (part.split("=", 1)[1] for part in call.headers["Liasse-Signature"].split(","))
    expected = hmac.new(hook["secret"].encode(), f"{at}.".encode() + call.body, hashlib.sha256).hexdigest()
    assert made == expected
    assert abs(time.time() - int(at)) < 60
    assert (call.path, call.headers["Liasse-Delivery"]) == ("/in?x=1", bodies[0]["id"])
    assert call.headers["Liasse-Event"] == "form.received"


def test_only_the_events_that_were_asked_for_come(site: Site, hooked: Receiver) -> None:
    """Others pass by."""
    subscribed(site, hooked, events=["form.waiting"])
    happen(site)

    make_round(site.ledger, settings_of(site))

    assert [json.loads(one.body)["event"] for one in hooked.calls] == ["form.waiting"]


def test_a_webhook_of_one_formation_is_told_of_no_other(site: Site, hooked: Receiver) -> None:
    """Nor of a form whose formation nobody knows."""
    subscribed(site, hooked, formations=[people.COORDINATION])
    happen(site, "a.pdf", people.CNAM)
    delivering.received(site.ledger, site.workspace, "unread.pdf")
    mine = happen(site, "b.pdf", people.COORDINATION)

    make_round(site.ledger, settings_of(site))

    assert {json.loads(one.body)["form"]["sha256"] for one in hooked.calls} == {mine}


def test_what_is_not_taken_comes_again_later_and_later(
    site: Site, hooked: Receiver, later: Callable[[float], None]
) -> None:
    """500, then a redirection that is not followed, then 200: three attempts with the same bytes and id."""
    asked, hook = subscribed(site, hooked, events=["form.waiting"])
    hooked.answers = [500, 302, 200]
    happen(site)

    counts = []
    for wait in (0.0, WAITS[0] - 1.0, 2.0, WAITS[1] + 1.0, 1e6):
        later(wait)
        make_round(site.ledger, settings_of(site))
        counts.append(len(hooked.calls))

    (call,) = asked.get(hook["links"]["calls"]).json()["calls"]
    assert counts == [1, 1, 2, 3, 3]
    assert (
        len({one.body for one in hooked.calls}) == len({one.headers["Liasse-Delivery"] for one in hooked.calls}) == 1
    )
    assert {one.path for one in hooked.calls} == {"/in?x=1"}
    assert (call["state"], call["attempts"], call["said"]) == ("faite", 3, "200")


def test_what_is_never_taken_is_given_up_and_can_be_replayed(
    site: Site, hooked: Receiver, later: Callable[[float], None]
) -> None:
    """After the last wait it is over; replayed, it comes once more with the same id."""
    asked, hook = subscribed(site, hooked, events=["form.waiting"])
    hooked.answers = [503]
    happen(site)
    for wait in (0.0, *WAITS):
        later(wait + 1.0)
        make_round(site.ledger, settings_of(site))
    (call,) = asked.get(hook["links"]["calls"]).json()["calls"]
    assert (call["state"], call["attempts"], call["next_attempt"]) == ("abandonnee", len(WAITS) + 1, None)

    hooked.answers = [204]
    answer = asked.post(f"{hook['links']['calls']}/{call['number']}/replay")
    make_round(site.ledger, settings_of(site))

    assert (answer.status_code, answer.json()["state"]) == (202, "a-faire")
    assert hooked.calls[-1].headers["Liasse-Delivery"] == call["id"]
    assert asked.get(hook["links"]["calls"]).json()["calls"][0]["state"] == "faite"


def test_a_receiver_that_is_down_is_left_alone(site: Site, hooked: Receiver, later: Callable[[float], None]) -> None:
    """Of ten events one is tried, the others wait with it, then all come in order; others are not held up."""
    with receiver() as other:
        subscribed(site, hooked, events=["form.waiting"])
        subscribed(site, other, events=["form.waiting"])
        hooked.answers = [500, 200]
        forms = [happen(site, f"{at}.pdf") for at in range(10)]

        make_round(site.ledger, settings_of(site))
        first = len(hooked.calls), len(other.calls)
        later(WAITS[0] + 1.0)
        make_round(site.ledger, settings_of(site))

    assert first == (1, 10)
    assert [json.loads(one.body)["form"]["sha256"] for one in hooked.calls[1:]] == forms


def test_a_call_is_not_lost_where_the_process_dies_before_or_after_it(site: Site, hooked: Receiver) -> None:
    """Spread and not called, it is called; called and not noted, it comes again under the same id."""
    subscribed(site, hooked, events=["form.waiting"])
    happen(site)
    book, note = site.ledger.webhooks, site.ledger.webhooks.note
    book.note = lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt)  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        make_round(site.ledger, settings_of(site))
    book.note = note  # type: ignore[method-assign]

    assert make_round(site.ledger, settings_of(site)) == 1
    assert len({one.headers["Liasse-Delivery"] for one in hooked.calls}) == 1
    assert len(hooked.calls) == 2


def test_two_processes_do_not_spread_the_same_news_twice(site: Site, hooked: Receiver) -> None:
    """Whoever read the webhook's line before the other wrote changes nothing."""
    subscribed(site, hooked, events=["form.waiting"])
    (before,) = site.ledger.webhooks.all()
    happen(site)
    make_round(site.ledger, settings_of(site))

    site.ledger.webhooks.spread(before, [], upto=before.after)

    (after,) = site.ledger.webhooks.all()
    assert after.after > before.after


def test_a_webhook_that_was_removed_is_called_no_more(site: Site, hooked: Receiver) -> None:
    """Its calls are gone with it."""
    asked, hook = subscribed(site, hooked)
    happen(site)

    removed = asked.client.delete(hook["links"]["self"])
    make_round(site.ledger, settings_of(site))

    assert (removed.status_code, hooked.calls) == (204, [])
    assert asked.get(hook["links"]["self"]).status_code == 404
    assert asked.get("/webhooks").json()["webhooks"] == []


def test_its_secret_is_told_once(site: Site, hooked: Receiver) -> None:
    """Where it is made, and in no list."""
    asked, hook = subscribed(site, hooked)

    assert hook["secret"].startswith("whsec_")
    assert hook["secret"] not in asked.get("/webhooks").text + asked.get(hook["links"]["self"]).text


def test_the_serving_process_tells_by_itself(site: Site, hooked: Receiver) -> None:
    """The thread beside the page brings what happens within seconds, and ends with it."""
    subscribed(site, hooked, events=["form.waiting"])
    with webhooks_told(site.app.state.house, settings_of(site), open_log()):
        happen(site)
        deadline = time.monotonic() + 20
        while not hooked.calls and time.monotonic() < deadline:
            time.sleep(0.05)

    assert len(hooked.calls) == 1


def test_a_private_or_odd_address_is_refused(site: Site) -> None:
    """When it is given; nothing is kept."""
    asked = program(site)

    answers = {url: asked.post("/webhooks", {"url": url}) for url in REFUSED}

    told = {url: (one.status_code, one.json().get("code")) for url, one in answers.items()}
    assert told == dict.fromkeys(REFUSED, (422, "invalid"))
    assert asked.get("/webhooks").json()["webhooks"] == []


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_a_public_address_is_called_by_https_alone(address: str) -> None:
    """By http nothing goes out that others could read."""
    require_allowed(address, "https", ())
    with pytest.raises(InvalidRequest, match="https"):
        require_allowed(address, "http", ())


def test_a_name_that_comes_to_mean_a_private_address_leads_nowhere(
    site: Site, hooked: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked up anew for each call, once: what was checked is what is connected to."""
    found: list[str] = []
    answers = iter(["127.0.0.1", "127.0.0.1", "10.0.0.1"])
    real = socket.getaddrinfo

    def resolve(host: str, *rest: object, **more: object) -> object:
        if host != "ent.example.org":
            return real(host, *rest, **more)  # type: ignore[arg-type]
        found.append(host)
        return real(next(answers), *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    hooked.url = hooked.url.replace("127.0.0.1", "ent.example.org")
    asked, hook = subscribed(site, hooked, events=["form.waiting"])  # the first look: one of our own
    happen(site, "a.pdf")
    make_round(site.ledger, settings_of(site))  # the second: looked up once, called there
    happen(site, "b.pdf")
    make_round(site.ledger, settings_of(site))  # the third: now it is private

    assert len(hooked.calls) == 1
    assert hooked.calls[0].headers["Host"].startswith("ent.example.org:")
    assert len(found) == 3
    newest = asked.get(hook["links"]["calls"]).json()["calls"][0]
    assert (newest["state"], newest["said"]) == ("a-faire", "adresse refusée")


def test_one_private_address_among_several_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with a public and a private address is not called at all."""
    both = [(2, 1, 6, "", (one, 443)) for one in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)

    with pytest.raises(InvalidRequest, match="privée"):
        address_of(target_of("https://ent.example.org/"), ())


def test_a_receiver_that_drips_is_cut(hooked: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody holds a call for longer than it may take in all."""
    monkeypatch.setattr(webhook_calls, "_IN_ALL", 0.3)
    hooked.slow = 1.0
    begun = time.monotonic()

    answer = webhook_calls.call(target_of(hooked.url), "127.0.0.1", {}, b"{}")

    assert (answer.status, answer.taken) == (0, False)
    assert time.monotonic() - begun < 0.9


def test_what_is_not_there_is_no_error_of_ours() -> None:
    """A closed port is told in a word."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    answer = webhook_calls.call(target_of(f"http://127.0.0.1:{port}/"), "127.0.0.1", {}, b"{}")

    assert (answer.status, answer.wrong) == (0, "ne répond pas")


def test_who_may_not_administer_sees_no_webhook(site: Site) -> None:
    """Neither lists nor adds."""
    asked = program(site, Right.SEE, Right.CORRECT)

    assert asked.get("/webhooks").status_code == 403
    assert asked.post("/webhooks", {"url": "https://example.org/"}).status_code == 403


def test_networks_of_the_settings_are_networks() -> None:
    """What is none is told with its setting."""
    assert [str(one) for one in own_networks(["10.0.0.0/8", "::1"])] == ["10.0.0.0/8", "::1/128"]
    with pytest.raises(Exception, match="crochets"):
        own_networks(["ent.example.org"])
