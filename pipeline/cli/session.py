"""What commands do alike: open the context, find the form that an id names, go on with it, print reports, exit."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.core.errors import ConfigError, ExitCode
from pipeline.core.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.dossier.context import Context
    from pipeline.dossier.journey import Report
    from pipeline.ledger.store import Entry


@contextmanager
def open_context(root: Path, today: dt.date) -> Iterator[Context]:
    """The context of a workspace on a day, with its ledger open."""
    from pipeline.ledger.store import Ledger  # noqa: PLC0415
    from pipeline.runs.context_loader import ContextLoader  # noqa: PLC0415
    from pipeline.storage.temporary import own_temporary  # noqa: PLC0415 -- heavy

    workspace = Workspace.at(root)
    with own_temporary(workspace), Ledger.open(workspace) as ledger:
        yield ContextLoader(workspace, ledger, lambda: today).context()


def the_one(entries: tuple[Entry, ...], asked: str) -> Entry:
    """The only form that an id names; a usage error for none or several."""
    if not entries:
        raise click.UsageError(f"No form {asked!r}. 'liasse status' lists the ids.")
    if len(entries) > 1:
        raise click.UsageError(f"{len(entries)} forms begin with {asked!r}. Type more of the id.")
    return entries[0]


def workable(entry: Entry) -> Entry:
    """The form, if something can still be made of it; raises ConfigError for one whose file is gone for good."""
    if not entry.state.needs_its_file and not entry.form.path.exists():
        raise ConfigError(
            f"{entry.form.id} is {entry.state.value}, and its file was purged or erased: nothing is decided of it."
        )
    return entry


def go_on(entry: Entry, context: Context, *, as_json: bool) -> None:
    """Walk a form on after a decision, print its report and exit."""
    from pipeline.runs import once  # noqa: PLC0415 -- heavy

    context.ledger.take_up(entry.form, context.today)
    report = once.go_on(entry, context)
    say_reports([report], as_json=as_json)
    raise SystemExit(exit_code([report]))


def say_reports(reports: list[Report], *, as_json: bool) -> None:
    """Print how forms ended, as a table with its summary or as JSON."""
    if as_json:
        from pipeline.cli import views  # noqa: PLC0415 -- heavy

        click.echo(json.dumps([views.report_json(report) for report in reports], ensure_ascii=False, indent=2))
        return
    from pipeline.cli import screens as tables  # noqa: PLC0415 -- heavy

    if reports:
        tables.console().print(tables.report_table(reports))
    click.echo(tables.summary(reports))


def exit_code(reports: list[Report]) -> int:
    """0 if all were delivered, 1 if some wait for a person, the worst of ours otherwise."""
    from pipeline.core.outcomes import Delivered, Failed  # noqa: PLC0415

    failures = [report.outcome.exit_code for report in reports if isinstance(report.outcome, Failed)]
    if failures:
        return max(failures)
    delivered = all(isinstance(report.outcome, Delivered) for report in reports)
    return ExitCode.ALL_DELIVERED if delivered else ExitCode.SOME_WAIT
