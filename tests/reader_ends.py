"""How the children that read files ended: the clean process waits for them, so that no figure of ours has them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.sandbox.clean_process import Child, Ended


@contextmanager
def watched() -> Iterator[list[Ended]]:
    """The end of each child that was read with within, in order; one whose end nobody knows is not among them."""
    ends: list[Ended] = []
    end = Child.end

    def told(child: Child) -> Ended | None:
        known = end(child)
        ends.extend([known] if known else [])
        return known

    Child.end = told  # type: ignore[method-assign]
    try:
        yield ends
    finally:
        Child.end = end  # type: ignore[method-assign]
