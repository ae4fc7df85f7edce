"""What people say of one form: a slip mended, a packet that is made already, files that are not where they were."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import people
import pytest
from delivering import claimed, delivered, published, received
from walking import filled

from pipeline.core.errors import HouseError, NotAllowed
from pipeline.core.models import Form
from pipeline.dossier.context import Context, as_read
from pipeline.dossier.receiving import take_in
from pipeline.ledger.claims import JobState
from pipeline.ledger.database import change
from pipeline.ledger.entries import State
from pipeline.ledger.form_rows import Ending
from pipeline.ledger.packet_store import PacketState
from pipeline.maintenance.person import erase, forms_of
from pipeline.runs import once
from pipeline.services import approvals, dossier_cases, fetching, form_view, handling

SAMPLES = Path(__file__).parents[1] / "samples"
BY, WHY = "F. GARÇON", "même stage"
STRANGER = {
    "stagiaire__nom": "AUTRE",
    "stagiaire__date_naissance": "1991-12-03",
    "stagiaire__numero": "NPE099999",
    "stagiaire__courriel": "autre@example.org",
    "stagiaire__telephone": "+33611111111",
    "organisme__siret": "81234560100007",
}


@pytest.fixture
def read(context: Context) -> Context:
    """A context that keeps what it reads."""
    return replace(context, reader="tests")


def taken(context: Context, sample: str) -> Form:
    """That sample, received and read."""
    path = context.workspace.inbox / sample
    path.write_bytes((SAMPLES / sample).read_bytes())
    form = take_in(path, context).entry.form
    as_read(form, context)
    return form


def test_an_accord_with_a_wrong_day_is_said_again(read: Context) -> None:
    """The last word counts; the same word again is not written."""
    form = taken(read, "3-cnam-attente.pdf")
    today = read.today
    assert not approvals.approve(read, form.id, by=BY, on=today.replace(year=today.year + 1)).already
    assert not approvals.approve(read, form.id, by=BY, on=today).already
    assert approvals.approve(read, form.id, by=BY, on=today).already

    accord = read.ledger.decisions(form).accord
    assert accord is not None
    assert (accord["date"], accord["par"]) == (today.isoformat(), BY)


def test_nothing_is_decided_of_a_form_that_has_its_packet(read: Context) -> None:
    """A refusal would stand nowhere on the paper; the accord that was given is told as such."""
    form = taken(read, "3-cnam-attente.pdf")
    done = approvals.approve(read, form.id, by=BY)
    once.go_on(done.entry, read)
    assert read.ledger.entries.get(form.sha256).state is State.DELIVERED

    assert approvals.approve(read, form.id, by="A. DUBOIS").already
    with pytest.raises(NotAllowed, match="a déjà sa liasse"):
        approvals.approve(read, form.id, by=BY, refuse=True, reason="non")
    with pytest.raises(NotAllowed, match="a déjà sa liasse"):
        approvals.override(read, form.id, "S1-23", by=BY, reason="non")
    assert [line.event for line in read.ledger.journal(form.sha256)][-1] == "delivre"
    accord = read.ledger.decisions(form).accord
    assert accord is not None
    assert accord["decision"] == "favorable"


def test_a_packet_that_is_not_in_the_outbox_is_not_fetched(context: Context) -> None:
    """It is said, and nobody is told to have it signed."""
    form = received(context.ledger, context.workspace, "a.pdf", people.coordination())
    packet = delivered(context.ledger, context.workspace, form, "f/2025/a")
    place = context.workspace.outbox / "f/2025/a"
    place.rename(place.with_name("ailleurs"))

    for to in (None, context.workspace.root / "cle"):
        with pytest.raises(HouseError, match="restore the outbox"):
            fetching.fetch(context, form.id, by=BY, to=to)
    line = context.ledger.packets.get(packet)
    assert line is not None
    assert line.state is PacketState.CURRENT


def test_a_copy_is_made_once_and_whole_and_no_other_folder_is_touched(context: Context) -> None:
    """Killed after the copy, the same command ends as if nothing had happened; what somebody else put there stays."""
    form = received(context.ledger, context.workspace, "a.pdf", people.coordination())
    delivered(context.ledger, context.workspace, form, "f/2025/a")
    to = context.workspace.root / "cle"
    (to / "a").mkdir(parents=True)
    (to / "a" / "signee.pdf").write_bytes(b"%PDF-")
    with pytest.raises(HouseError, match="contient autre chose"):
        fetching.fetch(context, form.id, by=BY, to=to)
    (to / "a" / "signee.pdf").rename(to / "signee.pdf")
    (to / "a").rmdir()

    for _ in range(2):
        taken_to = fetching.fetch(context, form.id, by=BY, to=to).place
        made = context.workspace.outbox / "f/2025/a"
        assert {one.name: one.read_bytes() for one in taken_to.iterdir()} == {
            one.name: one.read_bytes() for one in made.iterdir()
        }
    assert sorted(one.name for one in to.iterdir()) == ["a", "signee.pdf"]


def test_put_away_taken_up_and_put_away_again(context: Context) -> None:
    """The second word counts as the first did: no worker goes on with it."""
    form = received(context.ledger, context.workspace, "a.pdf", people.coordination())
    for _ in range(2):
        assert not handling.discard(context, form.id, by=BY, reason="doublon").already
        handling.retry(context, form.id, by=BY)
        assert context.ledger.entries.get(form.sha256).state is State.RECEIVED
    claimed(context.ledger, form)
    assert not handling.discard(context, form.id, by=BY, reason="doublon").already
    assert context.ledger.jobs.state_of(form.sha256) == (JobState.DONE, "")


def test_put_away_and_killed_before_its_packet_was_removed(context: Context) -> None:
    """The same word again removes what the worker had published."""
    form = received(context.ledger, context.workspace, "a.pdf", people.coordination())
    published(context.ledger, context.workspace, claimed(context.ledger, form), "f/2025/a")
    kept = context.workspace.outbox / "f/2025/a"
    copy = shutil.copytree(kept, context.workspace.root / "copie")
    handling.discard(context, form.id, by=BY, reason="doublon")
    assert not kept.exists()
    shutil.copytree(copy, kept)

    assert handling.discard(context, form.id, by=BY, reason="doublon").already
    assert not kept.exists()


def test_a_form_joined_by_mistake_is_not_shown_to_nor_erased_with_another_person(context: Context) -> None:
    """The dossier has both; a request is for what is hers, under whatever name."""
    form = received(context.ledger, context.workspace, "a.pdf", people.coordination())
    renamed = received(context.ledger, context.workspace, "b.pdf", people.coordination(stagiaire__nom="AUTRENOM"))
    stranger = received(context.ledger, context.workspace, "c.pdf", people.coordination(**STRANGER))
    unread = received(context.ledger, context.workspace, "d.pdf", {"organisme": {"raison_sociale": "X"}})
    for one in (renamed, stranger, unread):
        dossier_cases.join(context, one.id, form.id, by=BY, reason=WHY)

    entry = context.ledger.entries.get(form.sha256)
    assert [one.form for one in forms_of(entry, context.ledger)] == [form, renamed, unread]
    assert [one.form for one in forms_of(context.ledger.entries.get(stranger.sha256), context.ledger)] == [
        stranger,
        unread,
    ]
    assert erase(entry, context.ledger, context.workspace, by="DPO", reason="demande", signed_too=False) == 3
    assert context.ledger.readings.record(stranger.sha256)


def test_an_erased_form_is_shown_and_stays_where_it_is(context: Context) -> None:
    """There is nothing to show but that; nothing is joined to another dossier any more."""
    form = received(context.ledger, context.workspace, "a.pdf", people.coordination())
    other = received(context.ledger, context.workspace, "b.pdf", people.coordination(**STRANGER))
    entry = context.ledger.entries.get(form.sha256)
    erase(entry, context.ledger, context.workspace, by="DPO", reason="demande", signed_too=False)

    assert "effacés" in form_view.show_form(context, form.id).refusal
    with pytest.raises(NotAllowed, match="effacées"):
        dossier_cases.join(context, form.id, other.id, by=BY, reason=WHY)


def test_nothing_is_decided_of_what_a_newer_version_replaced(read: Context) -> None:
    """It would become a task for nothing."""
    form = taken(read, "3-cnam-attente.pdf")
    with read.ledger.database.write() as connection:
        change(connection, "UPDATE form SET state = 'remplace' WHERE sha256 = :s", s=form.sha256)
    with pytest.raises(NotAllowed, match="version plus récente"):
        approvals.approve(read, form.id, by=BY)


def test_a_form_that_is_not_closed_is_tried_again_whatever_kept_it(context: Context) -> None:
    """One sent back too, whether something is still asked of its sender or not; one with a packet is closed."""
    right, wrong = (sent_back(context, n, siret) for n, siret in (("a", "73282932000074"), ("b", "73282932000075")))
    done = received(context.ledger, context.workspace, "c.pdf", people.coordination())
    delivered(context.ledger, context.workspace, done, "f/2025/c")

    for form in (right, wrong):
        handling.retry(context, form.id, by=BY)
        assert context.ledger.jobs.state_of(form.sha256) == (JobState.READY, "")
    with pytest.raises(NotAllowed, match="ne se réessaie plus"):
        handling.retry(context, done.id, by=BY)


def sent_back(context: Context, name: str, siret: str) -> Form:
    """A form whose letter went out; with that SIRET."""
    path = context.workspace.inbox / f"{name}.pdf"
    path.write_bytes(filled(context, people.coordination(organisme__siret=siret)))
    form = handling.receive(context, path).entry.form
    context.ledger.settle(claimed(context.ledger, form), Ending(State.TO_COMPLETE, "Nom (Référent) : …"))
    return form
