"""Shared command-line options."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from pipeline.core.settings import Settings
from pipeline.core.workspace import Workspace

Command = TypeVar("Command", bound=Callable[..., Any])


class Day(click.ParamType[dt.date]):
    """A day of the command line."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """An ISO date; anything else is a usage error."""
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"'{value}' is not a date: write YYYY-MM-DD, for example 2025-03-17.", param, ctx)


def workspace_option(command: Command) -> Command:
    """``--workspace DIR``, given to the command as ``root``."""
    return click.option(
        "--workspace",
        "root",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=Path(),
        is_eager=True,
        help="Le dossier qui contient templates/, schemas/, inbox/ et outbox/ (sinon : ici).",
    )(command)


def today_option(command: Command) -> Command:
    """``--today DATE``."""
    return click.option(
        "--today",
        type=Day(),
        default=dt.date.today,
        metavar="DATE",
        help="Rejouer un jour, par exemple 2025-03-17 : une session passée, un essai.",
    )(command)


def json_option(command: Command) -> Command:
    """``--json``, given to the command as ``as_json``."""
    return click.option("--json", "as_json", is_flag=True, help="Écrire du JSON au lieu d’un tableau.")(command)


def by_option(what: str, *, unless: str = "") -> Callable[[Command], Command]:
    """``--by WHO``: else the name in ``LIASSE_PAR``, else the one of ``[decisions] par`` in ``liasse.toml``.

    With the option ``unless`` (``is_eager``), which may name somebody itself, nobody has to be named.
    """

    def named(ctx: click.Context, _: click.Parameter, value: str | None) -> str:
        root = ctx.params.get("root") or Path()  # ``--workspace`` is read first (``is_eager``)
        name = value if value is not None else Settings.load(Workspace.at(root)).decisions.par
        if name or (unless and ctx.params.get(unless)):
            return name
        raise click.UsageError(
            "Dites qui décide : --by « F. GARÇON », ou donnez ce nom une fois pour toutes par la variable "
            "LIASSE_PAR ou par la clé « par » de [decisions] dans liasse.toml.",
            ctx,
        )

    return click.option("--by", envvar="LIASSE_PAR", callback=named, metavar="NOM", help=what)


def reason_option(command: Command) -> Command:
    """``--reason WHY``, always asked for."""
    return click.option("--reason", required=True, metavar="MOTIF", help="Pourquoi, sans nom d’étudiant.")(command)
