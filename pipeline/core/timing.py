"""Profiling: how long each named step took, for whoever asks.

``LIASSE_STEPS=file`` in the environment: every process appends a line for each step that it ends, its name and its
seconds, what other steps took within it left out. Without it a step costs one look at a variable. No line says whose
form it was.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_FILE = os.environ.get("LIASSE_STEPS", "")
_open = threading.local()  # for each step that is open, the seconds of those that ended within it


@contextmanager
def step(name: str) -> Iterator[None]:
    """Around a step, or on a function that is one; each thread has its own."""
    if not _FILE:
        yield
        return
    within: list[float] = _open.__dict__.setdefault("within", [])
    within.append(0.0)
    start = time.perf_counter()
    try:
        yield
    finally:
        spent = time.perf_counter() - start
        with open(_FILE, "a", encoding="ascii") as told:  # noqa: PTH123 -- one write, appended whole
            told.write(f"{name} {spent - within.pop():.6f}\n")
        if within:
            within[-1] += spent
