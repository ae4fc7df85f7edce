"""Commands of who looks after it: doctor, purge, export, erase; bilan; blank and check of formations."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.cli.options import by_option, json_option, reason_option, today_option, workspace_option
from pipeline.cli.session import open_context, say_json
from pipeline.core.errors import ExitCode
from pipeline.core.settings import Settings
from pipeline.core.workspace import Workspace
from pipeline.ledger import store
from pipeline.maintenance import doctor as machine
from pipeline.maintenance import formations, retention
from pipeline.regeneration import impact as impacts
from pipeline.regeneration import impact_report
from pipeline.reports import papers, summary
from pipeline.services import personal_data


@click.command()
@workspace_option
@json_option
def doctor(root: Path, *, as_json: bool) -> ExitCode:
    """Say whether this machine and this workspace are ready: everything is really tried, a few seconds.

    Example: liasse doctor
    """
    findings = list(machine.examine(Workspace.at(root)))
    if as_json:
        say_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            click.echo(f"{finding.level.value:<8} {finding.what:<32} {finding.said}")
    return machine.exit_code(findings)


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@workspace_option
@today_option
@json_option
def purge(root: Path, today: dt.date, *, dry_run: bool, as_json: bool) -> None:
    """Remove what is older than the days of [conservation] in liasse.toml; never a packet that was signed.

    Example: liasse purge --dry-run
    """
    workspace = Workspace.at(root)
    days = Settings.load(workspace).conservation
    with store.Ledger.open(workspace) as ledger:
        found = list(retention.due(ledger, workspace, days, today))
        if not dry_run:
            retention.purge(found, ledger, workspace, today, days)
    if as_json:
        say_json([asdict(one) for one in found])
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

    Example: liasse export 2025-014 --to /media/cle
    """
    workspace = Workspace.at(root)
    with store.Ledger.open(workspace) as ledger:
        click.echo(personal_data.export(ledger, workspace, id, to))


@click.command()
@click.argument("id")
@by_option("Who does it.")
@reason_option
@click.option("--signed-too", is_flag=True, help="Also what was fetched or signed: by the archivist's word only.")
@workspace_option
def erase(*, id: str, by: str, reason: str, root: Path, signed_too: bool) -> None:  # noqa: A002 -- what the user types
    """Remove everything we hold of the person of a form; hashes, states and dates stay, without a name.

    Then say where the person may still stand: forms that could not be read, and names that are spelled alike.

    Example: liasse erase 2025-014 --by "Déléguée à la protection des données" --reason "demande du 3 mars"
    """
    workspace = Workspace.at(root)
    with store.Ledger.open(workspace) as ledger:
        beside = personal_data.beside(ledger, workspace, id)
        count = personal_data.erase(ledger, workspace, id, by=by, reason=reason, signed_too=signed_too)
    many = "s" if count > 1 else ""
    click.echo(f"{count} formulaire{many} effacé{many}.")
    for what, named in (
        ("Sans nom lu, à regarder", [f"{one.form.id} ({one.form.name})" for one in beside.unread]),
        ("Noms proches, gardés", [f"{one.form.id} ({one.stagiaire or one.form.name})" for one in beside.alike]),
        ("Encore dans inbox/", beside.inbox),
    ):
        if named:
            click.echo(f"{what} : {', '.join(named)}.")


@click.command()
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(file_okay=False, path_type=Path))
@workspace_option
@today_option
def bilan(folder: Path | None, root: Path, today: dt.date) -> None:
    """Write bilan.xlsx, bilan.pdf and bordereau.pdf of all forms received into DIR (default: outbox/bilan/).

    They name people: only their owner may read them.

    Example: liasse bilan
    """
    with open_context(root, today) as context:
        for path in papers.write_papers(summary.summarise(context), folder or context.workspace.bilan):
            click.echo(path)


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
    place = folder or Path()
    place.mkdir(parents=True, exist_ok=True)
    for path in formations.write_blanks(Workspace.at(root), formation, annee, place):
        click.echo(path)


@click.command()
@click.option("--impact", is_flag=True, help="Say instead which delivered packets would not be the same today.")
@workspace_option
@json_option
def check(root: Path, *, impact: bool, as_json: bool) -> ExitCode:
    """Say whether templates, schemas and rules agree, and what is missing before a packet can be signed.

    Exit code 3 where something is wrong, 1 where something is missing: 'liasse setup' asks for it.

    Says too what a screen reader would miss in the papers; that does not change the exit code.

    With --impact, compare each packet that nobody has taken yet with what it would be with the templates, rules and
    settings of today: exit code 0 if all would be the same, 1 if some would not.

    Example: liasse check --impact
    """
    if impact:
        return _impact(root, as_json=as_json)
    if as_json:
        raise click.UsageError("--json goes with --impact.")
    faults = missing = 0
    for found in formations.inspect(Workspace.at(root)):
        click.echo(f"{found.formation}: {'ok' if not found.faults else f'{len(found.faults)} fault(s)'}")
        for fault in found.faults:
            click.echo(f"  fault: {fault}")
        for one in found.missing:
            click.echo(f"  missing before anything can be signed: {one}")
        for one in found.accessibility:
            click.echo(f"  accessibility: {one}")
        if found.optional:
            click.echo(f"  left out of the papers, optional: {', '.join(found.optional)}")
        faults += len(found.faults)
        missing += len(found.missing)
    if missing:
        click.echo(f"{missing} missing: packets are projets until 'liasse setup' has asked for it.")
    if faults:
        return ExitCode.OURS_TO_MEND
    return ExitCode.SOME_WAIT if missing else ExitCode.ALL_DELIVERED


def _impact(root: Path, *, as_json: bool) -> ExitCode:
    with open_context(root, dt.date.today()) as context:  # noqa: DTZ011 -- each packet has its own day
        found = list(impacts.survey(context))
        listed = [one for one in found if one.changed or one.unknown]
        if as_json:
            changed = [impact_report.as_json(one, context.dictionary) for one in listed]
            say_json({"liasses": len(found), "changees": changed})
        else:
            for one in listed:
                click.echo("\n".join(impact_report.lines(one, context.dictionary)) + "\n")
            click.echo(impact_report.summary(found))
    return ExitCode.SOME_WAIT if listed else ExitCode.ALL_DELIVERED


COMMANDS = (doctor, purge, export, erase, bilan, blank, check)
