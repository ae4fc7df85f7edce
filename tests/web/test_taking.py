"""Packets taken by the page: what was looked at is what is handed out, and it is what is noted."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from api_kit import DELIVERED, context_of
from web_kit import Browser, Site

from pipeline.core.visitors import Right, Visitor
from pipeline.dossier.index_rows import counting
from pipeline.ledger.packet_store import PacketState
from pipeline.services.handing_out import hand_all, hand_file
from pipeline.services.permissions import Reached, reach
from pipeline.services.story import story_of

SOPHIE = Visitor("sophie", "Sophie", frozenset({Right.SEE, Right.FETCH}))


@pytest.fixture
def number(busy: Site) -> str:
    """The dossier that has its packet."""
    return next(one.number for one in busy.ledger.entries.all() if one.form.name == DELIVERED)


def looked_at(browser: Browser, number: str) -> tuple[str, str]:
    """The packet that its page shows, and its first file."""
    page = browser.get(f"/dossiers/{number}/liasse").text
    found = re.search(r'name="vue" value="(\w+)"><input type="hidden" name="quoi" value="([^"]+)"', page)
    assert found
    return found[1], found[2]


def test_a_packet_made_again_since_it_was_looked_at_is_not_taken(busy: Site, number: str) -> None:
    """Whoever looked at the one before is told, and shown this one; nobody is noted, and nobody may insist."""
    browser = busy.browser("sophie")
    seen, file = looked_at(browser, number)
    states = {line.id: line.state for line in busy.ledger.packets.live()}

    refused = browser.post(f"/dossiers/{number}/liasse/prendre", {"quoi": file, "vue": "0" * 64})

    assert refused.status_code == 409
    assert "vient d’être refaite" in refused.text
    assert "Prendre malgré tout" not in refused.text
    assert {line.id: line.state for line in busy.ledger.packets.live()} == states
    taken = browser.post(f"/dossiers/{number}/liasse/prendre", {"quoi": file, "vue": seen})
    assert taken.content.startswith(b"%PDF")
    line = busy.ledger.packets.get(seen)
    assert line
    assert line.state is PacketState.FETCHED


def test_the_packet_that_is_noted_is_the_one_that_is_handed_out(busy: Site, number: str) -> None:
    """Even where it was made again between the two: never a paper of the one before."""
    context = context_of(busy)
    reached: Reached = reach(SOPHIE, Right.FETCH, number, busy.ledger)
    issue = story_of(context, reached, counting(reached.forms)).current
    assert issue
    assert issue.filed
    before = replace(issue.filed, folder=busy.workspace.outbox / "before")

    handed = hand_file(context, SOPHIE, reached, before, file=before.files[0], reason="")
    parts = b"".join(hand_all(context, SOPHIE, reached, ""))

    assert handed.place == issue.filed.folder / before.files[0]
    assert before.files[0].encode() in parts
