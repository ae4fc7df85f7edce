"""Looking after formations: ``blank``, ``check``; packets made anew when they changed: ``regenerate``."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import NoReturn

import click

from pipeline.cli.options import json_option, today_option, workspace_option
from pipeline.cli.session import exit_code, open_context, say_reports, the_one
from pipeline.core.errors import ExitCode
from pipeline.core.workspace import Workspace


@click.command()
@click.argument("formation")
@click.option("--session", "annee", metavar="YEAR", help="Such as 2024-2025 (default: the last session).")
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="Where to write (default: here)."
)
@workspace_option
def blank(formation: str, annee: str | None, folder: Path | None, root: Path) -> None:
    """Write the blank form of a FORMATION, as a fillable PDF and as a Word file.

    Example: liasse blank coordination-essms --session 2024-2025
    """
    from pipeline.maintenance import formations as upkeep  # noqa: PLC0415 -- heavy

    place = folder or Path()
    place.mkdir(parents=True, exist_ok=True)
    for path in upkeep.write_blanks(Workspace.at(root), formation, annee, place):
        click.echo(path)


@click.command()
@click.option("--impact", is_flag=True, help="Say instead which delivered packets would not be the same today.")
@workspace_option
@json_option
def check(root: Path, *, impact: bool, as_json: bool) -> None:
    """Say whether templates, schemas and rules agree, and which settings are still empty.

    With --impact, compare each packet that nobody has taken yet with what it would be with the templates, rules and
    settings of today: exit code 0 if all would be the same, 1 if some would not.

    Example: liasse check --impact
    """
    if impact:
        _impact(root, as_json=as_json)
    if as_json:
        raise click.UsageError("--json goes with --impact.")
    from pipeline.maintenance import formations as upkeep  # noqa: PLC0415 -- heavy

    faults = 0
    for found in upkeep.inspect(Workspace.at(root)):
        click.echo(f"{found.formation}: {'ok' if not found.faults else f'{len(found.faults)} fault(s)'}")
        for fault in found.faults:
            click.echo(f"  fault: {fault}")
        for setting in found.empty_settings:
            click.echo(f"  empty setting: {setting} (printed « À COMPLÉTER »)")
        faults += len(found.faults)
    raise SystemExit(ExitCode.OURS_TO_MEND if faults else ExitCode.ALL_DELIVERED)


def _impact(root: Path, *, as_json: bool) -> NoReturn:
    from pipeline.regeneration import impact_report as told  # noqa: PLC0415
    from pipeline.regeneration.survey import survey  # noqa: PLC0415 -- heavy

    with open_context(root, dt.date.today()) as context:  # noqa: DTZ011 -- each packet has its own day
        impacts = list(survey(context))
        listed = [one for one in impacts if one.changed or one.unknown]
        if as_json:
            answer = {"liasses": len(impacts), "changees": [told.as_json(one, context.dictionary) for one in listed]}
            click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            for one in listed:
                click.echo("\n".join(told.lines(one, context.dictionary)) + "\n")
            click.echo(told.summary(impacts))
    raise SystemExit(ExitCode.SOME_WAIT if listed else ExitCode.ALL_DELIVERED)


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--all-changed", is_flag=True, help="Every packet that 'liasse check --impact' lists.")
@click.option("--by", required=True, help="Who asks.")
@workspace_option
@today_option
@json_option
def regenerate(
    *, ids: tuple[str, ...], by: str, root: Path, today: dt.date, all_changed: bool, as_json: bool
) -> None:
    """Make the next version of packets that nobody has taken yet, with the templates, rules and settings of today.

    The old packet stays where it is, marked as replaced. One that would not change, or that a rule now forbids, is
    left as it is; one that was fetched or signed is refused.

    Example: liasse regenerate 11ad1158 --by "F. GARÇON"
    """
    from pipeline.regeneration.survey import survey  # noqa: PLC0415 -- heavy
    from pipeline.runs import once  # noqa: PLC0415

    if bool(ids) == all_changed:
        raise click.UsageError("Name the forms, or say --all-changed.")
    with open_context(root, today) as context:
        if all_changed:
            asked = [one.packet for one in survey(context) if one.changed]
        else:
            asked = [once.packet_of(the_one(context.ledger.find(id_), id_), context) for id_ in dict.fromkeys(ids)]
        reports = list(once.regenerate(asked, context, by=by))
    say_reports(reports, as_json=as_json)
    raise SystemExit(exit_code(reports))
