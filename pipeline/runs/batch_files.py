"""What became of each file given to a batch: its form and how far that one has got, or why it was not taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.text import visible_line
from pipeline.ledger.entries import Entry
from pipeline.ledger.store import Ledger
from pipeline.runs.batch import Event, Phase
from pipeline.storage.inbox import Why

_STOPPED = "interrompu avant"
_GONE = "pris par un autre liasse, ou retiré, au même moment"


@dataclass(frozen=True)
class GivenFile:
    """One file: its name, its form as the ledger knows it, the name its bytes had come under before, why it was left.

    ``entry`` is ``None`` for a file that was not taken; ``twin`` is empty for one that had not come before.
    """

    name: str
    entry: Entry | None
    twin: str = ""
    left: str = ""


def received(events: Iterable[Event], seen: list[Event]) -> Iterator[Event]:
    """The same events; those of files received, or not, are kept in ``seen``."""
    for event in events:
        if event.phase is Phase.RECEIVING and event.file:
            seen.append(event)
        yield event


def given_files(
    ready: Sequence[Path], seen: Sequence[Event], halves: Sequence[Path], ledger: Ledger
) -> tuple[GivenFile, ...]:
    """Each file once: those that were received (``seen``, in the order of ``ready``), the rest, those not whole."""
    known = {entry.form.id: entry for entry in ledger.entries.all()}
    taken = [GivenFile(one.file, known.get(one.id), one.twin, _GONE if one.gone else one.said) for one in seen]
    rest = [GivenFile(visible_line(path.name), None, left=_STOPPED) for path in ready[len(seen) :]]
    return (*taken, *rest, *(GivenFile(visible_line(path.name), None, left=str(Why.INCOMPLETE)) for path in halves))
