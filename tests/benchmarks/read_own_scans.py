"""Read scans of our own form and count what is right, doubted and wrong (``make scans``): a quarter of an hour.

Run from the repository: ``python tests/benchmarks/read_own_scans.py [number…]``. The scans are made in a temporary
folder. The gate: 95 % of the printed values accepted and right, none accepted wrong.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path

import own_scans
import people

from pipeline.blanks.layout_cache import open_forms
from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.models import JSON, FieldReading
from pipeline.core.workspace import Workspace
from pipeline.reading.scans import read_scanned_form
from pipeline.reports.truth import agrees

ROOT = Path(__file__).parent.parent.parent
GATE = 0.95


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def cpu_seconds() -> float:
    """What this process and its children have used."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def verdict_of(field: FieldReading, value: JSON, kind: FieldKind) -> str:
    """What became of one field whose printed value this is."""
    if field.doubt:
        return "doubt"
    if not agrees(kind, value, field.value):
        return "wrong"
    return "empty" if value is None else "right"


def main(numbers: list[int]) -> int:
    """Read the scans of these numbers, or all; returns 1 below the gate."""
    workspace = Workspace.at(ROOT)
    dictionary = Dictionary.load(workspace)
    whole, variants, reasons = Counter[str](), dict[str, Counter[str]](), Counter[str]()
    known = open_forms(workspace, dictionary)
    for case in own_scans.cases():
        if numbers and case.number not in numbers:
            continue
        blank, record = own_scans.blank_of(workspace, dictionary, case.formation), own_scans.record_of(case)
        scan, start = own_scans.scan_of(case, blank, record), cpu_seconds()
        reading = read_scanned_form(scan, known, people.TODAY, photo=False)
        seconds, fields = cpu_seconds() - start, {field.path: field for field in reading.fields}
        truth, count = own_scans.truth_of(blank, record), Counter[str](known=reading.layout == blank.layout)
        for path, field in fields.items():
            kind, value = dictionary.fields[path].kind, truth.get(path)
            verdict = verdict_of(field, value, kind)
            count[verdict] += 1
            if verdict in ("doubt", "wrong"):
                reasons[f"{field.doubt.code if field.doubt else verdict}, {kind}"] += 1
                say(f"    {verdict} {path}: {value!r}, read {field.raw[:90]!r} {str(field.doubt or '')[:110]}")
        count["present"] = len(truth)
        say(
            f"{case.name}: {count['right']}/{len(truth)} {dict(count)} {seconds:.1f} s CPU {reading.strays}",
        )
        whole += count
        variants.setdefault(case.variant, Counter()).update(count)
    for name, count in variants.items():
        say(f"{name}: {count['right'] / count['present']:.1%} right, {count['doubt']} doubts, {count['wrong']} wrong")
    for reason, number in reasons.most_common():
        say(f"{number} {reason}")
    share = whole["right"] / whole["present"]
    say(f"all: {share:.2%} right, {whole['doubt']} doubts, {whole['wrong']} wrong")
    return int(share < GATE or whole["wrong"] > 0)


if __name__ == "__main__":
    sys.exit(main([int(number) for number in sys.argv[1:]]))
