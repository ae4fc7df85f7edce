"""Outcomes: what was done, told once by the page that a browser is sent to afterwards; in memory of this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

_LONGEST = 120.0  # seconds until nobody comes for it any more
_MOST = 2_000  # outcomes that wait at once


class Outcomes:
    """Words that wait for the next look of somebody at a page; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], tuple[float, tuple[str, ...]]] = {}

    def keep(self, who: str, page: str, told: Sequence[str]) -> None:
        """Keep words (French) for who acted, until they open that page; with what waits there already."""
        now = time.monotonic()
        with self._lock:
            for key in [one for one, (at, _) in self._kept.items() if now - at > _LONGEST]:
                del self._kept[key]
            if len(self._kept) >= _MOST:
                del self._kept[next(iter(self._kept))]
            before = self._kept.pop((who, page), (now, ()))[1]
            self._kept[who, page] = (now, (*before, *told))

    def take(self, who: str, page: str) -> tuple[str, ...]:
        """What waits for them on that page, and does not wait there afterwards; mostly nothing."""
        with self._lock:
            at, told = self._kept.pop((who, page), (0.0, ()))
        return told if time.monotonic() - at <= _LONGEST else ()
