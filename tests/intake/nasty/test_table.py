"""The table of ``README.md``: all thirty inputs are there, and every test that it names exists."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
TABLE = (HERE / "README.md").read_text(encoding="utf-8")


def test_all_thirty_inputs_have_a_line() -> None:
    """None is forgotten."""
    assert sorted({int(number) for number in re.findall(r"^\| (\d+) \|", TABLE, re.MULTILINE)}) == [*range(1, 31)]


def test_every_test_named_exists() -> None:
    """A test that is renamed or removed takes its line with it."""
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", TABLE)
    missing = [name for file, name in named if f"def {name}(" not in (HERE.parent / file).read_text(encoding="utf-8")]

    assert (len(named) >= 30, missing) == (True, [])


def test_every_nasty_test_is_in_the_table() -> None:
    """And none of these tests is left out of it."""
    written = {
        name for file in HERE.glob("test_nasty_*.py") for name in re.findall(r"def (test_n\d\w+)\(", file.read_text())
    }

    assert written - set(re.findall(r"::(\w+)`", TABLE)) == set()
