"""Commands of people who decide: approve, override, review, confirm; join, retry, discard, reopen."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from pipeline.cli import screens, todo_screen
from pipeline.cli.options import Day, by_option, json_option, today_option, workspace_option
from pipeline.cli.session import go_on, open_context
from pipeline.cli.telling import tell
from pipeline.core.errors import ExitCode
from pipeline.services import approvals, handling, joining, sheet_answers
from pipeline.services import review as reviews


@click.command()
@click.argument("id")
@by_option("Qui donne l’accord pédagogique.")
@click.option("--date", "on", type=Day(), help="Le jour où il a été donné (sinon : aujourd’hui).")
@click.option("--refuse", is_flag=True, help="L’accord est refusé ; dites pourquoi par --reason.")
@click.option("--reason", default="", metavar="MOTIF", help="Pourquoi il est refusé.")
@workspace_option
@today_option
@json_option
def approve(
    *,
    id: str,  # noqa: A002 -- what the user types
    by: str,
    on: dt.date | None,
    reason: str,
    root: Path,
    today: dt.date,
    refuse: bool,
    as_json: bool,
) -> ExitCode:
    """Noter l’accord pédagogique d’un formulaire, et continuer.

    ID est le numéro du dossier, un identifiant de formulaire, ou un nom.

    Exemple : liasse approve 2025-014 --by "F. GARÇON"
    """
    if refuse and not reason:
        raise click.UsageError("Un refus se motive : ajoutez --reason, qui sera écrit à l’étudiant.")
    with open_context(root, today) as context:
        done = approvals.approve(context, id, by=by, on=on, refuse=refuse, reason=reason)
        return go_on(done.entry, context, done.already, as_json=as_json)


@click.command()
@click.argument("id")
@click.argument("rule")
@by_option("Qui lève la règle.")
@click.option("--reason", required=True, metavar="MOTIF", help="Pourquoi ; imprimé sur la fiche de contrôle.")
@workspace_option
@today_option
@json_option
def override(
    *,
    id: str,  # noqa: A002 -- what the user types
    rule: str,
    by: str,
    reason: str,
    root: Path,
    today: dt.date,
    as_json: bool,
) -> ExitCode:
    """Lever une règle bloquante (RULE) pour un formulaire : une personne nommée, un motif ; puis continuer.

    Exemple : liasse override 2025-014 S1-23 --by "F. GARÇON" --reason "accord de la direction"
    """
    with open_context(root, today) as context:
        done = approvals.override(context, id, rule, by=by, reason=reason)
        return go_on(done.entry, context, done.already, as_json=as_json)


@click.command()
@click.argument("id")
@click.argument("values", nargs=-1, metavar="[CHAMP=VALEUR]...")
@click.option("--as-read", "as_read", is_flag=True, help="Vous avez tout regardé : ce qui a été lu est juste.")
@click.option(
    "--sheet",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FEUILLE",
    is_eager=True,
    help="Une feuille de « liasse review », remplie : ce qui y est coché est confirmé.",
)
@by_option("Qui a regardé le formulaire (avec --sheet : si la feuille ne le dit pas).", unless="sheet")
@workspace_option
@today_option
@json_option
def confirm(
    *,
    id: str,  # noqa: A002 -- what the user types
    values: tuple[str, ...],
    as_read: bool,
    sheet: Path | None,
    by: str,
    root: Path,
    today: dt.date,
    as_json: bool,
) -> ExitCode:
    """Lever les doutes d’un formulaire, par une personne nommée qui l’a regardé, et continuer.

    CHAMP=VALEUR comme on l’écrit ; CHAMP seul reprend ce qui a été lu ; CHAMP= dit que la case est vide.

    Exemple : liasse confirm 2025-014 stage.date_debut=07/04/2025 tuteur.nom --by "F. GARÇON"
    """
    if sheet and (values or as_read):
        raise click.UsageError("Avec --sheet, tout est dit par la feuille : ne nommez pas de champ, sans --as-read.")
    if not values and not as_read and not sheet:
        raise click.UsageError("Nommez les champs, ou dites --as-read si tout ce qui a été lu est juste.")
    with open_context(root, today) as context:
        if sheet:
            read = sheet_answers.confirm_sheet(context, id, sheet, by=by)
            for line in read.told:
                tell(f"confirmé  {line}", err=True)
            return go_on(read.entry, context, read.already, as_json=as_json)
        done = approvals.confirm(context, id, values, by=by, everything_as_read=as_read)
        return go_on(done.entry, context, done.already, as_json=as_json)


@click.command()
@click.argument("id")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Le dossier où l’écrire.")
@workspace_option
@today_option
def review(*, id: str, to: Path | None, root: Path, today: dt.date) -> None:  # noqa: A002 -- what the user types
    """Faire la feuille des points à vérifier d’un formulaire : l’image de chaque doute, ce qui fut lu, une case.

    En PDF à remplir, que « liasse confirm ID --sheet FEUILLE » relit, et en HTML à lire.

    Exemple : liasse review 2025-014 --to ~/a-verifier
    """
    with open_context(root, today) as context:
        sheet = reviews.make_sheet(context, id)
        pdf, page = reviews.write_sheet(context, sheet, to)
    for path in (pdf, page):
        click.echo(path)
    screens.say(todo_screen.sheet_then(sheet.form_id, pdf))


@click.command()
@click.argument("id")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "piece", required=True, metavar="PIÈCE", help="Quelle pièce de la liasse : fiche-pays.")
@by_option("Qui la joint.")
@workspace_option
@today_option
@json_option
def join(
    *,
    id: str,  # noqa: A002 -- what the user types
    file: Path,
    piece: str,
    by: str,
    root: Path,
    today: dt.date,
    as_json: bool,
) -> ExitCode:
    """Joindre FILE, un PDF, à un dossier comme pièce de sa liasse, et continuer ou refaire la liasse.

    Exemple : liasse join 2025-014 fiche-belgique.pdf --as fiche-pays --by "F. GARÇON"
    """
    with open_context(root, today) as context:
        done = joining.join_file(context, id, file, piece=piece, by=by)
        return go_on(done.entry, context, done.already, as_json=as_json)


@click.command()
@click.argument("id")
@by_option("Qui le demande.")
@click.option("--letter", is_flag=True, help="Renvoyer à compléter un projet, ou une liasse bloquée depuis.")
@workspace_option
@today_option
@json_option
def retry(
    *,
    id: str,  # noqa: A002 -- what the user types
    by: str,
    root: Path,
    today: dt.date,
    letter: bool,
    as_json: bool,
) -> ExitCode:
    """Réessayer un formulaire en panne, mis en quarantaine, ou qui attendait qu’un autre soit écarté.

    Tout formulaire qui n’est pas clos se réessaie ; renvoyé, il reçoit une nouvelle lettre si quelque chose y manque
    encore. Un projet qui ne passe plus n’est renvoyé à compléter que par --letter.

    Exemple : liasse retry 2025-014 --by "F. GARÇON"
    """
    with open_context(root, today) as context:
        done = handling.retry(context, id, by=by, letter=letter)
        return go_on(done.entry, context, done.already, as_json=as_json)


@click.command()
@click.argument("id")
@by_option("Qui décide.")
@click.option("--reason", required=True, metavar="MOTIF", help="Pourquoi.")
@workspace_option
@today_option
def discard(*, id: str, by: str, reason: str, root: Path, today: dt.date) -> None:  # noqa: A002 -- what the user types
    """Écarter un formulaire qui ne demande pas de liasse : un doublon, une erreur. « liasse reopen » le reprend.

    Exemple : liasse discard 3f2a91c0 --by "F. GARÇON" --reason "envoyé par erreur"
    """
    with open_context(root, today) as context:
        done = handling.discard(context, id, by=by, reason=reason)
        tell(f"{done.entry.form.id} {done.already or 'écarté'}.")


@click.command()
@click.argument("id")
@by_option("Qui le demande.")
@workspace_option
@today_option
@json_option
def reopen(*, id: str, by: str, root: Path, today: dt.date, as_json: bool) -> ExitCode:  # noqa: A002 -- what the user types
    """Reprendre un formulaire écarté par « liasse discard » : il repart d’où il était.

    Exemple : liasse reopen 2025-014 --by "F. GARÇON"
    """
    with open_context(root, today) as context:
        done = handling.reopen(context, id, by=by)
        return go_on(done.entry, context, done.already, as_json=as_json)


COMMANDS = (approve, override, review, confirm, join, retry, discard, reopen)
