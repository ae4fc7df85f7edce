"""What the jail costs a form: ``python tests/hostile/jail_cost.py [--user 65534]`` prints p50 and p95 of 200 runs.

From the fork to the answer of a child that does nothing, in a process that has loaded all readers. ``--alone`` (root)
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
from pipeline.reading import reader as intake
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
    """Measure as this user, or as another."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--user", type=int, help="the number of the user to become first (root only)")
    asked.add_argument("--alone", action="store_true", help="run before all other work of the machine (root only)")
    user, alone = asked.parse_args().user, asked.parse_args().alone
    if alone:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    able = confinement.usable()
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    intake.preload()
    taken = milliseconds()
    loaded = len([name for name in sys.modules if name.startswith(intake.__name__)])
    said = f"Landlock {able.landlock}, seccomp {able.seccomp}, {loaded} modules of intake loaded"
    figures = (
        f"p50 {taken[len(taken) // 2]:.1f} ms, p95 {taken[int(len(taken) * 0.95)]:.1f} ms, max {taken[-1]:.1f} ms"
    )
    sys.stdout.write(f"user {os.getuid()}: {RUNS} runs, {figures} ({said})\n")


if __name__ == "__main__":
    main()
