"""What people decide of a form: ``approve``, ``override``, ``confirm``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from pipeline.cli.options import Day, json_option, today_option, workspace_option
from pipeline.cli.session import go_on, open_context, the_one, workable


@click.command()
@click.argument("id")
@click.option("--by", required=True, help="Who gives the accord pédagogique.")
@click.option("--date", "on", type=Day(), help="When it was given (default: today).")
@click.option("--refuse", is_flag=True, help="The accord is refused; give --reason.")
@click.option("--reason", default="", help="Why it is refused.")
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
) -> None:
    """Record the accord pédagogique of a form, and go on with it.

    Example: liasse approve 3f2a91c0 --by "F. GARÇON"
    """
    if refuse and not reason:
        raise click.UsageError("A refusal needs --reason: it is sent to the student.")
    accord = {"decision": "defavorable" if refuse else "favorable", "date": (on or today).isoformat(), "par": by}
    if reason:
        accord["motif"] = reason
    with open_context(root, today) as context:
        entry = workable(the_one(context.ledger.find(id), id))
        context.ledger.decide_accord(entry.form, accord, by)
        go_on(entry, context, as_json=as_json)


@click.command()
@click.argument("id")
@click.argument("rule")
@click.option("--by", required=True, help="Who lifts the rule.")
@click.option("--reason", required=True, help="Why; printed on the control sheet.")
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
) -> None:
    """Lift a blocking RULE for one form, by a named person with a reason, and go on with it.

    Example: liasse override 3f2a91c0 S1-23 --by "F. GARÇON" --reason "accord de la direction"
    """
    from pipeline.cli import views  # noqa: PLC0415 -- heavy
    from pipeline.core.decisions import Override  # noqa: PLC0415

    with open_context(root, today) as context:
        entry = workable(the_one(context.ledger.find(id), id))
        views.require_overridable(entry, rule, context)
        context.ledger.decide_override(entry.form, Override(rule, by, reason, today))
        go_on(entry, context, as_json=as_json)


@click.command()
@click.argument("id")
@click.argument("values", nargs=-1, required=True, metavar="FIELD=VALUE...")
@click.option("--by", required=True, help="Who looked at the form.")
@workspace_option
@today_option
@json_option
def confirm(
    *,
    id: str,  # noqa: A002 -- what the user types
    values: tuple[str, ...],
    by: str,
    root: Path,
    today: dt.date,
    as_json: bool,
) -> None:
    """Settle doubtful values of a form, by a named person who looked at it, and go on with it.

    FIELD=VALUE in French spellings; FIELD alone takes what was read; FIELD= says that the form leaves it blank.

    Example: liasse confirm 3f2a91c0 stage.date_debut=07/04/2025 tuteur.nom --by "F. GARÇON"
    """
    from pipeline.dossier.context import as_read  # noqa: PLC0415
    from pipeline.services import confirmation as answers  # noqa: PLC0415 -- heavy

    with open_context(root, today) as context:
        entry = workable(the_one(context.ledger.find(id), id))
        reading = as_read(entry.form, context)
        context.ledger.decide_confirm(entry.form, answers.settle(entry, reading, values, by=by, context=context))
        go_on(entry, context, as_json=as_json)
