"""Personal data: purged by class and age, exported whole, erased whole; what was signed stays."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from pathlib import Path

import pytest

from pipeline.core.errors import ConfigError, NotAllowed
from pipeline.core.outcomes import Delivered, ToComplete
from pipeline.core.settings import Retention, Settings
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context
from pipeline.dossier.endings import Report
from pipeline.ledger.entries import State
from pipeline.ledger.packet_store import PacketState
from pipeline.ledger.store import FILE
from pipeline.maintenance.person import erase, export
from pipeline.maintenance.retention import Class, due, purge
from pipeline.runs import once
from pipeline.services.fetching import fetch

SAMPLES = Path(__file__).parent / "samples"
YEARS = dt.timedelta(days=3000)


def sent(context: Context, *names: str) -> list[Report]:
    """Samples dropped in the inbox and walked."""
    for name in names:
        (context.workspace.inbox / name).write_bytes((SAMPLES / name).read_bytes())
    return list(once.run([context.workspace.inbox / name for name in names], context))


def later(days: int) -> dt.date:
    """A day so long after today, by this machine's clock: the ledger dates what it does by it."""
    return dt.datetime.now(dt.UTC).date() + dt.timedelta(days=days)


def classes(context: Context, on: dt.date, retention: Retention = Retention()) -> set[tuple[Class, str]]:  # noqa: B008 -- frozen
    """What is due on a day."""
    return {(one.of, one.id) for one in due(context.ledger, context.workspace, retention, on)}


def test_each_class_has_its_days_and_a_packet_that_nobody_took_stays(context: Context) -> None:
    """Sent back: letter after 90 days. Delivered: nothing at all until somebody fetched it, then 90 and 180 days."""
    back, delivered = sent(context, "7-essms-erreurs.pdf", "5-essms-emploi.docx")
    assert classes(context, later(89)) == set()
    assert classes(context, later(90)) == {(Class.LETTER, back.form.id)}
    assert (Class.PACKET, delivered.form.id) not in classes(context, later(364))
    assert (Class.FORM, delivered.form.id) not in classes(context, later(364))

    fetch(context, delivered.form.id, by="A. DUBOIS")
    assert (Class.FORM, delivered.form.id) in classes(context, later(90))
    assert (Class.PACKET, delivered.form.id) not in classes(context, later(179))
    assert (Class.PACKET, delivered.form.id) in classes(context, later(180))
    assert classes(context, later(3000), Retention(0, 0, 0, 0, 0, 0)) == set()


def test_a_form_that_nobody_completes_goes_with_its_letter_and_may_be_sent_again(context: Context) -> None:
    """Not only the letter: the file, the values and the pictures too; the same file is a new form afterwards."""
    (back,) = sent(context, "7-essms-erreurs.pdf")
    purge(
        list(due(context.ledger, context.workspace, Retention(), later(90))),
        context.ledger,
        context.workspace,
        later(90),
        Retention(),
    )

    assert context.ledger.entries.get(back.form.sha256).state is State.ERASED
    assert not back.form.path.exists()
    assert context.ledger.readings.record(back.form.sha256) is None
    assert traces_of(context.workspace, "chloe.petit") == []
    assert classes(context, later(90)) == set()

    (again,) = sent(context, "7-essms-erreurs.pdf")
    assert isinstance(again.outcome, ToComplete)
    assert "doublon" not in str(again)


def test_purging_removes_files_names_and_values_and_never_what_was_signed(context: Context) -> None:
    """After years: of the fetched one only a line without a name is left; the signed packet lies where it lay."""
    taken, signed = sent(context, "5-essms-emploi.docx", "4-essms-salariee.pdf")
    for report, is_signed in ((taken, False), (signed, True)):
        fetch(context, report.form.id, by="A. DUBOIS", signed=is_signed)
    assert isinstance(taken.outcome, Delivered)
    assert isinstance(signed.outcome, Delivered)

    on = dt.datetime.now(dt.UTC).date() + YEARS
    found = list(due(context.ledger, context.workspace, Retention(), on))
    purge(found, context.ledger, context.workspace, on, Retention())

    assert (context.workspace.outbox / signed.outcome.folder / "liasse.pdf").exists()
    assert not (context.workspace.outbox / taken.outcome.folder).exists()
    assert not taken.form.path.exists()
    entry = context.ledger.entries.get(taken.form.sha256)
    assert (entry.state, entry.stagiaire, entry.form.name, entry.folder) == (State.DELIVERED, None, "", None)
    assert context.ledger.entries.get(signed.form.sha256).stagiaire is not None
    assert list(context.ledger.faults()) == []
    assert classes(context, on) <= {(Class.JOURNAL, "-")}


def test_an_export_holds_all_we_know_of_one_person(context: Context, tmp_path: Path) -> None:
    """The file, the values, the decisions, the packet and the journal's lines, in a folder of their own."""
    mine, _ = sent(context, "5-essms-emploi.docx", "4-essms-salariee.pdf")

    place = export(context.ledger.entries.get(mine.form.sha256), context.ledger, context.workspace, tmp_path)

    assert [path.name for path in place.iterdir()] == [mine.form.id]
    told = json.loads((place / mine.form.id / "registre.json").read_text())
    assert told["valeurs"]["stagiaire"]["nom"] == "D’ASSIGNIES"
    assert told["journal"][0]["event"] == "received"
    assert (place / mine.form.id / "formulaire-recu.docx").read_bytes() == (
        SAMPLES / "5-essms-emploi.docx"
    ).read_bytes()
    assert list((place / mine.form.id / "liasses").glob("*/liasse.pdf"))


def test_erasing_a_person_leaves_nothing_of_them_on_the_disk(context: Context) -> None:
    """Not in the inbox, the spool, the outbox, nor in the bytes of the ledger's file; hashes and dates stay."""
    mine, other = sent(context, "5-essms-emploi.docx", "4-essms-salariee.pdf")
    entry = context.ledger.entries.get(mine.form.sha256)

    assert erase(entry, context.ledger, context.workspace, by="DPO", reason="demande", signed_too=False) == 1

    left = context.ledger.entries.get(mine.form.sha256)
    assert (left.state, left.stagiaire, left.form.name) == (State.ERASED, None, "")
    traces = traces_of(context.workspace, "ASSIGNIES", "noel.dassignies")
    assert traces == []
    assert context.ledger.entries.get(other.form.sha256).state is State.DELIVERED
    assert list(context.ledger.faults()) == []


def traces_of(workspace: Workspace, *words: str) -> list[str]:
    """Files whose name or bytes hold one of these words, compressed PDFs and Word files aside: they must be gone."""
    found = []
    for path in workspace.root.rglob("*"):
        inside = path.is_file() and "templates" not in path.parts
        data = path.read_bytes() if inside else b""
        if any(word in str(path) or word.encode() in data for word in words):
            found.append(str(path.relative_to(workspace.root)))
    return found


def test_what_was_fetched_is_erased_only_by_the_archivists_word(context: Context) -> None:
    """A signed convention is kept by law: nothing at all is removed without the word."""
    (mine,) = sent(context, "5-essms-emploi.docx")
    entry = context.ledger.entries.get(mine.form.sha256)
    fetch(context, entry.form.id, by="A. DUBOIS", signed=True)

    with pytest.raises(NotAllowed, match="--signed-too"):
        erase(entry, context.ledger, context.workspace, by="DPO", reason="demande", signed_too=False)
    assert mine.form.path.exists()
    assert context.ledger.packets.of_form(mine.form.sha256)[0].state is PacketState.SIGNED

    erase(entry, context.ledger, context.workspace, by="DPO", reason="accord des archives", signed_too=True)
    assert traces_of(context.workspace, "ASSIGNIES") == []


def test_the_journal_names_no_student(context: Context) -> None:
    """Ids and actors only, whatever happened."""
    sent(context, "5-essms-emploi.docx", "7-essms-erreurs.pdf")
    connection = sqlite3.connect(context.workspace.memory / FILE)
    text = str(connection.execute("SELECT * FROM journal").fetchall())
    connection.close()

    assert not any(name in text for name in ("ASSIGNIES", "PETIT", "Chloé", "example.org"))


def test_what_is_ours_is_readable_by_us_alone(context: Context) -> None:
    """The memory, the spool, the packets' files: nobody else's."""
    (report,) = sent(context, "5-essms-emploi.docx")
    assert isinstance(report.outcome, Delivered)
    packet = context.workspace.outbox / report.outcome.folder

    assert context.workspace.memory.stat().st_mode & 0o077 == 0
    for path in (context.workspace.memory / FILE, report.form.path, packet / "liasse.pdf", packet / "record.json"):
        assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[surveillance]\ncalmes = 3\n", "calmes is no setting"),
        ("[file]\nessais = 'trois'\n", "write a number"),
        ("[conservation]\nliasses = -1\n", "write a number"),
        ("[acces]\ngroupe = 100\n", "write a name in quotes"),
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
