"""How many packets a second, against the same pipeline as anyone would write it, once and twice at once. By hand.

    python tests/benchmarks/cohort.py [--rounds 7] [--packets 40]

Convention (4 pages, 4 signature cells), annexe (2) and attestation (1): filled, converted, put together with page
numbers, code and signature fields, written to disk. The ordinary way proves nothing.
Rounds are interleaved, since a machine has its moods: look at the ratios, each the median of its rounds' own.
Every page of the last round's ordinary packets is compared with ours, pixel by pixel.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # it makes every start of a process slow, ours and theirs

import same_pages  # noqa: E402 -- the paths come first
from crews import Bench, Crew  # noqa: E402
from packet_templates import write_templates  # noqa: E402

ALONE, TWICE, OURS = "ordinary, one after the other", "ordinary, twice in parallel", "liasse, two workers"
GOALS = {ALONE: 25, TWICE: 12}
SLOW = 4  # packets a round, the slow ways


def rounds(bench: Bench, count: int, packets: int) -> dict[str, list[float]]:
    """Packets a second of each way, round by round."""
    ordinary, ours = Crew(bench, ours=False), Crew(bench, ours=True)
    found: dict[str, list[float]] = {ALONE: [], TWICE: [], OURS: []}
    try:
        for number in range(count):
            first = number * packets
            found[ALONE].append(ordinary.one_by_one(range(first, first + SLOW)))
            found[OURS].append(ours.together(range(first, first + packets)))
            found[TWICE].append(ordinary.together(range(first, first + SLOW)))
            say(f"round {number + 1}: " + ", ".join(f"{rates[-1]:.3f}" for rates in found.values()))
    finally:
        ordinary.close()
        ours.close()
    return found


def compare(bench: Bench) -> int:
    """How many pixels differ between the ordinary packets and ours; raises ValueError for other pages."""
    pairs = [
        (path, bench.place / "liasse" / path.parent.name / "liasse.pdf")
        for path in sorted(bench.place.glob("ordinary/*/*/liasse.pdf"))
    ]
    pages = [count for theirs, ours in pairs for count in same_pages.differing(theirs, ours)]
    say(f"{len(pairs)} packets compared, {len(pages)} pages: {sum(pages)} pixels differ")
    return sum(pages)


def report(found: dict[str, list[float]]) -> bool:
    """Print the table; whether the goals are met."""
    met = True
    for name, rates in found.items():
        ratios = [ours / other for ours, other in zip(found[OURS], rates, strict=True)]
        median = statistics.median(ratios)
        goal = GOALS.get(name, 0)
        met = met and median >= goal
        say(
            f"{name:32}{statistics.median(rates):8.3f} packets/s   x{median:6.2f} "
            f"({min(ratios):.1f} to {max(ratios):.1f}{f', goal {goal}' if goal else ''})"
        )
    return met


def say(text: str) -> None:
    """One line."""
    print(text, flush=True)  # noqa: T201 -- a report


def main() -> None:
    """Measure on this machine, as it is; fails if a page differs, and says it when a goal is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--packets", type=int, default=40)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="liasse-bench-") as folder:
        place = Path(folder)
        bench = Bench(write_templates(place), place)
        found = rounds(bench, asked.rounds, asked.packets)
        met = report(found)
        differ = compare(bench)
    if differ:
        sys.exit("pages differ")
    if not met:
        sys.exit("a goal is missed")


if __name__ == "__main__":
    main()
