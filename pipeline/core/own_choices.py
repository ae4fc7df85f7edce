"""Choices of a formation’s own: the sectors and types of organisme that its form offers, in the place of ours.

Readers know those of every formation together; a blank, the checks and the papers of one know its own only.
"""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.core.workspace import Workspace

Choices = Mapping[str, Mapping[str, str]]  # path of a field to its values, each with its French
KEY = "choix"


def choices_of(settings: Mapping[str, Any]) -> Choices:
    """What the ``[formulaire.choix]`` of a ``formation.toml`` says."""
    found = settings.get("formulaire", {}).get(KEY, {})
    return found if isinstance(found, Mapping) else {}


def all_choices(workspace: Workspace) -> Iterator[Choices]:
    """Those of every formation of a workspace; what cannot be read of one is for its own loading to say."""
    for path in workspace.models("*/formation.toml"):
        try:
            text = path.read_text(encoding="utf-8-sig")
            found = choices_of(tomllib.loads(text)) if KEY in text else {}
        except (OSError, ValueError):
            continue
        if found:
            yield found


def with_choices(schema: Mapping[str, Any], choices: Choices, *, also: bool = False) -> dict[str, Any]:
    """The schema with the values of these fields; with ``also``, beside those that it has.

    A path that the schema does not have is left alone: the inspection of its formation tells of it.
    """
    own = copy.deepcopy(dict(schema))
    for path, options in choices.items():
        node: Any = own
        for name in path.split("."):
            node = node.get("properties", {}).get(name, {})
        if "x-options" in node and isinstance(options, Mapping):
            whole = {**options, **node["x-options"]} if also else dict(options)
            node["x-options"], node["enum"] = whole, list(whole)
    return own
