"""Forms walked and looked at: ``run``, ``read``, ``status``, ``show``."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

from pipeline.cli.options import json_option, today_option, workspace_option
from pipeline.cli.session import exit_code, open_context, say_reports, the_one
from pipeline.core.errors import ExitCode
from pipeline.core.workspace import Workspace


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@workspace_option
@today_option
@json_option
def run(files: tuple[Path, ...], root: Path, today: dt.date, *, as_json: bool) -> None:
    """Make the packets of everything in inbox/, or of the FILES named.

    Example: liasse run inbox/formulaire.pdf
    """
    from pipeline.documents.libreoffice import warm_office  # noqa: PLC0415 -- heavy
    from pipeline.storage.temporary import own_temporary  # noqa: PLC0415

    workspace = Workspace.at(root)
    paths = files or _dropped(workspace)
    with own_temporary(workspace), warm_office() as libreoffice:
        if paths:
            libreoffice.prepare()  # it comes up while the rest is loaded and the first form is read
        from pipeline.runs import once  # noqa: PLC0415 -- the heaviest

        with open_context(root, today) as context:
            reports = list(once.run(paths, context))
            if not files:
                reports += once.run_left(context)
    say_reports(reports, as_json=as_json)
    raise SystemExit(exit_code(reports))


def _dropped(workspace: Workspace) -> tuple[Path, ...]:
    from pipeline.runs.inbox import scan  # noqa: PLC0415 -- heavy

    return tuple(seen.path for seen in scan(workspace.inbox).files)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@workspace_option
@today_option
@click.option(
    "--json", "as_json", is_flag=True, default=True, help="Print one JSON object (this command always does)."
)
def read(file: Path, root: Path, today: dt.date, *, as_json: bool) -> None:
    """Print the reading of one form as JSON; nothing is written.

    Example: liasse read inbox/formulaire.pdf --json
    """
    del as_json
    from pipeline.cli import views  # noqa: PLC0415 -- heavy

    answer = views.reading_json(file, Workspace.at(root), today)
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    blocked = any(problem["severity"] == "blocking" for problem in answer["problems"])
    raise SystemExit(ExitCode.SOME_WAIT if blocked else ExitCode.ALL_DELIVERED)


@click.command()
@click.argument("id", required=False)
@workspace_option
@json_option
def status(id: str | None, root: Path, *, as_json: bool) -> None:  # noqa: A002 -- what the user types
    """List the forms received and where each has got; with an ID, that one only."""
    from pipeline.cli import screens as tables  # noqa: PLC0415 -- heavy
    from pipeline.cli import views  # noqa: PLC0415
    from pipeline.ledger.store import Ledger, State  # noqa: PLC0415

    with Ledger.open(Workspace.at(root)) as ledger:
        entries = (the_one(ledger.find(id), id),) if id else ledger.entries()
    if as_json:
        click.echo(json.dumps([views.entry_json(entry) for entry in entries], ensure_ascii=False, indent=2))
    else:
        tables.console().print(tables.status_table(entries))
    waiting = any(entry.state is not State.DELIVERED for entry in entries)
    raise SystemExit(ExitCode.SOME_WAIT if waiting else ExitCode.ALL_DELIVERED)


@click.command()
@click.argument("id")
@workspace_option
@today_option
def show(id: str, root: Path, today: dt.date) -> None:  # noqa: A002 -- what the user types
    """Show one form: where it is, what was read and where, what the rules say, what was decided."""
    from pipeline.cli import screens as tables  # noqa: PLC0415 -- heavy
    from pipeline.cli import views  # noqa: PLC0415

    with open_context(root, today) as context:
        entry = the_one(context.ledger.find(id), id)
        screen = tables.console()
        for part in views.form_screens(entry, context):
            screen.print(part)
