"""Commands that show: read, status, show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.cli import form_screen, life_screen, screens, todo_screen
from pipeline.cli.options import Day, json_option, today_option, workspace_option
from pipeline.cli.session import open_context, say_json, say_left
from pipeline.cli.telling import tell
from pipeline.core import formation as formations
from pipeline.core import settings
from pipeline.core.errors import ExitCode
from pipeline.core.folding import folded_letters
from pipeline.core.workspace import Workspace
from pipeline.ledger import entries, store
from pipeline.reports import account, summary
from pipeline.services import (
    arrivals,
    dossier_changes,
    due_list,
    form_view,
    late_signatures,
    listing,
    read_contract,
    reader_start,
)
from pipeline.services.list_order import Order


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
    reader_start.preload_one()
    answer = read_contract.read_file(file, Workspace.at(root), today)
    say_json(answer)
    blocked = any(problem["severity"] == "blocking" for problem in answer["problems"])
    return ExitCode.SOME_WAIT if blocked else ExitCode.ALL_DELIVERED


@click.command()
@click.argument("words", nargs=-1, metavar="[NOM-OU-NUMÉRO]...")
@click.option(
    "--todo", is_flag=True, help=("Ce qui attend quelqu’un de l’école aujourd’hui, avec la commande à taper.")
)
@click.option("--formation", default="", metavar="CODE", help="Ceux de cette formation.")
@click.option("--session", default="", metavar="ANNÉE", help="Ceux de cette année, par exemple 2024-2025.")
@click.option(
    "--state", "states", multiple=True, metavar="ÉTAT", help=("Ceux de cet état, par exemple « en attente ».")
)
@click.option("--before", type=Day(), metavar="DATE", help="Ceux dont le stage commence avant ce jour.")
@click.option("--nom", default="", help="Ceux dont le nom contient ces mots.")
@click.option("--sort", type=click.Choice([one.value for one in Order]), default="reçu", help="Dans quel ordre.")
@click.option("--page", type=click.IntRange(1), default=1, metavar="N", help="La page à montrer.")
@click.option("--all", "everything", is_flag=True, help="Tout, et pas une page.")
@workspace_option
@today_option
@json_option
def status(
    *,
    words: tuple[str, ...],
    todo: bool,
    formation: str,
    session: str,
    states: tuple[str, ...],
    before: dt.date | None,
    nom: str,
    sort: str,
    page: int,
    everything: bool,
    root: Path,
    today: dt.date,
    as_json: bool,
) -> ExitCode:
    """Lister les derniers formulaires reçus, et où en est chacun.

    Avec des mots : ceux dont le nom, le numéro ou le fichier les contient.

    Exemple : liasse status Roux --state "à signer"
    """
    wanted = listing.Wanted((*words, *nom.split()), _states(states), formation, session, before)
    workspace = Workspace.at(root)
    if formation:
        formations.require_typed(workspace, formation)
    if todo:
        if page > 1 or Order(sort) is not Order.RECEIVED:
            raise click.UsageError("--todo montre tout, ce qui commence d’abord : ni --page ni --sort.")
        return _to_do(root, today, wanted, as_json=as_json)
    most = None if everything or as_json else listing.PAGE
    there = arrivals.look(workspace)
    with store.Ledger.open(workspace) as ledger:
        listed = listing.list_forms(ledger, wanted, today=today, order=Order(sort), page=page, most=most)
        late = late_signatures.late(ledger, today, settings.Settings.load(workspace).vie.signatures)
    if as_json:
        say_json([screens.entry_json(entry) for entry in listed.forms])
    else:
        screens.console().print(screens.status_table(listed))
        if page_told := screens.page_summary(listed):
            tell(page_told)
        screens.say(todo_screen.late_lines(late))
        screens.say(todo_screen.inbox_lines(there))
    say_left(there.left)
    waiting = there.files or any(entry.state not in entries.SETTLED for entry in listed.forms)
    return ExitCode.SOME_WAIT if waiting else ExitCode.ALL_DELIVERED


def _states(words: Sequence[str]) -> list[str]:
    """The states that are meant, of forms or of what is signed; a usage error for a word that is none."""
    there = (*account.STATES.items(), *((one, one.value) for one in listing.STAGES))
    known = {folded_letters(text): one for one, said in there for text in (one.value, said)}
    unknown = [word for word in words if folded_letters(word) not in known]
    if unknown:
        raise click.UsageError(
            f"« {unknown[0]} » n’est pas un état. Il y a : {', '.join(said for _, said in there)}."
        )
    return [known[folded_letters(word)] for word in words]


def _to_do(root: Path, today: dt.date, wanted: listing.Wanted, *, as_json: bool) -> ExitCode:
    """What waits for somebody of the school, what begins first before the rest; and what lies in the inbox."""
    with open_context(root, today) as context:
        listed = listing.list_forms(context.ledger, wanted, today=today, most=None)
        kept = {one.form.id for one in listed.forms}
        lines = [line for line in summary.to_do(context) if line.id in kept]
        there = arrivals.look(context.workspace) if wanted.everything else arrivals.Inbox()
        numbers = {line.number for line in listed.forms}
        due = due_list.due_today(context, numbers)
        changes = [one for one in dossier_changes.waiting(context) if one.dossier in numbers]
    if as_json:
        say_json([asdict(line) for line in lines])
    else:
        screens.say(life_screen.waiting_changes(changes))
        screens.say(todo_screen.parts(lines, there, due=len(due), more=bool(changes)))
    say_left(there.left)
    return ExitCode.SOME_WAIT if lines or changes or due or there.files or there.left else ExitCode.ALL_DELIVERED


@click.command()
@click.argument("id")
@click.option("--all", "evidence", is_flag=True, help="Avec chaque valeur : ce qui a été lu, où, et la confiance.")
@workspace_option
@today_option
def show(*, id: str, evidence: bool, root: Path, today: dt.date) -> None:  # noqa: A002 -- what the user types
    """Montrer un formulaire : où il en est, ce qui a été lu et où, ce que disent les règles, ce qui fut décidé.

    Exemple : liasse show 2025-014
    """
    with open_context(root, today) as context:
        view = form_view.show_form(context, id)
    screens.say(form_screen.parts(view, evidence=evidence))


COMMANDS = (read, status, show)
