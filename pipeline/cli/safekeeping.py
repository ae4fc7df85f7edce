"""Commands that keep a workspace safe: recover, backup, restore."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.cli import screens
from pipeline.cli.options import json_option, today_option, workspace_option
from pipeline.cli.session import say_json
from pipeline.core.errors import ExitCode
from pipeline.core.workspace import Workspace
from pipeline.maintenance import backup as saving
from pipeline.maintenance import recovering, restoring


@click.command()
@workspace_option
@today_option
@json_option
def recover(root: Path, today: dt.date, *, as_json: bool) -> ExitCode:
    """Take up what a lost, emptied or older ledger does not know: from its sealed copy, the spool and the outbox.

    It can be stopped at any moment and run again. Exit code 3 if something could not be taken up: it says what.

    Example: liasse recover
    """
    found = list(recovering.recover(Workspace.at(root), today))
    if as_json:
        say_json([asdict(one) for one in found])
    elif found:
        screens.console().print(screens.recovered_table(found))
    else:
        click.echo("Rien à reprendre : le registre connaît tout ce qui est là.")
    lost = any(one.became is recovering.Became.NOT for one in found)
    return ExitCode.OURS_TO_MEND if lost else ExitCode.ALL_DELIVERED


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@workspace_option
@json_option
def backup(folder: Path, root: Path, *, as_json: bool) -> ExitCode:
    """Save the ledger and all that it names into DIR, a new folder, while workers run; each file is held to its hash.

    Exit code 3 if a file was lost or damaged before: it is named, and the backup has all the others.

    Example: liasse backup /media/sauvegardes/2026-03-17
    """
    made = saving.back_up(Workspace.at(root), folder)
    if as_json:
        say_json(asdict(made))
    else:
        click.echo(f"{made.forms} formulaires, {made.files} fichiers ({made.size // 1_000_000} Mo) : {made.place}")
        for name in made.damaged:
            click.echo(f"Perdu ou abîmé avant la sauvegarde : {name}", err=True)
    return ExitCode.OURS_TO_MEND if made.damaged else ExitCode.ALL_DELIVERED


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Also over a workspace that holds something: that is moved aside.")
@workspace_option
@json_option
def restore(folder: Path, root: Path, *, replace: bool, as_json: bool) -> None:
    """Make a workspace again of the backup in DIR: its ledger, received files, packets and settings.

    Stopped half way, the same command goes on. Installed templates and schemas are left as they are.

    Example: liasse restore /media/sauvegardes/2026-03-17
    """
    done = restoring.restore(folder, root, replace=replace)
    if as_json:
        say_json(asdict(done))
        return
    click.echo(f"{done.forms} formulaires, {done.files} fichiers restaurés.")
    if done.aside:
        click.echo(f"Ce qui était là est dans {done.aside} : à supprimer une fois vérifié.")
    if done.since:
        click.echo(f"{done.since} fichiers reçus depuis cette sauvegarde y sont, dans .liasse/spool : à redéposer.")
    for name in done.differing:
        click.echo(f"Différent de la sauvegarde, laissé tel quel : {name}")


COMMANDS = (recover, backup, restore)
