"""Commands of a school's first hour: ``init`` lays a workspace, ``formation new`` adds a formation to it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from pipeline.cli.options import today_option, workspace_option
from pipeline.core import shipped
from pipeline.core.errors import ExitCode, NotAllowed
from pipeline.core.workspace import Workspace
from pipeline.maintenance import formations
from pipeline.services import formation_facts, laying, new_formation


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--exemple", default=shipped.EXAMPLE, metavar="CODE", show_default=True, help="La formation livrée en exemple."
)
def init(folder: Path, exemple: str) -> None:
    """Préparer dans DIR un dossier de travail : modèles communs, schémas, une formation en exemple, réglages.

    Dans un dossier de travail qui est déjà là, met à jour ce qui vient de liasse. etablissement/, liasse.toml, les
    formulaires et les liasses ne sont jamais touchés ; un modèle que vous aviez changé dans templates/ passe dans
    etablissement/, où il continue de valoir.

    Exemple : liasse init /srv/liasse
    """
    laid = laying.lay(folder, exemple)
    for name in laid.moved:
        click.echo(f"Changé par vous, gardé et toujours en vigueur : {name}")
    for name in laid.aside:
        click.echo(f"Changé par vous, mis de côté, n’a plus d’effet : {name}")
    for name in laid.compare:
        click.echo(f"À comparer : liasse a changé le sien, c’est le vôtre qui vaut : {name}")
    click.echo(f"{laid.workspace.root} : {laid.written} fichiers écrits.")
    click.echo(
        "Ensuite, dans ce dossier : liasse doctor, liasse setup, puis liasse formation new CODE pour la vôtre."
    )
    if (laid.workspace.templates / exemple).is_dir():
        click.echo(
            f"templates/{exemple}/ est un exemple : supprimez ce dossier si vous n’en voulez pas, il ne revient pas."
        )


@click.group()
def formation() -> None:
    """Ajouter une formation de l’école. docs/formations.md dit tout ce qu’elle peut régler."""


@formation.command("new")
@click.argument("code")
@click.option(
    "--set", "values", multiple=True, metavar="CLÉ=VALEUR", help="Répondre à une question, sans rien demander."
)
@workspace_option
@today_option
def new(*, code: str, values: tuple[str, ...], root: Path, today: dt.date) -> ExitCode:
    """Écrire une nouvelle formation, CODE, d’après quelques questions.

    Elle va dans etablissement/CODE/ : formation.toml, ses modèles Word, l’édition de son formulaire vierge. Les
    questions : intitulé, heures, dates, statuts, signataires, accord, référent, modèles. Avec --set, rien n’est
    demandé : ce qui n’est pas dit garde sa valeur proposée.

    Exemple : liasse formation new bts-sp3s --set intitule="BTS SP3S" --set heures=490 --set regimes=etudiant
    """
    workspace = Workspace.at(root)
    new_formation.require_code(workspace, code)
    known = new_formation.given(today, _pairs(values))
    if not values:
        _ask(known, today)
    made = new_formation.write_formation(workspace, code, known, today)
    for name in made.files:
        click.echo(made.folder / name)
    own = [found for found in formations.inspect(workspace, code) if found.formation == code]
    for said in (one for found in own for one in (*found.faults, *found.missing)):
        click.echo(f"  {said}", err=True)
    click.echo(f"Ensuite : liasse setup {code}, puis liasse blank {code} --to vierges/", err=True)
    # What is missing is the next step, and no failure of this one.
    return ExitCode.OURS_TO_MEND if any(found.faults for found in own) else ExitCode.ALL_DELIVERED


def _pairs(values: tuple[str, ...]) -> dict[str, str]:
    wrong = next((one for one in values if "=" not in one), None)
    if wrong is not None:
        raise click.UsageError(f"« {wrong} » : écrivez CLÉ=VALEUR, par exemple heures=490.")
    return {key.strip(): value for key, _, value in (one.partition("=") for one in values)}


def _ask(known: dict[str, Any], today: dt.date) -> None:
    """Ask each question until its answer suits; Enter takes what is proposed; click.Abort at the end of input."""
    while asked := new_formation.asked(today, known):
        fact = asked[0]
        proposed = f" [{fact.default}]" if fact.default else ""
        text = str(click.prompt(f"{fact.label}{proposed}", default="", show_default=False, err=True))
        try:
            known[fact.key] = formation_facts.answered(fact, text)
        except NotAllowed as error:
            click.echo(error, err=True)


COMMANDS = (init, formation)
