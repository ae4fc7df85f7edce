"""A terminal window: real commands run in a pseudo-terminal of so many columns, and what stays on the screen."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import shlex
import struct
import sys
import termios
from dataclasses import dataclass
from pathlib import Path

import click

from pipeline.cli.main import cli
from pipeline.core.workspace import SCHOOL

_CONTROL = re.compile(r"\x1b\[([?\d;]*)([A-Za-z])")
_ROWS = 24
ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Screen:
    """What a command left on the screen: its lines, each whole as it would be copied, and its exit code."""

    typed: str
    columns: int
    lines: tuple[str, ...]
    code: int

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(self.lines)

    @property
    def commands(self) -> tuple[str, ...]:
        """The commands that the screen suggests: each alone on its line."""
        return tuple(line.strip() for line in self.lines if line.strip().startswith("liasse "))

    @property
    def rows(self) -> tuple[str, ...]:
        """What is seen: a line that is longer than the window goes on below."""
        width = self.columns
        cut = (line[at : at + width] for line in self.lines for at in range(0, max(len(line), 1), width))
        return tuple(row.rstrip() for row in cut)


def in_window(typed: str, place: Path, *, columns: int, day: str) -> Screen:
    """Type one ``liasse …`` line in a window, in the folder ``place``, on a day that is replayed."""
    words = shlex.split(typed)
    assert words[0] == "liasse", typed
    process, window = pty.fork()
    if process == 0:
        os.chdir(place)
        environment = {
            **os.environ,
            "TERM": "xterm-256color",
            SCHOOL: str(ROOT / "tests" / "samples" / "etablissement"),
        }
        environment = {
            name: value for name, value in environment.items() if name not in {"COLUMNS", "LINES", "LIASSE_PAR"}
        }
        replayed = ["--today", day] if _replays(words[1:]) else []
        os.execve(sys.executable, [sys.executable, "-m", "pipeline", *words[1:], *replayed], environment)  # noqa: S606
    fcntl.ioctl(window, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, columns, 0, 0))
    shown = bytearray()
    while part := _read(window):
        shown += part
    os.close(window)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    return Screen(typed, columns, tuple(_drawn(shown.decode())), code)


def _read(window: int) -> bytes:
    try:
        return os.read(window, 1 << 16)
    except OSError:  # the other side has closed
        return b""


def _replays(words: list[str]) -> bool:
    command: click.Command = cli
    for word in words:
        if not isinstance(command, click.Group):
            break
        command = command.commands[word]
    return any(parameter.name == "today" for parameter in command.params)


def _drawn(shown: str) -> list[str]:
    """The lines that are left once every control was obeyed: a bar that was drawn again and again stands once."""
    lines, row, column, at = [""], 0, 0, 0
    while at < len(shown):
        control = _CONTROL.match(shown, at)
        if control:
            at = control.end()
            number = int(control[1]) if control[1].isdecimal() else 1
            if control[2] == "A":
                row = max(0, row - number)
            elif control[2] == "K":
                lines[row] = "" if control[1] == "2" else lines[row][:column]
            continue
        char = shown[at]
        at += 1
        if char == "\n":
            row += 1
            lines += [""] * (row == len(lines))
        elif char == "\r":
            column = 0
        else:
            lines[row] = lines[row][:column].ljust(column) + char + lines[row][column + 1 :]
            column += 1
    while lines and not lines[-1].strip():
        lines.pop()
    return [line.rstrip() for line in lines]
