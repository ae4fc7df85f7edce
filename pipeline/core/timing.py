"""Profiling: how long each named step took, for whoever asks.

``LIASSE_STEPS=file`` in the environment: every process appends a line for each step that it ends, its name and its
seconds, what other steps took within it left out. Without it a step costs one look at a variable. No line says whose
form it was.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

_FILE = os.environ.get("LIASSE_STEPS", "")
_within: list[float] = []  # for each step that is open, the seconds of those that ended within it


@contextmanager
def step(name: str) -> Iterator[None]:
    """Around a step, or on a function that is one; only for what runs in a program's first thread."""
    if not _FILE:
        yield
        return
    _within.append(0.0)
    start = time.perf_counter()
    try:
        yield
    finally:
        spent = time.perf_counter() - start
        with open(_FILE, "a", encoding="ascii") as told:  # noqa: PTH123 -- one write, appended whole
            told.write(f"{name} {spent - _within.pop():.6f}\n")
        if _within:
            _within[-1] += spent
