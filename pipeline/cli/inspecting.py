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
from pipeline.services import form_view, listing


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@workspace_option
@today_option
@click.option(
    "--json", "as_json", is_flag=True, default=True, help="Écrire un objet JSON (cette commande le fait toujours)."
)
def read(file: Path, root: Path, today: dt.date, *, as_json: bool) -> ExitCode:
    """Écrire en JSON ce qui se lit d’un formulaire ; il n’est pas gardé, aucune liasse n’est faite.

    Exemple : liasse read inbox/formulaire.pdf --json
    """
    del as_json
    answer = form_view.read_file(file, Workspace.at(root), today)
    say_json(answer)
    blocked = any(problem["severity"] == "blocking" for problem in answer["problems"])
    return ExitCode.SOME_WAIT if blocked else ExitCode.ALL_DELIVERED


@click.command()
@click.argument("words", nargs=-1, metavar="[NOM-OU-NUMÉRO]...")
@click.option("--all", "everything", is_flag=True, help="Tous les formulaires, pas seulement les 50 derniers reçus.")
@click.option(
    "--state", "states", multiple=True, metavar="ÉTAT", help="Ceux de cet état seulement, par exemple « en attente »."
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
    """Lister les derniers formulaires reçus, et où en est chacun.

    Avec des mots : ceux dont le nom ou le numéro les contient.

    Exemple : liasse status Roux --state "à signer"
    """
    there = (*account.STATES.items(), *((one, one.value) for one in listing.SIGNING.values()))
    known = {folded_letters(text): one for one, said in there for text in (one.value, said)}
    unknown = [word for word in states if folded_letters(word) not in known]
    if unknown:
        raise click.UsageError(
            f"« {unknown[0]} » n’est pas un état. Il y a : {', '.join(said for _, said in there)}."
        )
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
    """Montrer un formulaire : où il en est, ce qui a été lu et où, ce que disent les règles, ce qui fut décidé.

    Exemple : liasse show 2025-014
    """
    with open_context(root, today) as context:
        view = form_view.show_form(context, id)
    screen = screens.console()
    for part in form_screen.parts(view):
        screen.print(part)


COMMANDS = (read, status, show)
