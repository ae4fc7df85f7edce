"""Each word on a dossier's life by the API: who may say it, on what was seen, and how it is refused."""

from __future__ import annotations

from typing import Any

import pytest
from api_kit import program
from api_lives import ASKED, BY, MARCH, MAY, At

from pipeline.core.visitors import Right

# What is told of a dossier: where, with what, by whose right.
WORDS: dict[str, tuple[dict[str, Any], Right]] = {
    "signatures": ({"paper": "convention", "on": "2025-03-20"}, Right.CORRECT),
    "changes": (ASKED, Right.CORRECT),
    "changes/1/judgement": ({"judgement": "favorable"}, Right.JUDGE),
    "presence": ({"days": [{"day": "2025-04-14", "was": "M"}]}, Right.CORRECT),
    "attestations": ({"month": "2025-04"}, Right.CORRECT),
    "mid-term": ({"on": "2025-04-15", "text": "Projet engagé."}, Right.CORRECT),
    "closing": ({}, Right.CORRECT),
    "reopening": ({"reason": "une pièce est revenue"}, Right.CORRECT),
}
LOOKS = ("life", "archive", "papers/{paper}", "papers/{paper}/files/record.json")
OF_LOOKS = {"archive": Right.FETCH, "papers/{paper}/files/record.json": Right.FETCH}


@pytest.mark.parametrize("what", WORDS)
def test_each_word_needs_its_scope_and_its_formation(at: At, what: str) -> None:
    """Without the scope 403; of a foreign formation word for word as a dossier that nobody has; nothing is noted."""
    lived = at(MAY)
    body, right = WORDS[what]
    before = lived.events()
    every, headers = {**BY, **body}, {"If-Match": "*"}

    without = program(lived.site, *(set(Right) - {right})).post(f"{lived.home}/{what}", every, headers=headers)
    foreign, nobodys = (
        lived.stranger().post(f"/dossiers/{one}/{what}", every, headers=headers) for one in (lived.dossier, "e" * 32)
    )

    assert (without.status_code, without.json()["code"]) == (403, "forbidden")
    assert (foreign.status_code, nobodys.status_code) == (404, 404)
    assert foreign.text.replace(lived.dossier, "X") == nobodys.text.replace("e" * 32, "X")
    assert [one for one in lived.events()[len(before) :] if one != "vu"] == []


@pytest.mark.parametrize("what", LOOKS)
def test_each_look_needs_its_scope_and_its_formation(at: At, what: str) -> None:
    """The same of what is looked at; a paper of another dossier is not there under this one."""
    lived = at(MARCH)
    right = OF_LOOKS.get(what, Right.SEE)
    path = what.format(paper=lived.paper)

    without = program(lived.site, *(set(Right) - {right})).get(f"{lived.home}/{path}")
    alone = program(lived.site, Right.SEE, right).get(f"{lived.home}/{path}")
    foreign = lived.stranger().get(f"{lived.home}/{path}")
    elsewhere = lived.asked.get(f"/dossiers/{lived.other}/papers/{lived.paper}")

    assert without.status_code in {403, 404}
    assert (alone.status_code, foreign.status_code, elsewhere.status_code) == (200, 404, 404)
    assert "LE GOFF" not in foreign.text


@pytest.mark.parametrize("what", WORDS)
def test_each_word_rests_on_what_was_seen(at: At, what: str) -> None:
    """Without If-Match 428; with that of before another's word 412, and what was told last; nothing is noted."""
    lived = at(MAY)
    body, _ = WORDS[what]
    seen = lived.seen()
    other = lived.post("mid-term", {"on": "2025-04-16", "text": "Vu avec la tutrice."})
    assert other.status_code == 200, other.text
    before = lived.events()

    blind = lived.asked.post(f"{lived.home}/{what}", {**BY, **body})
    stale = lived.post(what, body, headers=seen)

    assert (blind.status_code, blind.json()["code"]) == (428, "precondition-required")
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition-failed")
    assert stale.json()["now"]["last_event"] == "bilan"
    assert stale.json()["now"]["by"] == "F. GARÇON (par ENT de l’école)"
    assert stale.headers["etag"] == other.headers["etag"] == lived.seen()["If-Match"]
    assert [one for one in lived.events()[len(before) :] if one != "vu"] == []


REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("signatures", {"paper": "annexe-9", "on": "2025-03-20"}, 422, "Il y a : convention"),
    ("signatures", {"paper": "convention", "on": "2025-03-01"}, 422, "Rien n’est noté"),
    ("changes", {**ASKED, "effect_on": "2026-02-01"}, 422, "après la fin du stage"),
    ("changes", {**ASKED, "values": [{"field": "nothing.here", "value": "1"}]}, 422, "n’est pas un champ"),
    ("changes/7/judgement", {"judgement": "favorable"}, 404, "n’a pas de changement 7"),
    ("presence", {"days": [{"day": "2025-04-14", "was": "X"}]}, 422, "écrivez JOUR=CODE"),
    ("presence", {"days": [{"day": "2025-04-13", "was": "P"}]}, 409, "ne prévoit pas de présence"),
    ("attestations", {"month": "2025-04"}, 409, "Personne n’a confirmé la présence"),
    ("attestations", {"end": True}, 409, "rien ne s’en atteste avant"),
    ("mid-term", {"on": "2025-01-15", "text": "Trop tôt."}, 409, "n’est pas du stage"),
    ("closing", {}, 409, "Il manque"),
    ("reopening", {"reason": "une pièce est revenue"}, 409, "n’est pas clos"),
]


@pytest.mark.parametrize(("what", "body", "status", "says"), REFUSED)
def test_what_a_service_refuses_is_a_problem(at: At, what: str, body: dict[str, Any], status: int, says: str) -> None:
    """With what is wrong, where, and what to do; nothing is noted."""
    lived = at(MAY)
    before = lived.events()

    answer = lived.post(what, body)

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert says in answer.json()["detail"]
    assert [one for one in lived.events()[len(before) :] if one != "vu"] == []


@pytest.mark.parametrize("body", [{"on": "2025-03-20"}, {"paper": "convention", "on": "hier"}, {"paper": 1, "x": 2}])
def test_what_the_document_does_not_say_is_refused(at: At, body: dict[str, Any]) -> None:
    """Unknown keys, absent ones and days that are none."""
    answer = at(MARCH).post("signatures", body)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-parameters")
