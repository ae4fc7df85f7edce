"""What a batch tells of each file given: its name, how it ended, why, its doubles; the counts add up."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import people
import pytest
import walking
from click.testing import CliRunner, Result

from pipeline.cli.main import cli
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context
from pipeline.runs.worker_loop import Stop

BIDI = "contrat\u202efdp.exe\x1b[31m.pdf"


@pytest.fixture
def cohort(context: Context, tmp_path: Path) -> Path:
    """A form that lacks an answer, its double, a text that is no form, a name that would act on a terminal."""
    folder = tmp_path / "cohorte"
    folder.mkdir()
    data = people.coordination(**{"stage.sujet": None})
    (folder / "a.pdf").write_bytes(walking.filled(context, data))
    shutil.copy(folder / "a.pdf", folder / "b.pdf")
    (folder / "c.txt").write_bytes(b"rien d'un formulaire")
    (folder / BIDI).write_bytes(b"%PDF-1.7 rien")
    return folder


def rehearsed(place: Workspace, cohort: Path, monkeypatch: pytest.MonkeyPatch, *more: str) -> Result:
    """``batch --dry-run`` in this process."""
    monkeypatch.setattr(Stop, "listen", lambda _stop: None)
    words = ["--workspace", str(place.root), "--jobs", "1", "--today", "2025-03-17", "--dry-run", *more]
    return CliRunner().invoke(cli, ["batch", str(cohort), *words])


def test_each_file_is_told_and_the_counts_add_up(
    own_workspace: Workspace, cohort: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four files given, four lines, in JSON and as a table; no character of a name acts."""
    table = rehearsed(own_workspace, cohort, monkeypatch)
    lines = rehearsed(own_workspace, cohort, monkeypatch, "--json")

    told = [json.loads(line) for line in lines.stdout.splitlines()]
    files = {one["fichier"]: one for one in told if "fichier" in one}
    shown = BIDI.replace("\u202e", "\ufffd").replace("\x1b", "\ufffd")
    assert set(files) == {"a.pdf", "b.pdf", "c.txt", shown}
    assert (files["a.pdf"]["double_de"], files["b.pdf"]["double_de"]) == (None, "a.pdf")
    assert files["a.pdf"]["etat"] == "a-completer"
    assert all(one["motif"] for one in files.values())
    assert people.coordination()["stagiaire"]["courriel"] in " ".join(files["a.pdf"]["a_joindre"])
    last = next(line for line in table.stdout.splitlines() if line.startswith("4 fichiers : "))
    counts = [int(word.split()[0]) for word in last.partition(" : ")[2].split(", ")]
    assert sum(counts) == 4
    assert "1 en double" in last
    assert (lines.stdout + lines.stderr).count("contrat") == 1  # the half: once, with the others
    for said in (table.stdout, table.stderr, lines.stdout, lines.stderr):
        assert not set(said) & {"\u202e", "\x1b"}
