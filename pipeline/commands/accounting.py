"""What became of everybody: ``bilan``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from pipeline.commands.options import today_option, workspace_option
from pipeline.commands.shared import open_desk


@click.command()
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(file_okay=False, path_type=Path))
@workspace_option
@today_option
def bilan(folder: Path | None, root: Path, today: dt.date) -> None:
    """Write bilan.xlsx, bilan.pdf and bordereau.pdf of all forms received into DIR (default: outbox/bilan/).

    They name people: only their owner may read them.

    Example: liasse bilan
    """
    from pipeline.bilan.papers import write_papers  # noqa: PLC0415 -- heavy
    from pipeline.bilan.summary import summarise  # noqa: PLC0415

    with open_desk(root, today) as desk:
        for path in write_papers(summarise(desk), folder or desk.workspace.bilan):
            click.echo(path)
