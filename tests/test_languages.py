"""One language for one reader: the scolarité's commands speak French, the operators' English."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from pipeline.cli import french_frame
from pipeline.cli.french_frame import ENGLISH
from pipeline.cli.main import cli

_FRENCH = re.compile(r"[àâçéèêëîïôùûœ«»’]|\b(?:le|la|les|une|des|sinon|pour|dans|sans)\b", re.IGNORECASE)
_OTHER = re.compile(r"\b(?:the|this|and exit|required|default|usage: |options:)\b")


def spoken(command: click.Command, *names: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each command and sub-command by its words, with its page of help."""
    yield names, CliRunner().invoke(cli, [*names, "--help"]).output
    if isinstance(command, click.Group) and names:
        for name, inner in command.commands.items():
            yield from spoken(inner, *names, name)


PAGES = dict(page for name, command in sorted(cli.commands.items()) for page in spoken(command, name))


def test_both_readers_are_there() -> None:
    """No name of ``ENGLISH`` is of a command that was renamed."""
    assert set(cli.commands) > ENGLISH


@pytest.mark.parametrize("names", PAGES, ids=" ".join)
def test_a_page_of_help_is_in_one_language(names: tuple[str, ...]) -> None:
    """Also where an option is shared by all commands."""
    page = re.sub(r"(?:Exemple?|Example)[ :].*", "", PAGES[names])
    other = _FRENCH if names[0] in ENGLISH else _OTHER
    assert not other.search(page), other.search(page)


@pytest.mark.parametrize("name", sorted(ENGLISH))
@pytest.mark.parametrize("typed", [["--zz"], ["--workspace", "/nowhere"], ["--today", "x"], ["--json=x"]])
def test_a_mistyped_command_of_an_operator_is_told_in_english(name: str, typed: list[str]) -> None:
    """What is wrong, and how to see what is right."""
    with pytest.raises(click.UsageError) as raised:
        cli.main([name, *typed], standalone_mode=False)

    told = french_frame.said(raised.value)
    assert told.endswith(f"{name} --help' shows how.")
    assert not _FRENCH.search(told)


def test_a_mistyped_command_of_the_scolarite_is_told_in_french() -> None:
    """The same error."""
    with pytest.raises(click.UsageError) as raised:
        cli.main(["status", "--before", "x"], standalone_mode=False)

    assert french_frame.said(raised.value).startswith(
        "--before : « x » n’est pas une date : écrivez AAAA-MM-JJ, par exemple 2025-03-17."
    )
