"""A decision by the API rests on what was seen, bears a name, and is made once."""

from __future__ import annotations

import people
import pytest
from api_kit import DELIVERED, WAITS, WRONG, context_of, program
from web_kit import HERE, Site

from pipeline.core.visitors import Right
from pipeline.runs import once


def test_an_accord_produces_the_packet(busy: Site) -> None:
    """Given on what was seen, by a named person with the token's label; then the form is walked on and delivered."""
    asked = program(busy)
    form = asked.form(WAITS)

    answer = asked.post(
        f"{form['links']['self']}/accord", {"decision": "favorable", "by": "H. MOREL"}, headers=asked.etag(form)
    )
    once.go_on(busy.ledger.entries.get(form["sha256"]), context_of(busy))

    assert answer.status_code == 200, answer.text
    accord = answer.json()["form"]["decisions"]["accord"]
    assert (accord["decision"], accord["by"], accord["date"]) == (
        "favorable",
        "H. MOREL (par ENT de l’école)",
        people.TODAY.isoformat(),
    )
    assert asked.form(WAITS)["state"] == "delivre"


def test_what_was_not_seen_is_not_decided_on(busy: Site) -> None:
    """Without If-Match 428, with that of before another's decision 412 that tells who decided; « * » goes through."""
    asked = program(busy)
    form = asked.form(WAITS)
    path, body = (
        f"{form['links']['self']}/accord",
        {"decision": "defavorable", "reason": "hors projet", "by": "A. B. C."},
    )
    seen = asked.etag(form)
    asked.post(path, {"decision": "favorable", "by": "H. MOREL"}, headers=seen)

    blind = asked.post(path, body)
    stale = asked.post(path, body, headers=seen)
    regardless = asked.post(path, body, headers={"If-Match": "*"})

    assert (blind.status_code, blind.json()["code"]) == (428, "precondition-required")
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition-failed")
    assert stale.json()["now"]["by"] == "H. MOREL (par ENT de l’école)"
    assert stale.json()["now"]["last_event"] == "accord"
    assert stale.headers["etag"] not in {"", seen["If-Match"]}
    assert regardless.json()["form"]["decisions"]["accord"]["decision"] == "defavorable"
    assert regardless.headers["etag"] == asked.etag(form)["If-Match"]


def test_the_same_decision_twice_is_told_and_not_written(busy: Site) -> None:
    """``already`` says who gave it."""
    asked = program(busy)
    form = asked.form(WAITS)
    path, body = f"{form['links']['self']}/accord", {"decision": "favorable", "by": "H. MOREL"}
    asked.post(path, body, headers=asked.etag(form))

    answer = asked.post(path, body, headers=asked.etag(form))

    assert "H. MOREL" in answer.json()["already"]
    events = [one.event for one in busy.ledger.journal(form["sha256"])]
    assert events.count("accord") == 1


def test_a_token_says_who_decides_and_an_account_decides_in_its_own_name(busy: Site) -> None:
    """A token without a name is refused; an account that gives another's name too."""
    asked = program(busy)
    form = asked.form(WAITS)
    path = f"{form['links']['self']}/retry"
    browser = busy.browser("sophie")
    headers = {"Origin": HERE, "If-Match": "*", "X-Jeton": browser.token}

    nobody = asked.post(path, headers={"If-Match": "*"})
    other = browser.client.post(path, json={"by": "K. BENALI"}, headers=headers)
    own = browser.client.post(path, json={}, headers=headers)

    assert (nobody.status_code, other.status_code, own.status_code) == (422, 422, 200)
    assert [one.actor for one in busy.ledger.journal(form["sha256"]) if one.event == "retry"] == ["Sophie"]


def test_a_session_without_its_token_changes_nothing(busy: Site) -> None:
    """By cookie alone, as another site would have it sent, a change is refused."""
    form = program(busy).form(WAITS)
    browser = busy.browser("sophie")
    path = f"{form['links']['self']}/retry"

    bare = browser.client.post(path, json={}, headers={"Origin": HERE, "If-Match": "*"})
    foreign = browser.client.post(
        path, json={}, headers={"Origin": "https://evil.example.org", "If-Match": "*", "X-Jeton": browser.token}
    )

    assert (bare.status_code, foreign.status_code) == (403, 403)
    assert bare.json()["code"] == "forbidden"


def test_values_are_settled_by_the_same_rules(busy: Site) -> None:
    """A wrong SIRET says how one is written; a value that nobody doubts is not touched."""
    asked = program(busy)
    form = asked.form(WRONG)
    path = f"{form['links']['self']}/confirmations"
    headers = asked.etag(form)

    wrong = asked.post(path, {"values": [{"field": "nothing.here", "value": "1"}], "by": "F. G."}, headers=headers)
    sure = asked.post(path, {"values": [{"field": "stagiaire.nom", "value": "X"}], "by": "F. G."}, headers=headers)
    none = asked.post(path, {"values": [], "by": "F. G."}, headers=headers)

    assert [one.status_code for one in (wrong, sure, none)] == [422, 409, 422]
    assert "n’est pas un champ" in wrong.json()["detail"]
    assert sure.json()["code"] == "not-allowed-now"


def test_a_rule_is_lifted_where_its_formation_lets_it(busy: Site) -> None:
    """Those of the law are firm; the refusal says so."""
    asked = program(busy)
    form = asked.form(WRONG)
    found = asked.get(form["links"]["findings"]).json()["findings"]
    firm = next(one["rule"] for one in found if one["severity"] == "blocking" and not one["overridable"])
    path = f"{form['links']['self']}/overrides"

    answer = asked.post(path, {"rule": firm, "reason": "vu avec eux", "by": "F. G."}, headers=asked.etag(form))

    assert (answer.status_code, answer.json()["code"]) == (409, "not-allowed-now")
    assert "ne se lève pas" in answer.json()["detail"]


def test_a_form_is_put_away_and_taken_up_again(busy: Site) -> None:
    """With a reason; a delivered one is not."""
    asked = program(busy)
    form, delivered = asked.form(WRONG), asked.form(DELIVERED)
    body = {"reason": "envoyé par erreur", "by": "F. GARÇON"}

    away = asked.post(f"{form['links']['self']}/discard", body, headers=asked.etag(form))
    back = asked.post(f"{form['links']['self']}/reopen", body | {}, headers={"If-Match": away.headers["etag"]})
    again = asked.post(f"{form['links']['self']}/reopen", {"by": "F. G."}, headers={"If-Match": away.headers["etag"]})
    printed = asked.post(f"{delivered['links']['self']}/discard", body, headers=asked.etag(delivered))

    assert away.json()["form"]["state"] == "ecarte"
    assert back.status_code == 422  # « reason » is not expected here
    assert again.json()["form"]["state"] == "recu"
    assert (printed.status_code, printed.json()["code"]) == (409, "not-allowed-now")


@pytest.mark.parametrize(
    "body", [[], "x", {"decision": "maybe"}, {"decision": "favorable", "more": 1}, {"by": "x" * 61}]
)
def test_what_the_document_does_not_say_is_refused(busy: Site, body: object) -> None:
    """Unknown keys, values and shapes are 422, and nothing is decided."""
    asked = program(busy, Right.SEE, Right.JUDGE)
    form = asked.form(WAITS)

    answer = asked.client.post(f"{form['links']['self']}/accord", json=body, headers={"If-Match": "*"})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-parameters")
