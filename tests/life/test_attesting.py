"""Attestations of real dossiers: printed, issued once, made again when a day is corrected, with drafts of mails."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import people
import pypdfium2
import pytest
from every_command import Done, run_here
from life_kit import delivered

from pipeline.core.errors import NotAllowed
from pipeline.core.life import PaperState
from pipeline.core.models import packet_number
from pipeline.documents.mail_drafts import Words, draft
from pipeline.dossier.context import Context
from pipeline.dossier.life.holding import life_of
from pipeline.dossier.life.issuing import REPLACED
from pipeline.ledger.store import Ledger
from pipeline.services import amends, attending, attesting, signed_papers
from pipeline.services.attesting import Wish

ROOT = Path(__file__).parent.parent.parent
BY = "F. GARÇON"
MAY, JULY, SEPTEMBER = dt.date(2025, 5, 2), dt.date(2025, 7, 4), dt.date(2025, 9, 1)


def on(context: Context, day: dt.date) -> Context:
    """The same desk on another day."""
    return replace(context, today=day)


def text_of(pdf: Path) -> str:
    """The words of a PDF, spaces as one."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        words = " ".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
    return " ".join(words.replace("\u00a0", " ").split())


def mails(context: Context) -> dict[str, EmailMessage]:
    """The drafts that lie ready, by name."""
    found = sorted(context.workspace.mail.glob("*.eml"))
    return {one.name: message_from_bytes(one.read_bytes(), policy=default) for one in found}  # type: ignore[misc]


def test_a_month_is_attested_to_employer_and_opco_and_again_once_corrected(context: Context) -> None:
    """45 h 30, then 42 h: version 2 says what it replaces, the old folder is marked, its drafts are withdrawn."""
    number = delivered(context).dossier.number
    desk = on(context, MAY)
    attending.note_presence(desk, number, ["2025-04-15=P/M"], by=BY)
    (first,) = attesting.attest(desk, number, Wish(month="2025-04", as_planned=True), by=BY).issued

    assert "45 h 30 sur 49 h prévues ; 7 jours de présence ; 3 h 30 d’absence" in text_of(
        first.place / f"{first.paper.name}.pdf"
    )
    assert {name: one["To"] for name, one in mails(desk).items()} == {
        f"{number}-attestation-de-presence-2025-04-v1-1.eml": "formation@example.org",
        f"{number}-attestation-de-presence-2025-04-v1-2.eml": None,  # the OPCO: no dossier has its address
    }

    noted = attending.note_presence(on(context, dt.date(2025, 5, 6)), number, ["2025-04-15=M"], by=BY)
    (second,) = noted.issued

    printed = text_of(second.place / f"{second.paper.name}.pdf")
    assert "Remplace la version du 2 mai 2025 (45 h 30), qui ne compte plus" in printed
    assert "42 h de présence au lieu de 45 h 30" in printed
    assert "maladie" not in printed.lower()  # why somebody was away is nobody’s matter
    assert (second.paper.version, second.paper.replaces) == (2, first.paper.id)
    assert (first.place / REPLACED).is_file()
    assert sorted(mails(desk)) == [f"{number}-attestation-de-presence-2025-04-v2-{at}.eml" for at in (1, 2)]
    sent = mails(desk)[f"{number}-attestation-de-presence-2025-04-v2-1.eml"]
    body = sent.get_body().get_content().replace("\u00a0", " ")  # type: ignore[union-attr]
    assert "42 h de présence au lieu de 45 h 30" in body
    assert (sent["X-Unsent"], sent["From"], sent["Reply-To"]) == ("1", *["scolarite@institut.example.org"] * 2)
    assert sent["Message-ID"] == f"<liasse-{second.paper.id}-1@institut.example.org>"
    assert not any(word in body for word in ("1988", "rue de l’Église", "€", "maelle.legoff@example.org"))
    (attached,) = sent.iter_attachments()
    assert attached.get_payload(decode=True) == (second.place / f"{second.paper.name}.pdf").read_bytes()


def test_an_avenant_that_is_not_signed_is_told_with_each_attestation(context: Context) -> None:
    """It holds already, the place is printed with its days; whoever attests is warned until all have signed."""
    number = delivered(context).dossier.number
    asked_on = on(context, dt.date(2025, 4, 10))
    amends.ask_change(
        asked_on,
        number,
        ["organisme.lieu_stage.voie=9 rue Haute"],
        effect_on=dt.date(2025, 4, 15),
        reason="équipe",
        by=BY,
    )
    amends.judge_change(asked_on, number, 1, by="Anaïk BÖHM", favorable=True)
    warned = "Attention : l’avenant 1 n’est pas encore signé de tous."

    done = said(context, "attest", number, "--month", "2025-04", "--present-as-planned", day="2025-05-02")
    corrected = said(context, "presence", number, "2025-04-17=M", day="2025-05-02")
    signed_papers.note_signed(on(context, MAY), number, piece="avenant-1", on=MAY, by=BY, roles=())
    after = attesting.attest(on(context, MAY), number, Wish(month="2025-04"), by=BY)

    assert [warned in one.out for one in (done, corrected)] == [True, True]
    assert warned not in after.remarks
    life = life_of(context, context.ledger.dossiers.named(number)[0])
    (issued,) = after.issued
    printed = text_of(issued.place / f"{issued.paper.name}.pdf")
    assert "5 rue Basse, 29200 Brest (jusqu’au 14 avril 2025) ; 9 rue Haute, 29200 Brest (à partir du 15" in printed
    assert f"convention n° {life.packet.id[:12]} (dossier {number})" in printed


def test_the_end_of_a_student(context: Context) -> None:
    """The host certifies 553 h (3 months, 13 days) and what was paid; the tuteur is written to; no certificat."""
    life = delivered(context, people.cnam(), people.CNAM)
    number, desk = life.dossier.number, on(context, SEPTEMBER)
    attending.note_presence(desk, number, ["2025-05-02=A"], by=BY)
    done = attesting.attest(desk, number, Wish(end=True, as_planned=True, paid="2400"), by=BY)
    (issued,) = done.issued

    printed = text_of(issued.place / "attestation-de-stage.pdf")
    for words in (
        "553 h",
        "3 mois et 13 jours",
        "2 mai 2025 (7 h)",
        "2 400,00 € versés en tout",
        "article D. 124-9",
        "Retraite : l’auditrice dont le stage",
    ):
        assert words in printed
    # 553 × 4,35 = 2 405,55
    assert done.remarks == (
        (
            "Écart : 2\u00a0400,00\u00a0€ versés, 2\u00a0405,55\u00a0€ dus d’après la convention et la présence. "
            "L’attestation imprime ce qui fut versé."
        ),
    )
    assert [one["To"] for one in mails(desk).values()] == ["joao.dalmeida@example.org"]
    with pytest.raises(NotAllowed, match="il n’a pas de certificat de réalisation"):
        attesting.attest(desk, number, Wish(completion=True), by=BY)
    again = attesting.attest(desk, number, Wish(end=True), by=BY)
    assert [(one.already, one.paper.id) for one in again.issued] == [(True, issued.paper.id)]


def test_all_that_is_due_at_the_end_of_a_salariee(context: Context) -> None:
    """Three months, the whole, the certificat and the host's attestation, each once; then nothing is due."""
    number = delivered(context).dossier.number
    desk = on(context, JULY)
    done = attesting.attest(desk, number, Wish(as_planned=True), by=BY)

    assert [one.paper.name for one in done.issued] == [
        "attestation-de-presence-2025-04",
        "attestation-de-presence-2025-05",
        "attestation-de-presence-2025-06",
        "attestation-de-presence",
        "certificat-de-realisation",
        "attestation-de-stage",
    ]
    certificate = text_of(done.issued[4].place / "certificat-de-realisation.pdf")
    for words in ("Fondation Exemple", "140 h, sur 140 h prévues", "Action de formation", "53290000000"):
        assert words in certificate
    signing = [text_of(one.place / f"{one.paper.name}.pdf").count("Le : ……") for one in done.issued]
    assert signing == [1, 1, 1, 1, 1, 3]  # the host, the tuteur and the stagiaire at the end (S2-22)
    with pytest.raises(NotAllowed, match="n’attend aucune attestation"):
        attesting.attest(desk, number, Wish(), by=BY)


def said(context: Context, *words: str, day: str) -> Done:
    """A command in that workspace on that day."""
    return run_here([*words, "--by", BY, "--workspace", str(context.workspace.root), "--today", day])


def test_wrong_late_contradictory_and_repeated_words(context: Context) -> None:
    """Each is refused in one French line, and nothing is noted nor issued."""
    number = delivered(context).dossier.number
    student = delivered(context, people.cnam(), people.CNAM).dossier.number
    refused = [
        (("attest", number, "--month", "2025-04"), "2025-04-30", "rien ne s’en atteste avant le 01/05/2025"),
        (("attest", number, "--end"), "2025-06-24", "rien ne s’en atteste avant le 25/06/2025"),
        (("attest", number, "--month", "2025-04"), "2025-05-02", "Personne n’a confirmé la présence de 7 jours"),
        (("attest", number, "--month", "2025-13"), "2025-05-02", "n’est pas un mois"),
        (("attest", number, "--month", "2025-08"), "2025-09-02", "n’a pas de stage en 2025-08"),
        (("attest", student, "--end", "--present-as-planned"), "2025-09-02", "2 436,00 € sont dus"),
        (("attest", student, "--end", "--present-as-planned", "--paid", "mille"), "2025-09-02", "pas un montant"),
        (("attest", student, "--end", "--paid", "1", "--paid-as-agreed"), "2025-09-02", "disent deux choses"),
        (("attest", number, "--end", "--present-as-planned", "--paid-as-agreed"), "2025-09-02", "pas de gratific"),
        (("attest", number, "--end", "--present-as-planned", "--paid", "630"), "2025-09-02", "pas de gratification"),
        (("attest",), "2025-09-02", "Nommez un dossier"),
        (("attest", number, "--due"), "2025-09-02", "Nommez un dossier"),
        (("presence", number, "2025-04-09=P"), "2025-05-02", "ne prévoit pas de présence le 09/04/2025"),
        (("presence", number, "2025-04-10=9h"), "2025-05-02", "9 h le 10/04/2025, où la convention en prévoit 7 h"),
        (("presence", number, "2025-06-03=P"), "2025-05-02", "est à venir"),
        (("presence", number, "2025-04-10=Z"), "2025-05-02", "ne dit pas un jour"),
        (("presence", number, "2025-04-10=P", "2025-04-10=A"), "2025-05-02", "dit deux fois, de deux façons"),
        (("note", number, "bilan", "--on", "2025-05-20", "--text", "x"), "2025-05-19", "est à venir"),
        (("note", number, "bilan", "--on", "2025-03-20", "--text", "x"), "2025-05-19", "n’est pas du stage"),
        (("note", number, "bilan", "--on", "2025-05-15", "--text", " "), "2025-05-19", "Le bilan se dit"),
        (("invite", student), "2025-04-02", "n’a pas de réunion des référents"),
        (("invite", number), "2025-04-16", "elle est passée"),
    ]
    for words, day, why in refused:
        done = said(context, *words, day=day)
        assert done.code == 2, (words, done.err)
        assert len(done.told) == 1
        assert why in done.told[0].replace("\u00a0", " "), (words, done.told)
    assert context.ledger.life.all_papers() == ()
    for name in (number, student):
        assert context.ledger.life.facts(context.ledger.dossiers.named(name)[0]).told == ()
    for _ in range(2):  # the same word twice is one fact
        assert said(context, "presence", number, "2025-04-10=M", day="2025-05-02").code == 0
    assert len(context.ledger.life.facts(context.ledger.dossiers.named(number)[0]).told) == 1


def test_no_word_breaks_out_of_its_header() -> None:
    """An address or a subject with a line break makes no mail; neither does what is no address."""
    for to, subject in (
        ("a@example.org\r\nBcc: b@example.org", "Attestation"),
        ("a@example.org", "Attestation\nBcc: b@example.org"),
        ("a@example.org, b@example.org", "Attestation"),
        ("pas une adresse", "Attestation"),
    ):
        with pytest.raises(NotAllowed):
            draft("1", Words(subject, "Bonjour\n"), sender="scolarite@example.org", to=to, attached=())
    one = draft("1", Words("Attestation", "Bonjour\n"), sender="s@example.org", to="a@example.org", attached=())
    assert one == draft(
        "1", Words("Attestation", "Bonjour\n"), sender="s@example.org", to="a@example.org", attached=()
    )


def killed(context: Context, number: str, month: str, point: str) -> int:
    """``liasse attest``, killed at a point; its exit code."""
    words = ["attest", number, "--month", month, "--present-as-planned", "--by", BY, "--today", "2025-07-04"]
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *words, "--workspace", str(context.workspace.root)],
        env={**os.environ, "PYTHONPATH": str(ROOT), **({"LIASSE_DIE_AT": point} if point else {})},
        cwd=context.workspace.root,
        capture_output=True,
        check=False,
    )
    return done.returncode


def attested_once(context: Context, number: str, month: str) -> None:
    """One paper of that month counts, in one folder, with the drafts of that version alone; no day told twice."""
    with Ledger.open(context.workspace) as ledger:
        life = life_of(replace(context, ledger=ledger), ledger.dossiers.named(number)[0])
    papers = [one for one in life.papers if one.key == month]
    assert [(one.version, one.state) for one in papers] == [(1, PaperState.CURRENT)]
    folders = list(context.workspace.outbox.glob(f"*/*/*_attestation-de-presence-{month}_*"))
    assert [one.name.rpartition("_")[2] for one in folders] == [packet_number(papers[0].id)]
    drafts = sorted(one.name for one in context.workspace.mail.glob(f"{number}-attestation-de-presence-{month}-*"))
    assert drafts == [f"{number}-attestation-de-presence-{month}-v1-{at}.eml" for at in (1, 2)]
    keys = [one.key for one in life.facts.told]
    assert len(keys) == len(set(keys))


MONTHS = ("2025-04", "2025-05", "2025-06")
# On the way of one attestation, in order; where it dies before anything is kept it may die there again.
DEATHS = (
    "sealed:1",  # the days are told
    *["paper-intended:1"] * 5,
    *["written:1"] * 5,
    "published:1",
    *["paper-published:1"] * 5,
    "sealed:1",  # it is settled
    *["paper-settled:1"] * 2,
)


def test_killed_anywhere_an_attestation_exists_once(context: Context) -> None:
    """Killed at two points on the way, each on the same month, then asked again: one attestation."""
    number = delivered(context).dossier.number
    for point in ("told:1", "paper-published:1"):
        assert killed(context, number, "2025-04", point) == -signal.SIGKILL
    assert killed(context, number, "2025-04", "") == 0
    attested_once(context, number, "2025-04")


@pytest.mark.long
def test_killed_fifty_times_an_attestation_exists_once(context: Context) -> None:
    """Each of three months killed again and again on its way, then asked once more."""
    number = delivered(context).dossier.number
    deaths = 0
    for month in MONTHS:
        deaths += sum(killed(context, number, month, point) == -signal.SIGKILL for point in DEATHS)
        assert killed(context, number, month, "") == 0
        attested_once(context, number, month)
    assert deaths >= 50
