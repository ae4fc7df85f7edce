"""The API follows a dossier after its packet: what is told and decided of it rests on what was seen."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import people
from api_kit import program
from api_lives import APRIL, ASKED, BY, MARCH, MAY, OCTOBER, At, Lived
from web_kit import HERE

from pipeline.core.visitors import Right
from pipeline.ledger.webhook_book import Webhook
from pipeline.services.webhook_events import calls_of


def test_a_life_is_told_as_it_stands(at: At) -> None:
    """Who signs what, papers, months of presence, what keeps it open; its ETag answers 304, HEAD the same."""
    lived = at(MARCH)

    answer = lived.asked.get(f"{lived.home}/life")
    told = answer.json()
    again = lived.asked.get(f"{lived.home}/life", headers={"If-None-Match": answer.headers["etag"]})
    head = lived.asked.client.head(f"/api/v1{lived.home}/life")

    convention = next(one for one in told["to_sign"] if one["name"] == "convention")
    assert [one["role"] for one in convention["parties"]] == ["stagiaire", "organisme", "employeur", "etablissement"]
    assert (convention["paper"], convention["whole"]) == (None, False)
    assert [(one["name"], one["counts"]) for one in told["papers"]] == [("feuille-d-emargement-2025-03", True)]
    assert told["presence"]["months"][0]["unknown"] != []
    assert any("« convention » n’est pas encore signé" in one for one in told["missing"])
    assert (told["closed"], told["changes"]) == (None, [])
    assert (again.status_code, again.content) == (304, b"")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", answer.headers["etag"])
    assert lived.asked.get(lived.home).json()["links"]["life"] == told["links"]["self"]


def test_before_its_packet_a_dossier_has_no_life(at: At) -> None:
    """409, with what to do, as a problem in the caller's language."""
    lived = at(MARCH)
    number = lived.site.dossiers[people.CNAM]
    bare = next(one.number for one in lived.site.ledger.dossiers.all() if one.id not in {lived.dossier, lived.other})

    french, english = (
        lived.asked.get(f"/dossiers/{bare}/life", headers={"Accept-Language": tongue}) for tongue in ("fr", "en")
    )

    assert number
    assert (french.status_code, french.json()["code"]) == (409, "not-allowed-now")
    assert french.headers["content-type"] == "application/problem+json"
    assert bare in french.json()["detail"]
    assert english.json()["title"] == "Not allowed now"
    assert english.json()["detail_fr"] == french.json()["detail"]


def test_signatures_are_told_one_after_the_other(at: At) -> None:
    """Each rests on the ETag of the answer before; the last one makes the packet signed, and webhooks hear of it."""
    lived = at(MARCH)

    first = lived.post("signatures", {"paper": "convention", "on": "2025-03-20", "roles": ["stagiaire"]})
    etag = {"If-Match": first.headers["etag"]}
    second = lived.post("signatures", {"paper": "convention", "on": "2025-03-21"}, headers=etag)
    again = lived.post("signatures", {"paper": "convention", "on": "2025-03-21", "roles": ["organisme"]})
    contrary = lived.post("signatures", {"paper": "convention", "on": "2025-03-22", "roles": ["organisme"]})

    assert first.json()["signed"] == ["Partie stagiaire"]
    assert len(first.json()["missing"]) == 3
    assert second.json()["missing"] == []
    assert again.json()["signed"] == []
    assert "déjà noté par F. GARÇON" in again.json()["already"][0]
    assert (contrary.status_code, contrary.json()["code"]) == (409, "not-allowed-now")
    convention = lived.life()["to_sign"][0]
    assert [one["signed_on"] for one in convention["parties"]] == ["2025-03-20", *["2025-03-21"] * 3]
    assert convention["whole"]
    assert lived.asked.get(lived.home).json()["state"] == "signée"
    assert told_to_hooks(lived).count("life.signed") == 2


def told_to_hooks(lived: Lived) -> list[str]:
    """The events that a webhook for all is told of the dossier; each leads to its life."""
    hook = Webhook("5b1c9a7e42d08f63", "", "", frozenset(), None, "", "")
    bodies = [json.loads(one.body) for one in calls_of(hook, lived.site.ledger.journal(), lived.site.ledger)]
    mine = [one for one in bodies if one["dossier"]["id"] == lived.dossier]
    for one in mine:
        assert one["links"]["life"] == f"/api/v1{lived.home}/life"
    return [one["event"] for one in mine]


def test_a_change_is_tried_asked_and_refused(at: At) -> None:
    """A trial keeps nothing and needs no ETag; refused with a reason, the convention stays."""
    lived = at(MAY)

    trial = lived.asked.post(f"{lived.home}/changes", {**BY, **ASKED, "dry_run": True})
    nothing = lived.life()["changes"]
    asked = lived.post("changes", ASKED)
    twice = lived.post("changes", ASKED)
    path = "changes/1/judgement"
    bare = lived.post(path, {"judgement": "defavorable"})
    refused = lived.post(path, {"judgement": "defavorable", "reason": "trop tard"})
    again = lived.post(path, {"judgement": "defavorable", "reason": "trop tard"})
    contrary = lived.post(path, {"judgement": "favorable"})

    assert trial.status_code == 200, trial.text
    assert (trial.json()["kept"], trial.json()["stopped"], nothing) == (False, False, [])
    assert trial.json()["articles"][0]["lines"] != []
    assert (asked.json()["number"], asked.json()["kept"], asked.json()["already"]) == (1, True, False)
    assert twice.json()["already"]
    assert (bare.status_code, "le motif" in bare.json()["detail"]) == (422, True)
    assert (refused.json()["judgement"], refused.json()["paper"]) == ("defavorable", None)
    assert "déjà donné par" in again.json()["already"]
    assert (contrary.status_code, contrary.json()["code"]) == (409, "not-allowed-now")
    (change,) = lived.life()["changes"]
    assert (change["judgement"], change["waits"]) == ("defavorable", False)
    assert {"life.amendment-asked", "life.amendment-judged"} <= set(told_to_hooks(lived))


def test_an_accepted_change_gives_its_avenant_to_sign(at: At) -> None:
    """By the référent, who has the accord alone; its PDF and Word are fetched, and then it is signed."""
    lived = at(MAY)
    lived.post("changes", ASKED)
    judge = program(lived.site, Right.SEE, Right.JUDGE)

    judged = judge.post(
        f"{lived.home}/changes/1/judgement",
        {"judgement": "favorable", "by": "Anaïk BÖHM"},
        headers=lived.seen(),
    )

    assert judged.status_code == 200, judged.text
    paper = judged.json()["paper"]
    assert (paper["name"], paper["version"]) == ("avenant-1", 1)
    whole = lived.asked.get(paper["links"]["self"]).json()
    kinds = {one["name"].rpartition(".")[2] for one in whole["files"]}
    assert {"pdf", "docx", "json"} <= kinds
    for one in whole["files"]:
        data = lived.asked.get(one["url"]).content
        assert (len(data), hashlib.sha256(data).hexdigest()) == (one["size"], one["sha256"])
    signed = lived.post("signatures", {"paper": "avenant-1", "on": MAY.isoformat()})
    assert signed.json()["missing"] == []
    assert next(one for one in lived.life()["papers"] if one["name"] == "avenant-1")["state"] == "signee"


def test_days_are_told_and_known(at: At) -> None:
    """What they were stands in the month; told again otherwise, the last word counts."""
    lived = at(MAY)
    unknown = next(one for one in lived.life()["presence"]["months"] if one["month"] == "2025-04")["unknown"]

    told = lived.post("presence", {"days": [{"day": unknown[0], "was": "P"}, {"day": unknown[1], "was": "A"}]})
    later = lived.post("presence", {"days": [{"day": unknown[1], "was": "3h30"}]})

    assert told.status_code == 200, told.text
    assert [(one["day"], one["source"]) for one in told.json()["days"]] == [(one, "dit") for one in unknown[:2]]
    assert float(told.json()["days"][1]["present"]) == 0
    assert float(later.json()["days"][0]["present"]) == 3.5
    april = next(one for one in lived.life()["presence"]["months"] if one["month"] == "2025-04")
    assert april["unknown"] == unknown[2:]


def test_a_month_is_attested_once(at: At) -> None:
    """What nobody spoke of is confirmed by who asks; asked again, the same counts."""
    lived = at(MAY)
    body = {"month": "2025-04", "present_as_planned": True}

    made = lived.post("attestations", body)
    again = lived.post("attestations", body)

    assert made.status_code == 200, made.text
    (paper,) = made.json()["issued"]
    assert (paper["name"], paper["version"]) == ("attestation-de-presence-2025-04", 1)
    assert again.json()["issued"] == [paper]
    assert "paper.issued" in told_to_hooks(lived)


def test_a_mid_term_is_noted_once(at: At) -> None:
    """The same twice is told, and the life knows."""
    lived = at(MAY)
    body = {"on": "2025-05-15", "text": "Projet engagé, DPP commencé."}

    assert lived.post("mid-term", body).json() == {"new": True}
    assert lived.post("mid-term", body).json() == {"new": False}
    assert lived.events().count("bilan") == 1
    assert lived.life()["mid_term"]["on"] == "2025-05-15"


def test_invitations_are_laid_ready(at: At) -> None:
    """For one dossier, then for the session: nobody twice; of a foreign formation there is none."""
    lived = at(APRIL)

    one = lived.asked.post(f"{lived.home}/invitations", BY)
    all_ = lived.asked.post(f"/formations/{people.COORDINATION}/invitations", BY)
    foreign = lived.stranger().post(f"/formations/{people.COORDINATION}/invitations", BY)
    nobody = lived.asked.post("/formations/nothing/invitations", BY)
    session = lived.asked.post(f"/formations/{people.COORDINATION}/invitations", {**BY, "session": "1999"})

    assert {one["role"] for one in one.json()["invited"]} == {"stagiaire", "tuteur", "referent"}
    assert all_.json() == {"invited": []}
    assert (foreign.status_code, nobody.status_code, session.status_code) == (404, 404, 422)
    assert len(list(lived.site.workspace.mail.glob("*.eml"))) == 3


def test_a_dossier_is_closed_and_opened_again(at: At) -> None:
    """Incomplete with a reason, kept with what is missing; closed it takes nothing; opened, it does."""
    lived = at(OCTOBER)

    closed = lived.post("closing", {"reason": "stage abandonné"})
    twice = lived.post("closing", {"reason": "stage abandonné"})
    told = lived.life()["closed"]
    late = lived.post("mid-term", {"on": "2025-05-15", "text": "Après coup."})
    opened = lived.post("reopening", {"reason": "une pièce est revenue"})
    after = lived.post("mid-term", {"on": "2025-05-15", "text": "Après coup."})

    assert closed.status_code == 200, closed.text
    assert closed.json()["closed"]
    assert closed.json()["missing"] != []
    assert "déjà clos" in twice.json()["already"]
    assert (told["by"], told["complete"]) == ("F. GARÇON (par ENT de l’école)", False)
    assert (late.status_code, "POST /dossiers/{id}/reopening (by, reason)" in late.json()["detail"]) == (409, True)
    assert (opened.json()["closed"], lived.life()["closed"], after.json()) == (False, None, {"new": True})
    ends = [one for one in told_to_hooks(lived) if one in {"life.closed", "life.reopened"}]
    assert ends == ["life.closed", "life.reopened"]


def test_a_file_of_a_paper_is_fetched_and_noted(at: At) -> None:
    """Whole, in ranges, its head, 304; who took which is in the journal, once an hour."""
    lived = at(MARCH)
    whole = lived.asked.get(f"{lived.home}/papers/{lived.paper}").json()
    file = next(one for one in whole["files"] if one["media"] == "application/pdf")

    got = lived.asked.get(file["url"])
    part = lived.asked.get(file["url"], headers={"Range": "bytes=1-4"})
    beyond = lived.asked.get(file["url"], headers={"Range": f"bytes={file['size']}-"})
    known = lived.asked.get(file["url"], headers={"If-None-Match": got.headers["etag"]})
    head = lived.asked.client.head(file["url"])
    nothing = lived.asked.get(f"{lived.home}/papers/{lived.paper}/files/%2e%2e/manifest.json")

    assert (got.status_code, got.content[:5]) == (200, b"%PDF-")
    assert got.headers["etag"] == f'"{file["sha256"]}"' == f'"{hashlib.sha256(got.content).hexdigest()}"'
    assert (part.status_code, part.content) == (206, got.content[1:5])
    assert (beyond.status_code, known.status_code, nothing.status_code) == (416, 304, 404)
    assert (head.content, head.headers["content-length"]) == (b"", str(file["size"]))
    entries = lived.site.ledger.entries.of_dossier(lived.dossier)
    lines = [one for one in lived.site.ledger.journal(entries[0].form.sha256) if one.event == "telechargee"]
    assert [one.detail for one in lines] == [f"feuille-d-emargement-2025-03 {lived.paper[:12]}"]


def test_the_archive_is_one_zip(at: At) -> None:
    """The same content is the same ZIP, also in ranges; each file has its hash; it leaves nothing behind."""
    lived = at(MARCH)

    got, again = (lived.asked.get(f"{lived.home}/archive") for _ in range(2))
    part = lived.asked.get(f"{lived.home}/archive", headers={"Range": "bytes=0-3"})
    archive = zipfile.ZipFile(io.BytesIO(got.content))

    assert (got.status_code, got.headers["content-type"]) == (200, "application/zip")
    assert got.content == again.content
    assert (part.status_code, part.content, part.headers["etag"]) == (206, b"PK\x03\x04", got.headers["etag"])
    lines = archive.read("SHA256SUMS").decode().splitlines()
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    assert {name: hashlib.sha256(archive.read(name)).hexdigest() for name in sums} == sums
    assert [one.event for one in lived.site.ledger.journal()].count("archived") == 2


def test_what_is_due_is_told_of_what_is_reached(at: At) -> None:
    """On a day, of the caller's formations; nothing of another shows, not by its number either."""
    lived = at(OCTOBER)

    every = lived.asked.get("/due").json()
    mine = lived.stranger().get("/due").json()
    chosen = lived.asked.get(f"/due?formation={people.COORDINATION}").json()
    early = lived.asked.get("/due?on=2025-03-17").json()
    without = program(lived.site, Right.DEPOSIT).get("/due")

    assert {one["dossier"] for one in every["due"]} == {lived.dossier, lived.other}
    assert {one["dossier"] for one in mine["due"]} == {lived.other}
    assert {one["dossier"] for one in chosen["due"]} == {lived.dossier}
    assert len(early["due"]) < len(every["due"])
    assert (every["day"], early["day"]) == ("2025-10-01", "2025-03-17")
    assert all(one["command"].startswith("liasse ") for one in every["due"])
    assert (without.status_code, lived.asked.get("/due?on=9999-12-31").status_code) == (403, 422)


def test_a_person_tells_in_their_own_name(at: At) -> None:
    """By the session of the page, with its token; who may only judge tells nothing."""
    lived = at(MARCH)
    body = {"paper": "convention", "on": "2025-03-20"}
    answers = {}
    for login in ("sophie", "helene", "etranger", "lecteur"):
        browser = lived.site.browser(login)
        headers = {"Origin": HERE, "If-Match": "*", "X-Jeton": browser.token}
        answers[login] = browser.client.post(
            f"/api/v1{lived.home}/signatures", json=body, headers=headers
        ).status_code

    assert answers == {"sophie": 200, "helene": 403, "etranger": 404, "lecteur": 403}
    assert lived.life()["to_sign"][0]["parties"][0]["told_by"] == "Sophie"
