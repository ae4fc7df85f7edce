"""The long fuzz run: ``python tests/fuzz/run_fuzz.py --count 2000 --seed 1``, which prints its figures."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[up]) for up in range(3)]
from fuzzing import TESTS, fuzz, shelf_of  # noqa: E402 -- found through the line above, run as a script

from pipeline.blanks.layout_cache import open_forms  # noqa: E402 -- as above
from pipeline.core.fields import Dictionary  # noqa: E402 -- as above
from pipeline.core.workspace import Workspace  # noqa: E402 -- as above


def main() -> int:
    """Read that many damaged forms; 0 if nothing went wrong."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--count", type=int, default=2_000, help="how many damaged forms")
    asked.add_argument("--seed", type=int, default=1, help="the first of their numbers: seed, seed + 1, …")
    wanted = asked.parse_args()
    workspace = Workspace.at(TESTS.parent)
    with tempfile.TemporaryDirectory() as place:
        known = shelf_of(open_forms(workspace, Dictionary.load(workspace)), Path(place))
        report = fuzz(range(wanted.seed, wanted.seed + wanted.count), Path(place), known)
    sys.stdout.write("\n".join(report.lines()) + "\n")
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
