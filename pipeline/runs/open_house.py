"""A workspace held open for many threads: one ledger, one context, made again when the school changes something."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from pipeline.core.errors import ConfigError, WorkspaceGone
from pipeline.core.school import read_settings, settings_file
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context
from pipeline.dossier.dossier_index import DossierIndex
from pipeline.ledger.store import Ledger
from pipeline.runs.context_loader import ContextLoader
from pipeline.runs.logs import Logger
from pipeline.runs.watch import Worker, watch
from pipeline.runs.worker_loop import Stop
from pipeline.storage.temporary import own_temporary

_LOOKED = 1.0  # seconds between two looks at what the school may have changed


class OpenHouse:
    """The context of today for whoever asks, in any thread; its ledger may be shared too."""

    def __init__(self, workspace: Workspace, ledger: Ledger, today: Callable[[], dt.date]) -> None:
        self.workspace, self.ledger = workspace, ledger
        self.index = DossierIndex()
        self._loader = ContextLoader(workspace, ledger, today)
        self._lock = threading.Lock()
        self._looked = self._named = -_LOOKED
        self._school: Mapping[str, Any] = {}
        self._context: Context | None = None

    def context(self) -> Context:
        """The context; raises ConfigError while something of it cannot be loaded, WorkspaceGone if all of it is."""
        with self._lock:
            if self._context is None or time.monotonic() - self._looked >= _LOOKED:
                self._context = self._loader.context()
                self._looked = time.monotonic()
            return self._context

    def school_name(self) -> str:
        """What the school calls itself; empty until it was told."""
        return str(self.said_of_school().get("etablissement.nom") or "")

    def said_of_school(self) -> Mapping[str, Any]:
        """What the school says of itself, by the names of its settings; nothing while its file cannot be read."""
        with self._lock:
            if time.monotonic() - self._named >= _LOOKED:
                self._named = time.monotonic()
                with suppress(ConfigError):
                    self._school = read_settings(settings_file(self.workspace))
            return self._school


@contextmanager
def watched(house: OpenHouse, jobs: int, log: Logger, day: dt.date | None) -> Iterator[None]:
    """Within: a watcher takes in what comes to the inbox, and so many workers walk it, as on that day or today.

    With no worker, others do.
    """
    if not jobs:
        yield
        return
    stop = Stop()
    arguments = ["--workspace", str(house.workspace.root), *(["--today", day.isoformat()] if day else [])]
    workers = [Worker(arguments) for _ in range(jobs)]
    thread = threading.Thread(target=_watch, args=(house, stop, log, workers), name="watch")
    thread.start()
    try:
        yield
    finally:
        stop.asked = True
        thread.join()


def _watch(house: OpenHouse, stop: Stop, log: Logger, workers: list[Worker]) -> None:
    try:
        watch(house.context, stop, log, workers=workers)
    except WorkspaceGone as error:
        log.error("watch ended", error=str(error))  # noqa: TRY400 -- a traceback may quote a form


@contextmanager
def open_house(workspace: Workspace, today: Callable[[], dt.date]) -> Iterator[OpenHouse]:
    """A workspace open until the block is left; raises HouseError, LedgerBehind, as the ledger does."""
    with own_temporary(workspace), Ledger.open(workspace) as ledger:
        yield OpenHouse(workspace, ledger, today)
