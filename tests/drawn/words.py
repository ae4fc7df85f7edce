"""Vocabulary of drawn forms: the labels that may ask a field, and the other words a school prints."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SCHEMAS = HERE.parent.parent / "schemas"


@cache
def words() -> dict[str, Any]:
    """The tables of ``words.toml``."""
    return tomllib.loads((HERE / "words.toml").read_text(encoding="utf-8"))


@cache
def labels(path: str) -> tuple[str, ...]:
    """Every label that may ask this field: ours, the schema's, those of ``libelles.toml``; sorted, each once."""
    own = words()["labels"]
    unfit = words()["unfit"].get(path, [])
    ours = own.get(path) or own.get(f".{path.rsplit('.', 1)[-1]}", [])
    theirs = [] if "*" in unfit else [label for label in _synonyms(path) if label not in unfit]
    return tuple(sorted({*ours, *(label[0].upper() + label[1:] for label in theirs)}))


def _synonyms(path: str) -> list[str]:
    lexicon = _libelles()
    return [*_schema_labels(path), *lexicon.get(path, []), *lexicon.get(f".{path.rsplit('.', 1)[-1]}", [])]


@cache
def _libelles() -> dict[str, list[str]]:
    return tomllib.loads((SCHEMAS / "libelles.toml").read_text(encoding="utf-8"))["libelles"]


@cache
def _schema_labels(path: str) -> tuple[str, ...]:
    node = json.loads((SCHEMAS / "formulaire.schema.json").read_text(encoding="utf-8"))
    for name in path.split("."):
        node = node.get("properties", {}).get(name, {})
    return tuple(node.get("x-libelles", ()))
