"""The API shows dossiers, forms, packets and the cohort: paged, conditional, in ranges, in the caller's language."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import people
import pytest
from api_kit import DELIVERED, WAITS, WRONG, program
from web_kit import Site

from pipeline.core.visitors import Right

COUNT = 5  # dossiers of a site that was lived in: two from the kit, three samples


def test_dossiers_come_in_pages_that_link_to_the_next(busy: Site) -> None:
    """Followed to the end, the pages hold every dossier once, in order, forward and backward."""
    asked = program(busy)

    for sort in ("number", "-number", "opened", "-changed"):
        seen, path = [], f"/dossiers?limit=2&sort={sort}"
        while path:
            answer = asked.get(path)
            assert answer.status_code == 200, answer.text
            seen += [one["number"] for one in answer.json()["dossiers"]]
            links = answer.headers["link"]
            path = links.split(">")[0].lstrip("<") if 'rel="next"' in links else ""
            assert bool(path) == bool(answer.json()["next"])
        assert len(seen) == len(set(seen)) == COUNT, sort
        if sort.endswith("number"):
            assert seen == sorted(seen, reverse=sort.startswith("-"))


def test_dossiers_are_sought_and_filtered(busy: Site) -> None:
    """By words of names, of the organisme, by SIRET, formation, state, start, moment of change."""
    asked = program(busy)

    def found(query: str) -> int:
        return len(asked.get(f"/dossiers?{query}").json()["dossiers"])

    record = asked.get(f"/forms/{asked.form(DELIVERED)['sha256']}/reading").json()["record"]
    assert found(f"q={record['organisme']['siret']}") == 1
    assert found("q=le%20goff%20maelle") == 2  # the sample, and one of the kit
    assert found(f"q=goff&formation={people.CNAM}") == 0
    assert found(f"formation={people.COORDINATION}") == 3
    assert found("state=en%20attente&state=%C3%A0%20compl%C3%A9ter") == 2
    assert found("session=2024-2025&starts_before=2100-01-01") == found("starts_before=2100-01-01") >= 1
    assert found("starts_before=2000-01-01") == 0
    assert found("changed_since=2000-01-01T00:00:00Z") == COUNT
    assert found("changed_since=2100-01-01T00:00:00Z") == 0


@pytest.mark.parametrize("cursor", ["x", "WyJvcGVuZWQiXQ", "W10", "bnVsbA", "WyJudW1iZXIiLCJhIiwxLHsiYSI6MX1d"])
def test_a_cursor_of_elsewhere_is_refused(site: Site, cursor: str) -> None:
    """One that was made up, or belongs to another order, is a problem of the caller."""
    answer = program(site).get(f"/dossiers?cursor={cursor}")

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_dossier_is_told_with_its_forms_and_packets(busy: Site) -> None:
    """By its number or its id; what is unchanged is answered 304, to HEAD too."""
    asked = program(busy)
    form = asked.form(DELIVERED)

    answer = asked.get(f"/dossiers/{form['number']}")
    same = asked.get(f"/dossiers/{form['dossier']}", headers={"If-None-Match": answer.headers["etag"]})
    head = asked.client.head(f"/api/v1/dossiers/{form['number']}")

    assert answer.json()["state"] == "à signer"
    assert [one["id"] for one in answer.json()["packets"]] == [form["packet"]]
    assert (same.status_code, same.content) == (304, b"")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", answer.headers["etag"])


def test_a_form_is_told_with_its_reading_and_its_findings(busy: Site) -> None:
    """What was read stands by its French paths; what is wrong names its rule and who mends it."""
    asked = program(busy)
    wrong, waits = asked.form(WRONG), asked.form(WAITS)

    reading = asked.get(wrong["links"]["reading"]).json()
    findings = asked.get(wrong["links"]["findings"]).json()
    waiting = asked.get(waits["links"]["findings"]).json()

    paths = {one["path"] for one in reading["fields"]}
    assert {"stagiaire.nom", "organisme.siret"} <= paths
    assert {one["rule"] for one in findings["findings"] if one["severity"] == "blocking"}
    assert any(one["who"] == "responsable" for one in waiting["findings"])
    assert waits["state"] == "en-attente"
    events = [one["event"] for one in asked.get(wrong["links"]["journal"]).json()["lines"]]
    assert events[0] == "received" and "vu" in events  # noqa: PT018 -- the first, and this very look


def test_a_packet_is_fetched_by_name_whole_in_ranges_and_unchanged(busy: Site) -> None:
    """ETag is the SHA-256 of the bytes; 304, 206, If-Range, HEAD and 416 hold to it."""
    asked = program(busy)
    packet = asked.get(asked.form(DELIVERED)["links"]["packet"]).json()
    file = next(one for one in packet["files"] if one["name"] == "liasse.pdf")

    answer = asked.get(file["url"])
    etag = answer.headers["etag"]
    part = asked.get(file["url"], headers={"Range": "bytes=0-9"})
    stale = asked.get(file["url"], headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    mine = asked.get(file["url"], headers={"Range": "bytes=0-9", "If-Range": etag})
    beyond = asked.get(file["url"], headers={"Range": f"bytes={file['size']}-"})
    same = asked.get(file["url"], headers={"If-None-Match": f'"x", W/{etag}'})
    head = asked.client.head(file["url"])

    assert etag == f'"{hashlib.sha256(answer.content).hexdigest()}"' == f'"{file["sha256"]}"'
    assert answer.headers["content-type"] == "application/pdf"
    assert (part.status_code, part.content) == (206, answer.content[:10])
    assert part.headers["content-range"] == f"bytes 0-9/{file['size']}"
    assert (stale.status_code, stale.content) == (200, answer.content)
    assert mine.status_code == 206
    assert beyond.status_code == 416
    assert (same.status_code, same.content) == (304, b"")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", etag)
    assert head.headers["content-length"] == str(file["size"])
    assert "telechargee" in [
        one["event"] for one in asked.get(f"/forms/{packet['links']['form'][-64:]}/journal").json()["lines"]
    ]


def test_the_zip_of_a_packet_holds_all_its_files_and_is_always_the_same(busy: Site) -> None:
    """Each file with its bytes, below the packet's number; asked twice, the same bytes; ranges go on."""
    asked = program(busy)
    packet = asked.get(asked.form(DELIVERED)["links"]["packet"]).json()

    answer, again = asked.get(packet["links"]["zip"]), asked.get(packet["links"]["zip"])
    rest = asked.get(packet["links"]["zip"], headers={"Range": "bytes=100-", "If-Range": answer.headers["etag"]})

    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        hashes = {
            name.split("/", 1)[1]: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()
        }
    assert hashes == {one["name"]: one["sha256"] for one in packet["files"]}
    assert again.content == answer.content
    assert rest.content == answer.content[100:]


@pytest.mark.parametrize(
    "name", ["../record.json", "%2e%2e/%2e%2e/ledger.sqlite", "liasse.pdf/", "nothing.pdf", "/etc/passwd"]
)
def test_no_name_leads_out_of_a_packet(busy: Site, name: str) -> None:
    """Only what the manifest names is there."""
    asked = program(busy)
    packet = asked.form(DELIVERED)["packet"]

    assert asked.get(f"/packets/{packet}/files/{name}").status_code == 404


def test_a_packet_is_noted_as_taken(busy: Site) -> None:
    """Whoever takes it second is told who was first; the dossier is being signed."""
    asked = program(busy)
    form = asked.form(DELIVERED)

    first = asked.post(f"/packets/{form['packet']}/fetch", {"by": "F. GARÇON"})
    second = asked.post(f"/packets/{form['packet']}/fetch", {"by": "K. BENALI"})

    assert (first.status_code, first.json()["already"]) == (200, "")
    assert first.json()["packet"]["fetched_by"] == "F. GARÇON (par ENT de l’école)"
    assert "F. GARÇON" in second.json()["already"]
    assert asked.get(f"/dossiers/{form['number']}").json()["state"] == "en signature"


def test_the_cohort_is_told_of_its_formations_alone(busy: Site) -> None:
    """Counts and what waits are those of the formations that a token is bound to; the workbook too."""
    every, cnam = program(busy), program(busy, Right.SEE, Right.FETCH, formations=(people.CNAM,))

    assert sum(every.get("/bilan").json()["by_state"].values()) == COUNT
    mine = cnam.get("/bilan").json()
    assert sum(mine["by_state"].values()) == 2
    assert {one["formation"] for one in mine["waiting"]} == {people.CNAM}
    assert cnam.get(f"/bilan?formation={people.COORDINATION}").json()["by_state"] == {}
    assert cnam.get("/bilan.xlsx").content[:2] == b"PK"
    taken = [one for one in busy.ledger.journal("") if one.detail == "bilan.xlsx"]
    assert [one.event for one in taken] == ["retrait"]
    assert taken[0].actor.startswith("jeton:")
    assert "LE GOFF" not in json.dumps(mine)


def test_formations_and_blank_forms_are_handed_out(site: Site) -> None:
    """The formations that a token reaches, and their blank as PDF and Word."""
    mine = program(site, Right.SEE, formations=(people.CNAM,))

    assert [one["code"] for one in mine.get("/formations").json()["formations"]] == [people.CNAM]
    assert mine.get(f"/formations/{people.CNAM}/blank.pdf").content[:5] == b"%PDF-"
    assert mine.get(f"/formations/{people.CNAM}/blank.docx").content[:2] == b"PK"
    assert mine.get(f"/formations/{people.COORDINATION}/blank.pdf").status_code == 404
    assert mine.get(f"/formations/{people.CNAM}/blank.pdf?session=1999-2000").status_code == 422


@pytest.mark.parametrize(
    ("said", "tongue"),
    [("", "fr"), ("en", "en"), ("fr;q=0.2, en;q=0.9", "en"), ("en;q=0.3, fr", "fr"), ("de", "fr"), ("en;q=x", "fr")],
)
def test_problems_are_told_in_the_callers_language(site: Site, said: str, tongue: str) -> None:
    """The code stays; title and detail are French unless English is liked better."""
    answer = program(site).get("/dossiers/2024-999", headers={"Accept-Language": said})

    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == tongue
    assert (problem["code"], problem["status"], problem["type"]) == ("not-found", 404, "urn:liasse:problem:not-found")
    assert problem["title"] == {"fr": "Rien ici", "en": "Not found"}[tongue]
    assert "2024-999" in problem["detail_fr" if tongue == "en" else "detail"]


def test_a_wrong_parameter_is_named_and_not_repeated(site: Site) -> None:
    """Where it is, which, and what is wrong; never what was sent."""
    answer = program(site).get("/dossiers?limit=secret&sort=name")

    assert answer.json()["code"] == "invalid-parameters"
    assert [(one["in"], one["name"], one["detail"]) for one in answer.json()["faults"]] == [
        ("query", "sort", "n’est aucune des valeurs admises"),
        ("query", "limit", "n’est pas un nombre entier"),
    ]
    assert "secret" not in answer.text
