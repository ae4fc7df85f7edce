"""Synchronous run: forms walked at a command, those that are named or one on which somebody decided."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.core.errors import Gone, HouseError
from pipeline.core.french import written_day
from pipeline.core.models import Form
from pipeline.core.outcomes import Closed, Divided, Drafted, Failed, ToComplete, Waiting
from pipeline.core.text import visible_line
from pipeline.documents.libreoffice import warm_office
from pipeline.dossier.context import Context
from pipeline.dossier.endings import Report, delivered_before, report_of
from pipeline.dossier.projets import take_up_projets
from pipeline.dossier.receiving import take_back, take_in
from pipeline.dossier.tidying import tidy
from pipeline.ledger.claims import JobState
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.store import Arrival
from pipeline.reading.warming import preload
from pipeline.runs.quarantine import set_aside
from pipeline.runs.settling import settle
from pipeline.runs.worker import work
from pipeline.storage import inbox
from pipeline.storage.openat import place_below

log = logging.getLogger(__name__)
CLOSED = {State.DISCARDED: "écarté", State.SUPERSEDED: "remplacé", State.FILED: "versé"}
PATIENCE = 600.0  # seconds that a command waits for a form which another worker has in hand


def start(context: Context) -> None:
    """Make good what an earlier run may have left half done."""
    tidy(context.workspace, context.ledger)
    context.ledger.jobs.release_the_dead(context.settings.file.pause)


def run_settled(named: Sequence[Path], context: Context) -> list[Report]:
    """Walk the files named, or all that lies in the inbox with what is left in the queue, once they are still.

    A file that is not whole is told and waits; in the inbox, after a long stillness, it is put in quarantine.
    """
    take_back(context, set())
    paths = named or [seen.path for seen in inbox.scan(context.workspace.inbox).files]
    settled = settle(paths, context.settings.surveillance)
    ready = [path for path in settled.ready if named or os.path.lexists(path)]  # else a watcher took it
    reports = list(run(ready, context)) if named else run_all(ready, context)
    late = settled.given_up if not named else ()
    waited = [path for path in (*settled.waited, *settled.given_up) if path not in late]
    given_up = [report for path in late if (report := _given_up(path, context))]
    return [*reports, *given_up, *(_waited(path, context) for path in waited)]


def _say_gone(path: Path) -> None:
    """Tell of a file that left the inbox meanwhile: it is no failure, and changes no exit code."""
    log.warning("%s : pris par un autre liasse, ou retiré, au même moment.", visible_line(path.name))


def _waited(path: Path, context: Context) -> Report:
    """The report of a file that has not come to its end."""
    return Report(Form("", path, visible_line(path.name), context.today), Waiting((str(inbox.Why.INCOMPLETE),)))


def _given_up(path: Path, context: Context) -> Report | None:
    try:
        return _where(context.ledger.entries.get(set_aside(path, context).sha256), context)
    except Gone:
        _say_gone(path)
        return None
    except HouseError as error:
        return Report(Form("", path, visible_line(path.name), context.today), Failed(str(error), error.exit_code))


def run(paths: Iterable[Path], context: Context) -> Iterator[Report]:
    """Take in and walk each file to its end. Whatever one form does, the next is still walked."""
    start(context)
    paths = tuple(paths)
    if len(paths) > 1:
        preload()
    with warm_office() as libreoffice:
        for path in paths:
            try:
                arrival = take_in(path, context)
                if not arrival.duplicate:
                    libreoffice.prepare()
                report = _noted(go_on(arrival.entry, context), arrival)
                yield report
                if isinstance(report.outcome, Divided):
                    yield from _parts(report.outcome, context)
            except HouseError as error:
                if isinstance(error, Gone) and place_below(path, context.workspace.inbox) is not None:
                    _say_gone(path)
                    continue
                yield Report(
                    Form("", path, visible_line(path.name), context.today), Failed(str(error), error.exit_code)
                )


def _parts(divided: Divided, context: Context) -> Iterator[Report]:
    """Walk the forms of a file that held several."""
    for sha256 in divided.parts:
        if _is_left(sha256, context):
            yield go_on(context.ledger.entries.get(sha256), context)


def _is_left(sha256: str, context: Context) -> bool:
    """Whether a form is still to be walked: another worker may have taken it meanwhile."""
    job = context.ledger.jobs.state_of(sha256)
    return job is not None and job[0] in {JobState.READY, JobState.CLAIMED}


def run_all(paths: Iterable[Path], context: Context) -> list[Report]:
    """Walk these files, then what is left in the queue; a form that failed and was tried again is told once."""
    first, left = list(run(paths, context)), list(run_left(context))
    again = {one.form.sha256 for one in left}
    return [one for one in first if not (isinstance(one.outcome, Failed) and one.form.sha256 in again)] + left


def run_left(context: Context) -> Iterator[Report]:
    """Walk what earlier runs left in the queue, each form once, and the projets that lack nothing any more."""
    take_up_projets(context)
    context.ledger.jobs.hurry()
    left = context.ledger.entries.in_queue()
    if len(left) > 1:
        preload()
    with warm_office():
        for entry in left:
            if _is_left(entry.form.sha256, context):
                report = go_on(entry, context)
                yield report
                if isinstance(report.outcome, Divided):
                    yield from _parts(report.outcome, context)


def go_on(entry: Entry, context: Context) -> Report:
    """Walk a form that is ready as far as it can go today; where it is, if there is nothing to do.

    One that a worker has in hand is waited for.
    """
    sha256 = entry.form.sha256
    context.ledger.jobs.hurry(sha256)
    deadline = time.monotonic() + PATIENCE
    while True:
        claim = context.ledger.jobs.claim(lease=context.settings.file.bail, only=sha256)
        if claim:
            done = work(claim, context)
            if not done.fenced:
                return done.report
        job = context.ledger.jobs.state_of(sha256)
        if job is None or job[0] is not JobState.CLAIMED or time.monotonic() > deadline:
            return _where(context.ledger.entries.get(sha256), context)
        time.sleep(0.2)


def go_on_all(asked: Sequence[Entry], context: Context) -> Iterator[Report]:
    """Walk forms that were made ready, one after the other."""
    with warm_office():
        for entry in asked:
            yield go_on(context.ledger.entries.get(entry.form.sha256), context)


def _where(entry: Entry, context: Context) -> Report:
    """The report of a form that is over, from the ledger."""
    delivered = delivered_before(entry, context.workspace)
    if delivered:
        return delivered
    if entry.state is State.DRAFT and entry.folder:
        return report_of(entry, Drafted(entry.folder, 0, tuple(entry.detail.splitlines())))
    if entry.state in {State.TO_COMPLETE, State.QUARANTINED} and entry.folder:
        return report_of(entry, ToComplete(entry.folder, ()), entry.detail)
    if entry.state is State.DIVIDED:
        return report_of(entry, Divided(()), entry.detail)
    if entry.state in CLOSED:
        return report_of(entry, Closed(CLOSED[entry.state], _closed(entry, context)))
    return report_of(entry, Waiting(tuple(entry.detail.splitlines())))


def _closed(entry: Entry, context: Context) -> str:
    """Who put a form away, when and why, and how it is taken up again."""
    if entry.state is not State.DISCARDED:
        return entry.detail
    last = context.ledger.last_event(entry.form.sha256, State.DISCARDED.value)
    who = f" par {last.actor} le {written_day(last.at)}" if last else ""  # its journal may be purged
    return f"écarté{who} : {entry.detail} ; pour le reprendre : liasse reopen {entry.form.id} --by NOM"


def _noted(report: Report, arrival: Arrival) -> Report:
    if not arrival.duplicate:
        return report
    first = arrival.entry.form
    note = f"doublon du fichier reçu le {first.received_on:%d/%m/%Y} sous le nom {first.name}"
    return replace(report, form=first, note="; ".join(part for part in (report.note, note) if part))
