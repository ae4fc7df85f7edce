"""Command of the school's settings: ``setup`` asks for what is missing, one question at a time, in French."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import click

from pipeline.cli.options import json_option, today_option, workspace_option
from pipeline.cli.session import open_context, say_incomplete, say_reports
from pipeline.core import formation as formations
from pipeline.core.errors import ExitCode, NotAllowed
from pipeline.core.workspace import Workspace
from pipeline.dossier import projets
from pipeline.runs import once
from pipeline.services import outdated, school_carrying, school_setup

_Given = list[tuple[str | None, str]]  # for which formation, or the school; and the setting
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("formation", required=False)
@click.option("--set", "values", multiple=True, metavar="CLÉ=VALEUR", help="Donner un réglage, sans rien demander.")
@click.option("--logo", type=_FILE, help="Copier le logo de l’école, ou d’une FORMATION.")
@click.option("--referentiel", type=_FILE, help="Copier le PDF du référentiel, pour une FORMATION.")
@workspace_option
@today_option
@json_option
def setup(
    *,
    formation: str | None,
    values: tuple[str, ...],
    logo: Path | None,
    referentiel: Path | None,
    root: Path,
    today: dt.date,
    as_json: bool,
) -> ExitCode:
    """Demander les réglages de l’école qui manquent, les vérifier, et faire les liasses qui les attendaient.

    Ils sont écrits dans etablissement/, qu’une mise à jour ne touche jamais : une fois pour l’école, ou pour une
    FORMATION seule. Ce qu’un formation.toml dit de l’école est repris. Avec --set, rien n’est demandé. Une valeur de
    l’école ne vaut pas là où une formation a la sienne : c’est dit. CLÉ= retire une valeur.

    Exemple : liasse setup coordination-essms --referentiel referentiel.pdf
    """
    workspace = Workspace.at(root)
    if formation is not None:
        formations.require_typed(workspace, formation)
    for carried in school_carrying.carry_over(workspace, formation):
        click.echo(f"Repris de formation.toml : {carried}", err=True)
    before = outdated.settings_now(workspace)
    given = _give(workspace, formation, values, logo=logo, referentiel=referentiel)
    if not values:
        given = _ask(tuple(school_setup.questions(workspace, formation)), workspace)
    _say_given(workspace, given)
    left = [one for one in school_setup.questions(workspace, formation) if one.needed]
    for one in left:
        click.echo(f"Manque encore : {_named(one)}.", err=True)
    with open_context(root, today) as context:
        say_incomplete(context.ledger)
        reports = list(once.go_on_all(projets.take_up_projets(context), context))
        projets.tell_projets(context)
        for told in outdated.issued_before(context, before):
            click.echo(told, err=True)
    code = say_reports(reports, as_json=as_json) if reports or as_json else ExitCode.ALL_DELIVERED
    return ExitCode.SOME_WAIT if left and not code else code


def _give(
    workspace: Workspace, formation: str | None, values: Sequence[str], *, logo: Path | None, referentiel: Path | None
) -> _Given:
    """Write what the options give; for whom and which settings."""
    given: _Given = []
    pairs = [word.partition("=") for word in values]
    for key, equals, text in sorted(
        pairs, key=lambda pair: not pair[0].strip().endswith(".nom")
    ):  # who, then the rest
        if not equals:
            raise click.UsageError(f"--set {key} : écrivez CLÉ=VALEUR.")
        school_setup.give(workspace, formation, key.strip(), text)
        given.append((formation, key.strip()))
    if logo:
        click.echo(f"{school_setup.give_logo(workspace, logo, formation)}", err=True)
    if referentiel:
        if formation is None:
            raise click.UsageError("--referentiel va avec une FORMATION.")
        click.echo(f"{school_setup.give_piece(workspace, formation, referentiel)}", err=True)
    return given


def _say_given(workspace: Workspace, given: _Given) -> None:
    """Say what was given as it stands, and where what was given for the school does not hold."""
    for home in dict.fromkeys(home for home, _ in given):
        keys = [key for one, key in given if one == home]
        for named in school_setup.now_said(workspace, home, keys):
            click.echo(f"{home} : {named}" if home else named, err=True)
        for told in () if home else school_setup.unheard(workspace, keys):
            click.echo(told, err=True)


def _ask(asked: Sequence[school_setup.Question], workspace: Workspace) -> _Given:
    """Ask each question until its answer suits; an empty answer passes, the end of the input ends it.

    For whom and which settings were answered.
    """
    given: _Given = []
    if asked:
        click.echo(
            "Une question à la fois ; Entrée passe à la suivante. Chaque réponse est écrite aussitôt.", err=True
        )
    for one in asked:
        optional = "" if one.needed else " (facultatif)"
        while True:
            try:
                text = str(click.prompt(f"{_named(one)}{optional}", default="", show_default=False, err=True)).strip()
            except click.Abort:  # the end of what was piped in, or Ctrl-C: what was answered is written
                click.echo(err=True)
                return given
            if not text:
                break
            if _taken(one, text, workspace):
                given += [] if one.piece else [(one.formation, one.key)]
                break
    return given


def _taken(one: school_setup.Question, text: str, workspace: Workspace) -> bool:
    try:
        if one.piece and one.formation is None:
            school_setup.give_logo(workspace, _path(text))
        elif one.piece:
            school_setup.give_piece(workspace, str(one.formation), _path(text), one.key)
        else:
            school_setup.give(workspace, one.formation, one.key, text)
    except NotAllowed as error:
        click.echo(str(error), err=True)
        return False
    return True


def _path(text: str) -> Path:
    """A path as people type or drop it: in quotes, with spaces escaped or not."""
    plain = text.strip()
    if len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "'\"":
        plain = plain[1:-1]
    return Path(plain).expanduser()


def _named(one: school_setup.Question) -> str:
    where = f"{one.formation} : " if one.formation else ""
    return f"{where}{one.label} [{one.key}]{f' ({one.fault})' if one.fault else ''}"


COMMANDS = (setup,)
