"""What is recorded: forms received and brought to their ends. Begun again, each run goes on to its end.

« steps » is each durable step of the house without a reader and without LibreOffice: receipt, packet, new version,
letter, wait, quarantine, joined file. « walks » is the command itself, on real forms.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent.parent

import people  # noqa: E402
from crowd import crowd  # noqa: E402

from pipeline.core.fields import Dictionary  # noqa: E402
from pipeline.core.law import Law  # noqa: E402
from pipeline.core.models import FORMATION, get  # noqa: E402
from pipeline.core.outcomes import Delivered  # noqa: E402
from pipeline.core.workspace import SCHOOL, Workspace  # noqa: E402
from pipeline.documents.filed import MANIFEST  # noqa: E402
from pipeline.dossier import endings  # noqa: E402
from pipeline.dossier.context import Context  # noqa: E402
from pipeline.dossier.receiving import take_in  # noqa: E402
from pipeline.dossier.versions import history_of  # noqa: E402
from pipeline.ledger.claims import Claim  # noqa: E402
from pipeline.ledger.entries import State  # noqa: E402
from pipeline.ledger.store import Ending, Ledger  # noqa: E402
from pipeline.maintenance.backup import back_up  # noqa: E402
from pipeline.reading.known_forms import KnownForms, OwnBlanks  # noqa: E402
from pipeline.runs import once, quarantine  # noqa: E402
from pipeline.runs.context_loader import open_context  # noqa: E402
from pipeline.storage.spool import publish, put_file, receive_joined  # noqa: E402
from power.interpret import MARK  # noqa: E402

_SIZES = {"liasse/convention.pdf": 9000, "pieces/01-convention.docx": 3000, "record.json": 700}
BACKUP = "backup"  # a run of its own: what is recorded is the place where it is written
SAVED = "copies/backup"  # in a folder that is not there yet
_NO_BLANKS = OwnBlanks({}, lambda _: (_ for _ in ()).throw(LookupError("nothing is recognised here")))
Say = Callable[..., None]


def say(*words: str) -> None:
    """Tell whoever records that this is so from here on."""
    os.access(os.fsdecode(MARK) + "/".join(words), os.F_OK)


def prepare(place: Path, files: dict[str, bytes]) -> None:
    """An empty workspace with these files in its inbox."""
    place.mkdir(mode=0o755)
    for name in ("templates", "schemas"):
        (place / name).symlink_to(ROOT / name)
    for name in ("inbox", "outbox"):
        (place / name).mkdir(mode=0o755)
    for name, data in files.items():
        (place / "inbox" / name).write_bytes(data)
        (place / "inbox" / name).chmod(0o644)


def source_of(place: Path) -> Path:
    """The workspace that a backup saves, beside the place where it is written."""
    return place.parent / "source"


def prepare_backup(place: Path) -> None:
    """A workspace in which every step was taken, and an empty place."""
    source = source_of(place)
    prepare(source, files_of("steps"))
    with opened("steps", Workspace.at(source)) as context:
        go("steps", context, lambda *_: None)
    place.mkdir(mode=0o755)


def files_of(run: str) -> dict[str, bytes]:
    """What lies in the inbox before a run."""
    if run == "walks":
        return _real_files()
    kinds = ("1-good", "2-letter", "3-waits", "4-version", "5-poison", "6-cut", "7-joined")
    files = {f"{kind}.pdf": b"%PDF-1.7 " + hashlib.sha256(kind.encode()).digest() * 200 for kind in kinds}
    return files | {"8-again.pdf": files["1-good.pdf"]}


def _real_files() -> dict[str, bytes]:
    """One form that is delivered, one that is sent back, one that waits; the first of them comes twice."""
    files: dict[str, bytes] = {}
    wanted = [{State.DELIVERED}, {State.TO_COMPLETE}, {State.WAITING}]
    for form in crowd(ROOT, 40, seed=11):
        if form.ends in wanted and not form.name.startswith("encore"):
            wanted.remove(set(form.ends))
            files[form.name] = form.data
    return dict(sorted(files.items())) | {"z-encore.pdf": next(iter(files.values()))}


@cache
def _said() -> tuple[Dictionary, Law]:
    """The fields and the law, which no run changes."""
    return Dictionary.load(Workspace.at(ROOT)), Law.load(Workspace.at(ROOT))


@contextmanager
def opened(run: str, workspace: Workspace) -> Iterator[Context]:
    """The context of a run: whole for real walks, without anything to recognise otherwise."""
    os.environ.setdefault(SCHOOL, str(ROOT / "tests" / "samples" / "etablissement"))
    if run == "walks":
        with open_context(workspace, people.TODAY) as context:
            yield context
        return
    dictionary, law = _said()
    with Ledger.open(workspace) as ledger:
        yield Context(workspace, dictionary, law, ledger, people.TODAY, KnownForms(_NO_BLANKS, (), dictionary))


def go(run: str, context: Context, say: Say) -> None:
    """Begin a run, or go on with it, to its end."""
    paths = sorted(path for path in context.workspace.inbox.iterdir() if path.is_file())
    if run == "walks":
        for report in (*once.run(paths, context), *once.run_left(context)):
            if report.form.sha256:
                _say_where(report.form.sha256, context, say)
        return
    once.start(context)
    context.ledger.jobs.hurry()  # as a run does: what was taken out of a dead hand waits no longer
    for path in paths:
        _take(path, context, say)
    while claim := context.ledger.jobs.claim(lease=300):
        _step(claim, context, say)
    for entry in context.ledger.entries.in_states(State.TO_COMPLETE):  # it was mended, and goes on
        context.ledger.take_up(entry.form, people.TODAY)
        mended = context.ledger.jobs.claim(lease=300, only=entry.form.sha256)
        assert mended
        _deliver(endings.Task(entry, mended, context), people.cnam())
        _say_where(entry.form.sha256, context, say)


def _take(path: Path, context: Context, say: Say) -> None:
    data = path.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    if path.name.startswith("7"):
        receive_joined(path, context.workspace, announce=context.ledger.announce_joined)
        put_file(context.workspace.joined_pdf(sha256), data[::-1])
        say("joined", sha256)
        return
    if path.name.startswith("6"):
        quarantine.set_aside(path, context)
        say("cut", sha256)
        return
    take_in(path, context)
    _say_where(sha256, context, say, only="received")


def _say_where(sha256: str, context: Context, say: Say, only: str = "ended") -> None:
    entry = context.ledger.entries.get(sha256)
    say("received", sha256, entry.number)
    if only == "ended":
        say("ended", sha256, entry.state.value)


def _step(claim: Claim, context: Context, say: Say) -> None:
    entry = context.ledger.entries.get(claim.sha256)
    task = endings.Task(entry, claim, context)
    if endings.delivered_before(entry, context.workspace):
        context.ledger.let_go(claim)
    elif endings.published_before(task) is None:
        _walk(task)
    _say_where(claim.sha256, context, say)


def _walk(task: endings.Task) -> None:
    match task.form.name[0]:
        case "2":
            folder = task.context.workspace.to_complete / task.form.id
            publish(folder, {"lettre.pdf": bytes(5000), "rapport.json": b"{}"}, turn=task.held)
            place = folder.relative_to(task.context.workspace.outbox)
            task.settle(Ending(State.TO_COMPLETE, "", people.CNAM, folder=place))
        case "3":
            endings.wait(task, (), people.CNAM, people.cnam(stagiaire__nom="MARTIN"))
        case "5":
            quarantine.quarantine(task.entry, task.claim, "it died", task.context)
        case "4":
            _deliver(task, people.coordination(tuteur__telephone="+33612345699"))
        case _:
            _deliver(task, people.coordination())


def _deliver(task: endings.Task, data: dict[str, Any]) -> None:
    """As ``journey.deliver`` does, with a packet that nobody had to make."""
    context, sha256 = task.context, task.form.sha256
    context.ledger.keep_values(sha256, data)
    task = task.refreshed()
    past = history_of(task.entry, data, context.ledger)
    packet = hashlib.sha256(sha256.encode()).hexdigest()[:16]
    folder = Path("formation") / "2024-2025" / f"{task.entry.number}_v{past.version}"
    files = {name: packet.encode() * (size // 16) for name, size in _SIZES.items()}
    files["signature.json"] = b'{"signataires": []}'
    listed = [{"nom": name, "sha256": hashlib.sha256(data).hexdigest()} for name, data in files.items()]
    told = {"id": packet, "edite_le": "2025-03-17", "pieces": [], "avertissements": 0, "fichiers": listed}
    files[MANIFEST] = json.dumps(told).encode()
    context.ledger.packets.intend(task.claim, packet, folder, dossier=task.entry.dossier, beside=past.seen)
    fresh = publish(context.workspace.outbox / folder, files, manifest=MANIFEST, turn=task.held)
    made = Delivered(folder, 0, 0, 0, already=not fresh)
    endings.note_delivery(task, made, packet, past, formation=get(data, FORMATION), data=data)


def main() -> None:
    """Run in a workspace, and say what is told."""
    run, place = sys.argv[1:]
    if run == BACKUP:
        back_up(Workspace.at(source_of(Path(place))), Path(place) / SAVED)
        say(BACKUP, "-")
        return
    with opened(run, Workspace.at(Path(place))) as context:
        go(run, context, say)


if __name__ == "__main__":
    main()
