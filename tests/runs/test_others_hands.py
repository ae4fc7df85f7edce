"""A ledger that refuses, a file that another liasse took, a workspace that moved: nothing is left or made."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import people
import pytest
import siege
from structlog.testing import CapturingLogger
from whole_files import WHOLE

from pipeline.core.errors import ExitCode, Gone, HouseError, Transient
from pipeline.core.modes import make_folder
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context
from pipeline.dossier.receiving import take_in
from pipeline.ledger.store import FILE, Ledger
from pipeline.runs import batch, once, watch
from pipeline.runs.batch_files import given_files
from pipeline.runs.worker_loop import Stop
from pipeline.storage import spool

_STILL = 1e6  # seconds of the watcher's clock after which a file has surely settled


def tree(place: Path) -> set[Path]:
    """All that lies in a folder."""
    return set(place.rglob("*"))


def test_a_watcher_whose_ledger_is_gone_leaves_the_spool_as_it_was(context: Context) -> None:
    """Scan after scan, with a file that waits: no copy of it stays, and it is still there."""
    path = context.workspace.inbox / "a.pdf"
    path.write_bytes(WHOLE["pdf"])
    log = CapturingLogger()
    watcher = watch.Watcher(context, log)
    watcher.scan(context, 0)
    for one in context.workspace.memory.glob(f"{FILE}*"):
        one.unlink()
    make_folder(context.workspace.spool)
    before = tree(context.workspace.spool)

    for number in range(1, 4):
        assert watcher.scan(context, number * 1_000.0) == 0

    assert [call.args for call in log.calls] == [("not received",)] * 3
    assert {one for one in tree(context.workspace.spool) - before if one.is_file()} == set()
    assert path.exists()


@pytest.mark.parametrize("error", [HouseError("x"), Transient("x"), OSError("x"), KeyboardInterrupt()], ids=repr)
@pytest.mark.parametrize("kind", ["receive", "receive_joined"])
def test_no_copy_stays_of_a_file_that_is_refused(own_workspace: Workspace, error: BaseException, kind: str) -> None:
    """By the ledger, whatever it says, and by a disk that gives the file no name."""
    path = own_workspace.inbox / "a.pdf"
    path.write_bytes(WHOLE["pdf"])

    def refuse(_: str) -> None:
        raise error

    def receive(announce: Callable[[str], object]) -> object:
        if kind == "receive":
            return spool.receive(path, own_workspace, people.TODAY, announce=announce)
        return spool.receive_joined(path, own_workspace, announce=announce)

    with pytest.raises(type(error) if not isinstance(error, OSError) else HouseError):
        receive(refuse)
    place = own_workspace.spool if kind == "receive" else own_workspace.joined
    assert [one for one in tree(place) if one.is_file()] == []

    with pytest.raises(HouseError):  # the name is taken by a folder that is not empty
        receive(lambda sha256: (place / sha256[:2] / sha256 / "x").mkdir(parents=True))
    assert [one for one in tree(place) if one.is_file()] == []


def test_a_file_that_another_liasse_took_is_no_failure(context: Context, caplog: pytest.LogCaptureFixture) -> None:
    """It left the inbox after it was seen there: told by run and batch, passed over by the watcher."""
    gone = context.workspace.inbox / "groupe" / "a.pdf"

    with pytest.raises(Gone):
        take_in(gone, context)
    assert list(once.run([gone], context)) == []
    assert "a.pdf : pris par un autre liasse" in caplog.text
    seen = [one for one in batch.run(batch.Asked([gone], []), context, Stop()) if one.file]
    assert [(one.said, one.gone) for one in seen] == [("", True)]
    (told,) = given_files([gone], seen, (), context.ledger)
    assert told.left.startswith("pris par un autre liasse")
    log = CapturingLogger()
    watcher = watch.Watcher(context, log)
    watcher._settling.ready = lambda *_: iter([(gone, True), (gone, False)])  # type: ignore[method-assign]
    assert (watcher.scan(context, _STILL), log.calls) == (0, [])


def test_a_file_that_is_named_elsewhere_and_not_there_is_a_failure(context: Context, tmp_path: Path) -> None:
    """Nobody but the person who named it could have taken it; a batch looks for its files itself."""
    seen = [one for one in batch.run(batch.Asked([tmp_path / "ailleurs" / "a.pdf"], []), context, Stop()) if one.file]
    assert [(one.said, one.gone) for one in seen] == [("", True)]

    (report,) = once.run([tmp_path / "ailleurs" / "a.pdf"], context)

    assert report.outcome.exit_code is ExitCode.OURS_TO_MEND  # type: ignore[union-attr]


@pytest.fixture
def moved(own_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Path]]:
    """Moves the workspace away, and at the end back."""
    there = tmp_path_factory.mktemp("ailleurs") / "w"

    def move() -> Path:
        own_workspace.root.rename(there)
        return there

    yield move
    if there.exists() and not own_workspace.root.exists():
        there.rename(own_workspace.root)


def test_nothing_is_made_in_the_place_of_a_workspace_that_was_moved(
    own_workspace: Workspace, moved: Callable[[], Path]
) -> None:
    """Not while its ledger is open; nor where its disk is unmounted, and an empty folder stays."""
    with Ledger.open(own_workspace):
        there = moved()
        for place in (own_workspace.spool, own_workspace.inbox, own_workspace.outbox / "f" / "2025"):
            with pytest.raises(FileNotFoundError, match="none is made in its place"):
                make_folder(place)
        assert not own_workspace.root.exists()
        own_workspace.root.mkdir()
        with pytest.raises(FileNotFoundError, match="none is made in its place"):
            make_folder(own_workspace.outbox)
        own_workspace.root.rmdir()
        there.rename(own_workspace.root)
        make_folder(own_workspace.outbox / "f" / "2025")


def test_a_watcher_whose_workspace_is_moved_ends_and_says_so(tmp_path: Path) -> None:
    """With its worker, and nothing stands at the old place."""
    workspace = siege.prepare(tmp_path / "w")
    watcher = siege.start(workspace, jobs=1)
    try:
        deadline = time.monotonic() + 120
        while not (workspace.memory / "travail").is_dir() and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(3)  # its worker begins
        workspace.root.rename(tmp_path / "ailleurs")
        assert watcher.wait(120) == ExitCode.OURS_TO_MEND
    finally:
        watcher.kill()
        watcher.wait()

    assert "is gone: it was moved or removed" in (tmp_path / "ailleurs" / "log.jsonl").read_text()
    time.sleep(1)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["ailleurs"]
    shutil.rmtree(tmp_path / "ailleurs")
