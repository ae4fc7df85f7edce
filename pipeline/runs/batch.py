"""Batch of a cohort: every form read before any is printed, on all cores, resumed where it was left.

The truth is in the ledger: killed at any moment, the same call goes on and does nothing twice. Workers are processes;
this one takes files in, holds them at the barrier until all are read, and tells what happens.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pipeline.core.errors import Gone, HouseError
from pipeline.core.text import visible_line
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context
from pipeline.dossier.projets import take_up_projets
from pipeline.dossier.receiving import take_in
from pipeline.dossier.tidying import tidy
from pipeline.ledger.claims import JobState, Step
from pipeline.ledger.entries import State
from pipeline.runs.watch import Worker
from pipeline.runs.worker_loop import Stop
from pipeline.storage import inbox
from pipeline.storage.wholeness import is_whole

_LOOK = 0.25  # seconds between two looks at the ledger
_TRIED_AGAIN = (State.FAILED, State.QUARANTINED, State.TO_COMPLETE)
_OFTEN = 10  # files received between two looks at the workers


class Phase(StrEnum):
    """What a batch is doing."""

    RECEIVING = "réception"
    READING = "lecture"
    PRINTING = "édition"


@dataclass(frozen=True)
class Event:
    """One thing that happened: a file not received, a form read or ended, or how far it all is.

    ``done`` of ``total`` forms are through this phase; ``id`` and ``state`` are of the form, ``said`` is an error.
    Of a file received, or not: its name in its folder, and as what it had come before if these bytes had;
    ``gone``: it had left the inbox meanwhile, with another liasse.
    """

    phase: Phase
    done: int
    total: int
    id: str = ""
    state: State | None = None
    said: str = ""
    file: str = ""
    twin: str = ""
    gone: bool = False


@dataclass(frozen=True)
class Asked:
    """What a batch is to do: its files, how many workers; ``only_failed``: no file, but what failed or was left."""

    files: Sequence[Path]
    workers: Sequence[Worker]
    only_failed: bool = False


def run(asked: Asked, context: Context, stop: Stop) -> Iterator[Event]:
    """Take the forms of a cohort to their ends, and what earlier batches left; ends early when asked to stop."""
    tidy(context.workspace, context.ledger)
    context.ledger.jobs.adopt_checked()
    context.ledger.jobs.release_the_dead(context.settings.file.pause)
    context.ledger.jobs.hurry()
    take_up_projets(context)
    begun = context.ledger.journal_end()
    with _staff(asked.workers) as alive:
        if asked.only_failed:
            for entry in context.ledger.entries.in_states(*_TRIED_AGAIN):
                if entry.is_failed and is_whole(entry.form.path):  # a half is read by a person's word alone
                    context.ledger.take_up(entry.form, context.today, event="retry", step=Step.CHECK)
        else:
            yield from _receive(asked.files, context, stop, alive)
        yield from _read(context, stop, alive)
        if not stop.asked:
            yield from _print(context, stop, alive, begun)


def is_left(context: Context) -> bool:
    """Whether some form is not over: in the queue, or read and compared by a batch that was interrupted then."""
    return context.ledger.jobs.waits_now() or bool(context.ledger.jobs.counts().get(JobState.CHECKED))


def files_of(folder: Path, workspace: Workspace) -> tuple[Path, ...]:
    """The forms in a folder and below, by name; links, hidden and half-written files are not seen.

    Nor is what is the house's own: templates, schemas, outbox. Raises HouseError for a folder that cannot be read.
    """
    own = (workspace.templates, workspace.school, workspace.schemas, workspace.outbox)
    try:
        seen = inbox.scan(folder, but=own)
    except OSError as error:
        raise HouseError(f"{folder} cannot be read: {error}. Mend access; nothing was taken in.") from error
    closed = [one.name for one in seen.odd if one.why is inbox.Why.CLOSED]
    if closed:
        raise HouseError(f"{folder / closed[0]} cannot be read. Mend access; nothing was taken in.")
    return tuple(sorted((one.path for one in seen.files), key=lambda path: (path.parent, path.name)))


def _receive(files: Sequence[Path], context: Context, stop: Stop, alive: Callable[[], None]) -> Iterator[Event]:
    """Take the files in; workers read the first of them meanwhile."""
    for number, path in enumerate(files, 1):
        if stop.asked:
            return
        if number % _OFTEN == 0 and context.ledger.jobs.left():
            alive()
        name = visible_line(path.name)
        try:
            arrival = take_in(path, context, step=Step.CHECK)
            form = arrival.entry.form
            twin = visible_line(form.name) if arrival.duplicate else ""
            yield Event(Phase.RECEIVING, number, len(files), form.id, file=name, twin=twin)
        except Gone:
            yield Event(Phase.RECEIVING, number, len(files), file=name, gone=True)
        except HouseError as error:
            yield Event(Phase.RECEIVING, number, len(files), said=str(error), file=name)


def _read(context: Context, stop: Stop, alive: Callable[[], None]) -> Iterator[Event]:
    """Until no form is left to be looked at."""
    jobs = context.ledger.jobs
    total = jobs.left(Step.CHECK) + jobs.counts().get(JobState.CHECKED, 0)
    while not stop.asked and (left := jobs.left(Step.CHECK)):
        yield Event(Phase.READING, max(0, total - left), total)
        alive()
        time.sleep(_LOOK)
    if total:
        yield Event(Phase.READING, total - jobs.left(Step.CHECK), total)


def _print(context: Context, stop: Stop, alive: Callable[[], None], begun: int) -> Iterator[Event]:
    """Until every form is over; each ending is told once, in the order of the journal from ``begun`` on.

    Some may be over already: what an earlier batch had compared is printed while new forms are read.
    """
    jobs = context.ledger.jobs
    last, done = begun, 0
    jobs.release_checked()
    total = jobs.left() + len(context.ledger.endings_since(begun)[1])
    while not stop.asked:
        left = jobs.left()  # before the endings are read: none is missed
        last, ended = context.ledger.endings_since(last)
        for sha256, state in ended:
            done += 1
            yield Event(Phase.PRINTING, min(done, total), total, sha256[:8], state)
        if not left and not jobs.release_checked():
            break
        yield Event(Phase.PRINTING, min(done, total), total)
        alive()
        time.sleep(_LOOK)
    for entry in context.ledger.entries.in_states(State.FAILED):
        yield Event(Phase.PRINTING, min(done, total), total, entry.form.id, State.FAILED, entry.detail)


@contextmanager
def _staff(workers: Sequence[Worker]) -> Iterator[Callable[[], None]]:
    """Starts the workers, and those again that died, at each call of what is given. At the end all are ended."""

    def alive() -> None:
        for worker in workers:
            worker.revive()

    try:
        yield alive
    finally:
        for worker in workers:
            worker.end()
