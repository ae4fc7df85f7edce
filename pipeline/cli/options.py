"""Shared command-line options."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

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
            self.fail(f"{value!r} is not a date: write it YYYY-MM-DD.", param, ctx)


def workspace_option(command: Command) -> Command:
    """``--workspace DIR``, given to the command as ``root``."""
    return click.option(
        "--workspace",
        "root",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=Path(),
        help="The folder with templates/, schemas/, inbox/ and outbox/ (default: here).",
    )(command)


def today_option(command: Command) -> Command:
    """``--today DATE``."""
    return click.option(
        "--today",
        type=Day(),
        default=dt.date.today,
        metavar="DATE",
        help="Replay a day, such as 2025-03-17: a session in the past, a test.",
    )(command)


def json_option(command: Command) -> Command:
    """``--json``, given to the command as ``as_json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")(command)


def by_option(what: str) -> Callable[[Command], Command]:
    """``--by WHO``, always asked for."""
    return click.option("--by", required=True, help=what)


def reason_option(command: Command) -> Command:
    """``--reason WHY``, always asked for."""
    return click.option("--reason", required=True, help="Why, without a student's name.")(command)
