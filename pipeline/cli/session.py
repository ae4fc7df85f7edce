"""Shared steps of commands: open a context, go on after a decision, print reports, answer the exit code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click

from pipeline.cli import screens
from pipeline.cli.telling import tell
from pipeline.core import outcomes
from pipeline.core.errors import ExitCode
from pipeline.core.text import json_text
from pipeline.core.workspace import Workspace
from pipeline.dossier import context as contexts
from pipeline.dossier import endings, projets
from pipeline.ledger import entries, store
from pipeline.runs import context_loader, once
from pipeline.storage import inbox


def open_context(root: Path, today: dt.date) -> AbstractContextManager[contexts.Context]:
    """The context of a workspace on a day, with its ledger open."""
    return context_loader.open_context(Workspace.at(root), today)


def go_on(entry: entries.Entry, context: contexts.Context, already: str, *, as_json: bool) -> ExitCode:
    """Walk a form on after a decision and print its report; ``already`` is who had decided the same before."""
    if already:
        tell(already, err=True)
    return say_reports([once.go_on(entry, context)], as_json=as_json)


def say_incomplete(ledger: store.Ledger) -> None:
    """Tell once, beside the output, which packets an older liasse issued with « À COMPLÉTER » and somebody took."""
    issued = projets.issued_incomplete(ledger)
    if issued:
        named = ", ".join(" ".join(filter(None, (one.number, one.stagiaire))) for one in issued.values())
        tell(f"Émise incomplète, laissée telle quelle ({len(issued)}) : {named}.", err=True)
        ledger.packets.note_told(issued)  # after: killed in between, it is told twice, and never not at all


def say_left(left: Iterable[inbox.Left]) -> None:
    """Tell, beside the output, what lies in the inbox and is not taken, with why."""
    for one in left:
        tell(f"Laissé là : {one.name}, {one.why}.", err=True)


def say_reports(reports: list[endings.Report], *, as_json: bool) -> ExitCode:
    """Print how forms ended, as a table with its summary or as JSON; the exit code that follows."""
    if as_json:
        say_json([screens.report_json(report) for report in reports])
        return exit_code(reports)
    if reports:
        screens.console().print(screens.report_table(reports))
    tell(screens.summary(reports))
    return exit_code(reports)


def say_json(value: Any) -> None:  # noqa: ANN401 -- JSON
    """Print one JSON value for another program."""
    click.echo(json_text(value, indent=2))


def _is_done(outcome: outcomes.Outcome) -> bool:
    return isinstance(outcome, outcomes.Closed) and outcome.done


def exit_code(reports: Iterable[endings.Report]) -> ExitCode:
    """0 if all were delivered or filed, 1 if some wait for a person, the worst of ours otherwise."""
    ended = [report.outcome for report in reports]
    failures = [one.exit_code for one in ended if isinstance(one, outcomes.Failed)]
    if failures:
        return ExitCode(max(failures))
    delivered = all(isinstance(one, outcomes.Delivered) or _is_done(one) for one in ended)
    return ExitCode.ALL_DELIVERED if delivered else ExitCode.SOME_WAIT
