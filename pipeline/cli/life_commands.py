"""Commands of a dossier's life: signed, close, archive."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from pipeline.cli.options import Day, by_option, today_option, workspace_option
from pipeline.cli.session import open_context
from pipeline.cli.telling import tell
from pipeline.core.errors import ExitCode
from pipeline.services import archiving, closures, signed_papers


@click.command()
@click.argument("id", metavar="DOSSIER")
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="[FILE]"
)
@click.option("--piece", required=True, metavar="PIÈCE", help="Quel papier : convention, avenant-1, evaluation…")
@click.option("--on", type=Day(), required=True, metavar="DATE", help="Le jour qui est écrit près de la signature.")
@by_option("Qui le dit.")
@click.option("--role", "roles", multiple=True, metavar="RÔLE", help="Qui a signé (sinon : tous ceux qui manquent).")
@click.option("--correct", is_flag=True, help="Le jour noté avant était faux.")
@workspace_option
@today_option
def signed(
    *,
    id: str,  # noqa: A002 -- what the user types
    file: Path | None,
    piece: str,
    on: dt.date,
    by: str,
    roles: tuple[str, ...],
    root: Path,
    today: dt.date,
    correct: bool,
) -> None:
    """Noter qu’un papier d’un dossier a été signé, tel jour, par tous ou par un seul.

    FILE, le PDF signé ou son scan, est gardé tel quel auprès de celui qui fut publié.

    Exemple : liasse signed 2025-014 convention-signee.pdf --piece convention --on 2025-03-28 --by "F. GARÇON"
    """
    with open_context(root, today) as context:
        noted = signed_papers.note_signed(
            context, id, piece=piece, on=on, by=by, roles=roles, file=file, correct=correct
        )
    for line in signed_papers.lines_of(noted):
        tell(line)


@click.command()
@click.argument("id", metavar="DOSSIER")
@by_option("Qui clôt.")
@click.option("--reason", default="", metavar="MOTIF", help="Pourquoi clore bien qu’il manque quelque chose.")
@click.option("--reopen", is_flag=True, help="Rouvrir un dossier clos ; dites pourquoi par --reason.")
@workspace_option
@today_option
def close(
    *,
    id: str,  # noqa: A002 -- what the user types
    by: str,
    reason: str,
    root: Path,
    today: dt.date,
    reopen: bool,
) -> None:
    """Clore un dossier une fois que tout ce que sa formation demande est là, ou dire ce qui manque.

    Un dossier clos ne prend plus rien : --reopen le rouvre.

    Exemple : liasse close 2025-014 --by "F. GARÇON"
    """
    if reopen and not reason:
        raise click.UsageError("Rouvrir se motive : ajoutez --reason.")
    with open_context(root, today) as context:
        if reopen:
            done = closures.reopen(context, id, by=by, reason=reason)
            tell(f"{done.number} : rouvert.")
            return
        done = closures.close(context, id, by=by, reason=reason)
    if done.already:
        tell(done.already)
        return
    tell(f"{done.number} : clos{', incomplet' if done.missing else ''}.")
    for one in done.missing:
        tell(f"– {one}")


@click.command("archive")
@click.argument("id", metavar="[DOSSIER]", required=False)
@click.option(
    "--session", default="", metavar="CODE/ANNÉE", help="Tous les dossiers d’une session, dans une archive."
)
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Le dossier où l’écrire.")
@click.option(
    "--verify",
    "whole",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FICHIER.zip",
    help="Vérifier plutôt une archive : chaque fichier y a son empreinte.",
)
@workspace_option
@today_option
def archive_(
    *,
    id: str | None,  # noqa: A002 -- what the user types
    session: str,
    to: Path | None,
    whole: Path | None,
    root: Path,
    today: dt.date,
) -> ExitCode:
    """Faire d’un dossier, ou d’une session, une archive ZIP qui se suffit.

    Papiers publiés, retours signés tels qu’ils sont venus, formulaires reçus, valeurs, ce qui fut noté, journal,
    empreintes, et le bordereau pour l’archiviste. Si un fichier manque, rien n’est écrit.

    Exemple : liasse archive 2025-014 --to /media/archives
    """
    if whole:
        if id or session or to:
            raise click.UsageError("--verify se dit seul.")
        return _verified(whole)
    if bool(id) == bool(session) or to is None:
        raise click.UsageError("Nommez un dossier, ou dites --session CODE/ANNÉE ; et où l’écrire par --to.")
    with open_context(root, today) as context:
        done = archiving.archive_dossier(context, id, to) if id else archiving.archive_session(context, session, to)
    click.echo(done.path)
    if not done.fresh:
        tell("Déjà là, et la même : elle est laissée.", err=True)
    if done.unclosed:
        tell(f"Non clos : {', '.join(done.unclosed)}.", err=True)
    return ExitCode.ALL_DELIVERED


def _verified(path: Path) -> ExitCode:
    faults = archiving.verify(path)
    for one in faults:
        tell(one)
    if not faults:
        tell("Entière : chaque fichier a son empreinte.")
    return ExitCode.OURS_TO_MEND if faults else ExitCode.ALL_DELIVERED


COMMANDS = (signed, close, archive_)
