"""Recovery from a state: what must be there at once, and what must come of it when the run goes on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import LiasseError
from pipeline.core.workspace import QUARANTINE, Workspace
from pipeline.dossier.context import Context
from pipeline.ledger.claims import JobState
from pipeline.ledger.entries import MADE, Entry
from pipeline.ledger.entries import State as Where
from pipeline.maintenance.restoring import restore
from pipeline.runs import once
from pipeline.storage.aside import ASIDE
from pipeline.storage.spool import spool_file
from power import runs
from power.model import State
from power.operations import Image
from power.replay import Bench, look, seen_folders, told_of


@dataclass(frozen=True)
class Result:
    """What a run amounts to: how each form ended and its number, and every file a person sees of it."""

    forms: frozenset[tuple[str, str, str]]
    files: frozenset[str]


def faults(state: State, bench: Bench, place: Path, *, quiet: Result | None) -> list[str]:
    """What is wrong with a state laid down at ``place``; with ``quiet``, the run goes on and must end as that did."""
    if bench.recording.name == runs.BACKUP:
        return list(_backup_faults(state, bench, place))
    bench.lay(state, place)
    found = list(_half_seen(state, bench))
    workspace = Workspace.at(place)
    run = bench.recording.name
    try:
        with runs.opened(run, workspace) as context:
            found += context.ledger.faults()
            once.start(context)
            found += _lost(state, bench, context)
            if quiet is not None:
                runs.go(run, context, lambda *_: None)
                found += _different(quiet, result(context))
                found += _not_over(context)
                found += context.ledger.faults()
    except Exception as error:  # noqa: BLE001 -- whatever it is, somebody would have to mend it
        found.append(f"{type(error).__name__}: {error}")
    return found


def _backup_faults(state: State, bench: Bench, place: Path) -> Iterator[str]:
    """A backup is whole under its name, or not there; there once that was told."""
    if state.image.at(runs.SAVED) is None:
        place.mkdir()
        if state.told:
            yield "backed up, and not there"
        return
    bench.lay(state, place)
    (place / "restored").mkdir()
    try:
        restore(place / runs.SAVED, place / "restored", replace=False)
    except LiasseError as error:
        yield f"half visible: {error}"


def _half_seen(state: State, bench: Bench) -> Iterator[str]:
    """Folders of the outbox that are not what they were when they got their names."""
    image = state.image
    for path, number in seen_folders(image):
        if any(path.startswith(f"{other}/") for other in bench.whole):
            continue  # a folder within one that is looked at as a whole
        if look(image, number) not in bench.whole.get(path, frozenset()):
            yield f"half visible: {path}"
        manifest = image.at(f"{path}/manifest.json")
        if manifest is not None:
            yield from (f"not what its manifest says: {path}/{name}" for name in _differing(image, path, manifest))


def _differing(image: Image, folder: str, manifest: int) -> Iterator[str]:
    """The files of a packet that are not as its manifest says; the manifest itself, if it cannot be read."""
    try:
        listed = json.loads(image.data[manifest])["fichiers"]
    except ValueError:
        yield "manifest.json"
        return
    for file in listed:
        part = image.at(f"{folder}/{file['nom']}")
        if part is None or hashlib.sha256(image.data[part]).hexdigest() != file["sha256"]:
            yield file["nom"]


def _lost(state: State, bench: Bench, context: Context) -> Iterator[str]:
    """What was told or taken and is not there; called once the house is in order again."""
    entries = {entry.form.sha256: entry for entry in context.ledger.entries.all()}
    yield from _untrue(state, context, entries)
    for sha256, entry in entries.items():
        if not _is_whole(spool_file(context.workspace, sha256), sha256):
            yield f"known, and not in the spool: {sha256[:8]}"
        made = entry.state in MADE | {Where.TO_COMPLETE, Where.QUARANTINED}
        if made and not _lies(context, entry.folder, entry.packet):
            yield f"{entry.state.value}, and not in the outbox: {sha256[:8]}"
    inbox = context.workspace.inbox
    here = {hashlib.sha256(path.read_bytes()).hexdigest() for path in inbox.iterdir() if path.is_file()}
    for data in bench.recording.before.data.values():
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 not in here | entries.keys() and not _set_aside(context.workspace, sha256):
            yield f"lost: {sha256[:8]}"


def _untrue(state: State, context: Context, entries: Mapping[str, Entry]) -> Iterator[str]:
    """What somebody was told that is so no more."""
    dossiers, workspace = context.ledger.dossiers, context.workspace
    for sha256, number in told_of(state.told, "received").items():
        if sha256 not in entries:
            yield f"received, and not known: {sha256[:8]}"
        elif not (dossiers.named(number) or dossiers.gone_from(number)):
            yield f"{number} was given to {sha256[:8]}, and nobody knows it"
    for sha256, where in told_of(state.told, "ended").items():
        now = entries[sha256].state if sha256 in entries else None
        if now and now.value != where and not _went_on(now, where):
            yield f"{sha256[:8]} had ended as {where}, and is {now.value}"
    for sha256 in told_of(state.told, "joined"):
        if not _is_whole(workspace.joined_file(sha256), sha256) or not workspace.joined_pdf(sha256).is_file():
            yield f"joined, and not there: {sha256[:8]}"


def _went_on(now: Where, told: str) -> bool:
    """Whether a form that was told to have ended is further since: mended, or replaced by another."""
    return (told, now) in {("a-completer", Where.DELIVERED), ("delivre", Where.SUPERSEDED)}


def _lies(context: Context, folder: Path | None, packet: str | None) -> bool:
    place = context.workspace.outbox / (folder or "-")
    name = "manifest.json" if packet else "raison.txt" if QUARANTINE in place.parts else "rapport.json"
    return (place / name).is_file()


def _set_aside(workspace: Workspace, sha256: str) -> bool:
    """Whether a file that is no form lies in the quarantine or among the joined files, whole."""
    aside = workspace.outbox / QUARANTINE / sha256[:8] / "fichier-incomplet.bin"
    return _is_whole(aside, sha256) or _is_whole(workspace.joined_file(sha256), sha256)


def _is_whole(path: Path, sha256: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def result(context: Context) -> Result:
    """What the run in a workspace has come to."""
    workspace = context.workspace
    forms = {(one.form.sha256, one.state.value, one.number) for one in context.ledger.entries.all()}
    places = (workspace.outbox, workspace.inbox, workspace.memory / "spool", workspace.joined)
    files = {str(path.relative_to(workspace.root)) for place in places for path in place.rglob("*") if _counts(path)}
    return Result(frozenset(forms), frozenset(files))


def _counts(path: Path) -> bool:
    """Whether a file is part of a result: the originals put aside are not, their bytes are in the spool."""
    return path.is_file() and ASIDE not in path.parts


def _different(quiet: Result, now: Result) -> Iterator[str]:
    yield from (
        f"more than in a quiet run: {one}"
        for one in sorted(map(str, (now.forms - quiet.forms) | (now.files - quiet.files)))
    )
    yield from (
        f"less than in a quiet run: {one}"
        for one in sorted(map(str, (quiet.forms - now.forms) | (quiet.files - now.files)))
    )


def _not_over(context: Context) -> Iterator[str]:
    for entry in context.ledger.entries.all():
        job = context.ledger.jobs.state_of(entry.form.sha256)
        if job is None and entry.state is Where.QUARANTINED:
            continue  # it came only in part: nothing is to be done of it
        if job is None or job[0] not in {JobState.DONE, JobState.QUARANTINED}:
            yield f"{entry.form.id} has a job that is {job}"
    numbers = [entry.number for entry in context.ledger.entries.all()]
    if len({entry.dossier for entry in context.ledger.entries.all()}) != len(set(numbers)):
        yield "two dossiers have one number"
