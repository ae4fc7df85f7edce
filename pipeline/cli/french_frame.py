"""Click in French: the frame of help pages, and what is said of a command that was typed wrong.

Commands of operators (``ENGLISH``) keep Click's own English: one language for one reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import click

ENGLISH = frozenset(
    {"backup", "doctor", "evaluate", "purge", "recover", "restore", "serve", "user", "watch", "worker"}
)
_SHARED = {  # what the options that all commands share are for
    "root": "The folder that holds templates/, schemas/, inbox/ and outbox/ (else: here).",
    "today": "Work as on that day, for example 2025-03-17.",
    "jobs": "Workers (else: one a core).",
    "as_json": "Write JSON instead of a table.",
}
_SECTIONS = {"Options": "Options", "Commands": "Commandes", "Positional arguments": "Arguments"}
_TOLD = {
    "Show this message and exit.": "Montrer cette aide.",
    "Show the version and exit.": "Montrer la version.",
}
_MARKS = {"[required]": "[obligatoire]", "[default: ": "[sinon : "}
_KINDS = {"argument": "l’argument", "option": "l’option"}
# Click's sentences, as its own tests fix them, and ours.
_SENTENCES = (
    (r"Got unexpected extra arguments? \((.*)\)", "« {} » est de trop"),
    (r"Option '(.*)' requires an argument\.?", "l’option {} demande une valeur"),
    (r"Option '(.*)' does not take a value\.?", "l’option {} ne prend pas de valeur"),
    (r"(?:File|Directory|Path) '(.*)' does not exist\.", "« {} » n’existe pas"),
    (r"File '(.*)' is a directory\.", "« {} » est un dossier : nommez un fichier"),
    (r"Directory '(.*)' is a file\.", "« {} » est un fichier : nommez un dossier"),
    (r"(?:File|Directory|Path) '(.*)' is not readable\.", "« {} » ne peut pas être lu : vérifiez les droits"),
    (r"(?:File|Directory|Path) '(.*)' is not writable\.", "« {} » ne peut pas être écrit : vérifiez les droits"),
    (r"'?(.*?)'? is not a valid \w+(?: range)?\.", "« {} » n’est pas un nombre"),
    (r"(.*) is not in the range (.*)\.", "{} n’est pas dans {}"),
    (r"'(.*?)' is not one of (.*)\.", "« {} » n’est pas l’un de : {}"),
    (r"'(.*)' is not a date: .*", "« {} » n’est pas une date : écrivez AAAA-MM-JJ, par exemple 2025-03-17"),
    (r"Missing command\.", "dites quelle commande"),
)


class FrenchFormatter(click.HelpFormatter):
    """The page of ``--help``, its frame in French."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """« Usage : liasse … »."""
        super().write_usage(prog, args.replace("COMMAND [ARGS]...", "COMMANDE …"), prefix or "Usage : ")

    def write_heading(self, heading: str) -> None:
        """« Commandes : »."""
        super().write_heading(f"{_SECTIONS.get(heading, heading)} ")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Options or commands with what they are for."""
        super().write_dl([(name, _told(said)) for name, said in rows], col_max, col_spacing)


def _told(said: str) -> str:
    said = _TOLD.get(said, said)
    for english, french in _MARKS.items():
        said = said.replace(english, french)
    return said


class SchoolContext(click.Context):
    """A command of the scolarité."""

    formatter_class = FrenchFormatter


class SchoolGroup(click.Group):
    """A group whose commands speak French, but for those of operators."""

    context_class = SchoolContext

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 -- as Click has it
        """The command that was typed; what is wrong with it is known to be of that command."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            command = self.commands.get(ctx.invoked_subcommand or "")
            if error.ctx is None and command:
                error.ctx = command.context_class(command, parent=ctx, info_name=command.name)
            raise

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The scolarité's commands first, then the operators'."""
        return sorted(super().list_commands(ctx), key=lambda name: (name in ENGLISH, name))


def in_french(commands: Iterable[click.Command]) -> Iterator[click.Command]:
    """The same commands; the help of each of the scolarité's, and what it holds, is French, an operator's English."""
    for command in commands:
        if command.name in ENGLISH:
            for option in command.params:
                if isinstance(option, click.Option):
                    option.help = _SHARED.get(option.name or "", option.help)
        else:
            command.context_class = SchoolContext
            if isinstance(command, click.Group):
                list(in_french(command.commands.values()))
        yield command


def said(error: click.ClickException) -> str:
    """What is wrong with a command line, where, and how to see what is right."""
    asked = error.ctx if isinstance(error, click.UsageError) else None
    if asked and asked.command.name in ENGLISH:
        return f"{error.format_message().rstrip('.')}. '{asked.command_path} --help' shows how."
    sentence = _sentence(error)
    end = "" if sentence.endswith("?") else "."
    return f"{sentence}{end}{f' « {asked.command_path} --help » montre comment.' if asked else ''}"


def _sentence(error: click.ClickException) -> str:
    match error:
        case click.MissingParameter(param=param, param_type=kind):
            named = param.get_error_hint(error.ctx) if param else ""
            kind = kind or (param.param_type_name if param else "")
            return f"il manque {_KINDS.get(kind, 'un mot')} {named}".rstrip()
        case click.NoSuchOption(option_name=name, possibilities=near):
            return f"l’option {name} n’existe pas{_near(near)}"
        case click.NoSuchCommand(command_name=name, possibilities=near):
            return f"la commande « {name} » n’existe pas{_near(near)}"
        case click.BadParameter(param=param) if param is not None:
            return f"{param.get_error_hint(error.ctx).replace(chr(39), '')} : {_translated(error.message)}"
        case _:
            return _translated(error.message)


def _near(words: Any) -> str:  # noqa: ANN401 -- Click gives a list, or nothing
    return f" : est-ce {' ou '.join(words)} ?" if words else ""


def _translated(message: str) -> str:
    for pattern, french in _SENTENCES:
        found = re.fullmatch(pattern, message)
        if found:
            return french.format(*found.groups())
    return message.rstrip(".")
