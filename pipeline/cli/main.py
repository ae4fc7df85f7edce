"""The command line: one group, its commands, and the one place where a program ends with an exit code."""

from __future__ import annotations

import gc
import sys

import click

from pipeline import __version__
from pipeline.cli import (
    deciding,
    dossier_commands,
    inspecting,
    maintaining,
    running,
    safekeeping,
    school_commands,
    teaching_commands,
)
from pipeline.core.errors import ExitCode, LiasseError

_RARELY = 500_000  # objects made between two collections: imports make many and drop none


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="liasse")
def cli() -> None:
    """Turn filled formulaires préalables into signed-ready packets of internship papers.

    Exit codes: 0 all delivered, 1 some forms wait for a person, 2 usage, 3 ours to mend, 4 a tool is missing.
    """


for _commands in (
    running,
    inspecting,
    deciding,
    dossier_commands,
    school_commands,
    teaching_commands,
    maintaining,
    safekeeping,
):
    for _command in _commands.COMMANDS:
        cli.add_command(_command)


@cli.result_callback()
def _end(code: ExitCode | None) -> None:
    """The exit code that a command answered."""
    click.get_current_context().exit(int(code or ExitCode.ALL_DELIVERED))


def main() -> None:
    """Run the command line; errors of ours become one line that says what, where and what to do."""
    gc.set_threshold(_RARELY)
    try:
        cli()
    except LiasseError as error:
        click.echo(f"liasse: {error}", err=True)
        sys.exit(error.exit_code)
    finally:
        gc.freeze()  # Python does not look through what is left before it ends
