"""A scan read again and again while busy loops take the processors: the same reading each time, or a later try."""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT)]

from pipeline.blanks.edition_store import open_blanks  # noqa: E402
from pipeline.blanks.layout_cache import compile_layouts  # noqa: E402
from pipeline.core.errors import Transient  # noqa: E402
from pipeline.core.fields import Dictionary  # noqa: E402
from pipeline.core.models import Form, Reading  # noqa: E402
from pipeline.core.workspace import Workspace  # noqa: E402
from pipeline.forms.layouts import load_layout  # noqa: E402
from pipeline.reading.known_forms import KnownForms  # noqa: E402
from pipeline.reading.reader import read  # noqa: E402
from pipeline.reading.warming import preload  # noqa: E402

SCAN = ROOT / "tests" / "layouts" / "colonnes" / "00.scan.pdf"
PRINT = ROOT / "tests" / "layouts" / "colonnes" / "00.pdf"
LOADS, TIMES = (0, 4, 12), 10


@dataclass(frozen=True)
class Seen:
    """One reading (``None``: it was stopped, and would be tried again), and the seconds that it took."""

    reading: Reading | None
    elapsed: float
    processor: float


@contextmanager
def busy(count: int) -> Iterator[None]:
    """Within, so many processes compute without end.

    Each in a session of its own: Linux shares the processors among sessions first, and a reader has its own.
    """
    endless = [sys.executable, "-c", "while True: pass"]
    loops = [subprocess.Popen(endless, start_new_session=True) for _ in range(count)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def readings(times: int, load: int, scan: Path = SCAN) -> Iterator[Seen]:
    """The scan read so many times beside so many busy loops. A FormRejected is let through: it must not be."""
    workspace = Workspace.at(ROOT)
    dictionary = Dictionary.load(workspace)
    form = Form(hashlib.sha256(scan.read_bytes()).hexdigest(), scan, scan.name, dt.date(2025, 3, 17))
    with tempfile.TemporaryDirectory() as memory:
        layouts = compile_layouts([load_layout(scan.parent)], dictionary, Path(memory))
    known = KnownForms(open_blanks(workspace, dictionary), layouts, dictionary)
    preload()
    with busy(load):
        for _ in range(times):
            start, before = time.monotonic(), sum(os.times()[2:4])
            try:
                reading = read(form, known)
            except Transient:
                reading = None
            yield Seen(reading, time.monotonic() - start, sum(os.times()[2:4]) - before)


def _row(load: int, seen: Sequence[Seen]) -> str:
    found = [one.reading for one in seen if one.reading is not None]
    doubts = sorted({len(reading.doubts) for reading in found})
    elapsed, processor = [one.elapsed for one in seen], [one.processor for one in seen]
    cells = (
        f"{load}",
        f"{len(seen)}",
        f"{len(seen) - len(found)}",
        f"{len({repr(reading) for reading in found})}",
        f"{', '.join(map(str, doubts))}",
        f"{statistics.median(elapsed):.1f} ({max(elapsed):.1f})",
        f"{statistics.median(processor):.1f} ({max(processor):.1f})",
    )
    return f"| {' | '.join(cells)} |\n"


def main() -> None:
    """Print a table; exit code 1 when two readings of the same file differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=TIMES)
    parser.add_argument("--loads", type=int, nargs="+", default=LOADS)
    asked = parser.parse_args()
    sys.stdout.write("| busy loops | read | stopped | different | doubts | seconds (most) | of processor (most) |\n")
    sys.stdout.write("|" + " ---: |" * 7 + "\n")
    found: set[str] = set()
    for load in asked.loads:
        seen = list(readings(asked.times, load))
        found |= {repr(one.reading) for one in seen if one.reading is not None}
        sys.stdout.write(_row(load, seen))
        sys.stdout.flush()
    sys.exit(len(found) > 1)


if __name__ == "__main__":
    main()
