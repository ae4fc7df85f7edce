"""Pages asked in this process: lists, deposits, two people at one dossier, links that decide nothing, archives."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import delivering
import people
import pytest
import walking
from test_confirm import hiding
from web_kit import Site

from pipeline.dossier.context import Context
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.form_rows import Ending
from pipeline.ledger.journal import lines
from pipeline.web.page_templates import HERE as WEB

SAMPLES = Path(__file__).parents[1] / "samples"
NAME = "organisme.raison_sociale"
HOSTILE = '<img src=x onerror="alert(1)">\u202e.pdf'


def context_of(site: Site) -> Context:
    """The context that the site works in."""
    found: Context = site.app.state.house.context()
    return found


def walked(site: Site, data: bytes, name: str = "formulaire.pdf") -> Entry:
    """A form dropped into the inbox and walked as a worker would."""
    context = context_of(site)
    path = context.workspace.inbox / name
    path.write_bytes(data)
    (report,) = walking.run([path], context)
    return site.ledger.entries.get(report.form.sha256)


def files(*given: tuple[str, bytes]) -> list[tuple[str, tuple[str, bytes]]]:
    """Files as a form sends them."""
    return [("fichier", one) for one in given]


def zipped(*members: tuple[str, bytes]) -> bytes:
    """An archive of these files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return made.getvalue()


def test_the_list_opens_on_what_waits_for_this_person(site: Site) -> None:
    """Two packets wait to be signed: they are the scolarité's turn, and nothing is the responsable's."""
    assert "<strong>2</strong> dossiers attendent" in site.browser("sophie").get("/").text
    assert "Vous êtes à jour" in site.browser("helene").get("/").text
    assert "LE GOFF" in site.browser("helene").get("/?qui=tous").text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=roussel", {"ROUSSEL"}),
        ("q=ROUSSEL+ines", {"ROUSSEL"}),
        ("q=le+goff", {"LE GOFF"}),
        ("q=personne", set()),
        ("q=%25", set()),
        (f"formation={people.CNAM}", {"ROUSSEL"}),
        ("etat=%C3%A0+signer", {"ROUSSEL", "LE GOFF"}),
        ("etat=close", set()),
        ("qui=responsable", set()),
    ],
)
def test_a_list_is_searched_and_filtered(site: Site, asked: str, found: set[str]) -> None:
    """By name whatever its accents and case, by formation, by state, by who must act; signs are no wildcards."""
    text = site.browser("sophie").get(f"/?{asked}").text
    assert {name for name in ("ROUSSEL", "LE GOFF") if name in text} == found


def test_a_foreign_formation_is_not_in_lists_nor_in_counts(site: Site) -> None:
    """Who reaches one formation sees its dossiers alone, and no number tells of the others."""
    text = site.browser("karim").get("/?qui=tous").text
    assert "LE GOFF" in text
    assert "ROUSSEL" not in text
    assert "1 dossier" in text
    assert people.CNAM not in text


def test_the_list_follows_the_ledger(site: Site) -> None:
    """What arrives, and what becomes of it, is in the list at once, whoever wrote it into the ledger."""
    browser = site.browser("sophie")
    browser.get("/")
    form = delivering.received(site.ledger, site.workspace, "neuf.pdf")
    assert "reçu" in browser.get("/?q=neuf&qui=tous").text
    site.ledger.settle(
        delivering.claimed(site.ledger, form),
        Ending(State.WAITING, "Accord attendu.", people.COORDINATION, "MERCIER Paul", acts="responsable"),
    )
    assert "MERCIER" in site.browser("helene").get("/").text
    assert "MERCIER" not in browser.get("/").text


def test_hostile_names_are_shown_and_do_nothing(site: Site) -> None:
    """HTML in a name is text, and a character that turns the text round is a sign that is seen."""
    form = delivering.received(site.ledger, site.workspace, "neuf.pdf")
    site.ledger.settle(
        delivering.claimed(site.ledger, form), Ending(State.WAITING, HOSTILE, people.COORDINATION, HOSTILE)
    )
    number = site.ledger.entries.get(form.sha256).number
    browser = site.browser("sophie")
    for path in ("/?qui=tous", f"/dossiers/{number}"):
        text = browser.get(path).text
        assert "<img src=x" not in text
        assert "&lt;img src=x" in text
        assert "\u202e" not in text


def test_a_deposit_is_durable_when_it_is_told(site: Site) -> None:
    """The bytes lie in the spool, the ledger knows them, a job waits: only then is the form told as received."""
    browser = site.browser("sophie")
    data = (SAMPLES / "4-essms-salariee.pdf").read_bytes()
    answer = browser.post("/depots", files=files(("stage.pdf", data)), headers={"X-Depot": "1"})
    assert answer.status_code == 200
    sha256 = re.search(r'data-hash="(\w{64})"', answer.text)
    assert sha256
    entry = site.ledger.entries.get(sha256[1])
    assert entry.form.path.read_bytes() == data
    assert entry.form.name == "stage.pdf"
    assert entry.form.sha256 in {one.form.sha256 for one in site.ledger.entries.in_queue()}
    again = browser.post("/depots", files=files(("encore.pdf", data)), headers={"X-Depot": "1"})
    assert "déjà reçu" in again.text
    followed = browser.get(f"/depots/suivi?f={sha256[1]}").text
    assert 'hx-trigger="load' in followed


def test_a_zip_of_forms_is_opened_and_bounded(site: Site) -> None:
    """Each form of an archive is one; paths are not followed, litter is left, what is too big is told and no more."""
    data = zipped(
        ("promo/un.pdf", b"%PDF-1.7 un"),
        ("../../deux.pdf", b"%PDF-1.7 deux"),
        ("__MACOSX/._un.pdf", b"x"),
        ("promo/.DS_Store", b"x"),
        ("bombe.pdf", b"\0" * 60_000_000),
    )
    answer = site.browser("sophie").post("/depots", files=files(("promo.zip", data)), headers={"X-Depot": "1"})
    assert answer.text.count("data-hash=") == 2
    assert "bombe.pdf" in answer.text
    assert "trop gros" in answer.text
    assert {one.form.name for one in site.ledger.entries.all()} >= {"un.pdf", "deux.pdf"}
    assert not (site.workspace.root / "deux.pdf").exists()


def test_a_name_of_a_megabyte_is_cut_and_a_word_document_is_no_archive(site: Site) -> None:
    """What a sender calls a file is shown, shortened, and no path of ours; one without end is no form of a page."""
    browser = site.browser("sophie")
    word = (SAMPLES / "5-essms-emploi.docx").read_bytes()
    endless = browser.post("/depots", files=files(("a" * 900_000 + ".docx", word)), headers={"X-Depot": "1"})
    assert endless.status_code == 400
    answer = browser.post(
        "/depots", files=files(("a" * 3_000 + ".docx", word), ("../x/é.docx", word)), headers={"X-Depot": "1"}
    )
    assert answer.text.count("data-hash=") == 2
    assert len(answer.text) < 5_000


def test_who_only_reads_deposits_nothing(site: Site) -> None:
    """A right that is not there is refused, and nothing is received."""
    before = len(site.ledger.entries.all())
    answer = site.browser("lecteur").post("/depots", files=files(("stage.pdf", b"%PDF-1.7")))
    assert answer.status_code == 403
    assert len(site.ledger.entries.all()) == before


def test_the_second_of_two_people_is_told_and_nothing_is_overwritten(site: Site) -> None:
    """Both opened the same doubt; the first word holds, the second sees whose it is and keeps what they typed."""
    entry = walked(site, hiding(NAME, "Structure cachée"))
    here = f"/dossiers/{entry.number}"
    first, second = site.browser("sophie"), site.browser("karim")
    seen = re.search(r'name="vu" value="(\d+)"', first.get(here).text)
    assert seen
    assert "Sophie a aussi ce dossier ouvert" in second.get(here).text
    said = {"champ": NAME, "vu": seen[1]}
    assert first.post(f"{here}/confirmer", {**said, "valeur": "Résidence Les Tilleuls"}).status_code == 303
    refused = second.post(f"{here}/confirmer", {**said, "valeur": "Structure cachée"})
    assert refused.status_code == 409
    assert "Sophie" in refused.text
    (settled,) = site.ledger.decisions(entry.form).confirmations
    assert (settled.by, settled.after) == ("Sophie", "Résidence Les Tilleuls")


def test_a_value_is_tried_by_the_rules_that_will_check_it(site: Site) -> None:
    """A date that is none, one that is: the same words as when it is kept; nothing is kept."""
    entry = walked(site, hiding("stage.date_debut", "09/04/2025"))
    here, browser = f"/dossiers/{entry.number}", site.browser("sophie")
    assert "data-doubt" in browser.get(here).text
    wrong = browser.post(f"{here}/verifier", {"champ": "stage.date_debut", "valeur": "31/02/2025"}).text
    right = browser.post(f"{here}/verifier", {"champ": "stage.date_debut", "valeur": "8/4/25"}).text
    assert "✗" in wrong
    assert "✓ convient" in right
    assert "08/04/2025" in right
    assert site.ledger.decisions(entry.form).confirmations == ()


def test_nothing_typed_is_no_answer_but_illegible_is(site: Site) -> None:
    """An empty field is refused; « illisible » is a decision of its own."""
    entry = walked(site, hiding(NAME, "Structure cachée"))
    here, browser = f"/dossiers/{entry.number}", site.browser("sophie")
    browser.get(here)
    said = {"champ": NAME, "vu": "0", "valeur": ""}
    assert browser.post(f"{here}/confirmer", said).status_code == 422
    assert browser.post(f"{here}/confirmer", {**said, "geste": "illisible"}).status_code == 303
    assert site.ledger.decisions(entry.form).confirmations[0].after is None


@pytest.fixture
def asked(site: Site) -> tuple[Site, Entry, str]:
    """A dossier that waits for the accord, and the path of a link to it for Hélène."""
    entry = walked(site, (SAMPLES / "3-cnam-attente.pdf").read_bytes())
    browser = site.browser("sophie")
    page = browser.get(f"/dossiers/{entry.number}/lien")
    page = browser.post(f"/dossiers/{entry.number}/lien", {"nom": "Hélène NOIRET", "courriel": "h@example.org"})
    link = re.search(r"/lien/[\w-]{43}", page.text)
    assert link
    return site, entry, link[0]


def test_opening_a_link_decides_nothing_however_often(asked: tuple[Site, Entry, str]) -> None:
    """Scanners of mails follow links, and look ahead: the journal has no word of it."""
    site, entry, link = asked
    for headers in ({}, {"Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"}):
        browser = site.browser(headers=headers)
        assert browser.get(link).status_code == 200
        assert browser.get(f"{link}?avis=favorable").status_code == 200
        assert browser.client.head(link).status_code in {200, 405}
    assert site.ledger.decisions(entry.form).accord is None
    blind = site.browser()
    blind.token = ""
    assert blind.post(link, {"avis": "favorable", "vu": "0"}).status_code == 403  # it never saw the page
    assert site.ledger.decisions(entry.form).accord is None


def test_a_word_by_a_link_is_chosen_and_bears_the_name_it_was_made_for(asked: tuple[Site, Entry, str]) -> None:
    """Without a choice nothing is noted; unfavourable needs a reason; then it is the recipient's word."""
    site, entry, link = asked
    browser = site.browser()
    browser.get(link)
    assert browser.post(link, {"vu": "0"}).status_code == 422
    assert browser.post(link, {"vu": "0", "avis": "defavorable"}).status_code == 422
    answer = browser.post(link, {"vu": "0", "avis": "favorable"})
    assert (answer.status_code, answer.headers["location"]) == (303, link)
    assert "Votre avis favorable est enregistré." in browser.get(link).text
    assert "Votre avis favorable est enregistré." not in browser.get(link).text
    accord = site.ledger.decisions(entry.form).accord
    assert accord
    assert (accord["decision"], accord["par"]) == ("favorable", "Hélène NOIRET")
    with site.ledger.database.read() as connection:
        (told,) = [one.detail for one in lines(connection, entry.form.sha256) if one.event == "accord"]
    assert told == "par un lien fait par sophie"  # who could have opened it too


def test_a_link_opens_its_dossier_alone_until_it_is_taken_back_or_over(asked: tuple[Site, Entry, str]) -> None:
    """No list, no other dossier, no form of this one; revoked or expired it is nothing."""
    site, entry, link = asked
    browser = site.browser()
    browser.get(link)
    other = site.dossiers[people.COORDINATION]
    for path in ("/", f"/dossiers/{other}", f"/dossiers/{entry.number}"):
        assert browser.get(path).status_code == 303
    made = site.ledger.passes.links_of(entry.dossier)[0]
    sophie = site.browser("sophie")
    sophie.post(f"/dossiers/{entry.number}/lien/{made.id}/reprendre")
    assert browser.get(link).status_code == 404
    again = sophie.post(f"/dossiers/{entry.number}/lien", {"nom": "Hélène NOIRET", "jours": "1"}).text
    second = re.search(r"/lien/[\w-]{43}", again)
    assert second
    assert browser.get(second[0]).status_code == 200
    site.later(2 * 86_400)
    assert browser.get(second[0]).status_code == 404


def test_the_draft_of_the_mail_holds_the_link_and_says_that_opening_decides_nothing(
    asked: tuple[Site, Entry, str],
) -> None:
    """It lies in courrier/, to be opened and sent by a person."""
    site, entry, link = asked
    (draft,) = site.workspace.mail.glob("*.eml")
    text = draft.read_bytes().decode()
    assert draft.name == f"{entry.number}-avis.eml"
    assert "X-Unsent: 1" in text
    assert "h@example.org" in text
    assert link.removeprefix("/lien/") in text.replace("=\r\n", "").replace("=3D", "=")


def test_packets_are_taken_as_one_zip_and_who_took_them_is_noted(site: Site) -> None:
    """Each in a folder of its number, with bilan.xlsx; of a foreign formation nothing is said to be there."""
    browser = site.browser("sophie")
    browser.get("/")
    answer = browser.post("/liasses.zip", {"tout": "à signer"})
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        folders = {name.split("/")[0] for name in archive.namelist()}
    assert folders >= {*site.dossiers.values(), "bilan.xlsx"}
    assert {line.locked_by for line in site.ledger.packets.live()} == {"Sophie"}
    again = browser.post("/liasses.zip", {"tout": "à signer"})  # the first one may have broken off
    assert (again.status_code, "reprenez-les sur la page « Promotion »" in again.text) == (409, True)
    assert browser.post("/liasses.zip", {"tout": "en signature"}).content[:2] == b"PK"
    foreign = site.browser("karim").post("/liasses.zip", {"d": site.dossiers[people.CNAM]})
    assert foreign.status_code == 404


def test_templates_hold_nothing_that_the_policy_forbids() -> None:
    """No inline style, script or handler; nothing of htmx that needs eval; no inheritance relied on."""
    wrong = re.compile(
        r"\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|hx-on|hx-vals|\|\s*safe\b|javascript:|hx-trigger=\"[^\"]*\["
    )
    found = {
        place.name: told.group()
        for place in sorted((WEB / "templates").glob("*.html"))
        if (told := wrong.search(place.read_text(encoding="utf-8")))
    }
    assert found == {}
