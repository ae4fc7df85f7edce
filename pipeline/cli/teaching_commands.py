"""Commands that teach a school's form and measure what is read: ``forms``, ``evaluate``."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click

from pipeline import teaching
from pipeline.cli import boards, screens
from pipeline.cli.options import json_option, today_option, workspace_option
from pipeline.cli.session import say_json
from pipeline.core.errors import ExitCode
from pipeline.core.fields import Dictionary
from pipeline.core.french import counted
from pipeline.core.workspace import Workspace
from pipeline.reports import scoreboard

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_MANY = 20


@click.group()
def forms() -> None:
    """Apprendre à liasse le formulaire d’une école : ajouter un vierge, le vérifier, l’essayer, lister les connus.

    docs/ajouter-un-formulaire.md dit comment.
    """


@forms.command("add")
@click.argument("blank", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--formation", metavar="CODE", help="La formation qui l’emploie (sinon : toutes, sous commun/).")
@click.option("--name", metavar="NOM", help="Le nom de son dossier (sinon : celui du fichier).")
@click.option("--vierge", is_flag=True, help="Ce qui y est écrit est imprimé pour tous : c’est bien un vierge.")
@workspace_option
def add_form(blank: Path, formation: str | None, name: str | None, root: Path, *, vierge: bool) -> None:
    """Proposer les annotations d’un formulaire vierge (BLANK) et écrire un brouillon à corriger dans Word.

    Le brouillon va dans etablissement/. Un formulaire rempli par quelqu’un est refusé.

    Exemple : liasse forms add fiche-iut.docx --name fiche-iut-2025
    """
    workspace = Workspace.at(root)
    dictionary = Dictionary.load(workspace)
    draft = teaching.add_form(
        blank, workspace=workspace, dictionary=dictionary, formation=formation, name=name, is_blank=vierge
    )
    for field, proposal in draft.proposals:
        what = f"{{{{ {proposal.placeholder} }}}}" if proposal.placeholder else "à compléter"
        click.echo(f"{what:<48}  {field + '  ' if field else ''}{'[case] ' if proposal.box else ''}{proposal.near}")
    done = len(draft.proposals) - len(draft.left)
    click.echo(f"{done} places proposées, {len(draft.left)} à compléter ou à laisser : {draft.folder}")
    click.echo(f"Corrigez le formulaire, essayez-le, puis renommez {teaching.DRAFT_SETTINGS} en layout.toml.")


@forms.command("lint")
@click.argument("names", nargs=-1, metavar="[LAYOUT...]")
@workspace_option
def lint_forms(names: tuple[str, ...], root: Path) -> ExitCode:
    """Dire ce qui, dans ces formulaires, ne se lit pas sûrement (code 3), et ce qui serait plus sûr.

    Exemple : liasse forms lint fiche-iut-2025
    """
    workspace = Workspace.at(root)
    refusals = 0
    for layout, findings in teaching.lint_forms(names, workspace=workspace, dictionary=Dictionary.load(workspace)):
        bad = sum(finding.refuses for finding in findings)
        click.echo(f"{layout.id} : {counted(bad, 'faute') if bad else 'rien à corriger'}")
        for finding in findings:
            click.echo(f"  {'faute' if finding.refuses else 'attention'} : {finding.message}")
        refusals += bad
    return ExitCode.OURS_TO_MEND if refusals else ExitCode.ALL_DELIVERED


@forms.command("try")
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), metavar="OUT", help="Sinon : DIR/essai.")
@workspace_option
@today_option
def try_forms(folder: Path, to: Path | None, root: Path, today: dt.date) -> None:
    """Lire les copies remplies de DIR, brouillons compris, et montrer sur les pages ce qui serait lu.

    Rien n’est envoyé.

    Exemple : liasse forms try copies/ --to essai/
    """
    workspace = Workspace.at(root)
    dictionary = Dictionary.load(workspace)
    screen = screens.console()
    place = to or folder / "essai"
    for tried in teaching.try_forms(folder, workspace=workspace, dictionary=dictionary, today=today, to=place):
        for part in boards.trial(tried, dictionary):
            screen.print(part)


@forms.command("list")
@workspace_option
def list_forms(root: Path) -> None:
    """Lister les formulaires connus : formations, version, champs, et les sortes de fichiers où ils se lisent."""
    workspace = Workspace.at(root)
    screens.console().print(boards.layout_table(list(teaching.list_forms(workspace, Dictionary.load(workspace)))))


@click.command()
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option("--layouts", "extra", type=_FOLDER, metavar="DIR", help="A folder of layout folders, added to ours.")
@workspace_option
@today_option
@json_option
def evaluate(folder: Path, extra: Path | None, root: Path, today: dt.date, *, as_json: bool) -> ExitCode:
    """Read the forms of DIR that have a *.truth.json beside them, and print what was right, doubted and wrong.

    Exit code 1 when one typed value (a date, a number, an identifier, a tick) is accepted though it is wrong.

    Example: liasse evaluate tests/layouts --layouts tests/layouts
    """
    workspace = Workspace.at(root)
    dictionary = Dictionary.load(workspace)
    scores = scoreboard.evaluate(
        folder,
        forms=scoreboard.forms_of(workspace, dictionary, extra),
        today=today,
        said=lambda name: click.echo(f"\r\033[K{name}", err=True, nl=False) if _watched() else None,
    )
    if _watched():
        click.echo("\r\033[K", err=True, nl=False)
    if as_json:
        say_json([score.as_json() for score in scores])
    else:
        screens.console().print(boards.score_table(scores))
        for miss in [miss for score in scores for miss in score.wrong][:_MANY]:
            mark = "TYPED " if miss.typed else ""
            click.echo(f"{mark}{miss.form}: {miss.path} is {miss.expected!r}, accepted {miss.accepted!r}")
    return ExitCode.SOME_WAIT if scoreboard.worst(scores) else ExitCode.ALL_DELIVERED


def _watched() -> bool:
    return sys.stderr.isatty()


COMMANDS = (forms, evaluate)
