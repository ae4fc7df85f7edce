"""Directory watcher: it takes in what is ready in the inbox, and supervises workers beside it."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

import watchfiles

from pipeline.core.errors import Gone, HouseError, WorkspaceGone
from pipeline.core.modes import private_file
from pipeline.core.text import visible_line
from pipeline.dossier.context import Context
from pipeline.dossier.projets import take_up_projets
from pipeline.dossier.receiving import take_back, take_in
from pipeline.dossier.tidying import tidy
from pipeline.runs.logs import Logger
from pipeline.runs.quarantine import set_aside
from pipeline.runs.settling import Settling
from pipeline.runs.worker_loop import Stop
from pipeline.storage import inbox
from pipeline.storage.inbox import Scan
from pipeline.storage.shares import is_share
from pipeline.storage.temporary import keep_temporary

_PATIENCE = 30.0  # seconds that workers are given to finish what they have in hand
_REVIVED_AFTER = 1.0
_LOOKED_BACK = 60.0  # seconds between two looks at what was taken: whether it was written further
_SWEPT = 600.0  # between two sweeps of what the dead left half written


class Watcher:
    """The inbox of one workspace, scanned again and again."""

    def __init__(self, context: Context, log: Logger) -> None:
        self._settling = Settling(context.settings.surveillance, share=is_share(context.workspace.inbox))
        self._odd: frozenset[str] = frozenset()
        self._unchanged: set[tuple[str, str]] = set()
        self._looked_back = -math.inf
        self._log = log

    def scan(self, context: Context, now: float) -> int:
        """Scan once and take in what is ready; how many files were. Trouble is logged, and tried again next time."""
        if now - self._looked_back >= _LOOKED_BACK:
            self._looked_back = now
            changed = take_back(context, self._unchanged)
            if changed:
                self._log.warning("back in the inbox", number=changed, advice="written further after they were taken")
        seen = inbox.scan(context.workspace.inbox)
        self._say_odd(seen)
        taken = 0
        for path, whole in self._settling.ready(seen, now):
            try:
                if whole:
                    arrival = take_in(path, context)
                    self._log.info("received", id=arrival.entry.form.id, duplicate=arrival.duplicate)
                else:
                    self._log.warning("incomplete", id=set_aside(path, context).id)
                taken += 1
            except Gone:
                continue  # another liasse goes on with it
            except HouseError as error:
                self._log.warning("not received", error=_nameless(error, path))
        return taken

    @property
    def pending(self) -> int:
        """How many files are not ready yet."""
        return self._settling.pending

    def _say_odd(self, seen: Scan) -> None:
        odd = frozenset(one.name for one in seen.odd)
        if odd - self._odd:
            kinds = sorted({one.why.name.lower() for one in seen.odd})
            self._log.warning("not taken", number=len(odd), kinds=kinds, advice="'liasse status' names them")
        self._odd = odd


def watch(context_of_today: Callable[[], Context], stop: Stop, log: Logger, *, workers: Sequence[Worker]) -> None:
    """Scan until asked to stop; dead workers are started again. Raises WorkspaceGone where it was moved away."""
    context = context_of_today()
    tidy(context.workspace, context.ledger)
    watcher = Watcher(context, log)
    take_up_projets(context)
    bell = _Bell(context.workspace.inbox, stop, log)
    swept = time.monotonic()
    while not stop.asked:
        keep_temporary()
        try:
            if time.monotonic() - swept >= _SWEPT:
                swept = time.monotonic()
                tidy(context.workspace, context.ledger)
            before, context = context, context_of_today()
            if context is not before:  # somebody saved a setting, or it is another day
                take_up_projets(context)
            watcher.scan(context, time.monotonic())
            context.ledger.jobs.release_the_dead(context.settings.file.pause)
        except WorkspaceGone:
            for worker in workers:
                worker.end()
            raise
        except (HouseError, OSError) as error:
            log.error("scan", error=str(error))  # noqa: TRY400 -- a traceback may quote a form
        for worker in workers:
            status = worker.revive()
            if status is not None:
                log.warning("worker ended", status=status)
        bell.wait(context.settings.surveillance.rythme)
    for worker in workers:
        worker.end()


class Worker:
    """A worker in a process of its own, started again when it dies."""

    def __init__(self, arguments: Sequence[str], *, log: Path | None = None) -> None:
        self._log = log
        self._command = [sys.executable, "-m", "pipeline", "worker", "--follow", str(os.getpid()), *arguments]
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0

    def revive(self) -> int | None:
        """Start the process if it is not alive; how it had ended, if it had."""
        status = self._process.poll() if self._process is not None else None
        if self._process is not None and (status is None or time.monotonic() - self._started < _REVIVED_AFTER):
            return status  # alive, or it dies at once: the next look starts it again
        with private_file(self._log, append=True) if self._log else nullcontext() as log:
            self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stderr=log)  # noqa: S603 -- us
        self._started = time.monotonic()
        return status

    def end(self) -> None:
        """Let the worker finish what it has in hand, then end it."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class _Bell:
    """Rings when something changes in the inbox, if the system tells; the next scan comes anyway."""

    def __init__(self, folder: Path, stop: Stop, log: Logger) -> None:
        self._rung = threading.Event()
        self._stop = stop
        self._log = log
        if not is_share(folder):
            threading.Thread(target=self._listen, args=(folder,), daemon=True).start()

    def _listen(self, folder: Path) -> None:
        """Ring for ever: the listener dies on a name that is no text, and is started again."""
        pause = _REVIVED_AFTER
        while not self._stop.asked:
            begun = time.monotonic()
            try:
                for _ in watchfiles.watch(folder, recursive=False, stop_event=None, raise_interrupt=False):
                    self._rung.set()
            except Exception as error:  # noqa: BLE001 -- whatever it is: scans come anyway
                self._log.warning("listener ended", error=type(error).__name__, advice="it is started again")
            pause = _REVIVED_AFTER if time.monotonic() - begun > _PATIENCE else min(pause * 2, _PATIENCE)
            time.sleep(pause)
            self._rung.set()  # whatever came meanwhile

    def wait(self, seconds: float) -> None:
        """Until the bell rings or the time is over."""
        end = time.monotonic() + seconds
        while not self._stop.asked and (left := end - time.monotonic()) > 0:
            if self._rung.wait(min(left, 0.2)):
                self._rung.clear()
                return


def _nameless(error: HouseError, path: Path) -> str:
    """The error without the file's name, which is a person's; the system quotes it in its own way."""
    cause = error.__cause__
    if isinstance(cause, OSError):
        return f"a file cannot be taken in: {cause.strerror or cause}"
    return str(error).replace(visible_line(path.name), "a file")
