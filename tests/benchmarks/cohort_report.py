"""What was measured of whole cohorts, as a part of ``docs/performance.md`` with its picture."""

from __future__ import annotations

import os
import platform
import re
import shutil
import statistics
import subprocess
from collections.abc import Sequence
from pathlib import Path

import plot
from batch_runs import Run

from pipeline.ledger.entries import State

STEPS = ("receive", "read", "check", "compare", "fill", "convert", "proof", "assemble", "publish", "ledger")
KINDS = ("parent", "workers", "soffice", "all")
_MB = 1 << 20
_COMMAND = "python tests/benchmarks/real_cohort.py --forms {forms} --jobs {jobs} --write"
_BLOCK = re.compile("(?<=<!-- cohort -->\n).*?(?=<!-- /cohort -->)", re.DOTALL)
_PAGE = """Measured with `{command}`,
on {machine}.

{runs}

Seconds of all processes together, by step (what other steps took within it left out; the ledger's include waiting for
each other):

{steps}

Memory in MiB (PSS: shared pages counted once), looked at every half second. The peaks are scans, each in a
child of its own, one a worker at most; the median is what is held from one form to the next:

{memory}

![Memory over time](performance.svg)

From {few} forms to {many}, seconds a form: × {slope:.2f}; memory, the median: × {growth:.2f}.
"""


def line(run: Run) -> str:
    """One run in one line."""
    ends = ", ".join(f"{count} {name}" for name, count in sorted(run.states.items()))
    peak = run.peak.get("all", 0) // _MB
    return f"{run.forms} forms: {run.seconds:.1f} s, {run.forms / run.seconds:.2f} forms/s, {peak} MiB; {ends}"


def page(runs: Sequence[Run], jobs: int) -> str:
    """That part of the page, in Markdown."""
    few, many = runs[0], runs[-1]
    return _PAGE.format(
        command=_COMMAND.format(forms=" ".join(str(run.forms) for run in runs), jobs=jobs),
        machine=_machine(),
        few=few.forms,
        many=many.forms,
        runs=_table(["forms", "seconds", "forms/s", "packets", "packets/s"], [_speed(run) for run in runs]),
        steps=_table(
            ["forms", *STEPS],
            [[str(run.forms), *(f"{run.steps.get(name, 0):.1f}" for name in STEPS)] for run in runs],
        ),
        memory=_table(
            ["forms", *(f"{kind}, peak" for kind in KINDS), "all, median"],
            [
                [str(run.forms), *(str(run.peak.get(kind, 0) // _MB) for kind in KINDS), str(_median(run) // _MB)]
                for run in runs
            ],
        ),
        slope=(many.seconds / many.forms) / (few.seconds / few.forms),
        growth=_median(many) / max(1, _median(few)),
    )


def write(runs: Sequence[Run], jobs: int, docs: Path) -> None:
    """Put that part and its picture into ``docs``; the rest of the page stays as it is."""
    place = docs / "performance.md"
    text = place.read_text(encoding="utf-8")
    place.write_text(_BLOCK.sub(lambda _: page(runs, jobs), text), encoding="utf-8")
    lines = {f"{run.forms} forms": [(at, size / _MB) for at, size in run.series] for run in runs}
    picture = plot.svg(lines, title="liasse batch: memory of all its processes", across="seconds", up="MiB")
    (docs / "performance.svg").write_text(picture, encoding="utf-8")


def _speed(run: Run) -> list[str]:
    packets = run.states.get(State.DELIVERED.value, 0)
    return [
        str(run.forms),
        f"{run.seconds:.1f}",
        f"{run.forms / run.seconds:.2f}",
        str(packets),
        f"{packets / run.seconds:.2f}",
    ]


def _median(run: Run) -> int:
    return int(statistics.median(size for _, size in run.series)) if run.series else 0


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---:"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _machine() -> str:
    cpu = next(
        (
            text.partition(":")[2].strip()
            for text in Path("/proc/cpuinfo").read_text().splitlines()
            if text.startswith("model name")
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    soffice = shutil.which("soffice")
    asked = subprocess.run([soffice, "--version"], capture_output=True, text=True, check=False) if soffice else None
    office = " ".join(asked.stdout.split()[:2]) if asked else "no LibreOffice"
    return f"{os.cpu_count()} cores ({cpu}), {memory:.0f} GiB, Python {platform.python_version()}, {office}"
