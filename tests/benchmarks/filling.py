"""How much faster a compiled template is than docxtpl. By hand: ``python tests/benchmarks/filling.py [ROUNDS]``.

The baseline is what anyone writes with docxtpl, ``DocxTemplate(path)``, ``render(autoescape=True)``, ``save``: no
sandbox, nothing proved, no notes of what was printed. Both fill every template of the two formations with full
records, turn about, so that a slow moment of the machine counts for both; figures are medians of processor time.
"""

from __future__ import annotations

import io
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import filling_kit  # noqa: E402 -- the paths come first
import people  # noqa: E402
from docxtpl import DocxTemplate  # noqa: E402
from jinja2 import Environment  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from pipeline.core import french  # noqa: E402
from pipeline.core.fields import Dictionary  # noqa: E402
from pipeline.core.formation import load_formation  # noqa: E402
from pipeline.core.law import Law  # noqa: E402
from pipeline.core.programme import Programme  # noqa: E402
from pipeline.core.workspace import SCHOOL, Workspace  # noqa: E402
from pipeline.documents.filling import fill  # noqa: E402

AT_ONCE = 20  # documents timed together, as one is soon filled
os.environ[SCHOOL] = str(ROOT / "tests" / "samples" / "etablissement")


def programmes(workspace: Workspace) -> list[Programme]:
    """The two formations, in the session of the samples."""
    dictionary, law = Dictionary.load(workspace), Law.load(workspace)
    formations = [load_formation(workspace, code) for code in (people.CNAM, people.COORDINATION)]
    return [Programme(dictionary, law, formation, formation.session("2024-2025")) for formation in formations]


def plainly(case: filling_kit.Case) -> bytes:
    """The document as docxtpl alone makes it."""
    environment = Environment(autoescape=True)
    environment.filters["court"] = french.short_date
    document = DocxTemplate(case.template)
    document.render(dict(case.context), environment, autoescape=True)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def seconds(work: Callable[[], object], times: int) -> float:
    """How much of a processor one turn takes, of so many: what other programs take does not count."""
    start = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - start) / times


def main(rounds: int) -> None:
    """Time every template, and print the table."""
    workspace = Workspace.at(ROOT)
    cases: dict[str, filling_kit.Case] = {}
    for programme in programmes(workspace):
        for case in filling_kit.cases(workspace, programme):
            cases.setdefault(f"{case.template.parent.name}/{case.template.stem}", case)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in cases}
    for case in cases.values():
        fill(case.template, case.context, title=case.title)
    for _ in range(rounds):
        for name, case in cases.items():
            slow = seconds(lambda case=case: plainly(case), 1)
            quick = seconds(lambda case=case: fill(case.template, case.context, title=case.title), AT_ONCE)
            times[name].append((slow * 1000, quick * 1000))
    table = Table("template", "docxtpl, ms", "compiled, ms", "ratio")
    totals = [0.0, 0.0]
    for name, measured in times.items():
        medians = [statistics.median(column) for column in zip(*measured, strict=True)]
        ratio = statistics.median(slow / quick for slow, quick in measured)
        table.add_row(name, f"{medians[0]:.1f}", f"{medians[1]:.3f}", f"{ratio:.0f}")
        totals = [total + median for total, median in zip(totals, medians, strict=True)]
    table.add_row("together", f"{totals[0]:.1f}", f"{totals[1]:.3f}", f"{totals[0] / totals[1]:.0f}")
    Console().print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
