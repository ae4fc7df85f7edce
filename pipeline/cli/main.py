"""The command line: one group, its commands, and the one place where a program ends with an exit code."""

from __future__ import annotations

import errno
import gc
import io
import os
import sys

import click

from pipeline import __version__
from pipeline.cli import (
    avenant_commands,
    deciding,
    dossier_commands,
    first_hour,
    french_frame,
    inspecting,
    life_commands,
    maintaining,
    packet_commands,
    presence_commands,
    running,
    safekeeping,
    school_commands,
    teaching_commands,
    template_commands,
    web_commands,
)
from pipeline.cli.telling import tell
from pipeline.core.errors import ExitCode, LiasseError

_INTERRUPTED, _PIPE_CLOSED = 130, 141  # as shells say it
_TRACE = "LIASSE_TRACE"
_RIGHTS = "Vérifiez que ce fichier ou dossier existe, et que vous pouvez le lire et l’écrire."
_UNFORESEEN = "erreur imprévue, de notre fait"
_TELL = (
    f"Rien de reçu n’est perdu. Relancez avec {_TRACE}=1, et transmettez ce qui s’affiche à qui entretient liasse."
)
_DISK = {errno.ENOENT: "n’existe pas", errno.EACCES: "accès refusé", errno.ENOSPC: "disque plein"}
_RARELY = 500_000  # objects made between two collections: imports make many and drop none


@click.group(cls=french_frame.SchoolGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="liasse")
def cli() -> None:
    """Faire des formulaires préalables remplis les liasses de conventions de stage, prêtes à signer.

    Codes de sortie : 0 tout est délivré, 1 des formulaires attendent quelqu’un, 2 commande mal tapée ou refusée,
    3 à réparer chez nous, 4 un outil manque. Les commandes de l’administrateur de la machine parlent anglais.
    """


for _commands in (
    running,
    inspecting,
    deciding,
    dossier_commands,
    life_commands,
    avenant_commands,
    first_hour,
    school_commands,
    teaching_commands,
    template_commands,
    maintaining,
    packet_commands,
    presence_commands,
    safekeeping,
    web_commands,
):
    for _command in french_frame.in_french(_commands.COMMANDS):
        cli.add_command(_command)


@cli.result_callback()
def _end(code: ExitCode | None) -> None:
    """The exit code that a command answered."""
    click.get_current_context().exit(int(code or ExitCode.ALL_DELIVERED))


def main() -> None:
    """Run the command line: what goes wrong becomes one line that says what, where and what to do."""
    gc.set_threshold(_RARELY)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal in latin-1 shows « ? » for what it lacks
    try:
        code = int(cli(standalone_mode=False) or ExitCode.ALL_DELIVERED)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):  # whoever read the output has gone; Click and rich end a program for it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = _PIPE_CLOSED
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        code = ExitCode.USAGE
    except Exception as error:
        if os.environ.get(_TRACE):
            raise
        told, code = _meaning(error)
        tell(f"liasse : {told}", err=True)
    finally:
        gc.freeze()  # Python does not look through what is left before it ends
    sys.exit(code)


def _meaning(error: Exception) -> tuple[str, int]:
    """What is said of an error, and the exit code: a person never meets a traceback."""
    match error:
        case click.ClickException():
            return french_frame.said(error), ExitCode.USAGE
        case LiasseError():
            return str(error), error.exit_code
        case click.Abort():
            return "interrompu.", _INTERRUPTED
        case OSError():
            what = _DISK.get(error.errno or 0, error.strerror or str(error))
            return f"{what} : {error.filename or '—'}. {_RIGHTS}", ExitCode.OURS_TO_MEND
        case _:
            return f"{_UNFORESEEN} ({type(error).__name__}). {_TELL}", ExitCode.OURS_TO_MEND
