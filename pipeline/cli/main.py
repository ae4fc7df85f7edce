"""The command line: one group; the commands stand in ``pipeline.cli``."""

from __future__ import annotations

import gc
import sys

import click

from pipeline import __version__
from pipeline.cli import (
    accounting,
    deciding,
    keeping,
    running,
    upkeep,
    walking,
)
from pipeline.cli import (
    batching as cohort,
)
from pipeline.cli import (
    teaching_commands as teaching,
)
from pipeline.cli.session import exit_code
from pipeline.core.errors import ConfigError, FormRejected, LiasseError

__all__ = ["cli", "exit_code", "main"]

_RARELY = 500_000  # objects made between two collections: imports make many and drop none


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="liasse")
def cli() -> None:
    """Turn filled formulaires préalables into signed-ready packets of internship papers.

    Exit codes: 0 all delivered, 1 some forms wait for a person, 2 usage, 3 ours to mend, 4 a tool is missing.
    """


for _command in (
    walking.run,
    cohort.batch,
    walking.read,
    walking.status,
    walking.show,
    deciding.approve,
    deciding.override,
    deciding.confirm,
    running.watch,
    running.worker,
    running.retry,
    running.discard,
    running.fetch,
    upkeep.blank,
    upkeep.check,
    upkeep.regenerate,
    teaching.forms,
    teaching.evaluate,
    keeping.doctor,
    keeping.purge,
    keeping.export,
    keeping.erase,
    accounting.bilan,
):
    cli.add_command(_command)


def main() -> None:
    """Run the command line; errors of ours become one line that says what, where and what to do."""
    gc.set_threshold(_RARELY)
    try:
        cli()
    except (FormRejected, ConfigError, LiasseError) as error:
        click.echo(f"liasse: {error}", err=True)
        sys.exit(error.exit_code)
    finally:
        gc.freeze()  # Python does not look through what is left before it ends
