"""Changes and days by the page: tried, asked, judged by who may; presence told, attestations issued and replaced."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from life_kit import delivered
from life_site import MAY, context_of, facts_of, opened, plain, seen_in, send
from web_kit import Browser, Site, site_of

from pipeline.core.life import FactKind, PaperKind
from pipeline.core.workspace import Workspace
from pipeline.dossier.life.holding import Life, life_of

MOVED = {
    "changements": "organisme.lieu_stage.voie=9 rue Haute\n",
    "effet": "2025-05-20",
    "motif": "déménagement de l’équipe",
}
WHERE = "modification"


@pytest.fixture
def in_may(web_workspace: Workspace) -> Iterator[Site]:
    """The site while the internship goes on."""
    with site_of(web_workspace, day=MAY) as one:
        yield one


@pytest.fixture
def life(in_may: Site) -> Life:
    """A dossier of the coordination mission."""
    return delivered(context_of(in_may))


def asked(browser: Browser, life: Life, **changed: str) -> str:
    """The page after a change was tried, then asked as it was tried."""
    tried = send(browser, life, WHERE, **MOVED, geste="essai", **changed)
    (trial,) = re.findall(r'name="essai" value="(\w+)"', tried.text)
    answer = send(browser, life, WHERE, **MOVED, geste="demande", essai=trial, **changed)
    assert answer.status_code == 200, plain(answer)
    return plain(answer)


def test_a_change_is_tried_before_it_is_asked(in_may: Site, life: Life) -> None:
    """The trial shows before and after by article and keeps nothing; the very same is then asked, and waits."""
    browser = in_may.browser("karim")
    tried = send(browser, life, WHERE, **MOVED, geste="essai")
    assert tried.status_code == 200
    assert "9 rue Haute" in tried.text
    assert "Rien n’est encore demandé" in plain(tried)
    assert "Demander ce changement" in tried.text
    assert html.escape(MOVED["motif"]) in tried.text
    assert facts_of(in_may, life).seen == 0

    assert "Le changement 1 est demandé. À juger par" in asked(browser, life)
    (fact,) = facts_of(in_may, life).of(FactKind.ASKED)
    assert (fact.by, fact.body["raison"]) == ("Karim", MOVED["motif"])
    assert "il attend un avis" in opened(browser, life)


def test_what_was_not_tried_as_it_stands_is_tried_first(in_may: Site, life: Life) -> None:
    """Something typed was changed after the trial, or none took place: it is shown, and not asked."""
    browser = in_may.browser("karim")
    tried = send(browser, life, WHERE, **MOVED, geste="essai")
    (trial,) = re.findall(r'name="essai" value="(\w+)"', tried.text)

    for sent in ({**MOVED, "effet": "2025-05-27", "essai": trial}, {**MOVED, "essai": ""}):
        answer = send(browser, life, WHERE, **sent, geste="demande")
        assert "Rien n’est encore demandé" in plain(answer)
    assert facts_of(in_may, life).seen == 0


def test_a_change_that_a_rule_stops_cannot_be_asked(in_may: Site, life: Life) -> None:
    """The trial says which rule blocks; there is no button that asks for it."""
    sent = {"changements": "stage.date_fin=2025-05-10", "effet": "2025-05-09", "motif": "arrêt"}
    answer = send(in_may.browser("karim"), life, WHERE, **sent, geste="essai")

    assert "serait refusé" in answer.text or answer.status_code == 409
    assert "Demander ce changement" not in answer.text


def test_who_judges_makes_the_avenant_and_who_fetches_takes_it(in_may: Site, life: Life) -> None:
    """A word for the référent has its reason; the avenant is to be signed, and each file taken is noted."""
    karim, helene = in_may.browser("karim"), in_may.browser("helene")
    asked(karim, life)

    without = send(helene, life, f"{WHERE}/1/avis", avis="favorable", le="2025-05-06")
    assert without.status_code in {409, 422}
    assert 'value="favorable" required checked' in without.text
    assert send(helene, life, f"{WHERE}/1/avis").status_code == 422
    assert send(helene, life, f"{WHERE}/7/avis", avis="favorable").status_code == 404

    given = send(helene, life, f"{WHERE}/1/avis", avis="favorable", motif="en l’absence du référent")
    assert given.status_code == 200, plain(given)
    assert "Changement 1 accepté" in plain(given)
    paper = life_of(context_of(in_may), life.dossier.id).paper(PaperKind.AVENANT, "1")
    assert paper is not None
    text = opened(karim, life)
    assert "avenant-1" in text
    taken = send(karim, life, f"papiers/{paper.id}/prendre", fichier="avenant-1.pdf")
    assert taken.content.startswith(b"%PDF")
    word = re.findall(r'name="fichier" value="([^"]+\.docx)"', text)
    assert word
    assert send(karim, life, f"papiers/{paper.id}/prendre", fichier=word[0]).content.startswith(b"PK")
    events = [one.event for one in in_may.ledger.journal(life.entry.form.sha256)]
    assert events.count("retrait") == 2

    signed = send(karim, life, "signature", piece="avenant-1", le="2025-05-06")
    assert "avenant-1 : signé de tous" in plain(signed)


def test_a_change_is_refused_with_its_reason(in_may: Site, life: Life) -> None:
    """Without one, nothing is noted; with it, the convention stays, and the page says who refused and why."""
    karim, helene = in_may.browser("karim"), in_may.browser("helene")
    asked(karim, life)

    assert send(helene, life, f"{WHERE}/1/avis", avis="defavorable").status_code == 422
    assert facts_of(in_may, life).last(FactKind.JUDGED, "1") is None
    said = plain(send(helene, life, f"{WHERE}/1/avis", avis="defavorable", motif="trop tard"))
    assert "la convention reste comme elle est" in said
    assert "trop tard" in opened(karim, life)
    assert "il attend un avis" not in opened(karim, life)


def test_a_word_rests_on_what_its_page_showed(in_may: Site, life: Life) -> None:
    """Something was told meanwhile: the judge looks again, and no avenant is made."""
    karim, helene = in_may.browser("karim"), in_may.browser("helene")
    asked(karim, life)
    seen = seen_in(opened(helene, life))
    send(karim, life, "presence", mois="2025-04", autres="2025-04-15=M")

    answer = send(helene, life, f"{WHERE}/1/avis", vu=seen, avis="favorable", motif="en l’absence du référent")
    assert answer.status_code == 409
    assert "en l’absence du référent" in answer.text
    assert facts_of(in_may, life).last(FactKind.JUDGED, "1") is None
    assert in_may.ledger.life.papers(life.dossier.id) == ()


def test_days_that_were_changed_are_noted_and_the_others_are_not(in_may: Site, life: Life) -> None:
    """Only the days whose choice is another than the one shown; a day to come cannot be one of presence."""
    browser = in_may.browser("karim")
    text = opened(browser, life, "?mois=2025-04")
    days = re.findall(r'name="jour" value="([\d-]+)"', text)
    assert len(days) > 3
    codes = ["M", "P/A", *[""] * (len(days) - 2)]
    sent = {"mois": "2025-04", "jour": days, "avant": [""] * len(days), "code": codes}
    answer = send(browser, life, "presence", **sent)

    assert "2 jours notés" in plain(answer)
    told = {
        one.key: (one.body["matin"], one.body["apres_midi"]) for one in facts_of(in_may, life).of(FactKind.PRESENCE)
    }
    assert told == {days[0]: ("M", "M"), days[1]: ("P", "A")}
    assert '<option value="M" selected>' in answer.text
    assert '<option value="P/A" selected>' in answer.text

    unchanged = send(browser, life, "presence", **{**sent, "avant": codes})
    assert "aucun jour n’est changé" in plain(unchanged)
    to_come = opened(browser, life, "?mois=2025-06")
    (first, *_) = re.findall(r'name="jour" value="([\d-]+)"', to_come)
    refused = send(browser, life, "presence", mois="2025-06", jour=[first], avant=[""], code=["P"])
    assert refused.status_code == 409
    assert "est à venir" in plain(refused)
    assert f'value="{first}"' in refused.text
    assert '<option value="P" selected>' in refused.text


def test_hours_are_told_and_shown_again(in_may: Site, life: Life) -> None:
    """« 3h30 » is no mark: it is typed as a line, and chosen in its list afterwards."""
    browser = in_may.browser("karim")
    send(browser, life, "presence", mois="2025-04", autres="2025-04-15=2h15/M")
    assert '<option value="2h15/M" selected>' in opened(browser, life, "?mois=2025-04")


def test_an_attestation_is_issued_and_made_again_once_a_day_is_corrected(in_may: Site, life: Life) -> None:
    """Nobody confirmed: refused. Confirmed as planned: issued. A day corrected: the version before is marked."""
    browser = in_may.browser("karim")
    unknown = send(browser, life, "attestation", mois="2025-04")
    assert unknown.status_code == 409
    assert "Personne n’a confirmé la présence" in plain(unknown)
    assert '<option value="2025-04" selected>avril 2025' in unknown.text

    made = send(browser, life, "attestation", mois="2025-04", prevu="oui")
    assert "attestation-de-presence-2025-04, version 1 : émise" in plain(made)
    again = send(browser, life, "presence", mois="2025-04", autres="2025-04-15=A")
    assert "Refaite : attestation-de-presence-2025-04, version 2" in plain(again)
    assert opened(browser, life).count("remplacé par une version plus récente") == 1


def test_the_bilan_is_noted_once(in_may: Site, life: Life) -> None:
    """On the day when it took place, by whom; the same again says so."""
    browser = in_may.browser("karim")
    sent = {"le": "2025-05-05", "texte": "Projet engagé, DPP commencé."}
    assert "Le bilan est noté" in plain(send(browser, life, "bilan", **sent))
    assert "était déjà noté" in plain(send(browser, life, "bilan", **sent))
    assert "Projet engagé, DPP commencé." in opened(in_may.browser("lecteur"), life)
