"""Half a file of every kind, written at any pace in any way: read once, whole, and never by half."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import threading
import time
from pathlib import Path

import pytest
from delivering import claimed
from whole_files import WHOLE, WRITERS, appended

from pipeline.core.settings import Watching
from pipeline.dossier.context import Context
from pipeline.dossier.receiving import take_back, take_in
from pipeline.ledger.entries import State
from pipeline.ledger.store import Ending
from pipeline.runs.once import run_settled
from pipeline.runs.quarantine import set_aside
from pipeline.runs.settling import Settling, settle
from pipeline.storage.inbox import Why, left_in, scan
from pipeline.storage.wholeness import has_its_end

# Room is made for these before they are written: of a picture without compression nobody sees that it is not there.
_UNSEEN = {("roomed", "first.tiff"), ("roomed", "tiff"), ("roomed", "heic")}
_COARSE = 2_000_000_000  # ns: what a FAT disk or an old share keeps of a time


@pytest.mark.parametrize("kind", WHOLE)
def test_no_beginning_of_a_file_is_whole(kind: str) -> None:
    """Cut anywhere, it has not come to its end; whole, it has, and so it has with what a disk fills up."""
    data = WHOLE[kind]
    cuts = range(1, len(data), 1 if len(data) < 6_000 else 7)
    named = {cut for cut in cuts if has_its_end(data[:cut])}

    assert (has_its_end(data), has_its_end(data + bytes(512))) == (True, True)
    assert named <= set(range(len(data) - 2, len(data)))  # a line end behind the last mark


def watched(context: Context, name: str, writer: str, data: bytes, rng: random.Random, *, coarse: bool) -> list[str]:
    """Write a file in its way while the inbox is scanned each second of a clock that is ours: the hashes taken in."""
    settling = Settling(Watching(calme=3, calme_partage=10, incomplet=900), share=coarse)
    path, now, unchanged = context.workspace.inbox / name, 0.0, set[tuple[str, str]]()
    taken: list[str] = []

    def look() -> None:
        take_back(context, unchanged)
        for one, whole in settling.ready(scan(context.workspace.inbox), now):
            assert whole
            taken.append(take_in(one, context).entry.form.sha256)

    for seconds in WRITERS[writer](path, data, rng):
        stop = now + seconds
        while now + 1 < stop:
            now += 1
            look()
        now = stop
        if coarse:
            for one in scan(context.workspace.inbox).files:
                os.utime(one.path, ns=(0, int(now * 1e9) // _COARSE * _COARSE))
    for _ in range(30):
        now += 1
        look()
    return taken


def check_read_once_and_whole(context: Context, seeds: range, *, coarse: bool) -> None:
    """Every kind in every way at each pace: what is received is the whole file, once."""
    for kind, data in WHOLE.items():
        for writer in WRITERS:
            for seed in seeds:
                rng = random.Random(f"{kind} {writer} {seed}")  # noqa: S311 -- a test
                taken = watched(context, f"{seed}-{writer}.{kind}", writer, data, rng, coarse=coarse)
                once = taken[-1:] if (writer, kind) in _UNSEEN else taken
                assert (writer, kind, seed, once) == (writer, kind, seed, [hashlib.sha256(data).hexdigest()])
                assert left_in(context.workspace.inbox) == ()
                shutil.rmtree(context.workspace.inbox / ".traites")


def test_a_file_written_slowly_is_read_once_and_whole(context: Context) -> None:
    """On a disk that tells each change."""
    check_read_once_and_whole(context, range(1), coarse=False)


@pytest.mark.long
@pytest.mark.parametrize("coarse", [False, True], ids=["disk", "share"])
def test_at_twenty_paces_a_file_is_read_once_and_whole(context: Context, coarse: bool) -> None:  # noqa: FBT001 -- a table
    """On a disk, and where times are kept to two seconds and no event comes, as on a share."""
    check_read_once_and_whole(context, range(20), coarse=coarse)


def test_a_command_waits_until_files_are_still(tmp_path: Path) -> None:
    """All at once, in real time: each is ready whole, none before its writer has ended."""
    paths = [tmp_path / f"a.{kind}" for kind in WHOLE]

    def write(path: Path, data: bytes) -> None:
        for _ in appended(path, data, random.Random(path.name)):  # noqa: S311 -- a test
            time.sleep(0.05)

    writers = [
        threading.Thread(target=write, args=(path, data)) for path, data in zip(paths, WHOLE.values(), strict=True)
    ]
    for one in writers:
        one.start()
    while not all(path.exists() for path in paths):
        time.sleep(0.01)

    settled = settle(paths, Watching(calme=0.5))

    assert (settled.waited, settled.given_up) == ((), ())
    assert [path.read_bytes() for path in settled.ready] == list(WHOLE.values())


def test_a_half_that_stays_half_waits_and_is_told(context: Context) -> None:
    """By run and by status, while it may still come; no form is opened, and nothing is written to anybody."""
    path = context.workspace.inbox / "moitié.pdf"
    path.write_bytes(WHOLE["pdf"][:2_000])

    (report,) = run_settled((), context)

    assert "n’est pas complet, attendu" in report.outcome.reasons[0]  # type: ignore[union-attr]
    assert [(one.name, one.why) for one in left_in(context.workspace.inbox)] == [("moitié.pdf", Why.INCOMPLETE)]
    assert (context.ledger.entries.all(), path.exists()) == ((), True)
    assert list(context.workspace.outbox.rglob("*")) == []


def test_a_half_given_up_is_told_without_a_letter_and_comes_back_when_it_grows(context: Context) -> None:
    """It is in quarantine, in no queue; its writer goes on, and the whole is taken instead of it."""
    path = context.workspace.inbox / "lente.docx"
    data = WHOLE["docx"]
    with path.open("wb", buffering=0) as file:
        file.write(data[:1_000])
        half = set_aside(path, context)
        assert context.ledger.entries.get(half.sha256).state is State.QUARANTINED
        assert context.ledger.jobs.claim(lease=60) is None
        assert "retry" in (context.workspace.quarantine / half.id / "raison.txt").read_text()
        file.write(data[1_000:])

    assert take_back(context, set()) == 1
    entry = take_in(path, context).entry

    assert entry.form.path.read_bytes() == data
    assert context.ledger.entries.get(half.sha256).state is State.DISCARDED
    assert not (context.workspace.quarantine / half.id).exists()


def test_a_file_written_further_after_it_was_read_is_read_again(context: Context) -> None:
    """What seemed whole was sent back with a letter: the letter goes, the form is put away, the whole is taken."""
    path = context.workspace.inbox / "suite.pdf"
    path.write_bytes(WHOLE["pdf"])
    first = take_in(path, context).entry.form
    claim = claimed(context.ledger, first)
    context.ledger.settle(claim, Ending(State.TO_COMPLETE, "…", folder=Path("a-completer") / first.id))
    (context.workspace.to_complete / first.id).mkdir(parents=True)
    (aside,) = (context.workspace.inbox / ".traites").iterdir()
    unchanged: set[tuple[str, str]] = set()
    assert take_back(context, unchanged) == 0
    (context.workspace.inbox / "suite.pdf").write_bytes(b"%PDF-1.7 another\n%%EOF")  # the name is taken meanwhile

    with aside.open("ab") as file:
        file.write(b"\n9 0 obj\n<<>>\nendobj\n%%EOF\n")
    assert take_back(context, unchanged) == 1

    assert context.ledger.entries.get(first.sha256).state is State.DISCARDED
    assert not (context.workspace.to_complete / first.id).exists()
    assert sorted(one.path.name for one in scan(context.workspace.inbox).files) == [
        f"suite ({first.id}).pdf",
        "suite.pdf",
    ]


def test_a_restored_disk_brings_nothing_back(context: Context) -> None:
    """Other inodes, other times, the same bytes: nothing changed."""
    path = context.workspace.inbox / "a.pdf"
    path.write_bytes(WHOLE["pdf"])
    take_in(path, context)
    (aside,) = (context.workspace.inbox / ".traites").iterdir()
    data = aside.read_bytes()
    aside.unlink()
    aside.write_bytes(data)

    assert (take_back(context, set()), json.dumps([*scan(context.workspace.inbox).files])) == (0, "[]")
