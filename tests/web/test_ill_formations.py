"""One formation is ill: the lists of the others are given and it is told of; its dossiers are refused in words."""

from __future__ import annotations

from pathlib import Path

import people
import pytest
from api_kit import program
from api_lives import BY, MAY, At, Lived
from life_site import plain

from pipeline.core.visitors import Right
from pipeline.core.workspace import Workspace

ILL = people.COORDINATION
BROKEN: dict[str, bytes] = {
    "no toml": b"code = [\n",
    "no text": b"\xff\xfe\x00",
    "no formation": b"code = 'coordination-essms'\n",
    "no rule": b"\n[[regles]]\nid = 'F-90'\ncontrole = 'jamais'\nsource = 'x'\ngravite = 'bloquante'\n",
    "no session": b"",
}


def formation_file(workspace: Workspace) -> Path:
    """Its file."""
    return workspace.model(f"{ILL}/formation.toml")


def fall_ill(lived: Lived, how: str) -> None:
    """The formation of the dossier cannot be followed any more."""
    path = formation_file(lived.site.workspace)
    before = path.read_bytes()
    if how == "no session":
        path.write_bytes(before.replace(b"2024-2025", b"2031-2032"))
    else:
        path.write_bytes(before + BROKEN[how] if how == "no rule" else BROKEN[how])


@pytest.mark.parametrize("how", BROKEN)
def test_no_list_is_lost_by_one_ill_formation(at: At, how: str) -> None:
    """What is due of the others is there, by the API and on the page; which one is ill stands beside it."""
    lived = at(MAY)
    before = lived.asked.get("/due").json()
    fall_ill(lived, how)
    after = lived.asked.get("/due")
    number = lived.site.ledger.dossiers.get(lived.dossier).number

    assert after.status_code == 200
    if how != "no rule":  # what is due asks no rule
        assert before["problems"] == []
        assert after.json()["due"] == [one for one in before["due"] if one["dossier"] != lived.dossier] != []
        (told,) = after.json()["problems"]
        assert (told["code"], told["formation"]) == ("formation-ill", ILL)
        assert "ne se lit pas" in told["detail"]
        assert str(lived.site.workspace.root) not in after.text
        english = lived.asked.get("/due", headers={"Accept-Language": "en"})
        assert "cannot be read" in english.json()["problems"][0]["detail"]
        assert english.headers["vary"] == "Accept-Language"
    browser = lived.site.browser("sophie")
    for path in (
        *("/", f"/?formation={ILL}", "/a-faire", "/promotion", f"/promotion?formation={ILL}"),
        *(f"/dossiers/{number}", f"/dossiers/{number}/vie", f"/dossiers/{number}/liasse", "/readyz"),
    ):
        assert browser.get(path).status_code == 200, path
    for path in ("/dossiers", "/formations", "/bilan", f"/bilan?formation={ILL}", "/bilan.xlsx", lived.home):
        assert lived.asked.get(path).status_code == 200, path
    if how != "no rule":
        page = plain(browser.get("/a-faire"))
        assert f"de la formation « {ILL} » ne se lit pas" in page
        assert lived.site.ledger.dossiers.get(lived.other).number in page
        assert "ne se lit pas" in plain(browser.get(f"/dossiers/{number}/vie"))


def test_who_is_of_another_formation_is_not_told(at: At) -> None:
    """Neither that it is ill, nor that it is there."""
    lived = at(MAY)
    fall_ill(lived, "no toml")
    stranger = lived.stranger(Right.SEE)
    for path in ("/due", "/formations", "/bilan"):
        answer = stranger.get(path)
        assert answer.json()["problems"] == []
        assert ILL not in answer.text
    mine = program(lived.site, Right.SEE, formations=(ILL,))
    for path in ("/due", "/formations", "/bilan"):
        assert [one["formation"] for one in mine.get(path).json()["problems"]] == [ILL]
    browser = lived.site.browser("etranger")
    for path in ("/a-faire", "/promotion"):
        assert "ne se lit pas" not in plain(browser.get(path))


@pytest.mark.parametrize("file", [f"{ILL}/formation.toml", "commun/avenant.toml"])
def test_a_word_on_its_dossiers_is_refused_and_nothing_is_noted(at: At, file: str) -> None:
    """409 with its own code, in the caller's language, and a page that says what to do; never our fault."""
    lived = at(MAY)
    number = lived.site.ledger.dossiers.get(lived.dossier).number
    browser = lived.site.browser("sophie")
    browser.get("/")
    lived.site.workspace.model(file).write_text("x = [\n", encoding="utf-8")
    known = lived.site.ledger.life.facts(lived.dossier).seen

    for what, body in (
        ("signatures", {"paper": "convention", "on": "2025-03-20"}),
        ("presence", {"days": [{"day": "2025-04-15", "was": "M"}]}),
        ("mid-term", {"on": "2025-05-05", "text": "Engagé."}),
        ("closing", {"reason": "abandon"}),
        ("attestations", {}),
    ):
        answer = lived.asked.post(f"{lived.home}/{what}", {**BY, **body}, headers={"If-Match": "*"})
        assert (answer.status_code, answer.json()["code"]) == (409, "formation-ill"), (what, answer.text)
        assert str(lived.site.workspace.root) not in answer.text
    assert lived.asked.get(f"{lived.home}/life").json()["code"] == "formation-ill"
    for where, sent in (
        ("signature", {"piece": "convention", "le": "2025-03-20"}),
        ("presence", {"autres": "2025-04-15=M"}),
        ("cloture", {"geste": "clore", "motif": "abandon"}),
    ):
        page = browser.post(f"/dossiers/{number}/vie/{where}", {**sent, "vu": str(known)})
        assert page.status_code in {200, 303, 409}, (where, page.text)
    shown = browser.get(f"/dossiers/{number}/vie")
    assert shown.status_code == 200
    assert "prévenez la personne qui veille sur liasse" in plain(shown)


def test_the_others_are_worked_with_all_the_same(at: At) -> None:
    """A word on a dossier of another formation is noted; its invitations are not held back."""
    lived = at(MAY)
    fall_ill(lived, "no toml")
    answer = lived.asked.post(
        f"/dossiers/{lived.other}/mid-term", {**BY, "on": "2025-05-05", "text": "Engagé."}, headers={"If-Match": "*"}
    )
    assert answer.status_code == 200, answer.text
    answer = lived.asked.post(f"/formations/{people.CNAM}/invitations", BY)
    assert answer.status_code in {200, 409}
    assert answer.json().get("code") != "formation-ill"
    assert lived.asked.get(f"/formations/{ILL}/blank.pdf").json()["code"] == "formation-ill"
