"""What the budget of templates costs: each filled with it and without, turn about.

By hand: ``python tests/benchmarks/template_budget.py [ROUNDS]``. Without: no count in any loop, macro or print, no
look at lists, sums and calls. What is compared is the whole filling of compiled templates, in processor time.
"""

from __future__ import annotations

import gc
import inspect
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(Path(__file__).parent)]

import filling  # noqa: E402 -- the paths come first
import filling_kit  # noqa: E402
from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from pipeline.core.workspace import Workspace  # noqa: E402
from pipeline.documents.filling import CompiledTemplate, compile_template, language, parts  # noqa: E402
from pipeline.documents.filling.preparation import prepare  # noqa: E402

AT_ONCE = 20  # documents timed together


class _Free(language._Sandbox):
    """The same sandbox without a budget."""

    intercepted_binops = frozenset()
    _parse = ImmutableSandboxedEnvironment._parse
    call = ImmutableSandboxedEnvironment.call


def _free_print() -> Callable[..., str]:
    """What prints a value, without the lines that pay for it."""
    lines = inspect.getsource(language._finalize).splitlines()
    kept = [line for line in lines if "fuel" not in line and "SHORT" not in line and "Mapping)" not in line]
    if len(kept) == len(lines):
        raise AssertionError("printing pays for nothing: look where it does")
    names: dict[str, Callable[..., str]] = {}
    exec("\n".join(kept), dict(vars(language)), names)  # noqa: S102 -- our own source
    return names["_finalize"]


@contextmanager
def without_budget() -> Iterator[None]:
    """Templates that are compiled within are not counted."""
    changed = {"_Sandbox": _Free, "_finalize": _free_print(), "light": lambda work: work}
    with mock.patch.multiple(language, **changed):
        free = language._environment()
    with mock.patch.object(parts, "ENVIRONMENT", free):
        yield


def measured(compiled: CompiledTemplate, case: filling_kit.Case) -> float:
    """Milliseconds of processor of one filling."""
    start = time.process_time()
    for _ in range(AT_ONCE):
        compiled.fill(case.context, case.title)
    return (time.process_time() - start) * 1000 / AT_ONCE


def main(rounds: int) -> None:
    """Time every template, and print the table."""
    workspace = Workspace.at(ROOT)
    cases: dict[str, filling_kit.Case] = {}
    for programme in filling.programmes(workspace):
        for case in filling_kit.cases(workspace, programme):
            cases.setdefault(f"{case.template.parent.name}/{case.template.stem}", case)
    ready: dict[str, tuple[CompiledTemplate, CompiledTemplate]] = {}
    for name, case in cases.items():
        docx = prepare(case.template.read_bytes())
        with without_budget():
            free = compile_template(docx)
        ready[name] = compile_template(docx), free
        bounded_, free_ = (one.fill(case.context, case.title) for one in ready[name])
        if bounded_ != free_:
            raise AssertionError(f"{name} differs without its budget")
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in cases}
    gc.disable()
    for turn in range(rounds):
        for name, case in cases.items():
            order = (0, 1) if turn % 2 else (1, 0)
            both = {which: measured(ready[name][which], case) for which in order}
            times[name].append((both[0], both[1]))
        gc.collect()
    table = Table("template", "with, ms", "without, ms", "more", "of the least")
    rounds_of_all = [
        [sum(column) for column in zip(*turn, strict=True)] for turn in zip(*times.values(), strict=True)
    ]
    for name, pairs in [*times.items(), ("together", [(one[0], one[1]) for one in rounds_of_all])]:
        with_, without = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratio = statistics.median(one / other for one, other in pairs)
        least = min(one for one, _ in pairs) / min(other for _, other in pairs)
        table.add_row(
            name, f"{with_:.3f}", f"{without:.3f}", *(f"{100 * (one - 1):+.1f} %" for one in (ratio, least))
        )
    Console().print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 25)
