"""A workspace of 86c04ff, with every state of form and packet in it, opens, shows the same, and goes on."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from old_forms import ANAIS, ELISE, person, refilled
from old_workspace import KEPT, ROOT, SAMPLES, rebuild

from pipeline.core.errors import HouseError
from pipeline.core.workspace import Workspace
from pipeline.ledger.database import migrations
from pipeline.ledger.entries import State
from pipeline.ledger.packet_store import LOCKED, PacketState
from pipeline.ledger.store import FILE, Ledger
from pipeline.storage.processes import this_process

FITTING = {"stage/heures_hebdo": "28", "stage/date_fin": "23/09/2025"}  # eighty days of seven hours
BY = ("--by", "F. GARÇON")
OLD, NEW = 5, migrations()[-1][0]
KILLS = 50


@pytest.fixture
def old(tmp_path: Path) -> Workspace:
    """The old workspace, as it was left."""
    rebuild(tmp_path / "old")
    return Workspace.at(tmp_path / "old")


def liasse(workspace: Workspace, *words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """One command, on 20 March 2025 where it asks for a day."""
    day = () if words[0] in {"status", "erase", "export"} else ("--today", "2025-03-20")
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *words, *day, "--workspace", str(workspace.root)],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def status(workspace: Workspace) -> dict[str, dict[str, Any]]:
    """What ``liasse status --json`` says of each form, by id."""
    return {one["id"]: one for one in json.loads(liasse(workspace, "status", "--json").stdout)}


def newest(workspace: Workspace) -> int:
    """The newest migration that was applied, asked of the file itself."""
    with closing(sqlite3.connect(workspace.memory / FILE)) as connection:
        return int(connection.execute("SELECT max(number) FROM migration").fetchone()[0])


def test_every_state_is_in_it(old: Workspace) -> None:
    """The set is worth its name: no state of a form, a packet or a job of that release is missing."""
    with closing(sqlite3.connect(old.memory / FILE)) as connection:
        forms = {state for (state,) in connection.execute("SELECT state FROM form")}
        packets = {state for (state,) in connection.execute("SELECT state FROM packet")}
        jobs = {state for (state,) in connection.execute("SELECT state FROM job")}

    assert forms == {state.value for state in State} - {State.DRAFT, State.DIVIDED, State.FILED}  # none was there
    assert packets == {state.value for state in PacketState} - {PacketState.DRAFT}
    assert jobs == {"ready", "looked", "claimed", "done", "quarantined"}


def test_the_same_table_with_numbers(old: Workspace) -> None:
    """What the old release said of each form is said again, and each has the number of its dossier."""
    before = {one["id"]: one for one in json.loads((KEPT / "status.json").read_text(encoding="utf-8"))}
    after = status(old)

    numbers = {form: one.pop("numero") for form, one in after.items()}
    assert after == before
    assert all(number and number.startswith("2024-") for number in numbers.values())
    one_internship = [
        ("cc3e5558", "3ef64417"),
        ("1d8362cf", "02261729"),
        ("11ad1158", "afd1fd55"),
        ("8bf8bdf1", "e38f2a05"),
    ]
    assert all(numbers[first] == numbers[second] for first, second in one_internship)
    assert numbers["c6c082c7"] != numbers["cc3e5558"]  # homonyms
    assert numbers["fed5df1d"] != numbers["11ad1158"]  # one person, two internships
    assert len(set(numbers.values())) == len(before) - len(one_internship)


def test_it_goes_on(old: Workspace) -> None:
    """Run, batch, approve, fetch, regenerate, purge and erase over it, by number, id and form id.

    The forms of that day declare 560 h for 518 h of days: those that were not yet checked go back.
    """
    waiting = refilled((SAMPLES / ANAIS).read_bytes(), {**person("ATTENTE", "Lina", 17, "08/01/2001"), **FITTING})
    (old.inbox / "attente.pdf").write_bytes(waiting)
    done = liasse(old, "run", "--json")
    assert done.returncode == 1, done.stderr
    ended = {one["id"]: one["outcome"] for one in json.loads(done.stdout)}
    assert ended["4f88588c"] == ended["260063b7"] == ended["ed739359"] == "delivered"
    assert {ended[form] for form in ("472c0adb", "b3a2c8ff", "3370b36a", "d8a18b45")} == {"tocomplete"}
    form = hashlib.sha256(waiting).hexdigest()[:8]
    assert ended[form] == "waiting"

    number = status(old)[form]["numero"]
    approved = liasse(old, "approve", number, *BY)
    assert (approved.returncode, "délivré" in approved.stdout) == (0, True), approved.stderr
    assert liasse(old, "fetch", number, *BY).returncode == 0
    assert "retirée par" in liasse(old, "regenerate", number, *BY).stderr
    batch = liasse(old, "batch", "--jobs", "1", "--only-failed")
    assert batch.returncode in (0, 1), batch.stderr
    assert liasse(old, "purge").returncode == 0
    erased = liasse(old, "erase", form, "--by", "DPO", "--reason", "demande", "--signed-too")
    told, unread, near = erased.stdout.splitlines()
    assert told == "1 formulaire effacé.", erased.stderr
    assert "inconnu.pdf" in unread
    assert "ROUX Anaïs" in near
    with Ledger.open(old) as ledger:
        assert ledger.faults() == []
        assert ledger.jobs.waits_now() is False


def test_packets_issued_with_holes(old: Workspace) -> None:
    """Taken, they stay untouched and are told once; not taken, they are projets, and their folders say so."""
    alone = {"LIASSE_ETABLISSEMENT": ""}  # a school that has given nothing
    with Ledger.open(old) as ledger:
        before = {line.id: line for line in ledger.packets.live()}
    files = {path: path.read_bytes() for path in (old.root / "outbox").rglob("*") if path.is_file()}
    first, second = (liasse(old, "setup", "--set", "etablissement.uai=0290000X", env=alone) for _ in range(2))

    with Ledger.open(old) as ledger:
        after = {line.id: line for line in ledger.packets.live()}
        taken = [line for line in after.values() if line.state in LOCKED]
        drafts = [line for line in after.values() if line.state is PacketState.DRAFT]
        forms = {line.id: ledger.entries.get(line.sha256) for line in after.values()}
        assert ledger.faults() == []
    assert taken
    assert drafts
    assert all(line.incomplete and line.state is before[line.id].state for line in taken)
    assert {before[line.id].state for line in drafts} == {PacketState.CURRENT}
    assert {forms[line.id].state for line in drafts} == {State.DRAFT}
    assert f"Émise incomplète, laissée telle quelle ({len(taken)}) : " in first.stderr
    assert all(forms[line.id].number in first.stderr for line in taken)
    assert "incomplète" not in second.stderr
    assert {path: path.read_bytes() for path in files} == files
    for line in drafts:
        assert "ne pas la faire signer" in (old.outbox / line.folder / "PROJET.txt").read_text(encoding="utf-8")
    refused = liasse(old, "fetch", drafts[0].id[:8], *BY)
    assert (refused.returncode, "est un projet" in refused.stderr) == (2, True)
    shown = liasse(old, "dossier", "show", forms[taken[0].id].number)
    assert "émise incomplète" in shown.stdout


def test_a_version_that_waited_takes_its_place(old: Workspace) -> None:
    """Let through, the waiting version goes back for its hours; its correction replaces the first."""
    number = status(old)["afd1fd55"]["numero"]
    let = ("override", number, "V-01", *BY, "--reason", "pas encore signée", "--json")
    (report,) = json.loads(liasse(old, *let).stdout)
    assert (report["id"], report["outcome"]) == ("afd1fd55", "tocomplete")
    assert "soit 518 h (il manque 42 h)" in " ".join(report["problems"][0]["message"].split())

    mended = {"tuteur/telephone": "01 45 67 89 99", "stage/date_fin": "04/08/2025"}
    corrected = refilled((SAMPLES / ELISE).read_bytes(), mended)
    (old.root / "corrige.pdf").write_bytes(corrected)
    (report,) = json.loads(liasse(old, "run", "--json", str(old.root / "corrige.pdf")).stdout)
    assert report["outcome"] == "waiting"
    (report,) = json.loads(liasse(old, *let).stdout)
    assert report["outcome"] == "delivered"
    after = status(old)
    assert (after[report["id"]]["numero"], after["11ad1158"]["etat"]) == (number, "remplace")


@pytest.mark.long
def test_a_run_is_killed_and_a_watcher_goes_on(old: Workspace) -> None:
    """A run that migrated it dies after its first form; a watcher ends what was left and takes in what is dropped."""
    sample = SAMPLES / "2-cnam-emploi.docx"
    done = liasse(old, "run", env={"LIASSE_DIE_AT": "settled:1"})
    assert (done.returncode, newest(old)) == (-signal.SIGKILL, NEW)
    (old.inbox / "neuf.docx").write_bytes(sample.read_bytes())

    words = [sys.executable, "-m", "pipeline", "watch", "--today", "2025-03-20", "--workspace", str(old.root)]
    watcher = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 120
        ended = status(old)
        while "c43a6481" not in ended or {one["etat"] for one in ended.values()} & {"recu", "en-panne"}:
            assert time.monotonic() < deadline, {form: one["etat"] for form, one in ended.items()}
            time.sleep(1)
            ended = status(old)
    finally:
        watcher.terminate()
        watcher.wait(60)

    assert ended["4f88588c"]["etat"] == ended["260063b7"]["etat"] == "delivre"
    with Ledger.open(old) as ledger:
        assert ledger.faults() == []


@pytest.mark.long
def test_killed_in_mid_migration(old: Workspace) -> None:
    """Fifty times, at every form and at moments of the clock: the ledger is the old one or the new one, whole."""
    copies = (old.memory / FILE).read_bytes()
    points = [*range(1, 32), *(None for _ in range(KILLS - 31))]
    begun = _seconds_of_a_migration(old)
    for turn, point in enumerate(points):
        for left in (*old.memory.glob(f"{FILE}*"), *(old.memory / "spool").glob("registre.*")):
            left.unlink()  # the sealed copy too: it knows of the migration before
        (old.memory / FILE).write_bytes(copies)
        if point is not None:
            done = liasse(old, "status", env={"LIASSE_DIE_AT": f"migrating:{point}"})
            assert done.returncode == -signal.SIGKILL
            assert newest(old) == OLD
        else:
            _kill_after(old, begun * (turn - 31) / (KILLS - 31))
            reached = newest(old)
            assert reached in (OLD, NEW)
            with Ledger.open(old) as ledger:
                assert ledger.faults() == []
                assert all(entry.number for entry in ledger.entries.all())


def _seconds_of_a_migration(workspace: Workspace) -> float:
    began = time.monotonic()
    assert liasse(workspace, "status").returncode == 1
    return time.monotonic() - began


def _kill_after(workspace: Workspace, seconds: float) -> None:
    words = [sys.executable, "-m", "pipeline", "status", "--workspace", str(workspace.root)]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL)
    time.sleep(seconds)
    process.kill()
    process.wait()


def test_it_waits_for_the_programs_of_the_older_liasse(old: Workspace) -> None:
    """One that has a form in hand would write what the new ledger does not understand: stop it first, is said."""
    with closing(sqlite3.connect(old.memory / FILE)) as connection, connection:
        connection.execute("UPDATE job SET owner = ? WHERE state = 'claimed'", (this_process(),))
    with pytest.raises(HouseError, match=r"Stop its service.*nothing was changed"), Ledger.open(old):
        pass
    assert newest(old) == OLD


def test_an_older_liasse_refuses_it(old: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once migrated, a release that does not know the migration says so, and changes nothing."""
    with Ledger.open(old):
        pass
    known = [one for one in migrations() if one[0] <= OLD]
    monkeypatch.setattr("pipeline.ledger.database.migrations", lambda: known)
    before = (old.memory / FILE).read_bytes()

    with pytest.raises(HouseError, match=r"newer liasse .*Upgrade"), Ledger.open(old):
        pass
    assert (old.memory / FILE).read_bytes() == before
