"""Two hands on one form, one of them too late: whatever it still does, one packet is seen, whole."""

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import people
import pytest
from delivering import MANIFEST, claimed, delivered, received

from pipeline.core.errors import ConversionStopped, HouseError, InTurn, NotAllowed, Transient
from pipeline.core.models import Form, Kind, Reading, Record
from pipeline.core.outcomes import Delivered
from pipeline.core.programme import Programme
from pipeline.core.text import visible_line
from pipeline.documents import packaging as packets
from pipeline.dossier import endings, journey
from pipeline.dossier.context import Context
from pipeline.dossier.versions import REPLACED, history_of, mark_superseded
from pipeline.ledger.claims import Claim, Fenced, JobState, Step
from pipeline.ledger.entries import State
from pipeline.runs import once, worker
from pipeline.runs.watch import _nameless
from pipeline.runs.worker import Done, Trouble
from pipeline.services.lookup import require_file
from pipeline.storage import spool
from pipeline.storage.spool import publish

ROOT = Path(__file__).parent.parent.parent
READING = Reading("ab" * 32, Kind.ACROFORM, "x/2025", people.COORDINATION, "2024-2025", ())
FILES = {MANIFEST: b"{}", "liasse.pdf": b"%PDF-"}


def test_a_packet_that_another_hand_published_meanwhile_is_not_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This one was frozen once its files were written: it finds the same packet there, and leaves it whole."""
    target = tmp_path / "paquet"

    def another(point: str) -> None:
        if point == "written":
            monkeypatch.setattr(spool, "passing", lambda _: None)
            publish(target, FILES, manifest=MANIFEST)
            (target / "REMPLACEE.txt").write_text("noté")

    monkeypatch.setattr(spool, "passing", another)

    assert not publish(target, FILES, manifest=MANIFEST)
    assert sorted(path.name for path in target.iterdir()) == ["REMPLACEE.txt", "liasse.pdf", MANIFEST]
    assert [path.name for path in tmp_path.iterdir()] == ["paquet"]


def test_a_folder_is_replaced_without_being_seen_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The older one leaves its name at once, and is removed when the new one has it."""
    target = tmp_path / "a-completer"
    publish(target, {"a.txt": b"1", "b.txt": b"1"})
    seen = []
    rmtree = shutil.rmtree

    def looked_at(place: Path, **options: bool) -> None:
        seen.append((target / "a.txt").read_bytes())
        rmtree(place, **options)

    monkeypatch.setattr("pipeline.storage.spool.shutil.rmtree", looked_at)
    publish(target, {"a.txt": b"2", "b.txt": b"2"})

    assert set(seen) == {b"2"}
    assert [path.name for path in tmp_path.iterdir()] == ["a-completer"]


def test_a_hand_that_lost_the_form_publishes_nothing(context: Context) -> None:
    """The job was given to another after the packet was intended: no packet that nobody knows is seen."""
    form = received(context.ledger, context.workspace, "a.pdf", people.coordination())
    claim = claimed(context.ledger, form)
    target = context.workspace.outbox / "f/2025/a"
    context.ledger.put_away(form, State.DISCARDED, by="A. DUBOIS", reason="par erreur")

    with pytest.raises(Fenced):
        publish(target, FILES, manifest=MANIFEST, turn=lambda: context.ledger.jobs.held(claim))

    assert list(target.parent.iterdir()) == []


def test_a_command_whose_form_another_took_tells_how_it_ended_there(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``setup`` and ``run`` at once: the one that came too late is no failure, the packet is made."""
    form = received(context.ledger, context.workspace, "a.pdf", people.coordination())
    really = once.work

    def late(claim: Claim, context: Context) -> Done:
        context.ledger.take_up(form, context.today)
        delivered(context.ledger, context.workspace, form, "f/2025/a")
        return really(claim, context)

    monkeypatch.setattr(once, "work", late)
    report = once.go_on(context.ledger.entries.get(form.sha256), context)

    assert isinstance(report.outcome, Delivered), report


def test_a_form_that_the_worker_of_another_program_looked_at_is_freed_with_its_batch(context: Context) -> None:
    """A watcher's worker took it out of the queue of a batch that died: it does not wait for ever."""
    form = Form("a" * 64, Path("x"), "a.pdf", people.TODAY)
    code = (
        "import datetime as dt, sys; from pathlib import Path; from pipeline.ledger.claims import Step; "
        "from pipeline.ledger.store import Ledger; from pipeline.core.models import Form; "
        "from pipeline.core.workspace import Workspace\n"
        "with Ledger.open(Workspace.at(Path(sys.argv[1]))) as ledger:\n"
        "    form = Form('a' * 64, Path('x'), 'a.pdf', dt.date(2025, 3, 17))\n"
        "    ledger.arrive(form, source='a', day=form.received_on, step=Step.CHECK)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(context.workspace.root)], check=True, cwd=ROOT)
    claim = claimed(context.ledger, form)
    assert claim.step is Step.CHECK
    context.ledger.jobs.mark_checked(claim)

    context.ledger.jobs.release_the_dead(lambda _: 0)

    assert context.ledger.jobs.counts() == {JobState.READY: 1}
    assert claimed(context.ledger, form).step is Step.WHOLE


def test_nothing_is_decided_of_a_form_whose_file_was_purged(context: Context) -> None:
    """It would be walked, and fail for ever; of one that waits and of a packet just made, it is."""
    form = received(context.ledger, context.workspace, "a.pdf", people.coordination())
    assert require_file(context.ledger.entries.get(form.sha256)).form.sha256 == form.sha256
    delivered(context.ledger, context.workspace, form, "f/2025/a")
    assert require_file(context.ledger.entries.get(form.sha256)).state is State.DELIVERED

    form.path.unlink()

    with pytest.raises(NotAllowed, match="purgé"):
        require_file(context.ledger.entries.get(form.sha256))


def test_the_note_on_a_replaced_packet_is_for_our_eyes(context: Context) -> None:
    """It names the folder of the new one, and a folder bears a name."""
    first, second = (received(context.ledger, context.workspace, name, people.coordination()) for name in ("a", "b"))
    delivered(context.ledger, context.workspace, first, "f/2025/v1")
    delivered(context.ledger, context.workspace, second, "f/2025/v2", replaces=first.sha256)
    mark_superseded(context.ledger, context.workspace)

    note = context.workspace.outbox / "f/2025/v1" / REPLACED
    assert "f/2025/v2" in note.read_text()
    assert note.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in note.parent.iterdir()) == [REPLACED, MANIFEST, "signature.json"]


@pytest.mark.parametrize("name", ["DUPONT Zoé.pdf", "DUPONT\u00a0Zoé.pdf", "DUPONT'\"Zoé.pdf", "DUPONT\udce9.pdf"])
def test_the_log_of_a_watcher_names_no_file(name: str) -> None:
    """Also where Python writes the name with escapes: other spaces, quotes, bytes that are no text."""
    path = Path("/srv/inbox") / name
    error = HouseError(f"{name} cannot leave the inbox.")
    error.__cause__ = OSError(errno.EACCES, "denied", str(path), None, f"/srv/inbox/.traites/1a2b3c4d-{name}")

    assert _nameless(error, path) == "a file cannot be taken in: denied"
    assert (
        _nameless(Transient(f"{visible_line(name)} changed while it was copied."), path)
        == "a file changed while it was copied."
    )


def test_a_worker_that_is_slow_and_alive_keeps_its_form(
    context: Context, programme: Callable[[str], Programme], monkeypatch: pytest.MonkeyPatch
) -> None:
    """LibreOffice hangs, and finding that out takes longer than a lease: no other takes the form meanwhile."""
    now = [1_000_000.0]
    form = received(context.ledger, context.workspace, "a.pdf", people.coordination())
    taken = []

    def passes(seconds: float, error: Exception | None = None, said: object = None) -> Callable[..., object]:
        def passing(*_: object, **__: object) -> object:
            now[0] += seconds
            taken.append(context.ledger.jobs.claim(lease=300))
            if error:
                raise error
            return said

        return passing

    monkeypatch.setattr(context.ledger.jobs, "_clock", lambda: now[0])
    monkeypatch.setattr(journey, "understand", passes(200, said=READING))
    monkeypatch.setattr(journey, "without_formation", lambda *_: None)
    monkeypatch.setattr(journey, "open_programme", lambda *_: programme(people.COORDINATION))
    monkeypatch.setattr(journey, "_checked", lambda *_: Record(people.coordination(), (), READING))
    monkeypatch.setattr(packets, "make_packet", passes(250, ConversionStopped("slow")))
    monkeypatch.setattr(worker, "answers", passes(100))
    context.ledger.jobs.hurry()
    claim = context.ledger.jobs.claim(lease=300, only=form.sha256)
    assert claim is not None

    assert worker.work(claim, context).trouble is Trouble.MACHINE

    assert taken == [None, None, None]
    context.ledger.jobs.hurry()
    assert claimed(context.ledger, form).attempt == 1


def test_two_versions_do_not_wait_for_each_other(context: Context) -> None:
    """The newer one was intended before the older one was read, and its worker died: one of them goes first."""
    data = people.coordination()
    old, new = (received(context.ledger, context.workspace, name) for name in ("v1.pdf", "v2.pdf"))
    context.ledger.keep_values(new.sha256, data)
    claim = claimed(context.ledger, new)
    home = context.ledger.entries.get(new.sha256).dossier
    context.ledger.packets.intend(claim, "b" * 64, Path("f/2025/v2"), dossier=home, beside=())
    context.ledger.jobs.put_back(claim, wait=0, error="disk full", counted=False)
    context.ledger.keep_values(old.sha256, data)

    task = endings.Task(context.ledger.entries.get(new.sha256), claimed(context.ledger, new), context)
    assert endings.published_before(task) is None
    with pytest.raises(InTurn, match="older"):
        history_of(task.entry, data, context.ledger)
    past = history_of(context.ledger.entries.get(old.sha256), data, context.ledger)

    assert (past.before, past.after, past.seen) == ((), (), frozenset())
