"""The scan of a signed paper sent by a program: kept as it came with the signatures, once, on what was seen."""

from __future__ import annotations

import datetime as dt
from typing import Any

from api_kit import program
from api_lives import BY, MARCH, At, Lived
from httpx2 import Response
from laid_lives import pdf

from pipeline.core.life import FactKind
from pipeline.core.visitors import Right

SAID = {"paper": "convention", "on": "2025-03-20", **BY}
SCAN = pdf(2, "signée")


def sent(lived: Lived, data: bytes = SCAN, **options: Any) -> Response:
    """A scan sent, on what is so now unless the headers say otherwise."""
    said = {**SAID, **options.pop("said", {})}
    asked = options.pop("asked", lived.asked)
    headers = {**(options.pop("seen", None) or lived.seen()), **options.pop("headers", {})}
    answer: Response = asked.client.post(
        f"/api/v1{lived.home}/signed", files={"file": ("../a/signée.pdf", data)}, data=said, headers=headers
    )
    return answer


def returned(lived: Lived) -> list[dict[str, Any]]:
    """What came back of the dossier's papers."""
    facts = lived.site.ledger.life.facts(lived.dossier)
    return [dict(one.body) for one in facts.of(FactKind.RETURNED)]


def test_a_scan_is_kept_with_the_signatures(at: At) -> None:
    """Its bytes are durable, its name is no path; all who had not signed are noted, and the next word may follow."""
    lived = at(MARCH)
    answer = sent(lived)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["paper"], body["kept"], body["again"], body["missing"]) == ("convention", "signée.pdf", False, [])
    assert len(body["signed"]) == 4
    (back,) = returned(lived)
    assert lived.site.workspace.joined_file(back["sha256"]).read_bytes() == SCAN
    assert answer.headers["etag"] == lived.seen()["If-Match"]
    facts = lived.site.ledger.life.facts(lived.dossier).of(FactKind.SIGNED)
    assert {one.by for one in facts} == {"F. GARÇON (par ENT de l’école)"}
    assert {FactKind.SIGNED.value, FactKind.RETURNED.value} <= set(lived.events())


def test_the_roles_that_signed_are_told(at: At) -> None:
    """Several fields of that name; a stranger's role is refused and nothing is kept."""
    lived = at(MARCH)
    assert sent(lived, said={"roles": ["personne"]}).status_code == 422
    assert returned(lived) == []
    body = sent(lived, said={"roles": ["stagiaire", "organisme"]}).json()
    assert (len(body["signed"]), len(body["missing"])) == (2, 2)


def test_it_rests_on_what_was_seen(at: At) -> None:
    """Without If-Match 428; on what is no more so 412; nothing is kept."""
    lived = at(MARCH)
    before = lived.seen()
    assert sent(lived, seen={"X-Nothing": "1"}).status_code == 428
    assert sent(lived, said={"roles": ["stagiaire"]}).status_code == 200
    stale = sent(lived, pdf(1, "autre"), seen=before)
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition-failed")
    assert len(returned(lived)) == 1


def test_under_its_key_it_is_kept_once(at: At) -> None:
    """Sent again as it was: the answer says so and nothing is written; the key with something else is refused."""
    lived = at(MARCH)
    key = {"Idempotency-Key": "scan-1"}
    before = lived.seen()
    first = sent(lived, seen=before, headers=key)
    noted = lived.site.ledger.life.facts(lived.dossier).seen
    again = sent(lived, seen=before, headers=key)

    assert (first.status_code, again.status_code) == (200, 200)
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json()["again"] is True
    assert lived.site.ledger.life.facts(lived.dossier).seen == noted
    assert len(again.json()["already"]) == len(first.json()["signed"])
    for options in ({"data": pdf(1, "autre")}, {"said": {"on": "2025-03-21"}}):
        other = sent(lived, headers=key, **options)
        assert (other.status_code, other.json()["code"]) == (422, "key-reused")
    assert len(returned(lived)) == 1


def test_a_key_whose_first_sending_was_refused_still_rests_on_what_is_seen(at: At) -> None:
    """412 kept nothing: the same key is no way around If-Match, and with it right it is done."""
    lived = at(MARCH)
    key, stale = {"Idempotency-Key": "scan-2"}, {"If-Match": '"ancien"'}
    assert sent(lived, seen=stale, headers=key).status_code == 412
    assert sent(lived, seen=stale, headers=key).status_code == 412
    assert returned(lived) == []
    done = sent(lived, headers=key)
    assert (done.status_code, done.json()["again"]) == (200, False)


def test_what_is_no_scan_is_refused(at: At) -> None:
    """No paper, empty, a day to come, a day noted otherwise; the sentence names fields of the API."""
    lived = at(MARCH)
    assert sent(lived, b"rien").status_code == 409
    assert sent(lived, b"").status_code in {409, 422}
    later = sent(lived, said={"on": (MARCH + dt.timedelta(days=9)).isoformat()})
    assert later.status_code == 422
    assert sent(lived, said={"on": "demain"}).json()["code"] == "invalid-parameters"
    assert returned(lived) == []
    assert sent(lived).status_code == 200
    assert sent(lived, pdf(1, "autre"), said={"on": "2025-03-21"}).status_code == 409
    assert len(returned(lived)) == 1


def test_it_needs_its_scope(at: At) -> None:
    """« dépôt » with « lecture »; without, 403; of another formation, as what is not there."""
    lived = at(MARCH)
    assert sent(lived, asked=program(lived.site, Right.SEE, Right.CORRECT)).status_code == 403
    assert sent(lived, asked=lived.stranger()).status_code == 404
    assert sent(lived, asked=program(lived.site, Right.SEE, Right.DEPOSIT)).status_code == 200
