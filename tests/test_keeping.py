"""Personal data: purged by class and age, exported whole, erased whole; what was signed stays."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.journey import Report
from pipeline.keeping.person import erase, export
from pipeline.keeping.retention import Class, due, purge
from pipeline.ledger.packets import PacketState
from pipeline.ledger.store import FILE, State
from pipeline.outcomes import Delivered, ToComplete
from pipeline.runs import once
from pipeline.runs.fetching import fetch
from pipeline.settings import Retention, Settings
from pipeline.understanding import Desk
from pipeline.workspace import Workspace

SAMPLES = Path(__file__).parent / "samples"
YEARS = dt.timedelta(days=3000)


def sent(desk: Desk, *names: str) -> list[Report]:
    """Samples dropped in the inbox and walked."""
    for name in names:
        (desk.workspace.inbox / name).write_bytes((SAMPLES / name).read_bytes())
    return list(once.run([desk.workspace.inbox / name for name in names], desk))


def later(days: int) -> dt.date:
    """A day so long after today, by this machine's clock: the ledger dates what it does by it."""
    return dt.datetime.now(dt.UTC).date() + dt.timedelta(days=days)


def classes(desk: Desk, on: dt.date, retention: Retention = Retention()) -> set[tuple[Class, str]]:  # noqa: B008 -- frozen
    """What is due on a day."""
    return {(one.of, one.id) for one in due(desk.ledger, desk.workspace, retention, on)}


def test_each_class_has_its_days_and_a_packet_that_nobody_took_stays(desk: Desk) -> None:
    """Sent back: letter after 90 days. Delivered: nothing at all until somebody fetched it, then 90 and 180 days."""
    back, delivered = sent(desk, "7-essms-erreurs.pdf", "5-essms-emploi.docx")
    assert classes(desk, later(89)) == set()
    assert classes(desk, later(90)) == {(Class.LETTER, back.form.id)}
    assert (Class.PACKET, delivered.form.id) not in classes(desk, later(364))
    assert (Class.FORM, delivered.form.id) not in classes(desk, later(364))

    fetch(desk.ledger.entry(delivered.form.sha256), desk.ledger, desk.workspace, by="A", to=None, signed=False)
    assert (Class.FORM, delivered.form.id) in classes(desk, later(90))
    assert (Class.PACKET, delivered.form.id) not in classes(desk, later(179))
    assert (Class.PACKET, delivered.form.id) in classes(desk, later(180))
    assert classes(desk, later(3000), Retention(0, 0, 0, 0, 0, 0)) == set()


def test_a_form_that_nobody_completes_goes_with_its_letter_and_may_be_sent_again(desk: Desk) -> None:
    """Not only the letter: the file, the values and the pictures too; the same file is a new form afterwards."""
    (back,) = sent(desk, "7-essms-erreurs.pdf")
    purge(list(due(desk.ledger, desk.workspace, Retention(), later(90))), desk.ledger, desk.workspace, later(90),
          Retention())  # fmt: skip

    assert desk.ledger.entry(back.form.sha256).state is State.ERASED
    assert not back.form.path.exists()
    assert desk.ledger.readings.record(back.form.sha256) is None
    assert traces_of(desk.workspace, "chloe.petit") == []
    assert classes(desk, later(90)) == set()

    (again,) = sent(desk, "7-essms-erreurs.pdf")
    assert isinstance(again.outcome, ToComplete)
    assert "doublon" not in str(again)


def test_purging_removes_files_names_and_values_and_never_what_was_signed(desk: Desk) -> None:
    """After years: of the fetched one only a line without a name is left; the signed packet lies where it lay."""
    taken, signed = sent(desk, "5-essms-emploi.docx", "4-essms-salariee.pdf")
    for report, is_signed in ((taken, False), (signed, True)):
        entry = desk.ledger.entry(report.form.sha256)
        fetch(entry, desk.ledger, desk.workspace, by="A", to=None, signed=is_signed)
    assert isinstance(taken.outcome, Delivered)
    assert isinstance(signed.outcome, Delivered)

    on = dt.datetime.now(dt.UTC).date() + YEARS
    found = list(due(desk.ledger, desk.workspace, Retention(), on))
    purge(found, desk.ledger, desk.workspace, on, Retention())

    assert (desk.workspace.outbox / signed.outcome.folder / "liasse.pdf").exists()
    assert not (desk.workspace.outbox / taken.outcome.folder).exists()
    assert not taken.form.path.exists()
    entry = desk.ledger.entry(taken.form.sha256)
    assert (entry.state, entry.stagiaire, entry.form.name, entry.folder) == (State.DELIVERED, None, "", None)
    assert desk.ledger.entry(signed.form.sha256).stagiaire is not None
    assert list(desk.ledger.faults()) == []
    assert classes(desk, on) <= {(Class.JOURNAL, "-")}


def test_an_export_holds_all_we_know_of_one_person(desk: Desk, tmp_path: Path) -> None:
    """The file, the values, the decisions, the packet and the journal's lines, in a folder of their own."""
    mine, _ = sent(desk, "5-essms-emploi.docx", "4-essms-salariee.pdf")

    place = export(desk.ledger.entry(mine.form.sha256), desk.ledger, desk.workspace, tmp_path)

    assert [path.name for path in place.iterdir()] == [mine.form.id]
    told = json.loads((place / mine.form.id / "registre.json").read_text())
    assert told["valeurs"]["stagiaire"]["nom"] == "D’ASSIGNIES"
    assert told["journal"][0]["event"] == "received"
    assert (place / mine.form.id / "formulaire-recu.docx").read_bytes() == (
        SAMPLES / "5-essms-emploi.docx"
    ).read_bytes()
    assert list((place / mine.form.id / "liasses").glob("*/liasse.pdf"))


def test_erasing_a_person_leaves_nothing_of_them_on_the_disk(desk: Desk) -> None:
    """Not in the inbox, the spool, the outbox, nor in the bytes of the ledger's file; hashes and dates stay."""
    mine, other = sent(desk, "5-essms-emploi.docx", "4-essms-salariee.pdf")
    entry = desk.ledger.entry(mine.form.sha256)

    assert erase(entry, desk.ledger, desk.workspace, by="DPO", reason="demande", signed_too=False) == 1

    left = desk.ledger.entry(mine.form.sha256)
    assert (left.state, left.stagiaire, left.form.name) == (State.ERASED, None, "")
    traces = traces_of(desk.workspace, "ASSIGNIES", "noel.dassignies")
    assert traces == []
    assert desk.ledger.entry(other.form.sha256).state is State.DELIVERED
    assert list(desk.ledger.faults()) == []


def traces_of(workspace: Workspace, *words: str) -> list[str]:
    """Files whose name or bytes hold one of these words, compressed PDFs and Word files aside: they must be gone."""
    found = []
    for path in workspace.root.rglob("*"):
        inside = path.is_file() and "templates" not in path.parts
        data = path.read_bytes() if inside else b""
        if any(word in str(path) or word.encode() in data for word in words):
            found.append(str(path.relative_to(workspace.root)))
    return found


def test_what_was_fetched_is_erased_only_by_the_archivists_word(desk: Desk) -> None:
    """A signed convention is kept by law: nothing at all is removed without the word."""
    (mine,) = sent(desk, "5-essms-emploi.docx")
    entry = desk.ledger.entry(mine.form.sha256)
    fetch(entry, desk.ledger, desk.workspace, by="A", to=None, signed=True)

    with pytest.raises(ConfigError, match="--signed-too"):
        erase(entry, desk.ledger, desk.workspace, by="DPO", reason="demande", signed_too=False)
    assert mine.form.path.exists()
    assert desk.ledger.packets.of_form(mine.form.sha256)[0].state is PacketState.SIGNED

    erase(entry, desk.ledger, desk.workspace, by="DPO", reason="accord des archives", signed_too=True)
    assert traces_of(desk.workspace, "ASSIGNIES") == []


def test_the_journal_names_no_student(desk: Desk) -> None:
    """Ids and actors only, whatever happened."""
    sent(desk, "5-essms-emploi.docx", "7-essms-erreurs.pdf")
    connection = sqlite3.connect(desk.workspace.memory / FILE)
    text = str(connection.execute("SELECT * FROM journal").fetchall())
    connection.close()

    assert not any(name in text for name in ("ASSIGNIES", "PETIT", "Chloé", "example.org"))


def test_what_is_ours_is_readable_by_us_alone(desk: Desk) -> None:
    """The memory, the spool, the packets' files: nobody else's."""
    (report,) = sent(desk, "5-essms-emploi.docx")
    assert isinstance(report.outcome, Delivered)
    packet = desk.workspace.outbox / report.outcome.folder

    assert desk.workspace.memory.stat().st_mode & 0o077 == 0
    for path in (desk.workspace.memory / FILE, report.form.path, packet / "liasse.pdf", packet / "record.json"):
        assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[surveillance]\ncalmes = 3\n", "calmes is no setting"),
        ("[file]\nessais = 'trois'\n", "write a number"),
        ("[conservation]\nliasses = -1\n", "write a number"),
        ("[sauvegarde]\n", "is no section"),
        ("[file\n", "cannot be read"),
    ],
)
def test_settings_that_cannot_be_followed_are_said(own_workspace: Workspace, text: str, said: str) -> None:
    """The file, the section, the key, and what may stand there."""
    (own_workspace.root / "liasse.toml").write_text(text)

    with pytest.raises(ConfigError, match=said):
        Settings.load(own_workspace)


def test_settings_overlay_their_defaults(own_workspace: Workspace) -> None:
    """One key given, all others as they were."""
    (own_workspace.root / "liasse.toml").write_text("[file]\nessais = 5\n")

    assert Settings.load(own_workspace).file.essais == 5
    assert Settings.load(own_workspace).conservation == Retention()
