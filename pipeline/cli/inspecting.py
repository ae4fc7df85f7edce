"""Commands that show: read, status, show."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from pipeline.cli import form_screen, screens
from pipeline.cli.options import json_option, today_option, workspace_option
from pipeline.cli.session import open_context, say_json
from pipeline.core.errors import ExitCode
from pipeline.core.folding import folded_letters
from pipeline.core.workspace import Workspace
from pipeline.ledger import entries, store
from pipeline.reports import account
from pipeline.services import form_view, listing, reader_start


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@workspace_option
@today_option
@click.option(
    "--json", "as_json", is_flag=True, default=True, help="Print one JSON object (this command always does)."
)
def read(file: Path, root: Path, today: dt.date, *, as_json: bool) -> ExitCode:
    """Print the reading of one form as JSON; the form itself is not kept, and no packet is made.

    Example: liasse read inbox/formulaire.pdf --json
    """
    del as_json
    reader_start.preload_one()
    answer = form_view.read_file(file, Workspace.at(root), today)
    say_json(answer)
    blocked = any(problem["severity"] == "blocking" for problem in answer["problems"])
    return ExitCode.SOME_WAIT if blocked else ExitCode.ALL_DELIVERED


@click.command()
@click.argument("words", nargs=-1, metavar="[NAME-OR-NUMBER]...")
@click.option("--all", "everything", is_flag=True, help="Every form, not only the 50 received last.")
@click.option(
    "--state", "states", multiple=True, metavar="STATE", help="Only forms in this state, such as « en attente »."
)
@workspace_option
@json_option
def status(
    *,
    words: tuple[str, ...],
    everything: bool,
    states: tuple[str, ...],
    root: Path,
    as_json: bool,
) -> ExitCode:
    """List the forms received last and where each has got; with words, those whose name or number contains them.

    Example: liasse status Roux --state "à signer"
    """
    there = (*account.STATES.items(), *((one, one.value) for one in listing.SIGNING.values()))
    known = {folded_letters(text): one for one, said in there for text in (one.value, said)}
    unknown = [word for word in states if folded_letters(word) not in known]
    if unknown:
        raise click.UsageError(f"{unknown[0]} is no state. There are {', '.join(said for _, said in there)}.")
    most = None if everything or as_json else listing.PAGE
    with store.Ledger.open(Workspace.at(root)) as ledger:
        page = listing.list_forms(
            ledger, words=words, states=[known[folded_letters(word)] for word in states], most=most
        )
    if as_json:
        say_json([screens.entry_json(entry) for entry in page.forms])
    else:
        screens.console().print(screens.status_table(page.forms, page.signing))
        click.echo(screens.page_summary(page), nl=False)
    waiting = any(entry.state is not entries.State.DELIVERED for entry in page.forms)
    return ExitCode.SOME_WAIT if waiting else ExitCode.ALL_DELIVERED


@click.command()
@click.argument("id")
@workspace_option
@today_option
def show(id: str, root: Path, today: dt.date) -> None:  # noqa: A002 -- what the user types
    """Show one form: where it is, what was read and where, what the rules say, what was decided.

    Example: liasse show 2025-014
    """
    with open_context(root, today) as context:
        view = form_view.show_form(context, id)
    screen = screens.console()
    for part in form_screen.parts(view):
        screen.print(part)


COMMANDS = (read, status, show)
