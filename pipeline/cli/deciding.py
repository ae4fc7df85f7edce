"""Commands of people who decide: approve, override, confirm; retry, discard, fetch, regenerate."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from pipeline.cli.options import Day, by_option, json_option, today_option, workspace_option
from pipeline.cli.session import go_on, open_context, say_reports
from pipeline.core.errors import ExitCode
from pipeline.runs import once
from pipeline.services import approvals, handling, joining


@click.command()
@click.argument("id")
@by_option("Who gives the accord pédagogique.")
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
) -> ExitCode:
    """Record the accord pédagogique of a form, and go on with it. ID is the dossier's number or a form's id.

    Example: liasse approve 2025-014 --by "F. GARÇON"
    """
    if refuse and not reason:
        raise click.UsageError("A refusal needs --reason: it is sent to the student.")
    with open_context(root, today) as context:
        done = approvals.approve(context, id, by=by, on=on, refuse=refuse, reason=reason)
        return go_on(done.entry, context, done.already, as_json=as_json)


@click.command()
@click.argument("id")
@click.argument("rule")
@by_option("Who lifts the rule.")
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
) -> ExitCode:
    """Lift a blocking RULE for one form, by a named person with a reason, and go on with it.

    Example: liasse override 2025-014 S1-23 --by "F. GARÇON" --reason "accord de la direction"
    """
    with open_context(root, today) as context:
        done = approvals.override(context, id, rule, by=by, reason=reason)
        return go_on(done.entry, context, done.already, as_json=as_json)


@click.command()
@click.argument("id")
@click.argument("values", nargs=-1, required=True, metavar="FIELD=VALUE...")
@by_option("Who looked at the form.")
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
) -> ExitCode:
    """Settle doubtful values of a form, by a named person who looked at it, and go on with it.

    FIELD=VALUE in French spellings; FIELD alone takes what was read; FIELD= says that the form leaves it blank.

    Example: liasse confirm 2025-014 stage.date_debut=07/04/2025 tuteur.nom --by "F. GARÇON"
    """
    with open_context(root, today) as context:
        done = approvals.confirm(context, id, values, by=by)
        return go_on(done.entry, context, done.already, as_json=as_json)


@click.command()
@click.argument("id")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "piece", required=True, metavar="PIECE", help="Which piece of the packet it is: fiche-pays.")
@by_option("Who joins it.")
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
    """Join FILE, a PDF, to a dossier as a piece of its packet, and go on with it, or make its packet again.

    Example: liasse join 2025-014 fiche-belgique.pdf --as fiche-pays --by "F. GARÇON"
    """
    with open_context(root, today) as context:
        done = joining.join_file(context, id, file, piece=piece, by=by)
        return go_on(done.entry, context, done.already, as_json=as_json)


@click.command()
@click.argument("id")
@by_option("Who asks.")
@click.option("--letter", is_flag=True, help="Send back one that was a projet: what is wrong in it is asked.")
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
    """Try a form again that failed, was put in quarantine, or waited for another form to be put away.

    One that was sent back is tried again where its sender has nothing to mend any more: a setting or a rule was ours.
    A form of which a projet was made, and that passes no more, is sent back by --letter only.

    Example: liasse retry 2025-014 --by "F. GARÇON"
    """
    with open_context(root, today) as context:
        done = handling.retry(context, id, by=by, letter=letter)
        return go_on(done.entry, context, done.already, as_json=as_json)


@click.command()
@click.argument("id")
@by_option("Who decides.")
@click.option("--reason", required=True, help="Why.")
@workspace_option
@today_option
def discard(*, id: str, by: str, reason: str, root: Path, today: dt.date) -> None:  # noqa: A002 -- what the user types
    """Put a form away that needs no packet: a duplicate, a mistake, one that a newer version replaces.

    Example: liasse discard 3f2a91c0 --by "F. GARÇON" --reason "envoyé par erreur"
    """
    with open_context(root, today) as context:
        done = handling.discard(context, id, by=by, reason=reason)
        click.echo(f"{done.entry.form.id} {done.already or 'écarté'}.")


@click.command()
@click.argument("id")
@by_option("Who takes it.")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Copy the packet there.")
@click.option(
    "--signed", is_flag=True, help="It came back signed: it is never replaced or purged without a decision."
)
@workspace_option
@today_option
def fetch(*, id: str, by: str, to: Path | None, root: Path, today: dt.date, signed: bool) -> None:  # noqa: A002 -- what the user types
    """Note that a packet was taken to be signed (or signed): a later version then asks before it takes its place.

    Example: liasse fetch 2025-014 --by "F. GARÇON" --to ~/a-signer
    """
    with open_context(root, today) as context:
        taken = handling.fetch(context, id, by=by, to=to, signed=signed)
    if taken.already:
        click.echo(taken.already, err=True)
    click.echo(taken.place)


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--all-changed", is_flag=True, help="Every packet that 'liasse check --impact' lists.")
@by_option("Who asks.")
@workspace_option
@today_option
@json_option
def regenerate(
    *, ids: tuple[str, ...], by: str, root: Path, today: dt.date, all_changed: bool, as_json: bool
) -> ExitCode:
    """Make the next version of packets that nobody has taken yet, with the templates, rules and settings of today.

    The old packet stays where it is, marked as replaced. One that would not change, or that a rule now forbids, is
    left as it is; one that was fetched or signed is refused.

    Example: liasse regenerate 2025-014 --by "F. GARÇON"
    """
    if bool(ids) == all_changed:
        raise click.UsageError("Name the forms, or say --all-changed.")
    with open_context(root, today) as context:
        once.start(context)
        asked = handling.regenerate(context, ids, by=by)
        return say_reports(list(once.go_on_all(asked, context)), as_json=as_json)


COMMANDS = (approve, override, confirm, join, retry, discard, fetch, regenerate)
