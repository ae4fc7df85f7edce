"""Command of avenants: a change of a signed convention is asked, tried, or judged."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from pipeline.cli import screens
from pipeline.cli.options import Day, by_option, json_option, today_option, workspace_option
from pipeline.cli.session import open_context, say_json
from pipeline.cli.telling import tell
from pipeline.core.errors import ExitCode
from pipeline.core.models import Severity
from pipeline.services import amends

_SIGNS = {
    Severity.BLOCKING: "bloque",
    Severity.DRAFT: "bloque",
    Severity.WARNING: "attention",
    Severity.INFO: "à savoir",
}


@click.command()
@click.argument("id", metavar="DOSSIER")
@click.argument("values", nargs=-1, metavar="[CHAMP=VALEUR]...")
@click.option("--from", "effect_on", type=Day(), metavar="DATE", help="Le jour à partir duquel le changement vaut.")
@click.option("--accept", type=int, metavar="N", help="Le référent pédagogique accepte le changement N.")
@click.option("--refuse", type=int, metavar="N", help="Il le refuse ; dites pourquoi par --reason.")
@click.option(
    "--motive",
    default="",
    metavar="CODE",
    help="fin-anticipee, suspension, reprise, correction… (sinon : d’après ce qui change).",
)
@click.option("--reason", default="", metavar="MOTIF", help="Pourquoi ; n’est pas imprimé.")
@click.option("--on", type=Day(), metavar="DATE", help="Le jour de la demande, ou de l’avis (sinon : aujourd’hui).")
@click.option("--lift", "lifts", multiple=True, metavar="RÈGLE", help="Lever une règle qui bloque, pour ce motif.")
@click.option(
    "--dry-run", is_flag=True, help="Montrer ce qui changerait et ce que disent les règles, sans rien garder."
)
@by_option("Qui demande ; avec --accept ou --refuse, qui juge.")
@workspace_option
@today_option
@json_option
def amend(
    *,
    id: str,  # noqa: A002 -- what the user types
    values: tuple[str, ...],
    effect_on: dt.date | None,
    accept: int | None,
    refuse: int | None,
    motive: str,
    reason: str,
    on: dt.date | None,
    lifts: tuple[str, ...],
    by: str,
    root: Path,
    today: dt.date,
    dry_run: bool,
    as_json: bool,
) -> ExitCode:
    """Changer une convention par un avenant : demander (CHAMP=VALEUR, --from), puis faire juger (--accept, --refuse).

    Une liste se change par ligne : stage.calendrier+=2025-06-12=7, stage.calendrier-=2025-05-28,
    stage.interruptions+=2025-05-12..2025-05-23. Accepté, l’avenant est dans outbox/, prêt à signer.

    Exemple : liasse amend 2025-014 stage.calendrier-=2025-05-28 stage.calendrier+=2025-06-12=7 --from 2025-05-28
    --reason "jour de formation interne" --by "F. GARÇON"
    """
    number = accept if accept is not None else refuse
    _require_one(values, effect_on, accept, refuse, reason)
    with open_context(root, today) as context:
        if number is not None:
            ruled = amends.judge_change(
                context, id, number, by=by, favorable=refuse is None, on=on, reason=reason, lifts=lifts
            )
            return _say_ruled(ruled, as_json=as_json)
        shown = amends.ask_change(
            context,
            id,
            values,
            effect_on=effect_on or today,
            reason=reason,
            by=by,
            on=on,
            motive_code=motive,
            lifts=lifts,
            dry_run=dry_run,
        )
    return _say_shown(shown, dry_run=dry_run, as_json=as_json)


def _require_one(
    values: tuple[str, ...], effect_on: dt.date | None, accept: int | None, refuse: int | None, reason: str
) -> None:
    """A change is asked, accepted or refused: one of them."""
    judged = [one for one in (accept, refuse) if one is not None]
    if len(judged) > 1 or (judged and values) or (not judged and not values):
        raise click.UsageError("Donnez des CHAMP=VALEUR, ou --accept N, ou --refuse N : une seule de ces choses.")
    if values and effect_on is None:
        raise click.UsageError("Dites à partir de quel jour le changement vaut : --from 2025-05-28.")
    if not reason and (values or refuse is not None):
        raise click.UsageError("Dites pourquoi : --reason.")


def _say_shown(shown: amends.Shown, *, dry_run: bool, as_json: bool) -> ExitCode:
    if as_json:
        say_json(_json(shown))
        return _code(shown, dry_run=dry_run)
    title = f"Changement {shown.number} du dossier {shown.dossier}, à partir du {shown.request.effect_on:%d/%m/%Y}"
    screens.say([title, *_lines(shown)])
    if dry_run:
        tell(
            "Rien n’est gardé." if not shown.stopped else "Rien n’est gardé ; tel quel, ce changement serait refusé."
        )
        return _code(shown, dry_run=dry_run)
    tell("Déjà demandé, et pas encore jugé." if shown.already else "Demandé.")
    tell(f"À juger par {shown.judge} :")
    screens.say([screens.command_line(f"liasse amend {shown.dossier} --accept {shown.number} --by NOM")])
    return _code(shown, dry_run=dry_run)


def _code(shown: amends.Shown, *, dry_run: bool) -> ExitCode:
    """A change that is asked waits for its judge; a trial waits for nobody, and says whether it would be refused."""
    if dry_run:
        return ExitCode.USAGE if shown.stopped else ExitCode.ALL_DELIVERED
    return ExitCode.SOME_WAIT


def _lines(shown: amends.Shown) -> list[str]:
    lines = []
    for article in shown.articles:
        lines.append(article["place"])
        lines += [f"  {row['libelle']} : {row['ancienne']} → {row['nouvelle']}" for row in article["lignes"]]
    return lines + [f"{_SIGNS[one.severity]}  {one.rule} : {one.message}" for one in shown.problems]


def _json(shown: amends.Shown) -> dict[str, Any]:
    return {
        "dossier": shown.dossier,
        "changement": shown.number,
        **shown.request.body(),
        "articles": list(shown.articles),
        "problems": [one.as_json() for one in shown.problems],
        "refuse": shown.stopped,
        "deja": shown.already,
    }


def _say_ruled(ruled: amends.Ruled, *, as_json: bool) -> ExitCode:
    paper = ruled.paper
    if as_json:
        say_json(
            {
                "dossier": ruled.dossier,
                "changement": ruled.number,
                "avis": "favorable" if ruled.favorable else "defavorable",
                "avenant": str(paper.folder) if paper else None,
                "refaites": [one.name for one in ruled.again],
                "deja": ruled.already,
            }
        )
        return ExitCode.ALL_DELIVERED
    if ruled.already:
        tell(f"Changement {ruled.number} : {ruled.already}.")
    if not ruled.favorable:
        tell(f"Changement {ruled.number} du dossier {ruled.dossier} : refusé, la convention reste comme elle est.")
    if paper is not None:
        tell(f"Avenant {ruled.number}, à faire signer : outbox/{paper.folder}")
    for one in ruled.again:
        tell(f"refaite  {one.name}, version {one.version} : outbox/{one.folder}")
    return ExitCode.ALL_DELIVERED


COMMANDS = (amend,)
