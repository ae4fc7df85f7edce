"""``docs/api.md`` says what is so: tables made of the code, calls that are made here (LIASSE_WRITE=1 writes)."""

from __future__ import annotations

import json
import os
import time
from typing import Any

import api_doc
from api_kit import DELIVERED, program
from web_kit import Site

from pipeline.ledger.journal import Line
from pipeline.ledger.webhook_book import Webhook
from pipeline.services.webhook_calls import signature
from pipeline.services.webhook_events import calls_of

CALL = Webhook("5b1c9a7e42d08f63", "", "", frozenset({"packet.delivered"}), None, "", "")


def body_of_call(site: Site) -> str:
    """What a webhook is told of the delivered sample, at a moment of its own."""
    form = program(site).form(DELIVERED)
    line = Line(128, "2025-03-17T09:12:44+00:00", "liasse", form["sha256"], "delivre", "", "", "")
    (call,) = calls_of(CALL, [line], site.ledger)
    return call.body.replace(form["packet"], "0a1b2c3d4e5f6071")  # a packet's id changes with its templates


def test_the_page_says_what_is_so(busy: Site) -> None:
    """Scopes, codes, events, pauses, and the answers of the calls that it shows."""
    page = api_doc.PAGE.read_text(encoding="utf-8")

    made = api_doc.whole(page, program(busy), body_of_call(busy))

    if os.environ.get("LIASSE_WRITE"):
        api_doc.PAGE.write_text(made, encoding="utf-8")
    else:
        assert made == page


def test_the_receiver_that_the_page_shows_knows_our_signature() -> None:
    """Its lines of Python take our calls, and no other secret, body or hour."""
    page = api_doc.PAGE.read_text(encoding="utf-8")
    source = page.split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {}
    exec(source, names)  # noqa: S102 -- the lines that readers copy
    is_ours, body, now = names["is_ours"], json.dumps({"id": "x"}).encode(), int(time.time())

    assert is_ours("whsec_a", signature("whsec_a", body, now), body)
    assert not is_ours("whsec_b", signature("whsec_a", body, now), body)
    assert not is_ours("whsec_a", signature("whsec_a", body, now), body + b" ")
    assert not is_ours("whsec_a", signature("whsec_a", body, now - 3600), body)
