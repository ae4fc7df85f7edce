"""A program with all that it started: what memory it takes, and its end as by a power cut."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

_EACH = 0.5  # seconds between two looks
_KINDS = {"soffice": "soffice", "oosplash": "soffice", "uno_child": "soffice", "bwrap": "soffice"}


def tree(root: int) -> Iterator[int]:
    """A process and all that descend from it, as they are now."""
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        yield pid
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                waiting += map(int, children.read_text().split())


def end_at_once(root: int) -> int:
    """Kill the whole tree with -9, its youngest too; how many processes there were."""
    killed = 0
    while left := [pid for pid in tree(root) if _alive(pid)]:
        for pid in reversed(left):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                killed += 1
        time.sleep(0.01)
    return killed


def _alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    return False


class Memory:
    """Looks at a tree until it is closed.

    ``peak`` is the most of each kind and of all, in bytes (PSS: shared pages are counted once among those that share
    them); ``series`` holds the seconds and the whole at each look.
    """

    def __init__(self, root: int) -> None:
        self.peak: Counter[str] = Counter()
        self.series: list[tuple[float, int]] = []
        self._root = root
        self._began = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_EACH):
            seen: Counter[str] = Counter()
            for pid in tree(self._root):
                with contextlib.suppress(OSError, ValueError):
                    seen[self._kind(pid)] += _pss(pid)
            seen["all"] = seen.total()
            self.series.append((time.monotonic() - self._began, seen["all"]))
            for kind, size in seen.items():
                self.peak[kind] = max(self.peak[kind], size)

    def _kind(self, pid: int) -> str:
        if pid == self._root:
            return "parent"
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        for word, kind in _KINDS.items():
            if word in command:
                return kind
        return "workers"


def _pss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
