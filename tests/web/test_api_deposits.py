"""A form sent by a program is on the disk before it is acknowledged, and sent twice it is there once."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

import people
import pytest
from api_kit import DELIVERED, SAMPLES, WAITS, program
from web_kit import Site

from pipeline.core.visitors import Right
from pipeline.ledger.upload_keys import KEPT
from pipeline.services.depositing import kept_name

FORM = (SAMPLES / WAITS).read_bytes()


def test_a_deposit_is_taken_in_and_can_be_followed(site: Site) -> None:
    """202 with the address of the form, which is received, in the spool, and to be read."""
    asked = program(site)

    answer = asked.deposit("Dupont d’été.pdf", FORM)

    form = asked.get(answer.headers["location"]).json()
    sha256 = hashlib.sha256(FORM).hexdigest()
    assert (answer.status_code, answer.json()["again"], answer.json()["known"]) == (202, False, False)
    assert (form["sha256"], form["state"], form["name"]) == (sha256, "recu", "Dupont d’été.pdf")
    assert (site.workspace.spool / sha256[:2] / sha256).read_bytes() == FORM
    assert sha256 in [one.form.sha256 for one in site.ledger.entries.in_queue()]
    reading = asked.get(form["links"]["reading"])
    assert (reading.status_code, reading.json()["code"], reading.headers["retry-after"]) == (409, "not-read-yet", "2")


def test_a_file_is_sent_as_it_is_too(site: Site) -> None:
    """Its name stands in Content-Disposition, in full spelling; without one it has a plain name."""
    asked = program(site)
    named = {"Content-Type": "application/pdf", "Content-Disposition": "attachment; filename*=UTF-8''L%C3%A9a.pdf"}

    first = asked.client.post("/api/v1/forms", content=FORM, headers=named)
    second = asked.client.post("/api/v1/forms", content=b"%PDF-1", headers={"Content-Type": "application/pdf"})

    assert first.json()["form"]["name"] == "Léa.pdf"
    assert second.json()["form"]["name"] == "formulaire.pdf"


def test_the_same_key_does_nothing_twice(site: Site) -> None:
    """The second answer is the first, and says so; the form has one line of deposit."""
    asked = program(site)

    first = asked.deposit("a.pdf", FORM, Idempotency_Key="k-1")
    second = asked.deposit("a.pdf", FORM, Idempotency_Key="k-1")

    assert "idempotency-replayed" not in first.headers
    assert (second.status_code, second.headers["idempotency-replayed"]) == (202, "true")
    assert second.json()["again"]
    assert first.headers["location"] == second.headers["location"]
    events = [one.event for one in site.ledger.journal(first.json()["form"]["sha256"])]
    assert events.count("deposited") == 1


def test_a_key_that_came_with_something_else_is_refused(site: Site) -> None:
    """Other bytes, or another name, under one key: 422, and nothing is taken in."""
    asked = program(site)
    asked.deposit("a.pdf", FORM, Idempotency_Key="k-1")

    other = asked.deposit("a.pdf", b"%PDF-2", Idempotency_Key="k-1")
    renamed = asked.deposit("b.pdf", FORM, Idempotency_Key="k-1")
    elsewhere = program(site).deposit("b.pdf", b"%PDF-3", Idempotency_Key="k-1")

    assert [one.status_code for one in (other, renamed, elsewhere)] == [422, 422, 202]
    assert {other.json()["code"], renamed.json()["code"]} == {"key-reused"}
    assert len(site.ledger.entries.all()) == 4  # two of the site, two sent: each key is its token's own


def test_a_key_is_forgotten_after_a_day(site: Site) -> None:
    """Then the same key may come with something else."""
    asked = program(site)
    asked.deposit("a.pdf", FORM, Idempotency_Key="k-1")
    clock = site.ledger.uploads._clock
    site.ledger.uploads._clock = lambda: clock() + KEPT + 1

    assert asked.deposit("a.pdf", b"%PDF-2", Idempotency_Key="k-1").status_code == 202


def test_a_key_that_was_kept_before_the_form_was_still_brings_the_form(site: Site) -> None:
    """Killed after the key and before the form, the same request again takes the form in."""
    asked = program(site)
    actor = f"jeton:{site.ledger.passes.tokens()[-1].id}"
    sha256 = hashlib.sha256(FORM).hexdigest()
    print = hashlib.sha256(f"{sha256} a.pdf".encode()).hexdigest()  # noqa: A001 -- of what was sent
    assert site.ledger.uploads.begin(actor, "k-1", print, sha256) is False

    answer = asked.deposit("a.pdf", FORM, Idempotency_Key="k-1")

    assert (answer.status_code, answer.json()["form"]["state"]) == (202, "recu")


def test_bytes_that_are_known_are_that_form_for_who_sees_it(busy: Site) -> None:
    """A token of another formation is not even told that they came before."""
    data = (SAMPLES / DELIVERED).read_bytes()
    every = program(busy)
    stranger = program(busy, Right.SEE, Right.DEPOSIT, formations=(people.CNAM,))

    assert every.deposit("x.pdf", data).json()["known"]
    answer = stranger.deposit("x.pdf", data)
    assert answer.status_code == 404  # it is of a formation that this token does not reach
    assert "LE GOFF" not in answer.text


def test_who_sent_a_form_follows_it_before_its_formation_is_known(site: Site) -> None:
    """Its state and nothing more; nobody else of that formation sees it."""
    sender = program(site, Right.DEPOSIT, formations=(people.CNAM,))
    other = program(site, Right.DEPOSIT, Right.SEE, formations=(people.CNAM,))

    form = sender.deposit("a.pdf", FORM).json()["form"]

    assert (form["limited"], form["state"], form["name"], form["stagiaire"]) == (True, "recu", "", None)
    assert sender.get(form["links"]["self"]).status_code == 200
    assert other.get(form["links"]["self"]).status_code == 404
    assert sender.get(f"{form['links']['self']}/reading").status_code == 403


@pytest.mark.parametrize(
    ("kind", "data", "status", "code"),
    [
        ("text/html", b"<p>", 415, "unsupported-media-type"),
        ("", b"x", 415, "unsupported-media-type"),
        ("application/pdf", b"", 422, "invalid"),
        ("multipart/form-data; boundary=x", b"--x--", 422, "invalid-parameters"),
        ("multipart/form-data", b"nothing", 400, "malformed"),
        ("application/pdf", b"%" * 52_000_000, 413, "too-large"),
    ],
)
def test_what_is_no_file_is_refused_and_nothing_is_taken_in(
    site: Site, kind: str, data: bytes, status: int, code: str
) -> None:
    """A page, nothing, an empty form, too much: each with its code."""
    answer = program(site).client.post("/api/v1/forms", content=data, headers={"Content-Type": kind})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert len(site.ledger.entries.all()) == 2  # those of the site


def test_the_limit_of_the_settings_holds(site: Site) -> None:
    """[web] depot bounds what one request may bring."""
    object.__setattr__(site.app.state.settings.web, "depot", 100)
    asked = program(site)

    assert asked.deposit("a.pdf", b"%" * 101).status_code == 413
    head = {"Content-Type": "application/pdf"}
    assert asked.client.post("/api/v1/forms", content=b"%" * 101, headers=head).status_code == 413
    assert asked.deposit("a.pdf", b"%" * 100).status_code == 202


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\léa\\form.pdf", "form.pdf"),
        ("", "formulaire"),
        ("..", "formulaire"),
        (".pdf", "pdf"),
        ("a\0b.pdf", "a\ufffdb.pdf"),
        ("x" * 10_000 + ".pdf", "x" * 96 + ".pdf"),
        ("a." + "y" * 10_000, "a." + "y" * 89 + ".yyyyyyyyy"),
    ],
)
def test_the_name_that_a_sender_gives_is_a_name(said: str, kept: str) -> None:
    """No folder, no control sign, no length that a disk refuses."""
    name = kept_name(said)

    assert "/" not in name
    assert len(name) <= 100
    if len(said) < 10_000 or said.startswith("x"):
        assert name == kept


def test_a_key_that_looks_like_a_hash_is_a_key(site: Site) -> None:
    """Whatever a program calls its uploads, another file under the same key is told."""
    asked = program(site)
    for prefix in ("sha256:", "no-key:"):
        key = f"{prefix}{hashlib.sha256(FORM).hexdigest()}"
        first = asked.deposit("a.pdf", FORM, Idempotency_Key=key)
        other = asked.deposit("b.pdf", b"%PDF-1.7 another", Idempotency_Key=key)

        assert first.status_code == 202
        assert (other.status_code, other.json()["code"]) == (422, "key-reused")


def test_a_name_that_no_disk_takes_is_cut(site: Site) -> None:
    """A hundred letters of many bytes each: the form is taken in, under the beginning of its name and its end."""
    asked = program(site)
    for letter in ("😀", "名", "’"):
        named = f"attachment; filename*=UTF-8''{quote(letter * 99)}.pdf"
        headers = {"Content-Type": "application/pdf", "Content-Disposition": named}
        answer = asked.client.post("/api/v1/forms", content=b"%PDF-1 " + letter.encode(), headers=headers)

        assert answer.status_code == 202
        assert answer.json()["form"]["name"].endswith(f"{letter}.pdf")
        assert len(answer.json()["form"]["name"].encode()) <= 200
