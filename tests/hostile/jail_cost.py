"""What the jail costs a form: ``python tests/hostile/jail_cost.py`` prints p50 and p95 of 200 runs.

From the order to the answer of a child that does nothing; all readers are loaded. ``--alone`` (root)
takes a core before all other work, so that a busy machine does not count.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from pipeline.reading import warming
from pipeline.sandbox import confinement, jail

RUNS = 200


def milliseconds(runs: int = RUNS) -> list[float]:
    """The time of each run, in order of length."""
    with tempfile.TemporaryFile() as form:
        form.write(b"bytes of a form")
        form.flush()
        jail.run(len, form.fileno())  # the first also finds out what the kernel can do
        taken = []
        for _ in range(runs):
            start = time.perf_counter()
            jail.run(len, form.fileno())
            taken.append((time.perf_counter() - start) * 1_000)
    return sorted(taken)


def main() -> None:
    """Measure as this user."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--alone", action="store_true", help="run before all other work of the machine (root only)")
    alone = asked.parse_args().alone
    if alone:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    able = confinement.usable()
    warming.preload()
    taken = milliseconds()
    said = f"Landlock {able.landlock}, seccomp {able.seccomp}, all readers loaded"
    figures = (
        f"p50 {taken[len(taken) // 2]:.1f} ms, p95 {taken[int(len(taken) * 0.95)]:.1f} ms, max {taken[-1]:.1f} ms"
    )
    sys.stdout.write(f"user {os.getuid()}: {RUNS} runs, {figures} ({said})\n")


if __name__ == "__main__":
    main()
