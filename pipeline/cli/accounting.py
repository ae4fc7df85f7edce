"""What became of everybody: ``bilan``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from pipeline.cli.options import today_option, workspace_option
from pipeline.cli.session import open_context


@click.command()
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(file_okay=False, path_type=Path))
@workspace_option
@today_option
def bilan(folder: Path | None, root: Path, today: dt.date) -> None:
    """Write bilan.xlsx, bilan.pdf and bordereau.pdf of all forms received into DIR (default: outbox/bilan/).

    They name people: only their owner may read them.

    Example: liasse bilan
    """
    from pipeline.reports.papers import write_papers  # noqa: PLC0415 -- heavy
    from pipeline.reports.summary import summarise  # noqa: PLC0415

    with open_context(root, today) as context:
        for path in write_papers(summarise(context), folder or context.workspace.bilan):
            click.echo(path)
