"""Progress reporters of a batch: a bar on a terminal, lines in a log, JSON events for another program."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import asdict
from typing import Protocol, Self

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from pipeline.core.errors import ExitCode
from pipeline.core.french import counted_all
from pipeline.core.text import json_text
from pipeline.ledger.entries import SETTLED, State
from pipeline.reports.account import STATES
from pipeline.runs.batch import Event, Phase

_ALL = 132  # columns in which the rate, the time left and the counts stand whole
EVERY = 5.0  # seconds between two lines of a log, while nothing ends


class Teller(Protocol):
    """Tells the events of a batch as they come."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def tell(self, event: Event) -> None:
        """One more event."""
        ...


def teller(*, as_json: bool) -> Teller:
    """The one that fits what is looked at."""
    if as_json:
        return JsonLines()
    return Bar(Console(stderr=True)) if sys.stderr.isatty() else Lines()


class Bar:
    """A bar for each phase, with the rate, the time left and the counts by outcome."""

    def __init__(self, screen: Console) -> None:
        self._counts: Counter[str] = Counter()
        self._tasks: dict[Phase, TaskID] = {}
        self._began: dict[Phase, float] = {}
        wide = screen.width >= _ALL
        self._progress = Progress(
            TextColumn("{task.description:<10}"),
            BarColumn(bar_width=30 if wide else 16),
            MofNCompleteColumn(),
            *((TextColumn("{task.fields[rate]}"),) if wide else ()),
            TimeElapsedColumn(),
            *((TimeRemainingColumn(), TextColumn("{task.fields[counts]}")) if wide else ()),
            console=screen,
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def tell(self, event: Event) -> None:
        """Move the bar of the phase."""
        if event.phase not in self._tasks:
            self._tasks[event.phase] = self._progress.add_task(
                event.phase.value, total=event.total, rate="", counts=""
            )
            self._began[event.phase] = time.monotonic()
        if event.state is not None:
            self._counts[STATES[event.state]] += 1
        if event.said:
            self._progress.console.print(f"{event.id} {event.said}", markup=False)
        spent = time.monotonic() - self._began[event.phase]
        rate = f"{event.done / spent:.1f}/s" if spent > 1 else ""
        self._progress.update(
            self._tasks[event.phase],
            completed=event.done,
            total=event.total,
            rate=rate,
            counts=counted_all(self._counts),
        )


class Lines:
    """A line for each form that ends, and one now and then."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._last = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._counts:
            click.echo(counted_all(self._counts), err=True)

    def tell(self, event: Event) -> None:
        """A line, if there is something to say."""
        now = time.monotonic()
        if event.state is not None:
            self._counts[STATES[event.state]] += 1
        if event.state is None and not event.said and now - self._last < EVERY and event.done < event.total:
            return
        self._last = now
        state = STATES[event.state] if event.state else ""
        line = f"{event.phase.value} {event.done}/{event.total} {event.id} {state} {event.said}"
        click.echo(" ".join(line.split()), err=True)


class JsonLines:
    """Every event that changes something, one JSON object a line on standard output."""

    def __init__(self) -> None:
        self._last: tuple[object, ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def tell(self, event: Event) -> None:
        """The event, unless it says what the one before said."""
        said = (event.phase, event.done, event.total, event.id, event.state, event.said)
        if said != self._last:
            self._last = said
            click.echo(json_text(asdict(event)))


def exit_code(counts: Counter[str], *, left: bool) -> ExitCode:
    """0 if all were delivered, 1 if some wait for a person, 3 if some failed, or are left to be received or done."""
    if left or counts[STATES[State.FAILED]]:
        return ExitCode.OURS_TO_MEND
    return ExitCode.ALL_DELIVERED if set(counts) <= {STATES[one] for one in SETTLED} else ExitCode.SOME_WAIT


def follow(events: Iterable[Event], *, as_json: bool) -> tuple[Counter[str], int]:
    """Tell all events; how many forms ended in each state (French), and how many files were received."""
    counts: Counter[str] = Counter()
    received = 0
    with ExitStack() as stack:
        one = stack.enter_context(teller(as_json=as_json))
        for event in events:
            one.tell(event)
            received += event.phase is Phase.RECEIVING and not event.said
            if event.state is not None:
                counts[STATES[event.state]] += 1
    return counts, received
