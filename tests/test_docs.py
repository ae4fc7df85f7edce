"""The French pages say what the schema and the code say."""

from __future__ import annotations

import re
from dataclasses import asdict

import pytest
from make_docs import BLOCKS, ROOT, shown

from pipeline.core.settings import Settings


@pytest.mark.parametrize("block", list(BLOCKS))
def test_a_page_shows_what_the_code_knows(block: str) -> None:
    """Every field of the schema, every rule of the cohort: ``make readme`` writes them again."""
    _, write = BLOCKS[block]

    assert shown(block) == write()


def test_every_setting_is_explained_with_its_default() -> None:
    """The table of docs/exploitation.md has each key of liasse.toml, and the value that holds without it."""
    text = (ROOT / "docs" / "exploitation.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\|[^|]*\| `(\w+)` \| ([\d.]+|vide|#\w+) \|", text, re.MULTILINE)
    settings = [(name, str(value or "vide")) for part in asdict(Settings()).values() for name, value in part.items()]

    assert explained == settings
