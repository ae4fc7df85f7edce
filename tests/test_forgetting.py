"""What purge and erase may not remove, and what they may not leave, at the edges of a form's life."""

from __future__ import annotations

import datetime as dt
import errno
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import people
import pytest
from delivering import claimed, delivered, received

from pipeline.core.errors import HouseError, NotAllowed, Transient
from pipeline.core.models import Form, Kind, Reading
from pipeline.core.settings import Retention
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context
from pipeline.ledger.claims import Fenced
from pipeline.ledger.database import change
from pipeline.ledger.entries import State
from pipeline.ledger.packet_store import PacketState
from pipeline.ledger.store import FILE, Ledger
from pipeline.maintenance.backup import back_up
from pipeline.maintenance.person import erase, export
from pipeline.maintenance.recovering import recover
from pipeline.maintenance.restoring import restore
from pipeline.maintenance.retention import Class, due, purge
from pipeline.runs.quarantine import set_aside
from pipeline.services import personal_data

ROOT = Path(__file__).parent.parent


@pytest.fixture
def ledger(own_workspace: Workspace) -> Iterator[Ledger]:
    """The ledger of that workspace."""
    with Ledger.open(own_workspace) as opened:
        yield opened


def later(days: int) -> dt.date:
    """A day so long after today, by this machine's clock."""
    return dt.datetime.now(dt.UTC).date() + dt.timedelta(days=days)


def test_a_signed_packet_that_a_version_replaced_is_kept_all_the_same(
    ledger: Ledger, own_workspace: Workspace
) -> None:
    """Purge never removes it, and erase wants the archivist's word, as before it was replaced."""
    first, second = (received(ledger, own_workspace, name, people.coordination()) for name in ("v1.pdf", "v2.pdf"))
    old = delivered(ledger, own_workspace, first, "f/2025/v1")
    ledger.packets.lock(old, PacketState.SIGNED, "A")
    delivered(ledger, own_workspace, second, "f/2025/v2", replaces=first.sha256)

    found = list(due(ledger, own_workspace, Retention(), later(3000)))
    purge(found, ledger, own_workspace, later(3000), Retention())

    assert (Class.PACKET, first.id) not in {(one.of, one.id) for one in found}
    assert (own_workspace.outbox / "f/2025/v1/manifest.json").exists()
    with pytest.raises(NotAllowed, match="--signed-too"):
        erase(ledger.entries.get(first.sha256), ledger, own_workspace, by="DPO", reason="demande", signed_too=False)


def test_days_are_counted_from_the_day_a_packet_was_taken(ledger: Ledger, own_workspace: Workspace) -> None:
    """A packet that lay for a year and is fetched today: what it was made of stays for its days from today on."""
    form = received(ledger, own_workspace, "a.pdf", people.coordination())
    packet = delivered(ledger, own_workspace, form, "f/2025/a")
    with ledger.database.write() as connection:
        change(connection, "UPDATE form SET changed_at = '2020-01-01T00:00:00+00:00'")
    ledger.packets.lock(packet, PacketState.FETCHED, "A")

    assert list(due(ledger, own_workspace, Retention(journal=0), later(89))) == []
    assert {one.of for one in due(ledger, own_workspace, Retention(journal=0), later(90))} == {Class.FORM}


def test_an_incomplete_file_is_purged_with_the_quarantine(context: Context) -> None:
    """Its copies in the spool and beside the inbox go too; its name is in the ledger, and goes with that line."""
    path = context.workspace.inbox / "BAGUETTE Zoé.pdf"
    path.write_bytes(b"%PDF-1.7 BAGUETTE")
    form = set_aside(path, context)
    assert list(due(context.ledger, context.workspace, Retention(), later(29))) == []

    found = list(due(context.ledger, context.workspace, Retention(), later(31)))
    purge(found, context.ledger, context.workspace, later(31), Retention())

    assert [(one.of, one.id) for one in found] == [(Class.QUARANTINE, form.id)]
    assert traces(context.workspace, "%PDF-1.7 BAGUETTE") == []
    assert context.ledger.entries.get(form.sha256).state is State.ERASED


def test_an_erasure_that_the_disk_stopped_is_finished_by_the_next(
    ledger: Ledger, own_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both forms of the person go, also when the first was already half forgotten."""
    first, _ = (received(ledger, own_workspace, name, people.coordination()) for name in ("a.pdf", "b.pdf"))
    rmtree, left = shutil.rmtree, ["once"]

    def refused(place: Path, **options: Any) -> None:
        if left:
            left.pop()
            raise OSError(errno.EIO, "no")
        rmtree(place, **options)

    (own_workspace.to_complete / first.id).mkdir(parents=True)
    monkeypatch.setattr("pipeline.storage.temporary.shutil.rmtree", refused)
    with pytest.raises(HouseError, match="cannot be removed"):
        erase_all(first, ledger, own_workspace)

    assert erase_all(first, ledger, own_workspace) == 2


def erase_all(form: Form, ledger: Ledger, workspace: Workspace) -> int:
    """The person of a form erased."""
    return erase(ledger.entries.get(form.sha256), ledger, workspace, by="DPO", reason="demande", signed_too=False)


def test_what_a_worker_reads_of_an_erased_form_is_not_kept(ledger: Ledger, own_workspace: Workspace) -> None:
    """It had the form in its hand when the person was erased: neither values nor a name come back."""
    data = people.coordination()
    form = received(ledger, own_workspace, "a.pdf", data)
    claim = claimed(ledger, form)
    erase_all(form, ledger, own_workspace)

    ledger.readings.keep(Reading(form.sha256, Kind.DOCX, None, None, None, ()), "reader")
    ledger.keep_values(form.sha256, data)
    home = ledger.entries.get(form.sha256).dossier
    with pytest.raises(Fenced):
        ledger.packets.intend(claim, "b" * 64, Path("f/2025/a"), dossier=home, beside=())

    assert ledger.readings.record(form.sha256) is None
    assert ledger.readings.bodies(form.sha256) == []
    assert ledger.entries.get(form.sha256).stagiaire is None


def test_why_a_form_failed_is_erased_with_it(ledger: Ledger, own_workspace: Workspace) -> None:
    """The error of its last attempt may name the person."""
    form = received(ledger, own_workspace, "a.pdf", people.coordination())
    ledger.jobs.put_back(claimed(ledger, form), wait=0, error="ASSIGNIES-Noel cannot be written", counted=False)

    erase_all(form, ledger, own_workspace)

    assert traces(own_workspace, "ASSIGNIES") == []
    assert ledger.entries.get(form.sha256).detail == "demande"


def test_a_rehearsal_that_was_killed_leaves_no_copy_of_the_ledger(ledger: Ledger, own_workspace: Workspace) -> None:
    """``batch --dry-run`` works on a copy: the next sweep, or an erasure, finds what a dead one left."""
    form = received(ledger, own_workspace, "a.pdf", people.coordination())
    code = (
        "import os, sys; from pathlib import Path; from pipeline.runs.dry_run import rehearsing; "
        "from pipeline.core.workspace import Workspace\n"
        "with rehearsing(Workspace.at(Path(sys.argv[1])), dry_run=True): os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(own_workspace.root)], check=False, cwd=ROOT)
    assert len(list(own_workspace.memory.glob(".tmp-*"))) == 1

    erase_all(form, ledger, own_workspace)

    assert list(own_workspace.memory.glob(".tmp-*")) == []


def test_a_ledger_that_is_held_cannot_be_compacted_now(
    own_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is said as any other trouble of the ledger, not as a fault of ours."""
    monkeypatch.setattr("pipeline.ledger.database.BUSY_SECONDS", 0.1)
    with Ledger.open(own_workspace) as ledger, ledger.database.write(), pytest.raises(Transient, match="not answer"):
        ledger.database.compact()


def test_a_form_of_any_name_is_exported(ledger: Ledger, own_workspace: Workspace, tmp_path: Path) -> None:
    """Also one whose name is all suffix, as long as a name can be."""
    form = received(ledger, own_workspace, f"x.{'p' * 250}", people.coordination())

    place = export(ledger.entries.get(form.sha256), ledger, own_workspace, tmp_path / "clé")

    assert (place / form.id / "formulaire-recu.bin").read_bytes() == form.path.read_bytes()


def test_a_file_that_is_sent_again_after_it_was_erased_is_a_new_form(
    ledger: Ledger, own_workspace: Workspace
) -> None:
    """It is no duplicate, and its packet may be made again, where it was."""
    form, folder = received(ledger, own_workspace, "a.pdf", people.coordination()), "f/2025/a"
    packet = delivered(ledger, own_workspace, form, folder)
    erase_all(form, ledger, own_workspace)

    arrival = ledger.arrive(form, source="again", day=people.TODAY)
    home = arrival.entry.dossier
    ledger.packets.intend(claimed(ledger, form), packet, Path(folder), dossier=home, beside=())

    assert (arrival.duplicate, arrival.entry.state, arrival.entry.form.name) == (False, State.RECEIVED, form.name)
    assert [line.folder for line in ledger.packets.intended(form.sha256)] == [Path(folder)]


def test_what_was_set_aside_with_everybodys_data_is_told(
    own_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A restore and a recovery keep what they replaced: whoever erases a person is told where that lies."""
    with Ledger.open(own_workspace) as ledger:
        form = received(ledger, own_workspace, "a.pdf", people.coordination())
        assert personal_data.beside(ledger, own_workspace, form.id).aside == ()
    saved = tmp_path_factory.mktemp("sauvegarde")
    back_up(own_workspace, saved)
    restore(saved, own_workspace.root, replace=True)
    (own_workspace.memory / FILE).write_bytes(b"no ledger any more")
    assert list(recover(own_workspace, people.TODAY))

    with Ledger.open(own_workspace) as ledger:
        told = personal_data.beside(ledger, own_workspace, form.id).aside

    assert told == (".avant-restauration-1", ".liasse/registre-ecarte-1.sqlite3")
    assert all((own_workspace.root / one).exists() for one in told)


def traces(workspace: Workspace, word: str) -> list[str]:
    """What below the workspace has that word in its name or its bytes."""
    below = [path for path in workspace.root.rglob("*") if "templates" not in path.parts]
    return [
        str(path.relative_to(workspace.root))
        for path in below
        if word in path.name or (path.is_file() and word.encode() in path.read_bytes())
    ]


def test_an_erasure_tells_where_the_person_may_still_stand(ledger: Ledger, own_workspace: Workspace) -> None:
    """Forms that nobody could read, names spelled alike, files named so, and what lies in the inbox; others not."""
    data = people.coordination()
    hers = received(ledger, own_workspace, "a.pdf", data)
    nom = data["stagiaire"]["nom"]
    for name, who in (
        ("proche.pdf", f"{nom[:-1]} {data['stagiaire']['prenom']}"),
        ("autre.pdf", "OKONKWO-VIDAL Bertille"),
        (f"fiche {nom}.pdf", "OKONKWO-VIDAL Bertille"),
        ("illisible.pdf", None),
    ):
        form = received(ledger, own_workspace, name)
        with ledger.database.write() as connection:
            change(connection, "UPDATE form SET stagiaire = :who WHERE sha256 = :s", who=who, s=form.sha256)
    (own_workspace.inbox / "arrive.pdf").write_bytes(b"%PDF-1.7")

    beside = personal_data.beside(ledger, own_workspace, hers.id)

    assert [one.form.name for one in beside.unread] == ["illisible.pdf"]
    assert {one.form.name for one in beside.alike} == {"proche.pdf", f"fiche {nom}.pdf"}
    assert beside.inbox == ("arrive.pdf",)
