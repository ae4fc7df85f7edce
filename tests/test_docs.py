"""The French pages say what the schema says."""

from __future__ import annotations

import re
from dataclasses import asdict

from make_docs import ROOT, shown, table

from pipeline.settings import Settings


def test_the_table_of_fields_is_the_schema() -> None:
    """Every field of the schema, with its title and kind: ``make readme`` writes it again."""
    assert shown() == table()


def test_every_setting_is_explained_with_its_default() -> None:
    """The table of docs/exploitation.md has each key of liasse.toml, and the value that holds without it."""
    text = (ROOT / "docs" / "exploitation.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\|[^|]*\| `(\w+)` \| ([\d.]+) \|", text, re.MULTILINE)
    settings = [(name, str(value)) for part in asdict(Settings()).values() for name, value in part.items()]

    assert explained == settings
