"""Commands of the school's Word templates: ``templates convert``."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline import teaching
from pipeline.cli.options import workspace_option
from pipeline.core.errors import ExitCode
from pipeline.core.fields import Dictionary
from pipeline.core.french import counted
from pipeline.core.workspace import Workspace

_WIDE = 46


@click.group()
def templates() -> None:
    """Faire un modèle de liasse d’une convention que l’école a déjà.

    docs/modeles.md dit ce qu’un modèle peut écrire.
    """


@templates.command("convert")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--to", type=click.Path(dir_okay=False, path_type=Path), metavar="DOCX", help="Sinon : à côté du fichier."
)
@workspace_option
def convert(file: Path, to: Path | None, root: Path) -> ExitCode:
    """Proposer un champ pour chaque place d’une convention Word : publipostage, ${x}, {X}, [X], «X», pointillés.

    Un brouillon à corriger dans Word est écrit à côté ; ni lui ni la convention ne sont jamais écrasés. Ce qui n’est
    pas compris y reste tel quel, et la liste en est donnée (code 1) ; « à vérifier » : deviné par les mots autour.

    Exemple : liasse templates convert convention-iut.docx
    """
    done = teaching.convert_convention(file, Dictionary.load(Workspace.at(root)), to)
    for one in done.places:
        said = one.expression or "pas compris, laissé tel quel"
        click.echo(f"{said if one.sure else f'à vérifier : {said}':<{_WIDE}}  {one.written[:30]}  {one.near}")
    doubtful = f" et {len(done.doubtful)} à vérifier" if done.doubtful else ""
    click.echo(
        f"{counted(len(done.places), 'place')}, dont {len(done.left)} à écrire à la main{doubtful} : {done.path}"
    )
    click.echo("Corrigez ce brouillon dans Word, nommez-le dans formation.toml (modele), puis lancez liasse check.")
    return ExitCode.SOME_WAIT if done.left else ExitCode.ALL_DELIVERED


COMMANDS = (templates,)
