"""Presence: who has which dossier open, in memory of this process, for a minute; so that a second person sees it."""

from __future__ import annotations

import threading
import time
from collections import defaultdict

from pipeline.core.visitors import Visitor

_FRESH = 20.0  # seconds after the last sign of a page


class Presence:
    """Signs of life of the pages that are open."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: defaultdict[str, dict[str, tuple[str, float]]] = defaultdict(dict)

    def note(self, dossier: str, visitor: Visitor) -> None:
        """This visitor has that dossier open."""
        now = time.monotonic()
        with self._lock:
            self._seen[dossier][visitor.actor] = (visitor.name, now)
            for one in [
                key for key, there in self._seen.items() if all(now - at > _FRESH for _, at in there.values())
            ]:
                del self._seen[one]

    def others(self, dossier: str, visitor: Visitor) -> tuple[str, ...]:
        """The names of those who have it open besides this visitor, who is noted too."""
        self.note(dossier, visitor)
        now = time.monotonic()
        with self._lock:
            there = self._seen.get(dossier, {})
            return tuple(
                sorted(name for actor, (name, at) in there.items() if actor != visitor.actor and now - at <= _FRESH)
            )
