"""Looking after formations: ``blank``, ``check``."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.options import workspace_option
from pipeline.errors import ExitCode
from pipeline.workspace import Workspace


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
    from pipeline import upkeep  # noqa: PLC0415 -- heavy

    place = folder or Path()
    place.mkdir(parents=True, exist_ok=True)
    for path in upkeep.write_blanks(Workspace.at(root), formation, annee, place):
        click.echo(path)


@click.command()
@workspace_option
def check(root: Path) -> None:
    """Say whether templates, schemas and rules agree, and which settings are still empty."""
    from pipeline import upkeep  # noqa: PLC0415 -- heavy

    faults = 0
    for found in upkeep.inspect(Workspace.at(root)):
        click.echo(f"{found.formation}: {'ok' if not found.faults else f'{len(found.faults)} fault(s)'}")
        for fault in found.faults:
            click.echo(f"  fault: {fault}")
        for setting in found.empty_settings:
            click.echo(f"  empty setting: {setting} (printed « À COMPLÉTER »)")
        faults += len(found.faults)
    raise SystemExit(ExitCode.OURS_TO_MEND if faults else ExitCode.ALL_DELIVERED)
