"""The README tells the truth: its output is the real one, its commands exist, its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from make_readme import PICTURE, README, ROOT, page_shown, run_samples, serve_demo, shown

from pipeline.cli.main import cli
from pipeline.core.formation import formation_codes, load_formation
from pipeline.core.workspace import Workspace


def test_the_output_shown_is_the_real_one(tmp_path: Path) -> None:
    """The table on the first screen is what the samples print today, to the letter; exit code 1: two wait."""
    output, code = run_samples(tmp_path / "outbox")

    assert code == 1
    assert shown() == output


def test_the_page_is_served_as_shown() -> None:
    """One command, and the account that it tells; only the password is another each time."""
    assert page_shown() == serve_demo()


def test_every_command_shown_exists() -> None:
    """Each ``liasse …`` line of the README names a command with options that it has."""
    commands = re.findall(r"^\$ liasse (\w+)(.*?)(?:\s{2,}#.*)?$", README.read_text(encoding="utf-8"), re.MULTILINE)

    assert len(commands) >= 8
    for name, rest in commands:
        command = cli.commands[name]
        if isinstance(command, click.Group):
            command = command.commands[rest.split()[0]]
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[\w-]+", rest)) <= known


def test_every_command_is_shown_and_has_an_example_or_a_plain_use() -> None:
    """No command is left out of the README, and each says in its help what it does."""
    text = README.read_text(encoding="utf-8")
    for name, command in cli.commands.items():
        inside = command.commands.items() if isinstance(command, click.Group) else ()
        for said, one in ((name, command), *((f"{name} {other}", one) for other, one in inside)):
            assert f"liasse {said}" in text
            assert isinstance(one, click.Command)
            assert one.help


def test_every_link_and_picture_is_there() -> None:
    """Relative links lead to files of the repository."""
    text = README.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:]+)\)", text) + re.findall(r'src="([^"]+)"', text)

    assert PICTURE.relative_to(ROOT).as_posix() in links
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("code", formation_codes(Workspace.at(ROOT)))
def test_the_glossary_has_every_signataire(code: str) -> None:
    """Each role that signs is a word of the table."""
    table = README.read_text(encoding="utf-8").split("## The words")[1].split("## The house")[0]
    roles = {item["role"] for item in load_formation(Workspace.at(ROOT), code).settings["signataires"]}

    assert [role for role in roles if f"`{role}`" not in table] == []
