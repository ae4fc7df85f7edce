"""How long ``liasse batch`` takes for whole cohorts, in how much memory, and whether ten power cuts change a byte.

    python tests/benchmarks/real_cohort.py [--forms 200 500 1000] [--to DIR] [--write]
    python tests/benchmarks/real_cohort.py --forms 1000 --kill 10

By hand. Each run is in a fresh workspace under DIR (default: a temporary folder), where the cohorts are kept too.
``--write`` puts the table and the picture into ``docs/``. ``--kill N`` takes the largest cohort through in peace,
then again with every process killed at N random moments and the same command started anew, and compares the two
outboxes byte for byte, the bilan's papers included.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import batch_runs  # noqa: E402 -- the paths come first
import cohort_report  # noqa: E402
from make_cohort import FORMS, cohort  # noqa: E402


def main() -> None:
    """Measure, or kill."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--forms", type=int, nargs="+", default=[200, 500, 1000])
    parser.add_argument("--to", type=Path, help="where cohorts and workspaces are kept")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kill", type=int, default=0)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="liasse-bench-") if asked.to is None else nullcontext(asked.to) as place:
        if asked.kill:
            _kill(asked, Path(place).resolve())
        else:
            _measure(asked, Path(place).resolve())


def _measure(asked: argparse.Namespace, place: Path) -> None:
    runs = []
    for count in asked.forms:
        forms = cohort(place, count, asked.seed) / FORMS
        runs.append(batch_runs.quiet(forms, place / f"run-{count}", asked.jobs))
        say(cohort_report.line(runs[-1]))
    say(cohort_report.page(runs, asked.jobs))
    if asked.write:
        cohort_report.write(runs, asked.jobs, ROOT / "docs")


def _kill(asked: argparse.Namespace, place: Path) -> None:
    count = max(asked.forms)
    forms = cohort(place, count, asked.seed) / FORMS
    run = batch_runs.quiet(forms, place / f"run-{count}", asked.jobs)
    say(cohort_report.line(run))
    quiet = batch_runs.Workspace.at(place / f"run-{count}")
    again, dead = batch_runs.killed(
        forms, place / f"killed-{count}", asked.jobs, kills=asked.kill, seconds=run.seconds, seed=asked.seed
    )
    say(f"killed {asked.kill} times, {dead} processes; ended as {dict(batch_runs.states(again))}")
    wrong = batch_runs.differences(quiet, again)
    files = sum(1 for path in quiet.outbox.rglob("*") if path.is_file())
    papers = [name for name in wrong if batch_runs.of_bilan(name)]
    say(f"{files} files compared: {len(wrong) - len(papers)} differ, and {len(papers)} of the bilan's papers")
    for name in wrong[:20]:
        say(f"  {name}")
    if wrong or batch_runs.states(quiet) != batch_runs.states(again):
        sys.exit("power cuts change the result")


def say(text: str) -> None:
    """One line or more."""
    print(text, flush=True)  # noqa: T201 -- a report


if __name__ == "__main__":
    main()
