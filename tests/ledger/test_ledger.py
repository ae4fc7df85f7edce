"""The ledger and the spool: what is remembered stays, what is published is whole."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

import people
import pytest

from pipeline.core.decisions import Confirmation, Override
from pipeline.core.errors import HouseError, NotFound
from pipeline.core.models import Form
from pipeline.core.workspace import Workspace
from pipeline.ledger.entries import State
from pipeline.ledger.form_rows import Ending
from pipeline.ledger.store import Arrival, Ledger
from pipeline.services.lookup import find_form
from pipeline.storage.spool import publish, receive


def received(workspace: Workspace, name: str = "formulaire.pdf", data: bytes = b"%PDF-") -> Form:
    """A file of these bytes, received."""
    path = workspace.inbox / name
    path.write_bytes(data)
    with Ledger.open(workspace) as ledger:
        return receive(path, workspace, people.TODAY, announce=ledger.announce).form


def arrive(ledger: Ledger, form: Form) -> Arrival:
    """The form, noted as a file of its own."""
    return ledger.arrive(form, source=f"{form.name}:{form.sha256}", day=people.TODAY)


def now(ledger: Ledger, form: Form) -> dict[str, Any]:
    """What a decision of today rests on."""
    return {"seen": ledger.seen(form), "day": people.TODAY}


def settle(ledger: Ledger, form: Form, ending: Ending) -> None:
    """The form's job, claimed and ended so."""
    claim = ledger.jobs.claim(lease=60, only=form.sha256)
    assert claim is not None
    ledger.settle(claim, ending)


def test_a_received_file_is_kept_by_its_content(own_workspace: Workspace) -> None:
    """The copy is in the spool, readable by its owner only, and the original is not touched."""
    form = received(own_workspace)

    assert form.path.read_bytes() == b"%PDF-"
    assert form.path.stat().st_mode & 0o077 == 0
    assert (own_workspace.inbox / "formulaire.pdf").exists()
    assert form.id == form.sha256[:8]


def test_the_same_bytes_are_one_entry(own_workspace: Workspace) -> None:
    """Under two names on two days: the first name and day are kept."""
    with Ledger.open(own_workspace) as ledger:
        arrive(ledger, received(own_workspace, "a.pdf"))
        entry = arrive(ledger, received(own_workspace, "b.pdf")).entry

        assert entry.form.name == "a.pdf"
        assert len(ledger.entries.all()) == 1


def test_decisions_survive_the_program(own_workspace: Workspace) -> None:
    """An accord and an override are there when the ledger is opened again; the last accord counts."""
    form = received(own_workspace)
    with Ledger.open(own_workspace) as ledger:
        arrive(ledger, form)
        first = {"decision": "defavorable", "date": "2025-03-16", "par": "A"}
        second = {"decision": "favorable", "date": "2025-03-17", "par": "B"}
        assert ledger.decide_accord(form, first, "A", **now(ledger, form))
        assert ledger.decide_accord(form, second, "B", **now(ledger, form))
        assert ledger.decide_override(form, Override("S1-23", "B", "accord", people.TODAY), **now(ledger, form))

    with Ledger.open(own_workspace) as ledger:
        decisions = ledger.decisions(form)

    assert decisions.accord == {"decision": "favorable", "date": "2025-03-17", "par": "B"}
    assert decisions.overrides == (Override("S1-23", "B", "accord", people.TODAY),)


def test_confirmations_keep_who_when_before_and_after(own_workspace: Workspace) -> None:
    """Of each field the last word counts, accents and ``None`` included; every one stays in the table."""
    form = received(own_workspace)
    first = Confirmation("tuteur.nom", "BENAISSA", "BENAÏSSA", "A", people.TODAY)
    second = Confirmation("tuteur.nom", "BENAISSA", None, "B", people.TODAY)
    other = Confirmation("stage.activites", None, ["Accueil", "Suivi"], "A", people.TODAY)
    with Ledger.open(own_workspace) as ledger:
        arrive(ledger, form)
        assert ledger.decide_confirm(form, [first, other], **now(ledger, form))
        assert ledger.decide_confirm(form, [second], **now(ledger, form))

    with Ledger.open(own_workspace) as ledger:
        decisions = ledger.decisions(form)

    assert list(decisions.confirmations) == [second, other]
    assert decisions.confirmed == {"tuteur.nom": None, "stage.activites": ["Accueil", "Suivi"]}


def test_a_form_is_found_by_the_beginning_of_its_id_or_its_packet(own_workspace: Workspace) -> None:
    """What people type is short; what looks like a pattern is not one."""
    form = received(own_workspace)
    with Ledger.open(own_workspace) as ledger:
        arrive(ledger, form)
        packet, place = "feedbeef00000000", Path("x/y")
        claim = ledger.jobs.claim(lease=60, only=form.sha256)
        assert claim is not None
        home = ledger.entries.get(form.sha256).dossier
        ledger.packets.intend(claim, packet, place, dossier=home, beside=())
        ledger.settle(claim, Ending(State.DELIVERED, folder=place, packet=packet))

        assert [entry.form.id for entry in ledger.entries.starting(form.id)] == [form.id]
        assert [entry.form.id for entry in ledger.entries.starting("feedbe")] == [form.id]
        assert ledger.entries.starting("0000") == ()
        assert ledger.entries.starting("%") == ()
        with pytest.raises(NotFound):
            find_form(ledger, "")


def test_every_change_has_a_line_in_the_journal(own_workspace: Workspace) -> None:
    """Received, decided, settled: three lines, in order, without a name in them."""
    form = received(own_workspace)
    with Ledger.open(own_workspace) as ledger:
        arrive(ledger, form)
        assert ledger.decide_override(form, Override("S1-23", "B", "accord", people.TODAY), **now(ledger, form))
        settle(ledger, form, Ending(State.WAITING, stagiaire="LE GOFF Maëlle"))

    rows = sqlite3.connect(own_workspace.memory / "ledger.sqlite3").execute("SELECT event, detail FROM journal")
    assert rows.fetchall() == [("received", ""), ("override", "S1-23"), ("en-attente", "")]


@pytest.mark.parametrize("kind", ["link", "pipe", "absent"])
def test_only_regular_files_are_received(own_workspace: Workspace, tmp_path: Path, kind: str) -> None:
    """A symbolic link, a pipe or nothing at all: an error that names the file, and no waiting for ever."""
    path = own_workspace.inbox / "formulaire.pdf"
    if kind == "link":
        secret = tmp_path / "secret"
        secret.write_text("x")
        path.symlink_to(secret)
    elif kind == "pipe":
        os.mkfifo(path)

    with pytest.raises(HouseError, match=r"formulaire\.pdf"):
        receive(path, own_workspace, people.TODAY)


def test_a_folder_is_published_whole_or_not_at_all(tmp_path: Path) -> None:
    """When a file cannot be written, nothing of the folder is seen and nothing is left behind."""
    target = tmp_path / "outbox" / "paquet"

    with pytest.raises(HouseError, match="paquet"):
        publish(target, {"a.txt": b"a", f"{'b' * 300}.txt": b"b"})

    assert list(target.parent.iterdir()) == []


def test_publishing_the_same_packet_again_changes_nothing(tmp_path: Path) -> None:
    """The manifest says it is the same: the folder is left as it is."""
    target = tmp_path / "paquet"
    files = {"manifest.json": b"{}", "liasse.pdf": b"%PDF-"}

    assert publish(target, files, manifest="manifest.json") is True
    before = target.stat().st_ino
    assert publish(target, files, manifest="manifest.json") is False
    assert target.stat().st_ino == before


def test_a_damaged_ledger_is_said_with_its_path(own_workspace: Workspace) -> None:
    """The operator learns which file to restore."""
    own_workspace.memory.mkdir()
    (own_workspace.memory / "ledger.sqlite3").write_bytes(b"not a database, but long enough to look at" * 50)

    with pytest.raises(HouseError, match=r"ledger\.sqlite3"), Ledger.open(own_workspace):
        pass
