"""How long LibreOffice takes for a packet: started for each document, for each packet, or kept running. By hand.

    python tests/benchmarks/conversion.py [ROUNDS]

Three documents of a Cnam packet, filled from ``templates/``. Rounds are interleaved, since a machine has its moods:
look at the ratios, which are medians of each round's own. The last lines are packets a second of one office kept
running, and of two processes with one each.
"""

from __future__ import annotations

import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import people  # noqa: E402 -- it lies in tests/

from pipeline.core.decisions import Decisions  # noqa: E402
from pipeline.core.fields import Dictionary  # noqa: E402
from pipeline.core.formation import load_formation  # noqa: E402
from pipeline.core.law import Law  # noqa: E402
from pipeline.core.models import Edition, Form, Kind, Reading, Record  # noqa: E402
from pipeline.core.programme import Programme  # noqa: E402
from pipeline.core.workspace import Workspace  # noqa: E402
from pipeline.documents.libreoffice import (  # noqa: E402  # noqa: E402
    WarmOffice,
    convert,
    find_bridge,
    jemalloc,
    program,
)
from pipeline.documents.packaging import make_packet  # noqa: E402

DOCUMENTS = 3
PACKETS = 20  # a process, for the last lines
Documents = dict[str, bytes]


def documents() -> Documents:
    """The first Word files of a packet, filled."""
    workspace = Workspace.at(ROOT)
    dictionary, law, formation = (
        Dictionary.load(workspace),
        Law.load(workspace),
        load_formation(workspace, people.CNAM),
    )
    programme = Programme(dictionary, law, formation, formation.session("2024-2025"))
    data = {**people.cnam(), "formation": {"code": people.CNAM, "annee": "2024-2025"}}
    reading = Reading("ab" * 32, Kind.ACROFORM, f"{people.CNAM}/2024-2025", people.CNAM, "2024-2025", ())
    form = Form("ab" * 32, Path("formulaire.pdf"), "formulaire.pdf", people.TODAY)
    packet = make_packet(
        Record(data, (), reading),
        form,
        programme=programme,
        workspace=workspace,
        decisions=Decisions(),
        on=people.TODAY,
        edition=Edition("2024-001", 1),
    )
    words = [name for name in packet.files if name.endswith(".docx")]
    return {name: packet.files[name] for name in words[:DOCUMENTS]}


@contextmanager
def kept(documents: Documents, *, faster: bool) -> Iterator[WarmOffice]:
    """An office that is up and has seen the documents once, with or without jemalloc."""
    found = program.jemalloc
    if not faster:
        program.jemalloc = lambda: ""  # type: ignore[assignment]
    try:
        with WarmOffice() as opened:
            opened.convert(documents)
            program.jemalloc = found
            yield opened
    finally:
        program.jemalloc = found


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.monotonic()
    work()
    return time.monotonic() - start


def compare(documents: Documents, rounds: int) -> None:
    """Print a line for each way: the median of its seconds, and of its ratio to the first in the same round."""
    with kept(documents, faster=False) as plain, kept(documents, faster=True) as fast:
        ways: dict[str, Callable[[], object]] = {
            "cold, a start for each document": lambda: [convert({name: docx}) for name, docx in documents.items()],
            "cold, a start for each packet": lambda: convert(documents),
            "warm": lambda: plain.convert(documents),
        }
        if jemalloc():
            ways["warm, with jemalloc"] = lambda: fast.convert(documents)
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, way in ways.items():
                taken[name].append(seconds(way))
    first = next(iter(taken.values()))
    for name, spent in taken.items():
        ratio = statistics.median(one / other for one, other in zip(spent, first, strict=True))
        print(f"{name:34} {statistics.median(spent):6.3f} s  x{ratio:.2f}")  # noqa: T201 -- a report


def packets(documents: Documents, barrier: object = None) -> float:
    """The seconds of ``PACKETS`` packets in an office that is already up."""
    with kept(documents, faster=True) as opened:
        if barrier is not None:
            barrier.wait()  # type: ignore[attr-defined]
        return seconds(lambda: [opened.convert(documents) for _ in range(PACKETS)])


def _in_a_process(documents: Documents, barrier: object, queue: object) -> None:
    queue.put(packets(documents, barrier))  # type: ignore[attr-defined]


def scale(documents: Documents, processes: int) -> None:
    """Print how many packets a second so many processes make, an office each."""
    context = multiprocessing.get_context("spawn")
    barrier, queue = context.Barrier(processes), context.Queue()
    workers = [context.Process(target=_in_a_process, args=(documents, barrier, queue)) for _ in range(processes)]
    for worker in workers:
        worker.start()
    slowest = max(queue.get() for _ in workers)
    for worker in workers:
        worker.join()
    print(f"{processes} kept running: {processes * PACKETS / slowest:5.2f} packets/s")  # noqa: T201 -- a report


def main() -> None:
    """Measure on this machine, as it is."""
    found = find_bridge()
    if not found.python:
        sys.exit(f"nothing to compare: {found.why}")
    made = documents()
    compare(made, int(sys.argv[1]) if len(sys.argv) > 1 else 10)
    for processes in (1, 2):
        scale(made, processes)


if __name__ == "__main__":
    main()
