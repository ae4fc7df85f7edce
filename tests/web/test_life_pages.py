"""The page of a dossier's life: each action by its role and by nobody else, refusals shown, nothing overwritten."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import people
import pytest
from laid_lives import issued, pdf
from life_kit import delivered
from life_site import EDITED, context_of, facts_of, opened, plain, seen_in, send
from web_kit import Site, site_of

from pipeline.core.life import FactKind, PaperKind
from pipeline.core.workspace import Workspace
from pipeline.dossier.life.holding import Life
from pipeline.ledger.packet_store import PacketState

APRIL = dt.date(2025, 4, 2)  # some days before the réunion des référents
ALL = ["stagiaire", "organisme", "employeur", "etablissement"]
ACTIONS: dict[str, tuple[str, dict[str, Any]]] = {  # where, what is sent; then who may
    "signature": ("karim", {"piece": "convention", "le": "2025-03-20"}),
    "modification": ("karim", {"changements": "tuteur.nom=ROSSI", "effet": "2025-05-21", "motif": "départ"}),
    "modification/1/avis": ("helene", {"avis": "favorable"}),
    "presence": ("karim", {"autres": "2025-04-14=M"}),
    "attestation": ("karim", {"mois": "2025-04"}),
    "bilan": ("karim", {"le": "2025-03-20", "texte": "Projet engagé."}),
    "invitation": ("karim", {}),
    "cloture": ("karim", {"geste": "clore"}),
    "archive": ("karim", {}),
}


@pytest.fixture
def later(web_workspace: Workspace) -> Iterator[Site]:
    """The site, some days after the edition."""
    with site_of(web_workspace, day=EDITED) as one:
        yield one


@pytest.fixture
def life(later: Site) -> Life:
    """A dossier of the coordination mission whose packet is to be signed."""
    return delivered(context_of(later))


def test_the_page_says_who_has_to_sign(later: Site, life: Life) -> None:
    """Whoever sees the dossier sees it; the forms are for who may fill them."""
    seen, own = (opened(later.browser(one), life) for one in ("lecteur", "karim"))

    for text in (seen, own):
        assert text.count("Partie ") >= len(ALL)
        assert '<span class="mark warn">manque</span>' in text
    assert "Noter la signature" in own
    assert "<button>Noter la signature" not in seen
    assert "/vie/archive" not in seen


@pytest.mark.parametrize("where", ACTIONS)
def test_an_action_is_for_its_role_alone(later: Site, life: Life, where: str) -> None:
    """403 for every other role, and nothing is noted; who may is not refused for that."""
    who, sent = ACTIONS[where]
    before = facts_of(later, life).seen
    for login in {"karim", "helene", "lecteur"} - {who}:
        assert send(later.browser(login), life, where, **sent).status_code == 403
    assert facts_of(later, life).seen == before
    assert send(later.browser(who), life, where, **sent).status_code in {200, 404, 409, 422}


def test_a_foreign_formation_learns_nothing(later: Site, life: Life) -> None:
    """Neither by looking nor by any form: answered as a number that nobody has."""
    browser = later.browser("etranger")
    for where, (_, sent) in ACTIONS.items():
        pages = []
        for number in (life.dossier.number, "2024-999"):
            answer = browser.post(f"/dossiers/{number}/vie/{where}", {**sent, "vu": "0"})
            pages.append((answer.status_code, answer.text.replace(number, "X")))
        assert pages[0] == pages[1]
        assert pages[0][0] in {403, 404}
    assert browser.get(f"/dossiers/{life.dossier.number}/vie").status_code == 404
    assert facts_of(later, life).seen == 0


def test_one_signs_then_all_and_the_packet_is_signed(later: Site, life: Life) -> None:
    """Ticked: that one; nobody ticked: all who are missing. Who told it is on the page."""
    browser = later.browser("karim")
    first = send(browser, life, "signature", piece="convention", le="2025-03-20", role=["stagiaire"])
    text = plain(send(browser, life, "signature", piece="convention", le="2025-03-21"))

    assert first.status_code == 200
    assert "Manquent encore" in first.text
    assert "convention : signé de tous" in text
    days = {one.key: (one.body["le"], one.by) for one in facts_of(later, life).of(FactKind.SIGNED)}
    assert days["convention/stagiaire"] == ("2025-03-20", "Karim")
    assert days["convention/organisme"] == ("2025-03-21", "Karim")
    line = later.ledger.packets.get(life.packet.id)
    assert line is not None
    assert line.state is PacketState.SIGNED


def test_the_paper_that_came_back_is_kept_as_it_came(later: Site, life: Life) -> None:
    """The file is durable under its hash; a field left empty is no file; what is no paper is refused, in words."""
    browser = later.browser("karim")
    sent = {"piece": "convention", "le": "2025-03-20"}
    wrong = send(browser, life, "signature", **sent, files={"fichier": ("photo.pdf", b"rien", "application/pdf")})
    assert wrong.status_code == 409
    assert "photo.pdf n’est pas gardé" in plain(wrong)
    assert facts_of(later, life).seen == 0

    data = pdf(2, "signée")
    kept = send(browser, life, "signature", **sent, files={"fichier": ("../../signée.pdf", data, "application/pdf")})
    assert kept.status_code == 200, plain(kept)
    (back,) = facts_of(later, life).of(FactKind.RETURNED)
    assert back.body["nom"] == "signée.pdf"
    assert later.workspace.joined_file(back.body["sha256"]).read_bytes() == data

    empty = send(browser, life, "signature", **sent, files={"fichier": ("", b"", "application/octet-stream")})
    assert empty.status_code == 200


@pytest.mark.parametrize(
    ("where", "sent", "kept", "why"),
    [
        ("signature", {"piece": "convention", "le": "2025-03-01", "role": ["organisme"]}, ["2025-03-01"], "personne"),
        ("signature", {"piece": "convention", "le": "demain"}, ["demain"], "n’est pas une date"),
        (
            "modification",
            {"changements": "tuteur.nom", "effet": "2025-05-21", "motif": "départ"},
            ["tuteur.nom</textarea>", "2025-05-21", "départ"],
            "écrivez champ=valeur",
        ),
        ("modification", {"changements": "x=1", "effet": "", "motif": "départ"}, ["x=1"], "le jour d’effet"),
        ("bilan", {"le": "2025-03-20", "texte": "Projet <b>engagé</b>."}, ["&lt;b&gt;engagé"], "n’est pas du stage"),
        ("presence", {"autres": "2025-04-14=Z"}, ["2025-04-14=Z"], "ne dit pas un jour"),
        ("attestation", {"mois": "2025-04", "verse": "12"}, ['value="12"'], "rien ne s’en atteste"),
        ("cloture", {"geste": "clore"}, [], "n’est pas complet"),
        ("cloture", {"geste": "rouvrir", "motif": "erreur"}, [], "n’est pas clos"),
        ("cloture", {"geste": "autre"}, [], "choisissez"),
    ],
)
def test_a_refusal_is_told_and_what_was_typed_stays(
    later: Site, life: Life, *, where: str, sent: dict[str, Any], kept: list[str], why: str
) -> None:
    """The page says why, in French and without the words of the command line; nothing is noted."""
    answer = send(later.browser("karim"), life, where, **sent)
    text = plain(answer)

    assert answer.status_code in {409, 422}
    assert why in text
    for one in kept:
        assert one in answer.text, one
    told = text.partition('role="alert"')[2].partition("</p>")[0]
    assert "liasse " not in told.replace("liasse.", "")
    assert "--" not in told
    assert facts_of(later, life).seen == 0


@pytest.mark.parametrize(
    ("where", "sent"),
    [
        ("signature", {"piece": "convention", "le": "2025-03-21", "corrige": "oui"}),
        ("modification", {"changements": "tuteur.nom=ROSSI", "effet": "2025-05-21", "motif": "départ"}),
        ("presence", {"autres": "2025-04-14=M"}),
        ("cloture", {"geste": "clore", "motif": "abandon"}),
    ],
)
def test_of_two_people_the_second_looks_again(later: Site, life: Life, where: str, sent: dict[str, Any]) -> None:
    """What the second one saw is not so any more: nothing is overwritten, and the page shows what the first did."""
    karim, sophie = later.browser("karim"), later.browser("sophie")
    seen = seen_in(opened(sophie, life))
    send(karim, life, "signature", piece="convention", le="2025-03-20")
    before = facts_of(later, life).seen

    answer = send(sophie, life, where, vu=seen, **sent)

    assert answer.status_code == 409
    assert "Karim a changé le dossier" in plain(answer)
    assert seen_in(answer.text) == str(before)
    assert facts_of(later, life).seen == before


def test_a_dossier_is_closed_with_its_reason_and_opened_again(later: Site, life: Life) -> None:
    """What is missing is on the page; closed, it offers no form but the one that opens it again."""
    browser = later.browser("karim")
    assert "Avant de clore, il manque" in opened(browser, life)

    closed = send(browser, life, "cloture", geste="clore", motif="abandon du stage")
    assert "clos, incomplet" in plain(closed)
    text = opened(browser, life)
    assert "abandon du stage" in text
    assert "Noter la signature" not in text
    assert send(browser, life, "signature", piece="convention", le="2025-03-20").status_code == 409

    assert "rouvert" in send(browser, life, "cloture", geste="rouvrir", motif="erreur de dossier").text
    assert "Noter la signature" in opened(browser, life)


def test_a_paper_that_was_replaced_says_so_and_who_takes_one_is_noted(later: Site, life: Life) -> None:
    """In words, not by a colour; its file is named so too. A file that the manifest does not name is not there."""
    context = context_of(later)
    old = issued(context, life.dossier.id, PaperKind.PRESENCE, "2025-04")
    new = issued(context, life.dossier.id, PaperKind.PRESENCE, "2025-04", basis="2")
    browser = later.browser("karim")
    text = opened(browser, life)
    assert text.count("remplacé par une version plus récente") == 1

    for paper, start in ((old, "remplace-"), (new, life.dossier.number)):
        answer = send(browser, life, f"papiers/{paper.id}/prendre", fichier=f"{paper.name}.pdf")
        assert answer.content.startswith(b"%PDF")
        assert f'filename="{start}' in answer.headers["content-disposition"]
    for name in ("record.json", "../x.pdf", "manifest.json"):
        assert send(browser, life, f"papiers/{new.id}/prendre", fichier=name).status_code == 404
    assert send(later.browser("lecteur"), life, f"papiers/{new.id}/prendre").status_code == 403

    taken = [one for one in later.ledger.journal(life.entry.form.sha256) if one.event == "retrait"]
    assert [one.actor for one in taken] == ["karim", "karim"]
    assert "attestation-de-presence-2025-04, version 1" in taken[0].detail


def test_people_are_invited_once(web_workspace: Workspace) -> None:
    """The drafts lie ready; once all are invited, the form is gone, and sent all the same it says so."""
    with site_of(web_workspace, day=APRIL) as site:
        life = delivered(context_of(site))
        browser = site.browser("karim")
        assert "3 personnes à inviter" in opened(browser, life).replace("\xa0", " ")

        made = plain(send(browser, life, "invitation"))
        assert made.count("Invitation prête") == 3
        assert "Tout le monde est invité" in made
        assert "Tout le monde est déjà invité" in plain(send(browser, life, "invitation"))
        assert len(list(site.workspace.mail.glob("*.eml"))) == 3


def test_the_archive_is_whole_and_noted(later: Site, life: Life) -> None:
    """A ZIP of the dossier alone; who took it is in the journal, and nothing of it stays behind."""
    answer = send(later.browser("karim"), life, "archive")

    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
    assert "bordereau.pdf" in names
    assert any(name.endswith("liasse.pdf") for name in names)
    taken = [one for one in later.ledger.journal(life.entry.form.sha256) if one.event == "retrait"]
    assert [(one.actor, one.detail) for one in taken] == [("karim", f"archive-{life.dossier.number}.zip")]


def test_before_there_is_a_packet_there_is_no_life(later: Site) -> None:
    """The page says so, and no form is on it."""
    number = later.dossiers[people.COORDINATION]
    text = later.browser("karim").get(f"/dossiers/{number}/vie").text

    assert "Rien à montrer ici" in text
    assert 'action="/dossiers' not in text
