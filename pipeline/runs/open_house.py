"""A workspace held open for many threads: one ledger, one context, made again when the school changes something."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pipeline.core.school import read_settings, settings_file
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context
from pipeline.ledger.store import Ledger
from pipeline.runs.context_loader import ContextLoader
from pipeline.storage.temporary import own_temporary

_LOOKED = 1.0  # seconds between two looks at what the school may have changed


class OpenHouse:
    """The context of today for whoever asks, in any thread; its ledger may be shared too."""

    def __init__(self, workspace: Workspace, ledger: Ledger, today: Callable[[], dt.date]) -> None:
        self.workspace, self.ledger = workspace, ledger
        self._loader = ContextLoader(workspace, ledger, today)
        self._lock = threading.Lock()
        self._looked = self._named = -_LOOKED
        self._school = ""
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
        with self._lock:
            if time.monotonic() - self._named >= _LOOKED:
                self._school = str(read_settings(settings_file(self.workspace)).get("etablissement.nom") or "")
                self._named = time.monotonic()
            return self._school


@contextmanager
def open_house(workspace: Workspace, today: Callable[[], dt.date]) -> Iterator[OpenHouse]:
    """A workspace open until the block is left; raises HouseError, LedgerBehind, as the ledger does."""
    with own_temporary(workspace), Ledger.open(workspace) as ledger:
        yield OpenHouse(workspace, ledger, today)
