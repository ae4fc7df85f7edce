"""Commands on dossiers: looked at, given a form, joined, split, and both undone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from pipeline.cli import life_screen, screens
from pipeline.cli.options import by_option, json_option, reason_option, today_option, workspace_option
from pipeline.cli.session import go_on, open_context, say_json, say_reports
from pipeline.cli.telling import tell
from pipeline.core.errors import ExitCode, NotAllowed
from pipeline.core.text import visible_line
from pipeline.dossier import context as contexts
from pipeline.ledger import entries
from pipeline.runs import once, settling
from pipeline.services import dossier_cases, handling
from pipeline.storage import inbox


@click.group()
def dossier() -> None:
    """Un stage avec tout ce qui s’y rattache, par son numéro (2025-014), un identifiant ou un nom."""


@dossier.command("show")
@click.argument("id")
@workspace_option
@today_option
@json_option
def show_dossier(id: str, root: Path, today: dt.date, *, as_json: bool) -> None:  # noqa: A002 -- what the user types
    """Montrer un dossier : son état, ses formulaires, leurs liasses, ce qui y a été déplacé ; puis sa vie.

    Signatures, papiers et leurs versions, ce qui fut noté, ce que disent les règles, ce qui manque pour le clore.

    Exemple : liasse dossier show 2025-014
    """
    with open_context(root, today) as context:
        view = dossier_cases.show_dossier(context, id)
    if as_json:
        say_json(screens.dossier_json(view) | (life_screen.life_json(view.life) if view.life else {}))
        return
    for part in (*screens.dossier_screen(view), *(life_screen.life_parts(view.life) if view.life else ())):
        screens.console().print(part)


@dossier.command()
@click.argument("id")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@by_option("Qui le dit.")
@reason_option
@workspace_option
@today_option
@json_option
def add(
    *,
    id: str,  # noqa: A002 -- what the user types
    file: Path,
    by: str,
    reason: str,
    root: Path,
    today: dt.date,
    as_json: bool,
) -> ExitCode:
    """Prendre FILE comme formulaire d’un dossier, quoi qu’il dise, et continuer.

    Exemple : liasse dossier add 2025-014 formulaire-corrige.pdf --by "F. GARÇON" --reason "nom d’usage"
    """
    with open_context(root, today) as context:
        if not settling.settle([file], context.settings.surveillance).ready:
            raise NotAllowed(f"{visible_line(file.name)} {inbox.Why.INCOMPLETE}. Rien n’est fait.")
        arrival = handling.receive(context, file, into=id, by=by, reason=reason)
        return go_on(arrival.entry, context, "", as_json=as_json)


@dossier.command()
@click.argument("id")
@click.argument("into")
@by_option("Qui décide.")
@reason_option
@workspace_option
@today_option
def join(*, id: str, into: str, by: str, reason: str, root: Path, today: dt.date) -> ExitCode:  # noqa: A002
    """Dire qu’un formulaire, ou tous ceux d’un dossier, sont du dossier INTO : des versions d’un même stage.

    Exemple : liasse dossier join 3f2a91c0 2025-014 --by "F. GARÇON" --reason "même stage, nom d’usage"
    """
    with open_context(root, today) as context:
        return _say(dossier_cases.join(context, id, into, by=by, reason=reason), context)


@dossier.command()
@click.argument("id")
@by_option("Qui décide.")
@reason_option
@workspace_option
@today_option
def split(*, id: str, by: str, reason: str, root: Path, today: dt.date) -> ExitCode:  # noqa: A002
    """Dire qu’un formulaire n’est d’aucun autre dossier : il en reçoit un, ou garde celui où il est seul.

    Exemple : liasse dossier split 3f2a91c0 --by "F. GARÇON" --reason "un second stage"
    """
    with open_context(root, today) as context:
        return _say(dossier_cases.split(context, id, by=by, reason=reason), context)


@dossier.command()
@click.argument("id")
@by_option("Qui décide.")
@workspace_option
@today_option
def undo(*, id: str, by: str, root: Path, today: dt.date) -> ExitCode:  # noqa: A002
    """Défaire la dernière réunion ou séparation d’un formulaire.

    Exemple : liasse dossier undo 3f2a91c0 --by "F. GARÇON"
    """
    with open_context(root, today) as context:
        return _say(dossier_cases.undo(context, id, by=by), context)


def _say(moved: dossier_cases.Moved, context: contexts.Context) -> ExitCode:
    """Say where forms went, and go on with those that waited."""
    for entry in moved.forms:
        name = f" ({entry.stagiaire})" if entry.stagiaire else ""
        tell(f"{entry.form.id}{name} : {moved.before} → {moved.number}.")
    if moved.differs:
        tell("Attention : la date de naissance ou un numéro de la personne diffère d’un formulaire à l’autre.")
    waiting = [entry for entry in moved.forms if entry.state is entries.State.WAITING]
    return say_reports(list(once.go_on_all(waiting, context)), as_json=False) if waiting else ExitCode.ALL_DELIVERED


COMMANDS = (dossier,)
