"""Looking after the machine and people's data: ``doctor``, ``purge``, ``export``, ``erase``."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.cli.options import json_option, today_option, workspace_option
from pipeline.cli.session import the_one
from pipeline.core.errors import ExitCode
from pipeline.core.workspace import Workspace


@click.command()
@workspace_option
@json_option
def doctor(root: Path, *, as_json: bool) -> None:
    """Say whether this machine and this workspace are ready: everything is really tried, a few seconds.

    Example: liasse doctor
    """
    from pipeline.maintenance import doctor as looking  # noqa: PLC0415 -- heavy

    findings = list(looking.examine(Workspace.at(root)))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(f"{finding.level.value:<8} {finding.what:<32} {finding.said}")
    raise SystemExit(looking.exit_code(findings))


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@workspace_option
@today_option
@json_option
def purge(root: Path, today: dt.date, *, dry_run: bool, as_json: bool) -> None:
    """Remove what is older than the days of [conservation] in liasse.toml; never a packet that was signed.

    Example: liasse purge --dry-run
    """
    from pipeline.core.settings import Settings  # noqa: PLC0415
    from pipeline.ledger.store import Ledger  # noqa: PLC0415
    from pipeline.maintenance import retention  # noqa: PLC0415 -- heavy

    workspace = Workspace.at(root)
    days = Settings.load(workspace).conservation
    with Ledger.open(workspace) as ledger:
        found = list(retention.due(ledger, workspace, days, today))
        if not dry_run:
            retention.purge(found, ledger, workspace, today, days)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2, default=str))
        return
    for one in found:
        click.echo(f"{one.of.value:<12} {one.id:<9} depuis le {one.since:%d/%m/%Y}  {one.what}")
    done = "à supprimer" if dry_run else "supprimés"
    click.echo(f"{len(found)} éléments {done}." if found else "Rien à supprimer.")


@click.command()
@click.argument("id")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), default=Path(), metavar="DIR")
@workspace_option
def export(id: str, to: Path, root: Path) -> None:  # noqa: A002 -- what the user types
    """Put everything we hold of the person of a form into a folder: files, values, decisions, packets, journal.

    Example: liasse export 3f2a91c0 --to /media/cle
    """
    from pipeline.ledger.store import Ledger  # noqa: PLC0415
    from pipeline.maintenance import person  # noqa: PLC0415 -- heavy

    workspace = Workspace.at(root)
    with Ledger.open(workspace) as ledger:
        click.echo(person.export(the_one(ledger.find(id), id), ledger, workspace, to))


@click.command()
@click.argument("id")
@click.option("--by", required=True, help="Who does it.")
@click.option("--reason", required=True, help="Why, without a name.")
@click.option("--signed-too", is_flag=True, help="Also what was fetched or signed: by the archivist's word only.")
@workspace_option
def erase(*, id: str, by: str, reason: str, root: Path, signed_too: bool) -> None:  # noqa: A002 -- what the user types
    """Remove everything we hold of the person of a form; hashes, states and dates stay, without a name.

    Example: liasse erase 3f2a91c0 --by "Déléguée à la protection des données" --reason "demande du 3 mars"
    """
    from pipeline.ledger.store import Ledger  # noqa: PLC0415
    from pipeline.maintenance import person  # noqa: PLC0415 -- heavy

    workspace = Workspace.at(root)
    with Ledger.open(workspace) as ledger:
        entry = the_one(ledger.find(id), id)
        count = person.erase(entry, ledger, workspace, by=by, reason=reason, signed_too=signed_too)
    click.echo(f"{count} formulaire{'s' if count > 1 else ''} effacé{'s' if count > 1 else ''}.")
    raise SystemExit(ExitCode.ALL_DELIVERED)
