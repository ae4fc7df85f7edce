"""Context loader: the context of today, made again when templates, schemas, settings or editions have changed."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.blanks.edition_store import place_of_editions
from pipeline.blanks.layout_cache import fingerprint, open_forms
from pipeline.core.errors import ConfigError
from pipeline.core.fields import Dictionary
from pipeline.core.law import Law
from pipeline.core.settings import FILE, Settings
from pipeline.core.workspace import Workspace, require_there
from pipeline.dossier.context import Context
from pipeline.dossier.projets import note_incomplete
from pipeline.ledger.store import Ledger
from pipeline.storage.access import share_places
from pipeline.storage.temporary import own_temporary


@contextmanager
def open_context(workspace: Workspace, today: dt.date) -> Iterator[Context]:
    """The context of a workspace on a day, with its ledger open and temporary files of its own."""
    with own_temporary(workspace), Ledger.open(workspace) as ledger:
        yield ContextLoader(workspace, ledger, lambda: today).context()


class ContextLoader:
    """Gives the context of a workspace for as long as a program runs. ``today`` answers the day of edition."""

    def __init__(
        self, workspace: Workspace, ledger: Ledger, today: Callable[[], dt.date], *, dry_run: bool = False
    ) -> None:
        self._dry_run = dry_run
        self._workspace = workspace
        self._ledger = ledger
        self._today = today
        self._stamp = ("", "")
        self._context: Context | None = None

    def context(self) -> Context:
        """The context; raises ConfigError while something of it cannot be loaded, WorkspaceGone if all of it is."""
        require_there(self._workspace)
        stamp, day = self._now(), self._today()
        if self._context is None:
            note_incomplete(self._ledger, self._workspace)
        if self._context is None or (stamp, day) != (self._stamp, self._context.today):
            try:
                self._context = self._loaded(day)
            except ConfigError:
                require_there(self._workspace)  # or it was moved away while it was being read
                raise
            self._stamp = (stamp[0], self._now()[1])  # opening the forms keeps the editions of today
        return self._context

    def _loaded(self, day: dt.date) -> Context:
        settings = Settings.load(self._workspace)
        share_places(self._workspace, settings.acces.groupe)
        dictionary = Dictionary.load(self._workspace)
        forms = open_forms(self._workspace, dictionary)
        return Context(
            self._workspace,
            dictionary,
            Law.load(self._workspace),
            self._ledger,
            day,
            forms,
            settings,
            fingerprint(self._workspace, dictionary, forms),
            self._dry_run,
        )

    def _now(self) -> tuple[str, str]:
        """What changes when somebody saves a template, a schema or the settings; and when an edition is kept."""
        settings = self._workspace.root / FILE
        saved = _stamp(self._workspace.templates, self._workspace.schemas, self._workspace.school, settings)
        return saved, _stamp(place_of_editions(self._workspace))


def _stamp(*places: Path) -> str:
    """What changes when one of these files does, or something in one of these folders."""
    digest = hashlib.sha256()
    for path in (path for place in places for path in (sorted(place.rglob("*")) if place.is_dir() else (place,))):
        if path.name.startswith((".", "~$")):
            continue
        try:
            seen = path.stat()
        except OSError:
            continue
        digest.update(f"{path}\0{seen.st_mtime_ns}\0{seen.st_size}\n".encode())
    return digest.hexdigest()
