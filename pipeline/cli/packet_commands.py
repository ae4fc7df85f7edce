"""Commands on packets that are made: fetch and regenerate."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from pipeline.cli.options import by_option, json_option, today_option, workspace_option
from pipeline.cli.session import open_context, say_reports
from pipeline.cli.telling import tell
from pipeline.core.errors import ExitCode
from pipeline.runs import once
from pipeline.services import fetching, handling


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--all-ready", is_flag=True, help="Toutes celles que « liasse status --todo » donne à signer.")
@by_option("Qui la retire.")
@click.option(
    "--to",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help=("Copier la liasse dans ce dossier."),
)
@click.option("--signed", is_flag=True, help="Elle est revenue signée : jamais remplacée ni purgée sans décision.")
@click.option("--reason", default="", metavar="MOTIF", help="Pourquoi la prendre bien qu’une règle la bloque.")
@workspace_option
@today_option
def fetch(
    *,
    ids: tuple[str, ...],
    by: str,
    to: Path | None,
    root: Path,
    today: dt.date,
    signed: bool,
    all_ready: bool,
    reason: str,
) -> None:
    """Noter qu’une liasse est retirée pour signature, ou signée ; ou qu’une lettre est partie.

    Une version suivante demande alors avant de la remplacer. Si l’un des ID n’en désigne aucune, rien n’est noté.
    Celle qu’une règle bloque depuis n’est pas prise, sauf si une personne dit pourquoi par --reason.

    Exemple : liasse fetch 2025-014 2025-017 --by "F. GARÇON" --to ~/a-signer
    """
    if bool(ids) == all_ready:
        raise click.UsageError("Nommez les dossiers, ou dites --all-ready.")
    if all_ready and signed:
        raise click.UsageError("--signed dit ce qui est revenu : nommez les dossiers, sans --all-ready.")
    with open_context(root, today) as context:
        for taken in fetching.fetch_all(context, ids, by=by, to=to, signed=signed, reason=reason):
            if taken.already:
                tell(f"{taken.entry.number} {taken.already}", err=True)
            click.echo(taken.place)


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--all-changed", is_flag=True, help="Toutes celles que « liasse check --impact » donne.")
@by_option("Qui le demande.")
@workspace_option
@today_option
@json_option
def regenerate(
    *, ids: tuple[str, ...], by: str, root: Path, today: dt.date, all_changed: bool, as_json: bool
) -> ExitCode:
    """Refaire des liasses que personne n’a retirées, avec les modèles, règles et réglages d’aujourd’hui.

    L’ancienne reste à sa place, marquée remplacée. Celle qui ne changerait pas, ou qu’une règle interdit maintenant,
    est laissée ; celle qui est retirée ou signée est refusée.

    Exemple : liasse regenerate 2025-014 --by "F. GARÇON"
    """
    if bool(ids) == all_changed:
        raise click.UsageError("Nommez les dossiers, ou dites --all-changed.")
    with open_context(root, today) as context:
        once.start(context)
        asked = handling.regenerate(context, ids, by=by)
        return say_reports(list(once.go_on_all(asked, context)), as_json=as_json)


COMMANDS = (fetch, regenerate)
