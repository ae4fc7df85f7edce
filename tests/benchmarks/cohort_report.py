"""What was measured of whole cohorts, as a page of ``docs/`` with its picture."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import plot
from batch_runs import Run

from pipeline.ledger.store import State

STEPS = ("receive", "read", "check", "compare", "fill", "convert", "proof", "assemble", "publish", "ledger")
KINDS = ("parent", "workers", "soffice", "all")
_MB = 1 << 20
_COMMAND = "python tests/benchmarks/real_cohort.py --forms {forms} --jobs {jobs} --write"
_PAGE = """# How fast, in how much memory

Measured by hand with `{command}`,
on {machine}.

A cohort is made of invented people: our own form as a fillable PDF (42 %), in Word (22 %) or printed to PDF (16 %),
other schools' forms (8 %), scans (2 %), and 10 % that are truncated, wrong, incomplete, encrypted, sent twice,
doubtful or no form at all. `liasse batch` ran in a fresh workspace each
time, {jobs} workers. Absolute figures are this machine's; look at how they grow.

{runs}

Seconds of all processes together, by step (what other steps took within it left out; the ledger's include waiting for
each other):

{steps}

Peak of memory in MiB (PSS: shared pages counted once), every half second:

{memory}

![Memory over time](performance.svg)

From {few} forms to {many}, seconds a form: × {slope:.2f}; the peak of memory: × {growth:.2f}.

`python tests/benchmarks/real_cohort.py --forms 1000 --kill 10` kills every process of the run at ten random moments,
types the same command again each time, and compares every file of the outbox with a quiet run's, byte for byte.
`python tests/benchmarks/cohort.py` compares packets a second with the same pipeline as anyone would write it.
"""


def line(run: Run) -> str:
    """One run in one line."""
    ends = ", ".join(f"{count} {name}" for name, count in sorted(run.states.items()))
    peak = run.peak.get("all", 0) // _MB
    return f"{run.forms} forms: {run.seconds:.1f} s, {run.forms / run.seconds:.2f} forms/s, {peak} MiB; {ends}"


def page(runs: Sequence[Run], jobs: int) -> str:
    """The page, in Markdown."""
    few, many = runs[0], runs[-1]
    return _PAGE.format(
        command=_COMMAND.format(forms=" ".join(str(run.forms) for run in runs), jobs=jobs), jobs=jobs,
        machine=_machine(), few=few.forms, many=many.forms,
        runs=_table(["forms", "seconds", "forms/s", "packets", "packets/s"], [_speed(run) for run in runs]),
        steps=_table(["forms", *STEPS], [
            [str(run.forms), *(f"{run.steps.get(name, 0):.1f}" for name in STEPS)] for run in runs]),
        memory=_table(["forms", *KINDS], [
            [str(run.forms), *(str(run.peak.get(kind, 0) // _MB) for kind in KINDS)] for run in runs]),
        slope=(many.seconds / many.forms) / (few.seconds / few.forms),
        growth=many.peak.get("all", 0) / max(1, few.peak.get("all", 0)),
    )  # fmt: skip


def write(runs: Sequence[Run], jobs: int, docs: Path) -> None:
    """Put the page and its picture into ``docs``."""
    (docs / "performance.md").write_text(page(runs, jobs), encoding="utf-8")
    lines = {f"{run.forms} forms": [(at, size / _MB) for at, size in run.series] for run in runs}
    picture = plot.svg(lines, title="liasse batch: memory of all its processes", across="seconds", up="MiB")
    (docs / "performance.svg").write_text(picture, encoding="utf-8")


def _speed(run: Run) -> list[str]:
    packets = run.states.get(State.DELIVERED.value, 0)
    return [str(run.forms), f"{run.seconds:.1f}", f"{run.forms / run.seconds:.2f}", str(packets),
            f"{packets / run.seconds:.2f}"]  # fmt: skip


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---:"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _machine() -> str:
    cpu = next((text.partition(":")[2].strip() for text in Path("/proc/cpuinfo").read_text().splitlines()
                if text.startswith("model name")), platform.machine())  # fmt: skip
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    soffice = shutil.which("soffice")
    asked = subprocess.run([soffice, "--version"], capture_output=True, text=True, check=False) if soffice else None
    office = " ".join(asked.stdout.split()[:2]) if asked else "no LibreOffice"
    return f"{os.cpu_count()} cores ({cpu}), {memory:.0f} GiB, Python {platform.python_version()}, {office}"
