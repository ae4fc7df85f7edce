"""Kinds of our own blanks: the formulaire préalable, and the papers of a dossier's life, with the fields of each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

KEY = "x-papiers"  # of the schema: the fields that only these papers ask
TABLE = "x-tableau"  # of an object: its fields are rows of a table, in so many columns side by side
_REPEATED = "x-repete"  # of an object: how many rows it has, each with its properties


class PaperForm(StrEnum):
    """What one of our blanks is; its value stands in the mark of every blank but the formulaire."""

    FORMULAIRE = "formulaire"
    MODIFICATION = "modification"
    EVALUATION = "evaluation"
    QUESTIONNAIRE = "questionnaire"
    EMARGEMENT = "emargement"


OF_A_DOSSIER = tuple(paper for paper in PaperForm if paper is not PaperForm.FORMULAIRE)


def paper_of(layout: str | None) -> PaperForm:
    """The paper that a layout's id says; a form that nothing describes is taken for a formulaire."""
    last = (layout or "").rpartition("/")[2]
    own = (layout or "").count("/") == 2 and last in set(PaperForm)
    return PaperForm(last) if own else PaperForm.FORMULAIRE


def with_papers(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema with the fields of the papers before those of the record."""
    added = {name: _whole(spec) for name, spec in schema.get(KEY, {}).get("properties", {}).items()}
    return {**schema, "properties": {**added, **schema["properties"]}}


def _whole(spec: Mapping[str, Any]) -> dict[str, Any]:
    """An object with its repeated rows written out: « j01 » to « j31 »."""
    if "properties" not in spec:
        return dict(spec)
    inner = {name: _whole(one) for name, one in spec["properties"].items()}
    if _REPEATED in spec:
        rows = range(1, spec[_REPEATED] + 1)
        inner = {f"j{n:02d}": {"title": str(n), "type": "object", "properties": inner} for n in rows}
    return {**spec, "properties": inner}


def tables(node: Mapping[str, Any], prefix: str = "") -> dict[str, int]:
    """Path of each object whose fields are rows of a table, to how many columns stand side by side."""
    found: dict[str, int] = {}
    for name, spec in node.get("properties", {}).items():
        if TABLE in spec:
            found[f"{prefix}{name}"] = spec[TABLE]
        elif "properties" in spec:
            found |= tables(spec, f"{prefix}{name}.")
    return found
