"""How a batch ends: what it answers when something is left, and whose hands it leaves the forms in."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli.main import cli
from pipeline.core.errors import HouseError
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context
from pipeline.dossier.receiving import take_in
from pipeline.ledger.claims import Step
from pipeline.ledger.store import Arrival
from pipeline.runs import batch
from pipeline.runs.worker_loop import Stop

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "samples"
DELIVERED, WAITING = "5-essms-emploi.docx", "3-cnam-attente.pdf"


@pytest.fixture
def cohort(tmp_path: Path) -> Path:
    """Two samples in a folder of their own."""
    folder = tmp_path / "cohorte"
    folder.mkdir()
    for name in (DELIVERED, WAITING):
        shutil.copy(SAMPLES / name, folder)
    return folder


@pytest.fixture(autouse=True)
def _signals(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command runs in this process, and leaves Ctrl-C to pytest."""
    monkeypatch.setattr(Stop, "listen", lambda _stop: None)


def batched(place: Workspace, cohort: Path) -> Result:
    """The command, in this process; its worker is one of its own."""
    arguments = ["--workspace", str(place.root), "--jobs", "1", "--today", "2025-03-17"]
    return CliRunner().invoke(cli, ["batch", str(cohort), *arguments])


def test_a_file_that_is_not_received_is_not_all_delivered(
    own_workspace: Workspace, cohort: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are; the answer says that something is ours to mend."""

    def refused(path: Path, context: Context, *, step: Step) -> Arrival:
        if path.name == WAITING:
            raise HouseError(f"{path.name} cannot be received: Permission denied.")
        return take_in(path, context, step=step)

    monkeypatch.setattr(batch, "take_in", refused)
    done = batched(own_workspace, cohort)

    assert "1 délivré" in done.output
    assert done.exit_code == 3


def test_interrupted_between_reading_and_printing_is_not_all_delivered(
    own_workspace: Workspace, cohort: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All forms are read, none is printed, Ctrl-C: no bilan of a cohort that is half done, and answer 3."""
    read = batch._read

    def and_stop(context: Context, stop: Stop, alive: Callable[[], None]) -> Iterator[batch.Event]:
        yield from read(context, stop, alive)
        stop.asked = True

    monkeypatch.setattr(batch, "_read", and_stop)
    done = batched(own_workspace, cohort)

    assert not own_workspace.bilan.exists()
    assert done.exit_code == 3


def test_interrupted_before_anything_is_received_is_not_all_delivered(
    own_workspace: Workspace, cohort: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C at once: nothing is in the queue, everything is left."""
    monkeypatch.setattr(Stop, "listen", lambda stop: setattr(stop, "asked", True))

    assert batched(own_workspace, cohort).exit_code == 3


def test_json_lines_are_text_also_of_a_name_that_is_none(own_workspace: Workspace, tmp_path: Path) -> None:
    """A file whose name is Latin-1 and that cannot be received: the line is JSON, in UTF-8."""
    folder = tmp_path / "latin"
    folder.mkdir()
    name = os.fsencode(folder) + b"/caf\xe9.pdf"
    Path(os.fsdecode(name)).write_bytes(b"x")
    script = (
        "import os, sys; from pipeline.storage import spool; from pipeline.cli.main import main\n"
        "def refused(path, inbox): raise PermissionError(13, 'Permission denied', str(path))\n"
        "spool.receive; spool._open_regular = refused; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "batch", str(folder), "--json", "--jobs", "1"],
        cwd=own_workspace.root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )

    event, file = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert "cannot be received" in event["said"]
    assert (file["fichier"], file["id"]) == ("caf\ufffd.pdf", None)
    assert "cannot be received" in file["motif"]
    assert done.returncode == 3
