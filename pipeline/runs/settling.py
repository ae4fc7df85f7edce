"""Settling of files: when what was dropped is still and whole, for a watcher that looks again and for one command."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.settings import Watching
from pipeline.storage.inbox import Scan, Seen, Source, seen_at
from pipeline.storage.shares import is_share
from pipeline.storage.wholeness import is_whole

_PATIENCE = 60.0  # seconds that a command waits for files which go on changing
_LOOK = 0.5


class Settling:
    """Remembers since when each file has not changed. Seconds of a clock that never goes back.

    ``aged``: a file seen for the first time counts from when it last changed, by the clock of this machine's disk.
    """

    def __init__(self, settings: Watching, *, share: bool, aged: bool = False) -> None:
        self._calm = settings.calme_partage if share else settings.calme
        self._late = settings.incomplet
        self._aged = aged and not share
        self._still: dict[Path, tuple[Source, float]] = {}
        self._told: dict[Path, tuple[Source, bool]] = {}

    def ready(self, seen: Scan, now: float) -> Iterator[tuple[Path, bool]]:
        """The files that are ready, each with whether it is whole; one that is not is given up after a long time."""
        for path, whole, late in self.still(seen, now):
            if whole or late:
                yield path, whole

    def still(self, seen: Scan, now: float) -> Iterator[tuple[Path, bool, bool]]:
        """The files that have not changed for long enough: whether each is whole, and whether for a long time."""
        fresh = {}
        for file in seen.files:
            before = self._still.get(file.path)
            since = before[1] if before and before[0] == file.source else self._first(file, now, known=bool(before))
            fresh[file.path] = (file.source, since)
        self._still = fresh
        for path, (source, since) in fresh.items():
            if now - since >= self._calm:
                whole = self._is_whole(path, source)
                if whole is not None:
                    yield path, whole, now - since >= self._late

    def _first(self, file: Seen, now: float, *, known: bool) -> float:
        """Since when a file is known to be as it is: from now on, or from its last change of which the disk tells."""
        return now - max(0.0, time.time() - file.touched) if self._aged and not known else now

    def _is_whole(self, path: Path, source: Source) -> bool | None:
        """Whether a file is whole; ``None`` where it changed while it was looked at. It is not read twice."""
        if path in self._told and self._told[path][0] == source:
            return self._told[path][1]
        whole = is_whole(path)
        after = seen_at(path)  # a share tells anew what was opened
        if after is None or after.source != source:
            return None
        self._told = {known: told for known, told in self._told.items() if known in self._still}
        self._told[path] = source, whole
        return whole

    @property
    def pending(self) -> int:
        """How many files are waited for."""
        return len(self._still)


@dataclass(frozen=True)
class Settled:
    """Files a command may take, in their order; those that are not whole yet, and those that never became so."""

    ready: tuple[Path, ...]
    waited: tuple[Path, ...] = ()
    given_up: tuple[Path, ...] = ()


def settle(paths: Sequence[Path], settings: Watching, *, clock: Callable[[], float] = time.monotonic) -> Settled:
    """Wait until files are still, a minute at most, and part those that are whole from those that are not.

    What is no regular file is ready at once: who receives it says why it is not taken.
    """
    looks = _Looks(paths, settings)
    begun = clock()
    while not looks.all_still(now := clock()) and now - begun < _PATIENCE:
        time.sleep(min(_LOOK, settings.calme or _LOOK))
    return looks.settled()


class _Looks:
    """A command's repeated looks at its files: those on shares are given more time."""

    def __init__(self, paths: Sequence[Path], settings: Watching) -> None:
        shares = {folder: is_share(folder) for folder in {path.parent for path in paths}}
        self._paths = paths
        self._parts = [
            (Settling(settings, share=share, aged=True), [path for path in paths if shares[path.parent] is share])
            for share in (False, True)
        ]
        self._seen: list[Path] = []
        self._still: dict[Path, tuple[bool, bool]] = {}

    def all_still(self, now: float) -> bool:
        """Look once more: whether each file that is there has not changed for long enough."""
        self._seen, self._still = [], {}
        for settling, paths in self._parts:
            files = tuple(seen for path in paths if (seen := seen_at(path)))
            self._seen += [one.path for one in files]
            self._still |= {path: (whole, late) for path, whole, late in settling.still(Scan(files, ()), now)}
        return len(self._still) == len(self._seen)

    def settled(self) -> Settled:
        """What the last look says."""
        told = {path: self._still.get(path, (False, False)) for path in self._seen}
        return Settled(
            tuple(path for path in self._paths if path not in told or told[path][0]),
            tuple(path for path, (whole, late) in told.items() if not whole and not late),
            tuple(path for path, (whole, late) in told.items() if not whole and late),
        )
