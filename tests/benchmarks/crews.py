"""Two processes for each way of making packets, kept from one round to the next; times are of whole packets."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import time
from collections.abc import Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from multiprocessing.util import Finalize
from pathlib import Path
from types import ModuleType

import liasse_way
import ordinary_way
from packet_contexts import ANCHORS, context

from pipeline.documents.libreoffice import WarmOffice, warm_office

_open: list[AbstractContextManager[WarmOffice]] = []  # the office of this process, for its life


@dataclass(frozen=True)
class Bench:
    """Where the templates are, and where packets are written."""

    templates: dict[str, Path]
    place: Path


class Crew:
    """Two processes that make packets one way; each makes one beforehand, so that nothing is paid in the first."""

    def __init__(self, bench: Bench, *, ours: bool) -> None:
        self._bench, self._ours = bench, ours
        self._pool = ProcessPoolExecutor(2, multiprocessing.get_context("spawn"), _begin, (ours,))
        list(self._pool.map(_warmed, [bench] * 2, [ours] * 2, (-1, -2)))

    def one_by_one(self, numbers: Iterable[int]) -> float:
        """Packets a second, of one process: one packet after the other."""
        return _rate([self._job(number).result() for number in numbers])

    def together(self, numbers: Iterable[int]) -> float:
        """Packets a second, of both processes."""
        return _rate([job.result() for job in [self._job(number) for number in numbers]])

    def _job(self, number: int) -> Future[tuple[float, float]]:
        return self._pool.submit(_packet, self._bench, number, ours=self._ours)

    def close(self) -> None:
        """End the processes, and their offices."""
        self._pool.shutdown()


def _rate(spans: list[tuple[float, float]]) -> float:
    return len(spans) / (max(end for _, end in spans) - min(start for start, _ in spans))


def _begin(ours: bool) -> None:  # noqa: FBT001 -- an initializer's arguments have no names
    if ours:
        kept = warm_office()
        kept.__enter__()
        _open.append(kept)
        Finalize(None, kept.__exit__, (None, None, None), exitpriority=10)


def _warmed(bench: Bench, ours: bool, number: int) -> None:  # noqa: FBT001 -- called by map
    _packet(bench, number, ours=ours)
    time.sleep(2)  # so that the other process takes the other call


def made_at(bench: Bench, number: int, *, ours: bool) -> Path:
    """Where the packet of that number is written."""
    if ours:
        return bench.place / "liasse" / f"{number:06d}"
    return bench.place / "ordinary" / str(os.getpid()) / f"{number:06d}"


def _packet(bench: Bench, number: int, *, ours: bool) -> tuple[float, float]:
    """Make one packet; when it began and ended. Both ways find their place empty."""
    place = made_at(bench, number, ours=ours)
    shutil.rmtree(place, ignore_errors=True)
    if not ours:
        place.mkdir(parents=True)
    way: ModuleType = liasse_way if ours else ordinary_way
    values = context(number)
    start = time.monotonic()
    way.make(bench.templates, values, ANCHORS, f"{abs(number):08x}", place)
    return start, time.monotonic()
