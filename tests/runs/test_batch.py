"""A cohort in one go: read before it is printed, interrupted and taken up again, rehearsed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import people
import pytest
from walking import filled

from pipeline.core.errors import HouseError
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context
from pipeline.dossier.receiving import take_in
from pipeline.ledger.claims import JobState, Step
from pipeline.ledger.entries import State
from pipeline.ledger.store import Ledger
from pipeline.runs import batch
from pipeline.runs.context_loader import ContextLoader
from pipeline.runs.dry_run import rehearsing
from pipeline.runs.worker import work
from pipeline.storage import inbox
from pipeline.storage.temporary import sweep

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "samples"
NAMES = ("1-cnam-etudiante.pdf", "3-cnam-attente.pdf", "5-essms-emploi.docx", "7-essms-erreurs.pdf")
ENDS = {"delivre": 2, "en-attente": 1, "a-completer": 1}


@pytest.fixture
def cohort(tmp_path: Path) -> Path:
    """Four samples in a folder of their own, one of them deeper, beside things that are no forms."""
    folder = tmp_path / "cohorte"
    (folder / "groupe B").mkdir(parents=True)
    for name in NAMES:
        shutil.copy(SAMPLES / name, folder / ("groupe B" if name.startswith("7") else ".") / name)
    (folder / ".DS_Store").write_bytes(b"rien")
    (folder / "~$5-essms-emploi.docx").write_bytes(b"rien")
    return folder


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """A workspace beside the cohort."""
    root = tmp_path / "atelier"
    for name in ("templates", "schemas"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("inbox", "outbox"):
        (root / name).mkdir()
    return Workspace.at(root)


def started(place: Workspace, *arguments: str) -> subprocess.Popen[str]:
    """The command, in a process group of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline", "batch", *arguments, "--jobs", "2", "--today", "2025-03-17"],
        cwd=place.root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def batched(place: Workspace, *arguments: str) -> tuple[int, str, str]:
    """What the command answers and says."""
    process = started(place, *arguments)
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


def states(place: Workspace) -> dict[str, int]:
    """How many forms are in each state."""
    counts: dict[str, int] = {}
    with Ledger.open(place) as ledger:
        for entry in ledger.entries.all():
            counts[entry.state.value] = counts.get(entry.state.value, 0) + 1
    return counts


def contents(outbox: Path) -> dict[str, str]:
    """Every file of the packets and letters, with its hash; the papers of the cohort are another test's."""
    return {
        str(path.relative_to(outbox)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in outbox.rglob("*")
        if path.is_file() and "bilan" not in path.parts
    }


def test_a_cohort_is_taken_to_its_ends_and_done_once(place: Workspace, cohort: Path) -> None:
    """Each form ends as it must, the papers are written, the folder is untouched; again, nothing is done again."""
    before = contents(cohort)

    code, out, err = batched(place, str(cohort))
    first = contents(place.outbox)
    again, _, _ = batched(place, str(cohort))

    assert (code, states(place)) == (1, ENDS)
    assert "2 délivrés" in out
    assert {path.name for path in place.bilan.iterdir()} == {"bilan.xlsx", "bilan.pdf", "bordereau.pdf"}
    assert err.index("lecture 4/4") < err.index("édition")
    assert contents(cohort) == before
    assert (again, contents(place.outbox)) == (0, first)


@pytest.mark.long
def test_a_batch_that_is_killed_is_taken_up_again_to_the_same_bytes(
    place: Workspace, cohort: Path, tmp_path: Path
) -> None:
    """Kill -9 while forms are read, and while they are printed: the same command ends as one quiet run does."""
    quiet = tmp_path / "calme"
    for name in ("templates", "schemas"):
        shutil.copytree(ROOT / name, quiet / name)
    assert batched(Workspace.at(quiet), str(cohort))[0] == 1

    for trace in ("ledger.sqlite3-wal", "travail"):
        process = started(place, str(cohort))
        wait_for(place.memory / trace)
        time.sleep(1.5)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    assert batched(place, str(cohort))[0] in {0, 1}

    assert states(place) == ENDS
    assert contents(place.outbox) == contents(quiet / "outbox")


def wait_for(path: Path) -> None:
    """Until something is there."""
    end = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_batch_that_is_interrupted_finishes_what_it_has_in_hand(place: Workspace, cohort: Path) -> None:
    """Ctrl-C: it ends by itself, says that forms are left, and the next call goes on."""
    process = started(place, str(cohort), "--json")
    assert process.stdout is not None
    first = json.loads(process.stdout.readline())
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=120)

    assert first["phase"] == "réception"
    assert process.returncode == 3
    assert batched(place, str(cohort))[0] in {0, 1}
    assert states(place) == ENDS


def counts_told(out: str) -> list[str]:
    """The counts of the last line that has any."""
    told = [line for line in out.splitlines() if "2 délivrés" in line][-1]
    return sorted(told.rpartition(" : ")[2].rstrip(".").split(", "))


def test_a_rehearsal_says_what_would_happen_and_leaves_nothing(place: Workspace, cohort: Path) -> None:
    """The same counts as the real run; no packet, no letter, no line in the ledger."""
    code, out, _ = batched(place, str(cohort), "--dry-run")

    assert (code, counts_told(out)) == (1, ["1 en attente", "1 à compléter", "2 délivrés"])
    assert list(place.outbox.iterdir()) == []
    assert [path.name for path in place.memory.iterdir()] == []


def test_a_rehearsal_that_is_killed_leaves_nothing_to_the_next_run(place: Workspace, cohort: Path) -> None:
    """Its copy of the ledger and of the forms holds people's data: whoever comes next sweeps it away."""
    process = started(place, str(cohort), "--dry-run")
    while not list(place.memory.glob(".tmp-*/.liasse/spool/*/*")):
        assert process.poll() is None
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()

    assert sweep(place) == 1
    assert list(place.memory.iterdir()) == []


def test_a_rehearsal_does_not_wait_for_what_others_have_in_hand(context: Context, cohort: Path) -> None:
    """Beside a watcher at work: the form in its hand is rehearsed like the others, and stays in its hand."""
    take_in(cohort / NAMES[1], context)
    claim = context.ledger.jobs.claim(lease=300)
    assert claim is not None

    with rehearsing(context.workspace, dry_run=True) as copy, Ledger.open(copy) as ledger:
        assert (ledger.jobs.left(), ledger.jobs.counts()) == (1, {JobState.READY: 1})
        taken = ledger.jobs.claim(lease=300)

    assert taken is not None
    assert (taken.attempt, context.ledger.jobs.holds(claim)) == (1, True)


@pytest.mark.long
def test_what_was_left_to_print_and_ends_first_istold_too(place: Workspace, cohort: Path) -> None:
    """A form that an earlier batch had compared is over before the new ones are read: it is counted, and answered."""
    with Ledger.open(place) as ledger:
        take_in(cohort / NAMES[1], ContextLoader(place, ledger, lambda: people.TODAY).context())

    code, out, _ = batched(place, str(cohort), "--dry-run")

    assert (code, counts_told(out)) == (1, ["1 en attente", "1 à compléter", "2 délivrés"])


def test_only_what_failed_is_tried_again(place: Workspace, cohort: Path) -> None:
    """A template broken at first: its forms are left « en panne »; mended, --only-failed makes their packets."""
    template = place.templates / "coordination-essms" / "annexe-1-calendrier.docx"
    good = template.read_bytes()
    template.write_bytes(b"PK\x03\x04 nothing")
    code, _, _ = batched(place, str(cohort))
    assert code == 3
    assert states(place)["en-panne"] == 1

    template.write_bytes(good)
    (cohort / "nouveau.pdf").write_bytes((SAMPLES / "4-essms-salariee.pdf").read_bytes())
    code, out, _ = batched(place, str(cohort), "--only-failed")

    assert "1 délivré" in out
    assert states(place) == ENDS


def versions(context: Context, folder: Path) -> Iterator[Path]:
    """Two versions of one form."""
    for number, changes in enumerate([{}, {"tuteur__telephone": "+33612345699"}]):
        data: dict[str, Any] = people.coordination(**changes)
        path = folder / f"v{number}.pdf"
        path.write_bytes(filled(context, data))
        yield path


@pytest.mark.long
def test_versions_are_printed_in_the_order_they_came(context: Context, tmp_path: Path) -> None:
    """Both read before any is printed, and the later one claimed first: it waits for the earlier one."""
    entries = [take_in(path, context, step=Step.CHECK).entry for path in versions(context, tmp_path)]
    for _ in entries:
        claim = context.ledger.jobs.claim(lease=60)
        assert claim is not None
        assert claim.step is Step.CHECK
        work(claim, context)
    assert context.ledger.jobs.claim(lease=60) is None
    assert list(context.workspace.outbox.iterdir()) == []
    assert context.ledger.jobs.release_checked() == 2

    for entry in (entries[1], entries[0], entries[1]):
        context.ledger.jobs.hurry(entry.form.sha256)
        claim = context.ledger.jobs.claim(lease=60, only=entry.form.sha256)
        assert claim is not None
        work(claim, context)

    ends = [(one.state, one.version) for one in context.ledger.entries.all()]
    assert ends == [(State.SUPERSEDED, 1), (State.DELIVERED, 2)]


def test_the_files_of_a_folder_are_those_below_it_in_order(place: Workspace, cohort: Path, tmp_path: Path) -> None:
    """Hidden files, lock files and what a link leads to are not seen."""
    (tmp_path / "ailleurs").mkdir()
    shutil.copy(SAMPLES / NAMES[0], tmp_path / "ailleurs")
    (cohort / "lien").symlink_to(tmp_path / "ailleurs")
    (cohort / "boucle").symlink_to(cohort)

    found = [path.relative_to(cohort).as_posix() for path in batch.files_of(cohort, place)]

    assert found == [*NAMES[:3], f"groupe B/{NAMES[3]}"]


def test_what_is_the_house_s_own_is_no_form(place: Workspace) -> None:
    """``liasse batch .``, typed in the workspace: neither its templates nor its packets are sent back as forms."""
    (place.outbox / "cnam").mkdir()
    for path in (place.outbox / "cnam" / "liasse.pdf", place.inbox / "a.pdf", place.root / "b.pdf"):
        path.write_bytes(b"%PDF-1.7")

    assert batch.files_of(place.root, place) == (place.root / "b.pdf", place.inbox / "a.pdf")


def test_a_folder_that_cannot_be_read_is_said(
    place: Workspace, cohort: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of ours, before anything is done; never a traceback."""
    closed = inbox.Scan((), (inbox.Left("groupe B", inbox.Why.CLOSED),))
    monkeypatch.setattr(inbox, "scan", lambda *_, **__: closed)

    with pytest.raises(HouseError, match="groupe B"):
        batch.files_of(cohort, place)
